"""What a section says of each subject, aspect by aspect."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cribdeck.comparisons.subjects import Subjects
from cribdeck.diagnostics import Place
from cribdeck.markdown.lines import label_of
from cribdeck.model import Block, BlockKind, Cell, Comparison, Row, Section, Source, plain_text

_LISTS = (BlockKind.BULLETS, BlockKind.NUMBERS)


@dataclass(slots=True)
class _RowDraft:
    aspect: str
    place: Place
    width: int
    section: str = ""
    span: list[Block] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    cells: list[list[Block]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = [[] for _ in range(self.width)]

    def done(self) -> Row:
        return Row(
            aspect=self.aspect,
            cells=tuple(Cell(tuple(blocks)) for blocks in self.cells),
            place=self.place,
            span=tuple(self.span),
            sources=self.sources,
            section=self.section,
        )


def compare(section: Section, subjects: Subjects) -> Comparison:
    """Lay a section out as a table of its subjects.

    Everything of the section's own body stands in a cell, in a row's span or in the notes; sub-sections that are
    aspects or subjects are rows or columns, and what stands below those is a part of their cells or spans.
    """
    place, width = section.place, len(subjects)
    overall = _RowDraft("", place, width)
    notes: list[Block] = []
    rows: list[Row] = []
    for block in section.body:
        table = _table_rows(block, subjects, place.file) if block.kind is BlockKind.TABLE else None
        if table:
            rows += table
        else:
            notes += _allot([block], overall, subjects)
    below: list[_RowDraft] = []
    for child in section.children:
        index = subjects.index(child.key)
        if index is None:
            below.append(_aspect(child, subjects))
        else:
            _column(child, index, overall, below)
    all_rows = (*([overall.done()] if any(overall.cells) else []), *rows, *(draft.done() for draft in below))
    return Comparison(place, subjects.names, all_rows, tuple(notes))


def _aspect(section: Section, subjects: Subjects) -> _RowDraft:
    """A sub-heading that is an aspect: a row."""
    row = _RowDraft(section.title, section.place, len(subjects), section.key)
    row.sources = section.sources
    for block in section.body:
        # A list whose items name subjects is taken apart even where some items name none.
        row.span += _allot([block], row, subjects)
    for child in section.children:
        index = subjects.index(child.key)
        target = row.span if index is None else row.cells[index]
        if index is None:
            target.append(_small_heading(child))
        target += _everything(child)
    return row


def _column(section: Section, index: int, overall: _RowDraft, rows: list[_RowDraft]) -> None:
    """A sub-heading that is a subject: a column. Deeper headings and labels in it are aspects."""
    for block in section.body:
        pairs = _pairs(block)
        if not pairs:
            overall.cells[index].append(block)
        for label, blocks, line in pairs:
            _row(rows, label, Place(section.place.file, line), overall.width).cells[index] += blocks
    for child in section.children:
        _row(rows, child.title, child.place, overall.width).cells[index] += _everything(child)
    overall.sources = (*overall.sources, *section.sources)


def _row(rows: list[_RowDraft], aspect: str, place: Place, width: int) -> _RowDraft:
    """The row of an aspect that another subject may have begun."""
    name = plain_text(aspect).casefold()
    for row in rows:
        if plain_text(row.aspect).casefold() == name:
            return row
    rows.append(_RowDraft(aspect, place, width))
    return rows[-1]


def _pairs(block: Block) -> list[tuple[str, Sequence[Block], int]]:
    """The (label, blocks, line) of a block that is made of labels; empty for others."""
    if block.kind is BlockKind.LABEL and block.info != "alone":
        return [(block.html, block.children, block.line)]
    if block.kind is BlockKind.DEFINITIONS:
        terms = [child for child in block.children if child.kind is BlockKind.TERM]
        texts = [child.children for child in block.children if child.kind is BlockKind.DEFINITION]
        if len(terms) == len(texts):
            return [(term.html, text, term.line) for term, text in zip(terms, texts, strict=True)]
    if block.kind in _LISTS:
        pairs = [_item_pair(item) for item in block.children]
        return [pair for pair in pairs if pair] if all(pairs) else []
    return []


def _item_pair(item: Block) -> tuple[str, Sequence[Block], int] | None:
    first = item.children[0] if item.children else None
    split = label_of(first.html) if first and first.kind is BlockKind.PARAGRAPH else None
    if not first or not split:
        return None
    label, text = split
    head = (Block(BlockKind.PARAGRAPH, first.line, text),) if text else ()
    return label, (*head, *item.children[1:]), item.line


def _allot(blocks: Sequence[Block], row: _RowDraft, subjects: Subjects) -> list[Block]:
    """Put what names a subject into its cell; give back the rest."""
    rest: list[Block] = []
    for block in blocks:
        if block.kind in _LISTS:
            rest += _allot_items(block, row, subjects)
            continue
        pairs = _pairs(block) or _paragraph_pair(block)
        known = [(subjects.index(plain_text(label)), content) for label, content, _ in pairs]
        if known and all(index is not None for index, _ in known):
            for index, content in known:
                assert index is not None
                row.cells[index] += content
        else:
            rest.append(block)
    return rest


def _allot_items(block: Block, row: _RowDraft, subjects: Subjects) -> list[Block]:
    """Items that begin with a subject go to its cell; a list of which fewer than two do is left whole."""
    found = []
    for item in block.children:
        pair = _item_pair(item)
        found.append((subjects.index(plain_text(pair[0])), pair[1]) if pair else (None, ()))
    if len({index for index, _ in found if index is not None}) < 2:
        return [block]
    rest = []
    for item, (index, content) in zip(block.children, found, strict=True):
        if index is None:
            rest.append(item)
        else:
            row.cells[index] += content
    return [Block(block.kind, rest[0].line, children=tuple(rest))] if rest else []


def _paragraph_pair(block: Block) -> list[tuple[str, Sequence[Block], int]]:
    split = label_of(block.html) if block.kind is BlockKind.PARAGRAPH else None
    return [(split[0], (Block(BlockKind.PARAGRAPH, block.line, split[1]),), block.line)] if split and split[1] else []


def _table_rows(table: Block, subjects: Subjects, file: str) -> list[Row] | None:
    """The rows of a table whose header, or whose first column, names the subjects; None for another table."""
    grid = [[cell.html for cell in row.children] for row in table.children]
    lines = [row.line for row in table.children]
    if len(grid) < 2:
        return None
    columns = _subject_columns(grid[0], subjects)
    if columns is None:
        turned = [list(column) for column in zip(*grid, strict=True)]
        columns = _subject_columns(turned[0], subjects)
        if columns is None:
            return None
        grid, lines = turned, [lines[0]] * len(turned)
    rows = []
    for cells, line in zip(grid[1:], lines[1:], strict=True):
        filled = tuple(
            Cell((Block(BlockKind.PARAGRAPH, line, cells[at]),) if cells[at].strip() else ()) for at in columns
        )
        rows.append(Row(cells[0], filled, Place(file, line)))
    return rows


def _subject_columns(header: Sequence[str], subjects: Subjects) -> list[int] | None:
    """For each subject the column that has its name, if the header is made of a corner and just the subjects."""
    named = {subjects.index(plain_text(cell)): at for at, cell in enumerate(header) if at > 0}
    if len(header) != len(subjects) + 1 or set(named) != set(range(len(subjects))):
        return None
    return [named[index] for index in range(len(subjects))]


def _small_heading(section: Section) -> Block:
    return Block(BlockKind.PARAGRAPH, section.place.line, f"<strong>{section.title}</strong>")


def _everything(section: Section) -> list[Block]:
    """A sub-section as plain blocks: its body, and below it those of its children under small headings."""
    blocks = list(section.body)
    for child in section.children:
        blocks += [_small_heading(child), *_everything(child)]
    return blocks
