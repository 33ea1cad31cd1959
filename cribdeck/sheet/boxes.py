"""The boxes of a laid out page, in reading order, each with the room that it may take.

For the process that renders: boxes are WeasyPrint's (70.0, formatting_structure/boxes.py), to be had nowhere else.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

ANCHOR = re.compile(r"n\d+-\d+")
"""The name of a heading's or a row's place (see `target.Anchors`)."""
_CELLS = ("td", "th")


class Room(NamedTuple):
    """Where a box may reach, in CSS pixels from the page's top left corner."""

    left: float
    right: float
    bottom: float


class Placed(NamedTuple):
    """A box with its room, and the heading under which it stands ("" before the first)."""

    box: Any
    room: Room
    anchor: str


class Walk:
    """Goes over the boxes of page after page; knows the last heading that it met."""

    def __init__(self) -> None:
        self.anchor = ""

    def page(self, page: Any) -> list[Placed]:
        """All boxes of the page's own matter; margin boxes (running headers) are left out."""
        box = page_box(page)
        left, top = box.content_box_x(), box.content_box_y()
        room = Room(left, left + box.width, top + box.height)
        found: list[Placed] = []
        for child in box.children:
            if not is_margin(child):
                self._walk(child, room, found)
        return found

    def _walk(self, box: Any, room: Room, found: list[Placed]) -> None:
        name = _attribute(box, "id")
        if name and ANCHOR.fullmatch(name):
            self.anchor = name
        found.append(Placed(box, room, self.anchor))
        if children := getattr(box, "children", ()):
            inside = _inside(box, room)
            for child in children:
                self._walk(getattr(child, "_box", child), inside, found)


def walked(pages: Iterable[Any]) -> list[list[Placed]]:
    """The boxes of each page of a document."""
    walk = Walk()
    return [walk.page(page) for page in pages]


def page_box(page: Any) -> Any:
    """The box of a page (`weasyprint.document.Page`)."""
    return page._page_box  # noqa: SLF001 — nowhere else to be had


def is_margin(box: Any) -> bool:
    """Whether a box is a running header or footer."""
    return type(box).__name__ == "MarginBox"


def begins(placed: Sequence[Placed], begun: set[Any]) -> str | None:
    """The label of the section that has pages to itself and begins on a page; None where none does.

    Args:
        placed: The boxes of the page.
        begun: The elements of the sections that began on earlier pages; grows.
    """
    for each in placed:
        element = each.box.element
        label = element.get("data-pages") if element is not None else None
        if label and element not in begun:
            begun.add(element)
            return str(label)
    return None


def text_of(box: Any) -> str | None:
    """The text of a text box; None for every other box."""
    return getattr(box, "text", None)


def is_generated(box: Any) -> bool:
    """Whether a box comes from `::before`, `::after` or `::marker`, not from the notes."""
    return "::" in (box.element_tag or "")


def _attribute(box: Any, name: str) -> str | None:
    return box.element.get(name) if box.element is not None and not is_generated(box) else None


def _inside(box: Any, room: Room) -> Room:
    """The room of a box's children: columns and cells are narrower than what they stand in."""
    right = getattr(box, "margin_right", 0)
    if isinstance(right, float) and right < 0:
        # A style sheet that draws a block out into the margin means it.
        room = room._replace(right=max(room.right, box.position_x + box.margin_width() - right))
    if box.is_column:
        return Room(box.position_x, box.position_x + box.width, room.bottom)
    if box.element_tag in _CELLS and hasattr(box, "border_width"):
        left, right = box.position_x, box.position_x + box.border_width()
        return room._replace(left=max(room.left, left), right=min(room.right, right))
    return room
