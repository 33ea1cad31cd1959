"""Words and marks that were set before in the same style, used again.

Bullets, numbers, arrows, heads of tables and most words of code stand on a page many times: of all pieces of text, a
third to a half. WeasyPrint (70.0, text/line_break.py) has Pango shape each for the layout and once more for drawing.
For the process that renders.
"""

import re
from typing import Any

from cribdeck.sheet.engine.line_setup import Keeping
from cribdeck.sheet.engine.substitution import substitute

_LONGEST = 24
_MOST = 6_000
"""Texts; each takes some four kilobytes."""
_ROUNDING = 1 / 256
"""CSS pixels. Pango counts in steps of 1/1024; what fits as closely as this is left to it."""
_PARTING = re.compile("[\n\r\u2028\u2029]")

_known: dict[tuple[int, str], tuple[Any, tuple[Any, ...]]] = {}
"""By style and text: the style, so that no other takes its number, and what `split_first_line` gave."""


def install() -> None:
    """Put this in the place of WeasyPrint's own `split_first_line`, in this process."""
    from weasyprint.text import line_break

    plain = line_break.split_first_line

    def split_first_line(text: str, style: Any, context: Any, *rest: Any, **how: Any) -> Any:
        max_width, spacing = rest[:2]
        if not Keeping.is_on or spacing or len(text) > _LONGEST:
            return plain(text, style, context, *rest, **how)
        room = None if max_width is None else max_width - _ROUNDING
        kept = _known.get((id(style), text))
        if kept is not None:
            layout, length, _, width, *measures = kept[1]
            if room is None or width <= room:
                return _again(layout, max_width), length, None, width, *measures
        found = plain(text, style, context, *rest, **how)
        if found[2] is None and (room is None or found[3] <= room) and not _PARTING.search(text):
            if len(_known) >= _MOST:
                _known.clear()
            found[0].is_shared = True
            _known[id(style), text] = style, found
        return found

    substitute(plain, split_first_line)


def _again(layout: Any, max_width: Any) -> Any:
    """A layout with the same lines for another box."""
    copy = object.__new__(type(layout))
    copy.__dict__.update(layout.__dict__)
    copy.max_width = max_width
    return copy
