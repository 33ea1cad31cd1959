"""The sheet's matter in the order of the notes, as runs that stand in columns or over all of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup

from cribdeck.diagnostics import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """A block-level element.

    Attributes:
        html: The element.
        wide: Whether it needs the page's whole width.
        leads: Whether it belongs to what follows, as a heading does.
        opens: Whether it opens a numbered section.
        pages: The label of the section that begins with it and has its pages to itself; "" where none does.
        note: The file of the note that begins with it; "" where none does.
        section: What the numbered section that begins with it is known by; "" where none does.
        place: Where it stands in the notes.
        chapter: Whether a chapter begins with it (see `chapters`).
    """

    html: Markup
    wide: bool = False
    leads: bool = False
    opens: bool = False
    pages: str = ""
    note: str = ""
    section: str = ""
    place: Place | None = None
    chapter: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Pieces that are laid out together. Columns never hold another container of columns, nor anything that spans
    them: nested columns take WeasyPrint (70.0) four to seven times as long a level, and a spanning element may be only
    a direct child.
    """

    wide: bool
    pieces: tuple[Markup, ...]
    pages: str = ""
    chapter: bool = False


PIECE = re.compile(r"<!--piece (\d+) (.*?)-->(.*?)<!--end-->", re.DOTALL)
"""A piece in the page's HTML: its line, its note's file as it is in an address, and the piece itself."""


def marked(piece: Piece) -> Markup:
    """The piece between marks that tell its place, so that it can be found again in the page's HTML."""
    if piece.place is None:
        return piece.html
    mark = Markup(f"<!--piece {piece.place.line} {quote(piece.place.file)}-->")  # noqa: S704 — no markup in it
    return mark + piece.html + Markup("<!--end-->")


def flows_of(pieces: Iterable[Piece]) -> Iterator[Flow]:
    """Gather pieces into flows; headings that lead up to a wide piece go with it."""
    gathered: list[Piece] = []
    for piece in pieces:
        if gathered and (piece.pages or piece.chapter):
            yield _flow(gathered)
            gathered = []
        elif gathered and piece.wide != gathered[-1].wide:
            leading = _leading(gathered) if piece.wide else 0
            kept = gathered[: len(gathered) - leading]
            if kept:
                yield _flow(kept)
            gathered = gathered[len(gathered) - leading :]
        gathered.append(piece)
        if piece.wide:
            gathered = [replace(each, wide=True) for each in gathered]
    if gathered:
        yield _flow(gathered)


def _leading(pieces: list[Piece]) -> int:
    """How many pieces at the end lead up to what follows."""
    count = 0
    while count < len(pieces) and pieces[-1 - count].leads:
        count += 1
    return count


def _flow(pieces: list[Piece]) -> Flow:
    """Headings and what they lead up to, as entries. Room is left below each, never above, so that the tops of
    columns are level: WeasyPrint (70.0) keeps a margin at the top of a column.
    """
    entries: list[Markup] = []
    leading = Markup()
    for at, piece in enumerate(pieces):
        leading += marked(piece)
        is_last = at + 1 == len(pieces)
        if not piece.leads or is_last or pieces[at + 1].opens:
            kind = "entry closing" if not is_last and pieces[at + 1].opens else "entry"
            entries.append(Markup('<div class="{}">{}</div>').format(kind, leading))
            leading = Markup()
    return Flow(pieces[0].wide, tuple(entries), pieces[0].pages, pieces[0].chapter)
