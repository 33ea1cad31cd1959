"""What makes a card hard to learn is told when it is asked for."""

from cribdeck.alike import asked_in
from cribdeck.quality import answered_elsewhere, judge
from tests.outline import studied


def told(*texts: str) -> list[str]:
    return [f"{d.place}: {d.message} [{d.code}]" for d in judge(studied(*texts))]


def test_a_long_answer_is_told_with_its_length() -> None:
    assert told("# 长\n" + "字" * 1201 + "\n# 短\n" + "字" * 1200 + "\n") == [
        "note.md:1: the answer to “长” has 1,201 characters [long-answer]"
    ]


def test_a_list_of_more_than_seven_is_told() -> None:
    assert told("# 问\n" + "- 项\n" * 8 + "# 够\n" + "- 项\n" * 7) == [
        "note.md:1: “问” asks for a list of 8 items [long-list]"
    ]


def test_more_than_seven_sub_questions_are_told() -> None:
    assert told("# 问\n" + "".join(f"## 子{n}\n答{n}\n" for n in range(8))) == [
        "note.md:1: “问” asks for a list of 8 items [long-list]"
    ]


def test_an_answer_that_only_repeats_its_question_is_told() -> None:
    assert told("# 什么是状态后端？\n状态后端。\n") == [
        "note.md:1: the answer to “什么是状态后端？” only repeats it [echo]"
    ]


def test_two_questions_that_are_nearly_one_are_told_wherever_they_stand() -> None:
    (line,) = told("# 说说 Flink 的检查点机制\n一。\n", "# x\n## 3. Flink的检查点机制？\n二。\n")

    assert line.startswith(
        "note2.md:2: “3. Flink的检查点机制？” asks nearly what “说说 Flink 的检查点机制” asks in note.md:1"
    )


def test_comparisons_of_the_same_subjects_are_told_however_they_are_spelled() -> None:
    (line,) = told("# OLTP VS OLAP ,lambda vs Kapper\n# Lambda架构 vs Kappa架构\n")

    assert line.startswith("note.md:2: “Lambda架构 vs Kappa架构” asks nearly what “OLTP VS OLAP ,lambda vs Kapper”")
    assert line.endswith(" in note.md:1 [nearly-the-same]")


def test_what_is_told_apart_by_a_number_or_by_its_parent_is_left_in_peace() -> None:
    assert (
        told(
            "# HTTP1.0和HTTP1.1有什么改进\n一\n# HTTP1.1和HTTP2.0有什么改进\n二\n"
            "# Spark\n## checkpoint\n三\n# Flink\n## checkpoint\n四\n"
        )
        == []
    )


def test_words_that_differ_by_a_prefix_are_two_questions() -> None:
    assert told("# What are controlled components?\nA\n# What are uncontrolled components?\nB\n") == []


def test_an_open_question_that_is_answered_elsewhere_is_pointed_there() -> None:
    text = "# OLTP VS OLAP ,lambda vs Kapper\n# Lambda架构 vs Kappa架构\n## Lambda\n两层\n## Kappa\n一层\n"

    found_in = studied(text)
    (found,) = answered_elsewhere(asked_in(found_in.cards, found_in.gaps))

    assert f"{found.place}: {found.message} [{found.code}]" == (
        "note.md:1: “OLTP VS OLAP ,lambda vs Kapper” has no answer, but “Lambda架构 vs Kappa架构” in note.md:2"
        " asks nearly the same [answered-elsewhere]"
    )


def test_a_question_for_reasons_is_no_comparison() -> None:
    assert (
        told("# MapReduce vs Spark\n## 磁盘\nMapReduce：多\nSpark：少\n# Spark 为什么比 MapReduce 快？\n因为。\n") == []
    )


def test_comparisons_of_the_same_subjects_in_other_respects_are_two() -> None:
    assert told("# Spark vs Flink\nSpark：批\nFlink：流\n# Spark vs Flink：状态\nSpark：存\nFlink：算\n") == []
    assert told("# Spark vs Flink\nSpark：批\nFlink：流\n# Spark vs Flink（状态）\nSpark：存\nFlink：算\n") == []
