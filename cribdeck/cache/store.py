"""Many entries by key in one file, of which a build reads most and replaces few."""

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

_FORMAT = 2
_SEAL = 4
_ROOM = 16 << 20
"""Bytes beyond twice what one build uses: small notes may keep what several kinds of build left."""
_MOST_WAITING = 16 << 20
"""Bytes that wait in memory until they are written."""
_SCHEMA = "create table if not exists entries (key blob primary key, data blob not null)"


class Store:
    """Entries of one kind of note, kept from build to build; as good as empty where the file is none of ours.

    An entry that is torn or not its own fails its checksum and counts as missing. A file that another process
    holds, or that can't be opened, is left alone: then nothing is kept.

    Args:
        path: The file.
        is_read_only: Whether the file stays as it is, or is not there at all.
    """

    def __init__(self, path: Path, *, is_read_only: bool = False) -> None:
        self._path = path
        self._is_read_only = is_read_only
        self._new: dict[bytes, bytes] = {}
        self._waiting = 0
        self._has_grown = False
        self._used: set[bytes] = set()
        self._connection = _looked_at(path) if is_read_only else _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
        self.close()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes | memoryview]:
        """The entries that are there, by key."""
        wanted = list(keys)
        found: dict[bytes, bytes | memoryview] = {key: self._new[key] for key in wanted if key in self._new}
        with self._unharmed() as connection:
            for key in wanted:
                if connection is None:
                    break
                row = connection.execute("select data from entries where key = ?", (key,)).fetchone()
                if row and (content := _unsealed(key, row[0])) is not None:
                    found.setdefault(key, content)
        self._used |= found.keys()
        return found

    def has(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys under which there is an entry, sound or not; it counts as asked for."""
        found = set(self._new)
        with self._unharmed() as connection:
            if connection:
                found |= {key for (key,) in connection.execute("select key from entries")}
        found &= set(keys)
        self._used |= found
        return found

    def put(self, entries: Mapping[bytes, bytes]) -> None:
        """Keep entries: those of the last moments are written once `flush` is called."""
        if self._is_read_only:
            return
        self._new |= entries
        self._used |= entries.keys()
        self._waiting += sum(map(len, entries.values()))
        if self._waiting > _MOST_WAITING:
            self._write()

    def flush(self) -> None:
        """Write what is new, and drop the oldest of what was not asked for, as far as room is needed."""
        self._write()
        with self._unharmed() as connection:
            if connection and self._has_grown:
                with connection:
                    self._make_room(connection)
                connection.execute("pragma incremental_vacuum")
        self._used = set()
        self._has_grown = False

    def _write(self) -> None:
        with self._unharmed() as connection:
            if connection and self._new:
                with connection:
                    rows = ((key, _sealed(key, data)) for key, data in self._new.items())
                    connection.executemany("insert or replace into entries values (?, ?)", rows)
                self._has_grown = True
        self._new = {}
        self._waiting = 0

    def close(self) -> None:
        """Let go of the file."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _make_room(self, connection: sqlite3.Connection) -> None:
        sizes = dict(connection.execute("select key, length(data) from entries order by rowid"))
        spare = sum(sizes[key] for key in self._used if key in sizes) + _ROOM
        idle = [key for key in sizes if key not in self._used]
        for key in idle:
            spare -= sizes[key]
        doomed = []
        for key in idle:
            if spare >= 0:
                break
            spare += sizes[key]
            doomed.append((key,))
        connection.executemany("delete from entries where key = ?", doomed)

    @contextlib.contextmanager
    def _unharmed(self) -> Iterator[sqlite3.Connection | None]:
        """Go on without the file where it proves broken, locked or full; the next build begins a broken one anew."""
        try:
            yield self._connection
        except sqlite3.Error as error:
            self.close()
            is_broken = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
            if is_broken and not self._is_read_only:
                _remove(self._path)


def _opened(path: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        with contextlib.suppress(OSError, sqlite3.OperationalError):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=0.2)
            try:
                if _prepared(connection):
                    return connection
            except sqlite3.OperationalError:
                connection.close()
                return None
            except sqlite3.DatabaseError:
                pass
            # No database, or one of another form: a second try begins it anew.
            connection.close()
            _remove(path)
    return None


def _looked_at(path: Path) -> sqlite3.Connection | None:
    with contextlib.suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=0.2, uri=True)
        try:
            if connection.execute("pragma user_version").fetchone() == (_FORMAT,):
                return connection
        except sqlite3.Error:
            pass
        connection.close()
    return None


def _prepared(connection: sqlite3.Connection) -> bool:
    (version,) = connection.execute("pragma user_version").fetchone()
    if version not in (0, _FORMAT):
        return False
    # What a crash tears is noticed and made again, so that nothing has to wait for the disk.
    for pragma in ("page_size = 16384", "auto_vacuum = incremental", "synchronous = off", "journal_mode = memory"):
        connection.execute(f"pragma {pragma}")
    connection.execute(_SCHEMA)
    connection.execute(f"pragma user_version = {_FORMAT}")
    return True


def _sealed(key: bytes, content: bytes) -> bytes:
    # Against accidents and strangers a checksum does; who means harm could make any digest as well.
    return zlib.crc32(content, zlib.crc32(key)).to_bytes(_SEAL, "big") + content


def _unsealed(key: bytes, data: object) -> memoryview | None:
    if not isinstance(data, bytes):
        return None
    content = memoryview(data)[_SEAL:]
    return content if zlib.crc32(content, zlib.crc32(key)) == int.from_bytes(data[:_SEAL], "big") else None


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
