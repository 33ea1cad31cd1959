"""Cards of every kind keep guid and history through edits of rows, columns, cells, clozes, terms and sub-headings."""

from dataclasses import dataclass, field

import pytest

from cribdeck.settings import CardSettings, Settings
from tests.deck.conftest import Desk, Workshop
from tests.identity.histories import counts, histories, study_and_mark, today

PLAIN = Settings()
SPECIAL = Settings(cards=CardSettings(term=True, cloze=True))
CELLS = Settings(cards=CardSettings(row=False, cell=True, comparison=False))
TURNED = Settings(cards=CardSettings(reverse=True))
BACKWARDS = Settings(cards=CardSettings(question=False, overview=False, reverse=True))


def table(*rows: str) -> str:
    head, *others = (f"| {' | '.join(row.split('/'))} |\n" for row in rows)
    return head + "|---" * (rows[0].count("/") + 1) + "|\n" + "".join(others)


STATE, TIME = "状态/内建，检查点/自己管理", "时间/事件时间/处理时间"
ENGINES = "# Flink vs Storm\n" + table("方面/Flink/Storm", STATE, TIME)
WHOLE, STATE_ROW, TIME_ROW = "comparison Flink vs Storm", "row Flink vs Storm › 状态", "row Flink vs Storm › 时间"
THREE = "# Flink vs Storm vs Spark\n" + table("方面/Flink/Storm/Spark", STATE + "/RDD", TIME + "/批")
HEADINGS = "# 引擎\n## 状态\nFlink 内建并做检查点，Storm 要自己管理。\n## 时间\nFlink 看事件时间，Storm 看处理时间。\n"
IN_WORDS = "Flink 内建状态，看事件时间，做检查点；Storm 自己管理，看处理时间。\n"
TERMS = "# 水印的词\n先看几个词。\n\n" + table("术语/含义", "源头/发出水印的算子", "下游/收水印的算子")
CLOZES = "# 水印\n水印由==源头==发出，随==数据==流动。\n"
PARTS = "# 流处理\n## 水印\n一个时间戳。\n## 窗口\n有限的一段。\n"
FOUR = ("Flink · 状态", "Storm · 状态", "Flink · 时间", "Storm · 时间")
AS_THREE = {name: name.replace("Flink vs Storm", "Flink vs Storm vs Spark") for name in (WHOLE, STATE_ROW, TIME_ROW)}
AS_SWAPPED = {name: name.replace("Flink vs Storm", "Storm vs Flink") for name in (WHOLE, STATE_ROW, TIME_ROW)}


@dataclass(frozen=True)
class Edit:
    """A note before and after; cards are named by kind and headings.

    Attributes:
        renamed: What a card was called → what it is called now.
        gone: The cards that are in the notes no more; Anki keeps them.
        updated: The cards that Anki shall update, as they are called now.
        new: The cards that it never had.
    """

    before: str
    after: str
    renamed: dict[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    settings: Settings = PLAIN


EDITS = {
    "a row is added in the middle": Edit(
        ENGINES,
        "# Flink vs Storm\n" + table("方面/Flink/Storm", STATE, "容错/检查点/ack", TIME),
        updated=frozenset({WHOLE}),
        new=frozenset({"row Flink vs Storm › 容错"}),
    ),
    "rows change places": Edit(
        ENGINES, "# Flink vs Storm\n" + table("方面/Flink/Storm", TIME, STATE), updated=frozenset({WHOLE})
    ),
    "a cell is reworded": Edit(ENGINES, ENGINES.replace("自己管理", "全靠自己"), updated=frozenset({WHOLE, STATE_ROW})),
    "a column is added": Edit(ENGINES, THREE, renamed=AS_THREE, updated=frozenset(AS_THREE.values())),
    "a column is removed": Edit(
        THREE,
        ENGINES,
        renamed={now: was for was, now in AS_THREE.items()},
        updated=frozenset({WHOLE, STATE_ROW, TIME_ROW}),
    ),
    "the subjects are swapped": Edit(
        ENGINES,
        "# Storm vs Flink\n" + table("方面/Storm/Flink", "状态/自己管理/内建，检查点", "时间/处理时间/事件时间"),
        renamed=AS_SWAPPED,
        updated=frozenset(AS_SWAPPED.values()),
    ),
    "a row is added between cells": Edit(
        ENGINES,
        "# Flink vs Storm\n" + table("方面/Flink/Storm", STATE, "容错/检查点/ack", TIME),
        new=frozenset({"term Flink vs Storm › Flink · 容错", "term Flink vs Storm › Storm · 容错"}),
        settings=CELLS,
    ),
    "a cell alone is reworded": Edit(
        ENGINES,
        ENGINES.replace("自己管理", "全靠自己"),
        updated=frozenset({"term Flink vs Storm › Storm · 状态"}),
        settings=CELLS,
    ),
    "a column of cells is added": Edit(
        ENGINES,
        THREE,
        renamed={f"term Flink vs Storm › {cell}": f"term Flink vs Storm vs Spark › {cell}" for cell in FOUR},
        updated=frozenset(f"term Flink vs Storm vs Spark › {cell}" for cell in FOUR),
        new=frozenset(f"term Flink vs Storm vs Spark › {cell}" for cell in ("Spark · 状态", "Spark · 时间")),
        settings=CELLS,
    ),
    "the subjects of cells are swapped": Edit(
        ENGINES,
        "# Storm vs Flink\n" + table("方面/Storm/Flink", "状态/自己管理/内建，检查点", "时间/处理时间/事件时间"),
        renamed={f"term Flink vs Storm › {cell}": f"term Storm vs Flink › {cell}" for cell in FOUR},
        updated=frozenset(f"term Storm vs Flink › {cell}" for cell in FOUR),
        settings=CELLS,
    ),
    "a section with sub-headings becomes a comparison with rows": Edit(
        HEADINGS,
        "# 引擎\n" + table("方面/Flink/Storm", STATE, TIME),
        renamed={
            "overview 引擎": "comparison 引擎",
            "question 引擎 › 状态": "row 引擎 › 状态",
            "question 引擎 › 时间": "row 引擎 › 时间",
        },
        updated=frozenset({"comparison 引擎", "row 引擎 › 状态", "row 引擎 › 时间"}),
    ),
    "a comparison with rows becomes a section with sub-headings": Edit(
        "# 引擎\n" + table("方面/Flink/Storm", STATE, TIME),
        HEADINGS,
        renamed={
            "comparison 引擎": "overview 引擎",
            "row 引擎 › 状态": "question 引擎 › 状态",
            "row 引擎 › 时间": "question 引擎 › 时间",
        },
        updated=frozenset({"overview 引擎", "question 引擎 › 状态", "question 引擎 › 时间"}),
    ),
    "a question becomes a comparison under a heading of its own": Edit(
        f"# 前\n文字。\n# 引擎的区别\n{IN_WORDS}",
        f"# 前\n文字。\n# Flink vs Storm：引擎的区别\n{IN_WORDS}",
        renamed={"question 引擎的区别": "comparison Flink vs Storm：引擎的区别"},
        updated=frozenset({"comparison Flink vs Storm：引擎的区别"}),
    ),
    "a term is added in the middle": Edit(
        TERMS,
        TERMS.replace("| 下游", "| 算子 | 处理数据的一步 |\n| 下游"),
        updated=frozenset({"question 水印的词"}),
        new=frozenset({"term 水印的词 › 算子"}),
        settings=SPECIAL,
    ),
    "what a term means is reworded": Edit(
        TERMS,
        TERMS.replace("收水印的算子", "接收水印的一切算子"),
        updated=frozenset({"question 水印的词", "term 水印的词 › 下游"}),
        settings=SPECIAL,
    ),
    "the heading above terms is reworded": Edit(
        TERMS,
        TERMS.replace("# 水印的词", "# 关于水印的词"),
        renamed={
            name: name.replace("水印的词", "关于水印的词")
            for name in ("question 水印的词", "term 水印的词 › 源头", "term 水印的词 › 下游")
        },
        updated=frozenset({"question 关于水印的词", "term 关于水印的词 › 源头", "term 关于水印的词 › 下游"}),
        settings=SPECIAL,
    ),
    "a cloze is added before the others": Edit(
        CLOZES,
        CLOZES.replace("水印由", "==水印==由"),
        updated=frozenset({"question 水印", "cloze 水印 › 源头", "cloze 水印 › 数据"}),
        new=frozenset({"cloze 水印 › 水印"}),
        settings=SPECIAL,
    ),
    "the text around clozes is edited": Edit(
        CLOZES,
        CLOZES.replace("流动", "向下游流动"),
        updated=frozenset({"question 水印", "cloze 水印 › 源头", "cloze 水印 › 数据"}),
        settings=SPECIAL,
    ),
    "another word is to be filled in between the same ones": Edit(
        CLOZES,
        CLOZES.replace("==源头==", "==算子=="),
        renamed={"cloze 水印 › 源头": "cloze 水印 › 算子"},
        updated=frozenset({"question 水印", "cloze 水印 › 算子", "cloze 水印 › 数据"}),
        settings=SPECIAL,
    ),
    "another phrase of the same clause is to be filled in": Edit(
        CLOZES,
        "# 水印\n水印由源头==发出==，随==数据==流动。\n",
        gone=frozenset({"cloze 水印 › 源头"}),
        updated=frozenset({"question 水印", "cloze 水印 › 数据"}),
        new=frozenset({"cloze 水印 › 发出"}),
        settings=SPECIAL,
    ),
    "a sub-heading is added in the middle": Edit(
        PARTS,
        PARTS.replace("## 窗口", "## 状态\n记住的东西。\n## 窗口"),
        updated=frozenset({"overview 流处理"}),
        new=frozenset({"question 流处理 › 状态"}),
    ),
    "the heading of an overview is reworded": Edit(
        PARTS,
        PARTS.replace("# 流处理", "# 流处理的要点"),
        renamed={
            "overview 流处理": "overview 流处理的要点",
            "question 流处理 › 水印": "question 流处理的要点 › 水印",
            "question 流处理 › 窗口": "question 流处理的要点 › 窗口",
        },
        updated=frozenset({"overview 流处理的要点", "question 流处理的要点 › 水印", "question 流处理的要点 › 窗口"}),
    ),
    "the heading of an overview with a text is another over the same text": Edit(
        PARTS.replace("# 流处理\n", f"# 流处理\n{IN_WORDS}"),
        PARTS.replace("# 流处理\n", f"# 引擎有何不同？\n{IN_WORDS}"),
        renamed={
            "overview 流处理": "overview 引擎有何不同？",
            "question 流处理 › 水印": "question 引擎有何不同？ › 水印",
            "question 流处理 › 窗口": "question 引擎有何不同？ › 窗口",
        },
        updated=frozenset(
            {"overview 引擎有何不同？", "question 引擎有何不同？ › 水印", "question 引擎有何不同？ › 窗口"}
        ),
    ),
    "an overview gets another text under a heading like its own": Edit(
        PARTS.replace("# 流处理\n", f"# 流处理的引擎\n{IN_WORDS}"),
        PARTS.replace("# 流处理\n", "# 批处理的引擎\n先读完所有输入，再排序、分组、归并，最后一次写出结果。\n"),
        renamed={
            "question 流处理的引擎 › 水印": "question 批处理的引擎 › 水印",
            "question 流处理的引擎 › 窗口": "question 批处理的引擎 › 窗口",
        },
        gone=frozenset({"overview 流处理的引擎"}),
        updated=frozenset({"question 批处理的引擎 › 水印", "question 批处理的引擎 › 窗口"}),
        new=frozenset({"overview 批处理的引擎"}),
    ),
    "an answer that is asked for backwards as well is edited": Edit(
        "# 水印\n一个随数据流动的时间戳。\n",
        "# 水印\n一个随数据向下游流动的时间戳。\n",
        updated=frozenset({"question 水印", "reverse 水印 › reverse"}),
        settings=TURNED,
    ),
    "a short answer is added beside others that are asked for backwards": Edit(
        PARTS,
        PARTS.replace("## 窗口", "## 状态\n记住的东西。\n## 窗口"),
        updated=frozenset({"overview 流处理"}),
        new=frozenset({"question 流处理 › 状态", "reverse 流处理 › 状态 › reverse"}),
        settings=TURNED,
    ),
    "one of two short answers is replaced by another": Edit(
        PARTS,
        PARTS.replace("## 窗口\n有限的一段", "## 状态\n记住的东西"),
        gone=frozenset({"question 流处理 › 窗口", "reverse 流处理 › 窗口 › reverse"}),
        updated=frozenset({"overview 流处理"}),
        new=frozenset({"question 流处理 › 状态", "reverse 流处理 › 状态 › reverse"}),
        settings=TURNED,
    ),
    "all that is asked is asked backwards, and reworded": Edit(
        PARTS.replace("有限的一段", IN_WORDS),
        PARTS.replace("有限的一段", IN_WORDS).replace("## 窗口", "## 什么是窗口？"),
        renamed={"reverse 流处理 › 窗口 › reverse": "reverse 流处理 › 什么是窗口？ › reverse"},
        updated=frozenset({"reverse 流处理 › 什么是窗口？ › reverse"}),
        settings=BACKWARDS,
    ),
}


def guids(workshop: Workshop) -> dict[str, str]:
    """The cards of the last build, by kind and headings."""
    live = [entry for entry in workshop.ledger.entries.values() if not entry.retired]
    return {f"{entry.kind.value} {' › '.join(entry.path)}": entry.guid for entry in live}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_every_kind_of_card_keeps_its_history(edit: Edit, workshop: Workshop, desk: Desk) -> None:
    workshop.settings = edit.settings
    workshop.write({"a.md": edit.before})
    desk.take(workshop.build())
    study_and_mark(desk)
    names, before = guids(workshop), histories(desk)
    workshop.write({"a.md": edit.after})
    today(workshop, desk)

    log = desk.take(workshop.build())

    now, after = guids(workshop), histories(desk)
    kept = {edit.renamed.get(name, name): guid for name, guid in names.items() if name not in edit.gone}
    assert now == kept | {name: now[name] for name in edit.new}
    assert before.keys() == {*names.values()}
    assert after.keys() == before.keys() | {now[name] for name in edit.new}
    assert counts(log) == (len(edit.new), len(edit.updated), 0)
    for name, guid in now.items():
        if name in edit.new:
            continue
        was, stays = before[guid], after[guid]
        assert (stays.card, stays.reviews, stays.deck) == (was.card, was.reviews, was.deck), name
        if name not in edit.updated:
            assert (stays.fields, stays.tags) == (was.fields, was.tags), name
