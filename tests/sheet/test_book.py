"""The book: a section a page, pages numbered within sections, contents, an index."""

import re

from pypdf import PdfReader

from cribdeck.settings import SheetSettings
from cribdeck.sheet.paging import page_labels, roman
from cribdeck.sheet.terms import Term, terms_of
from tests.outline import studied
from tests.sheet.conftest import Printed, Printer

LONG = "窗口把无界的流切成有界的段，水印告诉我们每一段什么时候算完整，迟到的数据按策略处理。" * 6
BOOK = SheetSettings(layout="book")
NOTES = {
    "a.md": (
        "# MapReduce\n\n## 流程\n\n"
        + "\n\n".join([LONG] * 9)
        + "\n\n# 窗口\n\n见 [[b#目标]]。**水印**是断言。\n\n## 空着\n"
    ),
    "b.md": "引言在前。\n\n# Spark\n\n比 map reduce 快。\n\n# 目标\n\n## A vs B\n\nA：甲\nB：乙\n",
}


def names(printed: Printed) -> list[str]:
    """The names of the pages as a viewer shows them."""
    return PdfReader(printed.path).page_labels


def test_each_section_has_pages_of_its_own_numbered_within_it(printer: Printer) -> None:
    printed = printer(NOTES, BOOK)

    assert names(printed) == ["i", "1–1", "1–2", "2–1", "3–1", "4–1", "A–1", "B–1"]
    assert [printed.page(at).split()[-1] for at in range(1, 9)] == names(printed)
    assert printed.facts["Page size"] == "595.276 x 841.89 pts (A4)"
    assert printed.sheet.diagnostics == ()
    # A note's introduction stands on the pages of its first section.
    assert "引言在前。" in printed.page(5)

    contents = [re.sub(r"\.{3,}", " ", line) for line in printed.lines(1) if "..." in line]
    assert contents == [
        "a 1–1", "1MapReduce 1–1", "2窗口 2–1", "b 3–1", "3Spark 3–1", "4目标 4–1", "待回答 A–1", "索引 B–1",
    ]  # fmt: skip
    assert dict(printed.references)["目标"] == 6
    assert "→4–1" in printed.page(4)

    assert printed.page(8).split("\n")[:-2] == [
        "索引", "C", "窗口 1–1, 1–2, 2–1", "L", "流程 1–1", "M", "MapReduce 1–1, 3–1", "目标 2–1, 4–1", "S",
        "Spark 3–1", "水印 1–1, 1–2, 2–1",
    ]  # fmt: skip


def test_systems_that_are_compared_and_terms_that_are_marked_are_indexed() -> None:
    note = (
        "# Flink 和 Storm 的区别\n\n## 延迟\nFlink：低\nStorm：高\n\n"
        "# 背压是怎么传播的？\n\n靠**信用值**，**因此上游才会慢下来。**\n\n"
        "# checkpoint\n\n优点：快\n对齐阶段：等齐\n\n# Checkpoint\n\n又说\n\n# 没有答案\n"
    )

    assert terms_of(studied(note)) == (
        Term("checkpoint", "C"), Term("对齐阶段", "D"), Term("Flink", "F"), Term("Storm", "S"), Term("信用值", "X"),
        Term("延迟", "Y"),
    )  # fmt: skip


def test_the_first_page_s_numbers_are_roman() -> None:
    assert [roman(number) for number in (1, 4, 9, 14, 39)] == ["i", "iv", "ix", "xiv", "xxxix"]


def test_a_viewer_s_page_labels_are_runs() -> None:
    assert page_labels(["i", "ii", "1–1", "1–2", "2–1", "A–1"]) == [
        (0, "r", "", 1), (2, "D", "1–", 1), (4, "D", "2–", 1), (5, "D", "A–", 1),
    ]  # fmt: skip
    assert page_labels(["1", "2", "3"]) == [(0, "D", "", 1)]
    assert page_labels(["2–2", "2–3", "7–4"]) == [(0, "D", "2–", 2), (2, "D", "7–", 4)]
