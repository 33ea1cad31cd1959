"""Notes whose cards are gone from the notes: no package can delete them, but one can tag them."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from cribdeck.deck.groups import Bare
from cribdeck.deck.note_types import styles_of
from cribdeck.deck.notes import Deck, Note, held, note_hash
from cribdeck.deck.package import write_package
from cribdeck.diagnostics import Place
from cribdeck.ledger import Ledger
from cribdeck.rendering import Templates

TAG = "cribdeck::retired"


class _Kept(msgspec.Struct, frozen=True):
    guid: str
    note_type: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str


def keep_notes(notes: Iterable[Note]) -> bytes:
    """Notes as a file: what was last shipped of those that are gone, for the ledger does not hold their text."""
    kept = [_Kept(note.guid, note.note_type, note.fields, note.tags, note.deck) for note in notes]
    return msgspec.json.encode(sorted(kept, key=lambda note: note.guid))


def kept_notes(data: bytes) -> tuple[Note, ...]:
    """What `keep_notes` kept; nothing where the file is another's, for it is a cache."""
    try:
        kept = msgspec.json.decode(data, type=list[_Kept])
    except msgspec.MsgspecError:
        return ()
    return tuple(_note(note) for note in kept)


def _note(kept: _Kept) -> Note:
    return Note(
        guid=kept.guid,
        note_type=kept.note_type,
        tags=kept.tags,
        deck=kept.deck,
        place=Place("", 0),
        hash=note_hash(kept.note_type, kept.fields, kept.tags),
        read=held(kept.fields),
    )


def retired_package(notes: Mapping[str, Note], ledger: Ledger, templates: Templates) -> tuple[bytes, dict[str, int]]:
    """The package that tags the notes of cards that are gone, and changes nothing else in them.

    Args:
        notes: What was last shipped of them, by guid.
        ledger: It knows them all as retired.
        templates: The note types as they are shipped now.

    Returns:
        The package, and the `mod` of each note in it: later than what was last shipped, else Anki takes no notice.
    """
    mods = {guid: max(ledger.entries[guid].mod + 1, ledger.entries[guid].retired) for guid in notes}
    entries = {guid: msgspec.structs.replace(ledger.entries[guid], mod=mod) for guid, mod in mods.items()}
    marked = tuple(_marked(note) for _, note in sorted(notes.items()))
    deck = Deck(marked, {}, styles_of(templates), ())
    shipped = replace(ledger, entries={**ledger.entries, **entries})
    return write_package(deck, shipped, Bare()), mods


def _marked(note: Note) -> Note:
    tags = tuple(sorted({*note.tags, TAG}))
    return msgspec.structs.replace(note, tags=tags, hash=note_hash(note.note_type, note.fields, tags))
