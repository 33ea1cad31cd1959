"""Real notes, spliced, cut short and with bits flipped: does anything fall over?

Usage: python bench/mutate.py [--seconds N] [--seed N] [--sheets] [FOLDER…]

Takes some notes of the folders (of notes/ if there are none), mutates them, and builds deck and preview of them, then
mutates what it has again and rebuilds upon the last build's ledger. Checked each time: no exception but the program's
own; no section failed inside; every card that is listed is in the deck; a second build gives the same bytes; no note
takes more than a second for each 20 kB. Each finding is printed with the seed of its trial, which repeats it alone.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cribdeck.deck.reading import read_package  # noqa: E402
from cribdeck.diagnostics import Code  # noqa: E402
from cribdeck.documents import read_document  # noqa: E402
from cribdeck.errors import CribdeckError, TooManyRetired  # noqa: E402
from cribdeck.files import read_note  # noqa: E402
from cribdeck.model import SourceFile  # noqa: E402
from cribdeck.pipeline import Options, build  # noqa: E402
from cribdeck.pipeline.reading import read  # noqa: E402

GENERATIONS = 3
SECONDS_A_BYTE = 1 / 20_000
LEAST_SECONDS = 1.0
PIECES = [
    "# ", "## ", "#", "```", "```java\n", "~~~", "> ", "- ", "1. ", "|", "|---|---|\n", "$$", "$", "==", "**", "*", "`",
    "<details>", "</details>", "<summary>", "<div>", "<!--", "-->", "<table><tr><td>", "</table>", "<script>", "<svg>",
    "[[", "]]", "[", "](", "![](", "](#)", "[^1]", "[^1]: ", "{{c1::", "}}", "{{Front}}", "{%", "{#id}", "---\n", "\t",
    "    ", "\n\n", "\r", "\u2028", "\0", "\ufeff", "\u202e", "\u200b", "：", " vs ", "：\n", "&#0;", "&amp;", "\\",
    "$a_{", "\\frac{", "[sound:a.mp3]", "https://a.b/(c", "<!-- card: rows -->", "+++\n", "é", "e\u0301", "👩‍👩‍👧",
]  # fmt: skip
Mutation = Callable[[bytes, bytes, random.Random], bytes]


def _cut(rng: random.Random, data: bytes) -> tuple[int, int]:
    """A range of the data; short ones are more likely."""
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(2 ** rng.uniform(0, 12)))


def truncate(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def splice(data: bytes, other: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    start, end = _cut(rng, other)
    return data[:at] + other[start:end] + data[at:]


def join(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def delete(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    start, end = _cut(rng, data)
    return data[:start] + data[end:]


def repeat(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    start, end = _cut(rng, data)
    times = min(rng.choice((2, 3, 50, 1000)), 1 + 20_000 // max(1, end - start))
    return data[:end] + data[start:end] * times + data[end:]


def flip(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    # A byte that is no UTF-8 costs the whole note its reading: mostly, other letters are what bits give.
    anything = rng.random() < 0.2
    flipped = bytearray(data)
    for at in rng.choices(range(len(data)), k=rng.choice((1, 4, 64))) if data else ():
        if anything or flipped[at] < 0x80:
            flipped[at] ^= 1 << rng.randrange(8 if anything else 7)
    return bytes(flipped)


def insert(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 3, 20))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + (rng.choice(PIECES) * rng.choice((1, 1, 1, 30))).encode() + data[at:]
    return data


def shuffle(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    start = rng.randrange(len(lines))
    part = lines[start : start + 30]
    rng.shuffle(part)
    return b"\n".join(lines[:start] + part + lines[start + 30 :])


def recode(data: bytes, _other: bytes, rng: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-8-sig", "gb18030", "utf-16-le")), "replace")


MUTATIONS: tuple[Mutation, ...] = (truncate, splice, join, delete, repeat, flip, insert, insert, shuffle, recode)


def mutate(data: bytes, others: list[bytes], rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = rng.choice(MUTATIONS)(data, rng.choice(others), rng)
    return data


@dataclass
class Tally:
    trials: int = 0
    builds: int = 0
    mutations: int = 0
    cards: int = 0
    findings: int = 0


def trial(seed: int, notes: list[Path], tally: Tally, *, sheets: bool) -> Iterator[str]:
    """What goes wrong with a few notes, mutated a few times."""
    rng = random.Random(seed)  # noqa: S311 — trials, not secrets
    chosen = {f"{at} {path.name}"[-80:]: path.read_bytes()[:60_000] for at, path in enumerate(rng.sample(notes, 3))}
    only = frozenset({"deck", "preview"} | ({"sheet"} if sheets and seed % 20 == 0 else set()))
    with tempfile.TemporaryDirectory(prefix="cribdeck-mutate-") as name:
        options = Options(Path(name) / "notes", Path(name) / "out", only=only, allow_retire=True)
        options.notes.mkdir()
        for generation in range(GENERATIONS):
            for file, data in chosen.items():
                chosen[file] = mutate(data, list(chosen.values()), rng)[:200_000]
                (options.notes / file).write_bytes(chosen[file])
                tally.mutations += 1
            yield from (
                f"generation {generation}: {problem}" for problem in _problems(options, 1000 + generation, tally)
            )


def _problems(options: Options, now: int, tally: Tally) -> Iterator[str]:
    try:
        yield from _slow(options.notes)
        report = build(options, now=now)
        tally.builds += 1
        for found in report.diagnostics:
            if found.code is Code.SECTION_FAILED:
                yield f"failed inside: {found.place}: {found.message}"
        for failure in report.failures:
            yield f"an output failed: {failure}"
        deck = (options.output / "deck.apkg").read_bytes()
        listed = {identity.guid for identity in read(options).identities}
        shipped = {note.guid for note in read_package(deck).notes}
        tally.cards += len(shipped)
        if listed != shipped:
            yield f"{len(listed - shipped)} cards are not in the deck, {len(shipped - listed)} are not listed"
        before = {path.name: path.read_bytes() for path in _outputs(options)}
        build(options, now=now + 500)
        yield from (
            f"{path.name} differs on a second build"
            for path in _outputs(options)
            if path.read_bytes() != before[path.name]
        )
    except TooManyRetired:
        yield "stopped for retired cards though they were allowed"
    except CribdeckError as error:
        yield f"the build stopped: {error}"
    except Exception:  # noqa: BLE001 — whatever it is, it is a finding
        yield traceback.format_exc()


def _outputs(options: Options) -> list[Path]:
    """What two builds of the same notes give alike; the preview tells what changed since the last build."""
    return [options.output / "deck.apkg", options.notes / "ledger.jsonl"]


def _slow(notes: Path) -> Iterator[str]:
    for path in notes.glob("*.md"):
        source = read_note(notes, path.name)
        if isinstance(source, SourceFile):
            started = time.process_time()
            read_document(source, {})
            seconds = time.process_time() - started
            if seconds > max(LEAST_SECONDS, len(source.text.encode("utf-8", "replace")) * SECONDS_A_BYTE):
                yield f"{path.name}: {seconds:.1f} s for {len(source.text):,} characters"


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("folders", nargs="*", type=Path)
    arguments.add_argument("--seconds", type=float, default=60.0)
    arguments.add_argument("--seed", type=int, default=0, help="of the first trial")
    arguments.add_argument("--sheets", action="store_true", help="print a sheet in one of twenty trials")
    given = arguments.parse_args()
    folders = given.folders or [ROOT / "notes"]
    notes = sorted(path for folder in folders for path in folder.rglob("*.md") if path.is_file())
    tally, seed, until = Tally(), given.seed, time.monotonic() + given.seconds
    while time.monotonic() < until:
        for problem in trial(seed, notes, tally, sheets=given.sheets):
            tally.findings += 1
            print(f"seed {seed}: {problem}", flush=True)
        tally.trials += 1
        seed += 1
    print(
        f"{tally.trials} trials, {tally.mutations} mutated notes, {tally.builds} builds twice over, "
        f"{tally.cards:,} cards, {tally.findings} findings in {given.seconds:.0f} s"
    )
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
