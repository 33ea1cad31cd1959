"""The Anki deck: cards become notes, notes become a package that respects what the user has in Anki."""

from collections.abc import Callable

from cribdeck.deck.note_types import style_hashes
from cribdeck.deck.notes import Deck, Note, make_deck, shipped
from cribdeck.ledger import Ledger

__all__ = ["Deck", "Note", "make_deck", "shipped", "style_hashes", "write_package"]


Kept = Callable[[str, Callable[[], bytes]], bytes]


def write_package(deck: Deck, ledger: Ledger, *, kept: Kept = lambda _, make: make()) -> bytes:
    """The deck as an .apkg. New cards are due in the order of the notes.

    Args:
        deck: All its notes.
        ledger: It knows every note and every note type of the deck, as `record` and `record_styles` leave it: `mod`
            of each comes from there, so that Anki updates what changed and nothing else.
        kept: Gives what was made before for the same text, or has it made: the note types and decks as Anki has them.
    """
    from cribdeck.deck import package  # SQLite is loaded only when a deck is written

    return package.write_package(deck, ledger, kept)
