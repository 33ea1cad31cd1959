"""What notes give to learn: cards, comparisons, gaps."""

from enum import StrEnum

import msgspec

from cribdeck.diagnostics import Diagnostic, Place
from cribdeck.model.blocks import Block, has_content
from cribdeck.model.sections import Document, Role, Source


class Cell(msgspec.Struct, frozen=True):
    """A cell of a comparison: the blocks that fill it. No blocks: a gap."""

    blocks: tuple[Block, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether there is anything to learn in it."""
        return has_content(self.blocks)


class Row(msgspec.Struct, frozen=True):
    """An aspect and what each subject has to say of it.

    Attributes:
        aspect: Inline HTML; empty for the row of text that belongs to no aspect.
        cells: One a subject, in the subjects' order.
        span: What speaks of all subjects or of none: it spans the row.
        place: Of the aspect: a sub-heading's, a label's or a table row's line.
        section: The key of the sub-heading that the row was made from, if it was made from one.
    """

    aspect: str
    cells: tuple[Cell, ...]
    place: Place
    span: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    section: str = ""

    @property
    def filled(self) -> int:
        """How many cells are filled."""
        return sum(cell.filled for cell in self.cells)


class Comparison(msgspec.Struct, frozen=True):
    """Subjects side by side, aspect by aspect.

    `notes` is the section's own text that belongs in no row: it stands before the table; `after` is such text that
    stands after the note's own table. `corner` is what that table has above its first column (inline HTML), "" where
    it has nothing or was laid out by us.
    """

    place: Place
    subjects: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Block, ...] = ()
    corner: str = ""
    after: tuple[Block, ...] = ()

    @property
    def filled(self) -> int:
        """How many cells of the whole table are filled."""
        return sum(row.filled for row in self.rows)


class CardKind(StrEnum):
    """The kinds of card. The value stands in the ledger and must not change."""

    QUESTION = "question"
    OVERVIEW = "overview"
    COMPARISON = "comparison"
    ROW = "row"
    CLOZE = "cloze"
    TERM = "term"
    REVERSE = "reverse"


class Card(msgspec.Struct, frozen=True):
    """Something to be asked.

    Attributes:
        kind: Decides the note type.
        place: Of the heading, or of the row's own heading.
        trail: Keys of the headings above, outermost first.
        question: Inline HTML.
        key: The question as plain text. `(kind, file, trail, key, part)` is the card's exact place.
        part: Tells apart the cards that one heading gives: a row's aspect, a term; "" for the heading's own card.
        answer: The blocks of the answer; for a comparison those before the table.
        items: Titles (inline HTML) of the sub-questions that an overview asks for.
        table: The comparison that a `comparison` or `row` card shows.
        section_id: From `{#id}` in the heading; "" where there is none.
        context: The note's name, for a heading with none above it; "" for others.
    """

    kind: CardKind
    place: Place
    trail: tuple[str, ...]
    question: str
    key: str
    part: str = ""
    answer: tuple[Block, ...] = ()
    items: tuple[str, ...] = ()
    table: Comparison | None = None
    sources: tuple[Source, ...] = ()
    tags: tuple[str, ...] = ()
    deck: str = ""
    section_id: str = ""
    context: str = ""

    @property
    def file(self) -> str:
        """The note that it comes from."""
        return self.place.file


class Gap(msgspec.Struct, frozen=True):
    """A heading without an answer.

    `sources` and `body` (placeholders of missing pictures) are what the note already gives to look at.
    """

    place: Place
    trail: tuple[str, ...]
    question: str
    key: str
    body: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()


class Study(msgspec.Struct, frozen=True):
    """All that the notes give: documents for the sheet, cards for the deck, gaps to be answered.

    `comparisons` and `roles` are keyed by the heading's place. `links` gives for a reference (the file it stands in,
    what is typed there) the heading that is meant; line 1 of a file without headings is the file itself.
    """

    documents: tuple[Document, ...]
    cards: tuple[Card, ...]
    gaps: tuple[Gap, ...]
    comparisons: dict[Place, tuple[Comparison, ...]]
    links: dict[tuple[str, str], Place]
    roles: dict[Place, Role]
    diagnostics: tuple[Diagnostic, ...]
