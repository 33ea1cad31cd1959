"""All that a writer is given: what was read, who is who, how it is to look."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from cribdeck.diagnostics import Place
from cribdeck.ledger import Identity
from cribdeck.model import Study
from cribdeck.rendering.blocks import Target
from cribdeck.rendering.fragments import Fragments
from cribdeck.rendering.labels import Labels
from cribdeck.rendering.listings import Listings
from cribdeck.rendering.templates import Templates
from cribdeck.settings import Settings


@dataclass(frozen=True)
class Imprint:
    """What is the same on every card and page of a build, whatever stands on them.

    Attributes:
        name: The deck's name, and the sheet's title where the settings give none.
    """

    settings: Settings
    labels: Labels
    templates: Templates
    name: str

    def fragments(self, target: Target, apart: Listings | None = None) -> Fragments:
        """The shared fragments, written for one target. `apart` is where code blocks are kept, if not in them."""
        return Fragments(self.templates, self.labels, target=target, languages=self.settings.code, apart=apart)


@dataclass(frozen=True)
class Edition(Imprint):
    """One build's matter, the same for deck, sheet and preview.

    Attributes:
        identities: One a card, in the order of `study.cards`.
        read_media: Gives the bytes of a file of the notes folder by its path relative to it; raises OSError.
    """

    study: Study
    identities: tuple[Identity, ...]
    read_media: Callable[[str], bytes]

    @cached_property
    def numbers(self) -> dict[Place, str]:
        """The short number of the first card of each heading (or row), which sheet and card both show."""
        numbers: dict[Place, str] = {}
        for card, identity in zip(self.study.cards, self.identities, strict=True):
            numbers.setdefault(card.place, identity.number)
        return numbers

    @property
    def modified(self) -> int:
        """When the notes last changed, in seconds since 1970."""
        return max((document.modified for document in self.study.documents), default=0)
