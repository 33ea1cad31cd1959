"""A comparison's rows while they grow."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cribdeck.comparisons.tables import Table
from cribdeck.diagnostics import Place
from cribdeck.model import Block, BlockKind, Cell, Row, Source, has_content, plain_text


@dataclass(slots=True)
class RowDraft:
    """A row to be; `width` is the number of subjects."""

    aspect: str
    place: Place
    width: int
    section: str = ""
    span: list[Block] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    cells: list[list[Block]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = self.cells or [[] for _ in range(self.width)]

    @property
    def filled(self) -> int:
        """How many cells have something to learn in them."""
        return sum(has_content(blocks) for blocks in self.cells)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all in it."""
        return not self.span and not any(self.cells)

    def done(self) -> Row:
        """The row itself."""
        return Row(
            aspect=self.aspect,
            cells=tuple(Cell(tuple(blocks)) for blocks in self.cells),
            place=self.place,
            span=tuple(self.span),
            sources=self.sources,
            section=self.section,
        )


def row_of(rows: list[RowDraft], aspect: str, place: Place, width: int) -> RowDraft:
    """The row of an aspect that another subject may have begun."""
    name = plain_text(aspect).casefold()
    for row in rows:
        if plain_text(row.aspect).casefold() == name:
            return row
    rows.append(RowDraft(aspect, place, width))
    return rows[-1]


def table_rows(table: Table, file: str) -> list[RowDraft]:
    """The rows of a note's own table."""
    return [
        RowDraft(aspect, Place(file, line), len(cells), cells=[_cell(cell, line) for cell in cells])
        for aspect, cells, line in table.rows
    ]


def _cell(html: str, line: int) -> list[Block]:
    return [Block(BlockKind.PARAGRAPH, line, html)] if html.strip() else []


def small_heading(title: str, line: int) -> Block:
    """A sub-heading inside a cell."""
    return Block(BlockKind.PARAGRAPH, line, f"<strong>{title}</strong>")


def with_children(block: Block, children: Sequence[Block]) -> Block:
    """A list with some of its items only."""
    return Block(block.kind, children[0].line, block.html, tuple(children), block.info)
