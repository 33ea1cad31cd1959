"""From an edition to the sheet, and to cards to be cut out."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cribdeck.diagnostics import Code, Diagnostic, in_order
from cribdeck.errors import CribdeckError
from cribdeck.rendering import Edition
from cribdeck.sheet.cutouts import compose_cutouts, grid_of
from cribdeck.sheet.findings import diagnostics_of
from cribdeck.sheet.glyphs import missing_glyphs
from cribdeck.sheet.page import CONTENTS_FROM, Page, compose, compose_index, wants_contents
from cribdeck.sheet.press import Job, Press, Print
from cribdeck.sheet.record import BUILT_NAME, built_record
from cribdeck.sheet.terms import terms_of
from cribdeck.writing import write_atomically

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


def build_sheet(
    edition: Edition, *, work: Path, printed_before: Mapping[str, str] = NOTHING, press: Press | None = None
) -> Sheet:
    """Print the sheet; equal editions give equal bytes on a machine with the same fonts and libraries.

    Args:
        edition: What to print.
        work: A folder for caches; it may be empty or lost.
        printed_before: The digests of the pages that are on paper, by their names.
        press: One that is kept between builds, so that its processes are warm; else one is made for this build.

    Raises:
        SheetUnavailable: A library or a font is missing; its hint is the command that installs it.
        SheetFailed: The renderer died or took too long.
    """
    if press is None:
        with Press(work=work) as press:  # noqa: PLR1704 — the same, made here
            return build_sheet(edition, work=work, printed_before=printed_before, press=press)
    settings = edition.settings.sheet
    contents = wants_contents(edition)
    job, page = _job(edition, contents=contents, printed=printed_before)
    if settings.layout == "sheet" and settings.contents == "auto":
        # Only the laid out pages tell the length for sure; another first chapter is all that a wrong estimate costs.
        needed = press.pages(job) > CONTENTS_FROM
        if needed is not contents:
            job, page = _job(edition, contents=needed, printed=printed_before)
    printed = press.print(job)
    _remember(work, printed)
    glyphs = missing_glyphs(printed.missing, edition.study.documents)
    found = diagnostics_of(printed.findings, edition.study.documents)
    return Sheet(
        printed.pdf,
        printed.pages,
        in_order([*page.diagnostics, *glyphs, *found, *_left_out(printed)]),
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
    with Press(work=work) as press:
        printed = press.print(Job(html, cutouts=options))
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
    job = Job(
        page.html,
        book=is_book,
        accessible=settings.accessible,
        index=index,
        terms=terms,
        printed=printed,
        left_out=edition.labels.left_out,
    )
    return job, page


def _left_out(printed: Print) -> tuple[Diagnostic, ...]:
    hint = "simplify what stands there, or part it; the preview and the cards have it as it is"
    return tuple(
        Diagnostic(Code.UNPRINTABLE_SECTION, each.place, f"“{each.text}” is left out: {each.failure.reason}", hint)
        for each in printed.left_out
    )
