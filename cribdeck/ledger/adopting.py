"""A ledger made again from the last deck, where it was lost."""

from collections.abc import Sequence

from msgspec.structs import replace as changed

from cribdeck.ledger.entries import entries_of
from cribdeck.ledger.fingerprints import outline
from cribdeck.ledger.matching import Matching
from cribdeck.ledger.ranks import STEP
from cribdeck.ledger.records import Entry, KnownNote, Ledger, Style
from cribdeck.ledger.stages import match_certain, match_likely
from cribdeck.model import Card, CardKind

Ship = tuple[Sequence[KnownNote], Sequence[Style]]
"""The notes of a package, in its order, and its note types."""


def adopt(cards: Sequence[Card], rendered: Sequence[KnownNote], shipped: Ship, *, salt: str, now: int) -> Ledger:
    """The ledger of the notes and of the deck that was once built of them.

    A package does not tell which file a note is from, nor its heading's exact spelling, so that all is matched as if
    it stood in one file, and by what the cards show. What is not found in the notes is retired.

    Args:
        cards: In the order of the notes.
        rendered: What a package would have of each card now.
        shipped: The last package.
        salt: For the guids of cards to come.
        now: In seconds since 1970.
    """
    entries: dict[str, Entry] = {}
    bare = entries_of(cards)
    notes, styles = shipped
    for is_cloze in (False, True):
        here = [at for at, note in enumerate(rendered) if note.is_cloze is is_cloze]
        old = [_as_shown(note, rank) for rank, note in enumerate(notes, start=1) if note.is_cloze is is_cloze]
        matching = Matching(old, [_as_shown(rendered[at], at + 1) for at in here])
        match_likely(matching, match_certain(matching))
        for at, to in matching.new_of.items():
            entry, known = bare[here[to]], old[at]
            history = {"note_type": known.note_type, "hash": known.hash, "mod": known.mod}
            rank = entry.rank * STEP
            entries[known.guid] = changed(entry, guid=known.guid, number=known.number, rank=rank, **history)
        for at in matching.free_old():
            entries[old[at].guid] = changed(old[at], retired=now)
    return Ledger(salt, entries, {style.note_type: style for style in styles})


def _as_shown(note: KnownNote, rank: int) -> Entry:
    return Entry(
        guid=note.guid,
        kind=CardKind.CLOZE if note.is_cloze else CardKind.QUESTION,
        file="",
        trail=note.trail,
        question=note.shown,
        rank=rank,
        number=note.number,
        answer=outline(note.answer),
        note_type=note.note_type,
        hash=note.hash,
        mod=note.mod,
    )
