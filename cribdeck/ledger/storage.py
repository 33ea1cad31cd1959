"""The ledger as a file: a header, the note types by name, one line a card sorted by guid."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from cribdeck.errors import LedgerUnreadable
from cribdeck.ledger.records import Entry, Ledger, Style

VERSION = 1


_MERGE_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class _Header(msgspec.Struct, frozen=True):
    cribdeck: int
    salt: str


def read_ledger(path: Path) -> Ledger | None:
    """Read the ledger; None where there is none yet.

    Raises:
        LedgerUnreadable: It can't be read, a line is none of ours or is cut off, a guid stands twice, git left its
            marks in it, or it is of a newer version.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerUnreadable(path, f"can't be read: {error}") from error
    lines = text.split("\n")
    salt = _salt(path, lines)
    if lines.pop():
        raise LedgerUnreadable(path, "the last line is cut off", line=len(lines) + 1)
    entries: dict[str, Entry] = {}
    styles: dict[str, Style] = {}
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        record = _record(path, line.removesuffix("\r"), number)
        name = f"guid {record.guid}" if isinstance(record, Entry) else f"note type {record.note_type}"
        if name in seen:
            raise LedgerUnreadable(
                path, f"{name} stands in line {seen[name]} as well: keep one of the two", line=number
            )
        seen[name] = number
        if isinstance(record, Entry):
            entries[record.guid] = record
        else:
            styles[record.note_type] = record
    return Ledger(salt, entries, styles)


def _salt(path: Path, lines: Sequence[str]) -> str:
    if lines[0].startswith(_MERGE_MARKS):
        raise _conflict(path, 1)
    try:
        header = msgspec.json.decode(lines[0], type=_Header)
    except msgspec.MsgspecError as error:
        raise LedgerUnreadable(path, "the first line is not that of a ledger", line=1) from error
    if header.cribdeck > VERSION:
        problem = f"it is of version {header.cribdeck}; this cribdeck knows up to {VERSION}: update cribdeck"
        raise LedgerUnreadable(path, problem, line=1)
    return header.salt


def _record(path: Path, line: str, number: int) -> Entry | Style:
    if line.startswith(_MERGE_MARKS):
        raise _conflict(path, number)
    if line.startswith('{"cribdeck":'):
        problem = "a second first line: two ledgers were begun apart; keep the first line of one of them"
        raise LedgerUnreadable(path, problem, line=number)
    try:
        if '"note_type"' in line and '"guid"' not in line:
            return msgspec.json.decode(line, type=Style)
        entry = msgspec.json.decode(line, type=Entry)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise LedgerUnreadable(path, f"not a line of a ledger: {error}", line=number) from error
    if not entry.guid:
        raise LedgerUnreadable(path, "a card without a guid", line=number)
    return entry


def _conflict(path: Path, number: int) -> LedgerUnreadable:
    problem = "a conflict of a git merge: keep the lines of both sides, one for each guid, and drop the marks"
    return LedgerUnreadable(path, problem, line=number)


def write_ledger(ledger: Ledger) -> bytes:
    """The ledger as a file.

    Sorted, so that git merges the builds of two people line by line.
    """
    records = [_Header(VERSION, ledger.salt), *_by_key(ledger.styles), *_by_key(ledger.entries)]
    return b"".join(msgspec.json.encode(record) + b"\n" for record in records)


def _by_key(records: Mapping[str, msgspec.Struct]) -> Iterator[msgspec.Struct]:
    return (records[key] for key in sorted(records))
