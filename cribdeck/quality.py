"""What makes a card hard to learn: answers too long, lists too long, two questions that are nearly one."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cribdeck.comparisons import subjects_of
from cribdeck.comparisons.recognition import core
from cribdeck.diagnostics import Code, Diagnostic
from cribdeck.model import Block, BlockKind, Card, CardKind, Gap, Study

_LONGEST_ANSWER = 1200
"""Characters, white space not counted. More than that is several questions."""
_LONGEST_LIST = 7
"""Items that one can hope to recall (Miller, The Magical Number Seven, 1956)."""
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


def judge(study: Study) -> Iterator[Diagnostic]:
    """What could be learned better if it were split or merged."""
    for card in study.cards:
        if card.kind in (CardKind.QUESTION, CardKind.OVERVIEW):
            yield from _too_much(card)
            yield from _echo(card)
    for later, earlier in _nearly_the_same(study):
        yield Diagnostic(
            Code.NEARLY_THE_SAME,
            later.place,
            f"“{later.key}” asks nearly what “{earlier.key}” asks in {earlier.place}",
            "merge the two, or say in the headings what differs",
        )


def answered_elsewhere(study: Study) -> Iterator[Diagnostic]:
    """Open questions that another heading answers: `OLTP VS OLAP, lambda vs Kapper` and `Lambda vs Kappa`."""
    for later, earlier in _nearly_the_same(study):
        for gap, card in ((later, earlier), (earlier, later)):
            if isinstance(gap, Gap) and isinstance(card, Card):
                yield Diagnostic(
                    Code.ANSWERED_ELSEWHERE,
                    gap.place,
                    f"“{gap.key}” has no answer, but “{card.key}” in {card.place} asks nearly the same",
                    "take the open heading out, or say what it asks beyond the other",
                )


def _too_much(card: Card) -> Iterator[Diagnostic]:
    length = len("".join("".join(block.text for block in card.answer).split()))
    if length > _LONGEST_ANSWER:
        yield Diagnostic(
            Code.LONG_ANSWER,
            card.place,
            f"the answer to “{card.key}” has {length:,} characters",
            "put sub-headings into it: each becomes a question of its own, and this one asks for their list",
        )
    items = max([len(card.items), *(_items(block) for top in card.answer for block in top.walk())])
    if items > _LONGEST_LIST:
        yield Diagnostic(
            Code.LONG_LIST,
            card.place,
            f"“{card.key}” asks for a list of {items} items",
            f"group them under sub-headings of at most {_LONGEST_LIST}",
        )


def _items(block: Block) -> int:
    return len(block.children) if block.kind in (BlockKind.BULLETS, BlockKind.NUMBERS) else 0


def _echo(card: Card) -> Iterator[Diagnostic]:
    """An answer that is nothing but its question again."""
    asked, answered = plain(card.key), plain(" ".join(block.text for block in card.answer))
    if answered and not card.items and (answered == asked or (len(answered) > 3 and answered in asked)):
        yield Diagnostic(
            Code.ECHO, card.place, f"the answer to “{card.key}” only repeats it", "say what the question does not"
        )


def plain(title: str) -> str:
    """A title without numbering, lead words, punctuation, width and case."""
    return re.sub(r"[\W_]+", "", _bare(title))


def _bare(title: str) -> str:
    """A title without numbering and lead words, width and case folded."""
    return _LEAD.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", title).casefold()))


_Asked = Card | Gap


def _nearly_the_same(study: Study) -> Iterator[tuple[_Asked, _Asked]]:
    """Pairs of questions, answered or open, anywhere in the notes: the later one, the earlier one."""
    asked: list[_Asked] = [card for card in study.cards if not card.part]
    asked += study.gaps
    asked.sort(key=lambda item: item.place)
    yield from _same_titles(asked)
    yield from _same_comparisons(asked)


def _same_titles(asked: Sequence[_Asked]) -> Iterator[tuple[_Asked, _Asked]]:
    features = [frozenset(_features(item.key)) for item in asked]
    holders: dict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(features):
        if _width(plain(asked[at].key)) >= _SHORTEST:
            seen = _most_alike(own, features, holders)
            if seen is not None and not _by_numbers_only(asked[at].key, asked[seen].key):
                yield asked[at], asked[seen]
            for feature in own:
                holders[feature].append(at)


def _most_alike(
    own: frozenset[str], features: Sequence[frozenset[str]], holders: Mapping[str, list[int]]
) -> int | None:
    """The earlier title that shares most, if it shares enough; found by the rarest features, which suffices."""
    rare = sorted((feature for feature in own if feature in holders), key=lambda feature: len(holders[feature]))
    near = {at for feature in rare[: max(2, len(own) // 3)] for at in holders[feature][:_MOST_HOLDERS]}
    alike = [(len(own & features[at]) / len(own | features[at]), -at) for at in near]
    best = max(alike, default=(0.0, 0))
    return -best[1] if best[0] > _NEAR else None


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


def _same_comparisons(asked: Sequence[_Asked]) -> Iterator[tuple[_Asked, _Asked]]:
    """Headings that compare the same subjects, however they are spelled (`lambda vs Kapper`, `Lambda vs Kappa`)."""
    known: list[tuple[_Asked, tuple[str, ...], str]] = []
    for item in asked:
        # `Why is A faster than B?` is about A and B, but asks for reasons and not for a comparison.
        for names in () if _REASONS.search(item.key) else subjects_of(item.key):
            subjects, respect = tuple(sorted(core(name) for name in names)), _respect(item.key, names)
            for other, seen, in_what in known:
                same = other is not item and other.trail == item.trail and respect == in_what
                if same and _alike(subjects, seen):
                    yield item, other
                    break
            else:
                known.append((item, subjects, respect))


def _respect(title: str, names: Sequence[str]) -> str:
    """In what the subjects are compared, where a colon says so: `Spark vs Flink：状态`."""
    parts = re.split("[：:]", title)
    return plain(" ".join(part for part in parts if not any(name in part for name in names)))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sets of subjects are one, slips of the pen aside."""
    return len(one) == len(other) and all(
        difflib.SequenceMatcher(None, a, b).ratio() >= _NEAR_NAME for a, b in zip(one, other, strict=True)
    )
