"""What is kept of cards that are gone: the ledger does not hold their text."""

from collections.abc import Sequence
from pathlib import Path

from cribdeck.deck import Note
from cribdeck.ledger import Change, What
from cribdeck.pipeline.options import Options
from cribdeck.writing import write_atomically


def kept_path(options: Options) -> Path:
    """Where the text of notes is kept that are gone from the notes: a cache, so that `retired` can tag them."""
    return options.output / ".cache" / "retired.json"


def keep_retired(options: Options, changes: Sequence[Change]) -> None:
    """Keep what the last deck has of the cards that are gone now: the next deck has them no more."""
    gone = {change.entry.guid for change in changes if change.what is What.GONE}
    if not gone:
        return
    from cribdeck.deck.retired import keep_notes

    kept = {note.guid: note for note in last_kept(options)}
    kept |= {note.guid: note for note in last_shipped(options) if note.guid in gone}
    write_atomically(kept_path(options), keep_notes(kept.values()))


def last_kept(options: Options) -> tuple[Note, ...]:
    """The notes that are kept; none where the cache is lost."""
    from cribdeck.deck.retired import kept_notes

    try:
        return kept_notes(kept_path(options).read_bytes())
    except OSError:
        return ()


def last_shipped(options: Options) -> tuple[Note, ...]:
    """The notes of the last deck; none where it is lost."""
    from cribdeck.deck.reading import UnreadablePackage, read_package

    try:
        return read_package(options.deck.read_bytes()).notes
    except (OSError, UnreadablePackage):
        return ()
