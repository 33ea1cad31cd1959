"""What stands between which: the order of the cards in their files."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cribdeck.ledger.matching import Matching

Between = tuple[int | None, int | None]
"""The nearest matched cards before and after, as positions of old cards; None at the ends of the file."""


class Neighbours:
    """For every free card the matched ones around it, on both sides of a matching."""

    def __init__(self, matching: Matching) -> None:
        changed = {matching.old[at].file for at in matching.free_old()}
        self._old = _around(matching.old_files, changed, {at: at for at in matching.new_of})
        changed = {matching.new[to].file for to in matching.free_new()}
        self._new = _around(matching.new_files, changed, matching.old_of)
        self._old_runs = Counter(self._old.values())
        self._new_runs = Counter(self._new.values())

    def fit(self, at: int, to: int) -> float:
        """How well a free old and a free new card stand in the same place, from 0 to 1.

        A half for each neighbour that is the same one; three quarters of that where they are not alone there.
        """
        one, other = self._old[at], self._new[to]
        fit = 0.5 * (one[0] == other[0] and one[0] is not None) + 0.5 * (one[1] == other[1] and one[1] is not None)
        if fit == 0.5 and one == other:
            fit = 1.0  # the file begins or ends here on both sides
        return fit if self._old_runs[one] == self._new_runs[other] == 1 else 0.75 * fit

    def runs(self) -> Iterable[tuple[list[int], list[int]]]:
        """Free cards that stand between the same two."""
        olds: dict[Between, list[int]] = {}
        for at, between in self._old.items():
            if between != (None, None):
                olds.setdefault(between, []).append(at)
        news: dict[Between, list[int]] = {}
        for to, between in self._new.items():
            if between in olds:
                news.setdefault(between, []).append(to)
        return [(olds[between], found) for between, found in news.items()]


def _around(files: Mapping[str, Sequence[int]], changed: Iterable[str], known: Mapping[int, int]) -> dict[int, Between]:
    """Position of a free card → the matched ones around it in its file.

    Args:
        files: File → the positions of its cards, in their order.
        changed: The files that have free cards.
        known: Position of a matched card → that of the old one.
    """
    before: dict[int, int | None] = {}
    after: dict[int, int | None] = {}
    for file in changed:
        for side, sequence in ((before, files[file]), (after, files[file][::-1])):
            last = None
            for at in sequence:
                if at in known:
                    last = known[at]
                else:
                    side[at] = last
    return {at: (before[at], after[at]) for at in before}
