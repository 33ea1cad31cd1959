"""The package: notes, note types and pictures as one .apkg, byte for byte the same for the same deck and ledger.

genanki makes the note types and the decks. Its `Package.write_to_file` leaves its SQLite file in the temporary folder
and stamps the zip with the clock, and its `Note` writes row by row (genanki 0.13.1, package.py, note.py). Here the
database is filled in memory, a table at a time, and zipped with fixed dates.
"""

import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import genanki

from cribdeck.deck.archive import pack
from cribdeck.deck.note_types import NOTE_TYPES, NoteType, Style
from cribdeck.deck.notes import Deck, Note
from cribdeck.ledger import Ledger

# As genanki 0.13.1 fills them: -1 is "changed since the last sync", 0 a new card.
_INSERT_NOTE = "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_INSERT_CARD = "insert into cards values (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
_INDEXES = "select name, sql from sqlite_master where type = 'index' and sql is not null"

_NoteRow = tuple[int, str, int, int, str, str, str]
"""Id, guid, note type, `mod`, tags, fields, the field that Anki sorts by."""
_CardRow = tuple[int, int, int, int, int, int]
"""Id, its note's id, deck, number among its note's cards, `mod`, `due`."""


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


def write_package(deck: Deck, ledger: Ledger) -> bytes:
    """See `cribdeck.deck.write_package`."""
    names = {str(at): name for at, name in enumerate(deck.media)}
    return pack(
        {
            "collection.anki2": _database(deck, ledger),
            "media": json.dumps(names).encode(),
            **dict(zip(names, deck.media.values(), strict=True)),
        }
    )


def _database(deck: Deck, ledger: Ledger) -> bytes:
    """The collection as an SQLite file. Ids of notes and cards, which Anki shows as their time of birth, count up."""
    used = sorted({note.note_type for note in deck.notes})
    models = {name: _Model(NOTE_TYPES[name], deck.styles[name], ledger.styles[name].mod) for name in used}
    decks = _decks(deck.notes, models)
    connection = sqlite3.connect(":memory:")
    try:
        genanki.Package(list(decks.values())).write_to_db(connection.cursor(), 0, itertools.count())
        connection.commit()
        # What was read in from one piece of memory grows in it, and is given back without being put together first.
        connection.deserialize(connection.serialize())
        _fill(connection, _ordered(deck.notes, decks), models, ledger)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _decks(notes: Iterable[Note], models: Mapping[str, _Model]) -> dict[str, genanki.Deck]:
    """The decks by what Anki tells them apart by, in the order in which they first appear.

    The first brings all note types: genanki writes those of each deck anew beside what is there.
    """
    decks: dict[str, genanki.Deck] = {}
    for note in notes:
        key = _deck_key(note)
        if key not in decks:
            decks[key] = genanki.Deck(_deck_id(key), note.deck)
    for first in itertools.islice(decks.values(), 1):
        for model in models.values():
            first.add_model(model)
    return decks


def _deck_key(note: Note) -> str:
    # Anki matches decks by name, ignoring case.
    return note.deck.casefold()


def _deck_id(name: str) -> int:
    """13 digits, as Anki's own ids, which are times in milliseconds."""
    return (1 << 40) + int.from_bytes(blake2b(name.encode(), digest_size=5).digest(), "big")


def _ordered(notes: Sequence[Note], decks: Mapping[str, genanki.Deck]) -> list[tuple[int, int, Note]]:
    """Each note with its `due` and its deck's id, deck after deck; cards are due in the order of the notes."""
    by_deck: dict[str, list[tuple[int, int, Note]]] = {key: [] for key in decks}
    for due, note in enumerate(notes, start=1):
        key = _deck_key(note)
        by_deck[key].append((due, decks[key].deck_id, note))
    return list(itertools.chain.from_iterable(by_deck.values()))


def _fill(
    connection: sqlite3.Connection,
    ordered: Sequence[tuple[int, int, Note]],
    models: Mapping[str, _Model],
    ledger: Ledger,
) -> None:
    """Write all rows. The indexes are made after them: in one go that is cheaper than row by row."""
    indexes = connection.execute(_INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(f"drop index {name}")
    cards: list[_CardRow] = []
    connection.executemany(_INSERT_NOTE, _rows(ordered, models, ledger, cards))
    connection.executemany(_INSERT_CARD, cards)
    for _, statement in indexes:
        connection.execute(statement)


def _rows(
    ordered: Sequence[tuple[int, int, Note]],
    models: Mapping[str, _Model],
    ledger: Ledger,
    cards: list[_CardRow],
) -> Iterator[_NoteRow]:
    """The rows of the notes; those of their cards are added to `cards` on the way."""
    ids = itertools.count(max((ledger.entries[note.guid].mod for _, _, note in ordered), default=0) * 1000)
    for due, deck_id, note in ordered:
        mod = ledger.entries[note.guid].mod
        model = models[note.note_type]
        id_ = next(ids)
        cards += [(next(ids), id_, deck_id, ord_, mod, due) for ord_ in _card_numbers(note, model)]
        tags = f" {' '.join(note.tags)} "
        yield id_, note.guid, model.model_id, mod, tags, "\x1f".join(note.fields), note.fields[0]


def _card_numbers(note: Note, model: _Model) -> Iterable[int]:
    assert len(note.fields) == len(model.fields), f"the note {note.guid} has {len(note.fields)} fields"
    if model.model_type == genanki.Model.FRONT_BACK:
        assert note.fields[0], f"the note {note.guid} has no card"
        return (0,)
    numbers = sorted(card.ord for card in genanki.Note(model, list(note.fields)).cards)
    assert numbers, f"the note {note.guid} has no card"
    return numbers
