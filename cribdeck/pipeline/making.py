"""From a reading to the outputs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cribdeck import cache
from cribdeck.cache.store import Store
from cribdeck.deck import style_hashes, write_package
from cribdeck.diagnostics import Diagnostic, in_order, without
from cribdeck.errors import CribdeckError, NotesFolderMissing, TooManyRetired
from cribdeck.ledger import Change, Ledger, What, changes_between, record, record_styles, write_ledger
from cribdeck.pipeline.inputs import Inputs
from cribdeck.pipeline.issuing import issue_deck
from cribdeck.pipeline.library import Library, Memory
from cribdeck.pipeline.options import DECK, Options, Progress
from cribdeck.pipeline.outcome import Counts, Report, count_kinds
from cribdeck.pipeline.reading import Reading, read, understand
from cribdeck.pipeline.retired import keep_retired
from cribdeck.pipeline.unchanged import Sources, remember
from cribdeck.pipeline.units import Unit
from cribdeck.transaction import write_together

if TYPE_CHECKING:
    from cribdeck.sheet import Sheet

_STORE = "notes.sqlite"
_MARKS = {What.NEW: "new", What.DOUBTFUL: "new", What.UPDATED: "updated", What.REWORDED: "updated"}
"""What the preview says of a card."""


def plan(options: Options, *, now: int) -> tuple[Change, ...]:
    """What a build would do to the deck; writes nothing."""
    reading = read(options)
    _, shipped = issue_deck(reading)
    ledger = record(reading.ledger, reading.built(shipped), now=now)
    return _changes(reading, ledger)


def make(inputs: Inputs, *, now: int, progress: Progress, memory: Memory | None = None) -> Report:
    """Build what lies in the notes folder; see `build`."""
    with Store(inputs.options.output / cache.FOLDER / _STORE) as store:
        reading = understand(inputs, Library(inputs, store, memory), progress)
        report = _write(reading, now=now, progress=progress)
    remember(inputs, report, Sources(reading.imprint.templates.folders, reading.pictures.seen, _fonts(inputs.options)))
    return report


def _fonts(options: Options) -> tuple[Path, ...]:
    if not options.only & {"sheet", "cutouts"}:
        return ()
    from cribdeck.sheet.fonts import font_folders

    return font_folders()


def _write(reading: Reading, *, now: int, progress: Progress) -> Report:
    options = reading.options
    diagnostics = [*reading.diagnostics]
    outputs: dict[str, bytes] = {}
    ledger = reading.ledger
    deck, shipped = None, None
    if "deck" in options.only:
        progress("deck", 0, 1)
        deck, shipped = issue_deck(reading)
        diagnostics += deck.diagnostics
        ledger = record_styles(ledger, style_hashes(reading.imprint.templates), now=now)
    ledger = record(ledger, reading.built(shipped), now=now)
    _check_notes(reading)
    _check_retired(reading, ledger)
    if deck:
        outputs[DECK] = write_package(deck, ledger)
    prints, failures = _prints(reading, progress)
    outputs |= {f"{name}.pdf": found.pdf for name, found in prints.items()}
    diagnostics = [*diagnostics, *(d for found in prints.values() for d in found.diagnostics)]
    diagnostics = [*without(in_order(diagnostics), reading.settings.ignore)]
    changes = _changes(reading, ledger)
    if "preview" in options.only:
        progress("preview", 0, 1)
        outputs |= _preview(reading, changes, diagnostics, prints.get("sheet"))
    keep_retired(options, changes)
    files = {options.output / name: data for name, data in outputs.items()}
    changed = set(write_together({options.ledger: write_ledger(ledger), **files}, output=options.output))
    return Report(
        options=options,
        counts=_counts(reading.units),
        changes=changes,
        diagnostics=tuple(diagnostics),
        pages={f"{name}.pdf": found.pages for name, found in prints.items()},
        written=tuple(path for path in files if path in changed),
        kept=tuple(path for path in files if path not in changed),
        failures=tuple(failures),
        adopted=reading.adopted,
    )


def _prints(reading: Reading, progress: Progress) -> tuple[dict[str, "Sheet"], list[CribdeckError]]:
    """What is to be printed, by name; and why something could not be."""
    found: dict[str, Sheet] = {}
    failures: list[CribdeckError] = []
    wanted = [name for name in ("sheet", "cutouts") if name in reading.options.only]
    for name in wanted:
        from cribdeck import sheet

        progress(name, 0, 1)
        print_ = sheet.build_sheet if name == "sheet" else sheet.build_cutouts
        try:
            found[name] = print_(reading.edition(), work=reading.options.output / cache.FOLDER)
        except CribdeckError as error:
            failures.append(error)
    return found, failures


def _preview(
    reading: Reading, changes: Sequence[Change], diagnostics: Sequence[Diagnostic], sheet: "Sheet | None"
) -> dict[str, bytes]:
    """The page, and what lies beside it, by name."""
    from cribdeck.preview import STAMP_NAME, Outcome, build_preview

    options = reading.options
    outcome = Outcome(
        diagnostics=diagnostics,
        marks={change.entry.guid: _MARKS[change.what] for change in changes if change.what in _MARKS},
        gone=[change.entry for change in changes if change.what is What.GONE],
        sheet=sheet.pdf if sheet else None,
        has_sheet=sheet is not None or (options.output / "sheet.pdf").exists(),
        live=options.live,
    )
    preview = build_preview(reading.edition(), outcome)
    return {"preview.html": preview.html.encode(), **({STAMP_NAME: preview.stamp} if options.live else {})}


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
    gone = sum(after.entries[guid].retired > 0 for guid in live)
    if 2 * gone > len(live) and not reading.options.allow_retire:
        raise TooManyRetired(gone, len(live), reading.options.notes)
