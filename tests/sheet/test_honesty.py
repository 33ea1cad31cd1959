"""What goes wrong on the laid out pages is told: nothing overflows, is lost or leads nowhere in silence."""

import re

from cribdeck.diagnostics import Code, Diagnostic, Place, as_text
from cribdeck.rendering import Templates
from cribdeck.settings import SheetSettings
from tests.sheet.conftest import Printed, Printer

LONG = "窗口把无界的流切成有界的段，水印告诉我们每一段什么时候算完整，迟到的数据按策略处理。" * 6


def told(printed: Printed, code: Code) -> list[Diagnostic]:
    return [found for found in printed.sheet.diagnostics if found.code is code]


def test_a_table_that_reaches_into_the_next_column_is_told_with_its_line(printer: Printer) -> None:
    printer.style("td { white-space: nowrap; overflow-wrap: normal; }")
    wide = "不许折行的字" * 20
    printed = printer({"a.md": f"# 前\n\n文\n\n# 表\n\n| 甲 | 乙 |\n|-|-|\n| 短 | {wide} |\n\n# 后\n\n{LONG}\n"})

    (found,) = told(printed, Code.OVERFLOW)
    assert found.place == Place("a.md", 9)
    by = re.search(r"reaches ([\d.]+) mm", found.message)
    assert by
    assert float(by[1]) > 50
    assert as_text([found], root="notes") == (
        f"notes/a.md:9: warning: “{wide[:40]}…” reaches {by[1]} mm past its column on page 1 [overflow]\n"
        "  hint: break the line, or let the style sheet wrap it\n"
    )


def test_a_cell_that_reaches_into_its_neighbour_is_told(printer: Printer) -> None:
    printer.style("td { white-space: nowrap; overflow-wrap: normal; }")
    table = f"| 甲 | 乙 |\n|-|-|\n| {'左格的字' * 14} | {'右' * 60} |\n"
    printed = printer({"a.md": f"# 表\n\n{table}"}, SheetSettings(columns=1, orientation="portrait"))

    assert [found.place for found in told(printed, Code.OVERFLOW)] == [Place("a.md", 5)]


def test_text_below_the_end_of_the_page_is_told(printer: Printer) -> None:
    printer.style(".body p { position: relative; top: 190mm; }")
    printed = printer({"a.md": "# 问\n\n太低的答案\n"}, SheetSettings(columns=1))

    (found,) = told(printed, Code.OVERFLOW)
    assert (found.place, "past the page's end" in found.message) == (Place("a.md", 3), True)


def test_text_that_the_layout_lost_is_told(printer: Printer) -> None:
    # A repeated header taller than a page costs WeasyPrint most of the table; ours is not repeated.
    printer.style("thead { display: table-header-group }")
    rows = "\n".join(f"| 行{number} | 值{number} |" for number in range(30))
    printed = printer({"a.md": f"# 表\n\n| {'很高的表头' * 900} | 二 |\n|-|-|\n{rows}\n"}, SheetSettings(columns=2))

    assert as_text(told(printed, Code.UNPRINTED_TEXT), root="notes") == (
        f"notes/a.md:3: warning: “{('很高的表头' * 900)[:40]}…” is not on the sheet [unprinted-text]\n"
        "  hint: report this: it is a bug of cribdeck or WeasyPrint\n"
    )


def test_what_a_style_sheet_hides_on_purpose_is_not_lost(printer: Printer) -> None:
    printer.style(".number { display: none }")
    printed = printer({"a.md": "# 问\n\n答\n\n# 又\n\n答\n"})

    assert printed.sheet.diagnostics == ()


def test_a_link_to_a_place_that_is_not_on_the_sheet_is_told(printer: Printer) -> None:
    printer.template("gaps.html", '<ol class="gaps"><li><a href="#nowhere">{{ gaps[0].question }}</a></li></ol>')
    printed = printer({"a.md": "# 章\n\n文\n\n## 空\n"})

    (found,) = told(printed, Code.DEAD_LINK)
    assert as_text([found], root="notes") == (
        "notes/a.md:5: warning: the link “空” to #nowhere leads nowhere on the sheet [dead-link]\n"
        "  hint: correct the template that writes it\n"
    )


def test_a_page_that_is_less_than_half_full_is_told(printer: Printer) -> None:
    printer.style("pre.long { break-inside: avoid }")
    code = "\n".join(f"line {number}" for number in range(42))
    printed = printer({"a.md": f"# 问\n\n短\n\n```\n{code}\n```\n"}, SheetSettings(columns=1))

    (found,) = told(printed, Code.HALF_EMPTY_PAGE)
    assert printed.sheet.pages == 2
    assert as_text([found], root="notes") == (
        "notes/a.md:5: note: page 1 is 14 % full: “line 0”, which follows it, does not break [half-empty-page]\n"
        "  hint: part the table, list or code that stands there\n"
    )


def test_full_pages_and_the_last_one_are_in_order(printer: Printer) -> None:
    printed = printer({"a.md": "# 甲\n\n" + "\n\n".join([LONG] * 24) + "\n\n[文档](https://example.org/a)\n"})

    assert (printed.sheet.pages, printed.sheet.diagnostics) == (2, ())


def test_every_link_leads_to_a_place_on_the_sheet_or_to_an_address(printer: Printer) -> None:
    assert "javascript" not in Templates().text("sheet/page.html")
    links = "[a](javascript:alert) [b](file:///etc/passwd) [c](mailto:a@b.org) [d](ftp://x.org/y) 见 [[#又]]"
    printed = printer({"a.md": f"# 问\n\n{links}\n\n# 又\n\n文\n"})

    assert printed.addresses == {"mailto:a@b.org"}
    assert told(printed, Code.DEAD_LINK) == []
