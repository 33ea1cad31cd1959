"""What only all chapters together tell: the names of pages, where each anchor stands, what pages say, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from cribdeck.sheet import paging
from cribdeck.sheet.index_pages import PageText, index_html
from cribdeck.sheet.inspection import Finding, dead_links, settled
from cribdeck.sheet.record import digest
from cribdeck.sheet.typesetting import OPEN


@dataclass(frozen=True)
class MadeUp:
    """Chapters in their order, by their records (see `typesetting.print_chapter`)."""

    records: Sequence[Mapping[str, Any]]
    is_book: bool

    @cached_property
    def pages(self) -> list[Mapping[str, Any]]:
        """The transcripts of all pages."""
        return [page for record in self.records for page in record["pages"]]

    @cached_property
    def labels(self) -> list[str]:
        """The names of all pages."""
        return paging.labels_of([page["begins"] for page in self.pages], is_book=self.is_book)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The name of the page on which each anchor stands first."""
        pairs = list(zip(self.pages, self.labels, strict=True))
        return {name: label for page, label in reversed(pairs) for name in page["anchors"]}

    def index(self, terms: Sequence[Mapping[str, str]]) -> str:
        """The entries of the index."""
        pairs = zip(self.pages, self.labels, strict=True)
        words = [(label, PageText(*page["words"])) for page, label in pairs if not label.startswith(OPEN)]
        return index_html(terms, words)

    def digests(self) -> dict[str, str]:
        """What each page says, as a hash, by the pages' names."""
        return {
            label: digest([each if isinstance(each, str) else self._shown(each) for each in page["says"]])
            for page, label in zip(self.pages, self.labels, strict=True)
        }

    def _shown(self, slot: Sequence[Sequence[str]]) -> str:
        return "".join(self.numbers.get(content, "0") if kind == "page-of" else content for kind, content in slot)

    def findings(self) -> list[Finding]:
        """What is wrong on the pages."""
        kinds = {tuple(kind) for record in self.records for kind in record["kinds"]}
        firsts = accumulate((len(record["pages"]) for record in self.records), initial=0)
        found: list[Finding] = []
        for first, record in zip(firsts, self.records, strict=False):
            for finding in record["findings"]:
                page = finding["page"]
                found.append(finding | {"page": self.labels[first + int(page)] if page else ""})
        return [*settled(found, sorted(kinds)), *dead_links(self.pages)]

    def missing(self) -> tuple[str, ...]:
        """The characters that no font has."""
        codes = {code for record in self.records for use in record["fonts"] for code, _ in use["missing"]}
        return tuple(chr(code) for code in sorted(codes))
