"""Cards that were reworded or rewritten: what is likely the same by answer, question and place together."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import product

from cribdeck.ledger.fingerprints import TELLING, parsed, shared
from cribdeck.ledger.matching import Matching
from cribdeck.ledger.moves import Parent, moved_parents
from cribdeck.ledger.neighbours import Neighbours
from cribdeck.ledger.records import Entry
from cribdeck.ledger.spelling import bare, likeness

LEAST = 1.0
_DOUBTFUL = 0.75
"""From here on the user is asked: of such pairs of real notes most are the same card, but not all."""
_CROWD = 200
"""What stands in so many pairs of free cards proposes none of them."""
Home = Callable[[str], str]


def take_likely(matching: Matching, home: Home) -> None:
    """Score every pair that has something in common, and take those that are clearly each other's best."""
    telling = _names_once(matching.old) & _names_once(matching.new)
    # What was taken brings its neighbours nearer.
    for doubtful in (None, _DOUBTFUL):
        matching.best(_Judge(matching, home, telling).scored(), least=LEAST, doubtful=doubtful)


class _Judge:
    """Scores pairs by what is known so far."""

    def __init__(self, matching: Matching, home: Home, telling: AbstractSet[str]) -> None:
        self._matching = matching
        self._home = home
        self._parents = moved_parents(matching)
        self._neighbours = Neighbours(matching)
        self._telling = telling

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
        is_short = min(parsed(one.answer).length, parsed(other.answer).length) < TELLING
        if is_short:
            answers *= 0.5
        elif questions < 1.0 and answers < 0.15:
            return 0.0  # no reworded question, but another one
        content = max(answers, 0.6 * answers + 0.6 * questions, 0.75 * questions * is_short)
        parent: Parent = (other.file, other.path[:-1])
        here = self._parents.get((one.file, one.path[:-1])) == parent
        near = self._home(one.file) == other.file
        fit = self._neighbours.fit(at, to)
        if near and questions == 1.0 and bare(one.path[-1]) in self._telling:
            content = max(content, LEAST)
        if not (here or near or fit):
            return content if _tells_anywhere(questions, answers) else 0.0
        if parsed(one.answer).is_list and parsed(other.answer).is_list and questions < 0.25:
            return 0.0  # what they list are their sub-headings: these may have been put under another heading
        if not _tells_here(questions, answers) or (not (here or near) and questions < 0.5):
            return 0.0
        return content + 0.1 * near + 0.05 * here + 0.3 * fit


def _names_once(entries: Iterable[Entry]) -> AbstractSet[str]:
    """Headings of some length that stand only once: they tell where a card is whatever its answer has become."""
    times = Counter(bare(entry.path[-1]) for entry in entries)
    return {name for name, count in times.items() if count == 1 and len(name) >= 4}


def _tells_here(questions: float, answers: float) -> bool:
    """Whether two cards of one place can be the same: their answers say so, or question and answer together."""
    return answers >= 0.7 or (questions >= 0.2 and questions + answers >= 0.5)


def _tells_anywhere(questions: float, answers: float) -> bool:
    """Whether two cards of different places can be the same: only question and answer together say so."""
    return (questions > 0.8 and answers >= 0.4) or (questions >= 0.5 and answers == 1.0)
