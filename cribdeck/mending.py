"""What the user tells the ledger himself: `link`, `unlink` and `retired`."""

from pathlib import Path

import msgspec

from cribdeck.deck.retired import TAG, retired_package
from cribdeck.errors import UnknownCard
from cribdeck.ledger import FILE_NAME, Entry, Ledger, forget, link, named, tagged, unlink, write_ledger
from cribdeck.locking import locked
from cribdeck.model import CardKind
from cribdeck.pipeline import Options
from cribdeck.pipeline.reading import Reading, read
from cribdeck.pipeline.retired import last_kept, last_shipped
from cribdeck.writing import write_atomically

RETIRED = "retired.apkg"
_LOOK = "`cards` lists the cards of the notes, `retired` those that are gone"


class Retired(msgspec.Struct, frozen=True):
    """The cards that are gone.

    Attributes:
        entries: By file and as they stood there.
        untold: How many of them can't be tagged, for their text is lost; they are found by their numbers.
        package: What was written; None where there is nothing to tag.
        searches: To be typed in Anki's browser: all of them are found by one or the other.
    """

    entries: tuple[Entry, ...]
    untold: int
    package: Path | None
    searches: tuple[str, ...]


def link_cards(options: Options, old: str, new: str, *, now: int) -> Entry:
    """Tell the ledger that a card of the notes is the one that was gone.

    Args:
        options: Where notes and ledger are.
        old: Guid or number of a card that the ledger knows and the notes have no more.
        new: Guid or number of a card of the notes, as `plan` or `cards` names it.
        now: In seconds since 1970.

    Raises:
        UnknownCard: Either is no such card, or Anki can't make the one of the other.
    """
    with locked(options.output, options.notes):
        reading = read(options)
        to = _card(reading, new)
        was = _entry(reading.ledger, old)
        holder = next((at for at, identity in enumerate(reading.identities) if identity.guid == was.guid), None)
        if holder == to:
            raise UnknownCard(old, "is that card already", _LOOK)
        if holder is not None:
            place = reading.study.cards[holder].place
            raise UnknownCard(old, f"is the card of {place}", f"run `unlink {old}` first, if it is another")
        card = reading.study.cards[to]
        if (card.kind is CardKind.CLOZE) is not (was.kind is CardKind.CLOZE):
            raise UnknownCard(old, f"is a {was.kind} and {new} a {card.kind}", "Anki can't make one of the other")
        ledger = link(reading.ledger, was, card, instead_of=reading.identities[to].guid, now=now)
        _write(options, ledger)
        return ledger.entries[was.guid]


def unlink_card(options: Options, name: str, *, now: int) -> Entry:
    """Tell the ledger that a card of the notes is not the one that it was taken for: it becomes a new card.

    Raises:
        UnknownCard: No card of the notes has this guid or number, or it is new anyway.
    """
    with locked(options.output, options.notes):
        reading = read(options)
        at = _card(reading, name)
        guid = reading.identities[at].guid
        if guid not in reading.ledger.entries:
            raise UnknownCard(name, "is a new card", _LOOK)
        ledger, entry = unlink(reading.ledger, reading.ledger.entries[guid], reading.study.cards[at], now=now)
        _write(options, ledger)
        return entry


def retire(options: Options, *, forgetting: bool = False) -> Retired:
    """List the cards that are gone and write a package that tags their notes; with `forgetting`, forget them then."""
    with locked(options.output, options.notes):
        reading = read(options)
        gone = {guid: entry for guid, entry in reading.ledger.entries.items() if entry.retired}
        # What was never shipped is in nobody's Anki.
        shipped = {guid for guid, entry in gone.items() if entry.mod}
        notes = {note.guid: note for note in (*last_shipped(options), *last_kept(options)) if note.guid in shipped}
        ledger, path, data = reading.ledger, None, b""
        if notes:
            data, mods = retired_package(notes, ledger, reading.edition().templates)
            ledger, path = tagged(ledger, mods), options.output / RETIRED
        lost = sorted(gone[guid].number for guid in shipped - set(notes))
        _write(options, forget(ledger) if forgetting else ledger)
        if path:
            write_atomically(path, data)
    searches = ((f"tag:{TAG}",) if notes else ()) + (
        (" OR ".join(f"Number:{number}" for number in lost),) if lost else ()
    )
    ordered = sorted(gone.values(), key=lambda entry: (entry.file, entry.rank, entry.guid))
    return Retired(tuple(ordered), len(lost), path, searches)


def _card(reading: Reading, name: str) -> int:
    found = [at for at, identity in enumerate(reading.identities) if name in (identity.guid, identity.number)]
    if len(found) != 1:
        raise UnknownCard(name, "no card of the notes has this guid or number", _LOOK)
    return found[0]


def _entry(ledger: Ledger, name: str) -> Entry:
    found = named(ledger.entries.values(), name)
    if len(found) != 1:
        problem = "several cards have this number" if found else "no card of the ledger has this guid or number"
        raise UnknownCard(name, problem, "name it by its guid" if found else _LOOK)
    return found[0]


def _write(options: Options, ledger: Ledger) -> None:
    write_atomically(options.notes / FILE_NAME, write_ledger(ledger))
