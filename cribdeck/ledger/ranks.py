"""Ranks: the order of a file's cards, written so that a card that is added changes no other line of the ledger."""

from bisect import bisect_left
from collections.abc import Sequence

STEP = 1 << 10


def ranked(had: Sequence[int]) -> list[int]:
    """Rising ranks for the cards of a file, in their order, as many as possible the ones that they had.

    Args:
        had: Each card's rank in the last build; 0 for a card that had none there.
    """
    ranks = list(had)
    if all(one < other for one, other in zip([0, *had], had, strict=False)):
        return ranks
    kept = _longest_rising(had)
    edges = [(-1, 0), *((at, had[at]) for at in kept)]
    for (left, low), (right, high) in zip(edges, [*edges[1:], (len(had), 0)], strict=True):
        between = right - left - 1
        if not between:
            continue
        step = (high - low) // (between + 1) if high else STEP
        if step < 1:
            return [STEP * (at + 1) for at in range(len(had))]  # no room is left
        for nth, at in enumerate(range(left + 1, right), start=1):
            ranks[at] = low + nth * step
    return ranks


def _longest_rising(had: Sequence[int]) -> list[int]:
    """Positions of a longest strictly rising subsequence of the ranks above 0 (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = [-1] * len(had)
    for at, rank in enumerate(had):
        if rank <= 0:
            continue
        pile = bisect_left(tails, rank)
        before[at] = ends[pile - 1] if pile else -1
        if pile == len(tails):
            tails.append(rank)
            ends.append(at)
        else:
            tails[pile], ends[pile] = rank, at
    at = ends[-1] if ends else -1
    found = []
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]
