"""Faces of cards on sheets of paper, fronts and backs matching, with crop marks. For the process that renders.

Each face is a page that WeasyPrint drew; its content stream is drawn again where the card lies, so that text stays
text and fonts are embedded once.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cribdeck.sheet import paging
from cribdeck.sheet.boxes import Walk, begins, walked
from cribdeck.sheet.inspection import inspect, settled
from cribdeck.sheet.typesetting import Typesetter
from cribdeck.sheet.wrap_marks import mark_wrapped_lines

_POINTS = 72 / 25.4
_MARK = 4.0
"""Millimetres: how long a crop mark is, and below how far it stays off the card."""
_OFF = 1.0

Face = int | None
"""A face by the number of its page; None for a blank one."""


def print_cutouts(typesetter: Typesetter, folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    """Print the folder's `page.html`, a page a face, to `sheet.pdf`, a grid of cards a sheet.

    Args:
        typesetter: Used for one job after another.
        folder: Holds the HTML.
        job: `paper` and `card` in millimetres, `grid` as columns and rows, `duplex` as `long` or `short`.

    Returns:
        As `typesetting.print_whole`; `pages` are sides of paper.
    """
    document, root = typesetter.lay_out((folder / "page.html").read_text(encoding="utf-8"))
    mark_wrapped_lines(document.pages)
    cards = list(_cards(document.pages))
    labels = _labels(document.pages, cards)
    paging.fill_margins(document.pages, labels)
    per_sheet = job["grid"][0] * job["grid"][1]
    sheets = [cards[at : at + per_sheet] for at in range(0, len(cards), per_sheet)]
    document.write_pdf(folder / "sheet.pdf", finisher=lambda _, pdf: _impose(pdf, sheets, job))
    missing = {code for font in document.fonts.values() for code in font.missing}
    findings = settled(*inspect(document.pages, walked(document.pages), labels=labels, root=root))
    return {"pages": 2 * len(sheets), "digests": [], "missing": sorted(missing), "findings": findings}


def _cards(pages: Sequence[Any]) -> Iterator[tuple[Face, Face]]:
    """The faces of each card. What does not fit on one goes on: the next card has the rest of both faces."""
    fronts: list[int] = []
    backs: list[int] = []
    walk, begun, side = Walk(), set[Any](), ""
    for at, page in enumerate(pages):
        label = begins(list(walk.page(page)), begun)
        if label:
            side = label.rpartition("|")[2]
            if side == "front":
                yield from _pairs(fronts, backs)
                fronts, backs = [], []
        (fronts if side == "front" else backs).append(at)
    yield from _pairs(fronts, backs)


def _pairs(fronts: Sequence[int], backs: Sequence[int]) -> Iterator[tuple[Face, Face]]:
    for at in range(max(len(fronts), len(backs))):
        # A long answer's second card asks again.
        yield fronts[min(at, len(fronts) - 1)], backs[at] if at < len(backs) else None


def _labels(pages: Sequence[Any], cards: Sequence[tuple[Face, Face]]) -> list[str]:
    """What stands in each face's corner: the card's number, and on a back that goes on, which part it is."""
    walk, begun, name = Walk(), set[Any](), ""
    names = []
    for page in pages:
        name = begins(list(walk.page(page)), begun) or name
        names.append(name)
    total = {name: names.count(name) for name in names}
    done: dict[str, int] = {}
    labels = []
    for name in names:
        done[name] = done.get(name, 0) + 1
        part = f" · {done[name]}/{total[name]}" if total[name] > 1 else ""
        labels.append(name.rpartition("|")[0] + part)
    return labels if cards else []


def place_of(at: int, grid: Sequence[int], *, back: bool, duplex: str) -> tuple[int, int, bool]:
    """Where the card lies that is number `at` of its sheet: column, row from above, and whether it is upside down.

    Paper that is turned over its long edge (upright: the left or right one) has left and right changed; over its short
    edge top and bottom, and then a card's back has to stand on its head to be read when the card is turned like a page.
    """
    columns, rows = grid
    row, column = divmod(at, columns)
    if not back:
        return column, row, False
    return (columns - 1 - column, row, False) if duplex == "long" else (column, rows - 1 - row, True)


def _impose(pdf: Any, sheets: Sequence[Sequence[tuple[Face, Face]]], job: Mapping[str, Any]) -> None:
    import pydyf

    faces = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    pdf.pages["Kids"], pdf.pages["Count"] = pydyf.Array(), 0
    width, height = (side * _POINTS for side in job["paper"])
    marks = pydyf.Stream([_crop_marks(job)])
    pdf.add_object(marks)
    for sheet in sheets:
        for back in (False, True):
            contents = pydyf.Array([marks.reference])
            for at, pair in enumerate(sheet):
                face = pair[back]
                if face is None:
                    continue
                place = place_of(at, job["grid"], back=back, duplex=job["duplex"])
                before = pydyf.Stream([f"q {_matrix(place, job)} cm"])
                after = pydyf.Stream(["Q"])
                pdf.add_object(before)
                pdf.add_object(after)
                contents.extend((before.reference, faces[face]["Contents"], after.reference))
            page = pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": pdf.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, round(width, 3), round(height, 3)]),
                    "Contents": contents,
                    "Resources": faces[0]["Resources"],
                }
            )
            pdf.add_page(page)
    # Bookmarks and names point to the faces' own pages, which are no more.
    for name in ("Outlines", "Names"):
        pdf.catalog.pop(name, None)


def _matrix(place: tuple[int, int, bool], job: Mapping[str, Any]) -> str:
    """The transformation that puts a face's lower left corner where its card lies."""
    column, row, upside_down = place
    left, bottom = _corner(column, row, job)
    if not upside_down:
        return f"1 0 0 1 {left:.3f} {bottom:.3f}"
    width, height = (side * _POINTS for side in job["card"])
    return f"-1 0 0 -1 {left + width:.3f} {bottom + height:.3f}"


def _corner(column: int, row: int, job: Mapping[str, Any]) -> tuple[float, float]:
    """The lower left corner of a cell in points; the grid is in the middle of the paper, so that backs match."""
    (width, height), (columns, rows) = job["card"], job["grid"]
    left = (job["paper"][0] - columns * width) / 2 + column * width
    bottom = (job["paper"][1] - rows * height) / 2 + (rows - 1 - row) * height
    return left * _POINTS, bottom * _POINTS


def _crop_marks(job: Mapping[str, Any]) -> str:
    """Short lines outside the grid, at the ends of every cut."""
    (columns, rows), paper = job["grid"], [side * _POINTS for side in job["paper"]]
    left, bottom = _corner(0, rows - 1, job)
    right, top = paper[0] - left, paper[1] - bottom
    off, length = _OFF * _POINTS, (_OFF + _MARK) * _POINTS
    lines = []
    for column in range(columns + 1):
        x = left + column * (right - left) / columns
        lines += [(x, bottom - off, x, bottom - length), (x, top + off, x, top + length)]
    for row in range(rows + 1):
        y = bottom + row * (top - bottom) / rows
        lines += [(left - off, y, left - length, y), (right + off, y, right + length, y)]
    drawn = " ".join(f"{x:.2f} {y:.2f} m {u:.2f} {v:.2f} l" for x, y, u, v in lines)
    return f"q 0.3 w 0.4 G {drawn} S Q"
