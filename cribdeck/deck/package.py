"""The package: notes, note types and pictures as one .apkg, byte for byte the same for the same deck and ledger.

`genanki.Package.write_to_file` leaves its SQLite file in the temporary folder and stamps the zip with the clock
(genanki 0.13.1, package.py). Here the database is filled in memory and zipped with fixed dates.
"""

import io
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

import genanki

from cribdeck.deck.note_types import NOTE_TYPES, NoteType, Style
from cribdeck.deck.notes import Deck, Note
from cribdeck.ledger import Ledger

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold."""


class _Model(genanki.Model):  # type: ignore[misc] # genanki ships no types
    """A note type that was last changed at `mod`."""

    # genanki finds the fields that a front needs by trial, with another engine than Anki's, and leaves out the cards
    # of templates that it misreads. Our first field is never empty, and every front shows it.
    _req = ([0, "any", [0]],)

    def __init__(self, note_type: NoteType, style: Style, mod: int) -> None:
        fields = zip(note_type.fields, note_type.field_ids, strict=True)
        template = {"name": "Card 1", "id": note_type.template_id, "qfmt": style.front, "afmt": style.back}
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[{"name": name, "id": id_} for name, id_ in fields],
            templates=[{**template, "bqfmt": style.listed}],
            css=style.css,
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self._mod = mod

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:  # noqa: ARG002 — genanki's one time for all
        return {**super().to_json(self._mod, deck_id), "req": list(self._req)}


class _Note(genanki.Note):  # type: ignore[misc] # as above
    """A note that was last changed at `mod`: Anki overwrites the user's edits wherever the package's is later."""

    def __init__(self, note: Note, model: _Model, *, due: int, mod: int) -> None:
        super().__init__(model=model, fields=list(note.fields), tags=note.tags, guid=note.guid, due=due)
        self._mod = mod

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:  # noqa: ARG002
        super().write_to_db(cursor, self._mod, deck_id, id_gen)
        assert self.cards, f"the note {self.guid} has no card"

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Every field has been through the sanitizer; genanki's own pattern warns of attributes with line breaks."""


def write_package(deck: Deck, ledger: Ledger) -> bytes:
    """See `cribdeck.deck.write_package`."""
    used = sorted({note.note_type for note in deck.notes})
    models = {name: _Model(NOTE_TYPES[name], deck.styles[name], ledger.styles[name].mod) for name in used}
    package = genanki.Package(list(_decks(deck.notes, models, ledger)))
    latest = max((ledger.entries[note.guid].mod for note in deck.notes), default=0)
    return _zip(_database(package, first_id=latest * 1000), deck.media)


def _decks(notes: Iterable[Note], models: Mapping[str, _Model], ledger: Ledger) -> Iterator[genanki.Deck]:
    """The decks in the order in which they first appear; new cards are due in the order of the notes."""
    decks: dict[str, genanki.Deck] = {}
    for due, note in enumerate(notes, start=1):
        # Anki matches decks by name, ignoring case.
        key = note.deck.casefold()
        if key not in decks:
            decks[key] = genanki.Deck(_deck_id(key), note.deck)
        mod = ledger.entries[note.guid].mod
        decks[key].add_note(_Note(note, models[note.note_type], due=due, mod=mod))
    yield from decks.values()


def _deck_id(name: str) -> int:
    """13 digits, as Anki's own ids, which are times in milliseconds."""
    return (1 << 40) + int.from_bytes(blake2b(name.encode(), digest_size=5).digest(), "big")


def _database(package: genanki.Package, *, first_id: int) -> bytes:
    """The collection as an SQLite file. Ids of notes and cards, which Anki shows as their time of birth, count up."""
    connection = sqlite3.connect(":memory:")
    try:
        package.write_to_db(connection.cursor(), 0, itertools.count(first_id))
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _zip(database: bytes, media: Mapping[str, bytes]) -> bytes:
    names = {str(at): name for at, name in enumerate(media)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        _add(archive, "collection.anki2", database)
        _add(archive, "media", json.dumps(names).encode())
        for at, content in zip(names, media.values(), strict=True):
            _add(archive, at, content)
    return stream.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.create_system = 3  # Unix: Python writes its own system's number, which would differ on Windows
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
