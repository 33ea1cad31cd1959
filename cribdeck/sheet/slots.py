"""Places on laid out pages whose text is known only when all chapters are: page numbers, the number of pages, a date.

In a chapter's PDF each is an empty form object that the finished sheet's is put for. What it takes to set the text is
kept beside: the runs of glyphs of what is fixed, and those of each letter that a page's name or a date may have.

For the process that renders. It takes the place of WeasyPrint's own drawing of these boxes (70.0, draw/text.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cribdeck.sheet.boxes import is_margin, page_box, text_of
from cribdeck.sheet.paging import PLACEHOLDER

LETTERS = "0123456789–-ABivx"
"""All that the names of pages, their number and a date are made of (see `paging.labels_of`)."""
PAGE_OF = "data-page-of"
"""On an empty element whose `::after` is to show the page of an anchor."""
_NAME = "S"

Run = list[Any]
"""Glyphs as they are drawn: [[font, size, operand of TJ] …], and how far they reach in CSS pixels."""


def mark(pages: Sequence[Any]) -> None:
    """Make slots of the boxes that show page numbers: see `parts_of`."""
    for page in pages:
        box = page_box(page)
        for margin in filter(is_margin, box.children):
            for each in margin.descendants():
                text = text_of(each)
                if text and PLACEHOLDER.search(text):
                    each.slot = [[kind, part] for kind, part in _parts(text) if part]
        for each in box.descendants():
            target = _target(each)
            if target is not None:
                each.slot = [["page-of", target]]


def parts_of(box: Any) -> list[list[str]] | None:
    """What a slot shows, as [kind, content]: `text`, a `value` by its name, or `page-of` an anchor; None for others."""
    return getattr(box, "slot", None)


def _target(box: Any) -> str | None:
    if text_of(box) is None or box.element is None or not box.element_tag.startswith("span::after"):
        return None
    return box.element.get(PAGE_OF)  # type: ignore[no-any-return]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for at, part in enumerate(PLACEHOLDER.split(text)):
        yield ("value" if at % 2 else "text"), part


class Drawing:
    """Stands for WeasyPrint's `draw_text` while a chapter is drawn, and keeps what its slots need.

    `slots` are those of each page, in the order in which pages are drawn; `alphabets` the runs of all letters, one for
    each style of type, to which slots refer by number.
    """

    def __init__(self, draw_text: Any) -> None:
        self._draw_text = draw_text
        self._numbers: dict[Any, int] = {}
        self._count = 0
        self.alphabets: list[Mapping[str, Run]] = []
        self.slots: list[list[Any]] = []

    def begin_page(self) -> None:
        """What is drawn from here on stands on the next page."""
        self.slots.append([])

    def __call__(self, stream: Any, box: Any, *args: Any) -> None:
        parts = parts_of(box)
        if parts is None or box.style["visibility"] != "visible" or not box.style["font_size"]:
            self._draw_text(stream, box, *args)
            return
        name = f"{_NAME}{self._count}"
        self._count += 1
        runs = [[kind, content, _run(stream, box, content) if kind == "text" else None] for kind, content in parts]
        stream.set_color(box.style["color"])
        with stream.stacked():
            stream.transform(e=box.position_x, f=box.position_y + box.baseline)
            _place_form(stream, name)
        self.slots[-1].append([name, runs, self._alphabet(stream, box), box.width, box.style["text_align_all"]])

    def _alphabet(self, stream: Any, box: Any) -> int:
        style = box.style
        names = ("font_size", "font_weight", "font_style", "letter_spacing", "font_variant_numeric")
        key = (tuple(style["font_family"]), *(str(style[name]) for name in names), str(style["font_feature_settings"]))
        if key not in self._numbers:
            self._numbers[key] = len(self.alphabets)
            self.alphabets.append({letter: _run(stream, box, letter) for letter in LETTERS})
        return self._numbers[key]


def _place_form(stream: Any, name: str) -> None:
    import pydyf

    form = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array((0, 0, 1, 1))}
    stream._resources["XObject"][name] = pydyf.Stream([b""], form)  # noqa: SLF001 — WeasyPrint offers no other way
    stream.draw_x_object(name)


class _Recorder:
    """A stream that keeps the glyphs drawn on it. Fonts go to the stream of the page."""

    def __init__(self, stream: Any) -> None:
        self.add_font = stream.add_font
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect
        self.runs: list[list[Any]] = []

    def set_text_matrix(self, *_: float) -> None:
        """The slot's own place takes its place."""

    def set_text_rise(self, _: float) -> None:
        """No letter of a page's name is raised."""

    def set_font_size(self, font: str, size: float) -> None:
        self.runs.append([font, size, ""])

    def show_text(self, text: str) -> None:
        if self.runs:
            self.runs[-1][2] += text


def _run(stream: Any, box: Any, text: str) -> Run:
    from weasyprint.draw.text import draw_first_line
    from weasyprint.layout.inline import split_first_line
    from weasyprint.matrix import Matrix

    layout, _, _, width, _, _ = split_first_line(text, box.style, None, None, 0)
    letter = box.copy()
    letter.text, letter.pango_layout = text, layout
    layout.reactivate(box.style)
    recorder = _Recorder(stream)
    draw_first_line(recorder, letter, "clip", "none", Matrix(d=-1))
    layout.deactivate()
    return [recorder.runs, width]
