"""PDF/UA-1: tags, language, title, and what a picture shows."""

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

from cribdeck.settings import SheetSettings
from tests.sheet.conftest import Printer

NOTE = (
    "# 问\n\n答 ![](图.svg) ![流程](图.svg) $x^2$\n\n- 点\n\n| 甲 | 乙 |\n|-|-|\n| 一 | 二 |\n\n"
    "见 [[#又]]。\n\n# 又\n\n[](https://a.org)\n"
)
FILES = {"a.md": NOTE, "图.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'}


def elements(node: Any) -> Iterator[Any]:
    """All structure elements below one, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif hasattr(node, "get") and "/S" in node:
        yield node
        yield from elements(node["/K"]) if "/K" in node else ()


def test_an_accessible_sheet_is_tagged_named_and_in_a_language(printer: Printer) -> None:
    for layout in ("sheet", "book"):
        settings = SheetSettings(layout="book" if layout == "book" else "sheet", accessible=True)
        printed = printer(FILES, settings)
        catalog: Any = PdfReader(printed.path).trailer["/Root"]

        assert (printed.facts["Tagged"], printed.facts["Title"], catalog["/Lang"]) == ("yes", "速查", "zh-CN")
        assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
        assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] is not False
        tags = list(elements(catalog["/StructTreeRoot"]["/K"]))
        kinds = [tag["/S"] for tag in tags]
        assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Link", "/Figure"} <= set(kinds)
        assert [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"] == ["图.svg", "流程", "x^2"]


def test_a_plain_sheet_is_not_tagged(printer: Printer) -> None:
    assert printer(FILES).facts["Tagged"] == "no"
