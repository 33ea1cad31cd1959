"""The one module that reads notes and their pictures from the disk."""

import contextlib
import fnmatch
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from cribdeck.diagnostics import Code, Diagnostic, Place, visible
from cribdeck.errors import FolderUnreadable, NotesFolderEmpty, NotesFolderMissing
from cribdeck.model import SourceFile

NOTE_SUFFIXES = (".md", ".markdown", ".mdx")
MEDIA_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif")
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", ".git", ".svn", ".hg", ".obsidian", ".trash", ".venv"})
_UNREADABLE_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, bytes that are no UTF-8, and marks that turn the order of a line round."""
_LARGEST_NOTE = 64 * 1024 * 1024
_RUN = re.compile(r"\d+|\D+")


def find_notes(folder: Path, exclude: Sequence[str] = ()) -> tuple[str, ...]:
    """All notes below a folder, as paths relative to it, in a natural order (`2-x` before `10-x`).

    Dot-folders and `node_modules` are left out; links to folders are not followed, so that nothing outside is read.

    Raises:
        NotesFolderMissing: The folder does not exist.
        NotesFolderEmpty: There is no note in it.
        FolderUnreadable: The system does not let us list it.
    """
    if not folder.is_dir():
        raise NotesFolderMissing(folder)
    try:
        found = [p for p in _walk(folder, "") if not any(fnmatch.fnmatch(p, pattern) for pattern in exclude)]
    except OSError as error:
        raise FolderUnreadable(Path(error.filename or folder), error) from error
    if not found:
        raise NotesFolderEmpty(folder)
    return tuple(sorted(found, key=_natural))


def _walk(folder: Path, prefix: str, suffixes: tuple[str, ...] = NOTE_SUFFIXES) -> Iterator[str]:
    hidden = suffixes is not NOTE_SUFFIXES
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in SKIPPED_FOLDERS or (entry.name.startswith(".") and not hidden):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder / entry.name, f"{prefix}{entry.name}/", suffixes)
            elif entry.name.lower().endswith(suffixes) and _is_file(entry):
                yield prefix + entry.name


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        # A link that leads to itself is no reason to see none of the others.
        return False


def find_media(folder: Path) -> dict[str, str]:
    """All pictures below a folder, by their path in lower case; dot-folders too, where some editors keep them.

    In lower case because notes that were written on a file system that ignores case name files in any case.
    """
    with contextlib.suppress(OSError):
        found = sorted(path for path in _walk(folder, "", MEDIA_SUFFIXES) if not _UNREADABLE_NAME.search(path))
        return {unicodedata.normalize("NFC", path).lower(): path for path in found}
    return {}


def read_media(folder: Path, path: str) -> bytes:
    """The bytes of a picture of the notes folder.

    Raises:
        OSError: It can't be read, or is a link to a file outside the folder.
    """
    full = (folder / path).resolve(strict=True)
    if not full.is_relative_to(folder.resolve()):
        raise PermissionError(1, "is a link to a file outside the notes folder", path)
    return full.read_bytes()


def _natural(path: str) -> list[tuple[int, int, str]]:
    """Numbers by value, the rest by text, so that a folder reads in the order its keeper sees."""
    runs = _RUN.findall(path.casefold() + "\0")
    return [*((0, int(run), run) if run[0].isdecimal() else (1, 0, run) for run in runs), (2, 0, path)]


class RawNote(msgspec.Struct, frozen=True):
    """A note's bytes as they lie on the disk.

    Attributes:
        path: Relative to the notes folder, with forward slashes.
        digest: SHA-256 of the bytes, in hexadecimal.
        modified: Time of the last change, in whole seconds since 1970.
    """

    path: str
    data: bytes
    digest: str
    modified: int


def read_note(folder: Path, path: str) -> SourceFile | Diagnostic:
    """Read and decode one note; what can't be read is a diagnostic, so that the others are still built."""
    raw = fetch_note(folder, path)
    return decode_note(raw) if isinstance(raw, RawNote) else raw


def fetch_note(folder: Path, path: str) -> RawNote | Diagnostic:
    """Read one note's bytes; see `read_note`."""
    if _UNREADABLE_NAME.search(path):
        name = visible(path)
        return Diagnostic(
            Code.UNREADABLE_FILE, Place(name, 1), f"its name {name} is no text to read", "give the file another name"
        )
    full = folder / path
    try:
        # Links to folders are not followed in the listing, so that only the file itself can lead elsewhere.
        if full.is_symlink() and not full.resolve(strict=True).is_relative_to(folder.resolve()):
            return Diagnostic(
                Code.UNREADABLE_FILE, Place(path, 1), "is a link to a file outside the notes folder", "copy the file"
            )
        with full.open("rb") as stream:
            status = os.fstat(stream.fileno())
            if status.st_size > _LARGEST_NOTE:
                return Diagnostic(
                    Code.UNREADABLE_FILE, Place(path, 1), f"is larger than {_LARGEST_NOTE >> 20} MB", "split the file"
                )
            data = stream.read()
            modified = int(status.st_mtime)
    except OSError as error:
        return Diagnostic(
            Code.UNREADABLE_FILE, Place(path, 1), f"can't be read: {error.strerror or error}", "check its permissions"
        )
    return RawNote(path, data, hashlib.sha256(data).hexdigest(), modified)


def decode_note(raw: RawNote) -> SourceFile | Diagnostic:
    """Decode one note's bytes; see `read_note`."""
    text = decode(raw.data)
    if isinstance(text, int):
        line = raw.data.count(b"\n", 0, text) + 1
        return Diagnostic(
            Code.UNDECODABLE_FILE,
            Place(raw.path, line),
            f"byte {text} is no text in UTF-8, UTF-16 or GB18030",
            "save the file as UTF-8",
        )
    return SourceFile(raw.path, text, raw.digest, raw.modified)


def decode(data: bytes) -> str | int:
    r"""Decode a note's bytes, line ends as `\n`; where they are no text, the offset of the first bad byte.

    UTF-8 (with or without its mark), UTF-16 by its mark, else GB18030, in which old Chinese notes are kept.
    """
    has_mark = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if has_mark else ["utf-8-sig", "gb18030"]
    first_bad: int | None = None
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            first_bad = error.start if first_bad is None else first_bad
            continue
        nul = data.find(b"\0")
        if encoding != "utf-16" and nul >= 0:
            return nul
        # Composed, as Anki stores it: macOS gives the same letters in two pieces.
        text = unicodedata.normalize("NFC", text)
        return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return first_bad or 0
