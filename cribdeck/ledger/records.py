"""What the ledger holds, and what passes in and out of it."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import msgspec

from cribdeck.model import CardKind

FILE_NAME = "ledger.jsonl"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, dict=True):
    """A card as the last build knew it.

    Attributes:
        guid: What Anki knows the note by.
        trail: Keys of the headings above, outermost first.
        part: Tells apart the cards that one heading gives (`Card.part`).
        nth: Counts cards of the same place, from 0.
        rank: Orders the cards of a file; it says nothing across files. Kept where the order is, so that a section
            that is added changes no other line.
        id: From `{#id}` in the heading.
        number: The short number on card and sheet.
        answer: By what the answer is recognised again, see `fingerprint`.
        note_type: Once given, it stays: an import can't change it.
        hash: Of what was last shipped; empty until a deck was built.
        mod: When that last changed, in seconds since 1970; 0 until a deck was built.
        retired: The time since which the card is gone from the notes, or 0.
    """

    guid: str
    kind: CardKind
    file: str
    trail: tuple[str, ...]
    question: str
    part: str = ""
    nth: int = 0
    rank: int = 0
    id: str = ""
    number: str = ""
    answer: str = ""
    note_type: str = ""
    hash: str = ""
    mod: int = 0
    retired: int = 0

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The headings down to the card: a row's aspect stands where a sub-heading's key would."""
        path = (*self.trail, self.question)
        return (*path, self.part) if self.part else path


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note type as it was last shipped: the hash of its templates and CSS, and when that last changed."""

    note_type: str
    hash: str
    mod: int


class Ledger(msgspec.Struct, frozen=True):
    """Every card that ever was, by guid, and the note types, by name. `salt` keeps two users' guids apart."""

    salt: str
    entries: Mapping[str, Entry] = msgspec.field(default_factory=dict)
    styles: Mapping[str, Style] = msgspec.field(default_factory=dict)


class Identity(msgspec.Struct, frozen=True):
    """What a card is called for ever: its guid, its short number on card and sheet, its note type ("" when new)."""

    guid: str
    number: str
    note_type: str = ""


class Doubt(msgspec.Struct, frozen=True):
    """A card that may be one of the ledger, but surely is none, or as likely another: none was taken, so it is new.

    Attributes:
        card: Its position among the cards.
        candidates: Guids, sorted.
    """

    card: int
    candidates: tuple[str, ...]


class Shipped(msgspec.Struct, frozen=True):
    """What a build ships for one card: the note type's name and the hash of all that Anki gets."""

    note_type: str
    hash: str


class KnownNote(msgspec.Struct, frozen=True):
    """A note as it was once shipped, read back from a package.

    Attributes:
        shown: Its first field as plain text.
        trail: The headings above it, as they are shown.
        answer: Its answer as plain text, a line a block.
        hash: As `Shipped.hash`.
    """

    guid: str
    note_type: str
    is_cloze: bool
    shown: str
    trail: tuple[str, ...]
    answer: str
    number: str
    hash: str
    mod: int


class Built(msgspec.Struct, frozen=True):
    """What one build gives to remember.

    Attributes:
        entries: The cards in source order, as `entries_of` gives them.
        identities: One a card.
        shipped: One a card; None when no deck was built: then only places are remembered.
        unread: Files that this build could not read.
    """

    entries: Sequence[Entry]
    identities: Sequence[Identity]
    shipped: Sequence[Shipped] | None
    unread: Collection[str] = ()
