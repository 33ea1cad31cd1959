"""Notes that are small and want much of the sheet: they are printed, or a box is in their place; all else is there."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from cribdeck.diagnostics import Code, Place
from cribdeck.sheet import Press, Sheet, build_sheet
from cribdeck.sheet.workers import Failure, Limits, Worker
from tests.hostile.test_bombs import BOMBS, large_png, text_bomb_png
from tests.hostile.world import ROOT
from tests.sheet.conftest import edition_of

SECONDS = 300
"""Some thirty seconds of CPU time; more than a machine that is busy with ten other things takes."""
PRINTED = {
    "word": "x" * 200_000,
    "path": "a.b,/" * 10_000,
    "joined": "字\u2060" * 20_000,
    "blanks that do not break": "a\u00a0" * 20_000,
    "accents": "a" + "\u0301" * 50_000,
    "arabic": "م" * 50_000,
    "code": "```\n" + "x" * 50_000 + "\n```",
    "heading": "## " + "h" * 20_000 + "\n\nanswer",
    "cell": f"|a|b|\n|-|-|\n|{'x' * 20_000}|y|",
    "footnotes": "x[^1]" * 5_000 + "\n\n[^1]: note",
    "brackets": "[" * 20_000 + "](x)" * 20_000,
    "quotes": "> " * 20_000 + "x",
    "quotes in lists": "> - " * 5_000 + "x",
    "lists": "".join(f"{'  ' * (at % 500)}- {at}\n" for at in range(1_000)),
    "empty blocks": "<pre></pre>\n" * 10_000,
    "levels": "<div>" * 20_000 + "x" + "</div>" * 20_000,
    "open tags": "<b><i><font color=red>" * 33_000,
    "details": "<details><summary>q</summary>\n" * 1_000 + "x",
    "spans": "<table><tr><td colspan=65534 rowspan=65534>x</td><td>y</td></tr></table>",
    "many spans": "<table>" + "<tr><td colspan=1000>x</td><td>y</td></tr>" * 200 + "</table>",
    "columns": BOMBS["a table of 5,000 columns"].note,
    "pixels": "![](400-megapixels.png)",
    "comment": "![](comment.png)",
}


def test_bombs_are_printed_within_the_time_and_no_section_is_missing(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "400-megapixels.png").write_bytes(large_png(20_000))
    (notes / "comment.png").write_bytes(text_bomb_png())
    for name, text in PRINTED.items():
        note = f"# Ask {name}\n\n{text}\n\n# After {name}\n\n{token(name)}\n"
        (notes / f"{name}.md").write_text(note, encoding="utf-8")
    command = [sys.executable, str(ROOT / "build.py"), "--only", "sheet", "--notes", "notes", "--output", "out"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=tmp_path)
    told = [line for line in done.stderr.splitlines() if "unprintable-section" in line]

    assert (done.returncode, done.stderr.count("Traceback"), told) == (0, 0, []), done.stderr[-300:]
    text = words_of(tmp_path / "out" / "sheet.pdf")
    assert [name for name in PRINTED if token(name) not in text] == []


def token(name: str) -> str:
    return "still" + name.replace(" ", "").replace("-", "")


def words_of(pdf: Path) -> str:
    # Not poppler, which takes words for one where a heap of accents lies over them.
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.skipif(sys.platform != "linux", reason="time and memory are limited by Linux's means")
@pytest.mark.parametrize(
    ("bomb", "limits", "why"),
    [
        ("".join(f"[l{at}](https://example.org/{at})\n" for at in range(10_000)), Limits(2, 0), "longer than 2 s"),
        ("[[gone]] " * 20_000, Limits(2, 0), "longer than 2 s"),
        (
            "|a" * 50 + "|\n" + "|-" * 50 + "|\n" + ("|x" * 50 + "|\n") * 500,
            Limits(memory=1_000 << 20),
            "out of memory",
        ),
    ],
    ids=["links", "references", "table"],
)
def test_a_bomb_that_takes_more_than_its_limits_is_left_out_and_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, bomb: str, limits: Limits, why: str
) -> None:
    failures: list[Failure] = []
    do = Worker.do

    def watched(worker: Worker, job: dict[str, object]) -> Failure | None:
        failure = do(worker, job)
        failures.extend([failure] if failure else [])
        return failure

    monkeypatch.setattr(Worker, "do", watched)
    (tmp_path / "notes").mkdir()
    text = f"# Before\n\nstillbefore\n\n# Bomb\n\n{bomb}\n\n# After\n\nstillafter\n"

    first = printed(tmp_path, text, limits)
    tried = len(failures)
    later = printed(tmp_path, text.replace("stillafter", "stillthere"), limits)

    told = [each for each in first.diagnostics if each.code is Code.UNPRINTABLE_SECTION]
    assert [each.place for each in told] == [Place("bomb.md", 7)]
    # A library of C may end the process where it gets no memory.
    assert why in told[0].message or ("memory" in why and "the renderer died" in told[0].message)
    said = words_of(tmp_path / "sheet.pdf")
    assert [word in said for word in ("stillbefore", "bomb.md:7", "stillthere", "example.org")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [each for each in later.diagnostics if each.code is Code.UNPRINTABLE_SECTION] == told
    assert (tried, len(failures)) == (1, 1)


def printed(folder: Path, text: str, limits: Limits) -> Sheet:
    """The sheet of one note by new processes, with what was kept of earlier ones."""
    (folder / "notes" / "bomb.md").write_text(text, encoding="utf-8")
    with Press(work=folder / "work", limits=limits) as press:
        sheet = build_sheet(edition_of(folder / "notes"), work=folder / "work", press=press)
    (folder / "sheet.pdf").write_bytes(sheet.pdf)
    return sheet


ENDLESS = """
import os, sys
sys.argv[1:] = []
from cribdeck.sheet import typesetting, worker
def print_chapter(typesetter, folder, job):
    (folder / "pid").write_text(str(os.getpid()))
    while True:
        pass
typesetting.print_chapter = print_chapter
sys.exit(worker.run())
"""
PRINTING = f"""
import sys
from collections.abc import Callable
from pathlib import Path
from cribdeck.sheet import workers
workers.COMMAND = (sys.executable, "-c", {ENDLESS!r})
folder = Path(sys.argv[1])
job = {{"task": "chapter", "folder": str(folder), "seconds": 600, "memory": 8 << 30}}
workers.Workers(folder / "a", folder / "b").do([job])
"""


@pytest.mark.skipif(os.name != "posix", reason="elsewhere no process knows that its parent is gone")
def test_a_process_that_prints_ends_when_the_build_is_killed(tmp_path: Path) -> None:
    build = subprocess.Popen([sys.executable, "-c", PRINTING, str(tmp_path)], cwd=ROOT)
    pid = tmp_path / "pid"
    wait_for(lambda: pid.exists() and pid.read_text(encoding="ascii") != "")
    build.kill()
    build.wait()

    wait_for(lambda: not is_running(int(pid.read_text(encoding="ascii"))))


def wait_for(what: Callable[[], bool]) -> None:
    started = time.monotonic()
    while not what():
        assert time.monotonic() - started < 60
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that is dead and not buried is none."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
