"""From cards to notes: every field as Anki gets it, and the pictures that they show."""

import functools
from collections.abc import Callable, Iterable, Mapping

import msgspec

from cribdeck.deck.contents import NAMES, Album, CardContent, render_card, render_related
from cribdeck.deck.fields import deck_name
from cribdeck.deck.note_types import NOTE_TYPES, Style, note_type_for, styles_of
from cribdeck.diagnostics import Diagnostic, Place, in_order
from cribdeck.errors import RepeatedGuid
from cribdeck.ledger import Identity, Shipped, content_hash
from cribdeck.rendering import Edition, Related, Templates

PARTED = "\x1f"
"""Between the fields of a note, as Anki keeps them; `field_text` lets it into none."""


class Note(msgspec.Struct, frozen=True):
    """A note as Anki gets it.

    Attributes:
        note_type: Its name.
        deck: The deck's whole name, levels parted by `::`.
        place: Where in the notes it comes from.
        hash: Of all that Anki gets: the note type's name, the fields, the tags.
        read: Gives its fields, see `packed`: most decks are mostly as they were, and nobody asks.
    """

    guid: str
    note_type: str
    tags: tuple[str, ...]
    deck: str
    place: Place
    hash: str
    read: Callable[[], bytes]

    @property
    def packed(self) -> bytes:
        """Its fields in the order of the note type's, as Anki's database has them: in UTF-8, 0x1f between two.

        As text they would take twice the memory, for Python gives all characters the room of the widest.
        """
        return self.read()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields as text."""
        return unpacked(self.packed)


def held(fields: Iterable[str]) -> Callable[[], bytes]:
    """What gives fields that are at hand."""
    packed = PARTED.join(fields).encode()
    return lambda: packed


def unpacked(packed: bytes) -> tuple[str, ...]:
    """The fields of a note."""
    return tuple(packed.decode().split(PARTED))


def note_hash(note_type: str, fields: Iterable[str], tags: Iterable[str]) -> str:
    """See `Note.hash`."""
    return content_hash((note_type, *fields, " ".join(tags)))


class Deck(msgspec.Struct, frozen=True):
    """All that goes into a package.

    Attributes:
        notes: In the order in which they are to be learned.
        media: The pictures that they show, by name.
        styles: The look of each note type, by its name.
    """

    notes: tuple[Note, ...]
    media: Mapping[str, bytes]
    styles: Mapping[str, Style]
    diagnostics: tuple[Diagnostic, ...]


def make_deck(edition: Edition) -> Deck:
    """Render every card of an edition as a note.

    Raises:
        RepeatedGuid: Two cards have one guid: Anki would import both, and later update only one of them.
        TemplateError: A shared template is missing or does not render.
    """
    album = Album(edition.read_media)
    study = edition.study
    titles = {section.place: section.title for document in study.documents for section in document.walk()}
    notes = []
    for card, identity in zip(study.cards, edition.identities, strict=True):
        content = render_card(edition, card, album)
        meant = dict.fromkeys([study.links.get((card.file, typed)) for typed in content.references])
        places = [place for place in meant if place and place in titles and place != card.place]
        related = [Related(edition.numbers.get(place, ""), titles[place], place.file) for place in places]
        field = render_related(edition, card.place, related, album)
        notes.append(note_of(content, edition.name, place=card.place, identity=identity, related=field))
    return bound(notes, album, edition.templates)


def note_of(content: CardContent, name: str, *, place: Place, identity: Identity, related: str) -> Note:
    """A card, now that it is known which one it is, as a note of the deck `name`."""
    note_type = note_type_for(content.kind, identity.note_type)
    fields = (*content.fields, identity.number, related, "")
    ordered = [fields[at] for at in _places(note_type.name)]
    return Note(
        guid=identity.guid,
        note_type=note_type.name,
        tags=content.tags,
        deck=deck_name(name, content.deck),
        place=place,
        hash=note_hash(note_type.name, ordered, content.tags),
        read=held(ordered),
    )


@functools.cache
def _places(note_type: str) -> tuple[int, ...]:
    """Where each field of a note type stands in those of a card, its number, what it refers to, and nothing."""
    names = (*NAMES, "Number", "Related")
    return tuple([names.index(name) if name in names else len(names) for name in NOTE_TYPES[note_type].fields])


def bound(notes: Iterable[Note], album: Album, templates: Templates) -> Deck:
    """Notes and their pictures as a deck.

    Raises:
        RepeatedGuid: As `make_deck`.
        TemplateError: A template of Anki's is missing, or shows nothing.
    """
    places: dict[str, Place] = {}
    notes = tuple(notes)
    for note in notes:
        if note.guid in places:
            raise RepeatedGuid(note.guid, str(places[note.guid]), str(note.place))
        places[note.guid] = note.place
    return Deck(notes, dict(sorted(album.media.items())), styles_of(templates), in_order(album.diagnostics))


def shipped(deck: Deck) -> tuple[Shipped, ...]:
    """What is shipped for each note, in order."""
    return tuple(shipped_note(note) for note in deck.notes)


def shipped_note(note: Note) -> Shipped:
    """What is shipped for a note. Its place in the deck's order is no part of it: Anki keeps its own."""
    return Shipped(note.note_type, note.hash)
