"""Review history through edits of the notes: built, imported into Anki with its default options, and read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.collection import ImportLogWithChanges

from cribdeck.settings import CardSettings, Settings
from tests.deck.conftest import Desk, Workshop

STREAMS = """# 流处理
## 1. 水印是什么？
水印说明事件时间走到了哪里，由源头发出，随数据向下游流动。
## 2. 窗口有哪几种？
滚动窗口、滑动窗口、会话窗口，另有全局窗口。
## 3. 迟到的数据去哪了？
默认丢弃；也可以放进侧输出流，或者允许一段时间的迟到。
## 4. 缓存雪崩
大量的键同时过期，请求全部落到数据库上。
# Flink vs Storm
| 方面 | Flink | Storm |
|---|---|---|
| 状态 | 内建，检查点 | 自己管理 |
| 时间 | 事件时间 | 处理时间 |
"""
BATCH = """# 批处理
## shuffle 有哪几步？
分区、排序、溢写、归并，然后由下游拉取。
## 为什么会数据倾斜？
某些键的数据量远远大于其它键，一个任务拖慢全部。
## 怎么调优？
"""
NOTES = {"流.md": STREAMS, "批.md": BATCH}
Files = Mapping[str, str]


@dataclass(frozen=True)
class Edit:
    """Notes after an edit; which notes (by what they ask now) Anki shall update, and which are new."""

    files: Files
    updated: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    renamed: tuple[tuple[str, str], ...] = ()
    """What a card asked → what it asks now."""


def edited(old: str, new: str, *, file: str = "流.md") -> Files:
    assert old in NOTES[file]
    return {**NOTES, file: NOTES[file].replace(old, new)}


TITLES = ("1. 水印是什么？", "2. 窗口有哪几种？", "3. 迟到的数据去哪了？", "4. 缓存雪崩")
WINDOWS = "## 2. 窗口有哪几种？\n滚动窗口、滑动窗口、会话窗口，另有全局窗口。\n"
TABLE = "| 方面 | Flink | Storm |\n|---|---|---|\n| 状态 | 内建，检查点 | 自己管理 |\n| 时间 | 事件时间 | 处理时间 |\n"
COMPARED = "Flink vs Storm"
STATE, TIME = f"{COMPARED} · 状态", f"{COMPARED} · 时间"
EVERY_STREAM = frozenset({"流处理", *TITLES, COMPARED, STATE, TIME})

EDITS: dict[str, Edit] = {
    "nothing": Edit(NOTES),
    "an answer is edited": Edit(edited("另有全局窗口", "以及全局窗口"), updated=frozenset({TITLES[1]})),
    "a question is reworded": Edit(
        edited("## 2. 窗口有哪几种？", "## 2. Flink 支持哪些窗口？"),
        updated=frozenset({"流处理", "2. Flink 支持哪些窗口？"}),
        renamed=((TITLES[1], "2. Flink 支持哪些窗口？"),),
    ),
    "a gloss is added": Edit(
        edited("缓存雪崩", "缓存雪崩(Cache Avalanche)"),
        updated=frozenset({"流处理", "4. 缓存雪崩(Cache Avalanche)"}),
        renamed=((TITLES[3], "4. 缓存雪崩(Cache Avalanche)"),),
    ),
    "sections are reordered and renumbered": Edit(
        {
            **NOTES,
            "流.md": STREAMS.replace(WINDOWS, "")
            .replace("# 流处理\n", "# 流处理\n" + WINDOWS.replace("2.", "1."))
            .replace("1. 水印", "2. 水印"),
        },
        updated=frozenset({"流处理", "1. 窗口有哪几种？", "2. 水印是什么？"}),
        renamed=((TITLES[1], "1. 窗口有哪几种？"), (TITLES[0], "2. 水印是什么？")),
    ),
    "a section moves to another file": Edit(
        {"流.md": STREAMS.replace(WINDOWS, ""), "批.md": BATCH + WINDOWS},
        updated=frozenset({"流处理", "批处理", TITLES[1]}),
    ),
    "a file is renamed": Edit({"notes/streams.md": STREAMS, "批.md": BATCH}, updated=EVERY_STREAM),
    "a file is split": Edit(
        {
            "流.md": STREAMS.partition("# Flink vs")[0],
            "比较.md": "# Flink vs" + STREAMS.partition("# Flink vs")[2],
            "批.md": BATCH,
        },
        updated=frozenset({COMPARED, STATE, TIME}),
    ),
    "two files are merged": Edit(
        {"流.md": STREAMS + BATCH}, updated=frozenset({"批处理", "shuffle 有哪几步？", "为什么会数据倾斜？"})
    ),
    "a row is added in the middle": Edit(
        edited("| 时间 |", "| 容错 | 检查点 | ack |\n| 时间 |"),
        updated=frozenset({COMPARED}),
        new=frozenset({f"{COMPARED} · 容错"}),
    ),
    "a row is removed": Edit(edited("| 时间 | 事件时间 | 处理时间 |\n", ""), updated=frozenset({COMPARED})),
    "a cell is reworded": Edit(edited("自己管理", "要自己管理"), updated=frozenset({COMPARED, STATE})),
    "an aspect is reworded": Edit(
        edited("| 状态 | 内建", "| 状态管理 | 内建"),
        updated=frozenset({COMPARED, f"{COMPARED} · 状态管理"}),
        renamed=((STATE, f"{COMPARED} · 状态管理"),),
    ),
    "a gap is answered": Edit(
        edited("## 怎么调优？\n", "## 怎么调优？\n先看倾斜。\n", file="批.md"), new=frozenset({"怎么调优？"})
    ),
    "a section is deleted": Edit(edited(WINDOWS, ""), updated=frozenset({"流处理"})),
}


def test_the_edits_are_of_every_kind() -> None:
    assert len(EDITS) == 15


@dataclass
class History:
    """What Anki knows of one note: its card's state, and what the user did to it."""

    card: tuple[int, ...]
    reviews: list[tuple[int, ...]]
    deck: int
    fields: list[str]
    tags: list[str]


def history(desk: Desk) -> dict[str, History]:
    """By what the note asks."""
    found = {}
    for note in desk.notes():
        (card,) = note.cards()
        state = (card.id, card.ivl, card.reps, card.due, card.queue, card.flags)
        found[note["Question"]] = History(state, desk.reviews(card), card.did, list(note.fields), list(note.tags))
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


def counts(log: ImportLogWithChanges.Log) -> tuple[int, int, int]:
    return len(log.new), len(log.updated), len(log.conflicting)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_history_and_the_users_own_edits_survive(edit: Edit, workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    study_and_mark(desk)
    before = history(desk)
    for name in NOTES:
        (workshop.folder / name).unlink()
    workshop.write(edit.files)
    # The user's own edits are of today; a package of before would lose against them.
    workshop.now = max(note.mod for note in desk.notes()) + 1

    log = desk.take(workshop.build())
    after = history(desk)

    renamed = dict(edit.renamed)
    assert counts(log) == (len(edit.new), len(edit.updated), 0)
    assert set(after) == {renamed.get(name, name) for name in before} | edit.new
    for name, old in before.items():
        now = after[renamed.get(name, name)]
        assert (now.card, now.reviews, now.deck) == (old.card, old.reviews, old.deck), name
        if renamed.get(name, name) not in edit.updated:
            assert (now.fields, now.tags) == (old.fields, old.tags), name


def test_a_section_that_was_deleted_comes_back_with_its_history(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    study_and_mark(desk)
    before = history(desk)[TITLES[1]]
    workshop.write({"流.md": STREAMS.replace(WINDOWS, "")})
    desk.take(workshop.build())
    workshop.write(NOTES)

    log = desk.take(workshop.build())

    assert len(log.new) == 0
    assert history(desk)[TITLES[1]] == before


def test_a_section_that_becomes_a_comparison_and_a_row_keep_their_notes(workshop: Workshop, desk: Desk) -> None:
    text = "# 引擎\n## Flink vs Storm\nFlink 管状态，Storm 不管。\n### 状态\nFlink：内建\nStorm：自己管理\n"
    workshop.write({"a.md": text})
    workshop.settings = Settings(cards=CardSettings(row=False, comparison=True))
    desk.take(workshop.build())
    ids = {note["Question"]: note.id for note in desk.notes()}
    workshop.settings = Settings()
    workshop.write({"a.md": text + "### 时间\nFlink：事件时间\nStorm：处理时间\n"})

    log = desk.take(workshop.build())

    assert len(log.conflicting) == 0
    assert {name: note_id for name, note_id in ids.items() if name == COMPARED} == {
        note["Question"]: note.id for note in desk.notes() if note["Question"] == COMPARED
    }


def test_swapped_subjects_and_a_new_column_keep_every_row(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    study_and_mark(desk)
    before = {state.card for state in history(desk).values()}
    swapped = "# Storm vs Flink vs Spark\n| 方面 | Storm | Flink | Spark |\n|---|---|---|---|\n"
    swapped += "| 状态 | 自己管理 | 内建，检查点 | RDD |\n| 时间 | 处理时间 | 事件时间 | 批 |\n"
    workshop.write({"流.md": STREAMS.replace("# Flink vs Storm\n" + TABLE, swapped)})

    log = desk.take(workshop.build())

    assert len(log.new) == 0
    assert {state.card for state in history(desk).values()} == before


def test_a_restyled_deck_touches_no_note(workshop: Workshop, desk: Desk, tmp_path: Path) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    study_and_mark(desk)
    before = history(desk)
    workshop.restyle(tmp_path / "mine", {"anki/card.css": ".card { color: teal; }"})

    log = desk.take(workshop.build())

    assert counts(log) == (0, 0, 0)
    assert history(desk) == before


CLOZES = "# 水印\n水印由==源头==发出，随==数据==流动。\n<!-- card: cloze -->\n"


@pytest.mark.parametrize(
    ("change", "new"),
    [
        (lambda text: text.replace("水印由", "==水印==由"), 1),
        (lambda text: text.replace("==源头==发出，", ""), 0),
        (lambda text: text.replace("流动", "向下游流动"), 0),
    ],
    ids=["one is added before the others", "one is removed", "the text around is edited"],
)
def test_clozes_keep_their_history(change: Callable[[str], str], new: int, workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": CLOZES})
    desk.take(workshop.build())
    for card in desk.cards():
        desk.study(card.note())
    before = {card.id: (card.ivl, card.reps) for card in desk.cards()}
    assert len(before) == 2
    workshop.write({"a.md": change(CLOZES)})

    log = desk.take(workshop.build())

    assert (len(log.new), len(log.conflicting)) == (new, 0)
    assert {card.id: (card.ivl, card.reps) for card in desk.cards() if card.id in before} == before
