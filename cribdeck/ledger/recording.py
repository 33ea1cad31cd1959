"""What a build leaves in the ledger."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace as changed

from cribdeck.ledger.ranks import ranked
from cribdeck.ledger.records import Built, Entry, Identity, Ledger, Shipped, Style


def record(ledger: Ledger, built: Built, *, now: int) -> Ledger:
    """The ledger after a build.

    `mod` moves to max(last + 1, now) only where what is shipped changed: Anki overwrites a note, and the user's own
    edits with it, whenever `mod` is later. A card that is not in the notes any more is retired, but not one of a
    file that could not be read: nothing is retired because a build went wrong.
    """
    entries = dict(ledger.entries)
    bare = built.entries
    ranks = _ranks(bare, built.identities, ledger.entries)
    for at, (entry, identity) in enumerate(zip(bare, built.identities, strict=True)):
        old = entries.get(identity.guid)
        shipped = built.shipped[at] if built.shipped is not None else None
        if old and _stands(old, entry, ranks[at], identity.number) and (shipped is None or shipped.hash == old.hash):
            continue
        named = _named(changed(entry, rank=ranks[at]), identity, old)
        entries[identity.guid] = _ship(named, shipped, now) if shipped else named
    live = {identity.guid for identity in built.identities}
    for guid, old in ledger.entries.items():
        if guid in live or old.file in built.unread:
            continue
        if not old.mod:
            del entries[guid]  # nobody ever had it
        elif not old.retired:
            entries[guid] = changed(old, retired=now)
    return changed(ledger, entries=entries)


def _stands(old: Entry, entry: Entry, rank: int, number: str) -> bool:
    """Whether a card stands in the notes as the ledger has it: most do in most builds."""
    return (
        old.answer == entry.answer
        and old.rank == rank
        and old.question == entry.question
        and old.trail == entry.trail
        and old.file == entry.file
        and old.part == entry.part
        and old.kind is entry.kind
        and old.nth == entry.nth
        and old.id == entry.id
        and old.number == number
        and not old.retired
    )


def _ranks(bare: Sequence[Entry], identities: Sequence[Identity], old: Mapping[str, Entry]) -> list[int]:
    """For each card its rank: the one that it had, wherever the order of its file is the same."""
    by_file: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(bare):
        by_file[entry.file].append(at)
    ranks = [0] * len(bare)
    for file, positions in by_file.items():
        had = []
        for at in positions:
            known = old.get(identities[at].guid)
            had.append(known.rank if known and known.file == file else 0)
        for at, rank in zip(positions, ranked(had), strict=True):
            ranks[at] = rank
    return ranks


def _named(entry: Entry, identity: Identity, old: Entry | None) -> Entry:
    """A card as it stands in the notes now, with what was last shipped of it."""
    return changed(
        entry,
        guid=identity.guid,
        number=identity.number,
        note_type=old.note_type if old else "",
        hash=old.hash if old else "",
        mod=old.mod if old else 0,
    )


def _ship(entry: Entry, shipped: Shipped, now: int) -> Entry:
    if entry.hash == shipped.hash:
        return entry
    mod = max(entry.mod + 1, now) if entry.mod else now
    return changed(entry, note_type=shipped.note_type, hash=shipped.hash, mod=mod)


def record_styles(ledger: Ledger, hashes: Mapping[str, str], *, now: int) -> Ledger:
    """The ledger with the note types as shipped; `mod` moves as for notes, so that a new style reaches Anki."""
    styles = dict(ledger.styles)
    for name, digest in hashes.items():
        old = styles.get(name)
        if old is None or old.hash != digest:
            styles[name] = Style(name, digest, max(old.mod + 1, now) if old else now)
    return changed(ledger, styles=styles)


def content_hash(parts: Iterable[str]) -> str:
    """The hash by which two shipped states are told apart."""
    # The JSON of a list, made part by part: a hash that ledgers hold can't change, and this is the quick way to it.
    text = f"[{', '.join([json.dumps(part) for part in parts])}]"
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
