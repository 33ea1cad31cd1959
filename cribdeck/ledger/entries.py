"""Cards as the ledger writes them down."""

from collections import Counter
from collections.abc import Sequence

from cribdeck.ledger.fingerprints import fingerprint
from cribdeck.ledger.records import Entry
from cribdeck.model import Card


def entries_of(cards: Sequence[Card]) -> list[Entry]:
    """Each card as an entry without guid, number and history; ranks count up."""
    seen: Counter[tuple[object, ...]] = Counter()
    entries = []
    for rank, card in enumerate(cards, start=1):
        place = (card.kind, card.file, card.trail, card.key, card.part)
        entries.append(
            Entry(
                guid="",
                kind=card.kind,
                file=card.file,
                trail=card.trail,
                question=card.key,
                part=card.part,
                nth=seen[place],
                rank=rank,
                id=card.section_id,
                answer=fingerprint(card),
            )
        )
        seen[place] += 1
    return entries
