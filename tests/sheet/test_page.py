"""The page's HTML: what goes where, and that nothing is lost."""

import html
import re

from cribdeck.settings import SheetSettings
from cribdeck.sheet import sheet_html
from cribdeck.sheet.formulas import draw
from cribdeck.sheet.measure import shares
from cribdeck.sheet.quotes import fit_quotes
from tests.sheet.conftest import Printer


def body_of(page: str) -> str:
    """The body's HTML."""
    return page.partition("<body>")[2]


def text_of(page: str) -> str:
    """The body's visible text, without white space."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", body_of(page))).split())


def test_sections_that_became_rows_are_printed_once(printer: Printer) -> None:
    note = "# 甲 vs 乙\n\n## 速度\n甲：很快\n乙：很慢\n\n## 内存\n甲：省\n乙：费\n\n# 别的\n\n后文\n"
    page = sheet_html(printer.edition({"a.md": note}))

    text = text_of(page)
    assert [text.count(word) for word in ("速度", "很快", "很慢", "内存", "别的", "后文")] == [1, 1, 1, 1, 1, 1]
    assert text.index("很慢") < text.index("别的")


def test_rows_keep_the_anchors_and_numbers_of_their_headings(printer: Printer) -> None:
    edition = printer.edition({"a.md": "# 甲 vs 乙\n\n## 速度\n甲：很快\n乙：很慢\n\n## 缺\n"})
    page = sheet_html(edition)

    row = next(place for place in edition.numbers if place.line == 3)
    assert re.search(rf'<th scope="row">速度<span class="number">{edition.numbers[row]}</span><a id="n1-3">', page)
    assert '<a id="n1-7">' in page
    assert 'href="#n1-7"' in page


def test_columns_keep_the_anchors_of_their_headings_and_other_children_their_titles(printer: Printer) -> None:
    note = "# Lambda架构 vs Kappa架构\n\n## Lambda\n\n批加流\n\n### 细节\n\n双份代码\n\n## Kappa\n\n只有流\n"
    page = sheet_html(printer.edition({"a.md": note}))

    assert [f'id="n1-{line}"' in page for line in (1, 3, 7, 11)] == [True, True, True, True]
    assert [word in text_of(page) for word in ("Lambda架构", "批加流", "细节", "双份代码", "只有流")] == [True] * 5


def test_sources_below_a_comparison_are_gathered_at_its_foot(printer: Printer) -> None:
    note = "# 甲 vs 乙\n\n[](https://one.org/a)\n\n## 速度\n甲：快\n乙：慢\n\n[](https://two.org/b)\n"
    page = body_of(sheet_html(printer.edition({"a.md": note})))

    assert re.findall(r'href="(https://[^"]*)"', page) == ["https://one.org/a", "https://two.org/b"]


def test_every_number_of_a_heading_s_card_is_beside_it(printer: Printer) -> None:
    edition = printer.edition({"a.md": "# 章\n\n## 问\n\n答\n\n## 二\n\n答\n"})
    page = sheet_html(edition)

    assert [f'<span class="number">{number}</span>' in page for number in edition.numbers.values()] == [True] * 3


def test_a_note_with_one_top_heading_has_it_for_its_title_and_numbers_what_is_below(printer: Printer) -> None:
    page = body_of(sheet_html(printer.edition({"a.md": "# 全书\n\n## 一章\n\n文\n\n## 二章\n\n文\n"})))

    assert re.findall(r'<span class="chapter">(\d)</span><span class="title">(.*?)</span>', page) == [
        ("1", "一章"), ("2", "二章"),
    ]  # fmt: skip
    assert text_of("<body>" + page).count("全书") == 1


def test_a_gap_is_told_from_an_answered_question(printer: Printer) -> None:
    page = sheet_html(printer.edition({"a.md": "# 章\n\n## 空\n\n## 满\n\n答\n\n# 又\n\n文\n"}))

    assert re.search(r'class="question depth-1 level-2 hue-1 gap" data-title="空" id="n1-3"', page)
    assert re.search(r'class="question depth-1 level-2 hue-1" data-title="满" id="n1-5"', page)


def test_a_table_of_twelve_columns_takes_the_page_s_whole_width_with_its_heading(printer: Printer) -> None:
    row = "|" + "|".join("内容" for _ in range(12)) + "|"
    page = sheet_html(printer.edition({"a.md": f"# 前\n\n文\n\n# 宽\n\n{row}\n|{'-|' * 12}\n{row}\n\n# 后\n\n文\n"}))

    flows = re.findall(r'<div class="(wide|columns)">(.*?)(?=<div class="(?:wide|columns)">|</main>)', page, re.DOTALL)
    assert [(kind, re.findall('class="title">(.)', content)) for kind, content in flows] == [
        ("columns", ["前"]), ("wide", ["宽"]), ("columns", ["后"]),
    ]  # fmt: skip


def test_a_user_s_title_can_not_end_the_head(printer: Printer) -> None:
    page = sheet_html(printer.edition({"a.md": "# 问\n\n答\n"}, SheetSettings(title="</title><script>")))

    assert "<script>" not in page


def test_formulas_are_drawn_with_their_source_kept() -> None:
    drawn = draw(r"\frac{a}{b}", display=False)

    assert drawn.startswith('<img class="formula" alt="\\frac{a}{b}" style="width:')
    assert drawn.endswith('<span class="formula-text">\\frac{a}{b}</span>')


def test_han_in_a_formula_is_text_of_the_drawing() -> None:
    import base64

    (data,) = re.findall(r"base64,([^\"]*)", draw(r"\text{速度} = \frac{\text{路程}}{t}", display=True))
    drawing = base64.b64decode(data).decode()

    assert re.findall(r"<text [^>]*>(.*?)</text>", drawing) == ["速度", "路程"]
    assert "#0102" not in drawing


def test_spaces_beside_han_leave_no_stand_in_behind() -> None:
    import base64

    (data,) = re.findall(r"base64,([^\"]*)", draw(r"\text{窗口 } W \text{ 在 A}\ W", display=False))
    drawing = base64.b64decode(data).decode()

    assert re.findall(r"<text [^>]*>(.*?)</text>", drawing) == ["窗口", "在"]
    assert drawing.count("<path") == len("WAW")


def test_modulo_stands_apart_from_its_sides() -> None:
    def width(source: str) -> float:
        (em,) = re.findall(r"width:([\d.]+)em", draw(source, display=False))
        return float(em)

    assert width(r"a \bmod b") > width(r"a\mathrm{mod}b") + 0.4


def test_a_formula_that_is_none_is_shown_as_typed() -> None:
    assert draw(r"\bad{", display=False) == '<code class="formula-source">\\bad{</code>'


def test_widths_are_shared_by_need() -> None:
    assert shares([10, 10], 100) == [50, 50]
    assert shares([10, 400], 100) == [10, 90]
    assert sum(shares([5, 200, 300, 20], 80)) == 100


def test_latin_quotes_are_narrow_and_chinese_ones_are_not() -> None:
    narrow = '<span class="narrow">{}</span>'.format

    assert fit_quotes("<p>don’t</p>") == f"<p>don{narrow('’')}t</p>"
    assert fit_quotes("“hello”") == f"{narrow('“')}hello{narrow('”')}"
    assert fit_quotes('<a title="“x”">他说“你好”</a>') == '<a title="“x”">他说“你好”</a>'
