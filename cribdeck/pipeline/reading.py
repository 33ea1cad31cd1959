"""The notes read, and every card recognised; nothing is rendered or written."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cribdeck.alike import asked_in
from cribdeck.cards import study
from cribdeck.deck import make_deck
from cribdeck.deck.reading import UnreadablePackage, known_notes, read_package
from cribdeck.diagnostics import Diagnostic, in_order, without
from cribdeck.documents import failed, read_document
from cribdeck.errors import DeckUnreadable
from cribdeck.files import RawNote, decode_note
from cribdeck.ledger import Built, Doubt, Identity, Ledger, Shipped, adopt, identify, read_ledger, recognise
from cribdeck.model import Document, Study
from cribdeck.pipeline.inputs import Inputs, take_inputs
from cribdeck.pipeline.options import Options, Progress
from cribdeck.pipeline.pictures import Pictures
from cribdeck.quality import answered_elsewhere, judge
from cribdeck.rendering import Edition, Templates, labels_for
from cribdeck.settings import Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """The notes as read, before anything is rendered or written. `unread` are files that gave nothing this time."""

    inputs: Inputs
    pictures: Pictures
    study: Study
    ledger: Ledger
    identities: tuple[Identity, ...]
    unread: frozenset[str]
    doubts: tuple[Doubt, ...] = ()
    adopted: int | None = None
    """The ledger was missing and was made again from the last deck, in which so many of the cards were found."""

    @property
    def options(self) -> Options:
        """What was asked for."""
        return self.inputs.options

    @property
    def settings(self) -> Settings:
        """What the notes folder says."""
        return self.inputs.settings

    def built(self, shipped_cards: Sequence[Shipped] | None) -> Built:
        """What the ledger is to remember."""
        return Built(self.study.cards, self.identities, shipped_cards, self.unread)

    def edition(self) -> Edition:
        """What the writers are given."""
        return Edition(
            study=self.study,
            identities=self.identities,
            settings=self.settings,
            labels=labels_for(self.settings.language, self.study.documents),
            templates=Templates(self.options.templates),
            name=self.settings.deck or self.options.notes.resolve().name or "cribdeck",
            read_media=self.pictures.read,
        )


def read(options: Options) -> Reading:
    """Read the notes and find out who is who; writes nothing.

    Raises:
        CribdeckError: The folder, the settings or the ledger stop the build.
    """
    return understand(take_inputs(options))


def understand(inputs: Inputs, progress: Progress = lambda *_: None) -> Reading:
    """Parse what was read, and find out who is who."""
    options, settings = inputs.options, inputs.settings
    ledger = read_ledger(options.ledger)
    documents: list[Document] = []
    problems: list[Diagnostic] = []
    unread: set[str] = set()
    for at, note in enumerate(inputs.notes):
        progress("reading", at, len(inputs.notes))
        document = _read_one(note, inputs)
        if isinstance(document, Document):
            documents.append(document)
        else:
            problems.append(document)
            unread.add(document.place.file)
    found = study(documents, settings)
    elsewhere = answered_elsewhere(asked_in(found.cards, found.gaps))
    found = replace(found, diagnostics=without(in_order([*found.diagnostics, *problems, *elsewhere]), settings.ignore))
    reading = Reading(inputs, Pictures(options.notes), found, ledger or _begun(), (), frozenset(unread))
    if ledger is None and options.deck.exists():
        reading = _adopting(reading)
    who = recognise(found.cards, reading.ledger)
    return replace(reading, identities=who.identities, doubts=who.doubts)


def _begun() -> Ledger:
    # A first ledger's salt is chance, so that two users' decks don't share guids; it is kept from then on.
    return Ledger(secrets.token_hex(8))


def _adopting(reading: Reading) -> Reading:
    """The reading with a ledger that is made from the last deck, where the ledger itself is missing."""
    path = reading.options.deck
    try:
        package = read_package(path.read_bytes())
    except (OSError, UnreadablePackage) as error:
        raise DeckUnreadable(path, str(error)) from error
    cards, ledger = reading.study.cards, reading.ledger
    provisional = replace(reading, identities=identify(cards, ledger))
    rendered = known_notes(make_deck(provisional.edition()))
    now = max(package.mods.values(), default=0)
    ledger = adopt(cards, rendered, (package.known(), package.styles), salt=ledger.salt, now=now)
    found = sum(not entry.retired for entry in ledger.entries.values())
    return replace(reading, ledger=ledger, adopted=found)


def _read_one(note: RawNote | Diagnostic, inputs: Inputs) -> Document | Diagnostic:
    source = decode_note(note) if isinstance(note, RawNote) else note
    if isinstance(source, Diagnostic):
        return source
    try:
        return read_document(source, inputs.media, bold_headings=inputs.settings.bold_headings)
    except Exception as error:  # noqa: BLE001 — a note that breaks our reading must not cost the others
        return failed(source.path, error)


def judged(reading: Reading) -> tuple[Diagnostic, ...]:
    """The diagnostics of a reading, and beside them what makes its cards hard to learn."""
    found = in_order([*reading.study.diagnostics, *judge(reading.study)])
    return without(found, reading.settings.ignore)
