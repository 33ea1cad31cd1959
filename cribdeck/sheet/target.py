"""How pictures, references and formulas of the notes are written on the sheet."""

import html
import posixpath
import re
from collections.abc import Iterator

from markupsafe import Markup

from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.model import IMAGE_ATTRIBUTE, Block, Document
from cribdeck.rendering import Edition
from cribdeck.sheet.formulas import draw
from cribdeck.sheet.pictures import Unusable, data_uri

_IMAGE = re.compile(rf'{IMAGE_ATTRIBUTE}="([^"]*)"')


_UNNAMED = re.compile(r'(<img src="([^"]*)") alt=""')


class SheetTarget:
    """Pictures are embedded, references lead to anchors of the page, formulas are drawn.

    `diagnostics` grows with every picture that can't be used.
    """

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._anchors = Anchors(edition.study.documents)
        self._pictures: dict[str, str | None] = {}
        self.diagnostics: list[Diagnostic] = []

    def image(self, path: str) -> str | None:
        """The picture as a `data:` address; None where it can't be used."""
        if path not in self._pictures:
            self._pictures[path] = self._picture(path)
        return self._pictures[path]

    def _picture(self, path: str) -> str | None:
        try:
            return data_uri(path, self._edition.read_media(path))
        except (OSError, Unusable) as error:
            why = error if isinstance(error, Unusable) else f"can't be read: {error.strerror or error}"
            place = _first_use(self._edition.study.documents, path)
            hint = "save it as PNG, JPEG or plain SVG"
            self.diagnostics.append(Diagnostic(Code.UNUSABLE_IMAGE, place, f"picture {path} {why}", hint))
            return None

    def with_names(self, page: str) -> str:
        """The page with the file's name for what a picture shows, where its note says nothing: readers read it out."""
        names = {uri: posixpath.basename(path) for path, uri in self._pictures.items() if uri}
        return _UNNAMED.sub(lambda found: f'{found[1]} alt="{html.escape(names.get(found[2], ""))}"', page)

    def link(self, file: str, reference: str) -> str | None:
        """The anchor of the heading that is meant."""
        place = self._edition.study.links.get((file, reference))
        return f"#{self._anchors.of(place)}" if place else None

    def math(self, source: str, *, display: bool) -> Markup:
        """The formula as a drawing."""
        return draw(source, display=display)


class Anchors:
    """Names of places on the page: the note's position and the heading's line."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self._numbers = {document.file: number for number, document in enumerate(documents, start=1)}

    def of(self, place: Place) -> str:
        """The anchor of a heading, or of a row of a table."""
        return f"n{self._numbers[place.file]}-{place.line}"


def blocks_of(document: Document) -> Iterator[Block]:
    """Every block of a note, in order."""
    for top in document.intro:
        yield from top.walk()
    for section in document.walk():
        for top in section.body:
            yield from top.walk()


def _first_use(documents: tuple[Document, ...], path: str) -> Place:
    for document in documents:
        for block in blocks_of(document):
            if any(html.unescape(found) == path for found in _IMAGE.findall(block.html)):
                return Place(document.file, block.line)
    return Place(path, 1)
