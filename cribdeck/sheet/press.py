"""Printing the page's HTML in a process of its own."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cribdeck.errors import SheetFailed, SheetUnavailable
from cribdeck.sheet import fonts, machine

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SECONDS = 60.0
_SECONDS_A_CHARACTER = 1 / 4000
"""The slowest matter (tables in columns) takes a tenth of this."""
_OUT_OF_MEMORY = "ran out of memory"


@dataclass(frozen=True, slots=True)
class Job:
    """What to print.

    Attributes:
        html: Complete, with its styles; whatever it refers to is in it.
        book: Whether pages are numbered within sections.
        accessible: Whether the PDF is tagged (PDF/UA-1).
        index: The HTML of the index's page, without its entries.
        terms: What the index lists: `text` and `letter` of each.
        printed: The digests of the pages on paper, by the pages' names.
        cutouts: For cards to be cut out: see `imposing.print_cutouts`.
    """

    html: str
    book: bool = False
    accessible: bool = False
    index: str = ""
    terms: Sequence[Mapping[str, str]] = ()
    printed: Mapping[str, str] = field(default_factory=dict)
    cutouts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Print:
    """A printed sheet: its bytes, the number of pages, the characters that no font had, what else was found (see
    `inspection.Finding`), each page's name and the digest of its content, and a PDF of the pages that are not the same
    on paper (b"" where there are none).
    """

    pdf: bytes
    pages: int
    missing: tuple[str, ...]
    findings: tuple[Mapping[str, Any], ...]
    digests: Mapping[str, str]
    reprint: bytes


def print_page(job: Job, *, work: Path, seconds: float | None = None) -> Print:
    """Render a page of HTML.

    Args:
        job: What to print.
        work: Where Fontconfig keeps its cache; made if it is not there.
        seconds: How long it may take; by its length if None.

    Raises:
        SheetUnavailable: A library or a font is missing.
        SheetFailed: The renderer died or took too long.
    """
    missing = machine.missing_libraries()
    if missing:
        raise SheetUnavailable(f"{_listed(missing)} not found", machine.install_libraries())
    with tempfile.TemporaryDirectory(prefix="cribdeck-sheet-") as name:
        folder = Path(name)
        (folder / "page.html").write_text(job.html, encoding="utf-8")
        (folder / "index.html").write_text(job.index, encoding="utf-8")
        options = {
            "book": job.book,
            "accessible": job.accessible,
            "terms": list(job.terms),
            "printed": dict(job.printed),
            "cutouts": dict(job.cutouts),
        }
        (folder / "job.json").write_text(json.dumps(options), encoding="utf-8")
        limit = seconds or _SECONDS + len(job.html) * _SECONDS_A_CHARACTER
        problem = _run(folder, work, limit)
        report = _report(folder)
        _check_fonts(report.get("families"), job.html)
        if problem or "pages" not in report:
            raise SheetFailed(problem or "the renderer wrote nothing")
        again = folder / "reprint.pdf"
        return Print(
            pdf=(folder / "sheet.pdf").read_bytes(),
            pages=report["pages"],
            missing=tuple(chr(code) for code in report["missing"]),
            findings=tuple(report["findings"]),
            digests=dict(report["digests"]),
            reprint=again.read_bytes() if again.exists() else b"",
        )


def _run(folder: Path, work: Path, limit: float) -> str:
    """Run the child; gives what went wrong, or ""."""
    cache = work / "fontconfig"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        cache = folder / "fontconfig"
    config = folder / "fonts.conf"
    config.write_text(fonts.fontconfig_file(cache.absolute()), encoding="utf-8")
    root = str(Path(__file__).resolve().parent.parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    # PANGOCAIRO_BACKEND: on macOS and Windows Pango would take the system's own fonts, not Fontconfig's.
    environment = os.environ | {"FONTCONFIG_FILE": str(config), "PYTHONPATH": path, "PANGOCAIRO_BACKEND": "fc"}
    command = [sys.executable, "-W", "ignore", "-m", "cribdeck.sheet.worker", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 — our own module
            command, env=environment, capture_output=True, timeout=limit, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return f"it took longer than {limit:.0f} s"
    except OSError as error:
        return f"the renderer did not start: {error}"
    if done.returncode == 0:
        return ""
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    if any("MemoryError" in line for line in said):
        return _OUT_OF_MEMORY
    return said[-1] if said and done.returncode > 0 else f"the renderer died (status {done.returncode})"


def _report(folder: Path) -> dict[str, Any]:
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}


def _check_fonts(families: object, html: str) -> None:
    if not isinstance(families, list):
        return
    if not families:
        raise SheetUnavailable("no font that a sheet can be set in was found", machine.install_any_font())
    if _HAN.search(html) and not set(families) & set(fonts.CJK_FAMILIES):
        raise SheetUnavailable("the notes hold Chinese, and no font for it was found", machine.install_cjk_font())


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
