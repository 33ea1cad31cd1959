"""Page numbers in cross-references, filled in after the layout.

CSS has `target-counter` for them, but WeasyPrint 70.0 then lays out every page again that has one, twice: with a
table of contents and references between notes a sheet took 2.5 times as long. Here each number has a slot of fixed
width from the start, so that filling it moves nothing.
"""

import re
from typing import Any

_REFERENCE = re.compile(r'(<a [^>]*href="#([^"]+)"[^>]*>)(.*?)</a>', re.DOTALL)
_ATTRIBUTE = "data-page-of"


def with_slots(html: str) -> str:
    """The HTML with an empty slot for the page number at the end of each internal link.

    The style sheet's `.page-of::after` sets its width and puts a digit into it as long as the number is not known.
    """
    return _REFERENCE.sub(rf'\1\3<span class="page-of" {_ATTRIBUTE}="\2"></span></a>', html)


def fill(document: Any) -> None:
    """Put the page numbers into the slots of a laid out document (`weasyprint.Document`)."""
    from weasyprint.layout.inline import split_first_line

    numbers = {
        name: number for number, page in reversed(list(enumerate(document.pages, start=1))) for name in page.anchors
    }
    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001 — the laid out boxes, nowhere else to be had
            if getattr(box, "text", None) is None or box.element is None:
                continue
            target = box.element.get(_ATTRIBUTE) if box.element_tag.startswith("span::after") else None
            if target is None:
                continue
            text = str(numbers.get(target, "–"))
            layout, _, _, width, _, _ = split_first_line(text, box.style, None, None, 0)
            box.text, box.pango_layout = text, layout
            if box.style["text_align_all"] in ("right", "end"):
                box.position_x += box.width - width
            box.width = width
