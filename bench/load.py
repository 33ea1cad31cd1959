"""More than anyone has: does it still build, in what time and memory, and is the history still there?

Usage: python bench/load.py [sections|headings|pictures|imports]…

`sections`: 100,000 sections in 1,000 files. `headings`: 50,000 headings in one file. `pictures`: 10,000 pictures, each
shown by its bare name from another folder. Each is built to a deck, then built again unchanged and with one section
changed, by the command line in a process of its own. `imports`: 400 topics, among them comparisons, are edited at
random, built and imported into Anki a hundred times; each note must keep its id and its reviews.
"""

import argparse
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

WORDS = (
    "水印 窗口 状态 反压 倾斜 检查点 序列化 网络 内存 调度 容错 分区 合并 连接 聚合 延迟 吞吐 一致性 快照 心跳 index "
    "page cache lock queue thread socket buffer commit replica leader shard token stream batch graph kernel cursor"
).split()


def prose(rng: random.Random, words: int) -> str:
    """A paragraph whose words are random, so that no two are alike."""
    said = "".join(f"{rng.choice(WORDS)}{rng.choice('，。的与在 ')}" for _ in range(words))
    return f"{said}{rng.random():.6f}。"


def section(rng: random.Random, name: str) -> str:
    kind = rng.randrange(10)
    body = prose(rng, rng.randrange(10, 60))
    if kind == 0:
        rows = "".join(f"| {prose(rng, 2)} | {prose(rng, 4)} |\n" for _ in range(4))
        body += f"\n\n| 项 | {rng.choice(WORDS)} |\n|---|---|\n{rows}"
    elif kind == 1:
        body += (
            f"\n\n```python\ndef {rng.choice(WORDS[20:])}(n: int) -> int:\n    return n + {rng.randrange(100)}\n```\n"
        )
    elif kind < 5:
        body += "\n\n" + "".join(f"- {prose(rng, 6)}\n" for _ in range(4))
    return f"## {name} {rng.choice(WORDS)}\n\n{body}\n\n"


def make_sections(notes: Path, rng: random.Random) -> Path:
    for number in range(1000):
        text = f"# 主题 {number}\n\n" + "".join(section(rng, f"{number}-{at}") for at in range(100))
        (notes / f"{number:04}.md").write_text(text, encoding="utf-8")
    return notes / "0500.md"


def make_headings(notes: Path, rng: random.Random) -> Path:
    path = notes / "all.md"
    path.write_text("# 全部\n\n" + "".join(section(rng, str(at)) for at in range(50_000)), encoding="utf-8")
    return path


def make_pictures(notes: Path, rng: random.Random) -> Path:
    (notes / "assets").mkdir()
    lines = ["# 图\n\n"]
    for number in range(10_000):
        (notes / "assets" / f"p{number}.png").write_bytes(png(number))
        lines.append(f"## 图 {number}\n\n![[p{number}.png]] {prose(rng, 5)}\n\n")
    path = notes / "pictures.md"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def png(number: int) -> bytes:
    """A picture of its own colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"\0" + number.to_bytes(3, "big")
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def run_build(folder: Path) -> tuple[float, float, float, str]:
    """Seconds by the clock and of all processors, and peak MB, of one `build.py --only deck`; and what it said."""
    command = [sys.executable, str(ROOT / "build.py"), "--only", "deck", "--allow-retire"]
    started = time.monotonic()
    process = subprocess.Popen(
        [*command, "--notes", str(folder / "notes"), "--output", str(folder / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        said = f"FAILED with {os.waitstatus_to_exitcode(status)}"
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def load(name: str, make: Callable[[Path, random.Random], Path]) -> None:
    with tempfile.TemporaryDirectory(prefix="cribdeck-load-") as temporary:
        folder = Path(temporary)
        (folder / "notes").mkdir()
        changed = make(folder / "notes", random.Random(1))  # noqa: S311 — trials, not secrets
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        for what in ("cold", "unchanged", "one section changed"):
            if what == "one section changed":
                changed.write_text(changed.read_text(encoding="utf-8") + "\n一句新的话。\n", encoding="utf-8")
            seconds, cpu, megabytes, said = run_build(folder)
            told = "; ".join(said.splitlines()[-3:])
            times = f"{seconds:.1f} s | {cpu:.1f} s"
            print(f"| {name} | {size:.0f} MB | {what} | {times} | {megabytes:.0f} MB | {told} |", flush=True)


@dataclass
class Topic:
    """A section as its keeper means it; `rows` of a comparison, by their names."""

    key: int
    title: str
    lines: list[str]
    file: str
    rows: list[str] = field(default_factory=list)
    is_there: bool = True

    def text(self) -> str:
        if self.rows:
            table = "".join(f"| {row} | {self.lines[0][:9]}{row} | {self.lines[1][:9]}{row} |\n" for row in self.rows)
            return f"## {self.title}\n\n| | {self.title.replace(' vs ', ' | ')} |\n|---|---|---|\n{table}\n"
        return f"## {self.title}\n\n" + "\n\n".join(self.lines) + "\n\n"


class Keeper:
    """Somebody who edits his notes at random; each topic in one way between two builds."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 — trials, not secrets
        self.files = [f"{name}.md" for name in WORDS[:12]]
        self.topics: list[Topic] = []
        for _ in range(400):
            self.add()

    def add(self) -> None:
        rng, key = self.rng, len(self.topics)
        rows = [f"{word}{key}" for word in rng.sample(WORDS, 4)] if key % 10 == 0 else []
        title = f"Sys{key}a vs Sys{key}b" if rows else f"{rng.choice(WORDS)}之{key}是什么"
        self.topics.append(Topic(key, title, [prose(rng, 12) for _ in range(4)], rng.choice(self.files), rows))

    def edit(self) -> None:
        rng = self.rng
        for topic in rng.sample(self.topics, 30):
            kind = rng.randrange(7) if topic.is_there else 3
            if kind == 0 and not topic.rows:
                topic.title = f"怎样理解{rng.choice(WORDS)}{topic.key}"
            elif kind == 1 and not topic.rows:
                topic.lines[rng.randrange(4)] = prose(rng, 12)
            elif kind == 2:
                topic.file = rng.choice(self.files)
            elif kind == 3:
                # What is gone comes back as it was: nobody edits what is not there.
                topic.is_there = not topic.is_there
            elif kind == 4 and topic.rows:
                topic.rows.insert(rng.randrange(len(topic.rows)), f"{rng.choice(WORDS)}{topic.key}-{len(topic.rows)}")
            elif kind == 5:
                self.topics.remove(topic)
                self.topics.insert(rng.randrange(len(self.topics)), topic)
            else:
                self.add()
        if rng.random() < 0.1:
            at = rng.randrange(len(self.files))
            old, self.files[at] = self.files[at], f"renamed-{rng.randrange(10**6)}.md"
            for topic in self.topics:
                topic.file = self.files[at] if topic.file == old else topic.file

    def save(self, notes: Path) -> None:
        for path in notes.glob("*.md"):
            path.unlink()
        for name in self.files:
            texts = [topic.text() for topic in self.topics if topic.file == name and topic.is_there]
            (notes / name).write_text("".join(["# 笔记\n\n", *texts]), encoding="utf-8")


def imports(rounds: int = 100) -> None:
    """Build, import, learn, edit; again and again."""
    from anki.collection import Collection

    from cribdeck.pipeline import Options, build
    from tests.deck.conftest import Desk

    keeper, lost, doubled, asked = Keeper(7), 0, 0, 0
    notes_of: dict[int, int] = {}
    reps: dict[int, int] = {}
    with tempfile.TemporaryDirectory(prefix="cribdeck-imports-") as temporary:
        folder = Path(temporary)
        (folder / "notes").mkdir()
        desk = Desk(Collection(str(folder / "collection.anki2")), folder)
        options = Options(folder / "notes", folder / "out", only=frozenset({"deck"}), allow_retire=True)
        started = time.monotonic()
        for number in range(rounds):
            keeper.save(options.notes)
            build(options, now=1_700_000_000 + number * 86_400)
            desk.take((options.output / "deck.apkg").read_bytes())
            found = {note["Question"]: note for note in desk.notes()}
            there = {topic.title: topic for topic in keeper.topics if topic.is_there}
            for title, topic in there.items():
                note = found[title]
                asked += 1
                lost += notes_of.get(topic.key, note.id) != note.id or note.cards()[0].reps != reps.get(note.id, 0)
                notes_of[topic.key] = note.id
            doubled += len(found) - len({note.guid for note in found.values()})
            for note in keeper.rng.sample(sorted(found.values(), key=lambda note: note.id), 5):
                if note.id not in reps:
                    reps[note.id] = desk.study(note).reps
            keeper.edit()
        kept = sum(desk.col.get_note(id_).cards()[0].reps == count for id_, count in reps.items())
        desk.col.close()
    seconds = time.monotonic() - started
    print(
        f"{rounds} imports in {seconds:.0f} s: {asked:,} times a topic was looked up, {lost} times its note or "
        f"its reviews were lost, {doubled} doubled; {kept} of {len(reps)} learnt cards have their reviews"
    )


LOADS: dict[str, Callable[[Path, random.Random], Path]] = {
    "sections": make_sections,
    "headings": make_headings,
    "pictures": make_pictures,
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("what", nargs="*", choices=[*LOADS, "imports", []])
    what = arguments.parse_args().what or [*LOADS, "imports"]
    for name in what:
        if name == "imports":
            imports()
        else:
            load(name, LOADS[name])


if __name__ == "__main__":
    main()
