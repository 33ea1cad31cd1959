"""Cards that were reworded or rewritten: what is likely the same by answer, question and place together."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import product

from cribdeck.ledger.fingerprints import TELLING, parsed, shared
from cribdeck.ledger.matching import Matching
from cribdeck.ledger.moves import Parent, moved_headings, parents_of
from cribdeck.ledger.neighbours import Neighbours
from cribdeck.ledger.records import Entry
from cribdeck.ledger.spelling import bare, likeness

LEAST = 1.0
_DOUBTFUL = 0.75
"""From here on the user is asked: of such pairs of real notes most are the same card, but not all."""
_SHORT = 0.69
"""What a short answer is worth at most: less than `_tells_here` asks of an answer alone."""
_SENTENCE = 8
"""A heading of fewer characters (`部署方式`, `Syntax`) may stand in any section."""
_CROWD = 200
"""What stands in so many pairs of free cards proposes none of them."""
Home = Callable[[str], str]


def take_likely(matching: Matching, home: Home, headings: Mapping[Parent, Parent]) -> None:
    """Score every pair that has something in common, and take those that are clearly each other's best.

    Args:
        matching: To be extended.
        home: Where files are now.
        headings: Where headings are now, as far as it is known from elsewhere.
    """
    telling = _names_once(matching.old) & _names_once(matching.new)
    # What was taken brings its neighbours nearer.
    for doubtful in (None, _DOUBTFUL):
        matching.best(_Judge(matching, home, telling, headings).scored(), least=LEAST, doubtful=doubtful)


class _Judge:
    """Scores pairs by what is known so far."""

    def __init__(
        self, matching: Matching, home: Home, telling: AbstractSet[str], headings: Mapping[Parent, Parent]
    ) -> None:
        self._matching = matching
        self._home = home
        free = map(matching.old.__getitem__, matching.free_old())
        self._parents = {**moved_headings(matching, parents_of(free)), **headings}
        self._neighbours = Neighbours(matching)
        self._telling = telling
        self._old_names = _names_by_file(matching.old)
        self._new_names = _names_by_file(matching.new)

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
        length = min(parsed(one.answer).length, parsed(other.answer).length)
        is_short = length < TELLING
        is_whole = answers == 1.0
        if is_short:
            # The whole of it is worth more, but never enough by itself: `TODO` may stand under any heading.
            answers *= min(_SHORT, 0.5 + 0.5 * length / TELLING) if is_whole else 0.5
        elif questions < 1.0 and answers < 0.15:
            return 0.0  # no reworded question, but another one
        parent: Parent = (other.file, other.path[:-1])
        above = self._parents.get((one.file, one.path[:-1]), (self._home(one.file), one.path[:-1]))
        here = above == parent
        may_be_anothers = not here and _may_stand_anywhere(one) and not _is_above(above, other)
        says = questions if here or (self._is_alone(one, other) and not may_be_anothers) else 0.0
        content = max(answers, 0.6 * answers + 0.6 * questions, 0.75 * says * is_short)
        near = here or self._home(one.file) == other.file
        fit = self._neighbours.fit(at, to)
        is_named = near and questions == 1.0 and bare(one.path[-1]) in self._telling and not may_be_anothers
        if is_named or (here and is_whole and questions >= (0.4 if length >= _SENTENCE else 0.7)):
            content = max(content, LEAST)
        if not (here or near or fit):
            if _tells_anywhere(questions, answers):
                return content
            return _DOUBTFUL if is_whole and length >= 2 * TELLING else 0.0
        if parsed(one.answer).is_list and parsed(other.answer).is_list and questions < 0.25:
            return 0.0  # what they list are their sub-headings: these may have been put under another heading
        if not _tells_here(questions, answers) or (not (here or near) and questions < 0.5):
            return 0.0
        return content + 0.1 * near + 0.05 * here + 0.3 * fit

    def _is_alone(self, one: Entry, other: Entry) -> bool:
        """Whether no other card of their files has the heading of one of them."""
        old, new = (one.file, bare(one.path[-1])), (other.file, bare(other.path[-1]))
        return self._old_names[old] == self._new_names[new] == 1


def _may_stand_anywhere(entry: Entry) -> bool:
    """Whether a heading, or what a table asks of its subjects, is so general that other sections may have it too."""
    return bool(entry.part) or len(bare(entry.path[-1])) < _SENTENCE


def _is_above(heading: Parent, entry: Entry) -> bool:
    """Whether a card stands below a heading, however deep: it may have got another level only."""
    return heading == (entry.file, entry.path[: len(heading[1])])


def _names_by_file(entries: Iterable[Entry]) -> Counter[tuple[str, str]]:
    return Counter((entry.file, bare(entry.path[-1])) for entry in entries)


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
