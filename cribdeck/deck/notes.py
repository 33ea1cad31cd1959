"""From cards to notes: every field as Anki gets it, and the pictures that they show."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from cribdeck.deck.fields import clean, deck_name, field_text, tag_names
from cribdeck.deck.media import UnusablePicture, media_name
from cribdeck.deck.note_types import NOTE_TYPES, Style, note_type_for, styles_of
from cribdeck.diagnostics import Code, Diagnostic, Place, in_order
from cribdeck.errors import RepeatedGuid
from cribdeck.ledger import Identity, Shipped, content_hash
from cribdeck.model import IMAGE_ATTRIBUTE, Card
from cribdeck.rendering import Edition, card_fields


@dataclass(frozen=True, slots=True)
class Note:
    """A note as Anki gets it.

    Attributes:
        note_type: Its name.
        fields: In the order of the note type's.
        deck: The deck's whole name, levels parted by `::`.
        place: Where in the notes it comes from.
    """

    guid: str
    note_type: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    place: Place


@dataclass(frozen=True, slots=True)
class Deck:
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
    album = _Album(edition.read_media)
    titles = {section.place: section.title for document in edition.study.documents for section in document.walk()}
    places: dict[str, Place] = {}
    notes = []
    for card, identity in zip(edition.study.cards, edition.identities, strict=True):
        if identity.guid in places:
            raise RepeatedGuid(identity.guid, str(places[identity.guid]), str(card.place))
        places[identity.guid] = card.place
        notes.append(_note(edition, card, identity, _CardTarget(album, card, edition.study.links, titles)))
    return Deck(
        notes=tuple(notes),
        media=dict(sorted(album.media.items())),
        styles=styles_of(edition.templates),
        diagnostics=in_order(album.diagnostics),
    )


def shipped(deck: Deck) -> tuple[Shipped, ...]:
    """What is shipped for each note, in order. Its place in the deck's order is no part of it: Anki keeps its own."""
    return tuple(
        Shipped(note.note_type, content_hash((note.note_type, *note.fields, " ".join(note.tags))))
        for note in deck.notes
    )


def _note(edition: Edition, card: Card, identity: Identity, target: "_CardTarget") -> Note:
    note_type = note_type_for(card.kind, identity.note_type)
    content = card_fields(edition, card, identity, target)
    return Note(
        guid=identity.guid,
        note_type=note_type.name,
        fields=tuple(field_text(content.get(name, Markup())) for name in NOTE_TYPES[note_type.name].fields),
        tags=tag_names(card.tags),
        deck=deck_name(edition.name, card.deck),
        place=card.place,
    )


@dataclass(slots=True)
class _Album:
    """The pictures of all cards, each read and checked once."""

    read: Callable[[str], bytes]
    media: dict[str, bytes] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _known: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def name(self, path: str, place: Place) -> str | None:
        """The picture's name in the deck; None, and a diagnostic, where it can't be used."""
        if path not in self._known:
            self._known[path] = self._take(path)
        name, problem = self._known[path]
        if problem:
            self.diagnostics.append(
                Diagnostic(
                    Code.UNUSABLE_IMAGE,
                    place,
                    f"picture {clean(path)} {problem}, so its card shows only its name",
                    "save it again as PNG or as a plain SVG",
                )
            )
        return name

    def _take(self, path: str) -> tuple[str | None, str]:
        try:
            content = self.read(path)
            name = media_name(content)
        except OSError as error:
            return None, f"can't be read ({error.strerror or error})"
        except UnusablePicture as error:
            return None, str(error)
        self.media[name] = content
        return name, ""


class _CardTarget:
    """How pictures, references and formulas are written on one card."""

    def __init__(
        self, album: _Album, card: Card, links: Mapping[tuple[str, str], Place], titles: Mapping[Place, str]
    ) -> None:
        self._album = album
        self._card = card
        self._links = links
        self._titles = titles
        self._related: dict[Place, str] = {}

    def image(self, path: str) -> str | None:
        """The picture's name in Anki's media folder."""
        return self._album.name(path, Place(self._card.file, self._line_of(path)))

    def link(self, file: str, reference: str) -> str | None:
        """None: a card has no address that another could lead to. What is meant is remembered as related."""
        place = self._links.get((file, reference))
        if place and place in self._titles and place != self._card.place:
            self._related.setdefault(place, self._titles[place])
        return None

    def math(self, source: str, *, display: bool) -> Markup:
        """The formula between MathJax's delimiters, which Anki sets wherever it shows cards."""
        return (Markup(r"\[{}\]") if display else Markup(r"\({}\)")).format(source)

    def related(self) -> tuple[tuple[Place, str], ...]:
        """The sections that were referred to so far: place and title."""
        return tuple(self._related.items())

    def _line_of(self, path: str) -> int:
        mark = f'{IMAGE_ATTRIBUTE}="{html.escape(path)}"'
        table = self._card.table
        cells = (
            [block for row in table.rows for cell in row.cells for block in (*cell.blocks, *row.span)] if table else []
        )
        for top in (*self._card.answer, *cells):
            for block in top.walk():
                if mark in block.html:
                    return block.line
        return self._card.place.line
