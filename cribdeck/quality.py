"""What makes a card hard to learn: answers too long, lists too long, two questions that are nearly one."""

from collections.abc import Iterator, Sequence

from cribdeck.alike import Asked, asked_in, nearly_the_same, plain
from cribdeck.diagnostics import Code, Diagnostic
from cribdeck.model import Block, BlockKind, Card, CardKind, Study

_LONGEST_ANSWER = 1200
"""Characters, white space not counted. More than that is several questions."""
_LONGEST_LIST = 7
"""Items that one can hope to recall (Miller, The Magical Number Seven, 1956)."""


def judge(study: Study) -> Iterator[Diagnostic]:
    """What could be learned better if it were split or merged."""
    for card in study.cards:
        if card.kind in (CardKind.QUESTION, CardKind.OVERVIEW):
            yield from _too_much(card)
            yield from _echo(card)
    for later, earlier in nearly_the_same(asked_in(study.cards, study.gaps)):
        yield Diagnostic(
            Code.NEARLY_THE_SAME,
            later.place,
            f"“{later.key}” asks nearly what “{earlier.key}” asks in {earlier.place}",
            "merge the two, or say in the headings what differs",
        )


def answered_elsewhere(asked: Sequence[Asked]) -> Iterator[Diagnostic]:
    """Open questions that another heading answers: `OLTP VS OLAP, lambda vs Kapper` and `Lambda vs Kappa`.

    Args:
        asked: All questions, in the order of their places.
    """
    return (is_answered_in(gap, card) for gap, card in open_and_answered(asked))


def open_and_answered(asked: Sequence[Asked]) -> Iterator[tuple[Asked, Asked]]:
    """Open questions, each with the one that answers it; wherever they stand, it is the same."""
    for later, earlier in nearly_the_same(asked, open_only=True):
        yield (later, earlier) if later.is_open else (earlier, later)


def is_answered_in(gap: Asked, card: Asked) -> Diagnostic:
    """What is said of an open question and the one that answers it."""
    return Diagnostic(
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
