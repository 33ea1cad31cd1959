"""The sheet: the notes as a printable PDF, from the same fragments as the cards."""

from dataclasses import dataclass
from pathlib import Path

from cribdeck.diagnostics import Diagnostic, in_order
from cribdeck.rendering import Edition
from cribdeck.sheet.glyphs import missing_glyphs
from cribdeck.sheet.page import CONTENTS_FROM, compose, wants_contents
from cribdeck.sheet.press import print_page

__all__ = ["Sheet", "build_sheet", "sheet_html"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished sheet: the PDF's bytes, the number of its pages, and what making it found."""

    pdf: bytes
    pages: int
    diagnostics: tuple[Diagnostic, ...]


def sheet_html(edition: Edition) -> str:
    """The page's HTML with its styles, complete in itself."""
    return compose(edition, contents=wants_contents(edition)).html


def build_sheet(edition: Edition, *, work: Path) -> Sheet:
    """Print the sheet; equal editions give equal bytes on a machine with the same fonts and libraries.

    Args:
        edition: What to print.
        work: A folder for caches; it may be empty or lost.

    Raises:
        SheetUnavailable: A library or a font is missing; its hint is the command that installs it.
        SheetFailed: The renderer died or took too long.
    """
    contents = wants_contents(edition)
    page = compose(edition, contents=contents)
    printed = print_page(page.html, work=work)
    # Only the finished pages tell the length for sure: an estimate that was wrong costs a second printing.
    needed = printed.pages > CONTENTS_FROM
    if edition.settings.sheet.contents == "auto" and needed is not contents:
        page = compose(edition, contents=needed)
        printed = print_page(page.html, work=work)
    glyphs = missing_glyphs(printed.missing, edition.study.documents)
    return Sheet(printed.pdf, printed.pages, in_order([*page.diagnostics, *glyphs]))
