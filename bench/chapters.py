"""Whether a sheet that is bound from chapters is the same as one that is printed in one piece.

    python bench/chapters.py FOLDER… [--layout book|sheet]

Both are printed, and compared page by page: as text (poppler's, in the order of the page's content) and as pictures (50
dots an inch, grey; a pixel differs from a quarter of the scale on); and as a whole: outline, links with their places
and where they lead, names of pages, fonts, what the pages say by their digests, what was found, and the size.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageChops, ImageStat

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from sheet import edition_of, job_of  # noqa: E402

from cribdeck.sheet import Press  # noqa: E402
from cribdeck.sheet.page import compose, wants_contents  # noqa: E402
from cribdeck.sheet.press import Job, Print  # noqa: E402

_APART = 64
_ROUNDING = 0.01
"""Points."""


class InOnePiece(Press):
    """Prints without chapters."""

    def _bound(self, job: Job, folder: Path) -> dict[str, Any]:
        return self._whole(job, folder)


def printed(press: type[Press], job: Job, work: Path) -> Print:
    """Print a job; the PDF is left in the folder too."""
    work.mkdir()
    with press(work=work) as pressing:
        found = pressing.print(job)
    (work / "sheet.pdf").write_bytes(found.pdf)
    return found


def differences(one: Path, other: Path) -> Iterator[tuple[str, int, int]]:
    """What is compared of two PDFs: its name, how many there are, and how many of them differ."""
    texts = [_run("pdftotext", "-raw", path / "sheet.pdf", "-").split("\f")[:-1] for path in (one, other)]
    yield "pages", len(texts[0]), abs(len(texts[0]) - len(texts[1]))
    yield _compared("texts of pages", *texts)
    yield "pictures of pages", len(texts[0]), len(_pictures_apart(one, other))
    with pikepdf.open(one / "sheet.pdf") as left, pikepdf.open(other / "sheet.pdf") as right:
        yield _compared("bookmarks", *(list(_bookmarks(pdf)) for pdf in (left, right)))
        yield _compared("links", *(list(_links(pdf)) for pdf in (left, right)))
        yield _compared("names of pages", *([page.label for page in pdf.pages] for pdf in (left, right)))
    fonts = [re.findall(r"^\w{6}\+(\S+)", _run("pdffonts", path / "sheet.pdf"), re.MULTILINE) for path in (one, other)]
    yield _compared("fonts", *(sorted(set(names)) for names in fonts))


def _compared(name: str, one: list[Any], other: list[Any]) -> tuple[str, int, int]:
    apart = sum(not _is_same(left, right) for left, right in zip(one, other, strict=False))
    return name, len(one), apart + abs(len(one) - len(other))


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same; lengths within what rounding does."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return abs(one - other) <= _ROUNDING if isinstance(one, float) else bool(one == other)


def _run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def _pictures_apart(one: Path, other: Path) -> list[str]:
    """The pages whose pictures differ; by how many of a thousand pixels is told."""
    for place in (one, other):
        subprocess.run(["pdftoppm", "-r", "50", "-gray", place / "sheet.pdf", place / "page"], check=True)
    found = []
    for left, right in zip(sorted(one.glob("*.pgm")), sorted(other.glob("*.pgm")), strict=False):
        apart = ImageChops.difference(Image.open(left), Image.open(right)).point(lambda value: 255 * (value > _APART))
        share = ImageStat.Stat(apart).mean[0] / 255 * 1000
        if share:
            found.append(left.stem)
            print(f"{left.stem}: {share:.2f} ‰ of its pixels differ", file=sys.stderr)
    return found


def _bookmarks(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    numbers = _numbers(pdf)

    def below(items: Any, depth: int) -> Iterator[tuple[Any, ...]]:
        for item in items:
            page, _, left, top, *_ = item.destination
            yield depth, item.title, numbers[page.objgen], float(left), float(top)
            yield from below(item.children, depth + 1)

    with pdf.open_outline() as outline:
        yield from below(outline.root, 0)


def _links(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    numbers = _numbers(pdf)
    places = {}
    if "/Names" in pdf.Root:
        for name, place in pikepdf.NameTree(pdf.Root.Names.Dests).items():
            places[name] = (numbers[place[0].objgen], *(float(each) for each in list(place)[2:4]))
    for page in pdf.pages:
        for link in page.obj.get("/Annots", []):
            corners = [float(corner) for corner in link.Rect]
            leads = places[str(link.Dest)] if "/Dest" in link else str(link.A.URI)
            yield numbers[page.obj.objgen], *corners, leads


def _numbers(pdf: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages)}


def main() -> None:
    """Print a table for each folder; gives 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--layout", choices=("sheet", "book"), default="book")
    arguments = parser.parse_args()
    print("| notes | what | how many | differ |\n| --- | --- | --- | --- |")
    total = 0
    for folder in arguments.folders:
        with tempfile.TemporaryDirectory() as name:
            total += _compare(folder, arguments.layout, Path(name))
    sys.exit(min(total, 1))


def _compare(folder: Path, layout: str, place: Path) -> int:
    edition = edition_of(folder, layout, place)
    job = job_of(edition, compose(edition, contents=wants_contents(edition)).html, layout=layout)
    whole, bound = (printed(kind, job, place / kind.__name__) for kind in (InOnePiece, Press))
    rows = list(differences(place / "InOnePiece", place / "Press"))
    rows.append(("digests of pages", len(whole.digests), len(whole.digests.items() ^ bound.digests.items())))
    found = [sorted(str(each) for each in kind.findings) for kind in (whole, bound)]
    rows += [_compared("findings", *found), _compared("missing characters", list(whole.missing), list(bound.missing))]
    for what, count, apart in rows:
        print(f"| {folder.name}, {layout} | {what} | {count} | {apart} |", flush=True)
    print(f"| | size | {len(bound.pdf) / 1e6:.2f} MB | {len(bound.pdf) / len(whole.pdf):.2f} × |", flush=True)
    return sum(apart for _, _, apart in rows)


if __name__ == "__main__":
    main()
