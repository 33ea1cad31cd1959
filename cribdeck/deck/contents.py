"""Cards rendered as far as each goes by itself, as flat data: what costs time, and can be kept from build to build."""

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from markupsafe import Markup

from cribdeck.deck.fields import clean, field_text, listing_text, tag_names
from cribdeck.deck.media import UnusablePicture, media_name
from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.model import IMAGE_ATTRIBUTE, Card, CardKind
from cribdeck.rendering import Imprint, Listings, Related, card_content, related_field

NAMES = ("Question", "Trail", "Answer", "Sources", "Language", "Items", "Text", "Extra 1", "Extra 2")
"""The fields that a card alone decides."""


class PictureUse(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A picture that a card shows. `name` is its name in the deck, "" where it can't be used."""

    path: str
    line: int
    name: str


class CardContent(msgspec.Struct, frozen=True, array_like=True):
    """A card before it is known which one it is.

    Attributes:
        line: Of its heading, or of its row.
        fields: As Anki gets them, in the order of `NAMES`.
        deck: The sub-deck, "" for the deck itself.
        references: What it refers to, as typed, in order.
        pictures: In the order in which they are shown.
    """

    kind: CardKind
    line: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    references: tuple[str, ...] = ()
    pictures: tuple[PictureUse, ...] = ()


def render_card(imprint: Imprint, card: Card, album: "Album") -> CardContent:
    """Render a card by itself.

    Raises:
        TemplateError: A shared template is missing or does not render.
    """
    target = _CardTarget(album, card)
    listings = Listings()
    content = card_content(imprint, card, target, listings=listings)
    return CardContent(
        kind=card.kind,
        line=card.place.line,
        fields=tuple([listings.put_into(field_text(content[name]), listing_text) for name in NAMES]),
        tags=tag_names(card.tags),
        deck=card.deck,
        references=tuple(target.references),
        pictures=tuple(target.pictures),
    )


def render_related(imprint: Imprint, place: Place, related: Sequence[Related], album: "Album") -> str:
    """The field that names what the card of a place refers to; "" where it refers to nothing."""
    if not related:
        return ""
    target = _CardTarget(album, Card(CardKind.QUESTION, place, (), "", ""))
    return field_text(related_field(imprint, related, target))


@dataclass(slots=True)
class Album:
    """The pictures of all cards, each read and checked once."""

    read: Callable[[str], bytes]
    media: dict[str, bytes] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _known: dict[str, tuple[str, str]] = field(default_factory=dict)

    def name(self, path: str, place: Place) -> str:
        """The picture's name in the deck; "", and a diagnostic, where it can't be used."""
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

    def shows(self, uses: Iterable[PictureUse], file: str) -> bool:
        """Take the pictures of a card that was rendered before; whether they are called as they were then."""
        # All of them are taken, for each may have something to be told.
        names = [self.name(use.path, Place(file, use.line)) for use in uses]
        return names == [use.name for use in uses]

    def _take(self, path: str) -> tuple[str, str]:
        try:
            content = self.read(path)
            name = media_name(content)
        except OSError as error:
            return "", f"can't be read ({error.strerror or error})"
        except UnusablePicture as error:
            return "", str(error)
        self.media[name] = content
        return name, ""


class _CardTarget:
    """How pictures, references and formulas are written on one card."""

    def __init__(self, album: Album, card: Card) -> None:
        self._album = album
        self._card = card
        self.references: dict[str, None] = {}
        self.pictures: list[PictureUse] = []

    def image(self, path: str) -> str | None:
        """The picture's name in Anki's media folder."""
        line = self._line_of(path)
        name = self._album.name(path, Place(self._card.file, line))
        self.pictures.append(PictureUse(path, line, name))
        return name or None

    def link(self, file: str, reference: str) -> str | None:  # noqa: ARG002 — all of a card is of one note
        """None: a card has no address that another could lead to. What is meant is remembered as related."""
        self.references.setdefault(reference)
        return None

    def math(self, source: str, *, display: bool) -> Markup:
        """The formula between MathJax's delimiters, which Anki sets wherever it shows cards."""
        return (Markup(r"\[{}\]") if display else Markup(r"\({}\)")).format(source)

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
