"""Page numbers in cross-references, filled in after the layout.

CSS has `target-counter` for them, but WeasyPrint 70.0 then lays out every page again that has one, twice: with a
table of contents and references between notes a sheet took 2.5 times as long. Here each number has a slot of fixed
width from the start, so that filling it moves nothing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cribdeck.sheet.boxes import page_box, text_of
from cribdeck.sheet.paging import replace_text
from cribdeck.sheet.slots import PAGE_OF

_REFERENCE = re.compile(r'(<a [^>]*href="#([^"]+)"[^>]*>)(.*?)</a>', re.DOTALL)


def with_slots(html: str) -> str:
    """The HTML with an empty slot for the page number at the end of each internal link.

    The style sheet's `.page-of::after` sets its width and puts a digit into it as long as the number is not known.
    """
    return _REFERENCE.sub(rf'\1\3<span class="page-of" {PAGE_OF}="\2"></span></a>', html)


def fill(pages: Sequence[Any], numbers: Mapping[str, str]) -> None:
    """Put the page numbers into the slots of laid out pages.

    Args:
        pages: WeasyPrint's.
        numbers: The name of the page on which each anchor stands. Slots of others are left as they are.
    """
    for page in pages:
        for box in page_box(page).descendants():
            if text_of(box) is None or box.element is None:
                continue
            target = box.element.get(PAGE_OF) if box.element_tag.startswith("span::after") else None
            if target is not None and target in numbers:
                replace_text(box, numbers[target])
