"""A thousand saves under `watch`: does memory grow, are files left open or lying about, does every save arrive?

Usage: python bench/watching.py [--edits N] [--only OUTPUT]… [--notes FOLDER]

Copies the notes, starts `build.py watch` on them, and saves one note after the other: plainly, by renaming a new file
over it as editors do, in bursts, with mistakes in it. After each the line of the rebuild is waited for. Prints, every
tenth of the way, what all processes of the watch hold: memory, open files, temporary files. Linux only.
"""

import argparse
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def holds(pid: int, *folders: Path) -> tuple[float, int, int, int]:
    """Megabytes of memory, processes, open files, temporary files."""
    memory, files, processes = 0.0, 0, 0
    for one in family(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
            memory += int(status.partition("VmRSS:")[2].split()[0]) / 1024
            files += len(list(Path(f"/proc/{one}/fd").iterdir()))
            processes += 1
        except (OSError, IndexError):
            continue
    left = sum(len(list(folder.rglob("*.tmp"))) + len(list(folder.glob("cribdeck-*"))) for folder in folders)
    return memory, processes, files, left


def save(path: Path, text: str, rng: random.Random) -> str:
    """Save in one of the ways in which editors do."""
    way = rng.choice(("plain", "rename", "burst"))
    if way == "rename":
        new = path.with_name(f".{path.name}.swp")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    else:
        for part in range(3 if way == "burst" else 1):
            path.write_text(text + "\n" * part, encoding="utf-8")
    return way


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--edits", type=int, default=1000)
    arguments.add_argument("--only", action="append", default=[])
    arguments.add_argument("--notes", type=Path, default=ROOT / "notes")
    given = arguments.parse_args()
    rng = random.Random(1)  # noqa: S311 — trials, not secrets
    with tempfile.TemporaryDirectory(prefix="cribdeck-watching-") as name:
        notes, output = Path(name) / "notes", Path(name) / "out"
        shutil.copytree(given.notes, notes)
        only = [word for each in given.only for word in ("--only", each)]
        temporary = Path(name) / "tmp"
        temporary.mkdir()
        command = [sys.executable, "-u", str(ROOT / "build.py"), "watch", *only]
        watch = subprocess.Popen(
            [*command, "--notes", str(notes), "--output", str(output)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "TMPDIR": str(temporary)},
        )
        assert watch.stdout
        watch.stdout.readline()
        files = {path: path.read_text(encoding="utf-8") for path in sorted(notes.rglob("*.md"))}
        seconds: list[float] = []
        print("| edits | memory | processes | open files | left over | median of the last |\n|---|---|---|---|---|---|")
        for number in range(1, given.edits + 1):
            path = rng.choice(list(files))
            mistake = rng.choice(("", "", "", "\n![](missing.png)\n", "\n```\nopen\n", "\n<script>x</script>\n"))
            started = time.monotonic()
            save(path, f"{files[path]}\n## 新的问题 {number}\n\n答案 {number}。\n{mistake}", rng)
            if not watch.stdout.readline():
                print("the watch ended")
                return 1
            seconds.append(time.monotonic() - started)
            if number % max(1, given.edits // 10) == 0:
                memory, processes, handles, left = holds(watch.pid, output, temporary)
                last = statistics.median(seconds[-given.edits // 10 :])
                print(f"| {number} | {memory:.0f} MB | {processes} | {handles} | {left} | {last:.2f} s |", flush=True)
            # Two saves within one rebuild are one: the next waits until the watch looks again.
            time.sleep(0.15)
        watch.send_signal(signal.SIGTERM)  # where this runs in the background, Ctrl-C is not heard
        code = watch.wait(timeout=30)
        _, _, _, left = holds(watch.pid, output, temporary)
        print(f"ended with exit code {code}; {left} temporary files are left")
    return code


if __name__ == "__main__":
    sys.exit(main())
