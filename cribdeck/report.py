"""What the command line says of a build, in words and as JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cribdeck.ledger.changes import Change, What
from cribdeck.model import CardKind, plain_text

if TYPE_CHECKING:
    from cribdeck.ledger import Entry
    from cribdeck.mending import Retired
    from cribdeck.pipeline import Report
    from cribdeck.pipeline.reading import Reading
    from cribdeck.stats import Counted, Stats

_ALWAYS = (What.NEW, What.UPDATED, What.GONE)
"""What is counted even where there is none of it."""
_TELLING = (What.REWORDED, What.MOVED, What.GONE, What.DOUBTFUL)
"""What a build tells card by card, so that a wrong match is seen before the deck is imported."""
_FOLDED = 10


def summary(report: "Report", *, seconds: float) -> str:
    """A few lines on what was built and where it lies."""
    counts = report.counts
    by_kind = ", ".join(f"{count} {kind}" for kind, count in counts.kinds.items())
    lines = [
        "notes  "
        + ", ".join(
            (
                _count(counts.files, "file"),
                _count(counts.headings, "heading"),
                _count(counts.comparisons, "comparison"),
                _count(counts.gaps, "open question"),
            )
        ),
        f"cards  {counts.cards}" + (f" ({by_kind})" if by_kind else ""),
    ]
    if "deck" in report.options.only:
        lines.append(f"deck   {changes_line(report.changes)}")
        lines += [f"       {line}" for line in _told(report.changes)]
    if report.adopted is not None:
        lines.append(f"ledger was missing: made again from the last deck ({_count(report.adopted, 'card')} found)")
    for path in (*report.written, *report.kept):
        pages = f" ({_count(report.pages[path.name], 'page')})" if path.name in report.pages else ""
        lines.append(f"{'wrote' if path in report.written else 'same '}  {path}{pages}")
    return "\n".join([*lines, f"done in {seconds:.1f} s"]) + "\n"


def changes_line(changes: Sequence[Change]) -> str:
    """`3 new, 1 updated, 2 reworded, 0 gone`."""
    counts = Counter(change.what for change in changes)
    return ", ".join(f"{counts[what]} {what}" for what in What if counts[what] or what in _ALWAYS)


def plan_text(changes: Sequence[Change]) -> str:
    """Every card that a build would touch, one a line."""
    return "\n".join([*map(_change_line, changes), changes_line(changes)]) + "\n"


def _told(changes: Sequence[Change]) -> list[str]:
    """The changes of identity, at most so many of a kind."""
    lines: list[str] = []
    for what in _TELLING:
        some = [change for change in changes if change.what is what]
        lines += map(_change_line, some[:_FOLDED])
        if len(some) > _FOLDED:
            lines.append(f"… and {len(some) - _FOLDED:,} more {what}")
    return lines


def _change_line(change: Change) -> str:
    entry, before = change.entry, change.before
    shown = _named(entry)
    if change.what is What.REWORDED and before:
        shown = f"{entry.file}: {_shown(before.path[-1:])} → {_shown(entry.path[-1:])}"
    elif change.what is What.MOVED and before:
        shown = f"{_shown(entry.path[-1:])}: {_above(before)} → {_above(entry)}"
    elif change.what is What.DOUBTFUL:
        several = " or ".join(f"{candidate.number} ({_named(candidate)})" for candidate in change.candidates)
        shown += f"; may be {several}: `link {change.candidates[0].number} {entry.number}` says that it is the first"
    return f"{change.what:<8} {entry.number}  {shown}"


def _named(entry: "Entry") -> str:
    part = f" · {entry.part}" if entry.part else ""
    return f"{entry.file}: " + _shown((*entry.trail, entry.question)) + part


def _above(entry: "Entry") -> str:
    return _shown((entry.file, *entry.path[:-1]))


def _shown(keys: Sequence[str]) -> str:
    return " › ".join(keys)


def retired_text(retired: "Retired") -> str:
    """The cards that are gone, and how to delete their notes in Anki."""
    lines = [f"{entry.number}  {_named(entry)}" for entry in retired.entries]
    lines.append(f"{_count(len(retired.entries), 'card')} gone")
    if retired.package:
        lines.append(f"wrote  {retired.package}; import it, then search Anki's browser and delete what is found:")
    elif retired.searches:
        lines.append("search Anki's browser and delete what is found:")
    return "\n".join([*lines, *(f"  {search}" for search in retired.searches)]) + "\n"


def cards_json(reading: "Reading") -> str:
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


def cards_text(reading: "Reading", *, width: int) -> str:
    """Every card for a person; a comparison as a table of at most `width` columns."""
    from cribdeck.comparisons.terminal import table_lines

    lines: list[str] = []
    for card, identity in zip(reading.study.cards, reading.identities, strict=True):
        trail = " › ".join((*card.trail, plain_text(card.question)))
        lines.append(f"{identity.number}  {card.kind:<10} {trail}  ({card.place})")
        if card.kind is CardKind.COMPARISON and card.table:
            lines += ["      " + line for line in table_lines(card.table, width - 6)]
    return "\n".join([*lines, _count(len(reading.study.cards), "card")]) + "\n"


def stats_report(reading: "Reading", *, as_json: bool) -> str:
    """The notes in numbers."""
    from cribdeck.stats import stats_of

    stats = stats_of(reading.study)
    return stats_json(stats) if as_json else stats_text(stats, name=reading.edition().name)


def stats_json(stats: "Stats") -> str:
    """The numbers as an object: kinds, decks, sections, longest, linked. A stable format."""
    import msgspec

    return json.dumps(msgspec.to_builtins(stats), ensure_ascii=False, indent=1) + "\n"


def stats_text(stats: "Stats", *, name: str) -> str:
    """The numbers for a person: a bar for each part of the notes, `█` answered and `░` open."""
    most = max((part.answered + part.open for part in stats.sections), default=1)
    lines = [f"{_count(sum(stats.kinds.values()), 'card')}, {stats.answered:,} answered, {stats.open:,} open"]
    lines += [f"  {count:>6,}  {kind}" for kind, count in stats.kinds.items()]
    if set(stats.decks) - {""}:
        lines += ["by deck", *(f"  {count:>6,}  {deck or name}" for deck, count in stats.decks.items())]
    lines.append("answered and open")
    for part in stats.sections:
        bar = "█" * round(20 * part.answered / most) + "░" * -(-20 * part.open // most)
        lines.append(f"  {part.answered:>4} / {part.answered + part.open:<4} {bar:<20}  {part.name}  ({part.place})")
    lines += [*_counted("longest answers, in characters", stats.longest), *_counted("most linked", stats.linked)]
    return "\n".join(lines) + "\n"


def _counted(heading: str, found: Sequence["Counted"]) -> list[str]:
    return [heading, *(f"  {one.count:>6,}  {one.title}  ({one.place})" for one in found)] if found else []


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
