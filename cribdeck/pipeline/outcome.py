"""What a build did."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cribdeck.diagnostics import Diagnostic
from cribdeck.errors import CribdeckError
from cribdeck.pipeline.options import Options

if TYPE_CHECKING:
    from cribdeck.ledger import Change
    from cribdeck.model import CardKind


class Counts(msgspec.Struct, frozen=True):
    """How much there is in the notes. `kinds` counts the cards by kind, in the order of the kinds."""

    files: int
    headings: int
    comparisons: int
    gaps: int
    kinds: dict[str, int]

    @property
    def cards(self) -> int:
        """All of them."""
        return sum(self.kinds.values())


class Report(msgspec.Struct, frozen=True):
    """What a build did.

    Attributes:
        changes: What it did to the deck.
        pages: By the outputs' names.
        written: The outputs whose bytes changed.
        kept: The outputs that already were as they should be.
        adopted: The ledger was missing and was made again from the last deck, in which so many of the cards were found.
    """

    options: Options
    counts: Counts
    changes: tuple["Change", ...]
    diagnostics: tuple[Diagnostic, ...]
    pages: Mapping[str, int] = msgspec.field(default_factory=dict)
    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    failures: tuple[CribdeckError, ...] = ()
    adopted: int | None = None


def count_kinds(kinds: Iterable["CardKind"]) -> dict[str, int]:
    """The kinds that occur, in their order."""
    from collections import Counter

    from cribdeck.model import CardKind

    found = Counter(kinds)
    return {kind.value: found[kind] for kind in CardKind if found[kind]}
