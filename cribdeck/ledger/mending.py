"""What the user tells the ledger himself: that two cards are one, that one is two, that gone cards are forgotten."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace as changed

from cribdeck.ledger.entries import entries_of
from cribdeck.ledger.guids import new_guid, new_number
from cribdeck.ledger.records import Entry, Ledger
from cribdeck.model import Card


def link(ledger: Ledger, old: Entry, card: Card, *, instead_of: str, now: int) -> Ledger:
    """The ledger in which a card is the one that `old` was.

    Args:
        ledger: As it is.
        old: Of this ledger; no other card of the notes has its guid.
        card: Of the notes.
        instead_of: The guid that the card has now; retired if it was in a deck.
        now: In seconds since 1970.
    """
    (bare,) = entries_of([card])
    entries = dict(ledger.entries)
    former = entries.get(instead_of)
    if former:
        entries[instead_of] = changed(former, retired=former.retired or now)
    entries[old.guid] = changed(
        bare,
        guid=old.guid,
        number=old.number,
        rank=former.rank if former else 0,
        note_type=old.note_type,
        hash=old.hash,
        mod=old.mod,
    )
    return changed(ledger, entries=entries)


def unlink(ledger: Ledger, old: Entry, card: Card, *, now: int) -> tuple[Ledger, Entry]:
    """The ledger in which a card is new, and what it was matched with is gone; and the new card's entry."""
    (bare,) = entries_of([card])
    guid = new_guid(ledger.salt, bare, ledger.entries)
    number = new_number(guid, {entry.number for entry in ledger.entries.values()})
    entry = changed(bare, guid=guid, number=number, rank=old.rank)
    entries = {**ledger.entries, old.guid: changed(old, retired=now), guid: entry}
    return changed(ledger, entries=entries), entry


def forget(ledger: Ledger) -> Ledger:
    """The ledger without what is gone: should it come back, it is new."""
    return changed(ledger, entries={guid: entry for guid, entry in ledger.entries.items() if not entry.retired})


def tagged(ledger: Ledger, mods: Mapping[str, int]) -> Ledger:
    """The ledger after retired notes were shipped once more with a tag, at these times (guid → `mod`).

    What was last shipped of them is no deck's content any more, so that they are shipped anew if they come back.
    """
    known = ((guid, mod, ledger.entries[guid]) for guid, mod in mods.items())
    entries = {guid: changed(entry, mod=mod, hash="") for guid, mod, entry in known}
    return changed(ledger, entries={**ledger.entries, **entries})


def named(entries: Iterable[Entry], name: str) -> list[Entry]:
    """The entries that a guid or a number means."""
    return [entry for entry in entries if name in (entry.guid, entry.number)]
