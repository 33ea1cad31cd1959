"""Giving each card the guid that it had, or a new one."""

from collections.abc import Sequence

import msgspec

from cribdeck.ledger.entries import entries_of
from cribdeck.ledger.guids import new_guid, new_number
from cribdeck.ledger.matching import Matching
from cribdeck.ledger.moves import moved_headings, parents_of
from cribdeck.ledger.records import Doubt, Entry, Identity, Ledger
from cribdeck.ledger.stages import match_certain, match_likely, match_parts, match_retired, match_reversed
from cribdeck.model import Card, CardKind

_BASIC = frozenset({CardKind.QUESTION, CardKind.OVERVIEW, CardKind.COMPARISON, CardKind.ROW})
"""They may become one another, a heading its parent's row, a question a comparison: their notes have equal fields."""
_PARTS = (CardKind.TERM, CardKind.CLOZE, CardKind.REVERSE)


class Recognition(msgspec.Struct, frozen=True):
    """Who the cards are: one identity a card, all different; and where that is in doubt."""

    identities: tuple[Identity, ...]
    doubts: tuple[Doubt, ...] = ()


def identify(cards: Sequence[Card], ledger: Ledger) -> tuple[Identity, ...]:
    """`recognise`, without the doubts."""
    return recognise(cards, ledger).identities


def recognise(cards: Sequence[Card], ledger: Ledger) -> Recognition:
    """`recognise_entries`, for cards."""
    return recognise_entries(entries_of(cards), ledger)


def recognise_entries(new: Sequence[Entry], ledger: Ledger) -> Recognition:
    """Give each card the guid that it had in the last build, or a new one.

    Matching is one to one, in stages from certain to likely (see `stages`). A retired card comes back where what is
    certain has found no other for it. In doubt, none is taken.

    Args:
        new: The cards as `entries_of` gives them, in the order of the notes.
        ledger: The last build's; it is not changed.
    """
    if not ledger.entries:
        return Recognition(_identities(ledger, new, {}))
    known: dict[int, Entry] = {}
    doubts: dict[int, list[str]] = {}
    heads = _Family(ledger, new, _BASIC)
    heads.match_heads()
    families = [heads]
    for kind in _PARTS:
        family = _Family(ledger, new, frozenset({kind}))
        if family.matching.new and family.matching.old:
            family.match_parts_of(heads, kind)
        family.match_retired()
        families.append(family)
    for family in families:
        known |= family.known()
        doubts |= family.doubts()
    found = tuple(Doubt(card, tuple(sorted(guids))) for card, guids in sorted(doubts.items()))
    return Recognition(_identities(ledger, new, known), found)


class _Family:
    """The cards of kinds that may become one another."""

    def __init__(self, ledger: Ledger, new: Sequence[Entry], kinds: frozenset[CardKind]) -> None:
        self._places = [to for to, entry in enumerate(new) if entry.kind in kinds]
        old = [entry for entry in ledger.entries.values() if entry.kind in kinds]
        self._retired = [entry for entry in old if entry.retired]
        self.matching = Matching([entry for entry in old if not entry.retired], [new[to] for to in self._places])
        self._returned: dict[int, Entry] = {}

    def match_heads(self) -> None:
        home = match_certain(self.matching)
        self.match_retired()
        match_likely(self.matching, home)

    def match_parts_of(self, heads: "_Family", kind: CardKind) -> None:
        if kind is CardKind.REVERSE:
            match_reversed(self.matching, heads.matching)
        else:
            match_parts(self.matching, moved_headings(heads.matching, parents_of(self.matching.old)))

    def match_retired(self) -> None:
        """Let retired cards come back as those that are free; these are out of the matching then."""
        if not self._retired:
            return
        free = list(self.matching.free_new())
        returning = Matching(self._retired, [self.matching.new[to] for to in free])
        match_retired(returning)
        for to, at in returning.old_of.items():
            self._returned[self._places[free[to]]] = self._retired[at]
            self.matching.withdrawn.add(free[to])

    def known(self) -> dict[int, Entry]:
        """New card → the entry that it is."""
        live = {self._places[to]: self.matching.old[at] for to, at in self.matching.old_of.items()}
        return live | self._returned

    def doubts(self) -> dict[int, list[str]]:
        """New card → guids of the entries that it may be."""
        doubts = self.matching.doubts()
        return {self._places[to]: [self.matching.old[at].guid for at in several] for to, several in doubts.items()}


def _identities(ledger: Ledger, new: Sequence[Entry], known: dict[int, Entry]) -> tuple[Identity, ...]:
    guids = set(ledger.entries)
    owners = {entry.number: entry.guid for entry in ledger.entries.values()}
    if len(owners) < len(ledger.entries):
        ordered = sorted(ledger.entries.values(), key=lambda entry: (entry.retired > 0, entry.guid), reverse=True)
        owners = {entry.number: entry.guid for entry in ordered}
    found = []
    for to, entry in enumerate(new):
        old = known.get(to)
        guid = old.guid if old else new_guid(ledger.salt, entry, guids)
        guids.add(guid)
        # Two branches of the notes may have given one number to two cards before they were merged.
        if old and old.number and owners[old.number] == guid:
            number = old.number
        else:
            number = new_number(guid, owners)
            owners[number] = guid
        found.append(Identity(guid, number, old.note_type if old else ""))
    return tuple(found)
