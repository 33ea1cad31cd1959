"""Cards that were reworded or rewritten: what is likely the same by answer, question and place together."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import product
from typing import NamedTuple

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


class _Compared(NamedTuple):
    """What two cards have in common wherever they stand.

    Attributes:
        questions: How alike their headings are, from 0 to 1.
        answers: How much their answers share, from 0 to 1; less for short ones.
        length: Of the shorter answer.
        is_whole: Whether the answers are equal.
    """

    questions: float
    answers: float
    length: int
    is_whole: bool


class _Place(NamedTuple):
    """How two cards stand to each other.

    Attributes:
        here: Under the same heading.
        near: In the same note, wherever that is now.
        is_own: Whether the old heading, where it stands now, would not just as well be another section's.
    """

    here: bool
    near: bool
    is_own: bool


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
        pair = _compared(one, other)
        if pair.length >= TELLING and pair.questions < 1.0 and pair.answers < 0.15:
            return 0.0  # no reworded question, but another one
        place = self._place(one, other)
        fit = self._neighbours.fit(at, to)
        content = self._content(one, other, pair, place)
        if not (place.here or place.near or fit):
            return content if _tells_anywhere(pair.questions, pair.answers) else 0.0
        if parsed(one.answer).is_list and parsed(other.answer).is_list and pair.questions < 0.25:
            return 0.0  # what they list are their sub-headings: these may have been put under another heading
        is_placed = place.here or place.near or pair.questions >= 0.5
        if not is_placed or not _tells_here(pair.questions, pair.answers):
            return 0.0
        return content + 0.1 * place.near + 0.05 * place.here + 0.3 * fit

    def _place(self, one: Entry, other: Entry) -> _Place:
        home = self._home(one.file)
        above = self._parents.get((one.file, one.path[:-1]), (home, one.path[:-1]))
        here = above == (other.file, other.path[:-1])
        is_own = here or not _may_stand_anywhere(one) or _is_above(above, other)
        return _Place(here, here or home == other.file, is_own)

    def _content(self, one: Entry, other: Entry, pair: _Compared, place: _Place) -> float:
        """How much question and answer say that two cards are the same, from 0 to 1."""
        content = max(pair.answers, 0.6 * pair.answers + 0.6 * pair.questions)
        if pair.length < TELLING and (place.here or (place.is_own and self._is_alone(one, other))):
            content = max(content, 0.75 * pair.questions)
        is_named = pair.questions == 1.0 and place.near and place.is_own and bare(one.path[-1]) in self._telling
        is_respelled = pair.is_whole and place.here and pair.questions >= (0.4 if pair.length >= _SENTENCE else 0.7)
        return max(content, LEAST) if is_named or is_respelled else content

    def _is_alone(self, one: Entry, other: Entry) -> bool:
        """Whether no other card of their files has the heading of one of them."""
        old, new = (one.file, bare(one.path[-1])), (other.file, bare(other.path[-1]))
        return self._old_names[old] == self._new_names[new] == 1


def _compared(one: Entry, other: Entry) -> _Compared:
    old, new = parsed(one.answer), parsed(other.answer)
    answers, length = shared(old, new), min(old.length, new.length)
    is_whole = answers == 1.0
    if length < TELLING:
        # The whole of it is worth more, but never enough by itself: `TODO` may stand under any heading.
        answers *= min(_SHORT, 0.5 + 0.5 * length / TELLING) if is_whole else 0.5
    return _Compared(likeness(one.path[-1], other.path[-1]), answers, length, is_whole)


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
