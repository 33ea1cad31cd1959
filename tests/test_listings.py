"""Code that is kept apart from its card, and the shortcuts around it, held against what they stand for."""

import re
import sys
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cribdeck.deck.fields import _UNCLEAN, clean, field_text, is_clean, listing_text
from cribdeck.rendering import Listing, Listings, Templates, sanitize
from cribdeck.rendering import languages as marking
from cribdeck.rendering.code import highlight
from cribdeck.rendering.languages import with_languages
from cribdeck.rendering.templates import shipped_templates
from cribdeck.settings import Settings
from tests.deck.conftest import Workshop

CODE = (
    "int a = 1;", "\n", "\t", " ", "// 注释", "e\u0301", "\u0338", "=\u0338", "<", ">", "&", '"', "'", "\\href{x}",
    "\\n", "\\style", "[sound:x.mp3]", "[type:", "[", "]", "[latex]", "[$]", "[anki:tts]", "\x00",
    "\x0c", "\x1f", "\x85", "\ud83d", "\xa0", "\u200b", "가", "\u1100\u1161", "{{c1::", "def f():", "#", "'''",
)  # fmt: skip
TEXT = (
    "at", "Least", "once ", " ", ",", ", ", "vs", "状态", "，", "<b>", "</b>", "<code>", "</code>", "<pre>",
    '<img alt="one of the">', "</pre>", "\\(", "\\)", "\\[", "\\]", "it's", "’", "-", "é", "<", "3",
)  # fmt: skip
NOTE = """# 题 [[二]]
文字 `x` at least once a day

- 一项

  ```java
  int a = 1; // at least once a day
  ```

| a | b |
|---|---|
| `c` | <pre data-cd-code="0"></pre> |

> [!NOTE]
> ```
> [sound:x.mp3] \\href{y}
> ```

<pre class="code"><code>raw</code></pre>

# 二 {.reverse}
甲

```python
x = "\\style"
```

# A vs B
## A
```go
ch <- 1
```
## B
==词==：{{x}}

```cpp
std::map
```
"""


def whole(html: str) -> str:
    return f'<pre class="code"><code>{html}</code></pre>'


@given(st.lists(st.sampled_from(CODE)).map("".join) | st.text(), st.sampled_from(["java", "python", "", "latex"]))
@example("\u0338", "java")
@example("a\u0338", "java")
def test_code_that_is_kept_apart_is_cleaned_as_if_it_stood_in_the_field(code: str, language: str) -> None:
    html = highlight(code, language)

    assert whole(listing_text(Listing(code, html))) == field_text(whole(html))


def test_clean_text_is_known_by_each_of_its_characters() -> None:
    every = [chr(at) for at in range(sys.maxunicode + 1)]

    assert [char for char in every if is_clean(char) == bool(_UNCLEAN.search(char))] == []
    assert clean("".join(every)) == "".join(map(clean, every))


@given(st.lists(st.sampled_from(TEXT)).map("".join), st.sampled_from(["zh-CN", "en"]))
@example("a at  least, once b", "zh-CN")
def test_phrases_are_found_as_by_a_look_at_every_word(html: str, language: str) -> None:
    pattern, mark = {
        "zh-CN": (marking._IN_CHINESE, marking._english),
        "en": (marking._IN_ENGLISH, marking._chinese),
    }[language]

    assert with_languages(html, language) == pattern.sub(mark, html)


TAGS = ("<", "</", ">", "p", "P", "pre", "tr", "track", "li", "col", "B", "b", "-", "1", " ", "\u017f", "\u212a", '"')


@given(st.lists(st.sampled_from(TAGS)).map("".join))
@example("<p><pre></P><tr-x><col><col1><li/>")
def test_tags_that_nest_are_told_from_others_by_their_whole_name(html: str) -> None:
    every = re.finditer(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>", html)
    shallow = sanitize._SHALLOW.split("|")

    assert [found.groups() for found in sanitize._DEEP_TAG.finditer(html)] == [
        found.groups() for found in every if found[2].lower() not in shallow
    ]


def test_a_listing_is_put_where_its_mark_stands_with_the_attributes_that_it_got() -> None:
    listings = Listings()
    first, second = listings.keep(Listing("a<", "a&lt;")), listings.keep(Listing("b", "<b>"))
    unknown = second.replace("1", "2")

    assert listings.put_into(f"x{second}y{first}{unknown}") == f"x{whole('<b>')}y{whole('a&lt;')}"
    assert listings.put_into(first.replace("<pre", '<pre tabindex="0"'), lambda listing: listing.code) == (
        '<pre class="code" tabindex="0"><code>a<</code></pre>'
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cards_are_the_same_where_code_is_never_apart(tmp_path: Path, language: Literal["zh", "en"]) -> None:
    workshop = Workshop(tmp_path / "notes", Settings(language=language))
    workshop.write({"a.md": NOTE})
    apart = workshop.deck()
    # Templates of one's own see all of the code.
    own = {name: Templates().text(name) for name in ("answer.html", "comparison.html")}
    workshop.restyle(tmp_path / "mine", own)
    at_once = workshop.deck()

    assert Templates().folders == (shipped_templates(),)
    assert not workshop.templates.are_shipped(*own)
    assert [note.fields for note in apart.notes] == [note.fields for note in at_once.notes]
    assert sum(note.fields[2].count('<pre class="code" tabindex="0"') for note in apart.notes) >= 4


def test_a_template_of_ones_own_may_change_code(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "notes")
    workshop.write({"a.md": "# q\n```\nx\n```\n"})
    workshop.restyle(tmp_path / "mine", {"answer.html": "{{ body|replace('x', 'y') }}"})

    (note,) = workshop.deck().notes

    assert ">y</code></pre>" in note.fields[2]
