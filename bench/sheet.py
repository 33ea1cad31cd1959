"""How long the sheet takes, and how much memory, against one plain call of WeasyPrint on the same HTML.

    python bench/sheet.py FOLDER [--layout book|sheet] [--runs 3] [--without-plain]

Every run prints anew (`cold`), again after an edit of one section (`edit`: in new processes; `warm edit`: in a press
that is kept, as in watching), and again with nothing changed (`same`). The runs of both sides are interleaved, since a
machine gets slower and faster; seconds are by the clock and of CPU time, medians. Memory is the most that all processes
of a run had at one time, ourselves counted in. Notes are read and the HTML is composed before; `composing` tells how
long that takes. Fontconfig's cache is warm for both sides.
"""

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from cribdeck.pipeline import Options
from cribdeck.pipeline.reading import read
from cribdeck.rendering import Edition
from cribdeck.sheet import Press, fonts
from cribdeck.sheet.chapters import without_marks
from cribdeck.sheet.page import compose, compose_index, wants_contents
from cribdeck.sheet.press import Job
from cribdeck.sheet.terms import terms_of

PLAIN = (
    "import sys, weasyprint; weasyprint.HTML(string=open(sys.argv[1], encoding='utf-8').read()).write_pdf(sys.argv[2])"
)


class Meter:
    """Seconds by the clock, CPU seconds and megabytes of what is done, by its name."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)

    def measure(self, name: str, act: Callable[[], object]) -> None:
        """Do something and remember what it took."""
        peak, done = [0.0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(peak, done))
        watcher.start()
        clock, cpu = time.perf_counter(), _cpu()
        act()
        self.found[name].append((time.perf_counter() - clock, _cpu() - cpu, peak[0]))
        done.set()
        watcher.join()

    def table(self) -> str:
        """The medians, and how many times faster than `plain` each is."""
        rows = ["| | s | CPU s | × faster | × less CPU | MB |", "| --- | --- | --- | --- | --- | --- |"]
        plain = self._medians("plain") if "plain" in self.found else None
        for name in self.found:
            clock, cpu, memory = self._medians(name)
            ratios = f"{plain[0] / clock:.1f} | {plain[1] / max(cpu, 0.01):.1f}" if plain else "|"
            rows.append(f"| {name} | {clock:.2f} | {cpu:.2f} | {ratios} | {memory:.0f} |")
        return "\n".join(rows)

    def _medians(self, name: str) -> list[float]:
        return [statistics.median(values) for values in zip(*self.found[name], strict=True)]


def _cpu() -> float:
    """CPU seconds of this process and its children, those that still run counted in."""
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        used = resource.getrusage(who)
        total += used.ru_utime + used.ru_stime
    ticks = os.sysconf("SC_CLK_TCK")
    for child in _children(os.getpid()):
        fields = _stat(child)
        total += (int(fields[11]) + int(fields[12])) / ticks if fields else 0
    return total


def _children(parent: int) -> list[int]:
    try:
        found = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [int(child) for child in found] + [each for child in found for each in _children(int(child))]


def _stat(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _watch(peak: list[float], done: threading.Event) -> None:
    page = os.sysconf("SC_PAGE_SIZE") / 1e6
    while not done.wait(0.05):
        processes = (_stat(each) for each in [os.getpid(), *_children(os.getpid())])
        peak[0] = max(peak[0], sum(int(fields[21]) * page for fields in processes if fields))


def job_of(edition: Edition, html: str, *, layout: str) -> Job:
    """What is printed."""
    terms = [{"text": term.text, "letter": term.letter} for term in terms_of(edition.study)] if layout == "book" else []
    return Job(html, book=layout == "book", index=compose_index(edition) if terms else "", terms=terms)


def edited(html: str, run: int) -> str:
    """The HTML with a word more in a paragraph in the middle."""
    places = [found.end() for found in re.finditer(r"<!--end-->", html[: len(html) // 2])]
    at = html.rindex("</p>", 0, places[-1])
    return f"{html[:at]} Edit{run}{html[at:]}"


def main() -> None:
    """Print the table for a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layout", choices=("sheet", "book"), default="book")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without-plain", action="store_true")
    parser.add_argument("--notes", type=int, help="only so many of the notes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        notes = arguments.folder
        if arguments.notes:
            notes = _some(arguments.folder, arguments.notes, place)
        edition = edition_of(notes, arguments.layout, place)
        clock = time.perf_counter()
        html = compose(edition, contents=wants_contents(edition)).html
        composing = time.perf_counter() - clock
        meter = Meter()
        _warm_fonts(place / "fonts")
        for run in range(arguments.runs):
            pages = _run(meter, edition, (html, arguments.layout), place / f"run{run}")
            if not arguments.without_plain:
                _plain(meter, html, place)
            print(f"run {run + 1}\n{meter.table()}", file=sys.stderr)
        print(f"{arguments.folder.name}, {arguments.layout}: {pages} pages, composing {composing:.2f} s\n")
        print(meter.table())


def _some(folder: Path, count: int, place: Path) -> Path:
    notes = place / "notes"
    notes.mkdir()
    for path in sorted(folder.rglob("*.md"))[:count]:
        (notes / f"{len(list(notes.iterdir()))}-{path.name}").write_bytes(path.read_bytes())
    return notes


def edition_of(notes: Path, layout: str, place: Path) -> Edition:
    """What is printed of a folder of notes in a layout; `place` is a folder for outputs."""
    edition = read(Options(notes, place / "output")).edition()
    sheet = msgspec.structs.replace(edition.settings.sheet, layout=layout)
    return replace(edition, settings=msgspec.structs.replace(edition.settings, sheet=sheet))


def _warm_fonts(work: Path) -> None:
    with Press(work=work) as press:
        press.print(Job("<html><head><style></style></head><body>字</body></html>"))


def _run(meter: Meter, edition: Edition, page: tuple[str, str], work: Path) -> int:
    html, layout = page
    work.mkdir()
    (work / "fontconfig").symlink_to(work.parent / "fonts" / "fontconfig")
    jobs = [job_of(edition, text, layout=layout) for text in (html, edited(html, 1), edited(html, 2))]

    def print_anew(job: Job) -> int:
        with Press(work=work) as press:
            return press.print(job).pages

    meter.measure("cold", lambda: print_anew(jobs[0]))
    meter.measure("edit", lambda: print_anew(jobs[1]))
    with Press(work=work) as press:
        press.print(jobs[0])
        press.start()
        press.print(job_of(edition, edited(html, 3), layout=layout))
        meter.measure("warm edit", lambda: press.print(jobs[2]))
    meter.measure("same", lambda: print_anew(jobs[2]))
    return print_anew(jobs[2])


def _plain(meter: Meter, html: str, place: Path) -> None:
    (place / "page.html").write_text(without_marks(html), encoding="utf-8")
    config = place / "fonts.conf"
    config.write_text(fonts.fontconfig_file(place / "fonts" / "fontconfig"), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", PLAIN, place / "page.html", place / "plain.pdf"]
    environment = os.environ | {"FONTCONFIG_FILE": str(config)}
    meter.measure("plain", lambda: subprocess.run(command, check=True, env=environment, stderr=subprocess.DEVNULL))


if __name__ == "__main__":
    main()
