"""Cards that were reworded or rewritten: what is likely the same by answer, question and place together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product

from cribdeck.ledger.fingerprints import parsed, shared
from cribdeck.ledger.matching import Matching
from cribdeck.ledger.moves import Parent, moved_parents
from cribdeck.ledger.neighbours import Neighbours
from cribdeck.ledger.spelling import bare, likeness

LEAST = 0.75
_CROWD = 200
"""What stands in so many pairs of free cards proposes none of them."""
Home = Callable[[str], str]


def take_likely(matching: Matching, home: Home) -> None:
    """Score every pair that has something in common, and take those that are clearly each other's best."""
    if matching.best(_Judge(matching, home).scored(), least=LEAST):
        # What was taken brings its neighbours nearer.
        matching.best(_Judge(matching, home).scored(), least=LEAST)


class _Judge:
    """Scores pairs by what is known so far."""

    def __init__(self, matching: Matching, home: Home) -> None:
        self._matching = matching
        self._home = home
        self._parents = moved_parents(matching)
        self._neighbours = Neighbours(matching)

    def scored(self) -> Iterator[tuple[int, int, float]]:
        for at, to in self._candidates():
            yield at, to, self._score(at, to)

    def _candidates(self) -> Iterable[tuple[int, int]]:
        """Pairs that share a heading anywhere, a clause or a word in their file, or their neighbours."""
        olds: dict[object, list[int]] = defaultdict(list)
        news: dict[object, list[int]] = defaultdict(list)
        files: set[str] = set()
        matching = self._matching
        for at in matching.free_old():
            entry = matching.old[at]
            above = self._parents.get((entry.file, entry.path[:-1]))
            for file in {self._home(entry.file), above[0] if above else ""}:
                files.add(file)
                for word in parsed(entry.answer).words:
                    olds[file, word].append(at)
            for key in (bare(entry.path[-1]), *parsed(entry.answer).clauses):
                olds[key].append(at)
        for to in matching.free_new():
            entry = matching.new[to]
            words = ((entry.file, word) for word in parsed(entry.answer).words) if entry.file in files else ()
            for key in (bare(entry.path[-1]), *parsed(entry.answer).clauses, *words):
                if key in olds:
                    news[key].append(to)
        found: set[tuple[int, int]] = set()
        for left, right in (*((olds[key], some) for key, some in news.items()), *self._neighbours.runs()):
            if len(left) * len(right) <= _CROWD:
                found.update(product(left, right))
        return sorted(found)

    def _score(self, at: int, to: int) -> float:
        one, other = self._matching.old[at], self._matching.new[to]
        answers = shared(parsed(one.answer), parsed(other.answer))
        questions = likeness(one.path[-1], other.path[-1])
        content = max(answers, 0.6 * answers + 0.6 * questions)
        parent: Parent = (other.file, other.path[:-1])
        here = self._parents.get((one.file, one.path[:-1])) == parent
        near = self._home(one.file) == other.file
        fit = self._neighbours.fit(at, to)
        if not (here or near or fit):
            # Elsewhere altogether, only a heading and an answer together say that it is the same card.
            return content if questions > 0.8 and answers >= 0.3 else 0.0
        if content < 0.15 or (not near and questions < 0.5):
            return 0.0
        return content + 0.1 * here + 0.3 * fit
