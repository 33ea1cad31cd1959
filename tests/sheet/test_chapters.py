"""Chapters: set each by itself, kept, and bound to one PDF that is the same as one made in one piece."""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from cribdeck.diagnostics import Code, as_text
from cribdeck.rendering import Templates
from cribdeck.settings import SheetSettings
from cribdeck.sheet import Press, build_sheet, chapters, press, sheet_html, workers
from cribdeck.sheet.chapters import split
from cribdeck.sheet.shelf import Shelf
from cribdeck.sheet.workers import Limits
from tests.sheet.conftest import Printed, Printer

LONG = "窗口把无界的流切成有界的段，水印告诉我们每一段什么时候算完整，迟到的数据按策略处理。" * 6
BOOK = SheetSettings(layout="book", title="流处理")
DENSE = SheetSettings(title="流处理", contents="always")


def note(name: str, sections: int = 4) -> str:
    """A note of many kinds of blocks, with links to other notes."""
    return "\n\n".join(
        f"# {name}题{number}\n\n{LONG}\n\n**词{name}{number}**和 Window {number}。"
        f"见 [[b#b题2]] 与 [[c#c题{number}]]。\n\n"
        f"## 细 {number}\n\n| 甲 | 乙 |\n|-|-|\n" + "| 一 | 二 😀 ✓ |\n" * 4 + f"\n```python\nx = {number}\n```\n\n"
        f"$x^{number}$ [文档](https://example.org/{name}{number})\n\n{LONG}\n\n## 空 {number}\n"
        for number in range(sections)
    )


NOTES = {f"{name}.md": note(name) for name in "abc"}


@pytest.fixture
def short_chapters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chapters, "_SECTIONS", (0.2, 0.8))
    monkeypatch.setattr(chapters, "_NOTES", (0.2, 0.8))


def in_one_piece(printer: Printer, settings: SheetSettings, monkeypatch: pytest.MonkeyPatch) -> Printed:
    with monkeypatch.context() as patch:
        patch.setattr(Press, "_bound", Press._whole)
        patch.setattr(Press, "pages", lambda *_: 9)
        patch.setattr(press, "_key", lambda _: "whole")
        return printer(NOTES, settings)


def pixels_apart(one: Path, other: Path, folder: Path) -> list[int]:
    """For each page how many per mille of its pixels differ by more than rounding does."""
    pictures = []
    for path in (one, other):
        place = folder / path.stem
        place.mkdir()
        subprocess.run(["pdftoppm", "-r", "50", "-gray", "-png", path, place / "page"], check=True)
        pictures.append([Image.open(page).convert("L") for page in sorted(place.glob("*.png"))])
    found = []
    for left, right in zip(*pictures, strict=True):
        apart = ImageChops.difference(left, right).point(lambda value: 255 if value > 48 else 0)
        found.append(round(ImageStat.Stat(apart).mean[0] / 255 * 1000))
    return found


@pytest.mark.usefixtures("short_chapters")
@pytest.mark.parametrize("settings", [BOOK, DENSE], ids=["book", "sheet"])
def test_a_sheet_of_chapters_is_as_one_made_in_one_piece(
    printer: Printer, settings: SheetSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = in_one_piece(printer, settings, monkeypatch)
    kept = tmp_path / "whole.pdf"
    kept.write_bytes(whole.sheet.pdf)
    expected = Printed(kept, whole.sheet, whole.edition)
    printed = printer(NOTES, settings)

    assert len(split(sheet_html(printed.edition))[1]) >= 3
    assert printed.sheet.pages == expected.sheet.pages
    assert printed.text == expected.text
    assert pixels_apart(printed.path, expected.path, tmp_path) == [0] * printed.sheet.pages
    assert printed.outline == expected.outline
    assert printed.references == expected.references
    assert printed.addresses == expected.addresses
    assert printed.fonts == expected.fonts
    assert PdfReader(printed.path).page_labels == PdfReader(expected.path).page_labels
    assert printed.sheet.digests == expected.sheet.digests
    assert printed.sheet.diagnostics == expected.sheet.diagnostics
    assert len(printed.sheet.pdf) <= 1.2 * len(expected.sheet.pdf)
    for fact in ("Title", "Creator", "Producer", "Page size"):
        assert printed.facts[fact] == expected.facts[fact]


@pytest.mark.usefixtures("short_chapters")
@pytest.mark.parametrize("settings", [BOOK, DENSE], ids=["book", "sheet"])
def test_bytes_are_the_same_by_one_process_or_two_anew_or_from_the_shelf(
    printer: Printer, settings: SheetSettings, tmp_path: Path, font_cache: Path
) -> None:
    def work(name: str) -> Path:
        (tmp_path / name).mkdir()
        (tmp_path / name / "fontconfig").symlink_to(font_cache)
        return tmp_path / name

    edition = printer.edition(NOTES, settings)
    before = printer.edition(NOTES | {"b.md": NOTES["b.md"].replace("词b1", "旧词")}, settings)
    printer.write(NOTES)
    one, two = work("one"), work("two")
    with Press(work=one, processes=1) as alone:
        first = build_sheet(edition, work=one, press=alone)
    with Press(work=two, processes=2) as both:
        old = build_sheet(before, work=two, press=both)
        second = build_sheet(edition, work=two, press=both)

    assert old.pdf != first.pdf
    assert second == first


def test_a_sheet_that_did_not_change_is_not_printed_again(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    first = printer(NOTES, BOOK)
    monkeypatch.setattr(workers, "COMMAND", ("false",))

    assert printer(NOTES, BOOK).sheet == first.sheet


@pytest.mark.usefixtures("short_chapters")
def test_an_edit_sets_one_chapter_anew(printer: Printer) -> None:
    work = printer.folder / "work"
    printer(NOTES, BOOK)
    before = {path.name for path in (work / "sheet").iterdir()}
    printer(NOTES | {"b.md": NOTES["b.md"].replace("词b1", "新b1")}, BOOK)

    # The chapter, the index that has the new word, the fonts with its letter, and the whole.
    assert len({path.name for path in (work / "sheet").iterdir()} - before) == 4


def test_the_day_of_the_last_change_is_in_the_margins_but_in_no_chapter_after_the_first(printer: Printer) -> None:
    page = sheet_html(printer.edition(NOTES, BOOK))

    _, parts = split(page)
    assert [("2023-11-14" in part.html) for part in parts] == [True] + [False] * (len(parts) - 1)
    printed = printer(NOTES, BOOK)
    assert "更新于 2023-11-14" in printed.page(printed.sheet.pages - 2)


@pytest.mark.parametrize(
    "css", ["@page { @bottom-right { content: counter(page) } }", "p { string-set: x content() }", "@page :left {}"]
)
def test_what_only_the_whole_can_give_is_printed_in_one_piece(printer: Printer, css: str) -> None:
    printer.style(css)

    assert len(split(sheet_html(printer.edition(NOTES, BOOK)))[1]) == 1


def test_two_builds_at_once_give_the_same(printer: Printer) -> None:
    edition, work = printer.edition(NOTES, BOOK), printer.folder / "work"
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(lambda _: build_sheet(edition, work=work), range(2))

    assert one == other
    assert [path.name for path in (work / "sheet").iterdir() if path.name.startswith(".")] == []


def test_an_entry_that_is_torn_counts_as_none(printer: Printer) -> None:
    first = printer(NOTES, BOOK)
    for path in (printer.folder / "work" / "sheet").iterdir():
        path.write_bytes(path.read_bytes()[:-7] + b"garbled")

    assert printer(NOTES, BOOK).sheet == first.sheet


def test_the_shelf_throws_away_what_was_not_used_for_longest(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most_bytes=2_500)
    for number in range(4):
        shelf.put(f"old{number}", {}, [bytes(1_000)])
    shelf.trim()
    shelf.get("old1")
    shelf.put("new", {"a": 1}, [b"x", b""])
    shelf.trim()

    assert shelf.get("new") == ({"a": 1}, [b"x", b""])
    assert shelf.get("old1") == ({}, [bytes(1_000)])
    assert sum(path.stat().st_size for path in (tmp_path / "sheet").iterdir()) <= 2_500


CRASHING = """
import os, signal, sys
sys.argv[1:] = []
from cribdeck.sheet import typesetting, worker
real = typesetting.print_chapter
def print_chapter(typesetter, folder, job):
    html = (folder / job["html"]).read_text(encoding="utf-8")
    if "CRASH" in html:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "RAISE" in html:
        raise ValueError("no such layout")
    if "HOG" in html:
        bytearray(1 << 40)
    while "LOOP" in html:
        pass
    return real(typesetter, folder, job)
typesetting.print_chapter = print_chapter
sys.exit(worker.run())
"""


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("CRASH", "the renderer died (status -11)"),
        ("RAISE", "ValueError: no such layout"),
        ("HOG", "it ran out of memory"),
        ("LOOP", "it took longer than 1 s"),
    ],
)
def test_a_section_that_ends_the_renderer_is_left_out_and_no_other(
    printer: Printer, monkeypatch: pytest.MonkeyPatch, word: str, why: str
) -> None:
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", CRASHING))
    text = f"# 一\n\n前文\n\n# 二\n\n## 坏\n\n{word} 的话\n\n## 好\n\n后文\n\n见 [[#坏]]\n"
    edition = printer.edition({"a.md": text})
    work = printer.folder / "work"
    with Press(work=work, limits=Limits(seconds=1, per_thousand=0)) as pressing:
        sheet = build_sheet(edition, work=work, press=pressing)
    path = printer.folder / "sheet.pdf"
    path.write_bytes(sheet.pdf)
    printed = Printed(path, sheet, edition)

    assert as_text(sheet.diagnostics, root="notes") == (
        f"notes/a.md:9: error: “{word} 的话” is left out: {why} [unprintable-section]\n"
        "  hint: simplify what stands there, or part it; the preview and the cards have it as it is\n"
    )
    text = printed.text.replace("\n", " ")
    assert [part in text for part in ("前文", "坏", "后文", "a.md:9 此处无法排印，已略去")] == [True] * 4
    assert word not in text
    assert [title for title, _ in printed.references if "坏" in title] == ["坏"]


def test_a_table_that_takes_weasyprint_too_long_is_left_out(printer: Printer) -> None:
    printer.style(".body table { display: flex } .body tr { display: flex } .body td { display: flex }")
    bomb = "<table><tr><td>" * 9 + "谷底" + "</td></tr></table>" * 9
    edition = printer.edition({"a.md": f"# 一\n\n前文\n\n# 二\n\n{bomb}\n\n# 三\n\n后文\n"})
    work = printer.folder / "work"
    with Press(work=work, limits=Limits(seconds=2, per_thousand=0)) as pressing:
        sheet = build_sheet(edition, work=work, press=pressing)
        (found,) = [each for each in sheet.diagnostics if each.code is Code.UNPRINTABLE_SECTION]
        again = build_sheet(edition, work=work, press=pressing)

    assert (found.place.line, "longer than 2 s" in found.message) == (7, True)
    assert again == sheet


def test_where_nothing_can_be_printed_no_boxes_are(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    from cribdeck.errors import SheetFailed

    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", CRASHING.replace('"RAISE" in html', "True")))
    with pytest.raises(SheetFailed, match="no such layout"):
        printer({"a.md": "# 一\n\n前文\n"})


def test_marks_of_pieces_are_in_no_chapter(printer: Printer) -> None:
    _, parts = split(sheet_html(printer.edition(NOTES | {"p --> q.md": "# 问\n\n答\n"}, DENSE)))

    assert re.findall("<!--.*?-->", "".join(part.html for part in parts)) == []
    assert Templates().text("sheet/page.html").count("<!--chapter-->") == 2


AFRESH = """
import sys
from concurrent.futures import ThreadPoolExecutor
from cribdeck.sheet import worker
from cribdeck.sheet.engine import galley
galley.Galley.lay_out = lambda self, original, context, box, *args: original(context, box, *args)
sys.exit(worker.run())
"""


def test_blocks_that_are_moved_stand_where_they_would_be_laid_out_afresh(
    printer: Printer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    moved = printer(NOTES, DENSE)
    kept = moved.path.rename(tmp_path / "moved.pdf")
    shutil.rmtree(printer.folder / "work" / "sheet")
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", AFRESH))
    afresh = printer(NOTES, DENSE)

    assert pixels_apart(kept, afresh.path, tmp_path) == [0] * afresh.sheet.pages


PLAIN = """
import sys
from cribdeck.sheet import engine, worker
engine.EXACT = ()
sys.exit(worker.run())
"""

KINDS = """
# 一 {number}

1. 甲
2. 乙 <kbd>Ctrl</kbd>

- [ ] 做 ~~不做~~ <u>线</u>
- [x] 完 *重* ==亮==

> [!TIP]
> 记住 x<sup>2</sup>。

缓存
: 存{number}

```make
all:	one
		# 注释很长，长到一行放不下，于是要换行，换行以后还有一些字。
```

见 [[a#一 1]]。<span lang="en" id="s{number}">don't</span> <b style="width: 2vw">宽</b> 😀

## A vs B

| 面 | A | B |
|:-:|-:|-|
| 快 | 是 | 否 |
| 省 | 否 | 是 |
"""


@pytest.mark.usefixtures("short_chapters")
@pytest.mark.parametrize("settings", [BOOK, DENSE], ids=["book", "sheet"])
@pytest.mark.parametrize("css", ["", "html { overflow: hidden } h2::first-letter { float: left } .bar { width: 60vw }"])
def test_what_is_done_in_less_time_gives_the_same_bytes(
    printer: Printer, monkeypatch: pytest.MonkeyPatch, settings: SheetSettings, css: str
) -> None:
    notes = NOTES | {"k.md": "".join(KINDS.format(number=number) for number in range(4))}
    printer.style(css)
    work = printer.folder / "work"

    def build() -> bytes:
        with Press(work=work, processes=1) as pressing:
            return build_sheet(printer.edition(notes, settings), work=work, press=pressing).pdf

    fast = build()
    shutil.rmtree(work / "sheet")
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", PLAIN))
    assert build() == fast
