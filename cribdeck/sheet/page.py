"""The sheet's HTML: all notes, the table of contents, the open questions."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cribdeck.diagnostics import Diagnostic
from cribdeck.model import Block, BlockKind, is_visible, plain_text
from cribdeck.rendering import Edition
from cribdeck.sheet.chapters import begin_chapters
from cribdeck.sheet.flows import flows_of
from cribdeck.sheet.long_words import break_long_words
from cribdeck.sheet.measure import geometry_of, width_of
from cribdeck.sheet.page_numbers import with_slots
from cribdeck.sheet.quotes import fit_quotes
from cribdeck.sheet.sections import Sections
from cribdeck.sheet.target import Anchors, SheetTarget, blocks_of
from cribdeck.sheet.terms import terms_of

CONTENTS_FROM = 4
"""Pages. A longer sheet has a table of contents, if the settings leave it to us."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page's HTML with its styles, and what making it found."""

    html: str
    diagnostics: tuple[Diagnostic, ...]


def compose(edition: Edition, *, contents: bool) -> Page:
    """Write the HTML of the whole sheet; equal editions give equal text."""
    target = SheetTarget(edition)
    sections = Sections(edition, target)
    study = edition.study
    documents = [d for d in study.documents if d.sections or is_visible(d.intro) or d.intro_sources]
    alone = len(study.documents) == 1
    pieces = [piece for document in documents for piece in sections.document(document, alone=alone)]
    settings = edition.settings.sheet
    pieces = list(begin_chapters(pieces, geometry_of(settings), is_book=settings.layout == "book"))
    anchors = Anchors(study.documents)
    html = edition.templates.render(
        "sheet/page.html",
        **_frame(edition),
        has_index=edition.settings.sheet.layout == "book" and bool(terms_of(study)),
        flows=list(flows_of(pieces)),
        entries=sections.entries if contents else (),
        gaps=edition.fragments(target).gaps(study.gaps, {str(g.place): "#" + anchors.of(g.place) for g in study.gaps}),
        counts=_counts(edition),
    )
    text = break_long_words(fit_quotes(target.with_names(str(html))))
    return Page(with_slots(text), tuple(target.diagnostics))


def compose_index(edition: Edition) -> str:
    """Write the HTML of the index's page, all but its entries."""
    return str(edition.templates.render("sheet/index.html", **_frame(edition)))


def _frame(edition: Edition) -> dict[str, object]:
    """What every page of the sheet has: language, title, styles, measures."""
    settings = edition.settings.sheet
    geometry = geometry_of(settings)
    return {
        "labels": edition.labels,
        "title": settings.title or edition.name,
        "updated": _date(edition.modified),
        "theme": settings.theme,
        "layout": settings.layout,
        "paper": geometry.paper,
        "columns": geometry.columns,
        "font_size": geometry.font_size,
        "digits": _digits(edition),
        "styles": _styles(edition),
    }


def _styles(edition: Edition) -> Markup:
    names = ["theme.css", "sheet/sheet.css"] + (["sheet/book.css"] if edition.settings.sheet.layout == "book" else [])
    return Markup("".join(edition.templates.text(name) for name in names))  # noqa: S704 — style sheets


def _digits(edition: Edition) -> int:
    """How wide the slot of a page number has to be: `12`, or `7–3` in a book."""
    if edition.settings.sheet.layout == "book":
        chapters = sum(1 for document in edition.study.documents for _ in document.walk())
        return len(str(chapters)) + 3
    return len(str(round(1 + 1.5 * _estimated_pages(edition))))


def wants_contents(edition: Edition) -> bool:
    """Whether to begin with a table of contents; where it depends on the length, by an estimate."""
    wanted = edition.settings.sheet.contents
    if edition.settings.sheet.layout == "book" and wanted == "auto":
        return True
    return wanted == "always" or (wanted == "auto" and _estimated_pages(edition) > CONTENTS_FROM)


def _estimated_pages(edition: Edition) -> float:
    """The length of the sheet by counting lines; it is off by a third at most for notes that are mostly text."""
    geometry = geometry_of(edition.settings.sheet)
    lines = 0.0
    for document in edition.study.documents:
        lines += sum(_HEADING_LINES for _ in document.walk())
        lines += sum(_lines_of(block, geometry.column) for block in blocks_of(document))
    return lines / (geometry.columns * geometry.lines)


def _lines_of(block: Block, column: float) -> float:
    """The lines that a block takes by itself, without the blocks inside it."""
    if block.kind is BlockKind.CODE:
        return sum(1 + width_of(line) // column for line in block.html.split("\n")) + 1
    text = width_of(plain_text(block.html)) / column
    if block.kind is BlockKind.CELL:
        return text
    if block.kind is BlockKind.ROW:
        return 1
    return math.ceil(text) + (_PICTURE_LINES if "<img" in block.html else 0)


_HEADING_LINES = 1.8
_PICTURE_LINES = 14


def _date(modified: int) -> str:
    """The day of the notes' last change, in UTC so that it is the same on every machine."""
    return datetime.datetime.fromtimestamp(modified, tz=datetime.UTC).date().isoformat() if modified else ""


def _counts(edition: Edition) -> Sequence[tuple[str, int]]:
    study, labels = edition.study, edition.labels
    return [(labels.cards, len(study.cards)), (labels.open_questions, len(study.gaps))]
