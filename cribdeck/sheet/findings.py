"""What was found on the laid out pages, as diagnostics with the line of the note."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.model import Block, Document, Section, plain_text
from cribdeck.sheet.target import Anchors

_PAST = {"column": "its column", "page": "the page's end"}


def diagnostics_of(findings: Sequence[Mapping[str, Any]], documents: Sequence[Document]) -> tuple[Diagnostic, ...]:
    """One diagnostic a finding (see `inspection.Finding`)."""
    places = _Places(documents)
    return tuple(_diagnostic(finding, places) for finding in findings)


def _diagnostic(finding: Mapping[str, Any], places: "_Places") -> Diagnostic:
    text, page = finding["text"], finding["page"]
    place = places.of(finding["anchor"], text)
    match finding["kind"]:
        case "overflow":
            message = f"“{text}” reaches {finding['by']} mm past {_PAST[finding['past']]} on page {page}"
            return Diagnostic(Code.OVERFLOW, place, message, "break the line, or let the style sheet wrap it")
        case "half-empty":
            message = f"page {page} is {finding['share']} % full: “{text}”, which follows it, does not break"
            return Diagnostic(Code.HALF_EMPTY_PAGE, place, message, "part the table, list or code that stands there")
        case "dead-link":
            message = f"the link “{text}” to {finding['target']} leads nowhere on the sheet"
            return Diagnostic(Code.DEAD_LINK, place, message, "correct the template that writes it")
        case _:
            message = f"“{text}” is not on the sheet"
            return Diagnostic(Code.UNPRINTED_TEXT, place, message, "report this: it is a bug of cribdeck or WeasyPrint")


class _Places:
    """Finds the line of a note from the heading's anchor and the text."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._first = Place(documents[0].file, 1) if documents else Place("", 1)
        anchors = Anchors(tuple(documents))
        self._sections: dict[str, Section] = {}
        self._documents: dict[str, Document] = {}
        self._documents_in_order = documents
        for document in documents:
            self._documents.setdefault(anchors.of(Place(document.file, 1)), document)
            for section in document.walk():
                self._sections[anchors.of(section.place)] = section

    def of(self, anchor: str, text: str) -> Place:
        """The line where the text stands below that heading; else the heading's; else of the first that has it."""
        wanted = "".join(text.removesuffix("…").split())
        section, document = self._sections.get(anchor), self._documents.get(anchor)
        if section:
            blocks = [block for each in section.walk() for top in each.body for block in top.walk()]
            return _line_of(wanted, blocks, section.place.file) or section.place
        if document:
            blocks = [block for top in document.intro for block in top.walk()]
            return _line_of(wanted, blocks, document.file) or Place(document.file, 1)
        titled = [each.place for each in self._sections.values() if "".join(each.key.split()) == wanted]
        found = (_line_of(wanted, list(_blocks(each)), each.file) for each in self._documents_in_order)
        return next((place for place in (*titled, *found) if place), self._first)


def _blocks(document: Document) -> Iterator[Block]:
    for tops in (document.intro, *(section.body for section in document.walk())):
        for top in tops:
            yield from top.walk()


def _line_of(wanted: str, blocks: Sequence[Block], file: str) -> Place | None:
    found = [block for block in blocks if wanted and wanted in "".join(_plain(block).split())]
    return Place(file, found[-1].line) if found else None


def _plain(block: Block) -> str:
    return plain_text(block.html) or html.unescape(block.html)
