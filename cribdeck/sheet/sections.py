"""A note's sections as pieces of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from markupsafe import Markup, escape

from cribdeck.diagnostics import Place
from cribdeck.model import Block, BlockKind, Comparison, Document, Role, Row, Section, Source, plain_text
from cribdeck.rendering import Edition, Fragments
from cribdeck.sheet import measure
from cribdeck.sheet.code_lines import for_paper
from cribdeck.sheet.flows import Piece
from cribdeck.sheet.target import Anchors, SheetTarget

HUES = 6
_DEEPEST = 4
_LONGEST_TITLE = 200
"""Characters of a heading that stand in page margins and in a viewer's outline."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents; `number` is "" for a note's own title."""

    anchor: str
    number: str
    title: str
    hue: int


class Sections:
    """Lays out the sections of all notes. `entries` grows as they are laid out."""

    def __init__(self, edition: Edition, target: SheetTarget) -> None:
        self._edition = edition
        self._fragments: Fragments = edition.fragments(target)
        self._anchors = Anchors(edition.study.documents)
        self._geometry = measure.geometry_of(edition.settings.sheet)
        self._is_book = edition.settings.sheet.layout == "book"
        self._chapters = count(1)
        self._hue = 1
        self.entries: list[Entry] = []

    def document(self, document: Document, *, alone: bool) -> Iterator[Piece]:
        """A note: its title where there are several notes, its introduction, its numbered sections.

        Where one top heading holds the whole note, it is the title, and the headings below it are numbered.
        """
        whole = _whole(document, self._edition)
        chapters = whole.children if whole else document.sections
        self._hue = (len(self.entries) % HUES) + 1
        # What stands before the first section belongs to its pages in a book.
        before: list[Piece] = []
        if not alone or whole:
            before.append(self._banner(document, whole, alone=alone))
        before += self._body(document.intro, document.intro_sources, document.file, depth=1)
        if whole:
            before += self._body(whole.body, whole.sources, document.file, depth=1)
        note = document.file
        if not chapters:
            yield from self._begun(before, next(self._chapters) if self._is_book else 0, note=note)
        for section in chapters:
            number = next(self._chapters)
            self._hue = (number - 1) % HUES + 1
            self.entries.append(Entry(self._anchors.of(section.place), str(number), section.key, self._hue))
            pieces = [*before, *self._section(section, depth=0, number=number)]
            yield from self._begun(pieces, number, note=note, section=section.key)
            before, note = [], ""

    def _begun(self, pieces: list[Piece], number: int, *, note: str, section: str = "") -> Iterator[Piece]:
        """The pieces of one numbered section, which begins on a page of its own in a book."""
        if pieces:
            pages = str(number) if self._is_book else ""
            pieces[0] = replace(pieces[0], pages=pages, note=note, section=section)
        return iter(pieces)

    def _banner(self, document: Document, whole: Section | None, *, alone: bool) -> Piece:
        place = whole.place if whole else Place(document.file, 1)
        title = self._fragments.title(whole.title, document.file) if whole else escape(document.title)
        anchor = self._anchors.of(place)
        if not alone:
            self.entries.append(Entry(anchor, "", document.title, 0))
        # A heading in line 1 has the note's anchor for its own.
        is_taken = not whole and any(section.place == place for section in document.sections)
        head = _heading_tag("h2", "banner level-1", "" if is_taken else anchor, whole.key if whole else document.title)
        number = self._number(place) if whole else Markup()
        html = Markup('{}{}{}<span class="file">{}</span></h2>').format(head, title, number, document.file)
        return Piece(html, wide=True, place=place)

    def _section(self, section: Section, *, depth: int, number: int = 0) -> Iterator[Piece]:
        yield self._heading(section, depth=depth, number=number)
        comparisons = self._edition.study.comparisons.get(section.place)
        if comparisons:
            yield self._compared(section, comparisons)
            return
        yield from self._body(section.body, section.sources, section.place.file, depth=depth)
        for child in section.children:
            yield from self._section(child, depth=depth + 1)

    def _heading(self, section: Section, *, depth: int, number: int) -> Piece:
        is_gap = self._edition.study.roles.get(section.place) is Role.GAP
        kind = "bar" if depth == 0 else f"question depth-{min(depth, _DEEPEST)}"
        offset = 1 if len(self._edition.study.documents) > 1 else 0
        classes = f"{kind} level-{min(depth + 1 + offset, 6)} hue-{self._hue}{' gap' if is_gap else ''}"
        tag = f"h{min(depth + 2 + offset, 6)}"
        head = _heading_tag(tag, classes, self._anchors.of(section.place), section.key)
        title = self._fragments.title(section.title, section.place.file)
        chapter = Markup('<span class="chapter">{}</span>').format(number) if number else Markup()
        html = Markup('{}{}<span class="title">{}</span>{}</{}>').format(
            head, chapter, title, self._number(section.place), tag
        )
        # A heading without an answer leads up to nothing.
        leads = bool(section.body or section.children or section.sources)
        return Piece(html, leads=leads, opens=depth == 0, place=section.place)

    def _number(self, place: Place) -> Markup:
        number = self._edition.numbers.get(place)
        return Markup('<span class="number">{}</span>').format(number) if number else Markup()

    def _body(self, blocks: Sequence[Block], sources: Sequence[Source], file: str, *, depth: int) -> Iterator[Piece]:
        """A section's own text, taken apart where a table needs the whole width, and its sources."""
        run: list[Block] = []
        in_parts = _stands_in_parts(blocks)
        for block in blocks:
            wide = in_parts and block.kind is BlockKind.TABLE and measure.is_wide_table(block, self._geometry)
            if wide:
                yield from self._run(run, (), file, depth=depth)
                run = []
                html = self._wrap(self._blocks([block], file, room=self._geometry.page), "body", depth)
                yield Piece(html, wide=True, place=Place(file, block.line))
            else:
                run.append(block)
        yield from self._run(run, sources, file, depth=depth)

    def _run(self, blocks: Sequence[Block], sources: Sequence[Source], file: str, *, depth: int) -> Iterator[Piece]:
        html = self._blocks(blocks, file, room=self._geometry.column) + self._fragments.sources(sources)
        if html:
            line = blocks[0].line if blocks else sources[0].line
            yield Piece(self._wrap(html, "body", depth), place=Place(file, line))

    def _wrap(self, html: Markup, kind: str, depth: int) -> Markup:
        return Markup('<div class="{} depth-{} hue-{}">{}</div>').format(kind, min(depth, _DEEPEST), self._hue, html)

    def _blocks(self, blocks: Sequence[Block], file: str, *, room: float) -> Markup:
        if not _stands_in_parts(blocks):
            html = self._fragments.blocks(blocks, file)
        else:
            html = Markup().join(self._block(block, file, room) for block in blocks)
        return for_paper(html)

    def _block(self, block: Block, file: str, room: float) -> Markup:
        html = self._fragments.blocks([block], file)
        if block.kind is BlockKind.TABLE and block.children:
            widths = measure.column_shares(block, room)
            heights = [measure.height_of([cell.text for cell in row.children], widths, room) for row in block.children]
            return _with_columns(html, widths, _table_size(heights))
        return html

    def _compared(self, section: Section, comparisons: Sequence[Comparison]) -> Piece:
        """A section's comparison with all that stands below it: sub-headings that became rows or columns are in it."""
        wide = any(measure.is_wide_comparison(comparison, self._geometry) for comparison in comparisons)
        file = section.place.file
        room = self._geometry.page if wide else self._geometry.column
        parts = []
        for comparison in comparisons:
            parts.append(self._blocks(comparison.notes, file, room=room))
            parts.append(self._table(section, comparison, room))
        below = [source for each in section.walk() for source in each.sources]
        parts.append(self._fragments.sources(list({source.url: source for source in reversed(below)}.values())[::-1]))
        return Piece(self._wrap(Markup().join(parts), "body compared", 0), wide=wide, place=section.place)

    def _table(self, section: Section, comparison: Comparison, room: float) -> Markup:
        marks, heads, others = self._marks(section, comparison)
        html = for_paper(self._fragments.comparison(comparison, marks, heads=heads))
        subjects = len(comparison.subjects)
        if any(row.aspect for row in comparison.rows):
            first = measure.aspect_share(comparison, room)
            widths = [first, *[round((100 - first) / subjects, 2)] * subjects]
        else:
            widths = [round(100 / subjects, 2)] * subjects
        heights = [measure.height_of(_row_texts(row), widths[-subjects:], room) for row in comparison.rows]
        return others + _with_columns(html, widths, _table_size(heights))

    def _marks(self, section: Section, comparison: Comparison) -> tuple[dict[Place, Markup], list[Markup], Markup]:
        """Anchors and numbers of the sub-headings that are in the table, put where each one's text went.

        Returns:
            What stands after each row's aspect, after each subject, and before the table: the sub-headings that
            are neither a row nor a column by their name.
        """
        marks = {row.place: self._number(row.place) for row in comparison.rows if row.place != section.place}
        heads = [Markup() for _ in comparison.subjects]
        others = Markup()
        rows = {_plain(row.aspect): row.place for row in comparison.rows if row.aspect}
        names = [_plain(subject) for subject in comparison.subjects]
        for below in list(section.walk())[1:]:
            anchor = Markup('<a id="{}"></a>').format(self._anchors.of(below.place))
            if below.place in marks:
                marks[below.place] += anchor
                continue
            anchor += self._number(below.place)
            key = _plain(below.key)
            if key in rows:
                marks[rows[key]] += anchor
            elif (at := next((at for at, name in enumerate(names) if key in name), None)) is not None:
                heads[at] += anchor
            else:
                title = self._fragments.title(below.title, below.place.file)
                others += Markup('<span class="merged">{}{}</span>').format(title, anchor)
        return marks, heads, Markup('<p class="merged-titles">{}</p>').format(others) if others else Markup()


def _heading_tag(tag: str, classes: str, anchor: str, key: str) -> Markup:
    key = key[:_LONGEST_TITLE] + ("…" if key[_LONGEST_TITLE:] else "")
    head = (
        Markup('<{} class="{}" data-title="{}">') if not anchor else Markup('<{} class="{}" data-title="{}" id="{}">')
    )
    return head.format(tag, classes, key, anchor)


def _table_size(heights: Sequence[float]) -> str:
    """Where a table may be parted, by the lines of its rows: `short` nowhere, `long` between rows, `tall` anywhere.

    What may not be parted leaves a hole at a column's foot, so that it must be worth it.
    """
    tallest = max(heights, default=0)
    if sum(heights) <= 18 and tallest <= 7:
        return "short"
    return "long" if tallest <= 7 else "tall"


def _row_texts(row: Row) -> list[str]:
    """The text of each cell, a line a block."""
    cells = [_leaves(cell.blocks) for cell in row.cells]
    return cells if any(cells) else [_leaves(row.span)]


def _leaves(blocks: Sequence[Block]) -> str:
    return "\n".join(plain_text(each.html) for top in blocks for each in top.walk() if each.html)


def _plain(title: str) -> str:
    return plain_text(title).casefold().replace(" ", "").replace("-", "")


def _with_columns(html: Markup, widths: Sequence[float], size: str) -> Markup:
    """A table with the widths of its columns set, which WeasyPrint (70.0) lays out a third faster than without.

    A header that might be taller than a column is not repeated: WeasyPrint then loses most of the table's text.
    """
    head = html.partition("</thead>")[0]
    repeated = " repeated" if len(plain_text(head)) <= 160 else ""
    columns = Markup().join(Markup('<col style="width:{}%">').format(width) for width in widths)
    opened = Markup('<div class="table {}{}">').format(size, repeated)
    html = Markup(str(html).replace('<div class="table">', str(opened), 1))  # noqa: S704 — safe before, safe after
    start, tag, rest = str(html).partition("<table")
    attributes, _, rest = rest.partition(">")
    return Markup(f"{start}{tag}{attributes}><colgroup>{columns}</colgroup>{rest}")  # noqa: S704


def _stands_in_parts(blocks: Sequence[Block]) -> bool:
    """Whether each block is whole by itself; raw HTML may open in one and close in another."""
    return not any(block.kind is BlockKind.HTML for block in blocks)


def _whole(document: Document, edition: Edition) -> Section | None:
    """The one top heading that holds the whole note, if there is one."""
    first = document.sections[0] if len(document.sections) == 1 else None
    if first is None or len(first.children) < 2 or first.place in edition.study.comparisons:
        return None
    return first
