"""Cards to be cut out of paper."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from cribdeck.settings import SheetSettings
from cribdeck.sheet import build_cutouts
from cribdeck.sheet.cutouts import grid_of
from cribdeck.sheet.imposing import place_of
from tests.sheet.conftest import Printed, Printer

MM = 72 / 25.4


def cut(printer: Printer, note: str, settings: SheetSettings) -> Printed:
    edition = printer.edition({"a.md": note}, settings)
    sheet = build_cutouts(edition, work=printer.folder / "work")
    path = printer.folder / "cutouts.pdf"
    path.write_bytes(sheet.pdf)
    return Printed(path, sheet, edition)


def cells(path: Path, page: int) -> dict[str, tuple[int, int]]:
    """The column and row (from above) of each word's cell."""
    reader = PdfReader(path).pages[page]
    width, height = float(reader.mediabox.width), float(reader.mediabox.height)
    found: dict[str, tuple[int, int]] = {}

    def see(text: str, matrix: list[float], text_matrix: list[float], *_: object) -> None:
        x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
        y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
        if text.strip():
            found[text.strip()] = (int(x / (width / 2)), int((height - y) / (height / 4)))

    reader.extract_text(visitor_text=see)
    return found


@pytest.mark.parametrize("duplex", ["long", "short"])
def test_a_card_s_back_lies_behind_its_front(printer: Printer, duplex: str) -> None:
    note = "".join(f"# Ask{number}\n\nTell{number}\n\n" for number in range(10))
    printed = cut(printer, note, SheetSettings(duplex="long" if duplex == "long" else "short"))

    assert (printed.sheet.pages, printed.sheet.diagnostics) == (4, ())
    fronts, backs = cells(printed.path, 0), cells(printed.path, 1)
    assert fronts["Ask0"] == (0, 0)
    assert fronts["Ask3"] == (1, 1)
    turned = {
        name.replace("Ask", "Tell"): (1 - column, row) if duplex == "long" else (column, 3 - row)
        for name, (column, row) in fronts.items()
        if name.startswith("Ask")
    }
    assert {name: at for name, at in backs.items() if name.startswith("Tell")} == turned
    assert "Ask9" in cells(printed.path, 2)


def test_turned_over_the_short_edge_a_back_stands_on_its_head() -> None:
    assert [place_of(at, (2, 4), back=True, duplex="long") for at in (0, 3)] == [(1, 0, False), (0, 1, False)]
    assert [place_of(at, (2, 4), back=True, duplex="short") for at in (0, 3)] == [(0, 3, True), (1, 2, True)]


def test_a_long_answer_goes_on_over_more_cards(printer: Printer) -> None:
    words = "".join(f"第{number}句话说得很长很长。" for number in range(200))
    printed = cut(printer, f"# 问\n\n{words}\n\n# 又\n\n短\n", SheetSettings())

    text = printed.text.replace("\n", "")
    assert text.count("句") == 200
    assert "· 1/6" in text
    assert "· 6/6" in text
    assert printed.page(1).count("问") == 6


def test_a_long_line_of_code_wraps_on_a_card_as_on_the_sheet(printer: Printer) -> None:
    call = "    .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)).and(Duration.ofMinutes(12345)))"
    printed = cut(printer, f"# 码\n\n```java\nstream\n{call}\n```\n", SheetSettings())

    assert printed.sheet.diagnostics == ()
    assert "↪" in printed.page(2)


def test_a_cloze_has_a_blank_in_front_and_the_number_is_the_deck_s(printer: Printer) -> None:
    edition_settings = SheetSettings()
    printed = cut(printer, "# 章\n\n<!-- card: cloze -->\n\n水印是==时间==的断言。\n", edition_settings)

    assert "时间" not in printed.page(1)
    assert "时间" in printed.page(2)
    assert [number for number in printed.edition.numbers.values() if number not in printed.page(1)] == []


def test_crop_marks_stand_outside_the_cards_at_every_cut(printer: Printer) -> None:
    printed = cut(printer, "# 问\n\n答\n", SheetSettings())

    grid = grid_of(SheetSettings())
    assert (grid.columns, grid.rows, grid.card) == (2, 4, (95, 69))
    content = PdfReader(printed.path).pages[0].get_contents()
    assert content is not None
    marks = content.get_data().decode("latin-1").split("S Q")[0]
    assert marks.count(" m ") == 2 * (grid.columns + 1) + 2 * (grid.rows + 1)
    left = (210 - 2 * 95) / 2 * MM
    assert f"{left:.2f}" in marks
