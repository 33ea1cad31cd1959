"""Sections that break the program itself: found by trying halves, and left out, so that the rest is built."""

import hashlib
import re
from collections.abc import Callable

from msgspec.structs import replace

from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.files import RawNote

Attempt = Callable[[RawNote], object]
"""Something that is done with one note alone, and may raise anything."""
_HEADING = re.compile(rb"[ \t]{0,3}(?:#{1,6}(?!#)|<h[1-6]\b)")
_FENCE = re.compile(rb"[ \t]*(```+|~~~+)")
_MOST = 20
"""So many broken sections of one note are looked for, one after the other; then the whole note is left out."""


def without_broken(note: RawNote, attempt: Attempt) -> tuple[RawNote, tuple[Diagnostic, ...]]:
    """A note with blank lines in the place of its sections that break an attempt, and a diagnostic for each.

    Lines keep their numbers. A note of which no section breaks alone, but all together do, is left empty.
    """
    found: list[Diagnostic] = []
    rest, error = note, _error(attempt, note)
    while error and len(found) < _MOST:
        start, stop = _smallest(rest, attempt)
        line = rest.data.count(b"\n", 0, start) + 1
        found.append(_diagnostic(Place(note.path, line), error))
        rest = _blank(rest, start, stop)
        error = _error(attempt, rest)
    if error:
        found.append(_diagnostic(Place(note.path, 1), error))
        rest = _blank(rest, 0, len(rest.data))
    return rest, tuple(found)


def _smallest(note: RawNote, attempt: Attempt) -> tuple[int, int]:
    """Offsets of one section that breaks with all the others blank; of the whole note if none does alone."""
    whole = (0, len(note.data))
    starts = _starts(note.data)
    pieces = list(zip(starts, [*starts[1:], len(note.data)], strict=True))
    while len(pieces) > 1:
        half = len(pieces) // 2
        for part in (pieces[:half], pieces[half:]):
            if _error(attempt, _only(note, part[0][0], part[-1][1])):
                pieces = part
                break
        else:
            return whole if len(pieces) == len(starts) else (pieces[0][0], pieces[-1][1])
    return pieces[0] if pieces else whole


def _starts(data: bytes) -> list[int]:
    """Offsets of the lines that look like headings, and of the beginning. What is fenced is code: it stays whole."""
    starts, at, fence = [0], 0, b""
    for line in data.splitlines(keepends=True):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = b""
        elif not fence and at and _HEADING.match(line):
            starts.append(at)
        at += len(line)
    return starts


def _error(attempt: Attempt, note: RawNote) -> Exception | None:
    try:
        attempt(note)
    except Exception as error:  # noqa: BLE001 — whatever it is, the section is at fault
        return error
    return None


def _only(note: RawNote, start: int, stop: int) -> RawNote:
    return _blank(_blank(note, stop, len(note.data)), 0, start)


def _blank(note: RawNote, start: int, stop: int) -> RawNote:
    lines = b"\n" * note.data.count(b"\n", start, stop)
    data = note.data[:start] + lines + note.data[stop:]
    return replace(note, data=data, digest=hashlib.sha256(data).hexdigest())


def _diagnostic(place: Place, error: Exception) -> Diagnostic:
    return Diagnostic(
        Code.SECTION_FAILED,
        place,
        f"could not be built: {type(error).__name__}: {str(error)[:200]}",
        "the rest is built; please report this with the section",
    )
