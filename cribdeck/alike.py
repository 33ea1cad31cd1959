"""Questions that are nearly one: found by the words that they share, or because they compare the same subjects."""

import difflib
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from cribdeck.comparisons import subjects_of
from cribdeck.comparisons.recognition import core
from cribdeck.diagnostics import Place
from cribdeck.model import Card, Gap

_NEAR = 0.8
"""The share of their words (or pairs of Han characters) that two questions have in common when they are nearly one."""
_NEAR_NAME = 0.7
"""The likeness of two spellings of one name: `Kapper` and `Kappa` have 0.73."""
_SHORTEST = 14
"""Columns. Shorter titles (`状态管理`, `checkpoint`, `How it works`) are the same in many places by right."""
_MOST_HOLDERS = 200
_FIRST_WIDE = 0x2E80
_SMALL_WORDS = frozenset(
    "a an the is are do does did you we i it its in on of to for and with be can how what why hook".split()
)
_LEAD = re.compile(
    r"^(?:(?:请|请问|你)?(?:说说|谈谈|讲讲|聊聊|简述|介绍一下|介绍|解释一下|解释|描述一下|描述|什么是|如何理解|说一下|讲一下|谈一下)"
    r"|(?:please )?(?:explain|describe|discuss|what is|what are|what's|how does|how do)(?: the| an| a)?\b)\s*",
    re.IGNORECASE,
)
_REASONS = re.compile(r"原因|理由|为什么|为何|怎么|如何|\b(?:why|how)\b", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s*(?:[（(]?(?:\d+(?:\.\d+)*|[一二三四五六七八九十]+)[)）.、．:：]|Q\d+[:：.]?)\s*")


class Comparing(msgspec.Struct, frozen=True, array_like=True):
    """What a title compares: the names of its subjects, sorted, and in what respect ("" for all)."""

    subjects: tuple[str, ...]
    respect: str


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A question, answered or open, with what it is compared by.

    Attributes:
        features: Sorted; none where the title is too short to tell.
        comparing: One for each pair of subjects that the title names.
    """

    place: Place
    trail: tuple[str, ...]
    key: str
    is_open: bool
    features: tuple[str, ...]
    comparing: tuple[Comparing, ...]


def asked_in(cards: Iterable[Card], gaps: Iterable[Gap]) -> list[Asked]:
    """The questions of a note by their places; cards that ask for a part of another's answer are left out."""
    found = [_asked(card, is_open=False) for card in cards if not card.part]
    found += [_asked(gap, is_open=True) for gap in gaps]
    return sorted(found, key=lambda one: one.place)


def _asked(one: Card | Gap, *, is_open: bool) -> Asked:
    # `Why is A faster than B?` is about A and B, but asks for reasons and not for a comparison.
    names = () if _REASONS.search(one.key) else subjects_of(one.key)
    return Asked(
        place=one.place,
        trail=one.trail,
        key=one.key,
        is_open=is_open,
        features=tuple(sorted(set(_features(one.key)))) if _width(plain(one.key)) >= _SHORTEST else (),
        comparing=tuple(Comparing(tuple(sorted(map(core, some))), _respect(one.key, some)) for some in names),
    )


def nearly_the_same(asked: Sequence[Asked], *, open_only: bool = False) -> Iterator[tuple[Asked, Asked]]:
    """Pairs of questions anywhere in the notes: the later one, the earlier one.

    Args:
        asked: In the order of their places.
        open_only: Whether only pairs are wanted of which one is open and the other answered.
    """
    for later, earlier in (*_same_titles(asked, open_only=open_only), *_same_comparisons(asked)):
        if not open_only or later.is_open is not earlier.is_open:
            yield later, earlier


def _same_titles(asked: Sequence[Asked], *, open_only: bool) -> Iterator[tuple[Asked, Asked]]:
    features = [frozenset(one.features) for one in asked]
    looking = {at for at, own in enumerate(features) if own}
    if open_only:
        looking &= _near_open(asked, features)
    wanted: frozenset[str] = frozenset().union(*(features[at] for at in looking))
    holders: dict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(features):
        if at in looking:
            seen = _most_alike(own, features, holders)
            if seen is not None and not _by_numbers_only(asked[at].key, asked[seen].key):
                yield asked[at], asked[seen]
        for feature in own & wanted:
            holders[feature].append(at)


def _near_open(asked: Sequence[Asked], features: Sequence[frozenset[str]]) -> set[int]:
    """The titles that are open, and those that share enough with one that is: no other can be half of a pair."""
    found = {at for at, one in enumerate(asked) if one.is_open}
    holders: dict[str, list[int]] = defaultdict(list)
    for at in found:
        for feature in features[at]:
            holders[feature].append(at)
    for at, own in enumerate(features):
        if at in found or holders.keys().isdisjoint(own):
            continue
        # Fewer than a fifth are missing there, so that it holds at least one of any fifth: the rarest are asked for.
        fewest = sorted((len(holders.get(feature, ())), feature) for feature in own)[
            : math.ceil(len(own) * (1 - _NEAR))
        ]
        near = {other for count, feature in fewest if count for other in holders[feature]}
        if any(_share(own, features[other]) > _NEAR for other in near):
            found.add(at)
    return found


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the features of both is common to them (the Jaccard index); 0 where it can't be enough."""
    size, others = len(one), len(other)
    if size <= _NEAR * others or others <= _NEAR * size:
        return 0.0
    common = len(one & other)
    return common / (size + others - common)


def _most_alike(
    own: frozenset[str], features: Sequence[frozenset[str]], holders: Mapping[str, list[int]]
) -> int | None:
    """The earlier title that shares most, if it shares enough; found by the rarest features, which suffices."""
    rare = sorted((len(holders[feature]), feature) for feature in own if feature in holders)
    near = {at for _, feature in rare[: max(2, len(own) // 3)] for at in holders[feature][:_MOST_HOLDERS]}
    alike = [(_share(own, features[at]), -at) for at in near]
    best = max(alike, default=(0.0, 0))
    return -best[1] if best[0] > _NEAR else None


def _same_comparisons(asked: Sequence[Asked]) -> Iterator[tuple[Asked, Asked]]:
    """Headings that compare the same subjects, however they are spelled (`lambda vs Kapper`, `Lambda vs Kappa`)."""
    known: dict[tuple[tuple[str, ...], str], list[tuple[Asked, tuple[str, ...]]]] = defaultdict(list)
    for one in asked:
        for comparing in one.comparing:
            beside = known[one.trail, comparing.respect]
            other = next((o for o, seen in beside if o is not one and _alike(comparing.subjects, seen)), None)
            if other:
                yield one, other
            else:
                beside.append((one, comparing.subjects))


def _features(title: str) -> Iterator[str]:
    """What titles are compared by: Latin words that say something, and pairs of neighbouring Han characters."""
    for run in re.findall(r"[a-z0-9+#\u00c0-\u024f\u0400-\u04ff]+|[^\W\da-z_]+", _bare(title)):
        if run.isascii() or ord(run[0]) < _FIRST_WIDE:
            if run not in _SMALL_WORDS:
                yield run
        else:
            yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))


def _width(text: str) -> int:
    return sum(2 if ord(char) >= _FIRST_WIDE else 1 for char in text)


def _by_numbers_only(one: str, other: str) -> bool:
    """`Answer: 1` and `Answer: 3`, `for 1` and `for 2`: told apart by a number, and meant to be."""
    one, other = plain(one), plain(other)
    numbers = re.compile(r"\d+")
    return numbers.findall(one) != numbers.findall(other) and numbers.sub("", one) == numbers.sub("", other)


def plain(title: str) -> str:
    """A title without numbering, lead words, punctuation, width and case."""
    return re.sub(r"[\W_]+", "", _bare(title))


def _bare(title: str) -> str:
    """A title without numbering and lead words, width and case folded."""
    return _LEAD.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", title).casefold()))


def _respect(title: str, names: Sequence[str]) -> str:
    """In what the subjects are compared, where a colon or brackets say so: `Spark vs Flink：状态`, `A vs B（状态）`."""
    parts = re.split("[：:（(]", title)
    return plain(" ".join(part for part in parts if not any(name in part for name in names)))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sets of subjects are one, slips of the pen aside."""
    return len(one) == len(other) and all(map(_near, one, other))


def _near(one: str, other: str) -> bool:
    """Whether two spellings are of one name: `SequenceMatcher.ratio`, after what is cheaper to tell."""
    if one == other:
        return True
    matcher = difflib.SequenceMatcher(None, one, other)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= _NEAR_NAME for bound in bounds)
