"""How much room text takes, before anything is laid out: enough to choose a place and column widths."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cribdeck.model import Block, Comparison, Row, plain_text
from cribdeck.settings import SheetSettings

_PAPER = {"A4": (210, 297), "A3": (297, 420), "Letter": (216, 279), "Legal": (216, 356)}
_MARGINS = {"sheet": 16, "book": 72}
"""Left and right together: a book has room for the pen beside its text."""
_MARGIN_TAKEN = {"sheet": 0, "book": 38}
"""How much of that a wide table takes."""
_MARGINS_ABOVE_AND_BELOW = {"sheet": 21, "book": 37}
_COLUMNS = {"sheet": 3, "book": 1}
_ORIENTATION = {"sheet": "landscape", "book": "portrait"}
_GAP = 5.6
_LINE_HEIGHT = 1.42
_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Geometry:
    """The page's measures. `font_size` is in points, the widths in half ems of the tables' type, `lines` a column's.

    `page` is the width that a wide table has.
    """

    paper: str
    columns: int
    font_size: float
    column: float
    page: float
    lines: float


def geometry_of(settings: SheetSettings) -> Geometry:
    """The measures that the settings ask for; type is smaller the narrower a column is."""
    short, long = _PAPER[settings.paper]
    layout, columns = settings.layout, settings.columns or _COLUMNS[settings.layout]
    orientation = settings.orientation or _ORIENTATION[layout]
    width, height = (long, short) if orientation == "landscape" else (short, long)
    width -= _MARGINS[layout]
    column = (width - _GAP * (columns - 1)) / columns
    font_size = round(min(9.5, max(5.8, 4.85 + column / (41 if layout == "sheet" else 29))), 1)
    half_em = font_size * 0.93 * _MM_PER_POINT / 2
    lines = (height - _MARGINS_ABOVE_AND_BELOW[layout]) / (font_size * _MM_PER_POINT * _LINE_HEIGHT)
    page = (width + _MARGIN_TAKEN[layout]) / half_em
    return Geometry(f"{settings.paper} {orientation}", columns, font_size, column / half_em, page, lines)


def width_of(text: str) -> float:
    """The width of a text in half ems: a Han character has two, others one and a little."""
    return sum(2.0 if char > "\u2e7f" else 1.1 for char in text)


def is_wide_comparison(comparison: Comparison, geometry: Geometry) -> bool:
    """Whether a comparison needs all columns: three or more subjects, or cells that would be long and thin."""
    if geometry.page <= geometry.column:
        return False
    if geometry.columns > 1 and len(comparison.subjects) > 2:
        return True
    cells = [width_of(text) for row in comparison.rows for text in _cell_texts(row) if text]
    room = geometry.column * 0.4
    return bool(cells) and sum(cells) / len(cells) > room * 8


def is_wide_table(table: Block, geometry: Geometry) -> bool:
    """Whether a table of the notes needs all columns: many columns, or much more text than one column takes."""
    if geometry.page <= geometry.column or not table.children:
        return False
    natural = _natural_widths([[cell.text for cell in row.children] for row in table.children])
    return len(natural) > 6 or (len(natural) > 3 and sum(natural) > 2.2 * geometry.column)


def height_of(cells: Sequence[str], widths: Sequence[float], room: float) -> float:
    """The lines that a row of a table takes, from the text of its cells (lines parted by line feeds).

    Args:
        cells: One a column.
        widths: Of the columns, in per cent.
        room: The table's width in half ems.
    """
    heights = [
        sum(max(1, math.ceil(width_of(line) / max(4, room * width / 100 - 4))) for line in cell.split("\n"))
        for cell, width in zip(cells, widths, strict=False)
    ]
    return max(heights, default=1)


def column_shares(table: Block, room: float) -> list[float]:
    """The width of each column of a table in per cent."""
    return shares(_natural_widths([[cell.text for cell in row.children] for row in table.children]), room)


def aspect_share(comparison: Comparison, room: float) -> float:
    """The width of a comparison's first column in per cent: its longest aspect and a card's number, within limits."""
    longest = max((width_of(plain_text(row.aspect)) for row in comparison.rows), default=0)
    return round(min(26.0, max(9.0, 100 * (longest + 9) / room)), 2)


def shares(natural: Sequence[float], room: float) -> list[float]:
    """Share a width among columns: all of what it wants for each that wants little, the rest by the root of the text.

    Args:
        natural: What each column would take on one line.
        room: What there is for all.

    Returns:
        Per cent, with a sum of 100.
    """
    widths = [min(want, room) for want in natural]
    small = {at for at, want in enumerate(widths) if want <= room / len(widths)}
    rest = room - sum(widths[at] for at in small)
    if sum(widths) > room:
        # One huge cell would take all: past three times the room, more text does not make a column wider.
        weights = {at: math.sqrt(min(want, 3 * room)) for at, want in enumerate(natural) if at not in small}
        total = sum(weights.values())
        widths = [want if at in small else rest * weights[at] / total for at, want in enumerate(widths)]
    return [round(100 * width / sum(widths), 2) for width in widths]


def _natural_widths(grid: Sequence[Sequence[str]]) -> list[float]:
    count = max(len(row) for row in grid)
    columns = [[width_of(row[at]) for row in grid if at < len(row)] for at in range(count)]
    return [max(3.0, *widths) + 2 for widths in columns]


def _cell_texts(row: Row) -> list[str]:
    return [" ".join(block.text for block in cell.blocks) for cell in row.cells]
