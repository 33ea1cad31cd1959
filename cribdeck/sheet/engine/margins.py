"""Margin boxes of pages that say the same, laid out once a document.

WeasyPrint (70.0, layout/page.py) makes the margins of every page anew, and measures their text to share out the width:
a twelfth of the time that a chapter takes, although nothing is in them but running titles. For the process that
renders, where chapters are printed: what is the page's own, its number, is put into slots later.
"""

from collections.abc import Iterator
from typing import Any

from cribdeck.sheet.engine.line_setup import Keeping
from cribdeck.sheet.engine.substitution import substitute

_SIDES = [f"@{side}-{place}" for side in ("top", "bottom") for place in ("left", "center", "right")]
_SIDES += [f"@{side}-{place}" for side in ("left", "right") for place in ("top", "middle", "bottom")]
_SIDES += [f"@{row}-{column}-corner" for row in ("top", "bottom") for column in ("left", "right")]
_EMPTY = ("normal", "inhibit", "none")


def install() -> None:
    """Put this in the place of WeasyPrint's own `make_margin_boxes`, in this process."""
    from weasyprint.layout import page as pages

    plain = pages.make_margin_boxes

    def make_margin_boxes(context: Any, page: Any, state: Any) -> Iterator[Any]:
        key = _key(context, page) if Keeping.is_on else None
        if key is None:
            yield from plain(context, page, state)
            return
        known = context.__dict__.setdefault("known_margins", {})
        if key not in known:
            known[key] = list(plain(context, page, state))
        for box in known[key]:
            yield box.deepcopy()

    substitute(plain, make_margin_boxes)


def _key(context: Any, page: Any) -> Any:
    """What the margins of a page depend on; None where it is more than text."""
    found: list[Any] = [page.margin_top, page.margin_right, page.margin_bottom, page.margin_left]
    found += [page.border_width(), page.border_height(), id(page.style)]
    for side in _SIDES:
        style = context.style_for(page.page_type, side)
        if style is None or (content := style["content"]) in _EMPTY:
            continue
        texts = []
        for kind, value in content:
            if kind == "string":
                texts.append(value)
            elif kind == "string()":
                texts.append(context.get_string_set_for(page, *value))
            else:
                return None
        found.append((id(style), tuple(texts)))
    return tuple(found)
