"""The preview: self-contained, complete, and nothing in a note can run there."""

import re
from pathlib import Path

from click.testing import CliRunner

from cribdeck.cli import main

HOSTILE = (
    "# <script>alert(1)</script>q\n<img src=x onerror=alert(1)> text\n[x](javascript:alert(1))\n"
    "# A vs B\nA：`</script>`\nB：{{ b }}\n# open\n"
)


def preview(folder: Path, text: str) -> str:
    (folder / "notes").mkdir()
    (folder / "notes" / "a.md").write_text(text, encoding="utf-8")
    arguments = ["--notes", str(folder / "notes"), "--output", str(folder / "out"), "--only", "preview"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return (folder / "out" / "preview.html").read_text(encoding="utf-8")


def test_every_card_gap_and_diagnostic_is_on_the_page(tmp_path: Path) -> None:
    page = preview(tmp_path, "# 什么是水印？\n一个时间戳。\n![](gone.png)\n# 待答\n")

    assert re.findall(r'<span class="question">(.*?)</span>', page) == ["什么是水印？", "待答"]
    assert "一个时间戳。" in page
    assert "picture gone.png is missing" in page
    assert "a.md:3" in page


def test_nothing_of_a_note_runs_and_nothing_is_fetched(tmp_path: Path) -> None:
    page = preview(tmp_path, HOSTILE)

    assert len(re.findall(r"<script\b", page)) == 1
    assert re.findall(r"<[^>]*\son\w+\s*=", page) == []
    assert re.findall(r'(?:src|href)="(?!#|data:)([^"]*)"', page) == []
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1].split("script-src")[1].split(";")[0]
