"""The sheet: the notes as a printable PDF, from the same fragments as the cards."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cribdeck.diagnostics import Diagnostic, in_order
from cribdeck.errors import CribdeckError
from cribdeck.rendering import Edition
from cribdeck.sheet.cutouts import compose_cutouts, grid_of
from cribdeck.sheet.findings import diagnostics_of
from cribdeck.sheet.glyphs import missing_glyphs
from cribdeck.sheet.page import CONTENTS_FROM, Page, compose, compose_index, wants_contents
from cribdeck.sheet.press import Job, Print, print_page
from cribdeck.sheet.record import BUILT_NAME, built_record
from cribdeck.sheet.terms import terms_of
from cribdeck.writing import write_atomically

__all__ = ["Sheet", "build_cutouts", "build_sheet", "sheet_html"]

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished sheet: the PDF's bytes, the number of its pages, and what making it found.

    `digests` gives each page's name and the hash of what it says; `reprint` is a PDF of the pages that are not the same
    on paper, b"" where there are none.
    """

    pdf: bytes
    pages: int
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str]
    reprint: bytes = b""


def sheet_html(edition: Edition) -> str:
    """The page's HTML with its styles, complete in itself."""
    return compose(edition, contents=wants_contents(edition)).html


def build_sheet(edition: Edition, *, work: Path, printed_before: Mapping[str, str] = NOTHING) -> Sheet:
    """Print the sheet; equal editions give equal bytes on a machine with the same fonts and libraries.

    Args:
        edition: What to print.
        work: A folder for caches; it may be empty or lost.
        printed_before: The digests of the pages that are on paper, by their names.

    Raises:
        SheetUnavailable: A library or a font is missing; its hint is the command that installs it.
        SheetFailed: The renderer died or took too long.
    """
    settings = edition.settings.sheet
    contents = wants_contents(edition)
    job, page = _job(edition, contents=contents, printed=printed_before)
    printed = print_page(job, work=work)
    # Only the finished pages tell the length for sure: an estimate that was wrong costs a second printing.
    needed = printed.pages > CONTENTS_FROM
    if settings.layout == "sheet" and settings.contents == "auto" and needed is not contents:
        job, page = _job(edition, contents=needed, printed=printed_before)
        printed = print_page(job, work=work)
    _remember(work, printed)
    glyphs = missing_glyphs(printed.missing, edition.study.documents)
    found = diagnostics_of(printed.findings, edition.study.documents)
    return Sheet(
        printed.pdf,
        printed.pages,
        in_order([*page.diagnostics, *glyphs, *found]),
        digests=printed.digests,
        reprint=printed.reprint,
    )


def build_cutouts(edition: Edition, *, work: Path) -> Sheet:
    """Lay the cards out for cutting, fronts and backs matching in duplex printing; see `build_sheet`."""
    html, found = compose_cutouts(edition)
    grid = grid_of(edition.settings.sheet)
    options = {
        "paper": grid.paper,
        "card": grid.card,
        "grid": (grid.columns, grid.rows),
        "duplex": edition.settings.sheet.duplex,
    }
    printed = print_page(Job(html, cutouts=options), work=work)
    glyphs = missing_glyphs(printed.missing, edition.study.documents)
    lost = [each for each in printed.findings if each["kind"] in ("overflow", "unprinted")]
    lost_text = diagnostics_of(lost, edition.study.documents)
    return Sheet(printed.pdf, printed.pages, in_order([*found, *glyphs, *lost_text]), digests={})


def _remember(work: Path, printed: Print) -> None:
    """Keep what the pages say, for when the user tells that he printed them."""
    with contextlib.suppress(CribdeckError):
        write_atomically(work / BUILT_NAME, built_record(printed.pdf, printed.digests).encode())


def _job(edition: Edition, *, contents: bool, printed: Mapping[str, str]) -> tuple[Job, Page]:
    page = compose(edition, contents=contents)
    settings = edition.settings.sheet
    is_book = settings.layout == "book"
    terms = [{"text": term.text, "letter": term.letter} for term in terms_of(edition.study)] if is_book else []
    index = compose_index(edition) if terms else ""
    job = Job(page.html, book=is_book, accessible=settings.accessible, index=index, terms=terms, printed=printed)
    return job, page
