"""How long a build takes that has been made before: nothing changed, one note changed, and while it is watched.

Usage: python bench/rebuild.py [--notes FOLDER] [--vault SECTIONS] [--watch FOLDER] [--small FOLDER] [--runs N]

`--notes`  a folder of notes, `--vault` made-up ones (`vaults.py`): the deck from nothing, again with nothing changed,
           again after a sentence, and after a question, was added to one note. Each is a whole process; the floor is
           the one that only starts the interpreter, reads the options and prints the help.
`--watch`  a folder that is watched: seconds from a save to the page, the deck and the sheet on the disk.
`--small`  a folder of few notes: the commands that only look at them.

Figures are medians; CPU seconds are those of all processes. The fastest run is given as well, for on a busy machine
it says most of an idle one.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from speed import Run, machine, run, table  # noqa: E402
from vaults import Vault  # noqa: E402

from cribdeck.files import find_notes  # noqa: E402

BUILD = (sys.executable, ROOT / "build.py")
WATCHED = ("preview.html", "deck.apkg", "sheet.pdf")
PATIENCE = 120.0


class Rebuilt:
    """A copy of some notes that is built again and again."""

    def __init__(self, work: Path) -> None:
        self.notes, self._output = work / "notes", work / "output"
        self._count = 0

    def cold(self) -> Run:
        """Nothing is there but the notes."""
        shutil.rmtree(self._output, ignore_errors=True)
        (self.notes / "ledger.jsonl").unlink(missing_ok=True)
        return self.again()

    def again(self) -> Run:
        return run((*BUILD, "--only", "deck", "--notes", self.notes, "--output", self._output))

    def changed(self) -> Run:
        """A sentence is added to the note in the middle."""
        self.edit()
        return self.again()

    def added(self) -> Run:
        """A question is added to the same note: all questions are compared anew, and the cards behind it move on."""
        self.edit("\n# A question that was added for the {}th time?\n\nAnd its answer.\n")
        return self.again()

    def edit(self, text: str = "\nA sentence that was added for the {}th time.\n") -> None:
        paths = find_notes(self.notes)
        self._count += 1
        with (self.notes / paths[len(paths) // 2]).open("a", encoding="utf-8") as stream:
            stream.write(text.format(self._count))


def helped() -> Run:
    return run((*BUILD, "--help"))


def shown(name: str, runs: list[Run], cold: Run) -> tuple[str, ...]:
    wall, cpu = (statistics.median(getattr(one, field) for one in runs) for field in ("wall", "cpu"))
    fastest = min(one.wall for one in runs)
    return name, f"{wall:.2f} s", f"{fastest:.2f} s", f"{cpu:.2f} s", f"1/{cold.cpu / cpu:.0f}"


def rebuilds(rebuilt: Rebuilt, times: int) -> None:
    """From nothing once or more, then the same notes again, in turn with changed ones."""
    colds = [rebuilt.cold() for _ in range(max(1, times // 3))]
    cold = min(colds, key=lambda one: one.cpu)
    rebuilt.changed()
    runs = [(rebuilt.changed(), rebuilt.added(), rebuilt.again(), helped()) for _ in range(times)]
    names = ("one note changed", "one question added", "nothing changed", "only --help")
    rows = [("from nothing", colds), *zip(names, (list(some) for some in zip(*runs, strict=True)), strict=True)]
    table(("deck", "median", "fastest", "CPU", "CPU of a cold build"), (shown(*row, cold) for row in rows))


def watched(folder: Path, times: int) -> None:
    """Seconds from a save to each output, as the disk shows it."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(folder, work / "notes")
        rebuilt = Rebuilt(work)
        command = [*map(str, BUILD), "watch", "--notes", str(rebuilt.notes), "--output", str(work / "output")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        assert process.stdout
        try:
            process.stdout.readline()
            rounds = [_round(rebuilt, work / "output", process.stdout.readline) for _ in range(times)]
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate()
    rows = []
    for at, output in enumerate(WATCHED):
        seconds = [found[at] for found in rounds]
        rows.append((output, f"{statistics.median(seconds):.2f} s", f"{min(seconds):.2f} s"))
    table(("save → on the disk", "median", "fastest"), rows)


def _round(rebuilt: Rebuilt, output: Path, readline: Callable[[], bytes]) -> list[float]:
    """One save, and when each output was replaced."""
    time.sleep(0.3)
    before = {name: _stamp(output / name) for name in WATCHED}
    seconds: dict[str, float] = {}
    rebuilt.edit()
    started = time.monotonic()
    while len(seconds) < len(WATCHED):
        assert time.monotonic() - started < PATIENCE, "nothing was built"
        for name in before.keys() - seconds.keys():
            if _stamp(output / name) != before[name]:
                seconds[name] = time.monotonic() - started
        time.sleep(0.002)
    readline()
    return [seconds[name] for name in WATCHED]


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def looked(folder: Path, times: int) -> None:
    """The commands that write nothing."""
    with tempfile.TemporaryDirectory() as name:
        notes = Path(name) / "notes"
        shutil.copytree(folder, notes)

        def rows() -> Iterator[tuple[str, ...]]:
            for command in (["--help"], ["check"], ["cards"]):
                place = [] if command == ["--help"] else ["--notes", notes, "--output", Path(name) / "output"]
                runs = [run((*BUILD, *command, *place)) for _ in range(times)]
                yield shown(" ".join(command), runs, runs[0])[:4]

        table(("command", "median", "fastest", "CPU"), rows())


def main() -> None:
    parser = argparse.ArgumentParser(description="Time builds that were made before.")
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--vault", type=int, default=0)
    parser.add_argument("--watch", type=Path)
    parser.add_argument("--small", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    print(machine())
    for source in (given.notes, given.vault):
        if source:
            with tempfile.TemporaryDirectory() as name:
                rebuilt = Rebuilt(Path(name))
                if source == given.notes:
                    ignored = shutil.ignore_patterns(".git", "ledger.jsonl")
                    shutil.copytree(given.notes, rebuilt.notes, ignore=ignored)
                else:
                    Vault(1).write(rebuilt.notes, given.vault)
                rebuilds(rebuilt, given.runs)
    if given.watch:
        watched(given.watch, given.runs)
    if given.small:
        looked(given.small, given.runs)


if __name__ == "__main__":
    main()
