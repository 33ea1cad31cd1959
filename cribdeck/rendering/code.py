"""Code blocks with their colours."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

    from cribdeck.rendering.lexing import Classes, Span

_ALIASES = {"asp": "text", "js": "javascript", "jsonc": "json", "sh": "bash", "shell": "bash", "c#": "csharp",
            "node": "javascript", "vue": "html", "jsx": "jsx", "golang": "go", "py": "python", "yml": "yaml",
            "plain": "text", "txt": "text", "hql": "sql", "hive": "sql", "flinksql": "sql"}  # fmt: skip
_LONGEST = 100_000
"""Characters. Longer code is shown without colours: lexers are slow on it, and nobody learns it."""
_BLANKS, _LETTERS = 200, 500
_BLANK_RUN = re.compile(rf"\s{{{_BLANKS}}}")
_WORDS = re.compile(r"(?<!\w)(?:\w+\s+){60}")
_SLOW_ON_WORDS = frozenset({"csharp", "nemerle", "xpp"})
"""Lexers of Pygments (2.21) that take the cube of the words in a row; a dozen take that of blanks or letters in a row,
found by timing all 597 on repetitions. No code has such runs."""
_ENDLESS = frozenset({"mcschema"})
"""On a comment that is not closed its patterns never come to an end."""


def language_of(info: str, names: Mapping[str, str]) -> str:
    """The language that a fence's info string names (`java {1,3}`, `language-js`, `C++ title=x`), in lower case."""
    words = info.replace(",", " ").replace("{", " {").split()
    name = words[0].strip("{}.`").lower().removeprefix("language-").removeprefix("lang-") if words else ""
    return names.get(name, _ALIASES.get(name, name))


@functools.lru_cache(maxsize=16_384)
def highlight(code: str, language: str, shown: frozenset[str] | None = None) -> str:
    """Code as HTML: spans with Pygments' short class names, or plain text where the language is not known.

    Remembered, as a block stands on more than one card, and in the preview and on the sheet as well.

    Args:
        code: Any text.
        language: A name that Pygments knows it by.
        shown: The classes that style sheets have rules for: others are not written. None for all.
    """
    lexer = _lexer_for(code, language, shown) if language and len(code) <= _LONGEST and not _has_run(code) else None
    if lexer and (lexer.aliases[0] in _ENDLESS or (lexer.aliases[0] in _SLOW_ON_WORDS and _WORDS.search(code))):
        lexer = None
    try:
        return _escaped(code) if lexer is None else _coloured(code, lexer, shown)
    except Exception:  # noqa: BLE001 — X++ in X++ in X++: a lexer that stumbles costs the colours and nothing else
        return _escaped(code)


def _has_run(code: str) -> bool:
    """Whether blanks or letters run on as they do in no code; lexers take the square of that, or more."""
    return len(code) >= _BLANKS and (
        max(map(len, code.split()), default=0) >= _LETTERS or bool(_BLANK_RUN.search(code))
    )


def _coloured(code: str, lexer: "Lexer", shown: frozenset[str] | None) -> str:
    from cribdeck.rendering.lexing import spans_of

    return _html(*spans_of(lexer, code, _classes(shown))).rstrip("\n")


def _lexer_for(code: str, language: str, shown: frozenset[str] | None) -> "Lexer | None":
    from cribdeck.rendering.patterns import is_common

    return _lexer(language, shown, common=is_common(code))


@functools.lru_cache(maxsize=256)
def _lexer(language: str, shown: frozenset[str] | None, *, common: bool) -> "Lexer | None":
    from pygments.lexers import find_lexer_class_by_name  # loaded only when there is code
    from pygments.util import ClassNotFound

    from cribdeck.rendering.lexing import quick

    try:
        return quick(find_lexer_class_by_name(language), _classes(shown), common=common)(stripnl=False)
    except ClassNotFound:
        return None


@functools.lru_cache(maxsize=8)
def _classes(shown: frozenset[str] | None) -> "Classes":
    from cribdeck.rendering.lexing import Classes

    return Classes(shown)


def _html(text: str, spans: Iterable["Span"]) -> str:
    """A text as Pygments' `HtmlFormatter` writes it: no span crosses a line, neighbours of one class share theirs."""
    pieces: list[str] = []
    at = 0
    for start, end, names in _shared(spans):
        token = _escaped(text[start:end])
        opening = f'<span class="{names}">'
        if "\n" in token:
            # Lines without text get no span.
            token = token.replace("\n", f"</span>\n{opening}")
            token = f"{opening}{token}</span>".replace(f"{opening}</span>", "")
            pieces += _escaped(text[at:start]), token
        else:
            pieces += _escaped(text[at:start]), opening, token, "</span>"
        at = end
    return "".join([*pieces, _escaped(text[at:])])


def _shared(spans: Iterable["Span"]) -> Iterator["Span"]:
    """Neighbours of one class as one, and none that is empty."""
    start, end, names = 0, 0, ""
    for span in spans:
        if span[0] == end and span[2] == names:
            end = span[1]
        else:
            if start < end:
                yield start, end, names
            start, end, names = span
    if start < end:
        yield start, end, names


def _escaped(text: str) -> str:
    """Text of an element, in which quotes stand for themselves."""
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text
