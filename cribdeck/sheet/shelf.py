"""What was printed before, kept by the hash of all that it was made of."""

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cribdeck.cache import load, save
from cribdeck.sheet import machine
from cribdeck.sheet.fonts import font_folders

_FOLDER = "sheet"
_MOST_BYTES = 256 * 1024**2
_LIBRARIES = ("weasyprint", "pydyf", "pikepdf", "fonttools", "pillow", "tinycss2", "tinyhtml5", "cssselect2")


class Shelf:
    """Entries of some data and some files each; an entry that is torn or strange counts as none."""

    def __init__(self, work: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        self._folder = work / _FOLDER
        self._most_bytes = most_bytes
        self._used: set[str] = set()

    def get(self, key: str) -> tuple[dict[str, Any], list[bytes]] | None:
        """The data and the files of an entry; None where there is none."""
        path = self._folder / key
        content = load(path)
        if content is None:
            return None
        self._used.add(key)
        with contextlib.suppress(OSError):
            os.utime(path)
        head, _, rest = content.partition(b"\n")
        lengths = json.loads(head)
        parts = []
        for length in lengths:
            parts.append(rest[:length])
            rest = rest[length:]
        return json.loads(parts[0]), parts[1:]

    def put(self, key: str, data: Mapping[str, Any], files: Sequence[bytes] = ()) -> None:
        """Keep an entry; where that can't be done, nothing happens."""
        self._used.add(key)
        parts = [json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass"), *files]
        save(self._folder / key, json.dumps([len(part) for part in parts]).encode() + b"\n" + b"".join(parts))

    def drop(self, key: str) -> None:
        """Throw an entry away."""
        with contextlib.suppress(OSError):
            (self._folder / key).unlink()

    def trim(self) -> None:
        """Throw away what was not used for longest, until the rest is small enough; never what was used just now."""
        found: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError):
            for entry in os.scandir(self._folder):
                with contextlib.suppress(OSError):
                    status = entry.stat()
                    found.append((status.st_mtime, status.st_size, Path(entry.path)))
        size = sum(length for _, length, _ in found)
        for _, length, path in sorted(found):
            if size <= self._most_bytes:
                break
            if path.name not in self._used:
                with contextlib.suppress(OSError):
                    path.unlink()
                    size -= length
        self._used.clear()


def surroundings() -> str:
    """A hash of all that a page depends on beside its HTML: this program, its libraries, the machine's fonts."""
    return _hash([_programs(), *machine.library_versions(), *_fonts()])


@functools.cache
def _programs() -> str:
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    versions = [importlib.metadata.version(name) for name in _LIBRARIES]
    return _hash([*versions, *(hashlib.sha256(source.read_bytes()).hexdigest() for source in sources)])


def _fonts() -> list[str]:
    """Every file where fonts are kept, with its size and the time of its change."""
    found = []
    for folder in font_folders():
        for place, _, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(OSError):
                    status = (Path(place) / name).stat()
                    found.append(f"{place}/{name} {status.st_size} {status.st_mtime_ns}")
    return sorted(found)


def _hash(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
