"""How pictures, references and formulas are written on the cards of the preview."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from cribdeck.diagnostics import Place
from cribdeck.model import Card
from cribdeck.rendering import Edition
from cribdeck.rendering.pictures import UnusablePicture, check_pixels, check_svg

_MEDIA_TYPES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml",
    "webp": "image/webp", "bmp": "image/bmp", "avif": "image/avif",
}  # fmt: skip
_LARGEST = 2_000_000
"""Bytes. A larger picture is named instead of shown, for the page holds every picture in itself."""


@dataclass(slots=True)
class Album:
    """The pictures of all cards, each once. A card names one by its position: `picture:3`."""

    read: Callable[[str], bytes]
    pictures: list[str] = field(default_factory=list)
    _known: dict[str, str | None] = field(default_factory=dict)

    def name(self, path: str) -> str | None:
        """What stands in a card for a picture; None where it can't be shown."""
        if path not in self._known:
            self._known[path] = self._take(path)
        return self._known[path]

    def _take(self, path: str) -> str | None:
        kind = _MEDIA_TYPES.get(path.rpartition(".")[2].lower())
        try:
            content = self.read(path)
            if kind == "image/svg+xml":
                check_svg(content)
            check_pixels(content)
        except (OSError, UnusablePicture):
            return None
        if kind is None or len(content) > _LARGEST:
            return None
        self.pictures.append(f"data:{kind};base64,{base64.b64encode(content).decode()}")
        return f"picture:{len(self.pictures) - 1}"


@dataclass(frozen=True, slots=True)
class Sections:
    """Where references lead: the links of the notes, the title of each section, the guid of its card."""

    links: Mapping[tuple[str, str], Place]
    titles: Mapping[Place, str]
    guids: Mapping[Place, str]

    @classmethod
    def of(cls, edition: Edition) -> "Sections":
        """Those of an edition. A section with several cards is found by its first."""
        study = edition.study
        titles = {section.place: section.title for document in study.documents for section in document.walk()}
        guids: dict[Place, str] = {}
        for card, identity in zip(study.cards, edition.identities, strict=True):
            guids.setdefault(card.place, identity.guid)
        return cls(study.links, titles, guids)


class PreviewTarget:
    """One card of the preview: references lead to the card that is meant, formulas stay as typed."""

    def __init__(self, album: Album, sections: Sections, card: Card | None = None) -> None:
        self._album = album
        self._sections = sections
        self._card = card
        self._related: dict[Place, str] = {}

    def image(self, path: str) -> str | None:
        """What stands for the picture until the card is shown."""
        return self._album.name(path)

    def link(self, file: str, reference: str) -> str | None:
        """The card that is meant, as a fragment of the page."""
        place = self._sections.links.get((file, reference))
        if place is None:
            return None
        own = self._card.place if self._card else None
        if place in self._sections.titles and place != own:
            self._related.setdefault(place, self._sections.titles[place])
        guid = self._sections.guids.get(place)
        return f"#{guid}" if guid else None

    def math(self, source: str, *, display: bool) -> Markup:
        """The formula as it was typed: setting it would take MathJax, which Anki brings with it."""
        left, right = (r"\[", r"\]") if display else (r"\(", r"\)")
        return Markup('<span class="math">{}{}{}</span>').format(left, source, right)

    def related(self) -> Sequence[tuple[Place, str]]:
        """The sections that were referred to so far."""
        return tuple(self._related.items())
