"""What broke the renderer before."""

from collections.abc import Mapping, Sequence

from cribdeck.sheet.chapters import Chapter, key_of, pieces_of
from cribdeck.sheet.salvage import LeftOut
from cribdeck.sheet.shelf import Shelf
from cribdeck.sheet.workers import Failure


class Breakages:
    """Pieces that broke the renderer, so that no chapter that has one is tried with it again."""

    def __init__(self, shelf: Shelf, parts: Sequence[str]) -> None:
        self._shelf = shelf
        self._key = key_of(["broken", *parts])
        kept = shelf.get(self._key)
        self._why: dict[str, str] = kept[0] if kept else {}
        self._is_new = False

    def among(self, chapter: Chapter) -> dict[int, Failure]:
        """Those of a chapter by their numbers, and why."""
        if not self._why:
            return {}
        names = enumerate(key_of([piece[3]]) for piece in pieces_of(chapter))
        return {at: Failure(self._why[name]) for at, name in names if name in self._why}

    def remember(self, chapter: Chapter, left_out: Mapping[int, LeftOut]) -> None:
        """Know what was left out of a chapter."""
        pieces = pieces_of(chapter)
        found = {key_of([pieces[at][3]]): each.failure.reason for at, each in left_out.items() if each.failure.for_good}
        self._is_new |= not found.keys() <= self._why.keys()
        self._why |= found

    def keep(self) -> None:
        """Have the next build know it too."""
        if self._is_new:
            self._shelf.put(self._key, self._why)
