"""The deck of a reading: only cards are rendered that were not rendered in the same way before."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cribdeck import cache
from cribdeck.deck import Deck
from cribdeck.deck.contents import Album, CardContent, PictureUse, render_card, render_related
from cribdeck.deck.note_types import note_type_for
from cribdeck.deck.notes import Note, bound, note_hash, note_of, shipped_note, unpacked
from cribdeck.diagnostics import Place
from cribdeck.ledger import Entry, Identity, Shipped
from cribdeck.pipeline.inputs import contents
from cribdeck.pipeline.reading import Reading
from cribdeck.pipeline.units import Unit
from cribdeck.rendering import Imprint, Related


class Issue(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A card as it went into a deck but for its text, and what that depended on beside the Markdown note itself.

    Attributes:
        line: Of its heading, or of its row.
        related: The sections that it refers to; `references` are the same as typed.
        hash: See `Note.hash`.
    """

    number: str
    note_type: str
    related: tuple[tuple[str, str, str], ...]
    line: int
    tags: tuple[str, ...]
    deck: str
    hash: str
    references: tuple[str, ...]
    pictures: tuple[PictureUse, ...]


class Issued(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The cards of one Markdown note, as they went into a deck."""

    issues: tuple[Issue, ...]


class Texts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The text of the same cards, see `Note.packed`; apart, for it is large and seldom asked for."""

    packed: tuple[bytes, ...]


def issue_deck(reading: Reading) -> tuple[Deck, tuple[Shipped, ...]]:
    """The deck, and what it ships for each card.

    Raises:
        RepeatedGuid: Two cards have one guid.
        TemplateError: A template is missing or does not render.
    """
    imprint, album = reading.imprint, Album(reading.pictures.read)
    issuing = _Issuing(reading, imprint, album)
    notes: list[Note] = []
    identities = iter(reading.identities)
    for unit in reading.units:
        notes += issuing.notes(unit, [next(identities) for _ in unit.entries])
    return bound(notes, album, imprint.templates), tuple([shipped_note(note) for note in notes])


def _keys(reading: Reading, imprint: Imprint) -> dict[str, bytes]:
    """By what the cards of each note, rendered, are told apart."""
    look = repr((contents(imprint.templates.folders), imprint.labels.language, imprint.name))
    base = cache.digest(look.encode("utf-8", "surrogatepass"))
    return {
        unit.file: cache.digest(
            base + reading.library.key(unit.file) + repr(unit.pictures).encode("utf-8", "surrogatepass")
        )
        for unit in reading.units
    }


class _Issuing:
    """Issues the cards of note after note."""

    def __init__(self, reading: Reading, imprint: Imprint, album: Album) -> None:
        self._reading = reading
        self._library = reading.library
        self._imprint = imprint
        self._album = album
        self._units = {unit.file: unit for unit in reading.units}
        self._numbers = _numbers(reading.units, reading.identities)
        self._titles: dict[str, dict[int, str]] = {}
        self._at_hand: tuple[str, tuple[CardContent, ...] | None] = ("", None)
        self._keys = _keys(reading, imprint)
        known = self._library.load(list(self._keys.values()), Issued)
        readable = self._library.has(map(_text_key, known))
        self._known = {key: issued for key, issued in known.items() if _text_key(key) in readable}
        self._text_at_hand: tuple[bytes, tuple[bytes, ...]] = (b"", ())

    def notes(self, unit: Unit, identities: Sequence[Identity]) -> list[Note]:
        """The cards of one note, as Anki gets them."""
        key = self._keys[unit.file]
        before = self._known[key].issues if key in self._known else ()
        # Every picture is taken, for each may have something to be told.
        taken = [not issue.pictures or self._album.shows(issue.pictures, unit.file) for issue in before]
        old = before if all(taken) and len(before) == len(identities) else [None] * len(identities)
        cards = enumerate(zip(old, identities, unit.entries, strict=True))
        found = [self._issue(unit.file, at, card) for at, card in cards]
        notes = [note for note, _ in found]
        issues = tuple([issue for _, issue in found])
        if issues != before:
            texts = Texts(tuple([note.packed for note in notes]))
            self._library.keep({_text_key(key): texts, key: Issued(issues)})
        return notes

    def _issue(self, file: str, at: int, card: tuple[Issue | None, Identity, Entry]) -> tuple[Note, Issue]:
        """One card: what it was, or rendered now."""
        old, identity, entry = card
        if old and self._is_same(file, old, identity, entry):
            return self._known_note(file, at, old, identity), old
        return self._rendered(file, at, identity)

    def _known_note(self, file: str, at: int, issue: Issue, identity: Identity) -> Note:
        """A card as it was issued before; its text is looked for when it is asked for, and made again if it is lost."""

        def read() -> bytes:
            key = _text_key(self._keys[file])
            if self._text_at_hand[0] != key:
                texts = self._library.load([key], Texts).get(key)
                self._text_at_hand = key, texts.packed if texts else ()
            packed = self._text_at_hand[1]
            if at < len(packed) and note_hash(issue.note_type, unpacked(packed[at]), issue.tags) == issue.hash:
                return packed[at]
            return self._rendered(file, at, identity)[0].packed

        place = Place(file, issue.line)
        return Note(identity.guid, issue.note_type, issue.tags, issue.deck, place, issue.hash, read)

    def _is_same(self, file: str, issue: Issue, identity: Identity, entry: Entry) -> bool:
        """Whether a card is what it was, beside its text."""
        return (
            issue.number == identity.number
            and issue.note_type == note_type_for(entry.kind, identity.note_type).name
            and (not issue.references or self._refers_to_the_same(file, issue))
        )

    def _refers_to_the_same(self, file: str, issue: Issue) -> bool:
        related = tuple(self._related(Place(file, issue.line), issue.references))
        # A picture in a title is the deck's only if it is rendered.
        return related == issue.related and not any("<img" in title for _, title, _ in related)

    def _rendered(self, file: str, at: int, identity: Identity) -> tuple[Note, Issue]:
        content = self._content(file, at)
        place = Place(file, content.line)
        related = tuple(self._related(place, content.references))
        field = render_related(self._imprint, place, related, self._album)
        note = note_of(content, self._imprint.name, place=place, identity=identity, related=field)
        issue = Issue(
            number=identity.number,
            note_type=note.note_type,
            related=related,
            line=content.line,
            tags=note.tags,
            deck=note.deck,
            hash=note.hash,
            references=content.references,
            pictures=content.pictures,
        )
        return note, issue

    def _content(self, file: str, at: int) -> CardContent:
        library = self._library
        if self._at_hand[0] != file:
            self._at_hand = file, library.rendered(file, self._imprint.labels.language)
        contents = self._at_hand[1]
        # It was rendered with other eyes on the pictures; those that it shows are the deck's from here.
        if contents and (not contents[at].pictures or self._album.shows(contents[at].pictures, file)):
            return contents[at]
        return render_card(self._imprint, library.lesson(file).cards[at], self._album)

    def _related(self, own: Place, references: Sequence[str]) -> Iterator[Related]:
        """The sections that a card refers to, each once, its own left out."""
        links = self._reading.links
        for place in dict.fromkeys([links.get((own.file, typed)) for typed in references]):
            if place and place != own and (title := self._title(place)) is not None:
                yield Related(self._numbers.get((place.file, place.line), ""), title, place.file)

    def _title(self, place: Place) -> str | None:
        if place.file not in self._titles:
            headings = self._units[place.file].outline.headings
            self._titles[place.file] = {heading.line: heading.title for heading in headings}
        return self._titles[place.file].get(place.line)


def _text_key(key: bytes) -> bytes:
    return cache.digest(b"text" + key)


def _numbers(units: Sequence[Unit], identities: Sequence[Identity]) -> Mapping[tuple[str, int], str]:
    """The short number of the first card of each heading or row."""
    places = [(unit.file, line) for unit in units for line in unit.lines]
    # The first is written last.
    return {place: identity.number for place, identity in zip(reversed(places), reversed(identities), strict=True)}
