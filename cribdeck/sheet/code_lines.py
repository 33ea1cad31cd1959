"""Code blocks for paper: lines that wrap, and hang where they do."""

import re

from markupsafe import Markup

_PRE = re.compile(r'<pre class="code"><code>(.*?)</code></pre>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LONG_LINE = 40
_SHORT_BLOCK = 24
"""Lines. A block up to this is kept on one page."""


def for_paper(html: Markup) -> Markup:
    """The same HTML, of our own making, with each line of code as a block of its own, that hangs where it wraps."""
    return Markup(_PRE.sub(lambda found: _block(found[1]), html))  # noqa: S704 — was safe, lines became spans


def _block(code: str) -> str:
    lines = code.split("\n")
    size = "short" if len(lines) <= _SHORT_BLOCK else "long"
    inside = "".join(f'<span class="line">{_breakable(line)}\n</span>' for line in lines)
    return f'<pre class="code {size}"><code>{inside}</code></pre>'


def _breakable(line: str) -> str:
    """Let a long line break where two tokens meet."""
    if len(line) <= _LONG_LINE or len(_TAG.sub("", line)) <= _LONG_LINE:
        return line
    return re.sub(r"(</span>)(?=[^\s])|(?<=[^\s>])(?=<span)", r"\1<wbr>", line)
