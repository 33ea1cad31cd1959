"""What is kept from build to build may be lost, torn, poisoned or held by another, and never grows without end."""

import sqlite3
import zlib
from pathlib import Path

import pytest

from cribdeck import cache
from cribdeck.cache import store as store_module
from cribdeck.cache.store import Store

ONE, TWO, THREE = b"one", b"two", b"three"


def kept(path: Path, *keys: bytes) -> dict[bytes, bytes]:
    with Store(path) as store:
        return {key: bytes(data) for key, data in store.get(keys).items()}


def keep(path: Path, **entries: bytes) -> None:
    with Store(path) as store:
        store.put({key.encode(): data for key, data in entries.items()})


def rows(path: Path) -> dict[bytes, bytes]:
    connection = sqlite3.connect(path)
    try:
        return dict(connection.execute("select key, data from entries"))
    finally:
        connection.close()


def test_what_is_kept_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / ".cache" / "notes.sqlite"
    keep(path, one=b"1", two=b"2")
    keep(path, two=b"zwei")

    assert kept(path, ONE, TWO, THREE) == {ONE: b"1", TWO: b"zwei"}
    assert [found.name for found in path.parent.iterdir()] == ["notes.sqlite"]


def test_it_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    with Store(path) as store:
        store.put({ONE: b"1"})
        path.unlink()

    assert kept(path, ONE) == {}


def test_an_error_keeps_nothing_of_what_came_with_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    store = Store(path)
    store.put({ONE: b"1"})
    store.__exit__(KeyError, KeyError(), None)

    assert kept(path, ONE) == {}


@pytest.mark.parametrize(
    "poison",
    [b"", b"x" * 40, zlib.crc32(b"1", zlib.crc32(TWO)).to_bytes(4, "big") + b"1"],
    ids=["empty", "strange", "moved"],
)
def test_a_poisoned_entry_is_none(tmp_path: Path, poison: bytes) -> None:
    path = tmp_path / "notes.sqlite"
    keep(path, one=b"1", two=b"2")
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("update entries set data = ? where key = ?", (poison, ONE))
    connection.close()

    assert kept(path, ONE, TWO) == {TWO: b"2"}


@pytest.mark.parametrize("size", [0, 100, 20_000], ids=["empty", "header", "half"])
def test_a_torn_file_is_begun_anew(tmp_path: Path, size: int) -> None:
    path = tmp_path / "notes.sqlite"
    keep(path, **{f"key{number}": bytes(9_000) for number in range(9)})
    path.write_bytes(path.read_bytes()[:size])
    keys = [b"key%d" % number for number in range(9)]
    first = kept(path, *keys)
    keep(path, one=b"1")

    assert all(found == bytes(9_000) for found in first.values())
    assert len(first) < 9
    assert kept(path, ONE) == {ONE: b"1"}


@pytest.mark.parametrize("content", [b"not a database at all" * 99, b"\0" * 4096], ids=["text", "zeros"])
def test_another_file_of_that_name_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_bytes(content)
    keep(path, one=b"1")

    assert kept(path, ONE) == {ONE: b"1"}


def test_a_file_of_another_version_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    keep(path, one=b"1")
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()
    keep(path, two=b"2")

    assert kept(path, ONE, TWO) == {TWO: b"2"}


def test_two_builds_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    keep(path, one=b"1")
    with Store(path) as mine, Store(path) as theirs:
        mine.put({TWO: b"2"})
        theirs.put({THREE: b"3"})
        assert mine.get([ONE]) == theirs.get([ONE]) == {ONE: b"1"}

    assert kept(path, ONE, TWO, THREE) == {ONE: b"1", TWO: b"2", THREE: b"3"}


def test_a_file_that_another_holds_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    keep(path, one=b"1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin exclusive")
    with Store(path) as store:
        assert store.get([ONE]) == {}
        store.put({TWO: b"2"})
    other.execute("rollback")
    other.close()

    assert kept(path, ONE, TWO) == {ONE: b"1"}


def test_a_place_where_nothing_can_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_bytes(b"a file")
    keep(tmp_path / ".cache" / "notes.sqlite", one=b"1")

    assert kept(tmp_path / ".cache" / "notes.sqlite", ONE) == {}


def test_the_oldest_of_what_is_not_asked_for_goes_when_room_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_ROOM", 0)
    path = tmp_path / "notes.sqlite"
    for number in range(30):
        with Store(path) as store:
            store.get([b"always"])
            store.put({b"%d" % number: bytes(50_000), b"always": bytes(50_000)})
    left = set(rows(path))

    assert left == {b"always", b"27", b"28", b"29"}
    assert path.stat().st_size < 6 * 50_000


def test_what_is_only_looked_for_counts_as_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes.sqlite"
    monkeypatch.setattr(store_module, "_ROOM", 3_000)
    with Store(path) as store:
        store.put({bytes([at]) * 16: bytes(1_000) for at in range(8)})
    with Store(path) as store:
        found = store.has([b"\0" * 16, b"\1" * 16, b"gone"])
        store.put({b"new": b""})

    with Store(path) as store:
        left = store.has(bytes([at]) * 16 for at in range(8))

    assert found == {b"\0" * 16, b"\1" * 16}
    assert found < left < {bytes([at]) * 16 for at in range(8)}


def test_a_sealed_file_is_read_only_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / ".cache" / "last.json"
    assert cache.load(path) is None
    cache.save(path, b"content")
    whole = path.read_bytes()

    assert cache.load(path) == b"content"
    for damaged in (whole[:-1], whole[:5], b"", whole + b"x", b"x" + whole[1:]):
        path.write_bytes(damaged)
        assert cache.load(path) is None
    assert [found.name for found in path.parent.iterdir()] == ["last.json"]


def test_what_is_too_much_to_wait_is_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    store = Store(path)
    entries = {ONE: b"1" * (9 << 20), TWO: b"2" * (9 << 20)}
    for key, data in entries.items():
        store.put({key: data})
    store.close()  # as if the program died, without `flush`

    with Store(path) as later:
        assert {key: bytes(data) for key, data in later.get(entries).items()} == entries
