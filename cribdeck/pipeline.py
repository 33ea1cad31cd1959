"""One build, from the notes folder to the outputs; the only place where all stages meet."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cribdeck.cards import study
from cribdeck.deck import Note, make_deck, shipped, style_hashes, write_package
from cribdeck.deck.reading import UnreadablePackage, known_notes, read_package
from cribdeck.deck.retired import keep_notes, kept_notes
from cribdeck.diagnostics import Diagnostic, in_order, without
from cribdeck.documents import failed, read_document
from cribdeck.errors import CribdeckError, DeckUnreadable, TooManyRetired
from cribdeck.files import find_media, find_notes, locked, read_media, read_note, write_atomically
from cribdeck.ledger import (
    FILE_NAME,
    Built,
    Change,
    Doubt,
    Identity,
    Ledger,
    Shipped,
    What,
    adopt,
    changes_between,
    identify,
    read_ledger,
    recognise,
    record,
    record_styles,
    write_ledger,
)
from cribdeck.model import Document, Study
from cribdeck.preview import STAMP_NAME, Outcome, build_preview
from cribdeck.quality import answered_elsewhere, judge
from cribdeck.rendering import Edition, Templates, labels_for
from cribdeck.settings import Settings, load_settings
from cribdeck.sheet import Sheet, build_cutouts, build_sheet

OUTPUTS = ("deck", "sheet", "preview")
DECK = "deck.apkg"
_MARKS = {What.NEW: "new", What.DOUBTFUL: "new", What.UPDATED: "updated", What.REWORDED: "updated"}
"""What the preview says of a card."""
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Options:
    """Where a build reads and writes. `templates` is the user's own folder, if he has one; `live`: others follow."""

    notes: Path
    output: Path
    templates: Path | None = None
    only: frozenset[str] = frozenset(OUTPUTS)
    allow_retire: bool = False
    """Whether more than half of the deck may be gone at once."""
    live: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The notes as read, before anything is rendered or written. `unread` are files that gave nothing this time."""

    options: Options
    settings: Settings
    study: Study
    ledger: Ledger
    identities: tuple[Identity, ...]
    unread: frozenset[str]
    doubts: tuple[Doubt, ...] = ()
    adopted: int | None = None
    """The ledger was missing and was made again from the last deck, in which so many of the cards were found."""

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
class Report:
    """What a build did; `pages` by the outputs' names."""

    reading: Reading
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]
    pages: Mapping[str, int] = field(default_factory=dict)
    written: tuple[Path, ...] = ()
    failures: tuple[CribdeckError, ...] = ()


def read(options: Options, progress: Progress = lambda *_: None) -> Reading:
    """Read the notes and find out who is who; writes nothing.

    Raises:
        CribdeckError: The folder, the settings or the ledger stop the build.
    """
    settings = load_settings(options.notes)
    paths = find_notes(options.notes, settings.exclude)
    ledger = read_ledger(options.notes / FILE_NAME)
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
    elsewhere = answered_elsewhere(found)
    found = replace(found, diagnostics=without(in_order([*found.diagnostics, *problems, *elsewhere]), settings.ignore))
    reading = Reading(options, settings, found, ledger or _begun(), (), frozenset(unread))
    if ledger is None and (options.output / DECK).exists():
        reading = _adopting(reading)
    who = recognise(found.cards, reading.ledger)
    return replace(reading, identities=who.identities, doubts=who.doubts)


def _begun() -> Ledger:
    # A first ledger's salt is chance, so that two users' decks don't share guids; it is kept from then on.
    return Ledger(secrets.token_hex(8))


def _adopting(reading: Reading) -> Reading:
    """The reading with a ledger that is made from the last deck, where the ledger itself is missing."""
    path = reading.options.output / DECK
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
    return Report(reading, _changes(reading, ledger), in_order([*reading.study.diagnostics, *deck.diagnostics]))


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
    _check_retired(reading, ledger)
    if deck:
        outputs[DECK] = write_package(deck, ledger)
    prints: dict[str, Sheet] = {}
    for name, print_ in (("sheet", build_sheet), ("cutouts", build_cutouts)):
        if name in options.only:
            progress(name, 0, 1)
            try:
                prints[name] = print_(edition, work=options.output / ".cache")
            except CribdeckError as error:
                failures.append(error)
    outputs |= {f"{name}.pdf": found.pdf for name, found in prints.items()}
    diagnostics += [d for found in prints.values() for d in found.diagnostics]
    diagnostics = list(without(in_order(diagnostics), reading.settings.ignore))
    changes = _changes(reading, ledger)
    if "preview" in options.only:
        progress("preview", 0, 1)
        outcome = Outcome(
            diagnostics=diagnostics,
            marks={change.entry.guid: _MARKS[change.what] for change in changes if change.what in _MARKS},
            gone=[change.entry for change in changes if change.what is What.GONE],
            sheet=prints["sheet"].pdf if "sheet" in prints else None,
            has_sheet="sheet" in prints or (options.output / "sheet.pdf").exists(),
            live=options.live,
        )
        preview = build_preview(edition, outcome)
        outputs["preview.html"] = preview.html.encode()
        if options.live:
            outputs[STAMP_NAME] = preview.stamp
    keep_retired(options, changes)
    write_atomically(options.notes / FILE_NAME, write_ledger(ledger))
    for name, data in outputs.items():
        write_atomically(options.output / name, data)
    return Report(
        reading=reading,
        changes=changes,
        diagnostics=tuple(diagnostics),
        pages={f"{name}.pdf": found.pages for name, found in prints.items()},
        written=tuple(options.output / name for name in outputs),
        failures=tuple(failures),
    )


def _changes(reading: Reading, after: Ledger) -> tuple[Change, ...]:
    return changes_between(reading.ledger, after, identities=reading.identities, doubts=reading.doubts)


def _check_retired(reading: Reading, after: Ledger) -> None:
    """Stop where more than half of the deck would be gone: a wrong folder, an empty checkout."""
    live = [guid for guid, entry in reading.ledger.entries.items() if not entry.retired]
    gone = sum(after.entries[guid].retired > 0 for guid in live)
    if 2 * gone > len(live) and not reading.options.allow_retire:
        raise TooManyRetired(gone, len(live), reading.options.notes)


def kept_path(options: Options) -> Path:
    """Where the text of notes is kept that are gone from the notes: a cache, so that `retired` can tag them."""
    return options.output / ".cache" / "retired.json"


def keep_retired(options: Options, changes: Sequence[Change]) -> None:
    """Keep what the last deck has of the cards that are gone now: the next deck has them no more."""
    gone = {change.entry.guid for change in changes if change.what is What.GONE}
    if not gone:
        return
    kept = {note.guid: note for note in last_kept(options)}
    kept |= {note.guid: note for note in last_shipped(options) if note.guid in gone}
    write_atomically(kept_path(options), keep_notes(kept.values()))


def last_kept(options: Options) -> tuple[Note, ...]:
    """The notes that are kept; none where the cache is lost."""
    try:
        return kept_notes(kept_path(options).read_bytes())
    except OSError:
        return ()


def last_shipped(options: Options) -> tuple[Note, ...]:
    """The notes of the last deck; none where it is lost."""
    try:
        return read_package((options.output / DECK).read_bytes()).notes
    except (OSError, UnreadablePackage):
        return ()
