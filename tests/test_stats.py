"""The notes in numbers."""

import json
from pathlib import Path

from click.testing import CliRunner

from cribdeck.cli import main
from cribdeck.diagnostics import Place
from cribdeck.report import stats_json, stats_text
from cribdeck.stats import Counted, Progress, Stats, stats_of
from tests.outline import studied

NOTE = "# 一\n## 甲\n四个字的\n## 乙\n见[甲](#甲)、再见[甲](#甲)\n## 丙\n# A vs B\nA：`x`\nB：y\n# 二\n"


def test_everything_is_counted() -> None:
    found = stats_of(studied(NOTE))

    assert found == Stats(
        kinds={"question": 2, "overview": 1, "comparison": 1},
        decks={"": 4},
        sections=(
            Progress("一", Place("note.md", 1), answered=3, open=1),
            Progress("note", Place("note.md", 1), answered=1, open=1),
        ),
        longest=(
            Counted("乙", Place("note.md", 4), 6),
            Counted("甲", Place("note.md", 2), 4),
            Counted("A vs B", Place("note.md", 7), 2),
        ),
        linked=(Counted("甲", Place("note.md", 2), 2),),
    )


def test_the_numbers_as_text_and_as_json() -> None:
    found = stats_of(studied(NOTE))

    assert stats_text(found, name="deck").splitlines()[:7] == [
        "4 cards, 4 answered, 2 open",
        "       2  question",
        "       1  overview",
        "       1  comparison",
        "answered and open",
        "     3 / 4    ███████████████░░░░░  一  (note.md:1)",
        "     1 / 2    █████░░░░░            note  (note.md:1)",
    ]
    assert json.loads(stats_json(found))["sections"][0] == {
        "name": "一",
        "place": {"file": "note.md", "line": 1},
        "answered": 3,
        "open": 1,
    }


def test_notes_without_an_answer_have_no_bar_to_divide_by(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("just text\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["stats", "--notes", str(tmp_path)])

    assert (result.exit_code, result.stdout) == (0, "0 cards, 0 answered, 0 open\nanswered and open\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
