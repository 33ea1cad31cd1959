"""Formulas as drawings, by ziamath: no TeX and no JavaScript on the user's machine."""

import base64
import functools
import importlib
import math
import re
import warnings
from typing import Any

from markupsafe import Markup, escape

from cribdeck.sheet.fonts import CJK_FAMILIES

_EM = 24.0
"""ziamath's font size, in units of its drawings."""
_VIEW_BOX = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')
_HAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+")
_TEXT_COMMAND = re.compile(r"\\(text|textbf|textrm|mbox|mathrm|mathbf|operatorname)\{([^{}]*)\}")
_CAP_HEIGHT = 0.657
"""Of the letter X in ziamath's font, in ems; it is `_X_WIDTH` wide."""
_X_WIDTH = 0.664
_HAN_SIZE = 0.88
"""Of the size of the Latin letters: Han stands higher than X and reaches below the line."""
_HAN_ROOM = 2.0
_MOST_RUNS = 200
_WORD_SPACE = re.compile(r"(?<!\\)\\ |~")
_MATH_SPACE = r"\;"
_MODULO = re.compile(r"\\bmod(?![A-Za-z])")
_SPACED_MODULO = r"\:\mathrm{mod}\:"
"""The space that TeX gives it; latex2mathml (3.81) gives it none: `a mod M` would read as one word."""


_LONGEST = 2_000
_DEEPEST = 7
"""Levels of nesting. ziamath (0.13) takes two and a half times longer for each: half a second at 8, minutes at 14."""
_NESTING = re.compile(r"\\(?:left|right|begin|end)(?![A-Za-z])|\\.|[{}]", re.DOTALL)
_OPENS = frozenset({"{", r"\left", r"\begin"})
_CLOSES = frozenset({"}", r"\right", r"\end"})


@functools.lru_cache(maxsize=4096)
def draw(source: str, *, display: bool) -> Markup:
    """A formula as a picture that stands on the line, with its source beside it for search and copying.

    What can't be drawn is shown as its source.
    """
    svg = _svg(source, display=display)
    box = _VIEW_BOX.search(svg) if svg else None
    if svg is None or box is None:
        text = Markup('<code class="formula-source">{}</code>').format(source)
    else:
        _, top, width, height = (float(number) for number in box.groups())
        style = f"width:{width / _EM:.3f}em;height:{height / _EM:.3f}em;vertical-align:{-(top + height) / _EM:.3f}em"
        data = base64.b64encode(svg.encode()).decode()
        picture = Markup('<img class="formula" alt="{}" style="{}" src="data:image/svg+xml;base64,{}">')
        text = picture.format(source, style, data) + Markup('<span class="formula-text">{}</span>').format(source)
    return Markup('<span class="formula-line">{}</span>').format(text) if display else text


def _is_deep(source: str) -> bool:
    depth = 0
    for token in _NESTING.findall(source):
        depth += (token in _OPENS) - (token in _CLOSES)
        if depth > _DEEPEST:
            return True
    return False


def _svg(source: str, *, display: bool) -> str | None:
    if len(source) > _LONGEST or _is_deep(source):
        return None
    ziamath: Any = _ziamath()
    latex, runs = _with_stand_ins(_MODULO.sub(lambda _: _SPACED_MODULO, source))
    if len(runs) > _MOST_RUNS:
        return None
    try:
        svg = str(ziamath.Latex(latex, inline=not display).svg())
    except Exception:  # noqa: BLE001 — it raises whatever its parser meets: KeyError, IndexError, its own
        return None
    for number, run in enumerate(runs):
        svg = _put_text(svg, number, run)
    # Width and height repeat the view box, and would now contradict it.
    svg = re.sub(r' width="[^"]*" height="[^"]*"(?= viewBox)', "", svg, count=1)
    return _VIEW_BOX.sub(_with_room, svg, count=1) if runs else svg


def _with_room(box: re.Match[str]) -> str:
    """The view box, higher by what Han needs above and below the Xs."""
    left, top, width, height = (float(number) for number in box.groups())
    return f'viewBox="{left} {top - _HAN_ROOM} {width} {height + 2 * _HAN_ROOM}"'


def _with_stand_ins(source: str) -> tuple[str, list[str]]:
    """The formula with Xs of a colour of their own for each run of Han, and the runs.

    ziamath's fonts have no Han, and it draws boxes for them without a word; where the Xs come out is where the text
    belongs. Spaces of text become spaces of mathematics: ziamath (0.13) joins a space to the letter before it, which
    then loses its colour and would stay as an X.
    """
    runs: list[str] = []

    def stand_in(run: str) -> str:
        runs.append(run)
        letters = "X" * math.ceil(len(run) / _X_WIDTH)
        return rf"\textcolor{{{_colour(len(runs) - 1)}}}{{\mathrm{{{letters}}}}}"

    def take_apart(found: re.Match[str]) -> str:
        parts = re.split(rf"({_HAN.pattern}|\s+)", found[2])
        return "".join(
            _MATH_SPACE if part.isspace() else stand_in(part) if at % 2 else rf"\{found[1]}{{{part}}}"
            for at, part in enumerate(parts)
            if part
        )

    if not _HAN.search(source):
        return source, runs
    source = _TEXT_COMMAND.sub(take_apart, source)
    return _WORD_SPACE.sub(lambda _: _MATH_SPACE, _HAN.sub(lambda found: stand_in(found[0]), source)), runs


def _colour(number: int) -> str:
    return f"#0102{number + 1:02x}"


def _put_text(svg: str, number: int, run: str) -> str:
    """The drawing with a run's Xs replaced by its text, in the same size and place."""
    pattern = re.compile(rf'<path d="([^"]*)"[^>]*fill="{_colour(number)}"[^>]*/>')
    points = [float(value) for path in pattern.findall(svg) for value in re.findall(r"-?\d+(?:\.\d+)?", path)]
    if not points:
        return svg
    across, down = points[::2], points[1::2]
    size = (max(down) - min(down)) / _CAP_HEIGHT * _HAN_SIZE
    text = (
        f'<text x="{(min(across) + max(across)) / 2:.2f}" y="{max(down):.2f}" font-size="{size:.2f}" '
        f'text-anchor="middle" font-family="{", ".join(CJK_FAMILIES)}">{escape(run)}</text>'
    )
    return pattern.sub("", svg).replace("</svg>", text + "</svg>")


@functools.cache
def _ziamath() -> Any:
    with warnings.catch_warnings():
        # latex2mathml reads its table of symbols by a way that Python 3.11 calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        ziamath: Any = importlib.import_module("ziamath")
    # SVG 2's <symbol>s are drawn with <use>, which costs WeasyPrint a look-up a glyph; plain paths don't.
    ziamath.config.svg2 = False
    return ziamath
