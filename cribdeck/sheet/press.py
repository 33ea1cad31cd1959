"""Printing the page's HTML in processes of their own, chapter by chapter; what did not change is not printed again."""

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cribdeck.errors import SheetFailed, SheetUnavailable
from cribdeck.sheet import fonts, machine, type_cases
from cribdeck.sheet.chapters import Chapter, key_of, split, updated_of, whole_of
from cribdeck.sheet.make_up import MadeUp
from cribdeck.sheet.salvage import Hopeless, LeftOut, salvage
from cribdeck.sheet.setting import Order, SetChapter, Setter, as_data, left_out_of, put
from cribdeck.sheet.shelf import Shelf, surroundings
from cribdeck.sheet.typesetting import ENTRIES
from cribdeck.sheet.workers import Failure, Limits, Workers

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SHEET, _REPRINT, _REPORT, _FONTS = "sheet.pdf", "reprint.pdf", "report.json", "fonts.pdf"
_WHOLE = Limits(seconds=60, most=1200, memory=8 * 1024**3)
"""For what is printed in one piece: five hundred pages in columns take 3.5 GB."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to print.

    Attributes:
        html: Complete, with its styles; whatever it refers to is in it. See `chapters` for its parts.
        book: Whether pages are numbered within sections.
        accessible: Whether the PDF is tagged (PDF/UA-1). Tags can't be joined, so that it is printed in one piece.
        index: The HTML of the index's page, without its entries.
        terms: What the index lists: `text` and `letter` of each.
        printed: The digests of the pages on paper, by the pages' names.
        cutouts: For cards to be cut out: see `imposing.print_cutouts`.
        left_out: What stands in the place of a piece that can't be printed.
    """

    html: str
    book: bool = False
    accessible: bool = False
    index: str = ""
    terms: Sequence[Mapping[str, str]] = ()
    printed: Mapping[str, str] = field(default_factory=dict)
    cutouts: Mapping[str, Any] = field(default_factory=dict)
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Print:
    """A printed sheet: its bytes, the number of pages, the characters that no font had, what else was found (see
    `inspection.Finding`), each page's name and the digest of its content, a PDF of the pages that are not the same
    on paper (b"" where there are none), and the pieces that could not be printed.
    """

    pdf: bytes
    pages: int
    missing: tuple[str, ...]
    findings: tuple[Mapping[str, Any], ...]
    digests: Mapping[str, str]
    reprint: bytes
    left_out: tuple[LeftOut, ...] = ()


class Press:
    """Prints one job after another, in processes that stay warm until it is closed.

    One that is kept, as for watching a folder, prints a small change in a fraction of the time that a new one takes:

        with Press(work=output / ".cache") as press:
            for edition in editions:
                build_sheet(edition, work=output / ".cache", press=press)

    Processes that die are replaced; between jobs they wait and take no time. It may be used by one thread at a time.

    Args:
        work: Where Fontconfig's cache and what was printed are kept; made if it is not there, and may be lost.
        processes: How many to use at most; by default by the machine's.
        limits: What a chapter may take.
    """

    def __init__(self, *, work: Path, processes: int | None = None, limits: Limits | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cribdeck-sheet-")
        self._limits = limits
        self._shelf = Shelf(work)
        self._workers = Workers(Path(self._folder.name), work, most=processes)
        self._setter = Setter(self._workers, self._shelf, limits or Limits())
        self._has_libraries = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        self._workers.close()
        self._folder.cleanup()

    def start(self) -> None:
        """Start a process ahead of the first job, so that it need not be waited for."""
        self._check_libraries()
        self._workers.start()

    def pages(self, job: Job) -> int:
        """How many pages a job has, its index aside; what printing it takes is then done for the most part.

        Raises:
            SheetUnavailable: A library or a font is missing.
            SheetFailed: Nothing can be printed.
        """
        self._check_libraries()
        if kept := self._shelf.get(_key(job)):
            return int(kept[0]["pages"])
        if job.accessible:
            return self.print(job).pages
        self._workers.call()
        with self._at_work(job) as folder:
            return sum(len(chapter.record["pages"]) for chapter in self._set(job, folder))

    def print(self, job: Job) -> Print:
        """Print a job; equal jobs give equal bytes, whatever was printed before and by how many processes.

        Raises:
            SheetUnavailable: A library or a font is missing.
            SheetFailed: Nothing can be printed.
        """
        self._check_libraries()
        key = _key(job)
        kept = self._shelf.get(key)
        if kept is None:
            self._workers.call()
            with self._at_work(job) as folder:
                data = self._whole(job, folder) if job.accessible or job.cutouts else self._bound(job, folder)
                kept = data, [_bytes(folder / name) for name in (_SHEET, _REPRINT)]
            if all(each["for_good"] for each in data["left_out"]):
                self._shelf.put(key, *kept)
            self._setter.forget()
        self._shelf.trim()
        data, (pdf, reprint) = kept
        return Print(
            pdf=pdf,
            pages=data["pages"],
            missing=tuple(data["missing"]),
            findings=tuple(data["findings"]),
            digests=dict(data["digests"]),
            reprint=reprint,
            left_out=tuple(left_out_of(each) for each in data["left_out"]),
        )

    @contextlib.contextmanager
    def _at_work(self, job: Job) -> Iterator[Path]:
        """A folder for a job; what goes wrong is said in the words of the user."""
        try:
            # Systems clear away old folders for temporary files, even those of a process that still runs.
            Path(self._folder.name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder.name) as name:
                yield Path(name)
        except Hopeless as error:
            _check_fonts(self._workers.families, job.html)
            raise SheetFailed(str(error)) from error
        except OSError as error:
            raise SheetFailed(str(error)) from error
        _check_fonts(self._workers.families, job.html)

    def _set(self, job: Job, folder: Path) -> list[SetChapter]:
        styles, chapters = split(job.html)
        return self._setter.set(chapters, self._order(job, styles), folder)

    def _order(self, job: Job, styles: str) -> Order:
        return Order(styles, surroundings(), bool(job.terms), job.left_out)

    def _bound(self, job: Job, folder: Path) -> dict[str, Any]:
        """Print chapter by chapter."""
        chapters = self._set(job, folder)
        made = MadeUp([chapter.record for chapter in chapters], job.book)
        if job.terms:
            styles, index = split(job.index.replace(ENTRIES, made.index(job.terms)))
            chapters += self._setter.set(index, self._order(job, styles), folder)
            made = MadeUp([chapter.record for chapter in chapters], job.book)
        digests = made.digests()
        changed = [at for at, label in enumerate(made.labels) if job.printed.get(label) != digests[label]]
        outputs: list[tuple[str, list[int]]] = [(_SHEET, list(range(len(made.pages))))]
        if job.printed and changed:
            outputs.append((_REPRINT, changed))
        fonts_key, has_fonts = self._put_fonts(chapters, folder)
        failure = self._do(
            folder,
            task="bind",
            fonts=_FONTS,
            chapters=put(chapters, folder),
            labels=made.labels,
            values={"pages": str(len(made.pages)), "updated": updated_of(job.html)},
            numbers=made.numbers,
            outputs=outputs,
        )
        if failure:
            # Should a font have changed meanwhile, the next build must not meet the same chapters again.
            self._setter.forget(all_=True)
            raise SheetFailed(failure.reason)
        if not has_fonts:
            self._shelf.put(fonts_key, {}, [_bytes(folder / _FONTS)])
        return {
            "pages": len(made.pages),
            "missing": made.missing(),
            "findings": made.findings(),
            "digests": digests,
            "left_out": [as_data(each) for chapter in chapters for each in chapter.left_out],
        }

    def _put_fonts(self, chapters: Sequence[SetChapter], folder: Path) -> tuple[str, bool]:
        """Put the chapters' fonts into the folder, if they are on the shelf; gives their key, and whether they were."""
        try:
            fonts = type_cases.united(use for chapter in chapters for use in chapter.record["fonts"])
        except type_cases.FontChanged:
            return "", False
        key = key_of(["fonts", surroundings(), type_cases.written(fonts).decode()])
        kept = self._shelf.get(key)
        if kept:
            (folder / _FONTS).write_bytes(kept[1][0])
        return key, kept is not None

    def _whole(self, job: Job, folder: Path) -> dict[str, Any]:
        """Print in one piece."""
        (folder / "index.html").write_text(job.index, encoding="utf-8")
        task = "cutouts" if job.cutouts else "whole"
        options = dict(job.cutouts) or {
            "book": job.book, "accessible": job.accessible, "terms": list(job.terms), "printed": dict(job.printed),
        }  # fmt: skip

        def attempt(chapter: Chapter) -> Failure | None:
            (folder / "page.html").write_text(chapter.html, encoding="utf-8")
            return self._do(folder, task=task, **options)

        whole = whole_of(job.html)
        left_out: list[LeftOut] = []
        if failure := attempt(whole):
            left_out = list(salvage(whole, attempt, failure, label=job.left_out).values())
        report: dict[str, Any] = json.loads((folder / _REPORT).read_text(encoding="utf-8"))
        report["missing"] = [chr(code) for code in report["missing"]]
        return report | {"left_out": [as_data(each) for each in left_out]}

    def _do(self, folder: Path, **job: Any) -> Failure | None:
        """Have one job done that needs the whole sheet."""
        size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
        limits = self._limits or _WHOLE
        allowed = {"seconds": limits.time_for(size), "memory": max(limits.memory, _WHOLE.memory)}
        return self._workers.do([{"folder": str(folder), "report": _REPORT, **allowed, **job}])[0]

    def _check_libraries(self) -> None:
        if not self._has_libraries:
            missing = machine.missing_libraries()
            if missing:
                raise SheetUnavailable(f"{_listed(missing)} not found", machine.install_libraries())
            self._has_libraries = True


def _key(job: Job) -> str:
    options = [job.book, job.accessible, list(job.terms), dict(job.printed), dict(job.cutouts)]
    return key_of(["print", surroundings(), json.dumps(options, sort_keys=True), job.html, job.index, job.left_out])


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _check_fonts(families: Sequence[str] | None, html: str) -> None:
    if families is None:
        return
    if not families:
        raise SheetUnavailable("no font that a sheet can be set in was found", machine.install_any_font())
    if _HAN.search(html) and not set(families) & set(fonts.CJK_FAMILIES):
        raise SheetUnavailable("the notes hold Chinese, and no font for it was found", machine.install_cjk_font())


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
