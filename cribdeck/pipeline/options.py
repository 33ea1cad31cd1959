"""What a build is asked for."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from cribdeck import cache

OUTPUTS = ("deck", "sheet", "preview")
DECK = "deck.apkg"
LEDGER = "ledger.jsonl"
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class Options(msgspec.Struct, frozen=True):
    """Where a build reads and writes. `templates` is the user's own folder, if he has one; `live`: others follow."""

    notes: Path
    output: Path
    templates: Path | None = None
    only: frozenset[str] = frozenset(OUTPUTS)
    allow_retire: bool = False
    """Whether more than half of the deck may be gone at once."""
    live: bool = False

    @property
    def deck(self) -> Path:
        """Where the deck goes, and where the last one lies."""
        return self.output / DECK

    @property
    def ledger(self) -> Path:
        """Where the ledger lies."""
        return self.notes / LEDGER

    @property
    def store(self) -> Path:
        """Where what notes gave is kept from build to build."""
        return self.output / cache.FOLDER / "notes.sqlite"
