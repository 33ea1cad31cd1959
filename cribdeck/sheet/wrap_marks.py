"""A mark where a long line of code goes on, so that it is not taken for a new one.

CSS has nothing for it; the mark is put into the hanging indent after the layout. For the process that renders.
"""

from collections.abc import Iterable
from typing import Any

from cribdeck.sheet.boxes import page_box, text_of
from cribdeck.sheet.paging import replace_text

MARK = "↪"
_INDENT = 0.45
"""Of the width of the hanging indent: where the mark stands."""


def mark_wrapped_lines(pages: Iterable[Any]) -> None:
    """Put a mark before each line but the first that a line of code takes."""
    for page in pages:
        for box in list(page_box(page).descendants(placeholders=True)):
            if box.element is not None and box.element.get("class") == "line" and box.element_tag == "span":
                lines = [child for child in getattr(box, "children", ()) if type(child).__name__ == "LineBox"]
                # Where the line began on the page before, its first part here goes on as well.
                begun = 0 if "top" in box.remove_decoration_sides else 1
                for line in lines[begun:]:
                    _mark(box, line)


def _mark(block: Any, line: Any) -> None:
    model = next((box for box in line.descendants() if text_of(box)), None)
    if model is None:
        return
    mark = model.copy()
    mark.element_tag = "span::before"
    replace_text(mark, MARK)
    mark.position_x = block.content_box_x() - block.padding_left * _INDENT - mark.width / 2
    line.children = (mark, *line.children)
