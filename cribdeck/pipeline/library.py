"""The notes of a build: parsed only where it is not known yet what they give."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from cribdeck import cache
from cribdeck.cache.store import Store
from cribdeck.cards import Lesson, lesson_of
from cribdeck.deck.contents import CardContent
from cribdeck.diagnostics import Diagnostic
from cribdeck.files import RawNote
from cribdeck.markdown.inline import resolve_image
from cribdeck.model import Document
from cribdeck.pipeline.crew import Crew, is_worth_sharing
from cribdeck.pipeline.harvest import Harvest, Harvester, guess, read_lesson, rendered_cards
from cribdeck.pipeline.inputs import Inputs, program_key
from cribdeck.pipeline.options import Progress
from cribdeck.pipeline.units import Unit, unit_of
from cribdeck.rendering import labels_in

Kept = TypeVar("Kept", bound=msgspec.Struct)


class Memory:
    """What a process that builds again and again keeps of the last build."""

    def __init__(self) -> None:
        self.lessons: dict[bytes, Lesson] = {}
        self.units: dict[bytes, Unit] = {}


class Library:
    """Gives for each note its unit and, where that is needed, all of its lesson.

    Args:
        inputs: The notes as they lie on the disk.
        store: Where units are kept from build to build; None to keep none.
        memory: The same within one process.
    """

    def __init__(self, inputs: Inputs, store: Store | None = None, memory: Memory | None = None) -> None:
        self._inputs = inputs
        self._store = store
        self._memory = memory or Memory()
        notes = [note for note in inputs.notes if isinstance(note, RawNote)]
        base = _base_key(inputs)
        self._keys = {
            note.path: cache.digest(base + f"{note.digest} {note.path}".encode("utf-8", "surrogatepass"))
            for note in notes
        }
        self._notes = {note.path: note for note in notes}
        self._harvests: dict[str, Harvest] = {}
        self._language = ""

    def key(self, file: str) -> bytes:
        """By what a note with its settings is told apart from any other."""
        return self._keys[file]

    def units(self, progress: Progress) -> tuple[list[Unit], list[Diagnostic]]:
        """What the notes give, in their order, and for each that gives nothing the reason."""
        known = self._known_units()
        self._harvest([note for file, note in self._notes.items() if file not in known], progress)
        units: list[Unit] = []
        problems: list[Diagnostic] = []
        for at, note in enumerate(self._inputs.notes):
            progress("reading", at, len(self._inputs.notes))
            found = known.get(note.path) or self._read(note.path) if isinstance(note, RawNote) else note
            if isinstance(found, Unit):
                units.append(found)
            else:
                problems.append(found)
        self._forget()
        return units, problems

    def lesson(self, file: str) -> Lesson:
        """All of a note that gave a unit."""
        found = self._parsed(file)
        assert isinstance(found, Lesson), f"{file} gave a unit"
        return found

    def rendered(self, file: str, language: str) -> tuple[CardContent, ...] | None:
        """The cards of a note where they were rendered together with many others, in that language.

        They are given once, for all of them together are as large as the deck.
        """
        harvest = self._harvests.get(file)
        if harvest is None or language != self._language:
            return None
        self._harvests[file] = msgspec.structs.replace(harvest, contents=None)
        return rendered_cards(harvest)

    def load(self, keys: Sequence[bytes], kind: type[Kept]) -> dict[bytes, Kept]:
        """What was kept under the keys, as far as it is of that kind."""
        decoder = msgspec.msgpack.Decoder(kind)
        found: dict[bytes, Kept] = {}
        for key, data in self._store.get(keys).items() if self._store else ():
            # Whoever can write a checksum can write anything; and what does not fit is made again.
            try:
                found[key] = decoder.decode(data)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue
        return found

    def has(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys under which something is kept, which stays so."""
        return self._store.has(keys) if self._store else set()

    def keep(self, entries: Mapping[bytes, msgspec.Struct]) -> None:
        """Keep something for the next build."""
        if self._store:
            encoder = msgspec.msgpack.Encoder()
            self._store.put({key: encoder.encode(entry) for key, entry in entries.items()})

    def _known_units(self) -> dict[str, Unit]:
        """Those that were made before, and for which the pictures of the folder are where they were."""
        missing = [key for key in self._keys.values() if key not in self._memory.units]
        found = {**self.load(missing, Unit), **self._memory.units}
        known: dict[str, Unit] = {}
        for file, key in self._keys.items():
            unit = found.get(key)
            if unit and unit.listing != self._listing and self._finds_the_same(unit):
                unit = msgspec.structs.replace(unit, listing=self._listing)
                self.keep({key: unit})
            if unit and unit.listing == self._listing:
                known[file] = self._memory.units[key] = unit
            else:
                self._memory.lessons.pop(key, None)
        return known

    @functools.cached_property
    def _listing(self) -> bytes:
        return cache.digest(repr(sorted(self._inputs.media.items())).encode("utf-8", "surrogatepass"))

    def _finds_the_same(self, unit: Unit) -> bool:
        media = self._inputs.media
        return all((resolve_image(unit.file, typed, media) or "") == path for typed, path in unit.pictures)

    def _harvest(self, notes: Sequence[RawNote], progress: Progress) -> None:
        """Make all that can be made of notes by themselves, where there are so many that it is worth sharing."""
        size, all_notes = sum(len(note.data) for note in notes), len(self._inputs.notes)
        if not is_worth_sharing(size):
            return
        outputs, language = self._inputs.options.only, guess(self._inputs, notes)
        # The largest first: whoever is done before the others has little to wait for.
        notes = sorted(notes, key=lambda note: len(note.data), reverse=True)
        harvester = Harvester(
            self._inputs,
            tuple(notes),
            listing=self._listing,
            language=language if "deck" in outputs else None,
            with_documents=outputs != {"deck"},
        )
        crew = Crew(harvester, Harvest)
        made = crew.do(len(notes), lambda done: progress("reading", all_notes - len(notes) + done, all_notes))
        self._language = labels_in(language).language
        self._harvests = {note.path: harvest for note, harvest in zip(notes, made, strict=True)}

    def _read(self, file: str) -> Unit | Diagnostic:
        harvest = self._harvests.get(file)
        if harvest and harvest.unit:
            return self._new(file, harvest.unit)
        lesson = (harvest and harvest.problem) or self._parsed(file)
        if isinstance(lesson, Diagnostic):
            return lesson
        return self._new(file, unit_of(lesson, self._listing))

    def _new(self, file: str, unit: Unit) -> Unit:
        key = self._keys[file]
        self._memory.units[key] = unit
        self.keep({key: unit})
        return unit

    def _parsed(self, file: str) -> Lesson | Diagnostic:
        key = self._keys[file]
        if key in self._memory.lessons:
            return self._memory.lessons[key]
        harvest = self._harvests.get(file)
        if harvest and harvest.document:
            document = msgspec.msgpack.decode(harvest.document, type=Document)
            lesson: Lesson | Diagnostic = lesson_of(document, self._inputs.settings)
        else:
            lesson = read_lesson(self._notes[file], self._inputs)
        if isinstance(lesson, Lesson):
            self._memory.lessons[key] = lesson
        return lesson

    def _forget(self) -> None:
        """Keep no more in memory than one build needs."""
        current = set(self._keys.values())
        for kept in (self._memory.lessons, self._memory.units):
            for key in kept.keys() - current:
                del kept[key]


def _base_key(inputs: Inputs) -> bytes:
    """Of all that decides what a note gives beside the note: the program, and the settings but for what is printed."""
    settings = msgspec.structs.replace(inputs.settings, sheet=type(inputs.settings.sheet)(), ignore={}, exclude=())
    return cache.digest(program_key() + msgspec.json.encode(settings, order="sorted"))
