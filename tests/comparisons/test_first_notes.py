"""The comparisons of the notes that the program was first made for; they lie beside the checkout, if at all."""

from pathlib import Path

import pytest

from cribdeck.model import CardKind, Comparison, Study, plain_text
from tests.outline import studied

NOTES = Path(__file__).parents[3] / "shared" / "seeds" / "common-questions.md"


@pytest.fixture(scope="module")
def study() -> Study:
    if not NOTES.exists():
        pytest.skip(f"{NOTES} is not here")
    return studied(NOTES.read_text(encoding="utf-8"))


def shape(comparison: Comparison) -> dict[str, str]:
    """Each aspect with a mark a cell: `x` filled, `_` open; `↔` where something spans."""
    return {
        plain_text(row.aspect): "".join("x" if cell.filled else "_" for cell in row.cells) + ("↔" if row.span else "")
        for row in comparison.rows
    }


def table(study: Study, *subjects: str) -> Comparison:
    (found,) = [one for several in study.comparisons.values() for one in several if one.subjects == subjects]
    return found


def test_two_engines(study: Study) -> None:
    assert shape(table(study, "map Reduce", "spark")) == {"编程模型": "xx", "shuffle机制": "__↔"}


def test_the_reasons_in_the_section_after_it(study: Study) -> None:
    assert shape(table(study, "spark", "map Reduce")) == {
        "DAG(RDD+物理执行计划)": "__↔",
        "缓存机制": "xx↔",
        "多进程模型 vs 多线程模型": "xx↔",
        "checkpoint": "__↔",
    }


def test_an_aspect_that_compares_is_a_row_and_no_table(study: Study) -> None:
    assert not [
        one for several in study.comparisons.values() for one in several if one.subjects == ("多进程模型", "多线程模型")
    ]


def test_micro_batches_and_events(study: Study) -> None:
    found = table(study, "spark stream", "flink")

    assert shape(found) == {
        "微批 vs 事件": "__↔",
        "window": "xx",
        "时间的操作": "__↔",
        "状态管理": "__↔",
        "丰富的窗口聚合方法": "__↔",
        "keyedStream": "__",
        "checkpoint": "xx",
    }
    window = next(row for row in found.rows if row.aspect == "window")
    assert [cell.blocks[0].text[:12] for cell in window.cells] == ["Spark stream", "而Flink支持的窗口操"]


def test_a_label_block_fills_its_column(study: Study) -> None:
    assert shape(table(study, "flink", "storm")) == {"": "_x", "状态管理": "__", "窗口支持": "__", "吞吐量": "__"}


def test_subjects_as_sub_headings(study: Study) -> None:
    assert shape(table(study, "Lambda架构", "Kappa架构")) == {"": "x_"}


def test_two_pairs_in_one_open_heading(study: Study) -> None:
    assert "OLTP VS OLAP ,lambda vs Kapper" in [gap.key for gap in study.gaps]


def test_a_row_is_asked_for_where_two_cells_are_filled(study: Study) -> None:
    assert [card.part for card in study.cards if card.kind is CardKind.ROW] == [
        "编程模型",
        "缓存机制",
        "多进程模型 vs 多线程模型",
        "window",
        "checkpoint",
    ]
