"""Code blocks with their colours."""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import escape

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

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
def highlight(code: str, language: str) -> str:
    """Code as HTML: spans with Pygments' short class names, or plain text where the language is not known.

    Remembered, as a block stands on more than one card, and in the preview and on the sheet as well.
    """
    lexer = _lexer_for(code, language) if language and len(code) <= _LONGEST and not _has_run(code) else None
    if lexer and (lexer.aliases[0] in _ENDLESS or (lexer.aliases[0] in _SLOW_ON_WORDS and _WORDS.search(code))):
        lexer = None
    try:
        return str(escape(code)) if lexer is None else _coloured(code, lexer)
    except Exception:  # noqa: BLE001 — X++ in X++ in X++: a lexer that stumbles costs the colours and nothing else
        return str(escape(code))


def _has_run(code: str) -> bool:
    """Whether blanks or letters run on as they do in no code; lexers take the square of that, or more."""
    return len(code) >= _BLANKS and (
        max(map(len, code.split()), default=0) >= _LETTERS or bool(_BLANK_RUN.search(code))
    )


def _coloured(code: str, lexer: "Lexer") -> str:
    from cribdeck.rendering.lexing import tokens_of

    return _html(tokens_of(lexer, code)).rstrip("\n")


def _lexer_for(code: str, language: str) -> "Lexer | None":
    from cribdeck.rendering.patterns import is_common

    return _lexer(language, common=is_common(code))


@functools.cache
def _lexer(language: str, *, common: bool) -> "Lexer | None":
    from pygments.lexers import find_lexer_class_by_name  # loaded only when there is code
    from pygments.util import ClassNotFound

    from cribdeck.rendering.lexing import quick

    try:
        return quick(find_lexer_class_by_name(language), common=common)(stripnl=False)
    except ClassNotFound:
        return None


@functools.cache
def _formatter() -> "HtmlFormatter[str]":
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)


class _Openings(dict[Any, str]):
    """By a token's type the tag that opens its span; "" where it has no class."""

    def __missing__(self, kind: Any) -> str:
        from pygments import format as formatted

        return self.setdefault(kind, formatted([(kind, "|")], _formatter()).partition("|")[0])


_OPENINGS = _Openings()


def _html(tokens: Iterable[tuple[int, Any, str]]) -> str:
    """Tokens as Pygments' `HtmlFormatter` writes them: no span crosses a line, neighbours of one class share theirs."""
    pieces: list[str] = []
    within = ""  # the opening of the span that is open
    for _, kind, plain in tokens:
        opening = _OPENINGS[kind]
        text = plain
        if "&" in plain or "<" in plain or ">" in plain:
            text = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if "\n" in text:
            first, *others = text.split("\n")
            if first:
                pieces += (first,) if opening == within else ("</span>" if within else "", opening, first)
                within = opening
            for line in others:
                pieces.append("</span>\n" if within else "\n")
                within = opening if line else ""
                if line:
                    pieces += (opening, line)
        elif opening == within:
            pieces.append(text)
        elif text:
            pieces += ("</span>", opening, text) if within else (opening, text)
            within = opening
    return "".join([*pieces, "</span>" if within else ""])
