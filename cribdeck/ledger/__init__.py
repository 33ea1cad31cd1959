"""Who is who: the guid, the short number and the last shipped state of every card, kept beside the notes.

Anki tells notes apart by guid alone, so a guid lost here is a card's review history lost.
"""

from cribdeck.ledger.adopting import adopt
from cribdeck.ledger.changes import Change, What, changes_between
from cribdeck.ledger.entries import entries_of
from cribdeck.ledger.identifying import Recognition, identify, recognise, recognise_entries
from cribdeck.ledger.mending import forget, link, named, tagged, unlink
from cribdeck.ledger.recording import content_hash, record, record_styles
from cribdeck.ledger.records import FILE_NAME, Built, Doubt, Entry, Identity, KnownNote, Ledger, Shipped, Style
from cribdeck.ledger.storage import read_ledger, write_ledger

__all__ = [
    "FILE_NAME",
    "Built",
    "Change",
    "Doubt",
    "Entry",
    "Identity",
    "KnownNote",
    "Ledger",
    "Recognition",
    "Shipped",
    "Style",
    "What",
    "adopt",
    "changes_between",
    "content_hash",
    "entries_of",
    "forget",
    "identify",
    "link",
    "named",
    "read_ledger",
    "recognise",
    "recognise_entries",
    "record",
    "record_styles",
    "tagged",
    "unlink",
    "write_ledger",
]
