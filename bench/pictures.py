"""Make the pictures of the README anew, from the example notes.

Usage: python bench/pictures.py

They are what Anki, Chromium and poppler show of a build of `notes/`, so run it after changes to notes or templates.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SHEET_PAGE_WITH, BOOK_PAGE_WITH = "Structured Streaming 怎么写一个带水印的窗口", "一次 checkpoint 的过程"
DAY, NIGHT = "Structured Streaming vs Flink", "KafkaSink 怎么配 exactly-once？"
PHONE = {"width": 430, "height": 760}
SCALE = 1.5


def main() -> None:
    """Build sheet, book, deck and preview of a copy of the notes, and take a picture of each."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder)
        build(out, "sheet", "--only", "deck", "--only", "sheet", "--only", "preview")
        sheet = out / "sheet" / "sheet.pdf"
        page(sheet, page_with(sheet, SHEET_PAGE_WITH), 110, DOCS / "sheet.png")
        build(out, "book", "--only", "sheet", layout="book")
        book = out / "book" / "sheet.pdf"
        page(book, page_with(book, BOOK_PAGE_WITH), 80, DOCS / "book.png")
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        cards(browser, out)
        preview(browser, out / "sheet" / "preview.html")
        browser.close()
    for picture in ("sheet", "book", "card", "card-night", "preview"):
        shrink(DOCS / f"{picture}.png")


def build(out: Path, name: str, *arguments: str, layout: str = "sheet") -> None:
    """Build a copy, so that the ledger of the notes stays as it is."""
    notes = out / f"{name}-notes"
    shutil.copytree(ROOT / "notes", notes)
    settings = notes / "deck.toml"
    text = settings.read_text(encoding="utf-8").replace("[sheet]\n", f'[sheet]\nlayout = "{layout}"\n')
    settings.write_text(text, encoding="utf-8")
    command = [sys.executable, str(ROOT / "build.py"), "--notes", str(notes), "--output", str(out / name), *arguments]
    subprocess.run(command, check=True)


def page_with(pdf: Path, words: str) -> int:
    """The number of the last page that holds these words: the first is the table of contents."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    return max(at for at, one in enumerate(text.split("\f"), start=1) if words in one)


def page(pdf: Path, number: int, resolution: int, target: Path) -> None:
    where = ["-f", str(number), "-l", str(number), "-r", str(resolution), "-singlefile", "-png"]
    subprocess.run(["pdftoppm", *where, str(pdf), str(target.with_suffix(""))], check=True)


def cards(browser: Browser, out: Path) -> None:
    """One card half revealed by day, and the back of another by night."""
    col = Collection(str(out / "collection.anki2"))
    package = str(out / "sheet" / "deck.apkg")
    col.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=ImportAnkiPackageOptions()))
    found = {card.note().fields[0]: card for card in map(col.get_card, col.find_cards(""))}
    media = Path(col.media.dir())
    for name, question, night in (("card", DAY, False), ("card-night", NIGHT, True)):
        shown = found[question].render_output()
        html = shown.answer_and_style() if night else shown.question_and_style()
        body = "card nightMode night_mode" if night else "card"
        text = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><body class="{body}"><div id="qa">{html}</div>'
        (media / "card.html").write_text(text, encoding="utf-8")
        tab = browser.new_page(viewport=PHONE, device_scale_factor=SCALE)
        tab.goto((media / "card.html").as_uri())
        if not night:
            for cell in tab.locator(".comparison td").all()[:3]:
                cell.click()
            tab.evaluate("scrollTo(0, 0)")
            tab.wait_for_timeout(1000)  # until what was revealed has faded in
        tab.screenshot(path=str(DOCS / f"{name}.png"))
    col.close()


def preview(browser: Browser, file: Path) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    tab.goto(file.as_uri())
    tab.frame_locator("#card").locator("main").wait_for()
    tab.keyboard.press("/")
    tab.keyboard.type("Streaming")
    tab.keyboard.press("Enter")
    tab.locator(".row").nth(1).click()
    tab.keyboard.press("Space")
    tab.wait_for_timeout(500)
    tab.screenshot(path=str(DOCS / "preview.png"))


def shrink(picture: Path) -> None:
    """256 colours are enough for what is drawn, and a third of the size."""
    Image.open(picture).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    main()
