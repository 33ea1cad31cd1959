"""What is made of one note by itself, all at once."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from cribdeck.cards import Lesson, lesson_of
from cribdeck.deck.contents import Album, CardContent, render_card
from cribdeck.diagnostics import Diagnostic, visible
from cribdeck.documents import read_document
from cribdeck.files import RawNote, decode_note
from cribdeck.pipeline.broken import without_broken
from cribdeck.pipeline.inputs import Inputs
from cribdeck.pipeline.pictures import Pictures
from cribdeck.pipeline.units import Unit, unit_of
from cribdeck.rendering import Imprint, Templates, guess_language, labels_in, script_in

_FENCED = re.compile(r"^ *(```|~~~).*?^ *\1", re.MULTILINE | re.DOTALL)
_SAMPLE = 100
_BEGINNING = 4_000
"""How many notes are looked at to guess the language of all, and how many bytes of each."""


class Harvest(msgspec.Struct, frozen=True, array_like=True):
    """A note's unit, or why it has none; and what goes beyond that, as far as it was asked for.

    Attributes:
        document: Encoded, as few need it.
        contents: Its cards, rendered in the language that was guessed; None where that failed. Encoded as well: Python
            takes two bytes for every character of a text with a single Han one.
    """

    unit: Unit | None
    problem: Diagnostic | None = None
    document: bytes | None = None
    contents: bytes | None = None


_CONTENTS = msgspec.msgpack.Decoder(tuple[CardContent, ...])


def rendered_cards(harvest: Harvest) -> tuple[CardContent, ...] | None:
    """The cards of a note as they were rendered; None where they were not."""
    return None if harvest.contents is None else _CONTENTS.decode(harvest.contents)


def read_lesson(note: RawNote, inputs: Inputs) -> Lesson | Diagnostic:
    """Parse a note; a section that breaks our reading is left out, and costs neither its note nor the others."""
    try:
        return _lesson(note, inputs)
    except Exception:  # noqa: BLE001 — as it says
        rest, left_out = without_broken(note, lambda part: _lesson(part, inputs))
    try:
        found = _lesson(rest, inputs)
    except Exception:  # noqa: BLE001 — even a blank note of that name is too much
        return left_out[-1]
    return replace(found, diagnostics=(*found.diagnostics, *left_out)) if isinstance(found, Lesson) else found


def _lesson(note: RawNote, inputs: Inputs) -> Lesson | Diagnostic:
    source = decode_note(note)
    if isinstance(source, Diagnostic):
        return source
    settings = inputs.settings
    document = read_document(source, inputs.media, bold_headings=settings.bold_headings)
    return lesson_of(document, settings)


def imprint_in(inputs: Inputs, language: str) -> Imprint:
    """What is the same on every card and page of a build in that language (`zh`, `en`)."""
    return Imprint(
        settings=inputs.settings,
        labels=labels_in(language),
        templates=Templates(inputs.options.templates),
        name=inputs.settings.deck or visible(inputs.options.notes.resolve().name) or "cribdeck",
    )


@dataclass(frozen=True)
class Harvester:
    """Makes what can be made of each of some notes by itself; it can be sent to another process.

    `listing` is that of the units. `language` is None where no card is to be rendered.
    """

    inputs: Inputs
    notes: tuple[RawNote, ...]
    listing: bytes
    language: str | None
    with_documents: bool

    def __call__(self, at: int) -> Harvest:
        """Of the note at that position."""
        lesson = read_lesson(self.notes[at], self.inputs)
        if isinstance(lesson, Diagnostic):
            return Harvest(None, lesson)
        document = msgspec.msgpack.encode(lesson.document) if self.with_documents else None
        return Harvest(unit_of(lesson, self.listing), None, document, self._rendered(lesson))

    def _rendered(self, lesson: Lesson) -> bytes | None:
        if self.language is None:
            return None
        try:
            contents = [render_card(self._imprint, card, self._album) for card in lesson.cards]
            return msgspec.msgpack.encode(contents)
        except Exception:  # noqa: BLE001 — rendered once more where it can be told
            return None

    @functools.cached_property
    def _imprint(self) -> Imprint:
        assert self.language
        return imprint_in(self.inputs, self.language)

    @functools.cached_property
    def _album(self) -> Album:
        return Album(Pictures(self.inputs.options.notes).read)


def guess(inputs: Inputs, notes: Sequence[RawNote]) -> str:
    """The language in which the notes will most likely be read: what they say in full is known only afterwards."""
    step = max(1, len(notes) // _SAMPLE)
    texts = [_FENCED.sub("", note.data[:_BEGINNING].decode("utf-8", "replace")) for note in notes[::step]]
    return inputs.settings.language or guess_language(map(script_in, texts))
