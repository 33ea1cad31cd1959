"""How long a deck takes from a cold start, beside what others take and what it can't be done without.

Usage: python bench/speed.py [--notes FOLDER] [--peer COMMAND] [--vaults N,N,…] [--package N,N,…] [--runs N]

`--notes`    a folder of notes: the deck, built with no cache and no ledger, as a whole process; how long markdown-it-py
             alone takes to parse the same files on one core; how long the peer takes (`--peer`, the command
             `mdankideck` of markdown-anki-decks in an environment of its own).
`--vaults`   made-up notes (`vaults.py`) of so many headings, the same way.
`--package`  the package alone for so many notes, as rendered from a vault; beside it SQLite and zip plainly used.

What is compared is run in turn, so that a busy machine slows all of it down alike; figures are medians. CPU seconds
are those of all processes, memory is the largest process's.
"""

import argparse
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from vaults import Vault  # noqa: E402

from cribdeck.deck import Deck, Note, write_package  # noqa: E402
from cribdeck.deck.note_types import NOTE_TYPES, styles_of  # noqa: E402
from cribdeck.deck.reading import read_package  # noqa: E402
from cribdeck.files import decode, find_notes  # noqa: E402
from cribdeck.ledger import Entry, Ledger, Style  # noqa: E402
from cribdeck.model import CardKind  # noqa: E402
from cribdeck.rendering import Templates  # noqa: E402

NOW = 1_700_000_000
PARSE = """
import sys, time
from markdown_it import MarkdownIt
texts = sys.stdin.buffer.read().decode("utf-8").split("\\0")
md = MarkdownIt()
started, cpu = time.perf_counter(), time.process_time()
for text in texts:
    md.parse(text)
print(time.perf_counter() - started, time.process_time() - cpu)
"""


class Run(NamedTuple):
    """What a process took: seconds by the clock, seconds of all cores, bytes."""

    wall: float
    cpu: float
    memory: int


def run(command: Sequence[str | Path]) -> Run:
    """Run a command to its end; it must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1: there are headings without an answer, pictures that are missing.
    assert process.returncode in (0, 1), said.decode("utf-8", "replace")[-2000:]
    return Run(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def median(runs: Iterable[Run]) -> Run:
    walls, cpus, memories = zip(*runs, strict=True)
    return Run(statistics.median(walls), statistics.median(cpus), max(memories))


class Notes:
    """A folder of notes, copied so that nothing is written into the user's."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.copy, self._work = work / "notes", work
        shutil.copytree(folder, self.copy, ignore=shutil.ignore_patterns(".git", "ledger.jsonl"))
        found = (decode((self.copy / path).read_bytes()) for path in find_notes(self.copy))
        self.texts = [text for text in found if isinstance(text, str)]
        # The peer stops at front matter that is no YAML: a comment before it spares it that.
        self._plain = work / "plain"
        shutil.copytree(self.copy, self._plain)
        for path in find_notes(self._plain):
            (self._plain / path).write_bytes(b"<!-- -->\n\n" + (self._plain / path).read_bytes())

    def deck(self) -> Run:
        """From nothing but the notes to the deck."""
        output = self._work / "output"
        shutil.rmtree(output, ignore_errors=True)
        (self.copy / "ledger.jsonl").unlink(missing_ok=True)
        build = (sys.executable, ROOT / "build.py", "--only", "deck", "--notes", self.copy, "--output", output)
        return run(build)

    def parsed(self) -> Run:
        """What markdown-it-py alone takes, without its start."""
        source = "\0".join(self.texts).encode("utf-8", "replace")
        done = subprocess.run([sys.executable, "-c", PARSE], input=source, stdout=subprocess.PIPE, check=True)
        seconds, cpu = map(float, done.stdout.split())
        return Run(seconds, cpu, 0)

    def peer(self, command: str) -> Run:
        """What the peer takes for the same notes."""
        output = self._work / "peer"
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        return run([*command.split(), self._plain, output])


def in_turn(times: int, *acts: Callable[[], Run]) -> list[Run]:
    """The medians of several acts, done one after the other again and again."""
    runs: list[list[Run]] = [[] for _ in acts]
    for _ in range(times):
        for act, own in zip(acts, runs, strict=True):
            own.append(act())
    return [median(own) for own in runs]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print("\n| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


def cold(folder: Path, peer: str, times: int) -> None:
    with tempfile.TemporaryDirectory() as work:
        notes = Notes(folder, Path(work))
        acts = [notes.deck, notes.parsed, *([lambda: notes.peer(peer)] if peer else [])]
        notes.deck()  # loads what is read from the disk for the first time
        deck, parsed, *others = in_turn(times, *acts)
        rows = [
            ("the deck", f"{deck.wall:.2f}", f"{deck.cpu:.2f}", f"{deck.memory / 1e6:.0f} MB", "1"),
            (
                "markdown-it-py parses",
                f"{parsed.wall:.2f}",
                f"{parsed.cpu:.2f}",
                "",
                f"{deck.wall / parsed.wall:.2f}, CPU {deck.cpu / parsed.cpu:.2f}",
            ),
            ("0.7 × that + 1 s", f"{0.7 * parsed.wall + 1:.2f}", "", "", f"{deck.wall / (0.7 * parsed.wall + 1):.2f}"),
        ]
        rows += [
            (
                "markdown-anki-decks",
                f"{other.wall:.2f}",
                f"{other.cpu:.2f}",
                f"{other.memory / 1e6:.0f} MB",
                f"{deck.wall / other.wall:.2f}, CPU {deck.cpu / other.cpu:.2f}",
            )
            for other in others
        ]
        print(f"{folder.name}: {len(notes.texts)} notes, median of {times}")
        table(("", "seconds", "CPU seconds", "memory", "the deck takes … times as long"), rows)


def vaults(sizes: Sequence[int], times: int) -> None:
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work) / "vault"
            Vault(1).write(folder, size)
            notes = Notes(folder, Path(work))
            runs = times if size < 50_000 else 1
            deck, parsed = in_turn(runs, notes.deck, notes.parsed)
            cards = len((notes.copy / "ledger.jsonl").read_bytes().splitlines()) - 1 - len(NOTE_TYPES)
            size_of = sum(len(text.encode()) for text in notes.texts) / 1e6
            rows.append(
                (
                    f"{size:,}",
                    f"{cards:,}",
                    f"{size_of:.1f} MB",
                    str(runs),
                    f"{deck.wall:.2f}",
                    f"{deck.cpu:.2f}",
                    f"{deck.wall / cards * 1000:.2f} ms, CPU {deck.cpu / cards * 1000:.2f} ms",
                    f"{deck.wall / parsed.wall:.2f}",
                    f"{deck.memory / 1e6:.0f} MB",
                )
            )
    head = ("headings", "cards", "notes", "runs", "seconds", "CPU seconds", "a card", "× parsing alone", "memory")
    table(head, rows)


def rendered(work: Path) -> tuple[Note, ...]:
    """Notes as they are shipped, from a small vault."""
    Vault(2).write(work / "vault", 2_000)
    notes = Notes(work / "vault", work)
    notes.deck()
    return read_package((work / "output" / "deck.apkg").read_bytes()).notes


def plainly(deck: Deck) -> bytes:
    """SQLite and zip, and nothing else: two tables without an index."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table notes (id integer primary key, guid, mid, mod, usn, tags, flds, sfld, a, b, c)")
    columns = "id integer primary key, nid, did, ord, mod, usn, a, b, due, c, d, e, f, g, h, i, j, k"
    connection.execute(f"create table cards ({columns})")
    connection.executemany(
        "insert into notes values (?, ?, 1, 1, -1, ?, ?, ?, 0, 0, '')",
        ((2 * at, n.guid, " ".join(n.tags), n.packed.decode(), n.fields[0]) for at, n in enumerate(deck.notes)),
    )
    connection.executemany(
        "insert into cards values (?, ?, 1, 0, 1, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
        ((2 * at + 1, 2 * at, at) for at in range(len(deck.notes))),
    )
    connection.commit()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", connection.serialize())
    return stream.getvalue()


def timed(act: Callable[[], bytes]) -> Run:
    started, cpu = time.perf_counter(), time.process_time()
    size = len(act())
    return Run(time.perf_counter() - started, time.process_time() - cpu, size)


def packages(sizes: Sequence[int], times: int) -> None:
    with tempfile.TemporaryDirectory() as work:
        shipped = rendered(Path(work))
    rows = []
    for size in sizes:
        notes = tuple(msgspec.structs.replace(shipped[at % len(shipped)], guid=f"{at:08}") for at in range(size))
        deck = Deck(notes, {}, styles_of(Templates()), ())
        entries = {n.guid: Entry(n.guid, CardKind.QUESTION, "", (), "", mod=NOW) for n in notes}
        ledger = Ledger("salt", entries, {name: Style(name, "", NOW) for name in NOTE_TYPES})
        ours, floor = in_turn(
            times,
            lambda deck=deck, ledger=ledger: timed(lambda: write_package(deck, ledger)),
            lambda deck=deck: timed(lambda: plainly(deck)),
        )
        rows.append(
            (
                f"{size:,}",
                f"{ours.wall:.2f}",
                f"{ours.cpu:.2f}",
                f"{floor.wall:.2f}",
                f"{ours.wall / floor.wall:.2f}",
                f"{ours.memory / 1e6:.1f} MB",
                f"{ours.memory / floor.memory:.2f}",
            )
        )
    table(("notes", "seconds", "CPU seconds", "SQLite and zip", "ratio", "package", "ratio"), rows)


def machine() -> str:
    """What it was measured on."""
    cpu = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        cpu = names[0] if names else cpu
    load = f", {os.getloadavg()[0]:.1f} processes were running" if hasattr(os, "getloadavg") else ""
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{load}"


def main() -> None:
    def numbers(text: str) -> list[int]:
        return [int(number) for number in text.split(",") if number]

    parser = argparse.ArgumentParser(description="Time a deck from a cold start.")
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--peer", default="")
    parser.add_argument("--vaults", type=numbers, default=[])
    parser.add_argument("--package", type=numbers, default=[])
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(machine())
    if given.notes:
        cold(given.notes, given.peer, given.runs)
    vaults(given.vaults, given.runs)
    packages(given.package, given.runs)


if __name__ == "__main__":
    main()
