"""One build, from the notes folder to the outputs; the only place where all stages meet."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cribdeck.cards import study
from cribdeck.deck import make_deck, shipped, style_hashes, write_package
from cribdeck.diagnostics import Diagnostic, in_order, without
from cribdeck.documents import failed, read_document
from cribdeck.errors import CribdeckError
from cribdeck.files import find_media, find_notes, locked, read_media, read_note, write_atomically
from cribdeck.ledger import (
    FILE_NAME,
    Built,
    Entry,
    Identity,
    Ledger,
    Shipped,
    identify,
    read_ledger,
    record,
    record_styles,
    write_ledger,
)
from cribdeck.model import Document, Study
from cribdeck.preview import build_preview
from cribdeck.quality import judge
from cribdeck.rendering import Edition, Templates, labels_for
from cribdeck.settings import Settings, load_settings
from cribdeck.sheet import build_sheet

OUTPUTS = ("deck", "sheet", "preview")
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Options:
    """Where a build reads and writes. `templates` is the user's own folder, if he has one."""

    notes: Path
    output: Path
    templates: Path | None = None
    only: frozenset[str] = frozenset(OUTPUTS)


@dataclass(frozen=True, slots=True)
class Reading:
    """The notes as read, before anything is rendered or written. `unread` are files that gave nothing this time."""

    options: Options
    settings: Settings
    study: Study
    ledger: Ledger
    identities: tuple[Identity, ...]
    unread: frozenset[str]

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
            read_media=lambda path: read_media(self.options.notes, path),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What a build does to one card of the deck, as the ledger sees it: `new`, `updated` or `gone`."""

    what: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    reading: Reading
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]
    pages: int = 0
    written: tuple[Path, ...] = ()
    failures: tuple[CribdeckError, ...] = ()


def read(options: Options, progress: Progress = lambda *_: None) -> Reading:
    """Read the notes and find out who is who; writes nothing.

    Raises:
        CribdeckError: The folder, the settings or the ledger stop the build.
    """
    settings = load_settings(options.notes)
    paths = find_notes(options.notes, settings.exclude)
    # A first ledger's salt is chance, so that two users' decks don't share guids; it is kept from then on.
    ledger = read_ledger(options.notes / FILE_NAME) or Ledger(secrets.token_hex(8))
    media = find_media(options.notes)
    documents: list[Document] = []
    problems: list[Diagnostic] = []
    unread: set[str] = set()
    for at, path in enumerate(paths):
        progress("reading", at, len(paths))
        document = _read_one(options.notes, path, media, settings)
        if isinstance(document, Document):
            documents.append(document)
        else:
            problems.append(document)
            unread.add(path)
    found = study(documents, settings)
    found = replace(found, diagnostics=without(in_order([*found.diagnostics, *problems]), settings.ignore))
    return Reading(options, settings, found, ledger, identify(found.cards, ledger), frozenset(unread))


def _read_one(folder: Path, path: str, media: dict[str, str], settings: Settings) -> Document | Diagnostic:
    source = read_note(folder, path)
    if isinstance(source, Diagnostic):
        return source
    try:
        return read_document(source, media, bold_headings=settings.bold_headings)
    except Exception as error:  # noqa: BLE001 — a note that breaks our reading must not cost the others
        return failed(path, error)


def judged(reading: Reading) -> tuple[Diagnostic, ...]:
    """The diagnostics of a reading, and beside them what makes its cards hard to learn."""
    found = in_order([*reading.study.diagnostics, *judge(reading.study)])
    return without(found, reading.settings.ignore)


def plan(options: Options, *, now: int) -> Report:
    """What a build would do to the deck; writes nothing."""
    reading = read(options)
    edition = reading.edition()
    deck = make_deck(edition)
    ledger = record(reading.ledger, reading.built(shipped(deck)), now=now)
    return Report(reading, _changes(reading.ledger, ledger), in_order([*reading.study.diagnostics, *deck.diagnostics]))


def build(options: Options, *, now: int | None = None, progress: Progress = lambda *_: None) -> Report:
    """Build the outputs that the options ask for.

    What one output lacks (a font for the sheet) is a failure in the report; the others are built all the same. The
    ledger is written before the outputs, so that a build that dies in between is made good by the next one.

    Args:
        options: What to build.
        now: The time in seconds since 1970; by default the clock's.
        progress: Told how far the build is.

    Raises:
        CribdeckError: Nothing could be built; what was there is untouched.
    """
    now = int(time.time()) if now is None else now
    with locked(options.output):
        reading = read(options, progress)
        return _write(reading, now=now, progress=progress)


def _write(reading: Reading, *, now: int, progress: Progress) -> Report:
    options, edition = reading.options, reading.edition()
    diagnostics = list(reading.study.diagnostics)
    failures: list[CribdeckError] = []
    outputs: dict[str, bytes] = {}
    ledger = reading.ledger
    deck = None
    if "deck" in options.only:
        progress("deck", 0, 1)
        deck = make_deck(edition)
        diagnostics += deck.diagnostics
        ledger = record_styles(ledger, style_hashes(edition), now=now)
    ledger = record(ledger, reading.built(shipped(deck) if deck else None), now=now)
    if deck:
        outputs["deck.apkg"] = write_package(deck, ledger)
    sheet = None
    if "sheet" in options.only:
        progress("sheet", 0, 1)
        try:
            sheet = build_sheet(edition, work=options.output / ".cache")
        except CribdeckError as error:
            failures.append(error)
    if sheet:
        outputs["sheet.pdf"] = sheet.pdf
        diagnostics += sheet.diagnostics
    diagnostics = list(without(in_order(diagnostics), reading.settings.ignore))
    changes = _changes(reading.ledger, ledger)
    if "preview" in options.only:
        progress("preview", 0, 1)
        marks = {change.entry.guid: change.what for change in changes}
        outputs["preview.html"] = build_preview(edition, diagnostics, marks).encode()
    write_atomically(options.notes / FILE_NAME, write_ledger(ledger))
    for name, data in outputs.items():
        write_atomically(options.output / name, data)
    return Report(
        reading=reading,
        changes=changes,
        diagnostics=tuple(diagnostics),
        pages=sheet.pages if sheet else 0,
        written=tuple(options.output / name for name in outputs),
        failures=tuple(failures),
    )


def _changes(before: Ledger, after: Ledger) -> tuple[Change, ...]:
    """What differs between two ledgers, in the order of the notes' files and questions as they come."""
    changes: list[Change] = []
    for guid, entry in after.entries.items():
        old = before.entries.get(guid)
        if entry.retired:
            if old and not old.retired:
                changes.append(Change("gone", entry))
        elif old is None or old.retired:
            changes.append(Change("new", entry))
        elif old.hash and old.hash != entry.hash:
            changes.append(Change("updated", entry))
    return tuple(changes)
