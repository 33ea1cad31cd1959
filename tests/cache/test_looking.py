"""Commands that only look know what builds have left, say the same as without it, and leave it as it is."""

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cribdeck.cache.store import Store
from cribdeck.cli import main
from cribdeck.diagnostics import Diagnostic
from cribdeck.files import RawNote, decode_note
from cribdeck.model import SourceFile
from cribdeck.pipeline import Options, build

KEY = b"k" * 16


@pytest.fixture
def options(tmp_path: Path) -> Options:
    options = Options(tmp_path / "notes", tmp_path / "out", only=frozenset({"deck"}))
    options.notes.mkdir()
    (options.notes / "a.md").write_text("# 什么是水印？\n\n![](gone.png)\n\n时间戳，见 [[b#q]]。\n", encoding="utf-8")
    (options.notes / "b.md").write_text("# q\n\na\n\n# 待答\n", encoding="utf-8")
    build(options, now=1)
    with (options.notes / "b.md").open("a", encoding="utf-8") as stream:
        stream.write("\n# new\n\nanswer\n")
    return options


def said(options: Options, *command: str) -> str:
    folders = ["--notes", str(options.notes), "--output", str(options.output)]
    return CliRunner().invoke(main, [*command, *folders]).output


def left(options: Options) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file."""
    files = [path for path in options.output.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.mark.parametrize("command", ["check", "plan", "cards", "stats"])
def test_what_is_known_changes_nothing_in_what_is_said_and_stays(options: Options, command: str) -> None:
    before = left(options)
    known = said(options, command)
    after = left(options)
    shutil.rmtree(options.output / ".cache")

    assert known == said(options, command)
    assert after == before
    assert not (options.output / ".cache").exists()


def test_only_notes_that_changed_are_parsed(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []

    def noted(note: RawNote) -> SourceFile | Diagnostic:
        parsed.append(note.path)
        return decode_note(note)

    monkeypatch.setattr("cribdeck.pipeline.harvest.decode_note", noted)
    for command in ("check", "plan"):
        said(options, command)

    assert parsed == ["b.md", "b.md"]


def test_a_store_that_is_only_looked_at_is_never_changed(tmp_path: Path) -> None:
    path = tmp_path / "ä %?" / "notes.sqlite"
    with Store(path, is_read_only=True) as store:
        store.put({KEY: b"new"})
        assert store.get([KEY]) == {}
    assert not path.parent.exists()

    with Store(path) as store:
        store.put({KEY: b"kept"})
    before = path.read_bytes()
    with Store(path, is_read_only=True) as store:
        store.put({KEY: b"new"})
        assert {key: bytes(data) for key, data in store.get([KEY]).items()} == {KEY: b"kept"}
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(9_000)])
def test_a_broken_store_that_is_only_looked_at_is_left_to_the_next_build(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_bytes(content)
    os.utime(path, (1, 1))
    with Store(path, is_read_only=True) as store:
        assert store.get([KEY]) == {}

    assert (path.read_bytes(), path.stat().st_mtime) == (content, 1)
