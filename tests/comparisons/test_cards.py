"""The cards that a comparison gives."""

from cribdeck.model import CardKind, plain_text
from cribdeck.settings import CardSettings, Settings
from tests.outline import cards, studied

NOTE = """# Flink vs Storm
## 状态
Flink：内建
Storm：没有
## 窗口
Flink：灵活
## 吞吐
"""


def test_a_row_with_one_filled_cell_is_no_card() -> None:
    assert cards(studied(NOTE)) == (
        "comparison: Flink vs Storm\n"
        "row: Flink vs Storm · 状态\n"
        "question: Flink vs Storm › 窗口\n"
        "gap: Flink vs Storm › 吞吐\n"
    )


def test_kinds_are_chosen_by_the_settings() -> None:
    only_cells = Settings(cards=CardSettings(comparison=False, row=False, question=False, cell=True))

    found = studied(NOTE, settings=only_cells).cards

    assert [(card.kind, plain_text(card.question), card.answer[0].text) for card in found] == [
        (CardKind.TERM, "Flink · 状态", "内建"),
        (CardKind.TERM, "Storm · 状态", "没有"),
    ]


def test_reasons_are_asked_for_as_a_list_and_row_by_row() -> None:
    note = (
        "# Spark 比 MapReduce 快的原因\n"
        "## 存储\nSpark 用内存，MapReduce 用磁盘。\n"
        "## 任务\nSpark：线程\nMapReduce：进程\n"
    )

    assert cards(studied(note)) == (
        "overview: Spark 比 MapReduce 快的原因  [存储; 任务]\n"
        "row: Spark 比 MapReduce 快的原因 · 存储\n"
        "row: Spark 比 MapReduce 快的原因 · 任务\n"
    )


def test_a_heading_that_is_a_row_makes_no_table_of_its_own() -> None:
    note = "# A库 vs B库\n## 进程 vs 线程\nA库：进程\nB库：线程\n"

    assert [one.subjects for several in studied(note).comparisons.values() for one in several] == [("A库", "B库")]


def test_an_open_cell_is_told_with_its_aspect_and_its_subject() -> None:
    assert [str(d.message) for d in studied(NOTE).diagnostics] == ["nothing about Storm in “窗口”"]


def test_an_alias_makes_a_name_a_subject() -> None:
    note = "# Spark Streaming vs Flink\n## 窗口\n微批引擎：按时间\nFlink：灵活\n"
    aliased = Settings(aliases={"微批引擎": "Spark Streaming"})

    (found,) = next(iter(studied(note, settings=aliased).comparisons.values()))

    assert [cell.blocks[0].text for cell in found.rows[0].cells] == ["微批引擎：按时间", "灵活"]


def test_a_name_that_is_nearly_a_subject_is_told() -> None:
    note = "# Lambda vs Kappa\n## 代码\nLambda：两套\nKapa：一套\nKappa：只有一套\n"

    assert [(d.place.line, d.code) for d in studied(note).diagnostics] == [(4, "unknown-subject")]
