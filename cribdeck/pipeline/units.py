"""What one note gives, as flat data: enough to recognise its cards and to tell what all notes say of one another."""

import msgspec

from cribdeck.alike import asked_in
from cribdeck.cards import Lesson
from cribdeck.diagnostics import Diagnostic
from cribdeck.ledger import Entry, entries_of
from cribdeck.pipeline.questions import Questions, questions_of
from cribdeck.references import Outline, outline_of
from cribdeck.rendering import script_of


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """A note read, whatever other notes there are.

    Attributes:
        entries: Its cards as the ledger writes them down, without guid and number; ranks count up from 1.
        lines: Of each card.
        script: See `script_of`.
        pictures: See `Document.pictures`.
        listing: A digest of the list of pictures in which they were looked up.
    """

    outline: Outline
    entries: tuple[Entry, ...]
    lines: tuple[int, ...]
    questions: Questions
    comparisons: int
    gaps: int
    script: tuple[int, int]
    pictures: tuple[tuple[str, str], ...]
    listing: bytes
    diagnostics: tuple[Diagnostic, ...]

    @property
    def file(self) -> str:
        """The note's path."""
        return self.outline.file


def unit_of(lesson: Lesson, listing: bytes) -> Unit:
    """A lesson as a unit."""
    return Unit(
        outline=outline_of(lesson.document),
        entries=tuple(entries_of(lesson.cards)),
        lines=tuple(card.place.line for card in lesson.cards),
        questions=questions_of(asked_in(lesson.cards, lesson.gaps)),
        comparisons=sum(len(found) for found in lesson.comparisons.values()),
        gaps=len(lesson.gaps),
        script=script_of(lesson.document),
        pictures=lesson.document.pictures,
        listing=listing,
        diagnostics=lesson.diagnostics,
    )
