"""Cards to be cut out of paper: their faces, each a page of its own; `imposing` puts them on sheets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cribdeck.diagnostics import Diagnostic, Place
from cribdeck.model import Card, CardKind
from cribdeck.rendering import Edition, card_fields, text_of
from cribdeck.settings import SheetSettings
from cribdeck.sheet.code_lines import for_paper
from cribdeck.sheet.long_words import break_long_words
from cribdeck.sheet.quotes import fit_quotes
from cribdeck.sheet.target import SheetTarget

PAPER = {"A4": (210, 297), "A3": (297, 420), "Letter": (216, 279), "Legal": (216, 356)}
_SMALLEST = (90, 64)
_MARGINS = (20, 20)
"""Millimetres, both sides together: printers leave a rim, and crop marks stand there."""
_CLOZE = re.compile(r"\{\{c\d+::(.*?)\}\}", re.DOTALL)
_BLANK = '<span class="blank"></span>'
_FOLD = re.compile(r"</?details[^>]*>|<summary>.*?</summary>", re.DOTALL)
_REGION = re.compile(r' tabindex="0" role="region" aria-label="[^"]*"(?=>)')
_LONG_QUESTION = 90


@dataclass(frozen=True, slots=True)
class Grid:
    """How cards lie on a sheet; measures in millimetres."""

    paper: tuple[int, int]
    columns: int
    rows: int
    card: tuple[int, int]


class _CardTarget(SheetTarget):
    """As on the sheet, but a card has no pages to refer to."""

    def link(self, file: str, reference: str) -> str | None:  # noqa: ARG002 — no reference leads anywhere here
        return None

    def related(self) -> Sequence[tuple[Place, str]]:
        """None: a card of paper shows only itself."""
        return ()


def grid_of(settings: SheetSettings) -> Grid:
    """As many cards as the paper takes upright, each as large as there is room."""
    width, height = PAPER[settings.paper]
    across, down = width - _MARGINS[0], height - _MARGINS[1]
    columns, rows = across // _SMALLEST[0], down // _SMALLEST[1]
    return Grid((width, height), columns, rows, (across // columns, down // rows))


def compose_cutouts(edition: Edition) -> tuple[str, tuple[Diagnostic, ...]]:
    """The HTML with a page for every face, and what making it found."""
    target = _CardTarget(edition)
    grid = grid_of(edition.settings.sheet)
    cards = []
    for card, identity in zip(edition.study.cards, edition.identities, strict=True):
        fields = card_fields(edition, card, identity, target)
        fields = {name: for_paper(_without_regions(html)) for name, html in fields.items()}
        cards.append(_faces(card, fields))
    html = edition.templates.render(
        "sheet/cutouts.html",
        labels=edition.labels,
        title=edition.settings.sheet.title or edition.name,
        theme=edition.settings.sheet.theme,
        styles=Markup("".join(map(edition.templates.text, ("theme.css", "sheet/sheet.css", "sheet/cutouts.css")))),  # noqa: S704
        width=grid.card[0],
        height=grid.card[1],
        cards=cards,
    )
    return break_long_words(fit_quotes(str(html))), tuple(target.diagnostics)


def _without_regions(html: Markup) -> Markup:
    """The field without what makes a box scroll on a screen."""
    return Markup(_REGION.sub("", html))  # noqa: S704 — attributes went, none came


def _faces(card: Card, fields: dict[str, Markup]) -> dict[str, Markup | str]:
    asked, answer = fields["Question"], fields["Answer"] or fields["Items"]
    if card.kind is CardKind.CLOZE:
        asked = Markup(_CLOZE.sub(_BLANK, fields["Text"]))  # noqa: S704 — rendered, and safe already
        answer = Markup(_CLOZE.sub(r"<mark>\1</mark>", fields["Text"]))  # noqa: S704
    if len(text_of(asked)) > _LONG_QUESTION:
        asked = Markup('<div class="asked long">{}</div>').format(asked)
    return {
        "number": fields["Number"],
        "hue": fields["Extra 1"],
        "trail": fields["Trail"],
        "asked": asked,
        "answer": answer,
        "sources": Markup(_FOLD.sub("", fields["Sources"])),  # noqa: S704 — tags went, none came
    }
