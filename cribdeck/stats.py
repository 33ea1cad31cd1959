"""How far the notes have come: cards by kind and deck, what is answered, what is long, what is linked."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cribdeck.diagnostics import Place
from cribdeck.model import LINK_ATTRIBUTE, Block, Card, CardKind, Document, Role, Section, Study

_LINK = re.compile(rf'{LINK_ATTRIBUTE}="([^"]*)"')
_ASKING = frozenset({Role.QUESTION, Role.OVERVIEW, Role.COMPARISON})
_MOST = 10
"""How many of the longest answers and of the most linked sections are told."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many headings of a part of the notes have an answer, and how many are open."""

    name: str
    place: Place
    answered: int
    open: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A section and its count: characters of its answer, or links that lead to it."""

    title: str
    place: Place
    count: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The notes in numbers.

    Attributes:
        kinds: Cards by kind, in the order of the kinds; only kinds that occur.
        decks: Cards by sub-deck ("" for the deck itself), by name.
        sections: One a top-level heading that has others below it, one for the other headings of each note.
        longest: Longest answers first, in characters, white space not counted.
        linked: Sections that other places of the notes refer to, most referred to first.
    """

    kinds: dict[str, int]
    decks: dict[str, int]
    sections: tuple[Progress, ...]
    longest: tuple[Counted, ...]
    linked: tuple[Counted, ...]

    @property
    def answered(self) -> int:
        """Headings that have an answer."""
        return sum(section.answered for section in self.sections)

    @property
    def open(self) -> int:
        """Headings that wait for one."""
        return sum(section.open for section in self.sections)


def stats_of(study: Study) -> Stats:
    """Count everything, in the order of the notes where counts are equal."""
    kinds = Counter(card.kind for card in study.cards)
    decks = Counter(card.deck for card in study.cards)
    return Stats(
        kinds={kind.value: kinds[kind] for kind in CardKind if kinds[kind]},
        decks=dict(sorted(decks.items())),
        sections=tuple(part for document in study.documents for part in _progress(document, study)),
        longest=_most(Counted(card.key, card.place, length) for card in study.cards if (length := _length(card))),
        linked=_most(_linked(study)),
    )


def _most(counted: Iterator[Counted]) -> tuple[Counted, ...]:
    return tuple(sorted(counted, key=lambda one: -one.count)[:_MOST])


def _progress(document: Document, study: Study) -> Iterator[Progress]:
    alone: list[Role] = []
    for section in document.sections:
        if section.children:
            yield from _part(section.key, section.place, [study.roles[below.place] for below in section.walk()])
        else:
            alone.append(study.roles[section.place])
    yield from _part(document.name, Place(document.file, 1), alone)


def _part(name: str, place: Place, roles: list[Role]) -> Iterator[Progress]:
    answered = sum(role in _ASKING for role in roles)
    if answered or Role.GAP in roles:
        yield Progress(name, place, answered, roles.count(Role.GAP))


def _length(card: Card) -> int:
    """The characters of a card's own answer; cards that show a part of another's count for nothing."""
    if card.kind not in (CardKind.QUESTION, CardKind.OVERVIEW, CardKind.COMPARISON):
        return 0
    rows = card.table.rows if card.table else ()
    inside = [block for row in rows for blocks in (*(cell.blocks for cell in row.cells), row.span) for block in blocks]
    return len("".join("".join(block.text for block in (*card.answer, *inside)).split()))


def _linked(study: Study) -> Iterator[Counted]:
    titles: dict[Place, Section] = {}
    counts: dict[Place, int] = defaultdict(int)
    for document in study.documents:
        bodies = [document.intro]
        for section in document.walk():
            titles[section.place] = section
            bodies.append(section.body)
        for reference in _references(bodies):
            place = study.links.get((document.file, reference))
            if place:
                counts[place] += 1
    for place, count in sorted(counts.items()):
        if place in titles:
            yield Counted(titles[place].key, place, count)


def _references(bodies: list[tuple[Block, ...]]) -> Iterator[str]:
    for body in bodies:
        for top in body:
            for block in top.walk():
                if LINK_ATTRIBUTE in block.html:
                    yield from map(html.unescape, _LINK.findall(block.html))
