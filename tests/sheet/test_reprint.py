"""Printing again only what changed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from cribdeck.errors import NotBuilt
from cribdeck.paper import remember_printed, reprint
from cribdeck.pipeline import Options, build

LONG = "窗口把无界的流切成有界的段，水印告诉我们每一段什么时候算完整，迟到的数据按策略处理。" * 6
NOTE = f"# 甲\n\n{LONG}\n\n# 乙\n\n" + "\n\n".join([LONG] * 14) + "\n\n第二页的话。\n\n# 丙\n\n后文，见 [[#甲]]。\n"


@pytest.fixture
def options(tmp_path: Path, font_cache: Path) -> Options:
    notes, output = tmp_path / "notes", tmp_path / "output"
    notes.mkdir()
    (output / ".cache").mkdir(parents=True)
    (output / ".cache" / "fontconfig").symlink_to(font_cache)
    (notes / "deck.toml").write_text('[sheet]\nlayout = "book"\n', encoding="utf-8")
    (notes / "a.md").write_text(NOTE, encoding="utf-8")
    return Options(notes, output, only=frozenset({"sheet"}))


def test_an_edit_in_a_book_reprints_the_pages_of_one_section(options: Options) -> None:
    build(options, now=1)
    assert remember_printed(options) == 6
    shutil.rmtree(options.output)
    note = options.notes / "a.md"
    note.write_text(NOTE.replace("第二页的话。", "第二页改过的话。"), encoding="utf-8")
    os.utime(note, (2_000_000_000, 2_000_000_000))

    found = reprint(options)

    assert (found.pages, found.discard, found.kept) == (("2–3",), ("2–3",), 5)
    assert found.text == (
        f"throw away  2–3\nprint       {options.output / 'reprint.pdf'}: 2–3\n"
        "keep        5 other pages, then run `printed`\n"
    )
    pdf = PdfReader(options.output / "reprint.pdf")
    assert pdf.page_labels == ["2–3"]
    text = subprocess.run(
        ["pdftotext", options.output / "reprint.pdf", "-"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert "第二页改过的话。" in text

    assert remember_printed(options) == 6
    assert reprint(options).text == "nothing changed: every page on paper is as it should be\n"
    assert not (options.output / "reprint.pdf").exists()


def test_pages_that_are_no_more_are_thrown_away(options: Options) -> None:
    build(options, now=1)
    remember_printed(options)
    note = NOTE.replace(LONG + "\n\n" + LONG, LONG).replace("第二页的话。\n\n", "")
    (options.notes / "a.md").write_text(note, encoding="utf-8")

    found = reprint(options)

    assert "2–3" in found.discard
    assert "2–3" not in found.pages
    assert set(found.pages) <= {"2–1", "2–2"}


def test_without_a_sheet_or_a_record_the_commands_say_what_to_do(options: Options) -> None:
    with pytest.raises(NotBuilt, match="there is no"):
        remember_printed(options)
    with pytest.raises(NotBuilt, match="nothing is remembered") as caught:
        reprint(options)
    assert caught.value.hint == "print the sheet, then run `printed`"
    (options.output / "sheet.pdf").write_bytes(b"%PDF another")
    with pytest.raises(NotBuilt, match="is not known"):
        remember_printed(options)
