"""Review history through edits of the notes: built, imported into Anki with its default options, and read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deck.conftest import Desk, Workshop
from tests.identity.histories import History, counts, histories, study_and_mark, today

TEMPLATES = Path(__file__).parents[2] / "templates"

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


def history(desk: Desk) -> dict[str, History]:
    """By what the note asks."""
    known = histories(desk)
    return {note["Question"]: known[note.guid] for note in desk.notes()}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_history_and_the_users_own_edits_survive(edit: Edit, workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    study_and_mark(desk)
    before = history(desk)
    for name in NOTES:
        (workshop.folder / name).unlink()
    workshop.write(edit.files)
    today(workshop, desk)

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


@pytest.mark.parametrize(
    "change",
    [("card.css", ".card { color: teal; }"), ("question.back.html", "\n<p>mine</p>\n")],
)
def test_a_restyled_deck_touches_no_note(
    change: tuple[str, str], workshop: Workshop, desk: Desk, tmp_path: Path
) -> None:
    template, added = change
    workshop.write(NOTES)
    desk.take(workshop.build())
    study_and_mark(desk)
    before = history(desk)
    own = (TEMPLATES / "anki" / template).read_text(encoding="utf-8")
    workshop.restyle(tmp_path / "mine", {f"anki/{template}": own + added})
    today(workshop, desk)

    log = desk.take(workshop.build())

    assert counts(log) == (0, 0, 0)
    assert history(desk) == before
    note_type = desk.note(TITLES[1]).note_type()
    assert note_type
    assert added.strip() in note_type["css"] + note_type["tmpls"][0]["afmt"]


CLOZES = "# 水印\n水印由==源头==发出，随==数据==流动。\n<!-- card: cloze -->\n"


def test_a_cloze_that_is_removed_stays_in_anki_and_touches_no_other(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": CLOZES})
    desk.take(workshop.build())
    study_and_mark(desk)
    before = histories(desk)
    assert len(before) == 2
    workshop.write({"a.md": CLOZES.replace("==源头==发出，", "")})
    today(workshop, desk)

    log = desk.take(workshop.build())

    assert counts(log) == (0, 1, 0)
    after = histories(desk)
    assert {guid: (now.card, now.reviews, now.deck) for guid, now in after.items()} == {
        guid: (was.card, was.reviews, was.deck) for guid, was in before.items()
    }
    assert sum(after[guid] == before[guid] for guid in before) == 1
