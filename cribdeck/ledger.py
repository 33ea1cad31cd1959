"""Who is who: the guid, the short number and the last shipped state of every card, kept beside the notes.

Anki tells notes apart by guid alone, so a guid lost here is a card's review history lost.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from cribdeck.errors import LedgerUnreadable
from cribdeck.model import Card, CardKind

FILE_NAME = "ledger.jsonl"
VERSION = 1
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NUMBER_LENGTH = 4


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A card as the last build knew it.

    `nth` counts cards of the same place, from 0. `hash` and `mod` (seconds since 1970) are of what was last shipped;
    both are empty until a deck was built. `retired` is the time since which the card is gone from the notes, or 0.
    """

    guid: str
    kind: CardKind
    file: str
    trail: tuple[str, ...]
    question: str
    part: str = ""
    nth: int = 0
    id: str = ""
    number: str = ""
    answer: str = ""
    note_type: str = ""
    hash: str = ""
    mod: int = 0
    retired: int = 0


class Style(msgspec.Struct, frozen=True):
    """A note type as it was last shipped: the hash of its templates and CSS, and when that last changed."""

    note_type: str
    hash: str
    mod: int


class _Header(msgspec.Struct, frozen=True):
    cribdeck: int
    salt: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every card that ever was, by guid, and the note types, by name. `salt` keeps two users' guids apart."""

    salt: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    styles: Mapping[str, Style] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a card is called for ever: its guid, its short number on card and sheet, its note type ("" when new)."""

    guid: str
    number: str
    note_type: str = ""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What a build ships for one card: the note type's name and the hash of all that Anki gets."""

    note_type: str
    hash: str


def read_ledger(path: Path) -> Ledger | None:
    """Read the ledger; None where there is none yet.

    Raises:
        LedgerUnreadable: It can't be read, a line is none of ours, a guid stands twice, or it is of a newer version.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerUnreadable(path, f"can't be read: {error}") from error
    salt = _salt(path, lines)
    entries: dict[str, Entry] = {}
    styles: dict[str, Style] = {}
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        record = _record(path, line, number)
        if isinstance(record, Style):
            styles[record.note_type] = record
            continue
        if record.guid in entries:
            problem = f"guid {record.guid} stands in line {seen[record.guid]} as well"
            raise LedgerUnreadable(path, problem, line=number)
        entries[record.guid] = record
        seen[record.guid] = number
    return Ledger(salt, entries, styles)


def _salt(path: Path, lines: Sequence[str]) -> str:
    try:
        header = msgspec.json.decode(lines[0] if lines else "", type=_Header)
    except msgspec.MsgspecError as error:
        raise LedgerUnreadable(path, "the first line is not that of a ledger", line=1) from error
    if header.cribdeck > VERSION:
        raise LedgerUnreadable(path, f"it is of version {header.cribdeck}; this cribdeck knows up to {VERSION}", line=1)
    return header.salt


def _record(path: Path, line: str, number: int) -> Entry | Style:
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        raise LedgerUnreadable(
            path, "a conflict of a git merge: keep the lines of both sides, drop the marks", line=number
        )
    try:
        if '"note_type"' in line and '"guid"' not in line:
            return msgspec.json.decode(line, type=Style)
        return msgspec.json.decode(line, type=Entry)
    except msgspec.MsgspecError as error:
        raise LedgerUnreadable(path, f"not a line of a ledger: {error}", line=number) from error


def write_ledger(ledger: Ledger) -> bytes:
    """The ledger as a file: a header, the note types by name, one line a card sorted by guid.

    Sorted, so that git merges the builds of two people line by line.
    """
    records = [_Header(VERSION, ledger.salt), *_by_key(ledger.styles), *_by_key(ledger.entries)]
    return b"".join(msgspec.json.encode(record) + b"\n" for record in records)


def _by_key(records: Mapping[str, msgspec.Struct]) -> Iterator[msgspec.Struct]:
    return (records[key] for key in sorted(records))


def identify(cards: Sequence[Card], ledger: Ledger) -> tuple[Identity, ...]:
    """Give each card the guid that it had in the last build, or a new one; all are different.

    A card is found again at its exact place: file, headings above, question, part; or by the `{#id}` of its heading.
    A new guid is made from that place and the ledger's salt, so that two builds of the same notes agree.
    """
    known = {_place(entry): entry for entry in ledger.entries.values()}
    taken = {entry.number: entry.guid for entry in ledger.entries.values()}
    found: list[Identity] = []
    for card, nth in zip(cards, _counted(cards), strict=True):
        place = place_of(card, nth)
        entry = known.get(place)
        if entry:
            found.append(Identity(entry.guid, entry.number, entry.note_type))
            continue
        guid = _digest(ledger.salt, *place)
        number = _number(guid, taken)
        taken[number] = guid
        found.append(Identity(guid, number))
    return tuple(found)


def place_of(card: Card, nth: int) -> tuple[str, ...]:
    """A card's exact place. What a heading itself asks keeps its place whether it is a question or an overview."""
    family = "heading" if card.kind in _HEADING_KINDS else card.kind.value
    if card.section_id:
        return (family, "#", card.section_id, card.part)
    return (family, card.file, *card.trail, "", card.key, card.part, str(nth))


_HEADING_KINDS = frozenset({CardKind.QUESTION, CardKind.OVERVIEW, CardKind.COMPARISON})


def _place(entry: Entry) -> tuple[str, ...]:
    family = "heading" if entry.kind in _HEADING_KINDS else entry.kind.value
    if entry.id:
        return (family, "#", entry.id, entry.part)
    return (family, entry.file, *entry.trail, "", entry.question, entry.part, str(entry.nth))


def _counted(cards: Iterable[Card]) -> Iterator[int]:
    """For each card how many before it have the same place."""
    seen: Counter[tuple[str, ...]] = Counter()
    for card in cards:
        place = place_of(card, 0)
        yield seen[place]
        seen[place] += 1


def _digest(*parts: str) -> str:
    # 16 characters of 5 bits: two cards of any two users hardly ever meet by chance.
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).digest()
    value = int.from_bytes(digest, "big")
    return "".join(_ALPHABET[(value >> (5 * at)) & 31] for at in range(16))


def _number(guid: str, taken: Mapping[str, str]) -> str:
    """A short number made from the guid; the next one where another card has it."""
    attempt = 0
    while True:
        number = _digest("number", guid, str(attempt))[:_NUMBER_LENGTH]
        if number not in taken:
            return number
        attempt += 1


@dataclass(frozen=True, slots=True)
class Built:
    """What one build gives to remember.

    Attributes:
        cards: In source order.
        identities: One a card.
        shipped: One a card; None when no deck was built: then only places are remembered.
        unread: Files that this build could not read.
    """

    cards: Sequence[Card]
    identities: Sequence[Identity]
    shipped: Sequence[Shipped] | None
    unread: Collection[str] = ()


def record(ledger: Ledger, built: Built, *, now: int) -> Ledger:
    """The ledger after a build.

    `mod` moves to max(last + 1, now) only where what is shipped changed: Anki overwrites a note, and the user's own
    edits with it, whenever `mod` is later. A card that is not in the notes any more is retired, but not one of a
    file that could not be read: nothing is retired because a build went wrong.
    """
    entries = dict(ledger.entries)
    for at, (card, identity, nth) in enumerate(zip(built.cards, built.identities, _counted(built.cards), strict=True)):
        entry = _entry(card, identity, nth, entries.get(identity.guid))
        entries[identity.guid] = _ship(entry, built.shipped[at], now) if built.shipped is not None else entry
    live = {identity.guid for identity in built.identities}
    for guid, old in ledger.entries.items():
        if guid not in live and not old.retired and old.file not in built.unread:
            entries[guid] = msgspec.structs.replace(old, retired=now)
    return replace(ledger, entries=entries)


def _entry(card: Card, identity: Identity, nth: int, old: Entry | None) -> Entry:
    """A card as it stands in the notes now, with what was last shipped of it."""
    return Entry(
        guid=identity.guid,
        kind=card.kind,
        file=card.file,
        trail=card.trail,
        question=card.key,
        part=card.part,
        nth=nth,
        id=card.section_id,
        number=identity.number,
        note_type=old.note_type if old else "",
        hash=old.hash if old else "",
        mod=old.mod if old else 0,
    )


def _ship(entry: Entry, shipped: Shipped, now: int) -> Entry:
    if entry.hash == shipped.hash:
        return entry
    mod = max(entry.mod + 1, now) if entry.mod else now
    return msgspec.structs.replace(entry, note_type=shipped.note_type, hash=shipped.hash, mod=mod)


def record_styles(ledger: Ledger, hashes: Mapping[str, str], *, now: int) -> Ledger:
    """The ledger with the note types as shipped; `mod` moves as for notes, so that a new style reaches Anki."""
    styles = dict(ledger.styles)
    for name, digest in hashes.items():
        old = styles.get(name)
        if old is None or old.hash != digest:
            styles[name] = Style(name, digest, max(old.mod + 1, now) if old else now)
    return replace(ledger, styles=styles)


def content_hash(parts: Iterable[str]) -> str:
    """The hash by which two shipped states are told apart."""
    return hashlib.blake2b(json.dumps(list(parts), ensure_ascii=True).encode(), digest_size=12).hexdigest()
