"""What a section says of each subject, aspect by aspect."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cribdeck.comparisons.allot import Allotment, entries, leads_on
from cribdeck.comparisons.headings import is_bare, topic
from cribdeck.comparisons.recognition import Subjects
from cribdeck.comparisons.rows import RowDraft, row_of, small_heading, table_rows
from cribdeck.comparisons.spelling import spelling
from cribdeck.comparisons.tables import named_table, unnamed_table
from cribdeck.diagnostics import Place
from cribdeck.model import Block, BlockKind, Comparison, Section

_MOST_BLOCKS = 6


def compare(section: Section, subjects: Subjects) -> Comparison:
    """Lay a section out as a table of its subjects.

    Everything of the section's own body stands in a cell, in a row's span or in the notes before and after the table;
    sub-sections that are aspects or subjects are rows or columns, and what stands below those is a part of their cells
    or spans. Sentences count only if they speak of two subjects at least: one alone would be a table of gaps.
    """
    found = _Layout(section, subjects, by_sentences=True).comparison()
    columns = {index for row in found.rows for index, cell in enumerate(row.cells) if cell.filled}
    return found if len(columns) >= 2 else _Layout(section, subjects, by_sentences=False).comparison()


def tabled(section: Section) -> Comparison | None:
    """The comparison of a section that names no subjects, but has a table that compares: it takes the table's.

    Only where the table is what the section is about: one table, and not much text beside it.
    """
    tables = [block for block in section.body if block.kind is BlockKind.TABLE]
    if len(tables) != 1 or len(section.body) > _MOST_BLOCKS or section.children:
        return None
    table = unnamed_table(tables[0], (section.key, *section.trail[::-1]))
    if table is None:
        return None
    at = section.body.index(tables[0])
    rows = tuple(draft.done() for draft in table_rows(table, section.place.file))
    return Comparison(section.place, table.names, rows, section.body[:at], table.corner, section.body[at + 1 :])


@dataclass(slots=True)
class _Layout:
    section: Section
    subjects: Subjects
    by_sentences: bool
    rows: list[RowDraft] = field(default_factory=list)
    below: list[RowDraft] = field(default_factory=list)
    corner: str = ""

    def comparison(self) -> Comparison:
        place = self.section.place
        names = self._names()
        overall = RowDraft("", place, len(self.subjects))
        notes, after = self._body(overall)
        for child in self.section.children:
            index = self.subjects.index(topic(child.key))
            if index is None:
                self._aspect(child)
            else:
                self._column(child, index, overall)
        drafts = [*([overall] if any(overall.cells) else []), *self.rows, *self.below]
        if self.below:
            notes, after = [*notes, *after], []
        return Comparison(
            place, names, tuple(draft.done() for draft in drafts), tuple(notes), self.corner, tuple(after)
        )

    def _names(self) -> tuple[str, ...]:
        """The subjects as the first table has them, which may say more, and may add some."""
        bodies = [self.section.body, *(child.body for child in self.section.children if is_bare(child.key))]
        for block in (block for body in bodies for block in body if block.kind is BlockKind.TABLE):
            if table := named_table(block, self.subjects):
                self.subjects = self.subjects.renamed(table.names)
                break
        return self.subjects.names

    def _body(self, overall: RowDraft) -> tuple[list[Block], list[Block]]:
        """Allot the section's own text; what is left, before and after the last that was taken."""
        notes: list[Block] = []
        after: list[Block] = []
        allotment = Allotment(self.subjects, self.by_sentences)
        for group in _groups(self.section.body, self.subjects):
            rows = self._table(group[0])
            if rows is None and len(group) == 1 and entries(group[0]):
                rows = allotment.rows(group[0], self.section.place.file)
            left = [] if rows is not None else allotment.fill(group, overall)
            if left == list(group):
                after += left
                continue
            self.rows += rows or []
            notes += [*after, *left]
            after = []
        has_begun = bool(self.rows) or any(overall.cells)
        return (notes, after) if has_begun else ([*notes, *after], [])

    def _table(self, block: Block) -> list[RowDraft] | None:
        """The rows of a table on the subjects; None for another one, or if its head says what no other place has."""
        table = named_table(block, self.subjects) if block.kind is BlockKind.TABLE else None
        if not table or table.names != self.subjects.names or (self.corner and table.corner not in ("", self.corner)):
            return None
        self.corner = self.corner or table.corner
        return table_rows(table, self.section.place.file)

    def _aspect(self, child: Section) -> None:
        """A sub-heading that is an aspect: a row."""
        row = RowDraft(child.title, child.place, len(self.subjects), child.key)
        row.sources = child.sources
        allotment = Allotment(self.subjects, self.by_sentences)
        more: list[RowDraft] = []
        for group in _groups(child.body, self.subjects):
            rows = self._table(group[0])
            if rows is None and len(group) == 1 and is_bare(child.key):
                rows = allotment.rows(group[0], child.place.file)
            more += rows or []
            if rows is None:
                row.span += allotment.fill(group, row)
        for deeper in child.children:
            index = self.subjects.index(topic(deeper.key))
            target = row.span if index is None else row.cells[index]
            if index is None:
                target.append(small_heading(deeper.title, deeper.place.line))
            target += _everything(deeper)
        if not more or not row.is_empty:
            self.below.append(row)
        self.below += more

    def _column(self, child: Section, index: int, overall: RowDraft) -> None:
        """A sub-heading that is a subject: a column. Deeper headings and labels in it are aspects."""
        if spelling(child.key) not in spelling(self.subjects.names[index]):
            overall.cells[index].append(small_heading(child.title, child.place.line))
        for block in child.body:
            found = entries(block)
            if found and all(entry.label for entry in found):
                for entry in found:
                    place = Place(child.place.file, entry.line)
                    row_of(self.below, entry.label, place, len(self.subjects)).cells[index] += entry.blocks
            else:
                overall.cells[index].append(block)
        for deeper in child.children:
            row = row_of(self.below, deeper.title, deeper.place, len(self.subjects))
            row.cells[index] += _everything(deeper)
        overall.sources = (*overall.sources, *child.sources)


def _groups(blocks: Sequence[Block], subjects: Subjects) -> list[list[Block]]:
    """Blocks that are looked at together: `Spark 的优势：` goes with the list that follows it."""
    groups: list[list[Block]] = []
    leads = False
    for block in blocks:
        if leads and block.kind is not BlockKind.PARAGRAPH:
            groups[-1].append(block)
            leads = False
            continue
        groups.append([block])
        leads = leads_on(block) and len(set(subjects.mentioned(block.text))) == 1
    return groups


def _everything(section: Section) -> list[Block]:
    """A sub-section as plain blocks: its body, and below it those of its children under small headings."""
    blocks = list(section.body)
    for child in section.children:
        blocks += [small_heading(child.title, child.place.line), *_everything(child)]
    return blocks
