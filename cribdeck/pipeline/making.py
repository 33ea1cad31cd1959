"""From a reading to the outputs."""

import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from cribdeck import cache
from cribdeck.cache.store import Store
from cribdeck.deck import style_hashes, write_package
from cribdeck.diagnostics import Diagnostic, in_order, without
from cribdeck.errors import CribdeckError, NotesFolderMissing, TooManyRetired
from cribdeck.ledger import Change, Ledger, What, changes_between, record, record_styles, write_ledger
from cribdeck.pipeline.inputs import Inputs, program_key, take_inputs
from cribdeck.pipeline.issuing import issue_deck
from cribdeck.pipeline.library import Library
from cribdeck.pipeline.options import Options, Progress
from cribdeck.pipeline.outcome import Counts, Report, count_kinds
from cribdeck.pipeline.reading import Reading, understand
from cribdeck.pipeline.retired import keep_retired
from cribdeck.pipeline.session import Session
from cribdeck.pipeline.unchanged import Sources, remember
from cribdeck.pipeline.units import Unit
from cribdeck.transaction import write_together

if TYPE_CHECKING:
    from cribdeck.sheet import Sheet

Kept = TypeVar("Kept", bound=msgspec.Struct)
_PRINTS = frozenset({"sheet", "cutouts"})
_MARKS = {What.NEW: "new", What.DOUBTFUL: "new", What.UPDATED: "updated", What.REWORDED: "updated"}
"""What the preview says of a card."""


def plan(options: Options, *, now: int) -> tuple[Change, ...]:
    """What a build would do to the deck; writes nothing."""
    inputs = take_inputs(options)
    with Store(options.store, is_read_only=True) as store:
        reading = understand(inputs, Library(inputs, store))
        _, shipped = issue_deck(reading)
    ledger = record(reading.ledger, reading.built(shipped), now=now)
    return _changes(reading, ledger)


def make(inputs: Inputs, *, now: int, progress: Progress, session: Session) -> Report:
    """Build what lies in the notes folder; see `build`."""
    with Store(inputs.options.store) as store:
        reading = understand(inputs, Library(inputs, store, session.memory), progress)
        report = _Making(reading, progress, session).make(now)
    remember(inputs, report, Sources(reading.imprint.templates.folders, reading.pictures.seen, _fonts(inputs.options)))
    return report


def _fonts(options: Options) -> tuple[Path, ...]:
    if not options.only & _PRINTS:
        return ()
    from cribdeck.sheet.fonts import font_folders

    return font_folders()


class _Shelf:
    """What the writer of decks keeps: made by this program, with these versions of what lays out and compresses."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._base = program_key() + f"{sqlite3.sqlite_version} {zlib.ZLIB_RUNTIME_VERSION}".encode()

    def load(self, keys: Sequence[bytes], kind: type[Kept]) -> dict[bytes, Kept]:
        """See `cribdeck.deck.groups.Shelf`."""
        own = {self._own(key): key for key in keys}
        return {own[key]: entry for key, entry in self._library.load(list(own), kind).items()}

    def keep(self, entries: Mapping[bytes, msgspec.Struct]) -> None:
        """See `cribdeck.deck.groups.Shelf`."""
        self._library.keep({self._own(key): entry for key, entry in entries.items()})

    def _own(self, key: bytes) -> bytes:
        return cache.digest(self._base + key)


class _Making:
    """One build, from what was read to what is written."""

    def __init__(self, reading: Reading, progress: Progress, session: Session) -> None:
        self._reading = reading
        self._options = reading.options
        self._progress = progress
        self._session = session
        self._diagnostics = list(reading.diagnostics)
        self._outputs: dict[Path, bytes] = {}
        self._written: set[Path] = set()

    def make(self, now: int) -> Report:
        """Render and write everything that was asked for."""
        reading, options = self._reading, self._options
        ledger = self._deck(now)
        changes = _changes(reading, ledger)
        keep_retired(options, changes)
        if options.live and options.only & _PRINTS:
            # Who watches sees deck and page at once; what is printed takes longer.
            self._preview(changes, self._session.pdf)
            self._publish(ledger)
        prints, failures = self._prints()
        if prints and options.live:
            self._publish(ledger)
        self._session.pdf = prints["sheet"].pdf if "sheet" in prints else self._session.pdf
        self._preview(changes, prints["sheet"].pdf if "sheet" in prints else None)
        self._publish(ledger)
        return Report(
            options=options,
            counts=_counts(reading.units),
            changes=changes,
            diagnostics=self._told(),
            pages={f"{name}.pdf": found.pages for name, found in prints.items()},
            written=tuple(path for path in self._outputs if path in self._written),
            kept=tuple(path for path in self._outputs if path not in self._written),
            failures=tuple(failures),
            adopted=reading.adopted,
        )

    def _deck(self, now: int) -> Ledger:
        """The ledger after the build; the deck, if it is asked for, is among the outputs then."""
        reading, ledger = self._reading, self._reading.ledger
        deck, shipped = None, None
        if "deck" in self._options.only:
            self._progress("deck", 0, 1)
            deck, shipped = issue_deck(reading)
            self._diagnostics += deck.diagnostics
            ledger = record_styles(ledger, style_hashes(reading.imprint.templates), now=now)
        ledger = record(ledger, reading.built(shipped), now=now)
        _check_notes(reading)
        _check_retired(reading, ledger)
        if deck:
            self._outputs[self._options.deck] = write_package(deck, ledger, shelf=_Shelf(reading.library))
        return ledger

    def _prints(self) -> tuple[dict[str, "Sheet"], list[CribdeckError]]:
        """What is to be printed, by name; and why something could not be."""
        found: dict[str, Sheet] = {}
        failures: list[CribdeckError] = []
        for name in sorted(self._options.only & _PRINTS, reverse=True):
            self._progress(name, 0, 1)
            try:
                found[name] = self._print(name)
            except CribdeckError as error:
                failures.append(error)
            else:
                self._outputs[self._options.output / f"{name}.pdf"] = found[name].pdf
                self._diagnostics += found[name].diagnostics
        return found, failures

    def _print(self, name: str) -> "Sheet":
        from cribdeck import sheet

        edition, work = self._reading.edition(), self._options.output / cache.FOLDER
        if name == "cutouts":
            return sheet.build_cutouts(edition, work=work)
        return sheet.build_sheet(edition, work=work, press=self._session.press(work))

    def _preview(self, changes: Sequence[Change], pdf: bytes | None) -> None:
        """The page, and what lies beside it, if it is asked for. It shows the pages of `pdf`."""
        options = self._options
        if "preview" not in options.only:
            return
        from cribdeck.preview import STAMP_NAME, Outcome, build_preview

        self._progress("preview", 0, 1)
        outcome = Outcome(
            diagnostics=self._told(),
            marks={change.entry.guid: _MARKS[change.what] for change in changes if change.what in _MARKS},
            gone=[change.entry for change in changes if change.what is What.GONE],
            sheet=pdf,
            has_sheet=pdf is not None or (options.output / "sheet.pdf").exists(),
            live=options.live,
        )
        preview = build_preview(self._reading.edition(), outcome)
        self._outputs[options.output / "preview.html"] = preview.html.encode()
        if options.live:
            self._outputs[options.output / STAMP_NAME] = preview.stamp

    def _told(self) -> tuple[Diagnostic, ...]:
        if len(self._diagnostics) == len(self._reading.diagnostics):
            return self._reading.diagnostics
        return without(in_order(self._diagnostics), self._reading.settings.ignore)

    def _publish(self, ledger: Ledger) -> None:
        """Write what there is so far, all of it or nothing."""
        files = {self._options.ledger: write_ledger(ledger), **self._outputs}
        self._written |= set(write_together(files, output=self._options.output))


def _counts(units: Sequence[Unit]) -> Counts:
    return Counts(
        files=len(units),
        headings=sum(len(unit.outline.headings) for unit in units),
        comparisons=sum(unit.comparisons for unit in units),
        gaps=sum(unit.gaps for unit in units),
        kinds=count_kinds(entry.kind for unit in units for entry in unit.entries),
    )


def _changes(reading: Reading, after: Ledger) -> tuple[Change, ...]:
    return changes_between(reading.ledger, after, identities=reading.identities, doubts=reading.doubts)


def _check_notes(reading: Reading) -> None:
    """Stop where the folder vanished while it was read: a disk unplugged, a share gone."""
    if reading.unread and not reading.options.notes.is_dir():
        raise NotesFolderMissing(reading.options.notes)


def _check_retired(reading: Reading, after: Ledger) -> None:
    """Stop where more than half of the deck would be gone: a wrong folder, an empty checkout."""
    live = [guid for guid, entry in reading.ledger.entries.items() if not entry.retired]
    gone = sum(guid not in after.entries or after.entries[guid].retired > 0 for guid in live)
    if 2 * gone > len(live) and not reading.options.allow_retire:
        raise TooManyRetired(gone, len(live), reading.options.notes)
