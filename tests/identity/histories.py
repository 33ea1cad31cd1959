"""What Anki knows of the user's cards, and what a user does to them."""

from dataclasses import dataclass

from anki.collection import ImportLogWithChanges

from tests.deck.conftest import Desk, Workshop


@dataclass
class History:
    """What Anki knows of one note: its card's state, and what the user did to it."""

    card: tuple[int, ...]
    reviews: list[tuple[int, ...]]
    deck: int
    fields: list[str]
    tags: list[str]


def histories(desk: Desk) -> dict[str, History]:
    """By the note's guid."""
    found = {}
    for note in desk.notes():
        (card,) = note.cards()
        state = (card.id, card.ivl, card.reps, card.due, card.queue, card.flags)
        found[note.guid] = History(state, desk.reviews(card), card.did, list(note.fields), list(note.tags))
    return found


def study_and_mark(desk: Desk) -> None:
    """Answer every card until it has an interval; edit, tag, flag, suspend and move as a user does."""
    assert desk.col.db
    other = desk.col.decks.id("我的", create=True)
    assert other
    for at, note in enumerate(desk.notes()):
        card = desk.study(note)
        assert card.ivl > 0
        note["Extra 1"] = f"我的话 {at}"
        note.tags.append("marked")
        desk.col.update_note(note)
        if at % 2:
            desk.col.set_user_flag_for_cards(3, [card.id])
            desk.col.set_deck([card.id], other)
        else:
            desk.col.sched.suspend_cards([card.id])


def today(workshop: Workshop, desk: Desk) -> None:
    """Let the next build be later than the user's own edits, which would win against it."""
    workshop.now = max([workshop.now, *(note.mod + 1 for note in desk.notes())])


def counts(log: ImportLogWithChanges.Log) -> tuple[int, int, int]:
    """How many notes are new, updated, in conflict."""
    return len(log.new), len(log.updated), len(log.conflicting)
