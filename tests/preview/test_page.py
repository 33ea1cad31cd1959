"""The preview's page as a file: complete, self-contained, the same for the same build."""

import json
import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cribdeck.cli import main

NOTE = "# 什么是水印？\n一个==时间戳==。\n![](gone.png)\n# 待答\n"
HOSTILE = (
    "# <script>alert(1)</script>q\n<img src=x onerror=alert(1)> text </script> <!-- x -->\n[x](javascript:alert(1))\n"
    "# A vs B\nA：`</script>`\nB：{{ b }}\n# open\n"
)


def preview(folder: Path, text: str, *, name: str = "out") -> str:
    notes = folder / "notes"
    notes.mkdir(exist_ok=True)
    (notes / "a.md").write_text(text, encoding="utf-8")
    arguments = ["--notes", str(notes), "--output", str(folder / name), "--only", "preview"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return (folder / name / "preview.html").read_text(encoding="utf-8")


def content(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="content">(.*?)</script>', page, re.DOTALL)
    assert found
    held: dict[str, Any] = json.loads(found[1])
    return held


def test_every_card_open_question_and_diagnostic_is_on_the_page(tmp_path: Path) -> None:
    held = content(preview(tmp_path, NOTE))

    assert [(card["kind"], card["fields"]["Question"], card["file"], card["line"]) for card in held["cards"]] == [
        ("question", "什么是水印？", "a.md", 1)
    ]
    assert "一个<mark>时间戳</mark>。" in held["cards"][0]["fields"]["Answer"]
    assert [(gap["question"], gap["line"]) for gap in held["open"]] == [("待答", 4)]
    assert [(one["message"], one["file"], one["line"]) for one in held["hints"]] == [
        ("picture gone.png is missing", "a.md", 3)
    ]
    assert held["cards"][0]["about"] == [0]


def test_nothing_of_a_note_can_run_and_nothing_is_fetched(tmp_path: Path) -> None:
    page = preview(tmp_path, HOSTILE)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)

    assert len(re.findall(r"<script\b", page.split('id="content">')[0])) == 1
    assert len(re.findall(r"</script>", page)) == 2
    assert re.findall(r'(?:src|href)="(?!#|data:|\\)(https?:[^"]*)"', page) == []
    assert policy
    assert re.sub(r"&#39;|'", "", re.sub(r"sha256-[\w+/=]+", "HASH", policy[1])) == (
        "default-src none; img-src data:; style-src HASH HASH; script-src HASH; base-uri none; form-action none"
    )
    assert re.findall(r"<script|onerror=|=.?.javascript:", json.dumps(content(page)["cards"])) == []


def test_the_same_build_gives_the_same_page(tmp_path: Path) -> None:
    preview(tmp_path, NOTE)

    assert preview(tmp_path, NOTE) == preview(tmp_path, NOTE, name="elsewhere")


def test_a_page_that_no_watch_follows_looks_for_no_other(tmp_path: Path) -> None:
    page = preview(tmp_path, NOTE)

    assert 'data-live=""' in page
    assert [path.name for path in (tmp_path / "out").glob("preview*")] == ["preview.html"]
