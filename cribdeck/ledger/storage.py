"""The ledger as a file: a header, the note types by name, one line a card sorted by guid."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from cribdeck.errors import LedgerUnreadable
from cribdeck.ledger.records import Entry, Ledger, Style

VERSION = 1
_STYLE = '{"note_type":'

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
    whole = _all_at_once(lines)
    if whole:
        return Ledger(salt, *whole)
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


def _all_at_once(lines: Sequence[str]) -> tuple[dict[str, Entry], dict[str, Style]] | None:
    """Cards and note types of a ledger as we write it; None where there is something to be looked at line by line."""
    at = next((at for at, line in enumerate(lines[1:], start=1) if not line.startswith(_STYLE)), len(lines))
    try:
        styles = msgspec.json.decode(f"[{','.join(lines[1:at])}]", type=list[Style])
        entries = msgspec.json.decode(f"[{','.join(lines[at:-1])}]", type=list[Entry])
    except (msgspec.MsgspecError, UnicodeError):
        return None
    by_guid = {entry.guid: entry for entry in entries}
    by_name = {style.note_type: style for style in styles}
    # As many lines as records, each another one, and the last line ended: anything else has a line to be named.
    is_whole = len(by_guid) + len(by_name) == len(lines) - 2 and not lines[-1] and "" not in by_guid
    return (by_guid, by_name) if is_whole else None


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
