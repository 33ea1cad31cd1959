"""Which open question another heading answers is known from build to build, wherever the two stand by now."""

import shutil
from pathlib import Path

import pytest

from cribdeck.diagnostics import Code
from cribdeck.pipeline import Options, build

OPEN = "# 什么是端到端的一致性保证呢？\n"
ANSWERED = "# 端到端的一致性保证\n\n要么全做，要么不做。\n"


@pytest.fixture
def options(tmp_path: Path) -> Options:
    options = Options(tmp_path / "notes", tmp_path / "out", only=frozenset({"deck"}))
    options.notes.mkdir()
    (options.notes / "a.md").write_text(f"# one\n\nfirst\n\n{OPEN}", encoding="utf-8")
    (options.notes / "b.md").write_text(ANSWERED, encoding="utf-8")
    return options


def told(options: Options) -> list[str]:
    """Where open questions stand and what is said of them, by a build that knows the last and one that knows none."""
    known = build(options, now=1).diagnostics
    shutil.rmtree(options.output / ".cache")
    assert build(options, now=1).diagnostics == known
    return [f"{one.place} {one.message}" for one in known if one.code is Code.ANSWERED_ELSEWHERE]


def test_an_answer_elsewhere_is_told_where_it_stands_now(options: Options) -> None:
    build(options, now=1)
    first = build(options, now=1).diagnostics
    (options.notes / "a.md").write_text(f"# one\n\nfirst\n\nsecond\n\n{OPEN}", encoding="utf-8")
    (options.notes / "b.md").write_text(f"\n\n{ANSWERED}", encoding="utf-8")

    assert [str(one.place) for one in first if one.code is Code.ANSWERED_ELSEWHERE] == ["a.md:5"]
    assert told(options) == [
        "a.md:7 “什么是端到端的一致性保证呢？” has no answer, but “端到端的一致性保证” in b.md:3 asks nearly the same"
    ]


@pytest.mark.parametrize("text", [OPEN + "\nAn answer.\n", "# another\n\nfirst\n"])
def test_a_question_that_is_answered_or_gone_is_told_no_more(options: Options, text: str) -> None:
    build(options, now=1)
    (options.notes / "a.md").write_text(text, encoding="utf-8")

    assert told(options) == []
