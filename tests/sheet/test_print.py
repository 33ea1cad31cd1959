"""The printed sheet, read back from the PDF."""

from pathlib import Path

from cribdeck.settings import SheetSettings
from cribdeck.sheet import build_sheet
from tests.sheet.conftest import Printer

LONG = "窗口把无界的流切成有界的段，水印告诉我们每一段什么时候算完整，迟到的数据按策略处理。" * 6


def test_chinese_comes_back_in_the_order_of_the_notes(printer: Printer) -> None:
    text = printer(
        {"流.md": "# 窗口\n\n先切分，再计算。\n\n## 水印\n\n水印是时间的断言。\n\n# 状态\n\n状态要落盘。\n"}
    ).text

    order = [
        text.index(part) for part in ("窗口", "先切分，再计算。", "水印", "水印是时间的断言。", "状态", "状态要落盘。")
    ]
    assert order == sorted(order)


def test_the_fonts_are_embedded_and_those_of_the_list(printer: Printer) -> None:
    printed = printer({"a.md": "# 字体\n\n中文与 Latin **粗体** `code 代码` ✓\n"})

    assert printed.fonts <= {
        "Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold", "JetBrains-Mono", "Noto-Sans-Mono-CJK-SC", "DejaVu-Sans",
    }  # fmt: skip
    assert {"Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"} <= printed.fonts


def test_title_language_and_paper_are_those_of_the_settings(printer: Printer) -> None:
    printed = printer(
        {"a.md": "# 问\n\n答\n"}, SheetSettings(title="流处理 & 批处理", paper="A3", orientation="portrait")
    )

    assert printed.facts["Title"] == "流处理 & 批处理"
    assert printed.facts["Page size"].startswith("841.89 x 1190.55")
    assert "CreationDate" not in printed.facts


def test_equal_notes_give_equal_bytes(printer: Printer, tmp_path: Path) -> None:
    files = {
        "a.md": "# 问 😀\n\n答 $x^2$ ![](p.svg)\n",
        "p.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    }
    first = printer(files).sheet

    again = build_sheet(printer.edition(files), work=tmp_path / "elsewhere")

    assert again == first


def test_headings_are_the_outline(printer: Printer) -> None:
    printed = printer({"a.md": "# 一 & 二\n\n文\n\n## 细 `节`\n\n文\n\n# 三\n\n文\n"})

    assert printed.outline == [("速查", 1), ("一 & 二", 1), ("细 节", 1), ("三", 1)]


def test_the_contents_give_the_page_of_each_section(printer: Printer) -> None:
    titles = [f"题目{number}" for number in range(1, 15)]
    note = "\n\n".join(f"# {title}\n\n" + "\n\n".join([LONG] * 4) for title in titles)
    printed = printer({"a.md": note}, SheetSettings(contents="always", columns=1))

    pages = dict(printed.outline)
    listed = [line.replace(".", "") for line in printed.lines(1) if "..." in line]
    assert listed == [f"{number}{title}{pages[title]}" for number, title in enumerate(titles, start=1)]
    assert pages["题目14"] > 2
    assert dict(printed.references)["题目14"] == pages["题目14"]


def test_contents_stand_on_sheets_longer_than_four_pages_only(printer: Printer) -> None:
    settings = SheetSettings(columns=1, orientation="portrait")
    short = printer({"a.md": "# 问\n\n答\n"}, settings)
    assert (short.sheet.pages, "目录" in short.text) == (1, False)

    long = printer({"a.md": "\n\n".join(f"# 第{number}问\n\n{LONG * 12}" for number in range(9))}, settings)
    assert (long.sheet.pages > 4, "目录" in long.text) == (True, True)


def test_open_questions_are_listed_with_their_pages(printer: Printer) -> None:
    filler = "\n\n".join([LONG] * 30)
    printed = printer(
        {"a.md": f"# 前\n\n## 空一\n\n# 中\n\n{filler}\n\n# 后\n\n## 空二\n\n[](https://example.org/x)\n"}
    )

    (listed,) = [line for line in printed.lines(printed.sheet.pages) if "→" in line]
    pages = dict(printed.outline)
    assert listed == f"1.前›空一→{pages['空一']}2.后›空二→{pages['空二']}有资料可读"
    assert pages["空一"] < pages["空二"]


def test_a_reference_leads_to_the_page_that_stands_after_it(printer: Printer) -> None:
    filler = "\n\n".join([LONG] * 40)
    printed = printer({"a.md": f"# 始\n\n见 [[b#目标]]。\n\n{filler}\n", "b.md": "# 目标\n\n到了。\n"})

    target = dict(printed.outline)["目标"]
    assert target > 1
    assert [(text, page) for text, page in printed.references if "→" in text] == [(f"→{target}", target)]


def test_a_source_is_a_link_and_a_note_s_path_is_none(printer: Printer) -> None:
    printed = printer({"a.md": "# 问\n\n答，[文档](other/x.pdf)\n\n[手册](https://example.org/a?b=1&c=2)\n"})

    assert printed.addresses == {"https://example.org/a?b=1&c=2"}
    assert "来源 1 手册 example.org" in printed.text


def test_a_comparison_of_three_spans_all_columns_and_one_of_two_stays_in_its_own(printer: Printer) -> None:
    wide = "# A vs B vs C\n\n| 方面 | A | B | C |\n|-|-|-|-|\n| 延迟 | 左 | 中 | 右尽头 |\n\n"
    narrow = "# D vs E\n\n| 方面 | D | E |\n|-|-|-|\n| 吞吐 | 高 | 窄尽头 |\n"
    printed = printer({"a.md": wide + narrow})

    page_width = float(printed.facts["Page size"].split()[0])
    assert printed.where("右尽头")[1] > page_width * 2 / 3
    assert printed.where("窄尽头")[2] < page_width / 3


def test_a_missing_picture_leaves_its_name(printer: Printer) -> None:
    printed = printer({"a.md": "# 问\n\n答 ![](img/图一.png)\n"})

    assert "图一.png" in printed.text
    assert printed.sheet.diagnostics == ()


def test_pages_carry_section_title_date_and_number(printer: Printer) -> None:
    printed = printer({"a.md": "# 甲节\n\n" + "\n\n".join([LONG] * 24)})

    assert printed.sheet.pages == 2
    assert printed.page(2).count("甲节") == 2
    assert "速查 · 更新于 2023-11-14" in printed.page(2)
    assert "2 / 2" in printed.page(2)


def test_every_kind_of_block_is_printed(printer: Printer) -> None:
    note = (
        "# 块\n\n段落 **粗** *斜* ==亮== `行内`\n\n- 点\n\n1. 数\n\n> 引\n\n> [!TIP]\n> 诀窍\n\n"
        "```python\nx = '串'\n```\n\n| 表头 | 二 |\n|-|-|\n| 格 | 乙 |\n\n标签：正文\n第二：还有\n\n单独：\n下面\n\n"
        "- [x] 做完\n\n脚注[^1]\n\n[^1]: 注文\n\n$$E = mc^2$$\n\n<details><summary>答案</summary>折叠</details>\n"
    )
    printed = printer({"a.md": note})

    words = "段落 粗 斜 亮 行内 点 数 引 诀窍 串 表头 格 标签 正文 还有 单独 下面 做完 脚注 注文 答案 折叠".split()
    assert [word for word in words if word not in printed.text] == []
    assert "E = mc^2" in printed.text


def test_a_code_line_of_300_columns_and_a_word_of_200_letters_stay_on_the_page(printer: Printer) -> None:
    call = "value." + ".".join(f"method{number}()" for number in range(40))
    printed = printer(
        {"a.md": f"# 长\n\n```java\n{call};last\n```\n\n{'w' * 200}\n\n`{'c' * 200}`\n"}, SheetSettings(columns=4)
    )

    text = printed.text.replace("\n", "").replace("↪ ", "").replace("↪", "")
    page_width = float(printed.facts["Page size"].split()[0])
    assert call.replace(" ", "") in text
    assert "w" * 200 in text
    # Poppler's words end where lines do, so none may be wider than a column.
    assert max(printed.widths()) < page_width / 4


def test_a_table_header_taller_than_a_column_loses_nothing(printer: Printer) -> None:
    rows = "\n".join(f"| 行{number} | 值{number} |" for number in range(30))
    printed = printer({"a.md": f"# 表\n\n| {'很高的表头' * 300} | 二 |\n|-|-|\n{rows}\n"})

    assert [number for number in range(30) if f"值{number}" not in printed.text] == []
    assert printed.text.replace("\n", "").count("很高的表头") == 300


def test_a_list_a_hundred_and_fifty_levels_deep_is_printed(printer: Printer) -> None:
    printed = printer({"a.md": "# 深\n\n" + "<div>" * 150 + "谷底" + "</div>" * 150})

    assert "谷底" in printed.text
