"""The package: notes, note types and pictures as one .apkg, byte for byte the same for the same deck and ledger.

genanki makes the note types and the decks (see `collection`). Its `Package.write_to_file` leaves its SQLite file in the
temporary folder and stamps the zip with the clock, and its `Note` writes row by row (genanki 0.13.1, package.py,
note.py). Here the database is filled in memory, a table at a time, that of the notes in groups that are kept from deck
to deck (see `groups`), and zipped with fixed dates.
"""

import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec

from cribdeck import cache
from cribdeck.deck.archive import Content, Deflated, deflated, pack
from cribdeck.deck.groups import INSERT, Group, Layout, Placed, Shelf, grouped, placed
from cribdeck.deck.notes import Deck, Note
from cribdeck.deck.pages import PAGE, trunk_over
from cribdeck.ledger import Ledger

# As genanki 0.13.1 fills it: 0 is a new card.
_INSERT_CARD = "insert into cards values (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
_INDEXES = "select name, tbl_name, sql from sqlite_master where type = 'index' and sql is not null"
_NOTES = "select rootpage, sql from sqlite_master where name = 'notes'"
_FILE_SIZE = slice(28, 32)
"""Where an SQLite file says how many pages it has."""
_CardRow = tuple[int, int, int, int, int, int]
"""Id, its note's id, deck, number among its note's cards, `mod`, `due`."""


class _Empty(msgspec.Struct, frozen=True, array_like=True):
    """A collection without notes."""

    image: bytes


def write_package(deck: Deck, ledger: Ledger, shelf: Shelf) -> bytes:
    """See `cribdeck.deck.write_package`."""
    names = {str(at): name for at, name in enumerate(deck.media)}
    return pack(
        {
            "collection.anki2": _database(deck, ledger, shelf),
            "media": [json.dumps(names).encode()],
            **{at: _picture(name, content) for at, (name, content) in zip(names, deck.media.items(), strict=True)},
        }
    )


def _picture(name: str, content: bytes) -> bytes | Content:
    # Pictures made of points are compressed already, those made of words are not.
    return [content] if name.endswith(".svg") else content


def _database(deck: Deck, ledger: Ledger, shelf: Shelf) -> Content:
    """The collection as an SQLite file."""
    decks = _decks(deck.notes)
    connection = sqlite3.connect(":memory:")
    try:
        # What was read in from one piece of memory grows in it, and is given back without being put together first.
        connection.deserialize(_empty(deck, ledger, decks, shelf))
        root, table = connection.execute(_NOTES).fetchone()
        layout = Layout(table, deck.styles, shelf)
        parts = list(grouped(placed(deck.notes, ledger)))
        groups = layout.groups(parts)
        _fill(connection, list(_cards(parts, groups, decks)))
        is_small = sum(len(group.lasts) for group in groups) < 2  # a trunk has two leaves at least
        if is_small:
            connection.executemany(INSERT, itertools.chain.from_iterable(map(layout.rows, parts)))
        connection.commit()
        head = connection.serialize()
    finally:
        connection.close()
    if is_small:
        return [_deflated(head)]
    return _joined(head, root, layout.settled(parts, groups, first=len(head) // PAGE + 1))


def _empty(deck: Deck, ledger: Ledger, decks: Mapping[str, tuple[int, str]], shelf: Shelf) -> bytes:
    used = sorted({note.note_type for note in deck.notes})
    note_types = {name: (deck.styles[name], ledger.styles[name].mod) for name in used}
    key = cache.digest(repr((note_types, decks)).encode("utf-8", "surrogatepass"))
    known = shelf.load([key], _Empty).get(key)
    if known is None:
        from cribdeck.deck.collection import empty_collection

        known = _Empty(empty_collection(note_types, list(decks.values())))
        shelf.keep({key: known})
    return known.image


def _decks(notes: Iterable[Note]) -> dict[str, tuple[int, str]]:
    """Id and name of each deck by what Anki tells them apart by, in the order in which they first appear."""
    decks: dict[str, tuple[int, str]] = {}
    for name in dict.fromkeys([note.deck for note in notes]):
        key = _deck_key(name)
        if key not in decks:
            decks[key] = _deck_id(key), name
    return decks


def _deck_key(name: str) -> str:
    # Anki matches decks by name, ignoring case.
    return name.casefold()


def _deck_id(name: str) -> int:
    """13 digits, as Anki's own ids, which are times in milliseconds."""
    return (1 << 40) + int.from_bytes(blake2b(name.encode(), digest_size=5).digest(), "big")


def _cards(
    parts: Sequence[Sequence[Placed]], groups: Sequence[Group], decks: Mapping[str, tuple[int, str]]
) -> Iterator[_CardRow]:
    """The rows of the cards, by their notes. A note's first card has its id, others those that are free beyond all."""
    free = itertools.count(max((part[-1].id for part in parts), default=0) + 1)
    for part, group in zip(parts, groups, strict=True):
        numbers = group.cards or itertools.repeat((0,))
        for (id_, mod, due, note), own in zip(part, numbers, strict=False):
            deck = decks[_deck_key(note.deck)][0]
            for at, number in enumerate(own):
                yield next(free) if at else id_, id_, deck, number, mod, due


def _fill(connection: sqlite3.Connection, cards: Sequence[_CardRow]) -> None:
    """Write the cards. Their indexes are made after them: in one go that is cheaper than row by row.

    Those of the notes are left out: who imports a deck reads all of it, and has indexes of his own.
    """
    indexes = connection.execute(_INDEXES).fetchall()
    for name, _, _ in indexes:
        connection.execute(f"drop index {name}")
    connection.executemany(_INSERT_CARD, cards)
    for _, table, statement in indexes:
        if table != "notes":
            connection.execute(statement)


def _joined(head: bytes, root: int, groups: Sequence[Group]) -> Content:
    """A collection whose notes lie in groups behind it; `root` is the number of their table's root page."""
    first = len(head) // PAGE + 1
    leaves = []
    for group in groups:
        leaves += [(first + at, last) for at, last in enumerate(group.lasts)]
        first += group.count
    trunk, between = trunk_over(leaves, first=first)
    pages = first - 1 + len(between) // PAGE
    head = head[: _FILE_SIZE.start] + pages.to_bytes(4, "big") + head[_FILE_SIZE.stop :]
    head = head[: (root - 1) * PAGE] + trunk + head[root * PAGE :]
    return [_deflated(head), *(group.pages for group in groups), between]


def _deflated(head: bytes) -> Deflated:
    # Cards and their indexes are numbers that count up: the first level finds in them what the others find.
    return deflated(head, level=1)
