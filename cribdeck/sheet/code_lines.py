"""Code blocks for paper: lines that wrap, and hang where they do."""

import re

from markupsafe import Markup

_PRE = re.compile(r'<pre class="code"><code>(.*?)</code></pre>', re.DOTALL)
_SPAN = re.compile(r'<span class="([^"]*)">([^<]*)</span>')
_TAG = re.compile(r"<[^>]*>")
_LONG_LINE = 40
_SHORT_BLOCK = 24
"""Lines. A block up to this is kept on one page."""


def for_paper(html: Markup, coloured: frozenset[str]) -> Markup:
    """The same HTML with each line of code as a block of its own, that hangs where it wraps.

    Args:
        html: Of our own making.
        coloured: The classes of tokens that the theme gives a style. Spans with others are taken off: they cost
            layout three times over, and text does not wrap between two of them (WeasyPrint 70.0).
    """
    return Markup(_PRE.sub(lambda found: _block(found[1], coloured), html))  # noqa: S704 — was safe, spans only went


def _block(code: str, coloured: frozenset[str]) -> str:
    code = _SPAN.sub(lambda found: found[0] if found[1] in coloured else found[2], code)
    lines = code.split("\n")
    size = "short" if len(lines) <= _SHORT_BLOCK else "long"
    inside = "".join(f'<span class="line">{_breakable(line)}\n</span>' for line in lines)
    return f'<pre class="code {size}"><code>{inside}</code></pre>'


def _breakable(line: str) -> str:
    """Let a long line break where two tokens meet."""
    if len(line) <= _LONG_LINE or len(_TAG.sub("", line)) <= _LONG_LINE:
        return line
    return re.sub(r"(</span>)(?=[^\s])|(?<=[^\s>])(?=<span)", r"\1<wbr>", line)


def token_classes(css: str) -> frozenset[str]:
    """The short class names that a style sheet has rules for; Pygments' have up to three letters."""
    return frozenset(re.findall(r"\.([a-z][a-z0-9]{0,2})(?=[\s,{:])", css))
