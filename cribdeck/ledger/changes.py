"""What a build does to the deck, as two ledgers tell it."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import msgspec

from cribdeck.ledger.records import Doubt, Entry, Identity, Ledger

Places = Mapping[tuple[str, tuple[str, ...]], str]
"""The guid of the card at each place."""


class What(StrEnum):
    """The ways in which a card changes."""

    NEW = "new"
    UPDATED = "updated"
    REWORDED = "reworded"
    MOVED = "moved"
    GONE = "gone"
    DOUBTFUL = "doubtful"


class Change(msgspec.Struct, frozen=True):
    """What a build does to one card.

    Attributes:
        what: The most telling way in which it changes; a reworded card is updated as well.
        entry: The card after the build.
        before: The card before it; None for a new one.
        candidates: For a doubtful card, which is new: the cards that it may be, all of them gone.
    """

    what: What
    entry: Entry
    before: Entry | None = None
    candidates: tuple[Entry, ...] = ()


def changes_between(
    before: Ledger, after: Ledger, *, identities: Sequence[Identity] = (), doubts: Sequence[Doubt] = ()
) -> tuple[Change, ...]:
    """What differs between two ledgers: the cards of the notes by file and in their order, then those that are gone.

    Args:
        before: The last build's ledger.
        after: This build's.
        identities: Those of this build's cards, if there are doubts.
        doubts: Cards that may be those of before.
    """
    doubtful = {identities[doubt.card].guid: doubt.candidates for doubt in doubts}
    places: list[Places] = []

    def moved(old: Entry, entry: Entry) -> bool:
        # Only a build in which something was respelled or moved asks.
        if not places:
            places.extend((_places(before), _places(after)))
        return _above(old, places[0]) != _above(entry, places[1])

    live: list[Change] = []
    gone: list[Change] = []
    for guid, entry in after.entries.items():
        old = before.entries.get(guid)
        if entry is old:
            continue
        if entry.retired:
            if old and not old.retired:
                gone.append(Change(What.GONE, entry, old))
        elif guid in doubtful:
            candidates = tuple(before.entries[candidate] for candidate in doubtful[guid])
            live.append(Change(What.DOUBTFUL, entry, None, candidates))
        elif old is None or old.retired or (entry.mod and not old.mod):
            live.append(Change(What.NEW, entry, old))
        else:
            what = _what(old, entry, moved)
            if what:
                live.append(Change(what, entry, old))
    return (*sorted(live, key=_order), *sorted(gone, key=_order))


def _what(old: Entry, entry: Entry, moved: Callable[[Entry, Entry], bool]) -> What | None:
    if old.path[-1] != entry.path[-1]:
        return What.REWORDED
    if old.file != entry.file or (old.trail != entry.trail and moved(old, entry)):
        return What.MOVED
    return What.UPDATED if old.mod and old.hash != entry.hash else None


def _places(ledger: Ledger) -> Places:
    return {(entry.file, entry.path): guid for guid, entry in ledger.entries.items() if not entry.retired}


def _above(entry: Entry, places: Places) -> str:
    """The guid of the card above, else where the card stands: what is below a reworded heading has not moved."""
    return places.get((entry.file, entry.path[:-1])) or "\x1f".join((entry.file, *entry.path[:-1]))


def _order(change: Change) -> tuple[str, int, str]:
    return change.entry.file, change.entry.rank, change.entry.guid
