"""The table of the notes, laid out group by group: of a deck that changed a little, all but one or two are as before.

A note's id, which decides its place in the table, comes from the time at which it last changed and from its file; a
group ends at a note that its guid chooses. So neither changes for a note when others come, go or change.
"""

import itertools
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from cribdeck import cache
from cribdeck.deck.archive import Deflated, deflated
from cribdeck.deck.note_types import NOTE_TYPES, Style
from cribdeck.deck.notes import PARTED, Note
from cribdeck.deck.pages import PAGE, leaves_of
from cribdeck.ledger import Ledger

# As genanki 0.13.1 fills it: -1 is "changed since the last sync". Text comes as the bytes that SQLite keeps.
INSERT = "insert into notes values (?, ?, ?, ?, -1, ?, cast(? as text), cast(? as text), 0, 0, '')"
_SPREAD = 1 << 18
"""Milliseconds over which the ids of notes are spread that changed in the same second: some four minutes."""
_USUAL, _MOST = 64, 512
"""Notes in a group. Of so many, compressing takes milliseconds, and no more room than if all were one piece."""
_WORTH_SHARING = 4
OPEN = -1
_PARTED = PARTED.encode()
_CLOZES = frozenset(name for name, note_type in NOTE_TYPES.items() if note_type.is_cloze)

Kept = TypeVar("Kept", bound=msgspec.Struct)
Row = tuple[int, str, int, int, str, bytes, bytes]
"""Id, guid, note type, `mod`, tags, fields, the field that Anki sorts by."""


class Shelf(Protocol):
    """Keeps what was made of the same before."""

    def load(self, keys: Sequence[bytes], kind: type[Kept]) -> Mapping[bytes, Kept]:
        """What is kept under the keys, as far as it is of that kind."""
        ...

    def keep(self, entries: Mapping[bytes, msgspec.Struct]) -> None:
        """Keep something for the next time."""
        ...


class Bare:
    """A shelf on which nothing stays."""

    def load(self, keys: Sequence[bytes], kind: type[Kept]) -> Mapping[bytes, Kept]:  # noqa: ARG002 — as it says
        """Nothing."""
        return {}

    def keep(self, entries: Mapping[bytes, msgspec.Struct]) -> None:
        """Do nothing."""


class Placed(NamedTuple):
    """A note in its place: the id decides that in the table, `due` that among the cards to be learned."""

    id: int
    mod: int
    due: int
    note: Note


class Group(msgspec.Struct, frozen=True, array_like=True):
    """Some neighbouring rows of the table as pages, compressed.

    Attributes:
        pages: Not compressed yet where `first` is open.
        lasts: The largest rowid of each leaf.
        first: The number of its first page; 0 where it can stand anywhere, as most groups can; `OPEN` where it can't,
            and is not known yet.
        cards: The numbers of each note's cards; none at all where each note has one.
    """

    pages: Deflated
    lasts: tuple[int, ...]
    first: int
    cards: tuple[tuple[int, ...], ...]

    @property
    def count(self) -> int:
        """How many pages it takes."""
        return self.pages.size // PAGE


def placed(notes: Iterable[Note], ledger: Ledger) -> list[Placed]:
    """The notes in the order of their ids. Anki shows those as times of birth: no note's is after the next minutes."""
    taken: set[int] = set()
    slots: dict[str, int] = {}
    found = []
    for due, note in enumerate(notes, start=1):
        mod, file = ledger.entries[note.guid].mod, note.place.file
        slot = slots[file] if file in slots else zlib.crc32(file.encode("utf-8", "surrogatepass")) % _SPREAD
        while (id_ := mod * 1000 + slot) in taken:
            slot += 1
        taken.add(id_)
        slots[file] = slot + 1
        found.append(Placed(id_, mod, due, note))
    return sorted(found)


def grouped(notes: Iterable[Placed]) -> Iterator[list[Placed]]:
    """The notes, parted where their guids say so."""
    group: list[Placed] = []
    for each in notes:
        group.append(each)
        if len(group) == _MOST or zlib.crc32(each.note.guid.encode("utf-8", "surrogatepass")) % _USUAL == 0:
            yield group
            group = []
    if group:
        yield group


class Layout:
    """Lays out groups.

    Args:
        table: The statement that makes the table.
        styles: The look of each note type: that of clozes decides how many cards a note has.
        shelf: Where groups are kept.
    """

    def __init__(self, table: str, styles: Mapping[str, Style], shelf: Shelf) -> None:
        self._table = table
        self._styles = styles
        self._shelf = shelf

    def groups(self, parts: Sequence[Sequence[Placed]]) -> list[Group]:
        """Some notes, group by group. One that can't stand anywhere may be for no place yet, or another (`settled`)."""
        keys = [self._key(part) for part in parts]
        known = self._shelf.load(keys, Group)
        missing = {key: part for key, part in zip(keys, parts, strict=True) if key not in known}
        made = _in_threads((self._table, list(self.rows(part)), self._cards(part), OPEN) for part in missing.values())
        new = dict(zip(missing, made, strict=True))
        self._shelf.keep({key: group for key, group in new.items() if not group.first})
        return [known.get(key) or new[key] for key in keys]

    def settled(self, parts: Sequence[Sequence[Placed]], groups: Sequence[Group], *, first: int) -> list[Group]:
        """The groups as they stand one after the other from page `first` on."""
        firsts = itertools.accumulate((group.count for group in groups), initial=first)
        moved = {
            at: new for at, (group, new) in enumerate(zip(groups, firsts, strict=False)) if group.first not in (0, new)
        }
        made = _in_threads(
            (self._table, list(self.rows(parts[at])), groups[at].cards, new) for at, new in moved.items()
        )
        found = dict(zip(moved, made, strict=True))
        self._shelf.keep({self._key(parts[at]): group for at, group in found.items()})
        return [found.get(at, group) for at, group in enumerate(groups)]

    def rows(self, part: Iterable[Placed]) -> Iterator[Row]:
        """Notes as rows of the table."""
        for id_, mod, _, note in part:
            note_type, packed = NOTE_TYPES[note.note_type], note.packed
            count = packed.count(_PARTED) + 1
            assert count == len(note_type.fields), f"the note {note.guid} has {count} fields"
            asked = packed.partition(_PARTED)[0]
            assert asked or note_type.is_cloze, f"the note {note.guid} has no card"
            yield id_, note.guid, note_type.id, mod, f" {' '.join(note.tags)} ", packed, asked

    def _key(self, part: Iterable[Placed]) -> bytes:
        text = "\n".join([f"{id_} {mod} {note.hash} {note.guid}" for id_, mod, _, note in part])
        if any(each.note.note_type in _CLOZES for each in part):
            text += repr(self._styles)
        return cache.digest(f"{self._table}\n{text}".encode("utf-8", "surrogatepass"))

    def _cards(self, part: Sequence[Placed]) -> tuple[tuple[int, ...], ...]:
        if not any(each.note.note_type in _CLOZES for each in part):
            return ()
        return tuple(self._numbers(each.note) for each in part)

    def _numbers(self, note: Note) -> tuple[int, ...]:
        if note.note_type not in _CLOZES:
            return (0,)
        from cribdeck.deck.collection import cloze_numbers

        numbers = cloze_numbers(NOTE_TYPES[note.note_type], self._styles[note.note_type], note.fields)
        assert numbers, f"the note {note.guid} has no card"
        return tuple(numbers)


def _in_threads(parts: Iterable[tuple[str, Sequence[Row], tuple[tuple[int, ...], ...], int]]) -> Iterator[Group]:
    """Lay out many groups: SQLite and zlib run without Python's lock."""
    queued = list(parts)
    if len(queued) < _WORTH_SHARING:
        return itertools.starmap(_laid, queued)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return iter(list(threads.map(_laid, *zip(*queued, strict=True))))


def _laid(table: str, rows: Sequence[Row], cards: tuple[tuple[int, ...], ...], first: int) -> Group:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"pragma page_size = {PAGE}")
        connection.execute(table)
        connection.executemany(INSERT, rows)
        connection.commit()
        (root,) = connection.execute("select rootpage from sqlite_master").fetchone()
        leaves = leaves_of(connection.serialize(), root, first=max(first, 1))
    finally:
        connection.close()
    is_open = leaves.is_bound and first == OPEN
    pages = Deflated(b"", 0, len(leaves.content)) if is_open else deflated(leaves.content)
    return Group(pages, (*leaves.lasts, rows[-1][0]), first if leaves.is_bound else 0, cards)
