"""Printing the page's HTML in a process of its own."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
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
class Print:
    """A printed page: its bytes, the number of pages, and the characters that no font had."""

    pdf: bytes
    pages: int
    missing: tuple[str, ...]


def print_page(html: str, *, work: Path, seconds: float | None = None) -> Print:
    """Render a page of HTML.

    Args:
        html: Complete, with its styles; whatever it refers to is in it.
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
        (folder / "page.html").write_text(html, encoding="utf-8")
        limit = seconds or _SECONDS + len(html) * _SECONDS_A_CHARACTER
        problem = _run(folder, work, limit)
        report = _report(folder)
        _check_fonts(report.get("families"), html)
        if problem or "pages" not in report:
            raise SheetFailed(problem or "the renderer wrote nothing")
        pdf = (folder / "sheet.pdf").read_bytes()
        return Print(pdf, report["pages"], tuple(chr(code) for code in report["missing"]))


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
