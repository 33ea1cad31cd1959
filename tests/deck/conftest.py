"""Notes on the disk, built into a package; and a collection of Anki's own that imports it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportLogWithChanges

# These two can only be loaded after anki.collection: the package's modules import each other in a ring.
from anki.cards import Card  # isort: skip
from anki.notes import Note  # isort: skip
from anki.scheduler.v3 import CardAnswer, Scheduler

from cribdeck import deck, ledger
from cribdeck.cards import study
from cribdeck.deck import Deck
from cribdeck.documents import read_document
from cribdeck.files import find_media, find_notes, read_media, read_note
from cribdeck.ledger import Ledger
from cribdeck.model import SourceFile
from cribdeck.rendering import Edition, Templates, labels_for
from cribdeck.settings import Settings

DAY = 86_400
FIRST_BUILD = 1_700_000_000
GOOD = CardAnswer.GOOD


@dataclass
class Workshop:
    """A notes folder and its ledger, built as often as a test likes; each build a day after the last."""

    folder: Path
    settings: Settings = field(default_factory=Settings)
    templates: Templates = field(default_factory=Templates)
    ledger: Ledger = field(default_factory=lambda: Ledger("salt"))
    now: int = FIRST_BUILD

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)

    def restyle(self, folder: Path, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.templates = Templates(folder)

    def edition(self) -> Edition:
        sources = [read_note(self.folder, path) for path in find_notes(self.folder)]
        media = find_media(self.folder)
        documents = [read_document(source, media) for source in sources if isinstance(source, SourceFile)]
        cards = study(documents, self.settings)
        return Edition(
            study=cards,
            identities=ledger.identify(cards.cards, self.ledger),
            settings=self.settings,
            labels=labels_for(self.settings.language, documents),
            templates=self.templates,
            name=self.settings.deck or "Notes",
            read_media=lambda path: read_media(self.folder, path),
        )

    def deck(self) -> Deck:
        return self.render(self.edition())

    def render(self, edition: Edition) -> Deck:
        return deck.make_deck(edition)

    def build(self) -> bytes:
        """One whole build: render, record, write."""
        edition = self.edition()
        made = deck.make_deck(edition)
        built = ledger.Built(ledger.entries_of(edition.study.cards), edition.identities, deck.shipped(made))
        known = ledger.record(self.ledger, built, now=self.now)
        self.ledger = ledger.record_styles(known, deck.style_hashes(edition.templates), now=self.now)
        self.now += DAY
        return deck.write_package(made, self.ledger)


@dataclass
class Desk:
    """A user's collection in Anki."""

    col: Collection
    folder: Path

    def take(self, package: bytes) -> ImportLogWithChanges.Log:
        """Import a package as the user does, with Anki's default options."""
        path = self.folder / "deck.apkg"
        path.write_bytes(package)
        request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
        log = self.col.import_anki_package(request).log
        # Anki keeps note types in Python from before the import.
        self.col.models._clear_cache()
        return log

    def notes(self) -> list[Note]:
        """All notes, in the order in which their cards are due."""
        return [card.note() for card in self.cards()]

    def cards(self) -> list[Card]:
        return [self.col.get_card(id_) for id_ in self.col.find_cards("", order="c.due asc, c.id asc")]

    def note(self, question: str) -> Note:
        (found,) = [note for note in self.notes() if note["Question"] == question]
        return found

    def type_of(self, note: Note) -> str:
        note_type = note.note_type()
        assert note_type is not None
        return str(note_type["name"])

    def note_types(self) -> list[str]:
        return sorted(found.name for found in self.col.models.all_names_and_ids())

    def study(self, note: Note) -> Card:
        """Answer the note's card "good" three times, after which it is a review card."""
        scheduler = self.col.sched
        assert isinstance(scheduler, Scheduler)
        card = note.cards()[0]
        for _ in range(3):
            card.start_timer()
            states = self.col._backend.get_scheduling_states(card.id)
            scheduler.answer_card(scheduler.build_answer(card=card, states=states, rating=GOOD))
            card.load()
        return card

    def sides(self, card: Card) -> tuple[str, str]:
        """A card's front and back as Anki renders them, without the style sheet and what the scripts say."""
        shown = card.render_output()
        front, back = (
            re.sub(r"(<script>).*?(?=</script>)", r"\1", side, flags=re.DOTALL)
            for side in (shown.question_text, shown.answer_text)
        )
        return front, back

    def reviews(self, card: Card) -> list[tuple[int, ...]]:
        """The card's lines in the review log."""
        assert self.col.db
        return [tuple(row) for row in self.col.db.all("select * from revlog where cid = ?", card.id)]


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    folder = tmp_path / "notes"
    folder.mkdir()
    return Workshop(folder)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "anki"
    folder.mkdir()
    col = Collection(str(folder / "collection.anki2"))
    yield Desk(col, folder)
    col.close()
