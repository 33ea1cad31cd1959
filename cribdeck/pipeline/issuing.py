"""The deck of a reading: only cards are rendered that were not rendered in the same way before."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from cribdeck import cache
from cribdeck.deck import Deck
from cribdeck.deck.contents import Album, CardContent, render_card, render_related
from cribdeck.deck.notes import Note, bound, note_of, shipped_note
from cribdeck.diagnostics import Place
from cribdeck.ledger import Identity, Shipped
from cribdeck.pipeline.inputs import contents
from cribdeck.pipeline.reading import Reading
from cribdeck.pipeline.units import Unit
from cribdeck.rendering import Imprint, Related


class Issue(msgspec.Struct, frozen=True, array_like=True):
    """A card as it was issued: what it was called, what it referred to, and the hash of the note that it gave.

    Attributes:
        note_type: Of the identity, "" for a card that was new.
        related: As data; `field` is the same as Anki gets it.
    """

    number: str
    note_type: str
    related: tuple[tuple[str, str, str], ...]
    field: str
    hash: str


class Rendering(msgspec.Struct, frozen=True, array_like=True):
    """A note's cards rendered, and issued."""

    contents: tuple[CardContent, ...]
    issues: tuple[Issue, ...]


class _Card(NamedTuple):
    """A card on its way into the deck."""

    content: CardContent
    place: Place
    identity: Identity


def issue_deck(reading: Reading) -> tuple[Deck, tuple[Shipped, ...]]:
    """The deck, and what it ships for each card.

    Raises:
        RepeatedGuid: Two cards have one guid.
        TemplateError: A template is missing or does not render.
    """
    imprint, album = reading.imprint, Album(reading.pictures.read)
    keys = _keys(reading, imprint)
    known = reading.library.load(list(keys.values()), Rendering)
    issuing = _Issuing(reading, imprint, album)
    notes: list[Note] = []
    shipped: list[Shipped] = []
    changed: dict[bytes, Rendering] = {}
    identities = iter(reading.identities)
    for unit in reading.units:
        key = keys[unit.file]
        before = known.get(key)
        after = issuing.issue(unit, [next(identities) for _ in unit.entries], before)
        notes += after.notes
        shipped += after.shipped
        if after.rendering != before:
            changed[key] = after.rendering
    reading.library.keep(changed)
    return bound(notes, album, imprint.templates), tuple(shipped)


def _keys(reading: Reading, imprint: Imprint) -> dict[str, bytes]:
    """By what the rendering of each note is told apart."""
    look = repr((contents(imprint.templates.folders), imprint.labels.language, imprint.name))
    base = cache.digest(look.encode("utf-8", "surrogatepass"))
    return {
        unit.file: cache.digest(
            base + reading.library.key(unit.file) + repr(unit.pictures).encode("utf-8", "surrogatepass")
        )
        for unit in reading.units
    }


class _Issued(NamedTuple):
    notes: list[Note]
    shipped: list[Shipped]
    rendering: Rendering


class _Issuing:
    """Issues note after note."""

    def __init__(self, reading: Reading, imprint: Imprint, album: Album) -> None:
        self._reading = reading
        self._imprint = imprint
        self._album = album
        self._headings = {unit.file: unit for unit in reading.units}
        self._numbers = _numbers(reading.units, reading.identities)
        self._titles: dict[str, dict[int, str]] = {}

    def issue(self, unit: Unit, identities: Sequence[Identity], before: Rendering | None) -> _Issued:
        """The notes of one Markdown note; what it gave before is used as far as it is still true."""
        if before and len(before.contents) == len(identities) and self._shows_the_same(unit, before):
            rendered, issues = before.contents, before.issues
        else:
            rendered, issues = self._rendered(unit), ()
        cards = [
            _Card(content, Place(unit.file, content.line), identity)
            for content, identity in zip(rendered, identities, strict=True)
        ]
        old = issues if len(issues) == len(cards) else [None] * len(cards)
        notes, shipped, new = [], [], []
        for card, issue in zip(cards, old, strict=True):
            related = tuple(self._related(card)) if card.content.references else ()
            number, note_type = card.identity.number, card.identity.note_type
            # A picture in a title is the deck's only if it is rendered.
            is_plain = not any("<img" in title for _, title, _ in related)
            same = issue and is_plain and (issue.number, issue.note_type, issue.related) == (number, note_type, related)
            field = issue.field if issue and same else render_related(self._imprint, card.place, related, self._album)
            note = note_of(card.content, self._imprint.name, place=card.place, identity=card.identity, related=field)
            found = Shipped(note.note_type, issue.hash) if issue and same else shipped_note(note)
            notes.append(note)
            shipped.append(found)
            new.append(issue if issue and same else Issue(number, note_type, related, field, found.hash))
        return _Issued(notes, shipped, Rendering(rendered, tuple(new)))

    def _shows_the_same(self, unit: Unit, before: Rendering) -> bool:
        used = [use for content in before.contents for use in content.pictures]
        return not used or self._album.shows(used, unit.file)

    def _rendered(self, unit: Unit) -> tuple[CardContent, ...]:
        lesson = self._reading.library.lesson(unit.file)
        return tuple(render_card(self._imprint, card, self._album) for card in lesson.cards)

    def _related(self, card: _Card) -> Iterator[Related]:
        """The sections that a card refers to, each once, its own left out."""
        links = self._reading.links
        places = dict.fromkeys([links.get((card.place.file, typed)) for typed in card.content.references])
        for place in places:
            if place and place != card.place and (title := self._title(place)) is not None:
                yield Related(self._numbers.get((place.file, place.line), ""), title, place.file)

    def _title(self, place: Place) -> str | None:
        if place.file not in self._titles:
            headings = self._headings[place.file].outline.headings
            self._titles[place.file] = {heading.line: heading.title for heading in headings}
        return self._titles[place.file].get(place.line)


def _numbers(units: Sequence[Unit], identities: Sequence[Identity]) -> Mapping[tuple[str, int], str]:
    """The short number of the first card of each heading or row."""
    places = [(unit.file, line) for unit in units for line in unit.lines]
    # The first is written last.
    return {place: identity.number for place, identity in zip(reversed(places), reversed(identities), strict=True)}
