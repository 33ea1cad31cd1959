"""The Anki deck: cards become notes, notes become a package that respects what the user has in Anki."""

from typing import TYPE_CHECKING

from cribdeck.deck.note_types import style_hashes
from cribdeck.deck.notes import Deck, Note, make_deck, shipped
from cribdeck.ledger import Ledger

if TYPE_CHECKING:
    from cribdeck.deck.groups import Shelf

__all__ = ["Deck", "Note", "make_deck", "shipped", "style_hashes", "write_package"]


def write_package(deck: Deck, ledger: Ledger, *, shelf: "Shelf | None" = None) -> bytes:
    """The deck as an .apkg. New cards are due in the order of the notes.

    Args:
        deck: All its notes.
        ledger: It knows every note and every note type of the deck, as `record` and `record_styles` leave it: `mod`
            of each comes from there, so that Anki updates what changed and nothing else.
        shelf: Where pieces of the deck are kept that the next one may have in common with it.
    """
    from cribdeck.deck import groups, package  # SQLite is loaded only when a deck is written

    return package.write_package(deck, ledger, shelf or groups.Bare())
