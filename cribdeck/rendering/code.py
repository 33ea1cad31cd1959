"""Code blocks with their colours."""

import functools
from collections.abc import Mapping

from markupsafe import escape

_ALIASES = {"asp": "text", "js": "javascript", "jsonc": "json", "sh": "bash", "shell": "bash", "c#": "csharp",
            "node": "javascript", "vue": "html", "jsx": "jsx", "golang": "go", "py": "python", "yml": "yaml",
            "plain": "text", "txt": "text", "hql": "sql", "hive": "sql", "flinksql": "sql"}  # fmt: skip
_LONGEST = 100_000
"""Characters. Longer code is shown without colours: lexers are slow on it, and nobody learns it."""


def language_of(info: str, names: Mapping[str, str]) -> str:
    """The language that a fence's info string names (`java {1,3}`, `language-js`, `C++ title=x`), in lower case."""
    words = info.replace(",", " ").replace("{", " {").split()
    name = words[0].strip("{}.`").lower().removeprefix("language-").removeprefix("lang-") if words else ""
    return names.get(name, _ALIASES.get(name, name))


def highlight(code: str, language: str) -> str:
    """Code as HTML: spans with Pygments' short class names, or plain text where the language is not known."""
    lexer = _lexer(language) if language and len(code) <= _LONGEST else None
    if lexer is None:
        return str(escape(code))
    from pygments import highlight as pygments_highlight

    return str(pygments_highlight(code, lexer, _formatter())).rstrip("\n")


@functools.cache
def _lexer(language: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 — Pygments is loaded only when there is code
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@functools.cache
def _formatter():  # type: ignore[no-untyped-def]  # noqa: ANN202
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)
