"""The table of the notes, put together from pages of many small files: SQLite itself decides whether it is whole."""

import io
import random
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cribdeck.deck import Deck, Note, write_package
from cribdeck.deck.note_types import NOTE_TYPES, styles_of
from cribdeck.deck.notes import held, note_hash
from cribdeck.deck.pages import PAGE, trunk_over
from cribdeck.diagnostics import Place
from cribdeck.ledger import Entry, Ledger, Style
from cribdeck.model import CardKind
from cribdeck.rendering import Templates

from .conftest import Desk

STYLES = styles_of(Templates())
NOW = 1_700_000_000
Kept = TypeVar("Kept", bound=msgspec.Struct)


@dataclass
class Shelf:
    """Keeps everything, and counts what it is given."""

    entries: dict[bytes, msgspec.Struct] = field(default_factory=dict)
    given: int = 0

    def load(self, keys: Sequence[bytes], kind: type[Kept]) -> Mapping[bytes, Kept]:
        found = {key: self.entries[key] for key in keys if key in self.entries}
        return {key: entry for key, entry in found.items() if isinstance(entry, kind)}

    def keep(self, entries: Mapping[bytes, msgspec.Struct]) -> None:
        self.entries |= entries
        self.given += len(entries)


def note(at: int, text: str, *, note_type: str = "Cribdeck Question") -> Note:
    fields = (text, *[""] * 9)
    return Note(
        guid=f"guid {at}",
        note_type=note_type,
        tags=("tag",),
        deck="Deck",
        place=Place(f"{at // 10}.md", at % 10 + 1),
        hash=note_hash(note_type, fields, ("tag",)),
        read=held(fields),
    )


def deck_of(notes: Sequence[Note]) -> Deck:
    return Deck(tuple(notes), {}, STYLES, ())


def ledger_of(notes: Sequence[Note], mods: Mapping[str, int] | None = None) -> Ledger:
    mods = mods or {}
    entries = {n.guid: Entry(n.guid, CardKind.QUESTION, "", (), "", mod=mods.get(n.guid, NOW)) for n in notes}
    return Ledger("salt", entries, {name: Style(name, "", NOW) for name in NOTE_TYPES})


def rows(package: bytes, columns: str = "guid, flds") -> list[tuple[Any, ...]]:
    """The notes of a package whose database SQLite finds without fault."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(archive.read("collection.anki2"))
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert connection.execute(
                "select count(*) from notes where id not in (select nid from cards)"
            ).fetchone() == (0,)
            # By id as well as front to back: both ways lead through the trunk.
            ids = [id_ for (id_,) in connection.execute("select id from notes")]
            query = f"select {columns} from notes where id = ?"  # noqa: S608 — ours
            found = [connection.execute(query, (id_,)).fetchone() for id_ in ids]
        finally:
            connection.close()
    assert ids == sorted(set(ids))
    return found


def texts(notes: Sequence[Note]) -> dict[str, str]:
    return {note.guid: note.packed.decode() for note in notes}


SIZES = st.one_of(st.integers(1, 3_000), st.sampled_from([PAGE - 200, PAGE - 100, PAGE - 60, PAGE, 3 * PAGE, 500_000]))


@settings(max_examples=40, deadline=None)
@given(st.lists(SIZES, max_size=120), st.integers(0, 9))
def test_the_notes_are_read_back_whatever_their_sizes(sizes: list[int], seed: int) -> None:
    notes = [note(seed * 1_000 + at, "x" * size) for at, size in enumerate(sizes)]

    assert dict(rows(write_package(deck_of(notes), ledger_of(notes)))) == texts(notes)


def test_every_length_around_the_end_of_a_page_is_read_back() -> None:
    notes = [note(at, "x" * (PAGE - 120 + at)) for at in range(120)]

    assert dict(rows(write_package(deck_of(notes), ledger_of(notes)))) == texts(notes)


@pytest.mark.parametrize("count", [0, 1, 2, 63, 64, 65, 700, 5_000])
def test_any_number_of_notes_makes_a_sound_table(count: int) -> None:
    notes = [note(at, f"question {at}") for at in range(count)]

    assert dict(rows(write_package(deck_of(notes), ledger_of(notes)))) == texts(notes)


@pytest.mark.parametrize("text", ["42", "007", "-3.0", "1e3", " 12 ", "9223372036854775808", "0x10", "一"])
def test_the_field_that_anki_sorts_by_is_what_sqlite_makes_of_it(text: str) -> None:
    notes = [note(at, text) for at in range(200)]
    plain = sqlite3.connect(":memory:")
    plain.execute("create table t (sfld integer not null)")
    plain.execute("insert into t values (?)", (text,))
    expected = plain.execute("select sfld, typeof(sfld) from t").fetchone()
    plain.close()

    assert set(rows(write_package(deck_of(notes), ledger_of(notes)), "sfld, typeof(sfld)")) == {expected}


def test_a_note_that_changed_costs_the_groups_that_it_leaves_and_enters() -> None:
    chance = random.Random(1)  # noqa: S311 — no secret
    notes = [note(at, chance.randbytes(chance.randrange(1, 2_000)).hex()) for at in range(3_000)]
    shelf = Shelf()
    write_package(deck_of(notes), ledger_of(notes), shelf=shelf)
    cold, shelf.given = shelf.given, 0

    changed = [*notes[:1_500], note(1_500, "another"), *notes[1_501:]]
    ledger = ledger_of(changed, {"guid 1500": NOW + 60})
    warm = write_package(deck_of(changed), ledger, shelf=shelf)

    assert (cold > 30, shelf.given) == (True, 2)
    assert warm == write_package(deck_of(changed), ledger)


def test_a_note_that_comes_or_goes_moves_only_those_of_its_own_file() -> None:
    notes = [note(at, f"question {at}") for at in range(3_000)]
    shelf = Shelf()
    write_package(deck_of(notes), ledger_of(notes), shelf=shelf)
    shelf.given = 0

    new = msgspec.structs.replace(note(9_999, "new"), place=Place("150.md", 3))
    changed = [*notes[:10], *notes[11:1_502], new, *notes[1_502:]]
    warm = write_package(deck_of(changed), ledger_of(changed), shelf=shelf)

    assert shelf.given <= 4
    assert warm == write_package(deck_of(changed), ledger_of(changed))


EDIT = st.tuples(st.sampled_from(["change", "add", "remove", "grow"]), st.integers(0, 10_000))


@settings(max_examples=15, deadline=None)
@given(st.lists(EDIT, min_size=1, max_size=5))
def test_a_deck_made_from_what_was_kept_is_the_same_as_one_made_from_nothing(edits: list[tuple[str, int]]) -> None:
    notes = [note(at, "x" * (at * 37 % 4_000 + 1)) for at in range(400)]
    mods: dict[str, int] = {}
    shelf = Shelf()
    write_package(deck_of(notes), ledger_of(notes), shelf=shelf)
    for at, (what, chosen) in enumerate(edits):
        where = chosen % len(notes)
        if what == "remove":
            del notes[where]
        else:
            number = 1_000 + at if what == "add" else int(notes[where].guid.removeprefix("guid "))
            new = note(number, "y" * (100_000 if what == "grow" else 500 + at))
            notes[where : where + (what != "add")] = [new]
            mods[new.guid] = NOW + at
        ledger = ledger_of(notes, mods)

        assert write_package(deck_of(notes), ledger, shelf=shelf) == write_package(deck_of(notes), ledger)


def test_a_long_note_is_found_again_after_pages_before_it_are_more() -> None:
    notes = [note(at, "x" * (200_000 if at % 40 == 0 else 3_000)) for at in range(600)]
    shelf = Shelf()
    write_package(deck_of(notes), ledger_of(notes), shelf=shelf)

    changed = [note(at, "y" * 300_000) if at == 5 else each for at, each in enumerate(notes)]
    warm = write_package(deck_of(changed), ledger_of(changed), shelf=shelf)

    assert dict(rows(warm)) == texts(changed)
    assert warm == write_package(deck_of(changed), ledger_of(changed))


def test_ids_do_not_clash_where_files_and_seconds_overlap() -> None:
    crowd = [msgspec.structs.replace(note(at, "x"), place=Place(f"{at % 3}.md", at)) for at in range(20_000)]
    mods = {each.guid: NOW + at % 7 for at, each in enumerate(crowd)}

    assert len(rows(write_package(deck_of(crowd), ledger_of(crowd, mods)), "guid")) == 20_000


def test_clozes_among_many_notes_have_all_their_cards(desk: Desk) -> None:
    notes = [
        note(at, f"{{{{c1::a{at}}}}} {{{{c3::b}}}}", note_type="Cribdeck Cloze")
        if at % 50 == 0
        else note(at, f"q {at}")
        for at in range(500)
    ]
    shelf = Shelf()
    first = write_package(deck_of(notes), ledger_of(notes), shelf=shelf)
    again = write_package(deck_of(notes), ledger_of(notes), shelf=shelf)

    desk.take(again)

    assert again == first
    assert len(desk.cards()) == 510
    assert {card.ord for card in desk.cards() if "c3::" in card.note().fields[0]} == {0, 2}


def test_anki_takes_a_deck_of_many_pages_in_the_order_of_its_notes(desk: Desk) -> None:
    notes = [note(at, f"{at} " + "长" * (30_000 if at == 700 else 300)) for at in range(1_500)]
    ledger = ledger_of(notes, {"guid 3": NOW + 5, "guid 700": NOW + 9})

    log = desk.take(write_package(deck_of(notes), ledger))

    assert len(log.new) == 1_500
    assert [each.fields[0].split()[0] for each in desk.notes()] == [str(at) for at in range(1_500)]
    assert desk.col.fix_integrity()[1]


def test_a_trunk_of_many_pages_leads_to_every_leaf() -> None:
    """100,000 leaves would be six gigabytes: the trunk alone is looked at, as SQLite reads it."""
    leaves = [(7 + at, 1_000 * at) for at in range(9_001)]

    root, between = trunk_over(leaves, first=20_000)
    pages = [between[at : at + PAGE] for at in range(0, len(between), PAGE)]
    below = [_children(page) for page in pages]

    assert [number for number, _ in _children(root)] == [20_000 + at for at in range(len(pages))]
    assert [number for page in below for number, _ in page] == [number for number, _ in leaves]
    # The largest rowid of a page of the trunk stands above it, that of a leaf beside it.
    assert [last for page in below for _, last in page[:-1]] == [
        last for page in below for last in [leaves[number - 7][1] for number, _ in page[:-1]]
    ]
    assert [last for _, last in _children(root)[:-1]] == [leaves[page[-1][0] - 7][1] for page in below[:-1]]


def _children(page: bytes) -> list[tuple[int, int]]:
    """The children of a page, by the description of the format; rowids up to 28 bits."""
    assert page[0] == 5
    found = []
    for at in range(int.from_bytes(page[3:5], "big")):
        cell = int.from_bytes(page[12 + 2 * at : 14 + 2 * at], "big")
        last = 0
        for byte in page[cell + 4 : cell + 8]:
            last = last << 7 | byte & 0x7F
            if byte < 0x80:
                break
        found.append((int.from_bytes(page[cell : cell + 4], "big"), last))
    return [*found, (int.from_bytes(page[8:12], "big"), 0)]


@pytest.mark.parametrize("mod", [0, 1, 4_000_000_000, 9_000_000_000_000_000 - 1_000])
def test_any_time_of_change_makes_a_sound_table(mod: int) -> None:
    notes = [note(at, "x" * 2_000) for at in range(200)]
    ledger = msgspec.structs.replace(
        ledger_of(notes),
        entries={guid: msgspec.structs.replace(entry, mod=mod) for guid, entry in ledger_of(notes).entries.items()},
    )

    assert dict(rows(write_package(deck_of(notes), ledger))) == texts(notes)
