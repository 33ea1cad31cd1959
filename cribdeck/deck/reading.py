"""A package of ours read back: what was shipped, where the ledger or the notes have it no more."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from typing import Any

import msgspec

from cribdeck.deck.note_types import NOTE_TYPES
from cribdeck.deck.notes import PARTED, Deck, Note, held, note_hash
from cribdeck.diagnostics import Place
from cribdeck.ledger import KnownNote, Style, content_hash
from cribdeck.model import plain_text

_NOTES = """
    select n.guid, n.mid, n.mod, n.flds, n.tags, min(c.did), min(c.due)
    from notes n join cards c on c.nid = n.id group by n.id order by min(c.due), n.id
"""


class UnreadablePackage(Exception):
    """A file that is no package of ours. The text says why."""


class Package(msgspec.Struct, frozen=True):
    """What a package holds.

    Attributes:
        notes: In the order in which they are to be learned.
        mods: When each note was last changed, by guid.
        styles: The note types as they were shipped.
    """

    notes: tuple[Note, ...]
    mods: dict[str, int]
    styles: tuple[Style, ...]

    def known(self) -> tuple[KnownNote, ...]:
        """The notes as the ledger takes them."""
        return tuple(_known(note, self.mods[note.guid]) for note in self.notes)


def read_package(data: bytes) -> Package:
    """Read a package that this program wrote.

    Raises:
        UnreadablePackage: It is another file, or another program's.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            database = archive.read("collection.anki2")
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(database)
            (models, decks) = connection.execute("select models, decks from col").fetchone()
            rows = connection.execute(_NOTES).fetchall()
        finally:
            connection.close()
        return _package(json.loads(models), json.loads(decks), rows)
    except (zipfile.BadZipFile, KeyError, OSError, sqlite3.Error, ValueError, TypeError) as error:
        raise UnreadablePackage(f"{type(error).__name__}: {error}") from error


def _package(models: dict[str, Any], decks: dict[str, Any], rows: Sequence[tuple[Any, ...]]) -> Package:
    ours = {int(id_): model for id_, model in models.items() if model["name"] in NOTE_TYPES}
    notes = tuple(
        _note(guid, ours[mid]["name"], fields.split(PARTED), tags=tuple(tags.split()), deck=decks[str(did)]["name"])
        for guid, mid, _, fields, tags, did, _ in rows
        if mid in ours
    )
    return Package(notes, {row[0]: row[2] for row in rows}, tuple(_style(model) for model in ours.values()))


def _note(guid: str, note_type: str, fields: Sequence[str], *, tags: tuple[str, ...], deck: str) -> Note:
    digest = note_hash(note_type, fields, tags)
    return Note(guid, note_type, tags, deck, Place("", 0), hash=digest, read=held(fields))


def _style(model: dict[str, Any]) -> Style:
    template = model["tmpls"][0]
    fields = [field["name"] for field in model["flds"]]
    look = (template["qfmt"], template["afmt"], model["css"], template.get("bqfmt", ""), *fields)
    return Style(model["name"], content_hash(look), model["mod"])


def known_notes(deck: Deck) -> tuple[KnownNote, ...]:
    """A deck that is only rendered yet, as its package would be read back."""
    return tuple(_known(note, 0) for note in deck.notes)


def _known(note: Note, mod: int) -> KnownNote:
    note_type = NOTE_TYPES[note.note_type]
    fields = dict(zip(note_type.fields, note.fields, strict=False))
    answer = fields["Extra" if note_type.is_cloze else "Answer"]
    return KnownNote(
        guid=note.guid,
        note_type=note.note_type,
        is_cloze=note_type.is_cloze,
        shown=plain_text(note.fields[0]),
        trail=tuple(part for part in plain_text(fields["Trail"]).split(" › ") if part),
        answer=plain_text(answer.replace("</", "\n</")) if answer else "",
        number=plain_text(fields["Number"]),
        hash=note.hash,
        mod=mod,
    )
