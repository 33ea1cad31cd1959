"""From a reading to the outputs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cribdeck.deck import make_deck, shipped, style_hashes, write_package
from cribdeck.diagnostics import Diagnostic, in_order, without
from cribdeck.errors import CribdeckError, TooManyRetired
from cribdeck.ledger import FILE_NAME, Change, Ledger, What, changes_between, record, record_styles, write_ledger
from cribdeck.locking import locked
from cribdeck.pipeline.options import DECK, Options, Progress
from cribdeck.pipeline.reading import Reading, read
from cribdeck.pipeline.retired import keep_retired
from cribdeck.preview import STAMP_NAME, Outcome, build_preview
from cribdeck.sheet import Sheet, build_cutouts, build_sheet
from cribdeck.writing import finish, write_together

_MARKS = {What.NEW: "new", What.DOUBTFUL: "new", What.UPDATED: "updated", What.REWORDED: "updated"}
"""What the preview says of a card."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did; `pages` by the outputs' names."""

    reading: Reading
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]
    pages: Mapping[str, int] = field(default_factory=dict)
    written: tuple[Path, ...] = ()
    failures: tuple[CribdeckError, ...] = ()


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
    with locked(options.output, options.notes):
        finish(options.output, options.notes / FILE_NAME)
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
    files = {options.output / name: data for name, data in outputs.items()}
    write_together({options.notes / FILE_NAME: write_ledger(ledger), **files}, output=options.output)
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
