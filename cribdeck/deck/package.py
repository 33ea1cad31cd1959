"""The package: notes, note types and pictures as one .apkg, byte for byte the same for the same deck and ledger.

genanki makes the note types and the decks (see `collection`). Its `Package.write_to_file` leaves its SQLite file in the
temporary folder and stamps the zip with the clock, and its `Note` writes row by row (genanki 0.13.1, package.py,
note.py). Here the database is filled in memory, a table at a time, and zipped with fixed dates.
"""

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from cribdeck.deck.archive import pack
from cribdeck.deck.note_types import NOTE_TYPES
from cribdeck.deck.notes import PARTED, Deck, Note
from cribdeck.ledger import Ledger

# As genanki 0.13.1 fills them: -1 is "changed since the last sync", 0 a new card.
_INSERT_NOTE = "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_INSERT_CARD = "insert into cards values (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
_INDEXES = "select name, sql from sqlite_master where type = 'index' and sql is not null"

Kept = Callable[[str, Callable[[], bytes]], bytes]
"""Gives what was made for the same before, or has it made."""
_NoteRow = tuple[int, str, int, int, str, str, str]
"""Id, guid, note type, `mod`, tags, fields, the field that Anki sorts by."""
_CardRow = tuple[int, int, int, int, int, int]
"""Id, its note's id, deck, number among its note's cards, `mod`, `due`."""


def write_package(deck: Deck, ledger: Ledger, kept: Kept) -> bytes:
    """See `cribdeck.deck.write_package`."""
    names = {str(at): name for at, name in enumerate(deck.media)}
    return pack(
        {
            "collection.anki2": _database(deck, ledger, kept),
            "media": json.dumps(names).encode(),
            **dict(zip(names, deck.media.values(), strict=True)),
        }
    )


def _database(deck: Deck, ledger: Ledger, kept: Kept) -> bytes:
    """The collection as an SQLite file. Ids of notes and cards, which Anki shows as their time of birth, count up."""
    decks = _decks(deck.notes)
    connection = sqlite3.connect(":memory:")
    try:
        # What was read in from one piece of memory grows in it, and is given back without being put together first.
        connection.deserialize(_empty(deck, ledger, decks, kept))
        _fill(connection, _ordered(deck.notes, decks), deck, ledger)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _empty(deck: Deck, ledger: Ledger, decks: Mapping[str, tuple[int, str]], kept: Kept) -> bytes:
    used = sorted({note.note_type for note in deck.notes})
    note_types = {name: (deck.styles[name], ledger.styles[name].mod) for name in used}

    def make() -> bytes:
        from cribdeck.deck.collection import empty_collection

        return empty_collection(note_types, list(decks.values()))

    return kept(repr((note_types, decks)), make)


def _decks(notes: Iterable[Note]) -> dict[str, tuple[int, str]]:
    """Id and name of each deck by what Anki tells them apart by, in the order in which they first appear."""
    decks: dict[str, tuple[int, str]] = {}
    for note in notes:
        key = _deck_key(note)
        if key not in decks:
            decks[key] = _deck_id(key), note.deck
    return decks


def _deck_key(note: Note) -> str:
    # Anki matches decks by name, ignoring case.
    return note.deck.casefold()


def _deck_id(name: str) -> int:
    """13 digits, as Anki's own ids, which are times in milliseconds."""
    return (1 << 40) + int.from_bytes(blake2b(name.encode(), digest_size=5).digest(), "big")


def _ordered(notes: Sequence[Note], decks: Mapping[str, tuple[int, str]]) -> list[tuple[int, int, Note]]:
    """Each note with its `due` and its deck's id, deck after deck; cards are due in the order of the notes."""
    by_deck: dict[str, list[tuple[int, int, Note]]] = {key: [] for key in decks}
    for due, note in enumerate(notes, start=1):
        key = _deck_key(note)
        by_deck[key].append((due, decks[key][0], note))
    return list(itertools.chain.from_iterable(by_deck.values()))


def _fill(connection: sqlite3.Connection, ordered: Sequence[tuple[int, int, Note]], deck: Deck, ledger: Ledger) -> None:
    """Write all rows. The indexes are made after them: in one go that is cheaper than row by row."""
    indexes = connection.execute(_INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(f"drop index {name}")
    cards: list[_CardRow] = []
    connection.executemany(_INSERT_NOTE, _rows(ordered, deck, ledger, cards))
    connection.executemany(_INSERT_CARD, cards)
    for _, statement in indexes:
        connection.execute(statement)


def _rows(
    ordered: Sequence[tuple[int, int, Note]], deck: Deck, ledger: Ledger, cards: list[_CardRow]
) -> Iterator[_NoteRow]:
    """The rows of the notes; those of their cards are added to `cards` on the way."""
    ids = itertools.count(max((ledger.entries[note.guid].mod for _, _, note in ordered), default=0) * 1000)
    for due, deck_id, note in ordered:
        mod = ledger.entries[note.guid].mod
        id_ = next(ids)
        cards += [(next(ids), id_, deck_id, ord_, mod, due) for ord_ in _card_numbers(note, deck)]
        tags, text = f" {' '.join(note.tags)} ", note.packed.decode()
        yield id_, note.guid, NOTE_TYPES[note.note_type].id, mod, tags, text, text.partition(PARTED)[0]


def _card_numbers(note: Note, deck: Deck) -> Iterable[int]:
    note_type = NOTE_TYPES[note.note_type]
    count = note.packed.count(PARTED.encode()) + 1
    assert count == len(note_type.fields), f"the note {note.guid} has {count} fields"
    if not note_type.is_cloze:
        assert not note.packed.startswith(PARTED.encode()), f"the note {note.guid} has no card"
        return (0,)
    from cribdeck.deck.collection import cloze_numbers

    numbers = cloze_numbers(note_type, deck.styles[note.note_type], note.fields)
    assert numbers, f"the note {note.guid} has no card"
    return numbers
