"""The notes that ship: nothing to mend, enough to learn, and a ledger that belongs to them."""

import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cribdeck.cli import main

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Example:
    """A folder of notes, and what it promises."""

    folder: str
    cards: int
    comparisons: int
    open_questions: tuple[str, ...]
    """Left open on purpose, to show what open questions look like."""

    def __str__(self) -> str:
        return self.folder


EXAMPLES = (
    Example(
        "notes", 120, 10, ("Spark 的 push-based shuffle 解决了什么问题？", "湖仓里的小文件怎么治理？", "线上事故复盘")
    ),
    Example(
        "examples/english",
        30,
        3,
        ("B-tree vs LSM tree", "How does QUIC move a connection to another network?"),
    ),
)


@pytest.fixture(params=EXAMPLES, ids=str)
def example(request: pytest.FixtureRequest) -> Example:
    assert isinstance(request.param, Example)
    return request.param


def run(example: Example, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--notes", str(ROOT / example.folder)])


def test_nothing_is_left_to_mend(example: Example) -> None:
    result = run(example, "check", "--quality", "--strict", "--all")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_there_is_enough_to_learn(example: Example) -> None:
    kinds = Counter(card["kind"] for card in json.loads(run(example, "cards", "--json").stdout))

    assert kinds.total() >= example.cards
    assert kinds["comparison"] >= example.comparisons


def test_the_ledger_knows_every_card_of_the_notes(example: Example) -> None:
    # Updated they may be: a change of how things are shown changes cards whose notes stay as they are.
    counts = run(example, "plan").stdout.splitlines()[-1]

    assert re.sub(r"\d+ updated", "… updated", counts) == "0 new, … updated, 0 gone"


def test_all_three_outputs_are_built_without_a_warning(example: Example, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    shutil.copytree(ROOT / example.folder, notes)
    result = CliRunner().invoke(main, ["--strict", "--notes", str(notes), "--output", str(tmp_path / "out")])

    assert result.exit_code == 0, result.output
    assert f", {len(example.open_questions)} open questions" in result.stdout.splitlines()[0]
    preview = (tmp_path / "out" / "preview.html").read_text(encoding="utf-8")
    assert [title for title in example.open_questions if title not in preview] == []
