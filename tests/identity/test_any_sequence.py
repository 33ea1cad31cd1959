"""Any sequence of edits, builds and imports: no history is lost, no card is doubled, no edit of the user's own."""

import os
import tempfile
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

from anki.collection import Collection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from cribdeck.ledger import read_ledger, write_ledger
from cribdeck.settings import CardSettings, Settings
from tests.deck.conftest import Desk, Workshop
from tests.identity.edits import ACTS, Act, Refused, write_section
from tests.identity.notebook import Key, Notebook, Shown

MORE = os.environ.get("CRIBDECK_EXAMPLES")
"""How many users are tried instead of the few of each run of the suite, and other ones each time."""
EVERY_KIND = Settings(cards=CardSettings(term=True, cloze=True, cell=True, reverse=True))
_NUMBERS = st.integers(0, 1 << 16)
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 — Anki's collection is synced to the disk after each act

Notes = Mapping[str, tuple[object, ...]]
"""What Anki has of each note, by guid."""


class User(RuleBasedStateMachine):
    """Somebody who edits, builds, imports, learns, and changes notes in Anki itself.

    Between two builds each card is edited itself in one way at most; what is above it may be edited as well. More at
    once, and nobody could say for sure that it is the same card.
    """

    @initialize(sections=st.lists(st.tuples(_NUMBERS, _NUMBERS), min_size=3, max_size=8))
    def begin(self, sections: list[tuple[int, int]]) -> None:
        self.root = tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None)
        folder = Path(self.root.name)
        (folder / "notes").mkdir()
        self.workshop = Workshop(folder / "notes", EVERY_KIND)
        self.desk = Desk(Collection(str(folder / "collection.anki2")), folder)
        self.book = Notebook()
        self.built: dict[Key, Shown] = {}
        """The cards of the last build."""
        self.gone: dict[Key, Shown] = {}
        """What is in no build any more, as it was in the last one that had it."""
        self.guids: dict[Key, str] = {}
        self.owners: dict[tuple[object, ...], Key] = {}
        """Whose a place is: what is written there later is taken for the card that was there, and rightly so."""
        self.edited: set[Key] = set()
        """Cards that were edited themselves since the last build."""
        for at, how in sections:
            self.do(write_section, at, how)
        self.build_and_import()

    @rule(edits=st.lists(st.tuples(st.sampled_from(range(len(ACTS))), _NUMBERS, _NUMBERS), max_size=5))
    def edit_and_build(self, edits: list[tuple[int, int, int]]) -> None:
        for first, at, how in edits:
            # What can't be done to these notes just now gives way to the next that can.
            any(self.do(act, at, how) for act in ACTS[first:] + ACTS[:first])
        self.build_and_import()

    def do(self, act: Act, at: int, how: int) -> bool:
        before, shown = deepcopy(self.book), self.book.cards()
        try:
            moved = act(self.book, at, how)
        except Refused:
            self.book = before
            return False
        now = self.book.cards()
        edited = {key for key in shown.keys() & now.keys() if shown[key][3:] != now[key][3:]}
        edited |= {moved} & now.keys() if moved else set()
        places = [card[:3] for card in now.values()]
        was_anothers = any(self.owners.get(card[:3], key) != key for key, card in now.items())
        if edited & self.edited or was_anothers or len(set(places)) < len(places):
            self.book = before
            return False
        self.edited |= edited
        return True

    def build_and_import(self) -> None:
        self.write_notes()
        before, mods = self.notes(), self.mods()
        package = self.workshop.build()
        self.reread_ledger()
        fresh = self.compare_with_truth()

        log = self.desk.take(package)

        after = self.notes()
        assert (len(log.new), len(log.conflicting)) == (len(fresh), 0)
        assert after.keys() == before.keys() | fresh
        for guid, was in before.items():
            assert after[guid][:-2] == was[:-2]
            if self.mods()[guid] == mods[guid]:
                assert after[guid] == was
        self.edited, self.book.torn = set(), set()

    def write_notes(self) -> None:
        for path in self.workshop.folder.rglob("*.md"):
            path.unlink()
        self.workshop.write(self.book.texts())

    def compare_with_truth(self) -> set[str]:
        """Compare the cards of a build with those that the notes shall give; the guids of those that are new."""
        live = [entry for entry in self.workshop.ledger.entries.values() if not entry.retired]
        found = {(entry.file, entry.kind, entry.path): entry.guid for entry in live}
        expected = self.book.cards()
        assert found.keys() == {card[:3] for card in expected.values()}
        known, fresh = set(self.guids.values()), set()
        for key, card in expected.items():
            guid = found[card[:3]]
            if guid not in known:
                fresh.add(guid)
            if self.is_known(key, card):
                assert guid == self.guids[key], (key, self.built.get(key, self.gone.get(key)), card)
            else:
                assert guid in fresh or guid == self.guids.get(key), (key, card)
            self.guids[key] = guid
        self.gone |= {key: card for key, card in self.built.items() if key not in expected}
        self.built = expected
        self.owners |= {card[:3]: key for key, card in expected.items()}
        return fresh

    def is_known(self, key: Key, card: Shown) -> bool:
        """Whether a card surely is one that was before.

        Not if its heading was reworded beyond likeness and its note was torn apart as well: a copy does the same.
        """
        heading = ("heading", key[1], 0) if key[0] == "reverse" else key
        was, now = self.built.get(heading), self.book.cards().get(heading)
        is_like = was and now and (was.name in now.name or now.name in was.name)
        if was and now and not is_like and (was.file != now.file or was.file in self.book.torn):
            return False
        return key in self.built or (key in self.gone and is_back(self.gone[key], card))

    def reread_ledger(self) -> None:
        """What the next build has is what stands in the file."""
        path = Path(self.root.name, "ledger.jsonl")
        path.write_bytes(write_ledger(self.workshop.ledger))
        ledger = read_ledger(path)
        assert ledger == self.workshop.ledger
        self.workshop.ledger = ledger

    def mods(self) -> dict[str, int]:
        return {guid: entry.mod for guid, entry in self.workshop.ledger.entries.items()}

    def notes(self) -> Notes:
        """The card's history and place, then what the user may have edited: fields and tags."""
        assert self.desk.col.db
        reviews: dict[int, list[tuple[int, ...]]] = {}
        for row in self.desk.col.db.all("select cid, id, ease, ivl from revlog order by id"):
            reviews.setdefault(row[0], []).append(tuple(row[1:]))
        rows = self.desk.col.db.all(
            "select n.guid, n.id, c.id, c.did, c.ivl, c.reps, c.due, c.queue, c.flags, n.flds, n.tags"
            " from notes n join cards c on c.nid = n.id"
        )
        found = {row[0]: (row[1], row[2], reviews.get(row[2]), *row[3:]) for row in rows}
        assert len(found) == len(rows)
        return found

    @precondition(lambda self: self.guids)
    @rule(at=_NUMBERS)
    def learn(self, at: int) -> None:
        notes = self.desk.notes()
        self.desk.study(notes[at % len(notes)])

    @precondition(lambda self: self.guids)
    @rule(at=_NUMBERS)
    def edit_in_anki(self, at: int) -> None:
        notes = self.desk.notes()
        note = notes[at % len(notes)]
        (card,) = note.cards()
        note["Sources"] = f"我的话 {at}"
        note.tags.append("marked")
        self.desk.col.update_note(note)
        # The clock is the workshop's: between the last build and the next.
        assert self.desk.col.db
        self.desk.col.db.execute("update notes set mod = ? where id = ?", self.workshop.now - 1, note.id)
        if at % 2:
            self.desk.col.sched.suspend_cards([card.id])
        else:
            self.desk.col.set_user_flag_for_cards(3, [card.id])

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.col.close()
            self.root.cleanup()


def is_back(was: Shown, now: Shown) -> bool:
    """Whether a card that was gone is surely back: at its place, or with the same question and answer elsewhere."""
    return was[:3] == now[:3] or was[3:] == now[3:]


TestUser = User.TestCase
TestUser.settings = settings(
    max_examples=int(MORE or 40),
    stateful_step_count=12,
    deadline=None,
    derandomize=not MORE,
    suppress_health_check=[HealthCheck.too_slow],
    # To find the shortest story takes minutes: whoever looks for failures by the night wants many first.
    phases=[phase for phase in Phase if not (MORE and phase is Phase.shrink)],
)
