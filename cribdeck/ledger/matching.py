"""A one-to-one matching between the cards of the ledger and those of the notes, and the ways to extend it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import product

from cribdeck.ledger.fingerprints import Fingerprint, parsed, shared
from cribdeck.ledger.records import Entry

Key = Callable[[Entry], Hashable | None]
"""By what two cards are taken to be one; None for a card that the key says nothing of."""

Nearness = Callable[[str, str], float]
"""How likely a file of the ledger is the same as one of the notes, or gave its content to it."""


class Matching:
    """Which card of the notes is which of the ledger's, as far as it is known.

    Attributes:
        old: The ledger's cards.
        new: The notes' cards, in their order.
        old_of: Position of a new card → that of the old one.
        new_of: The same the other way round.
        withdrawn: New cards that are not to be matched.
        old_files: File → its old cards, as they stood in it.
        new_files: The same of the new cards.
    """

    def __init__(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        self.old = old
        self.new = new
        self.old_of: dict[int, int] = {}
        self.new_of: dict[int, int] = {}
        self.old_files = _by_file(old)
        for positions in self.old_files.values():
            positions.sort(key=lambda at: old[at].rank)
        self.new_files = _by_file(new)
        self.withdrawn: set[int] = set()
        self._free_old = list(range(len(old)))
        self._free_new = list(range(len(new)))
        self._doubtful: dict[int, set[int]] = defaultdict(set)

    def take(self, at: int, to: int) -> None:
        """Match an old card with a new one, both still free."""
        assert at not in self.new_of, self.old[at]
        assert to not in self.old_of, self.new[to]
        self.new_of[at] = to
        self.old_of[to] = at

    def free_old(self) -> list[int]:
        """Old cards that are not matched yet."""
        self._free_old = [at for at in self._free_old if at not in self.new_of]
        return self._free_old

    def free_new(self) -> list[int]:
        """New cards that are not matched yet."""
        self._free_new = [to for to in self._free_new if to not in self.old_of and to not in self.withdrawn]
        return self._free_new

    def take_unchanged_files(self) -> None:
        """Match the files in which all stands where it stood, most of them in most builds: as any key would do it."""
        for file, news in self.new_files.items():
            olds = self.old_files.get(file, ())
            if len(olds) == len(news) and all(
                one.kind is other.kind and _same_path(one, other) and not one.nth
                for one, other in zip(map(self.old.__getitem__, olds), map(self.new.__getitem__, news), strict=True)
            ):
                for at, to in zip(olds, news, strict=True):
                    if at not in self.new_of and to not in self.old_of:
                        self.offer(at, to)

    def groups(self, old_key: Key, new_key: Key) -> Iterator[tuple[list[int], list[int]]]:
        """Free cards that have a key in common."""
        olds: dict[Hashable, list[int]] = defaultdict(list)
        for at in self.free_old():
            key = old_key(self.old[at])
            if key is not None:
                olds[key].append(at)
        if not olds:
            return
        news: dict[Hashable, list[int]] = defaultdict(list)
        for to in self.free_new():
            key = new_key(self.new[to])
            if key in olds:
                news[key].append(to)
        for key, found in news.items():
            yield olds[key], found

    def join(
        self, old_key: Key, new_key: Key | None = None, *, nearness: Nearness | None = None, in_order: bool = False
    ) -> None:
        """Match the cards whose key no other free card has; among several, those whose answers tell them apart.

        Args:
            old_key: Of the ledger's cards.
            new_key: Of the notes' cards, if theirs is another.
            nearness: Chooses among copies, by their files.
            in_order: Whether as many cards here as there are the same ones, first to last, whatever their answers.
        """
        for olds, news in list(self.groups(old_key, new_key or old_key)):
            if len(olds) == len(news) == 1:
                self.offer(olds[0], news[0])
            else:
                self._tell_apart(olds, news, nearness)
                if in_order and len(olds) == len(news):
                    self._pair_in_order(olds, news)

    def offer(self, at: int, to: int) -> bool:
        """Match two cards unless the ids in their headings say that they differ."""
        one, other = self.old[at].id, self.new[to].id
        if one and other and one != other:
            return False
        self.take(at, to)
        return True

    def _tell_apart(self, olds: Iterable[int], news: Iterable[int], nearness: Nearness | None) -> None:
        """Match equal headings by their answers: the whole answer, then the greatest share that no other has."""
        by_answer: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for at in olds:
            by_answer[self.old_print(at).whole][0].append(at)
        for to in news:
            by_answer[self.new_print(to).whole][1].append(to)
        for whole, (some, others) in by_answer.items():
            if nearness and whole and some and others:
                pairs = product(some, others)
                near = ((at, to, 1 + nearness(self.old[at].file, self.new[to].file)) for at, to in pairs)
                self.best(near, margin=1e-6)
            if whole and len(some) == len(others):
                self._pair_in_order(some, others)
        left_old = [at for at in olds if at not in self.new_of]
        left_new = [to for to in news if to not in self.old_of]
        if len(left_old) * len(left_new) <= 2_500:
            self.best((at, to, shared(self.old_print(at), self.new_print(to))) for at in left_old for to in left_new)

    def _pair_in_order(self, olds: Iterable[int], news: Iterable[int]) -> None:
        left = sorted((at for at in olds if at not in self.new_of), key=self._order)
        for at, to in zip(left, (to for to in news if to not in self.old_of), strict=True):
            self.offer(at, to)

    def _order(self, at: int) -> tuple[str, int, int]:
        entry = self.old[at]
        return entry.file, entry.rank, entry.nth

    def best(
        self,
        scored: Iterable[tuple[int, int, float]],
        *,
        least: float = 0.3,
        margin: float = 0.1,
        doubtful: float | None = None,
    ) -> int:
        """Match pairs by falling score while each is clearly the best that either of its cards has.

        Args:
            scored: Old card, new card, score.
            least: Pairs with a lower score are not matched.
            margin: By how much a pair must be better than any other of its two cards' that is still open.
            doubtful: Pairs with a lower score than `least`, but not than this, are doubts.

        Returns:
            How many were matched.
        """
        lowest = least - margin if doubtful is None else min(doubtful, least - margin)
        pairs = sorted(((s, at, to) for at, to, s in scored if s >= lowest), key=lambda pair: (-pair[0], pair[1:]))
        of_old: dict[int, list[tuple[float, int]]] = defaultdict(list)
        of_new: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for score, at, to in pairs:
            of_old[at].append((score, to))
            of_new[to].append((score, at))
        taken = 0
        for score, at, to in pairs:
            if at in self.new_of or to in self.old_of:
                continue
            rivals = [s for s, other in of_old[at] if other != to and other not in self.old_of]
            rivals += [s for s, other in of_new[to] if other != at and other not in self.new_of]
            most = max(rivals, default=0.0)
            if score >= least and most <= score - margin:
                taken += self.offer(at, to)
            elif score >= least or (doubtful is not None and score >= max(doubtful, most)):
                self._doubtful[to].add(at)
        return taken

    def doubts(self) -> dict[int, list[int]]:
        """Free new cards → the free old ones that they may be, where none was likely enough, or several were."""
        found: dict[int, list[int]] = {}
        for to, several in self._doubtful.items():
            left = sorted(at for at in several if at not in self.new_of)
            if left and to not in self.old_of and to not in self.withdrawn:
                found[to] = left
        return found

    def old_print(self, at: int) -> Fingerprint:
        """An old card's answer."""
        return parsed(self.old[at].answer)

    def new_print(self, to: int) -> Fingerprint:
        """A new card's answer."""
        return parsed(self.new[to].answer)


def _same_path(one: Entry, other: Entry) -> bool:
    # To make the paths costs more than to compare what they are made of, which differs for few.
    return (
        one.question == other.question and one.trail == other.trail and one.part == other.part
    ) or one.path == other.path


def _by_file(entries: Sequence[Entry]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, entry in enumerate(entries):
        found.setdefault(entry.file, []).append(at)
    return found
