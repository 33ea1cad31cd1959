"""The index of a book, made of the text of its laid out pages: for each term the pages where it stands."""

import functools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import accumulate, groupby
from typing import Any

from cribdeck.sheet.boxes import Placed, is_generated, text_of

_MOST_PAGES = 8
"""A term that stands on more pages is given those that have most to say of it."""
_BOLD = 600
_PRINCIPAL = 6
"""What an occurrence in a heading or in bold counts, against one in running text."""
_BETWEEN = re.compile(r"[\s\-_]+")
_LATIN = re.compile(r"[A-Za-z0-9]")
_PLAIN_TERM = re.compile("[\u3400-\u9fff]+")
"""It has but one spelling, and may stand anywhere."""


@dataclass(slots=True)
class PageText:
    """The text of a page in one string, and from which offset on which heading and weight hold."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)

    def add(self, text: str, anchor: str, *, bold: bool) -> None:
        if self.text and _LATIN.match(self.text[-1]) and _LATIN.match(text):
            self.text += " "
        self.starts.append(len(self.text))
        self.anchors.append(anchor)
        self.bold.append(bold)
        self.text += text

    @classmethod
    def of(cls, placed: Iterable[Placed]) -> "PageText":
        """The text of a laid out page below its first heading."""
        text = cls()
        last = None
        for each in placed:
            content = text_of(each.box)
            if not content or is_generated(each.box) or not each.anchor:
                continue
            if last is not None and each.box.element is not last:
                text.text += " " if content[0].isspace() else ""
            text.add(content, each.anchor, bold=each.box.style["font_weight"] >= _BOLD)
            last = each.box.element
        return text

    def as_data(self) -> list[Any]:
        """The fields in their order, as JSON has them."""
        return [self.text, self.starts, self.anchors, self.bold]


def index_html(terms: Iterable[Mapping[str, str]], pages: Iterable[tuple[str, PageText]]) -> str:
    """The entries of the index, letter by letter.

    Args:
        terms: `text` and `letter` of each, in order.
        pages: Each page's name and text.
    """
    texts = _Texts(list(pages))
    html = []
    for letter, group in groupby(terms, key=lambda term: term["letter"]):
        lines = [line for term in group if (line := _entry(term["text"], texts.with_term(term["text"])))]
        if lines:
            html += [f'<p class="letter">{escape(letter)}</p>', *lines]
    return "\n".join(html)


class _Texts:
    """All pages in one string without what may stand between the parts of a term, so that a term is found at once."""

    def __init__(self, pages: Sequence[tuple[str, PageText]]) -> None:
        self._pages = pages
        folded = [_folded(page.text) for _, page in pages]
        self._text = "\0".join(folded)
        self._ends = list(accumulate(len(text) + 1 for text in folded))

    def with_term(self, term: str) -> list[tuple[str, PageText]]:
        """The pages on which a term may stand, and few others."""
        wanted = _folded(term)
        found: list[tuple[str, PageText]] = []
        at = self._text.find(wanted)
        while at >= 0:
            number = bisect_right(self._ends, at)
            found.append(self._pages[number])
            at = self._text.find(wanted, self._ends[number])
        return found


def _folded(text: str) -> str:
    return _BETWEEN.sub("", text).casefold()


def _entry(term: str, texts: Sequence[tuple[str, PageText]]) -> str:
    weights: Counter[str] = Counter()
    anchors: dict[str, str] = {}
    principal: defaultdict[str, bool] = defaultdict(bool)
    for label, page in texts:
        for start in _starts(term, page.text):
            at = bisect_right(page.starts, start) - 1
            weights[label] += _PRINCIPAL if page.bold[at] else 1
            if label not in anchors or (page.bold[at] and not principal[label]):
                anchors[label] = page.anchors[at]
            principal[label] |= page.bold[at]
    chosen = {label for label, _ in weights.most_common(_MOST_PAGES)}
    links = []
    for label, _ in texts:
        if label in chosen:
            chosen.discard(label)
            link = f'<a href="#{anchors[label]}">{label}</a>'
            links.append(f"<b>{link}</b>" if principal[label] else link)
    return f'<p class="term">{escape(term)}\u2002{", ".join(links)}</p>' if links else ""


def _starts(term: str, text: str) -> Iterator[int]:
    """Where a term stands in a text."""
    if not _PLAIN_TERM.fullmatch(term):
        yield from (found.start() for found in _pattern(term).finditer(text))
        return
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + len(term))


@functools.cache
def _pattern(term: str) -> re.Pattern[str]:
    """The term in any spelling of its spaces, hyphens and capitals, and never inside a longer Latin word."""
    parts = [re.escape(part) for part in re.split(r"[\s\-_]+|(?<=[a-z])(?=[A-Z])", term) if part]
    before = "(?<![A-Za-z0-9])" if term[0].isascii() else ""
    after = "(?![A-Za-z0-9])" if term[-1].isascii() else ""
    return re.compile(before + r"[\s\-_]*".join(parts) + after, re.IGNORECASE)
