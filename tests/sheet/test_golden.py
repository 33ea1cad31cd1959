"""Whole pages against those that were looked at and kept.

`CRIBDECK_GOLDEN=write pytest tests/sheet/test_golden.py` keeps new ones; look at them before you commit.
"""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from cribdeck.settings import SheetSettings
from tests.sheet.conftest import Printed, Printer

GOLDEN = Path(__file__).parent / "golden"
NOTE = (GOLDEN / "note.md").read_text(encoding="utf-8")
FONTS = ("Noto Sans CJK SC", "Noto Sans CJK SC:bold", "JetBrains Mono", "Noto Sans Mono CJK SC", "DejaVu Sans")
LAYOUTS = {
    "sheet": SheetSettings(title="流处理"),
    "mono": SheetSettings(title="流处理", theme="mono"),
    "book": SheetSettings(title="流处理", layout="book"),
}
DOTS = 50
MOST_APART = 1.5
"""Mean difference of a page's grey values, of 255: rounding gives 0.3, another colour of a heading bar 2."""
IS_WRITING = os.environ.get("CRIBDECK_GOLDEN") == "write"


def font_hashes() -> dict[str, str]:
    """What tells this machine's fonts from others'."""
    files = {}
    for font in FONTS:
        found = subprocess.run(["fc-match", "-f", "%{file}", font], capture_output=True, check=True, encoding="utf-8")
        files[font] = hashlib.sha256(Path(found.stdout).read_bytes()).hexdigest()[:16]
    return files


@pytest.fixture(scope="module", autouse=True)
def _same_fonts() -> None:
    kept = GOLDEN / "fonts.json"
    if IS_WRITING:
        kept.write_text(json.dumps(font_hashes(), indent=1) + "\n", encoding="utf-8")
    elif json.loads(kept.read_text(encoding="utf-8")) != font_hashes():
        pytest.skip("this machine has other versions of the fonts, which set other lines")


def pictures(printed: Printed, folder: Path) -> list[Image.Image]:
    command = ["pdftoppm", "-r", str(DOTS), "-gray", "-png", str(printed.path), str(folder / "page")]
    subprocess.run(command, check=True)
    return [Image.open(path).convert("L") for path in sorted(folder.glob("page*.png"))]


def apart(one: Image.Image, other: Image.Image) -> float:
    return 255.0 if one.size != other.size else float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pages_are_as_they_were_kept(printer: Printer, tmp_path: Path, layout: str) -> None:
    printed = printer({"流.md": NOTE}, LAYOUTS[layout])
    text = re.sub(r"(?:\s*\.(?=\s)){3,}", " …", printed.text)
    pages = pictures(printed, tmp_path)
    if IS_WRITING:
        (GOLDEN / f"{layout}.txt").write_text(text, encoding="utf-8")
        for at, page in enumerate(pages, start=1):
            page.quantize(16).save(GOLDEN / f"{layout}-{at}.png", optimize=True)

    assert printed.sheet.diagnostics == ()
    assert text == (GOLDEN / f"{layout}.txt").read_text(encoding="utf-8")
    kept = [Image.open(path).convert("L") for path in sorted(GOLDEN.glob(f"{layout}-*.png"))]
    assert len(kept) == len(pages)
    assert max(apart(page, old) for page, old in zip(pages, kept, strict=True)) <= MOST_APART


def test_pages_that_differ_are_told_apart() -> None:
    one, other = (Image.open(GOLDEN / f"{layout}-1.png").convert("L") for layout in ("sheet", "mono"))

    assert apart(one, other) > MOST_APART
    assert apart(one, one.point(lambda value: min(255, value + 1))) < MOST_APART
