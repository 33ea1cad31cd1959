"""From a reading to the outputs."""

from cribdeck.deck import make_deck, shipped, style_hashes, write_package
from cribdeck.diagnostics import in_order, without
from cribdeck.errors import CribdeckError, NotesFolderMissing, TooManyRetired
from cribdeck.ledger import Change, Ledger, What, changes_between, record, record_styles, write_ledger
from cribdeck.model import Study
from cribdeck.pipeline.inputs import Inputs
from cribdeck.pipeline.options import DECK, Options, Progress
from cribdeck.pipeline.outcome import Counts, Report, count_kinds
from cribdeck.pipeline.reading import Reading, read, understand
from cribdeck.pipeline.retired import keep_retired
from cribdeck.pipeline.unchanged import Sources, remember
from cribdeck.preview import STAMP_NAME, Outcome, build_preview
from cribdeck.sheet import Sheet, build_cutouts, build_sheet
from cribdeck.sheet.fonts import font_folders
from cribdeck.transaction import write_together

_MARKS = {What.NEW: "new", What.DOUBTFUL: "new", What.UPDATED: "updated", What.REWORDED: "updated"}
"""What the preview says of a card."""


def plan(options: Options, *, now: int) -> tuple[Change, ...]:
    """What a build would do to the deck; writes nothing."""
    reading = read(options)
    edition = reading.edition()
    deck = make_deck(edition)
    ledger = record(reading.ledger, reading.built(shipped(deck)), now=now)
    return _changes(reading, ledger)


def make(inputs: Inputs, *, now: int, progress: Progress) -> Report:
    """Build what lies in the notes folder; see `build`."""
    reading = understand(inputs, progress)
    report = _write(reading, now=now, progress=progress)
    fonts = font_folders() if inputs.options.only & {"sheet", "cutouts"} else ()
    templates = reading.edition().templates.folders
    remember(inputs, report, Sources(templates, reading.pictures.seen, fonts))
    return report


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
    _check_notes(reading)
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
    changed = set(write_together({options.ledger: write_ledger(ledger), **files}, output=options.output))
    return Report(
        options=options,
        counts=_counts(reading.study),
        changes=changes,
        diagnostics=tuple(diagnostics),
        pages={f"{name}.pdf": found.pages for name, found in prints.items()},
        written=tuple(path for path in files if path in changed),
        kept=tuple(path for path in files if path not in changed),
        failures=tuple(failures),
        adopted=reading.adopted,
    )


def _counts(study: Study) -> Counts:
    return Counts(
        files=len(study.documents),
        headings=len(study.roles),
        comparisons=sum(len(found) for found in study.comparisons.values()),
        gaps=len(study.gaps),
        kinds=count_kinds(card.kind for card in study.cards),
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
