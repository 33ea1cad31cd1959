"""Notes on the disk, printed; and the PDF read back with poppler's tools."""

import html
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from cribdeck.cards import study
from cribdeck.documents import read_document
from cribdeck.files import find_media, find_notes, read_media, read_note
from cribdeck.ledger import Ledger, identify
from cribdeck.model import SourceFile
from cribdeck.rendering import Edition, Templates, labels_for
from cribdeck.settings import Settings, SheetSettings
from cribdeck.sheet import Sheet, build_sheet

MODIFIED = 1_700_000_000
"""14 November 2023: when every note of the tests was last changed."""


@dataclass(frozen=True)
class Printed:
    """A sheet on the disk."""

    path: Path
    sheet: Sheet
    edition: Edition

    def page(self, number: int) -> str:
        """The text of a page in reading order."""
        return _run("pdftotext", "-f", str(number), "-l", str(number), "-raw", str(self.path), "-")

    def lines(self, number: int) -> list[str]:
        """The lines of a page as they stand, from edge to edge, without spaces."""
        text = _run("pdftotext", "-f", str(number), "-l", str(number), "-layout", str(self.path), "-")
        return ["".join(line.split()) for line in text.splitlines() if line.strip()]

    @property
    def text(self) -> str:
        """The text of all pages in reading order."""
        return _run("pdftotext", "-raw", str(self.path), "-")

    @property
    def facts(self) -> dict[str, str]:
        """What `pdfinfo` says."""
        lines = _run("pdfinfo", str(self.path)).splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def fonts(self) -> set[str]:
        """The names of the embedded fonts, without the tags of their subsets."""
        rows = _run("pdffonts", str(self.path)).splitlines()[2:]
        return {row.split()[0].partition("+")[2] for row in rows}

    @property
    def addresses(self) -> set[str]:
        """The addresses of all links that lead out of the sheet."""
        return {row.split()[-1] for row in _run("pdfinfo", "-url", str(self.path)).splitlines()[1:]}

    @cached_property
    def _xml(self) -> str:
        return _run("pdftohtml", "-xml", "-i", "-stdout", str(self.path))

    @property
    def outline(self) -> list[tuple[str, int]]:
        """The bookmarks with their pages, flat."""
        rows = re.findall(r'<item page="(\d+)">([^<]*)</item>', self._xml)
        return [(html.unescape(title), int(page)) for page, title in rows]

    @property
    def references(self) -> list[tuple[str, int]]:
        """The texts of the links inside the sheet, and the pages that they lead to."""
        rows = re.findall(r'<a href="[^"]*#(\d+)">(.*?)</a>', self._xml)
        return [(html.unescape(re.sub("<[^>]*>", "", text)), int(page)) for page, text in rows]

    def widths(self) -> list[float]:
        """The widths of all words' boxes in points."""
        boxes = re.findall(r'<word xMin="([\d.]+)" .*xMax="([\d.]+)"', _run("pdftotext", "-bbox", str(self.path), "-"))
        return [float(right) - float(left) for left, right in boxes]

    def where(self, words: str) -> tuple[int, float, float]:
        """The page of a word, and the left and right edge of its box in points."""
        boxes = _run("pdftotext", "-bbox", str(self.path), "-")
        for page, content in enumerate(boxes.split("<page ")[1:], start=1):
            found = re.search(
                rf'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">{re.escape(words)}<', content
            )
            if found:
                return page, float(found[1]), float(found[2])
        raise AssertionError(f"{words} is not on the sheet")


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout


def edition_of(folder: Path, settings: Settings | None = None, templates: Path | None = None) -> Edition:
    """What the sheet is given for the notes of a folder."""
    settings = settings or Settings()
    media = find_media(folder)
    sources = [read_note(folder, path) for path in find_notes(folder)]
    documents = [read_document(source, media) for source in sources if isinstance(source, SourceFile)]
    found = study(documents, settings)
    return Edition(
        study=found,
        identities=identify(found.cards, Ledger("salt")),
        settings=settings,
        labels=labels_for(settings.language, documents),
        templates=Templates(templates),
        name="速查",
        read_media=lambda path: read_media(folder, path),
    )


class Printer:
    """Writes notes and prints them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = folder / "notes"
        self.templates: Path | None = None

    def style(self, css: str) -> None:
        """Templates of the user's own, in which this stands after our style sheet."""
        self.template("sheet/sheet.css", Templates().text("sheet/sheet.css") + css)

    def template(self, name: str, text: str) -> None:
        self.templates = self.folder / "templates"
        path = self.templates / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.notes / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            os.utime(path, (MODIFIED, MODIFIED))

    def edition(self, files: Mapping[str, str | bytes], settings: SheetSettings | None = None) -> Edition:
        self.write(files)
        return edition_of(self.notes, Settings(sheet=settings or SheetSettings()), self.templates)

    def __call__(self, files: Mapping[str, str | bytes], settings: SheetSettings | None = None) -> Printed:
        edition = self.edition(files, settings)
        sheet = build_sheet(edition, work=self.folder / "work")
        path = self.folder / "sheet.pdf"
        path.write_bytes(sheet.pdf)
        return Printed(path, sheet, edition)


@pytest.fixture
def printer(tmp_path: Path, font_cache: Path) -> Printer:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "fontconfig").symlink_to(font_cache)
    return Printer(tmp_path)


@pytest.fixture(scope="session")
def font_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests: filling it takes a second."""
    return tmp_path_factory.mktemp("fontconfig")
