"""Builds that others disturb: another build, an editor, a checkout, a disk that goes away, a clock that jumps back."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from cribdeck.errors import CribdeckError, NotesFolderMissing, OutputUnwritable, TooManyRetired
from cribdeck.ledger import read_ledger
from cribdeck.pipeline import Options, build
from cribdeck.pipeline.making import plan
from tests.faults.injector import Fault, run
from tests.faults.test_faults import state

ROOT = Path(__file__).parent.parent.parent
DAY = 86_400
FIRST = 1_700_000_000
NOTE = "# What is a watermark?\nA time.\n# A vs B\n## size\nA: large\nB: small\n# Which window?\nTumbling.\n"


@pytest.fixture
def options(tmp_path: Path) -> Options:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name in ("a.md", "b.md", "c.md"):
        (notes / name).write_text(NOTE.replace("# ", f"# {name} "), encoding="utf-8")
    return Options(notes, tmp_path / "out", only=frozenset({"deck", "preview"}))


def guids(options: Options) -> dict[str, bool]:
    """Every card of the ledger by its guid, and whether it is live."""
    ledger = read_ledger(options.ledger)
    assert ledger is not None
    return {guid: not entry.retired for guid, entry in ledger.entries.items()}


def start(options: Options, output: str = "out") -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "build.py"), "--only", "deck", "--notes", str(options.notes)]
    where = ["--output", str(options.output.parent / output)]
    return subprocess.Popen([*command, *where], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("outputs", [("out", "out", "out", "out"), ("out", "other", "third", "out")])
def test_builds_at_once_leave_one_ledger_and_say_who_was_in_the_way(options: Options, outputs: tuple[str, ...]) -> None:
    processes = [start(options, output) for output in outputs]
    told = [(process.communicate(timeout=120)[1], process.returncode) for process in processes]

    assert {code for _, code in told} <= {0, 3}
    assert [text for text, code in told if code == 3 and "another build is writing" not in text] == []
    assert any(code == 0 for _, code in told)
    build(options, now=FIRST)
    salts = len(guids(options))
    late = start(options, "late")
    late.communicate(timeout=120)
    assert late.returncode == 0
    assert len(guids(options)) == salts
    assert all(guids(options).values())


def test_a_note_that_vanishes_while_it_is_read_keeps_its_cards(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a checkout of another branch: the file was listed, and is gone when its turn comes."""
    build(options, now=FIRST)
    before = guids(options)
    listing = Path.open

    def vanishing(self: Path, *arguments: object, **more: object) -> object:
        if self.name == "b.md":
            raise FileNotFoundError(2, "No such file or directory", str(self))
        return listing(self, *arguments, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", vanishing)
        report = build(options, now=FIRST + DAY)

    assert [str(found.code) for found in report.diagnostics if found.place.file == "b.md"] == ["unreadable-file"]
    assert guids(options) == before
    build(options, now=FIRST + 2 * DAY)
    assert guids(options) == before


def test_a_note_that_is_half_saved_comes_back_with_its_guids(options: Options) -> None:
    build(options, now=FIRST)
    before = guids(options)
    whole = (options.notes / "b.md").read_bytes()
    for half in (b"", whole[: len(whole) // 2]):
        (options.notes / "b.md").write_bytes(half)
        build(options, now=FIRST + DAY)
        (options.notes / "b.md").write_bytes(whole)
        build(options, now=FIRST + 2 * DAY)
        assert guids(options) == before


def test_a_folder_that_vanishes_midway_stops_the_build_and_is_not_made_again(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(options, now=FIRST)
    outputs = {path.name: path.read_bytes() for path in options.output.glob("[!.]*")}
    from cribdeck.pipeline import making

    make = making.make

    def pulling_the_plug(*arguments: object, **more: object) -> object:
        shutil.rmtree(options.notes)
        return make(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "make", pulling_the_plug)
    (options.notes / "a.md").write_text("# new\nyes\n", encoding="utf-8")

    with pytest.raises(CribdeckError) as caught:
        build(options, now=FIRST + DAY)

    assert isinstance(caught.value, NotesFolderMissing | OutputUnwritable)
    assert not options.notes.exists()
    assert {path.name: path.read_bytes() for path in options.output.glob("[!.]*")} == outputs


def test_a_clock_that_jumps_back_a_day_makes_no_card_older(options: Options) -> None:
    """Anki takes a note only if it is newer than the one that it has."""
    build(options, now=FIRST)
    (options.notes / "a.md").write_text(NOTE.replace("A time.", "A time that moves."), encoding="utf-8")
    build(options, now=FIRST + DAY)
    then = read_ledger(options.ledger)
    (options.notes / "a.md").write_text(NOTE.replace("A time.", "A time that moves on."), encoding="utf-8")
    build(options, now=FIRST)

    now = read_ledger(options.ledger)
    assert then is not None
    assert now is not None
    moved = {guid for guid, entry in now.entries.items() if entry.mod != then.entries[guid].mod}
    assert len(moved) == 1
    assert all(entry.mod >= then.entries[guid].mod for guid, entry in now.entries.items())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the injector needs fork and /proc")
def test_a_folder_that_may_only_be_read_is_looked_at_and_a_build_says_why_not(options: Options, tmp_path: Path) -> None:
    # The administrator may write whatever the folder's mode says; so each act that would is refused instead.
    build(options, now=FIRST)
    before = state(tmp_path)
    (options.notes / "a.md").write_text("# new\nyes\n", encoding="utf-8")
    refused = Fault(0, "EACCES+")

    assert run(lambda: plan(options, now=FIRST + DAY), tmp_path, refused).end == "well"
    ended = run(lambda: build(options, now=FIRST + DAY), tmp_path, refused).end
    assert ended.startswith("error: ")
    assert "Permission denied" in ended
    assert state(tmp_path) == before


def test_builds_during_checkouts_of_another_branch_leave_every_card_as_it_was(options: Options) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "core.hooksPath=/dev/null"]
        subprocess.run(["git", *who, *arguments], cwd=options.notes, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "all")
    git("checkout", "-q", "-b", "other")
    (options.notes / "b.md").unlink()
    (options.notes / "a.md").write_text("# Another question?\nYes.\n", encoding="utf-8")
    (options.notes / "d.md").write_text(NOTE, encoding="utf-8")
    git("add", "-A")
    git("commit", "-q", "-m", "other")
    git("checkout", "-q", "main")
    build(options, now=FIRST)
    before = guids(options)
    over = options.output.parent / "over"
    loop = 'while [ ! -e "$0" ]; do git checkout -q other && git checkout -q main || exit; done'
    checkouts = subprocess.Popen(["sh", "-c", loop, str(over)], cwd=options.notes)
    stopped: list[CribdeckError] = []
    for number in range(1, 21):
        try:
            build(options, now=FIRST + number)
        except CribdeckError as error:
            stopped.append(error)
    over.touch()
    assert checkouts.wait() == 0
    # The last one may have seen the other branch, or both at once.
    build(msgspec.structs.replace(options, allow_retire=True), now=FIRST + DAY)

    assert [error for error in stopped if not isinstance(error, TooManyRetired)] == []
    after = guids(options)
    assert {guid for guid, is_live in after.items() if is_live} == before.keys()


def test_line_ends_of_windows_change_nothing(options: Options, tmp_path: Path) -> None:
    build(options, now=FIRST)
    before = state(tmp_path)
    for path in options.notes.glob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    # git changes the ledger's line ends as well, where it is told to.
    options.ledger.write_bytes(options.ledger.read_bytes().replace(b"\n", b"\r\n"))
    build(options, now=FIRST + DAY)

    assert {name: data.replace(b"\r\n", b"\n") for name, data in state(tmp_path).items() if name != "preview.html"} == {
        name: data for name, data in before.items() if name != "preview.html"
    }


def test_a_file_renamed_in_case_only_keeps_its_guids(options: Options) -> None:
    """What a case-insensitive file system makes of `a.md` → `A.md`, and of a picture's name in another case."""
    (options.notes / "Pic.PNG").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    (options.notes / "a.md").write_text(NOTE + "# pictures\n![](pic.png)\n", encoding="utf-8")
    first = build(options, now=FIRST)
    before = guids(options)
    (options.notes / "a.md").rename(options.notes / "A.MD")
    report = build(options, now=FIRST + DAY)

    assert [found for found in (*first.diagnostics, *report.diagnostics) if str(found.code) == "missing-image"] == []
    assert guids(options) == before
