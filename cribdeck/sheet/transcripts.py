"""What a chapter's pages hold beside their marks on paper, as data that can be kept: links, anchors, bookmarks, what
each page says, its words for the index.

For the process that renders.
"""

from collections.abc import Sequence
from typing import Any

from cribdeck.sheet.boxes import Placed, begins, is_generated, text_of
from cribdeck.sheet.index_pages import PageText
from cribdeck.sheet.slots import parts_of

VOLATILE = "data-now"
"""On elements that change with every build and are no reason to print a page again."""

Transcript = dict[str, Any]
"""Of a page, measures in CSS pixels from its top left corner:

`size`: width and height. `begins`: the label of the section that begins there and has pages to itself, or None.
`links`: [kind, target, rectangle, text]. `anchors`: name to point. `bookmarks`: [level, label, point, state].
`says`: the texts of its lines and its pictures' addresses, in order; a slot's is the list of its parts (see `slots`).
`words`: see `PageText`; None where there is no index.
"""


def transcribe(pages: Sequence[Any], boxes: Sequence[Sequence[Placed]], *, words: bool) -> list[Transcript]:
    """The transcripts of laid out pages; `boxes` are those of each (see `walked`)."""
    begun: set[Any] = set()
    return [_transcript(page, placed, begun, words=words) for page, placed in zip(pages, boxes, strict=True)]


def _transcript(page: Any, placed: Sequence[Placed], begun: set[Any], *, words: bool) -> Transcript:
    return {
        "size": [page.width, page.height],
        "begins": begins(placed, begun),
        "links": [[kind, target, list(rectangle), _text(box)] for kind, target, rectangle, box in page.links],
        "anchors": {name: list(points[:2]) for name, points in page.anchors.items()},
        "bookmarks": [[level, label, list(point), state] for level, label, point, state in page.bookmarks],
        "says": said(placed),
        "words": PageText.of(placed).as_data() if words else None,
    }


def said(placed: Sequence[Placed]) -> list[Any]:
    """What a page says; running headers don't count."""
    content: list[Any] = []
    for each in placed:
        element = each.box.element
        if element is not None and element.get(VOLATILE) is not None:
            continue
        text = text_of(each.box)
        if text:
            content.append(parts_of(each.box) or text)
        elif type(each.box).__name__.endswith("ReplacedBox"):
            content.append(element.get("src", ""))
    return content


def _text(box: Any) -> str:
    return "".join(text_of(each) or "" for each in box.descendants() if not is_generated(each))
