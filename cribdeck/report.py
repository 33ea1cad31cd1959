"""What the command line says of a build, in words and as JSON."""

import json
from collections import Counter
from collections.abc import Sequence

from cribdeck.ledger import Entry
from cribdeck.model import CardKind, Comparison, plain_text
from cribdeck.pipeline import Change, Reading, Report

_WHAT = ("new", "updated", "gone")


def summary(report: Report, *, seconds: float) -> str:
    """A few lines on what was built and where it lies."""
    study = report.reading.study
    kinds = Counter(card.kind for card in study.cards)
    by_kind = ", ".join(f"{kinds[kind]} {kind}" for kind in CardKind if kinds[kind])
    comparisons = sum(len(found) for found in study.comparisons.values())
    lines = [
        "notes  "
        + ", ".join(
            (
                _count(len(study.documents), "file"),
                _count(len(study.roles), "heading"),
                _count(comparisons, "comparison"),
                _count(len(study.gaps), "open question"),
            )
        ),
        f"cards  {len(study.cards)}" + (f" ({by_kind})" if by_kind else ""),
    ]
    if "deck" in report.reading.options.only:
        lines.append(f"deck   {changes_line(report.changes)}")
    for path in report.written:
        pages = f" ({_count(report.pages, 'page')})" if path.suffix == ".pdf" else ""
        lines.append(f"wrote  {path}{pages}")
    return "\n".join([*lines, f"done in {seconds:.1f} s"]) + "\n"


def changes_line(changes: Sequence[Change]) -> str:
    """`3 new, 1 updated, 0 gone`."""
    counts = Counter(change.what for change in changes)
    return ", ".join(f"{counts[what]} {what}" for what in _WHAT)


def plan_text(changes: Sequence[Change]) -> str:
    """Every card that a build would touch, one a line."""
    lines = [f"{change.what:<8} {change.entry.number}  {_named(change.entry)}" for change in changes]
    return "\n".join([*lines, changes_line(changes)]) + "\n"


def _named(entry: Entry) -> str:
    part = f" · {entry.part}" if entry.part else ""
    return f"{entry.file}: " + " › ".join((*entry.trail, entry.question)) + part


def cards_json(reading: Reading) -> str:
    """Every card as an object: guid, number, kind, file, line, deck, trail, question, part, tags. A stable format."""
    rows = [
        {
            "guid": identity.guid,
            "number": identity.number,
            "kind": card.kind.value,
            "file": card.place.file,
            "line": card.place.line,
            "deck": card.deck,
            "trail": list(card.trail),
            "question": card.key,
            "part": card.part,
            "tags": list(card.tags),
        }
        for card, identity in zip(reading.study.cards, reading.identities, strict=True)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def cards_text(reading: Reading, *, width: int) -> str:
    """Every card for a person; a comparison as a table of at most `width` columns."""
    lines = []
    for card, identity in zip(reading.study.cards, reading.identities, strict=True):
        trail = " › ".join((*card.trail, plain_text(card.question)))
        lines.append(f"{identity.number}  {card.kind:<10} {trail}  ({card.place})")
        if card.kind is CardKind.COMPARISON and card.table:
            lines += ["      " + line for line in _table(card.table, width - 6)]
    return "\n".join([*lines, _count(len(reading.study.cards), "card")]) + "\n"


def _table(comparison: Comparison, width: int) -> list[str]:
    grid = [["", *comparison.subjects]]
    for row in comparison.rows:
        cells = [" ".join(block.text for block in cell.blocks) for cell in row.cells]
        span = " ".join(block.text for block in row.span)
        if span and not row.filled:
            cells[0] = f"↔ {span}"
        grid.append([plain_text(row.aspect), *cells])
    column = max(8, (width - 3 * len(grid[0])) // len(grid[0]))
    return [" │ ".join(_fit(cell, column) for cell in row).rstrip() for row in grid]


def _fit(text: str, columns: int) -> str:
    """A text in exactly so many columns of a terminal, cut with an ellipsis."""
    out, used = "", 0
    for char in text:
        wide = 2 if ord(char) > 0x2E80 else 1
        if used + wide > columns - 1:
            return out + "…" + " " * (columns - used - 1)
        out, used = out + char, used + wide
    return out + " " * (columns - used)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
