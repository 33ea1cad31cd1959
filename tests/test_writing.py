"""Outputs are the old ones or the new ones, whatever happens while they are written."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from cribdeck.errors import OutputBusy, OutputUnwritable
from cribdeck.locking import locked
from cribdeck.transaction import JOURNAL, finish, write_together
from cribdeck.writing import write_atomically

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def test_writing_the_same_bytes_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "out" / "deck.apkg"

    assert write_atomically(path, b"one")
    before = path.stat().st_ino
    assert not write_atomically(path, b"one")
    assert path.stat().st_ino == before
    assert write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [found.name for found in path.parent.iterdir()] == ["deck.apkg"]


@pytest.mark.skipif(AS_ROOT, reason="the administrator may write anywhere")
def test_a_folder_that_cant_be_written_is_an_error_and_nothing_is_touched(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputUnwritable):
            write_atomically(tmp_path / "a", b"new")
        assert (tmp_path / "a").read_bytes() == b"old"
    finally:
        tmp_path.chmod(0o700)


def test_an_output_whose_folder_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")

    with pytest.raises(OutputUnwritable):
        write_atomically(tmp_path / "out" / "deck.apkg", b"")


def test_two_builds_of_one_folder_are_kept_apart(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(OutputBusy), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_two_builds_of_one_ledger_are_kept_apart(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with locked(tmp_path / "a", notes), pytest.raises(OutputBusy, match="notes"), locked(tmp_path / "b", notes):
        pass
    with locked(tmp_path / "b", notes):
        pass


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Died(BaseException):
    """The machine died: nothing of ours runs any more."""


def die(monkeypatch: pytest.MonkeyPatch, contents: Mapping[Path, bytes], output: Path, *, after: int) -> None:
    """Write files together and die after so many renames. Nothing cleans up, as after a power cut."""
    replace, done = Path.replace, [0]

    def dying(self: Path, target: Path) -> Path:
        done[0] += 1
        if done[0] > after:
            raise Died
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dying)
        patch.setattr("cribdeck.transaction.remove", lambda _: None)
        with pytest.raises(Died):
            write_together(contents, output=output)


@pytest.mark.parametrize("renamed", [1, 2, 3])
def test_the_next_build_finishes_what_a_dying_one_began_to_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: int
) -> None:
    (tmp_path / "notes").mkdir()
    contents = {
        tmp_path / "notes" / "ledger": b"new",
        tmp_path / "out" / "deck": b"new",
        tmp_path / "out" / "x": b"new",
    }
    write_together(dict.fromkeys(contents, b"old"), output=tmp_path / "out")
    die(monkeypatch, contents, tmp_path / "out", after=renamed)
    assert len({path.read_bytes() for path in contents}) == (1 if renamed == 1 else 2)

    finish(tmp_path / "out", tmp_path / "notes" / "ledger")

    assert files(tmp_path) == {"notes/ledger": b"new", "out/deck": b"new", "out/x": b"new"}


def test_what_the_user_has_changed_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {tmp_path / "ledger": b"new", tmp_path / "out" / "deck": b"new", tmp_path / "out" / "x": b"new"}
    write_together(dict.fromkeys(contents, b"old"), output=tmp_path / "out")
    die(monkeypatch, contents, tmp_path / "out", after=1)
    (tmp_path / "ledger").write_bytes(b"of another branch")

    finish(tmp_path / "out", tmp_path / "ledger")

    assert files(tmp_path) == {"ledger": b"of another branch", "out/deck": b"old", "out/x": b"old"}


def test_a_journal_from_elsewhere_moves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("out", "theirs"):
        (tmp_path / name).mkdir()
    contents = {tmp_path / "theirs" / "a": b"new", tmp_path / "theirs" / "b": b"new"}
    write_together(dict.fromkeys(contents, b"old"), output=tmp_path / "out")
    die(monkeypatch, contents, tmp_path / "out", after=1)

    finish(tmp_path / "out")

    assert {path.read_bytes() for path in contents} == {b"old"}
    assert files(tmp_path / "out") == {}


@pytest.mark.parametrize("journal", [b"", b"{", b'{"steps": "[]", "digest": "0"}', b"[]", b'{"steps": 1, "digest": 1}'])
def test_a_journal_that_cant_be_trusted_is_dropped(tmp_path: Path, journal: bytes) -> None:
    (tmp_path / JOURNAL).write_bytes(journal)
    (tmp_path / "deck").write_bytes(b"old")

    finish(tmp_path)

    assert files(tmp_path) == {"deck": b"old"}


def test_an_error_while_renaming_puts_the_old_files_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_together({tmp_path / "ledger": b"old", tmp_path / "deck": b"old"}, output=tmp_path)
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "sheet":
            raise OSError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    contents = {
        tmp_path / "ledger": b"new",
        tmp_path / "new": b"new",
        tmp_path / "deck": b"new",
        tmp_path / "sheet": b"",
    }

    with pytest.raises(OutputUnwritable):
        write_together(contents, output=tmp_path)

    assert files(tmp_path) == {"ledger": b"old", "deck": b"old"}


def test_what_a_killed_build_left_lying_about_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    for name in (".deck.apkg.abc.tmp", ".cache/.last.json.x.tmp", "mine.tmp", ".mine"):
        (tmp_path / name).write_bytes(b"half")

    finish(tmp_path)

    assert sorted(files(tmp_path)) == [".mine", "mine.tmp"]
