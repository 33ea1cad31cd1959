"""What Anki itself makes of a package: every test imports one and reads the collection back."""

import re
import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from cribdeck.settings import CardSettings, Settings
from tests.deck.conftest import Desk, Workshop

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f00010401005f"
    "e5c34b0000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>'
NOTE = """#水印 {.高频}
水印是一句话。
##它为什么会停住？
取最小值 $\\min_i w_i$，最慢的一路说了算。
![示意](图/mark.svg)
![点](图/Dot.PNG)
[Flink 文档](https://nightlies.apache.org/flink/)
##迟到的数据去哪了？
见 [窗口](#窗口有哪几种)。
#窗口有哪几种？
滚动、滑动、会话。
#Flink vs Storm
| 方面 | Flink | Storm |
|---|---|---|
| 状态 | 内建 | 自己管 |
| 时间 | 事件时间 | |
"""
NOTES: dict[str, str | bytes] = {"流处理.md": NOTE, "图/mark.svg": SVG, "图/Dot.PNG": PNG}


def test_every_card_becomes_a_note_in_the_order_of_the_notes(workshop: Workshop, desk: Desk) -> None:
    workshop.write({**NOTES, "批处理.md": "# shuffle 有哪几步？\n分区、排序、溢写、归并。\n# 怎么调优？\n"})

    log = desk.take(workshop.build())

    assert len(log.new) == 7
    assert [card.due for card in desk.cards()] == [1, 2, 3, 4, 5, 6, 7]
    assert [(desk.type_of(note), note["Trail"], note["Question"]) for note in desk.notes()] == [
        ("Cribdeck Question", "批处理", "shuffle 有哪几步？"),
        ("Cribdeck Question", "流处理", "水印"),
        ("Cribdeck Question", "水印", "它为什么会停住？"),
        ("Cribdeck Question", "水印", "迟到的数据去哪了？"),
        ("Cribdeck Question", "流处理", "窗口有哪几种？"),
        ("Cribdeck Comparison", "流处理", "Flink vs Storm"),
        ("Cribdeck Comparison", "流处理", "Flink vs Storm · 状态"),
    ]


def test_a_note_holds_answer_sources_number_and_what_it_refers_to(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)

    desk.take(workshop.build())
    stalled = dict(desk.note("它为什么会停住？").items())
    late = desk.note("迟到的数据去哪了？")
    windows = desk.note("窗口有哪几种？")

    assert stalled == {
        "Question": "它为什么会停住？",
        "Trail": "水印",
        "Answer": "<p>取最小值 \\(\\min_i w_i\\)，最慢的一路说了算。 "
        '<img src="cribdeck-967889cacdf267a3af83.svg" alt="示意"> '
        '<img src="cribdeck-37d15cb494abd5367c65.png" alt="点"></p>',
        "Sources": '<details class="fold"><summary>来源 <span class="count">1</span></summary>'
        '<ol class="sources" aria-label="来源">\n'
        '<li><a href="https://nightlies.apache.org/flink/"><span class="source-title">Flink 文档</span> '
        '<span class="host">nightlies.apache.org</span></a></li>\n</ol></details>',
        "Number": stalled["Number"],
        "Related": "",
        "Language": "zh-CN",
        "Items": "",
        "Extra 1": "hue-1",
        "Extra 2": "",
    }
    assert re.fullmatch(r"[2-9A-Z]{4}", stalled["Number"])
    assert late["Answer"] == '<p>见 <span class="ref">窗口</span>。</p>'
    assert late["Related"] == (
        '<span class="related-label">相关</span><ul class="related">'
        f'<li>窗口有哪几种？ <span class="number">{windows["Number"]}</span></li></ul>'
    )


def test_pictures_arrive_under_names_of_their_content(workshop: Workshop, desk: Desk) -> None:
    workshop.write({**NOTES, "b.md": "# 同一张图\n![](图/mark.svg)\n"})

    desk.take(workshop.build())
    media = Path(desk.col.media.dir())

    assert {path.name: path.read_bytes() for path in media.iterdir()} == {
        "cribdeck-967889cacdf267a3af83.svg": SVG,
        "cribdeck-37d15cb494abd5367c65.png": PNG,
    }
    assert desk.col.media.check().missing == []
    assert desk.col.media.check().unused == []


def test_a_changed_picture_reaches_the_card_that_shows_it(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    before = {note.guid: note.fields for note in desk.notes()}
    workshop.write({"图/mark.svg": SVG.replace(b"h2", b"h1")})

    log = desk.take(workshop.build())
    changed = [note["Question"] for note in desk.notes() if note.fields != before[note.guid]]

    assert (len(log.updated), changed) == (1, ["它为什么会停住？"])
    assert desk.col.media.check().missing == []


def test_tags_come_from_file_headings_and_attributes(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"大 数据/流 处理.md": '# Flink 水印？ {.高频}\n一句话。\n## a::b "c"？\n## x\ny\n'})
    workshop.settings = Settings(tags=("面试", "Spark 3"), cards=CardSettings(overview=False))

    desk.take(workshop.build())

    assert {note["Question"]: note.tags for note in desk.notes()} == {
        "Flink 水印？": ["Spark_3", "大_数据::流_处理", "面试", "高频"],
        "x": ["Spark_3", "大_数据::流_处理::Flink_水印", "面试"],
    }


def test_a_number_that_puts_files_in_order_is_not_in_their_tags(workshop: Workshop, desk: Desk) -> None:
    files = ("1-flink/4-流处理.md", "01-intro.md", "02 the end.md", "2-phase-commit.md", "2024-01-05.md", "3D.md")
    workshop.write({file: f"# n{n}\nx\n" for n, file in enumerate(files)})

    desk.take(workshop.build())

    assert {note["Question"]: note.tags for note in desk.notes()} == {
        "n0": ["1-flink::流处理"],
        "n1": ["intro"],
        "n2": ["the_end"],
        "n3": ["2-phase-commit"],
        "n4": ["2024-01-05"],
        "n5": ["3D"],
    }


def test_one_deck_by_default_and_one_a_folder_on_demand(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"流/a.md": "# a\n1\n", "批::x/b.md": "# b\n2\n", "c.md": "# c\n3\n"})
    workshop.settings = Settings(deck="面试::大数据", subdecks=True)

    desk.take(workshop.build())

    decks = {note["Question"]: desk.col.decks.name(note.cards()[0].did) for note in desk.notes()}
    assert decks == {"a": "面试::大数据::流", "b": "面试::大数据::批：x", "c": "面试::大数据"}
    assert [card.due for card in desk.cards()] == [1, 2, 3]
    assert [deck["desc"] for deck in desk.col.decks.all() if deck["name"].startswith("面试")] == [""] * 4


def test_importing_an_unchanged_build_again_updates_nothing(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    before = [(note.id, note.mod, note.fields) for note in desk.notes()]

    log = desk.take(workshop.build())

    assert (len(log.new), len(log.updated), len(log.conflicting), len(log.duplicate)) == (0, 0, 0, 6)
    assert [(note.id, note.mod, note.fields) for note in desk.notes()] == before


def test_an_edited_answer_updates_its_note_alone_and_keeps_the_history(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    studied = desk.study(desk.note("窗口有哪几种？"))
    before = (studied.id, studied.ivl, studied.reps, studied.due, desk.reviews(studied))
    workshop.write({"流处理.md": NOTE.replace("滚动、滑动、会话。", "滚动、滑动、会话、全局。")})

    log = desk.take(workshop.build())
    after = desk.note("窗口有哪几种？").cards()[0]

    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 1, 5)
    assert desk.note("窗口有哪几种？")["Answer"] == "<p>滚动、滑动、会话、全局。</p>"
    assert (studied.reps, studied.ivl > 0, len(before[4])) == (3, True, 3)
    assert (after.id, after.ivl, after.reps, after.due, desk.reviews(after)) == before


def test_a_new_question_moves_no_other_card(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    workshop.write({"流处理.md": "# 流是什么？\n没有尽头的数据。\n" + NOTE})

    log = desk.take(workshop.build())

    assert (len(log.new), len(log.updated), len(log.duplicate)) == (1, 0, 6)
    assert desk.note("流是什么？").cards()[0].due == 1


def test_what_the_user_changed_in_anki_stays_while_the_notes_say_the_same(workshop: Workshop, desk: Desk) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    mine = desk.note("窗口有哪几种？")
    mine["Answer"] = "我自己的话"
    mine.tags.append("marked")
    desk.col.update_note(mine)
    workshop.write({"流处理.md": NOTE.replace("水印是一句话。", "水印是一个断言。")})

    log = desk.take(workshop.build())

    assert len(log.updated) == 1
    assert desk.note("窗口有哪几种？")["Answer"] == "我自己的话"
    assert desk.note("窗口有哪几种？").has_tag("marked")


def test_a_restyled_template_reaches_anki_without_touching_notes(
    workshop: Workshop, desk: Desk, tmp_path: Path
) -> None:
    workshop.write(NOTES)
    desk.take(workshop.build())
    workshop.restyle(
        tmp_path / "mine", {"anki/card.css": ".card { color: teal; }", "anki/question.back.html": "!{{Answer}}"}
    )

    log = desk.take(workshop.build())
    note_type = desk.col.models.by_name("Cribdeck Question")

    assert note_type is not None
    assert note_type["css"].endswith(".card { color: teal; }")
    assert note_type["tmpls"][0]["afmt"] == "!{{Answer}}"
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 0, 0)
    assert [name for name in desk.note_types() if name.startswith("Cribdeck")] == [
        "Cribdeck Comparison",
        "Cribdeck Question",
    ]


def test_a_question_that_becomes_a_comparison_keeps_its_note(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": "# Flink vs Storm\n各有长短。\n"})
    workshop.settings = Settings(cards=CardSettings(row=False))
    desk.take(workshop.build())
    (first,) = desk.notes()
    desk.study(first)
    workshop.write({"a.md": "# Flink vs Storm\n| 方面 | Flink | Storm |\n|---|---|---|\n| 状态 | 内建 | 自管 |\n"})

    log = desk.take(workshop.build())
    (second,) = desk.notes()

    assert (len(log.updated), len(log.conflicting)) == (1, 0)
    assert (second.id, desk.type_of(second), second.cards()[0].reps) == (first.id, "Cribdeck Question", 3)
    assert [cell in second["Answer"] for cell in ("状态", "内建", "自管")] == [True, True, True]


def test_equal_notes_give_equal_bytes_and_leave_nothing_behind(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    workshop.write(NOTES)

    first = workshop.build()
    second = workshop.build()

    assert first == second
    # A zip's times have a step of two seconds, so that equal bytes alone would not show a clock.
    assert {entry.date_time for entry in ZipFile(BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert list(scratch.iterdir()) == []
