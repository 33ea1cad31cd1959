"""Watching: one line a rebuild, whatever editors and notes do, and a clean end."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest

from cribdeck.pipeline import Options
from cribdeck.watching import changes, snapshot

ROOT = Path(__file__).parent.parent
NOTE = "# 什么是水印？\n\n时间戳。\n"
PATIENCE = 60.0

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no Ctrl-C to be sent there")


@dataclass
class Watcher:
    """`watch` in a process of its own, and what it said."""

    folder: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def wait(self, is_met: Callable[[], bool]) -> None:
        """Wait for something to come about."""
        end = time.monotonic() + PATIENCE
        while not is_met():
            assert time.monotonic() < end, (self.lines, self.errors)
            time.sleep(0.02)

    def rebuilt(self, change: Callable[[], object]) -> str:
        """The line of the rebuild that a change brings about."""
        before = len(self.lines)
        change()
        self.wait(lambda: len(self.lines) > before)
        return self.lines[-1]

    def stop(self, sign: signal.Signals) -> int:
        """Stop it as a terminal does: the sign goes to all of its processes."""
        os.killpg(self.process.pid, sign)
        return self.process.wait(PATIENCE)

    @property
    def page(self) -> str:
        return (self.folder / "out" / "preview.html").read_text(encoding="utf-8")


def listen(process: subprocess.Popen[str], lines: list[str], errors: list[str]) -> list[Thread]:
    assert process.stdout
    assert process.stderr
    threads = []
    for stream, kept in ((process.stdout, lines), (process.stderr, errors)):
        threads.append(Thread(target=kept.extend, args=(stream,), daemon=True))
        threads[-1].start()
    return threads


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """What is started listens to Ctrl-C, also where these tests run in a shell's background, which makes deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Watcher]:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "笔记.md").write_text(NOTE, encoding="utf-8")
    only = ["--only", "deck", "--only", "preview"]
    command = [sys.executable, str(ROOT / "build.py"), "watch", "--notes", "notes", "--output", "out", *only]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    watcher = Watcher(tmp_path, process)
    threads = listen(process, watcher.lines, watcher.errors)
    try:
        watcher.wait(lambda: bool(watcher.lines))
        yield watcher
    finally:
        process.kill()
        process.wait()
        for thread in threads:
            thread.join()
        for stream in filter(None, (process.stdout, process.stderr)):
            stream.close()


def test_it_builds_at_once_and_after_each_save_in_one_line(watcher: Watcher) -> None:
    note = watcher.folder / "notes" / "笔记.md"
    line = watcher.rebuilt(lambda: note.write_text(NOTE + "\n# 窗口\n\n一段。\n", encoding="utf-8"))

    assert [one.split("  ")[1] for one in watcher.lines] == ["1 new, 0 updated, 0 gone", "1 new, 0 updated, 0 gone"]
    assert line.split()[-1] == "s"
    assert "一段" in watcher.page
    assert zipfile.is_zipfile(watcher.folder / "out" / "deck.apkg")


def test_a_save_by_renaming_is_seen(watcher: Watcher) -> None:
    note = watcher.folder / "notes" / "笔记.md"

    def save() -> None:
        (note.parent / ".笔记.md.swp").write_text(NOTE.replace("时间戳", "标记"), encoding="utf-8")
        (note.parent / ".笔记.md.swp").replace(note)

    assert "0 new, 1 updated" in watcher.rebuilt(save)
    assert "标记" in watcher.page


def test_a_burst_of_saves_is_one_rebuild_of_the_last(watcher: Watcher) -> None:
    note = watcher.folder / "notes" / "笔记.md"

    def save() -> None:
        for number in range(30):
            note.write_text(f"{NOTE}\n# 窗口\n\n第{number}次。\n", encoding="utf-8")

    watcher.rebuilt(save)
    watcher.wait(lambda: "第29次" in watcher.page)
    time.sleep(0.3)

    assert len(watcher.lines) <= 3


def test_what_is_wrong_in_the_notes_is_told_and_shown_and_the_next_save_mends_it(watcher: Watcher) -> None:
    notes = watcher.folder / "notes"
    watcher.rebuilt(lambda: (notes / "bad.md").write_bytes(b"# q\n\xff\xff\xff\n"))
    assert "undecodable-file" in watcher.page
    assert any("[undecodable-file]" in line for line in watcher.errors)

    (notes / "deck.toml").write_text("nonsense", encoding="utf-8")
    watcher.wait(lambda: any("is no TOML" in line for line in watcher.errors))
    (notes / "deck.toml").unlink()

    watcher.rebuilt(lambda: (notes / "bad.md").write_text("# q\n\na\n", encoding="utf-8"))
    watcher.wait(lambda: "undecodable-file" not in watcher.page)
    assert "Traceback" not in "".join(watcher.errors)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "termination"])
def test_it_stops_without_a_trace(watcher: Watcher, sign: signal.Signals) -> None:
    assert watcher.stop(sign) == 0

    watcher.wait(lambda: watcher.errors[-1:] == ["stopped\n"])
    assert "Traceback" not in "".join(watcher.errors)
    left = [path.name for folder in ("notes", "out") for path in (watcher.folder / folder).rglob("*")]
    assert not [name for name in left if name.endswith(".tmp") or name == ".unfinished"]
    with pytest.raises(ProcessLookupError):
        os.killpg(watcher.process.pid, 0)


def test_stopped_in_the_middle_of_a_build_it_leaves_whole_files(watcher: Watcher) -> None:
    deck = (watcher.folder / "out" / "deck.apkg").read_bytes()
    for number in range(300):
        (watcher.folder / "notes" / f"{number}.md").write_text(f"# q{number}\n\n{NOTE}", encoding="utf-8")
    time.sleep(0.25)

    assert watcher.stop(signal.SIGINT) == 0
    assert zipfile.is_zipfile(watcher.folder / "out" / "deck.apkg")
    assert deck
    assert "Traceback" not in "".join(watcher.errors)
    assert not list((watcher.folder / "out").rglob("*.tmp"))


def test_what_a_build_writes_itself_is_no_change(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text(NOTE, encoding="utf-8")
    options = Options(notes, notes / "out")
    before = snapshot(options)
    (notes / "ledger.jsonl").write_bytes(b"x")
    (notes / ".ledger.jsonl.1.tmp").write_bytes(b"x")
    (notes / "out").mkdir()
    (notes / "out" / "deck.apkg").write_bytes(b"x")

    assert snapshot(options) == before
    (notes / "b.png").write_bytes(b"x")
    assert snapshot(options) != before


def test_it_begins_with_a_build(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(NOTE, encoding="utf-8")

    assert next(changes(Options(tmp_path, tmp_path / "out"))) is None
