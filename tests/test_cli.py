"""The command line, end to end: what it writes, what it says, how it exits."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cribdeck.sheet
from cribdeck.cli import main
from cribdeck.errors import SheetUnavailable
from cribdeck.rendering import Edition
from cribdeck.sheet import Press, Sheet

ROOT = Path(__file__).parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOTE = "# 什么是水印？\n一个时间戳。\n# A vs B\n## 大小\nA：大\nB：小\n## 速度\nA：慢\nB：快\n# 待答\n"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command on `tmp_path/notes`, which holds one note; outputs go to `tmp_path/out`."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "笔记.md").write_text(NOTE, encoding="utf-8")

    def call(*arguments: str) -> Result:
        folders = ["--notes", str(tmp_path / "notes"), "--output", str(tmp_path / "out")]
        return CliRunner().invoke(main, [*arguments, *folders])

    return call


def outputs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "out").glob("[!.]*") if path.is_file()}


def test_one_command_builds_deck_sheet_preview_and_ledger(run: Run, tmp_path: Path) -> None:
    result = run()

    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "notes  1 file, 5 headings, 1 comparison, 1 open question"
    assert lines[1] == "cards  4 (1 question, 1 comparison, 2 row)"
    assert lines[2] == "deck   4 new, 0 updated, 0 gone"
    assert set(outputs(tmp_path)) == {"deck.apkg", "sheet.pdf", "preview.html"}
    assert zipfile.is_zipfile(tmp_path / "out" / "deck.apkg")
    assert outputs(tmp_path)["sheet.pdf"].startswith(b"%PDF-")
    assert len((tmp_path / "notes" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()) > 4


def test_a_second_build_of_the_same_notes_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    run("--only", "deck", "--only", "preview")
    ledger, before = (tmp_path / "notes" / "ledger.jsonl").read_bytes(), outputs(tmp_path)["deck.apkg"]
    result = run("--only", "deck", "--only", "preview")

    assert "0 new, 0 updated, 0 gone" in result.stdout
    assert outputs(tmp_path)["deck.apkg"] == before
    assert (tmp_path / "notes" / "ledger.jsonl").read_bytes() == ledger


def test_only_builds_less(run: Run, tmp_path: Path) -> None:
    assert run("--only", "preview").exit_code == 0

    assert set(outputs(tmp_path)) == {"preview.html"}


def test_check_plan_and_cards_write_nothing(run: Run, tmp_path: Path) -> None:
    for command in ("check", "plan", "cards"):
        assert run(command).exit_code == 0

    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["笔记.md"]


def test_cards_as_json_tell_everything_about_a_card(run: Run) -> None:
    run("--only", "deck")
    cards = json.loads(run("cards", "--json").stdout)

    assert [(card["kind"], card["line"], card["question"], card["part"]) for card in cards] == [
        ("question", 1, "什么是水印？", ""),
        ("comparison", 3, "A vs B", ""),
        ("row", 4, "A vs B", "大小"),
        ("row", 7, "A vs B", "速度"),
    ]
    assert {key: cards[0][key] for key in ("file", "deck", "trail", "tags")} == {
        "file": "笔记.md",
        "deck": "",
        "trail": [],
        "tags": ["笔记"],
    }
    assert len({card["guid"] for card in cards}) == 4


def test_cards_for_a_person_show_a_comparison_as_a_table(run: Run) -> None:
    lines = run("cards").stdout.splitlines()

    assert [" ".join(line.split()) for line in lines[2:6] if "─┼─" not in line] == [
        "│ A │ B",
        "大小 │ 大 │ 小",
        "速度 │ 慢 │ 快",
    ]


def test_plan_names_what_a_build_would_do(run: Run, tmp_path: Path) -> None:
    run("--only", "deck")
    note = tmp_path / "notes" / "笔记.md"
    note.write_text(NOTE.replace("时间戳", "标记") + "有了。\n", encoding="utf-8")
    lines = run("plan").stdout.splitlines()

    assert [(line.split()[0], line.split(": ")[1]) for line in lines[:-1]] == [
        ("updated", "什么是水印？"),
        ("new", "待答"),
    ]
    assert lines[-1].startswith("1 new, 1 updated")


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        (lambda notes: (notes / "笔记.md").unlink(), (2, ["no notes in", "hint: put Markdown files there"])),
        (lambda notes: notes.rename(notes.parent / "moved"), (2, ["does not exist", "hint: name the folder"])),
        (
            lambda notes: (notes / "deck.toml").write_text("dekc = 1"),
            (2, ["unknown key `dekc`", "did you mean `deck`?"]),
        ),
        (lambda notes: (notes / "ledger.jsonl").write_text("{"), (3, ["ledger.jsonl:1", "hint: restore the file"])),
        (lambda notes: (notes.parent / "out").write_text("a file"), (3, ["can't write", "hint: check the folder's"])),
    ],
)
def test_what_stops_a_build_is_told_with_an_act_that_helps(
    run: Run, tmp_path: Path, prepare: Callable[[Path], object], expected: tuple[int, list[str]]
) -> None:
    code, words = expected
    prepare(tmp_path / "notes")
    result = run("--only", "deck")

    assert result.exit_code == code
    assert result.stdout == ""
    for word in words:
        assert word in result.stderr


def test_a_failed_build_leaves_the_last_good_outputs(run: Run, tmp_path: Path) -> None:
    run("--only", "deck")
    before = outputs(tmp_path)
    (tmp_path / "notes" / "deck.toml").write_text("nonsense", encoding="utf-8")

    assert run("--only", "deck").exit_code == 2
    assert outputs(tmp_path) == before


def test_an_unreadable_note_costs_only_itself(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes" / "bad.md").write_bytes(b"# q\n\xff\xff\xff\n")
    result = run("--only", "deck")

    assert result.exit_code == 1
    assert "bad.md:2: error: byte 4 is no text in UTF-8, UTF-16 or GB18030 [undecodable-file]" in result.stderr
    assert "4 new" in result.stdout


def test_cards_of_a_note_that_became_unreadable_are_not_retired(run: Run, tmp_path: Path) -> None:
    run("--only", "deck")
    (tmp_path / "notes" / "other.md").write_text("# other\ntext\n", encoding="utf-8")
    (tmp_path / "notes" / "笔记.md").write_bytes(b"\xff\xff\xff")

    assert "1 new, 0 updated, 0 gone" in run("--only", "deck").stdout


def test_warnings_fail_only_with_strict(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes" / "w.md").write_text("# q\n![](gone.png)\ntext\n", encoding="utf-8")

    assert run("check").exit_code == 0
    result = run("check", "--strict")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].endswith("w.md:2: warning: picture gone.png is missing [missing-image]")


def test_diagnostics_come_as_json_and_as_workflow_commands(run: Run, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    (notes / "w.md").write_text("# q\n![](gone.png)\ntext\n", encoding="utf-8")

    found = json.loads(run("check", "--format", "json").stdout)
    assert {"file": f"{notes}/w.md", "line": 2, "severity": "warning", "code": "missing-image"}.items() <= found[
        0
    ].items()
    line = run("check", "--format", "github").stdout.splitlines()[0]
    assert line == (
        f"::warning file={notes}/w.md,line=2,title=missing-image::picture gone.png is missing"
        " — put the file beside the note, or take the line out"
    )


def test_repeated_diagnostics_fold_and_all_shows_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes" / "w.md").write_text("# q\ntext\n" + "![](gone.png)\n" * 9, encoding="utf-8")

    assert run("check").stdout.splitlines()[-1] == "… and 4 more of [missing-image]; --all shows them"
    assert run("check", "--all").stdout.count("[missing-image]") == 9


def test_where_the_sheet_cant_be_made_the_rest_is_built(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_sheet(_: Edition, *, work: Path, press: Press) -> Sheet:
        assert press is not None
        raise SheetUnavailable(f"Pango is missing for {work.name}", "sudo apt-get install libpangoft2-1.0-0")

    monkeypatch.setattr(cribdeck.sheet, "build_sheet", no_sheet)
    result = run()

    assert result.exit_code == 3
    assert set(outputs(tmp_path)) == {"deck.apkg", "preview.html"}
    assert result.stderr.splitlines()[-2:] == [
        "error: no sheet: Pango is missing for .cache",
        "  hint: sudo apt-get install libpangoft2-1.0-0",
    ]


def test_options_stand_before_or_after_the_command(run: Run, tmp_path: Path) -> None:
    before = CliRunner().invoke(main, ["--notes", str(tmp_path / "notes"), "check"])

    assert (before.exit_code, before.output) == (0, run("check").output)


def test_a_process_that_ends_at_once_has_said_everything(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "many.md").write_text("".join(f"# q {at}\na\n" for at in range(20_000)), encoding="utf-8")
    (notes / "open.md").write_text("# 待答\n\n![](gone.png)\n", encoding="utf-8")
    arguments = ["--notes", str(notes), "--output", str(tmp_path / "out"), "--strict"]
    command = [sys.executable, str(ROOT / "build.py"), "cards", "--json", *arguments]
    ending = f"""
import atexit, sys
atexit.register(print, "closed")
sys.path.insert(0, {str(ROOT)!r})
sys.argv = ["cribdeck", "check", *{arguments!r}]
from cribdeck.cli.process import run
run()
"""
    cards = subprocess.run(command, capture_output=True, check=False)
    check = subprocess.run([sys.executable, "-c", ending], capture_output=True, text=True, check=False)

    assert (cards.returncode, len(json.loads(cards.stdout))) == (0, 20_000)
    assert (check.returncode, check.stdout.splitlines()[-1]) == (1, "closed")


def test_a_reader_that_goes_before_the_end_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# q\na\n", encoding="utf-8")
    command = [sys.executable, str(ROOT / "build.py"), "cards", "--notes", str(tmp_path)]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)

    assert done.returncode != 0
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the first user's notes are not here")
def test_the_first_users_notes_build_as_they_are(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "common-questions.md").write_bytes((SEEDS / "common-questions.md").read_bytes())
    command = [sys.executable, str(ROOT / "build.py"), "--notes", str(notes), "--output", str(tmp_path / "out")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert result.returncode == 0, result.stderr
    assert "46 headings" in result.stdout
    assert "24 open questions" in result.stdout
    page = (tmp_path / "out" / "preview.html").read_text(encoding="utf-8")
    assert re.findall(r"<a\b[^>]*>\s*</a>", page) == []


@pytest.mark.skipif(AS_ROOT, reason="the administrator may write anywhere")
def test_an_output_folder_that_cant_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)

    assert run("--only", "deck").exit_code == 3
