"""A notes folder, its builds, and the user's Anki: as for the deck's own tests."""

from tests.deck.conftest import Desk, Workshop, desk, workshop

__all__ = ["Desk", "Workshop", "desk", "workshop"]
