"""The sheet in chapters: parts that begin on a page of their own, and are laid out and kept each by itself.

A chapter's HTML is the page's with everything taken out that stands in other chapters. What the page margins say of
those (the running section) is carried in by a page of empty headings before the chapter, which is thrown away.
"""

import functools
import hashlib
import html
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cribdeck.sheet.flows import PIECE, Piece
from cribdeck.sheet.measure import Geometry

_MARK = "<!--chapter-->"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(r"</(?:p|li|tr|h\d|dd|summary)>|</span>(?=<span class=\"line\")")
_BYTES_A_LINE = 1.35
"""Bytes of text in UTF-8 that fill as much of a line as half an em: a Han character has three and takes two."""
_TITLED = re.compile(r'<(h[1-6]|header|section)\b([^>]*\bdata-(?:title|colophon)="[^>]*)>')
_SHOWN = re.compile(r' (?:class|data-title|data-colophon)="[^"]*"')
_PAGE_END = re.compile(r"</body>\s*</html>\s*\Z")
_RULE = re.compile(r"([^{}]*)\{[^{}]*string-set\s*:\s*([^;}]*)")
_ONE_PIECE = re.compile(
    r"counters?\(\s*pages?\b|target-(?:counter|text)|\bposition:\s*running|\belement\(|float:\s*footnote"
    r"|@page[^{]*:(?:left|right|blank|nth)|\bbreak-(?:before|after):\s*(?:left|right|recto|verso)"
)
"""What a style sheet may ask of the pages that no chapter knows of by itself."""

_SECTIONS = (3.0, 9.0)
_NOTES = (2.5, 9.0)
"""Pages: how long a chapter of a book, or of a sheet, is at least, and from where on it ends at the next section."""
_ONE_OF = 3
"""One of so many sections ends a chapter between these, by its name: so cuts stay where they are when others move."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the page: its HTML without marks of pieces in `html`, with them in `marked`.

    `carried`: its first page is to be thrown away.
    """

    marked: str
    carried: bool = False

    @property
    def html(self) -> str:
        """What is laid out."""
        return without_marks(self.marked)


def without_marks(marked: str) -> str:
    """HTML without the marks of its pieces."""
    return PIECE.sub(r"\3", marked)


def begin_chapters(pieces: Iterable[Piece], geometry: Geometry, *, is_book: bool) -> Iterator[Piece]:
    """The pieces, those marked with which a chapter begins.

    In a book any section may begin one, as each begins a page anyhow, and the first does, so that the contents stand
    by themselves. On a sheet that would leave a part of a page empty, so that notes are gathered to some pages.
    """
    least, most = _SECTIONS if is_book else _NOTES
    pages, is_first = 0.0, True
    for piece in pieces:
        name = piece.note or piece.section
        # In a book a section begins on a page of its own, however much of the one before is empty.
        pages = math.ceil(pages) if is_book and name else pages
        if (name and _begins(name, pages, (least, most), whole=is_book or bool(piece.note))) or (is_book and is_first):
            piece, pages = replace(piece, chapter=True), 0.0  # noqa: PLW2901
        is_first = False
        pages += (
            estimated_lines(piece.html, geometry.page if piece.wide else geometry.column)
            * (geometry.columns if piece.wide else 1)
            / (geometry.columns * geometry.lines)
        )
        yield piece


def _begins(name: str, pages: float, limits: tuple[float, float], *, whole: bool) -> bool:
    least, most = limits
    if pages < least:
        return False
    return pages >= most or (whole and hashlib.sha256(name.encode()).digest()[0] % _ONE_OF == 0)


def estimated_lines(piece: str, width: float) -> float:
    """The lines that a piece takes, about, by the length of its text in bytes; `width` in half ems."""
    text = len(_TAG.sub("", piece).encode())
    return text / _BYTES_A_LINE / width + 0.6 * len(_BLOCK_END.findall(piece)) + 0.5


def split(page: str) -> tuple[str, tuple[Chapter, ...]]:
    """The styles of a page, and its chapters; just one where its styles ask for what only the whole can give."""
    styles = "".join(_STYLE.findall(page.partition("</head>")[0]))
    head, _, body = page.partition("<body>")
    head = _STYLE.sub("", head) + "<body>"
    selectors = _setting_strings(styles)
    if selectors is None:
        return styles, (whole_of(head + body),)
    front, *rest = body.split(_MARK)
    updated = _updated(front)
    carried: dict[str, str] = {}
    chapters = [Chapter(f"{head}{_closed(front)}" if rest else head + front)]
    _carry(carried, front, selectors)
    for part in rest:
        before = "".join(carried.values()).replace(updated, "‹updated›") if updated else "".join(carried.values())
        opened = f'<div style="break-after: page">{before}</div><main>'
        chapters.append(Chapter(f"{head}{opened}{_closed(part)}", carried=True))
        _carry(carried, part, selectors)
    return styles, tuple(chapters)


def _closed(part: str) -> str:
    """A part of the body with all ends that a page has, each once."""
    part = _PAGE_END.sub("", part)
    return f"{part}{'' if '</main>' in part else '</main>'}</body></html>"


def whole_of(page: str) -> Chapter:
    """The page in one piece."""
    return Chapter(page.replace(_MARK, ""))


def updated_of(page: str) -> str:
    """The date that stands in the page's margins; "" where none does."""
    return _updated(page)


def _updated(front: str) -> str:
    found = re.search(r'data-colophon="[^"]* (\d{4}-\d\d-\d\d)"', front)
    return found[1] if found else ""


@functools.lru_cache(maxsize=8)
def _setting_strings(styles: str) -> str | None:
    """The selectors of the rules that set running strings; None where the page can't be parted: one takes more than an
    attribute or a word, or a rule asks for the whole.
    """
    if _ONE_PIECE.search(styles):
        return None
    rules = _RULE.findall(styles)
    plain = all(re.sub(r'attr\([\w-]+\)|"[^"]*"|[\w-]+|[\s,]', "", value) == "" for _, value in rules)
    return " ".join(selector for selector, _ in rules) if plain else None


def _carry(carried: dict[str, str], part: str, selectors: str) -> None:
    """Remember the last element of each kind that sets a running string, without what is in it."""
    for found in _TITLED.finditer(part):
        tag, attributes = found[1], "".join(_SHOWN.findall(found[2]))
        kind = re.search(r'class="([\w-]+)', attributes)
        name = kind[1] if kind else tag
        if name in selectors or tag in selectors.split():
            carried.pop(name, None)
            carried[name] = f"<{tag}{attributes}></{tag}>"


def pieces_of(chapter: Chapter) -> list[re.Match[str]]:
    """The pieces in a chapter."""
    return list(PIECE.finditer(chapter.marked))


def with_pieces(chapter: Chapter, replaced: dict[int, str]) -> Chapter:
    """The chapter with others in the place of some of its pieces, by their numbers from 0."""
    numbers = iter(range(len(chapter.marked)))

    def put(found: re.Match[str]) -> str:
        at = next(numbers)
        return replaced[at] if at in replaced else found[0]

    return replace(chapter, marked=PIECE.sub(put, chapter.marked))


def text_of(piece: str) -> str:
    """The text of a piece on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", piece)).split())


def key_of(parts: Sequence[str]) -> str:
    """A name for what these make, in a cache."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]
