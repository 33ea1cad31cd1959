"""The names of pages: `12` on a sheet, `3–2` (the second of the third section) in a book. For the process that renders.

WeasyPrint (70.0) has no counter that begins anew with a section's pages, so that they are written in after the layout.
"""

import re
from collections.abc import Sequence
from typing import Any

from cribdeck.sheet.boxes import Walk, begins, is_margin, page_box, text_of

PLACEHOLDER = re.compile("‹(page|pages|updated)›")
"""In a margin box of the style sheet: where a page's name, the number of all pages or a date is to stand."""
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def sections_of(pages: Sequence[Any]) -> list[str | None]:
    """The label of the section that has pages to itself and begins on each page, or None."""
    begun: set[Any] = set()
    walk = Walk()
    return [begins(list(walk.page(page)), begun) for page in pages]


def labels_of(sections: Sequence[str | None], *, is_book: bool) -> list[str]:
    """The name of each page, by the sections that begin there."""
    if not is_book:
        return [str(number) for number in range(1, len(sections) + 1)]
    labels: list[str] = []
    section, number = "", 0
    for new in sections:
        section, number = (new, 1) if new else (section, number + 1)
        labels.append(f"{section}–{number}" if section else roman(number))
    return labels


def roman(number: int) -> str:
    """A number under forty in small Roman numerals, as pages before the first section have."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def numbers_of(pages: Sequence[Any], labels: Sequence[str]) -> dict[str, str]:
    """The name of the page on which each anchor stands first."""
    return {name: label for page, label in reversed(list(zip(pages, labels, strict=True))) for name in page.anchors}


def fill_margins(pages: Sequence[Any], labels: Sequence[str]) -> None:
    """Put the pages' names into their margins."""
    for page, label in zip(pages, labels, strict=True):
        for margin in filter(is_margin, page_box(page).children):
            for box in margin.descendants():
                text = text_of(box)
                if text and PLACEHOLDER.search(text):
                    text = text.replace("‹page›", label).replace("‹pages›", str(len(labels)))
                    replace_text(box, text)


def replace_text(box: Any, text: str) -> None:
    """Set other text into a text box that is already laid out; nothing else moves."""
    from weasyprint.layout.inline import split_first_line

    layout, _, _, width, _, _ = split_first_line(text, box.style, None, None, 0)
    box.text, box.pango_layout = text, layout
    if box.style["text_align_all"] in ("right", "end"):
        box.position_x += box.width - width
    box.width = width


def page_labels(labels: Sequence[str]) -> list[tuple[int, str, str, int]]:
    """Runs of pages that count on: the first page's index, style (`D` or `r`), prefix, and the number of the first.

    For the PDF's own page labels (ISO 32000-1, 12.4.2), so that a viewer shows the names that are printed.
    """
    runs: list[tuple[int, str, str, int]] = []
    for at, label in enumerate(labels):
        prefix, dash, number = label.rpartition("–")
        is_roman = not number.isdigit()
        start = 1 if is_roman else int(number)
        run = (at, "r" if is_roman else "D", prefix + dash, start)
        if not runs or runs[-1][1:3] != run[1:3] or (start == 1 and not is_roman):
            runs.append(run)
    return runs
