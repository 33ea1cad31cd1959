"""All that a build reads of the notes folder, taken once: what is built and what is remembered of it are the same."""

import contextlib
import functools
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from cribdeck import __version__, cache
from cribdeck.diagnostics import Diagnostic
from cribdeck.files import RawNote, fetch_note, find_media, find_notes
from cribdeck.pipeline.options import Options
from cribdeck.settings import FILE_NAME as SETTINGS
from cribdeck.settings import Settings, load_settings

_DAY = 86_400
_PACKAGE = Path(__file__).resolve().parent.parent


class Inputs(msgspec.Struct, frozen=True):
    """What lies in the notes folder. `notes` are in their order; what can't be read is a diagnostic.

    `left_out` tells of sections that have blank lines in their place, as they break the program.
    """

    options: Options
    settings: Settings
    notes: tuple[RawNote | Diagnostic, ...]
    media: Mapping[str, str]
    left_out: tuple[Diagnostic, ...] = ()

    def key(self, program: bytes) -> bytes:
        """By what two builds are told apart before anything is parsed. `program`: see `program_key`."""
        options = self.options
        parts: list[object] = [
            program,
            sorted(options.only),
            options.live,
            options.notes.resolve().name,
            options.templates and str(options.templates.resolve()),
            _content(options.notes / SETTINGS),
            [(note.path, note.digest) if isinstance(note, RawNote) else repr(note) for note in self.notes],
            sorted(self.media.items()),
            # A page tells of the sheet that lies beside it.
            (options.output / "sheet.pdf").exists(),
        ]
        if "sheet" in options.only:
            # The sheet tells the day on which the notes last changed.
            last = max((note.modified for note in self.notes if isinstance(note, RawNote)), default=0)
            parts.append(last // _DAY)
        return cache.digest(repr(parts).encode("utf-8", "surrogatepass"))


def take_inputs(options: Options) -> Inputs:
    """Read the notes folder.

    Raises:
        CribdeckError: The folder or its settings stop the build.
    """
    settings = load_settings(options.notes)
    paths = find_notes(options.notes, settings.exclude)
    folder = options.notes.resolve()
    notes = tuple(fetch_note(folder, path) for path in paths)
    return Inputs(options, settings, notes, find_media(options.notes))


@functools.cache
def program_key() -> bytes:
    """Of the program itself: its modules, the interpreter, and which libraries are installed in which versions."""
    modules = sorted(_stamps(_PACKAGE, ".py"))
    libraries = sorted({name for folder in sys.path for name in _distributions(folder)})
    return cache.digest(repr((__version__, sys.version, modules, libraries)).encode())


def _distributions(folder: str) -> list[str]:
    """The names and versions of what is installed in a folder of the path."""
    with contextlib.suppress(OSError), os.scandir(folder or ".") as entries:
        return [entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    return []


def _stamps(folder: Path, suffix: str) -> Iterator[tuple[str, int, int]]:
    """Each file with its size and its time of change: enough for what is installed, and edited by its developers."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            if name.endswith(suffix):
                status = os.stat(os.path.join(parent, name))  # noqa: PTH116, PTH118 — hundreds of files, at every start
                yield name, status.st_size, status.st_mtime_ns


def _content(path: Path) -> str:
    """A digest of a file's content; "" where there is none that can be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def contents(paths: Iterable[Path]) -> dict[str, str]:
    """A digest for each file or folder: of the content of a file, of all names and contents of a folder."""
    found = {}
    for path in paths:
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.is_file())
            whole = repr([(str(file.relative_to(path)), _content(file)) for file in files])
            found[str(path)] = cache.digest(whole.encode("utf-8", "surrogatepass")).hex()
        else:
            found[str(path)] = _content(path)
    return found


def listings(paths: Iterable[Path]) -> dict[str, str]:
    """For folders of fonts: a digest of the times at which their folders changed, as installing a font does."""
    found = {}
    for path in paths:
        stamps = []
        for parent, folders, _ in os.walk(path):
            folders.sort()
            stamps.append((parent, os.stat(parent).st_mtime_ns))  # noqa: PTH116 — as above
        found[str(path)] = cache.digest(repr(stamps).encode("utf-8", "surrogatepass")).hex()
    return found
