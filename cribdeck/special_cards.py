"""Cards beside the question: phrases to fill in, terms, and answers that ask for their question."""

import html
import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from cribdeck.markdown.labels import label_of
from cribdeck.model import Block, BlockKind, Card, CardKind, Directives, has_content, plain_text
from cribdeck.settings import CardSettings

_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
_LONGEST_REVERSED = 200
"""Characters. A longer answer is no question, unless the heading asks for it with `<!-- card: reverse -->`."""


def special_cards(base: Card, directives: Directives, wanted: CardSettings) -> tuple[Card, ...]:
    """What else a section's own text asks for.

    Args:
        base: The section's question: its title and its text.
        directives: What the heading asks for.
        wanted: What the settings ask for.

    Returns:
        A cloze card for each phrase between `==`, a term card for each definition, a question for each label where
        the heading asks to be split, the reverse card; in this order.
    """
    cards: list[Card] = []
    if wanted.cloze or directives.cloze:
        cards += _clozes(base)
    if wanted.term:
        cards += _terms(base)
    if directives.split:
        cards += _split(base)
    if (directives.reverse or (wanted.reverse and _is_short(base.answer))) and has_content(base.answer):
        cards.append(replace(base, kind=CardKind.REVERSE, part="reverse", sources=(), items=()))
    return tuple(cards)


def is_cloze_alone(base: Card, directives: Directives) -> bool:
    """Whether `<!-- card: cloze -->` puts the cloze cards in the place of the question."""
    return directives.cloze and bool(_clozes(base))


def _clozes(base: Card) -> list[Card]:
    """One card a phrase, each a note of its own.

    Anki ties the history of a cloze card to its number, so that phrases of one note change places when another is
    put before them. As notes of their own they are recognised by their phrase, as all cards are by their question.
    """
    phrases = dict.fromkeys(
        phrase for block in _inside(base.answer) for mark in _MARK.findall(block.html) if (phrase := plain_text(mark))
    )
    return [replace(base, kind=CardKind.CLOZE, part=phrase) for phrase in phrases]


def _inside(blocks: Iterable[Block]) -> Iterator[Block]:
    for top in blocks:
        for block in top.walk():
            if block.kind not in (BlockKind.CODE, BlockKind.MATH):
                yield block


def _terms(base: Card) -> Iterator[Card]:
    seen: set[str] = set()
    for term, meaning in _definitions(base.answer):
        part = plain_text(term)
        if part and part not in seen and has_content(meaning):
            seen.add(part)
            yield replace(base, kind=CardKind.TERM, part=part, question=term, answer=meaning, sources=())


def _split(base: Card) -> Iterator[Card]:
    """One question a label of the answer: `Flink 的角色 · JobManager`."""
    seen: set[str] = set()
    for label, text in _labelled(base.answer):
        part = plain_text(label)
        if part and part not in seen and has_content(text):
            seen.add(part)
            question = f"{base.question} · {label}"
            yield replace(base, kind=CardKind.QUESTION, part=part, question=question, answer=text, sources=())


def _labelled(blocks: Iterable[Block]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    yield from _definitions(block for block in blocks if block.kind is BlockKind.DEFINITIONS)
    for top in blocks:
        if top.kind is BlockKind.LABEL:
            yield top.html, top.children
        for item in top.children if top.kind in (BlockKind.BULLETS, BlockKind.NUMBERS) else ():
            first = item.children[0] if item.children else None
            split = label_of(first.html) if first and first.kind is BlockKind.PARAGRAPH else None
            if first and split and split[1]:
                yield split[0], (replace(first, html=split[1]), *item.children[1:])


def _definitions(blocks: Iterable[Block]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The terms (inline HTML) and meanings of definition lists and of tables with two columns and a header."""
    for top in blocks:
        for block in top.walk():
            if block.kind is BlockKind.DEFINITIONS:
                yield from _listed(block.children)
            elif block.kind is BlockKind.TABLE and all(len(row.children) == 2 for row in block.children):
                for row in block.children:
                    if row.info != "head":
                        term, meaning = row.children
                        yield term.html, (replace(meaning, kind=BlockKind.PARAGRAPH, info=""),)


def _listed(children: Iterable[Block]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """A definition list's children, where each term is followed by one or more definitions."""
    term, meaning = "", list[Block]()
    for child in children:
        if child.kind is BlockKind.TERM:
            if meaning:
                yield term, tuple(meaning)
            term, meaning = child.html, []
        else:
            meaning += child.children or (Block(BlockKind.PARAGRAPH, child.line, child.html),)
    if meaning:
        yield term, tuple(meaning)


def _is_short(blocks: Iterable[Block]) -> bool:
    return sum(len(html.unescape(block.text)) for block in blocks) <= _LONGEST_REVERSED
