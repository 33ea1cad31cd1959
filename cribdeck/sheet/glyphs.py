"""Characters that no font of the machine can show, and where they stand."""

import html
from collections.abc import Iterator, Sequence

from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.model import Document
from cribdeck.sheet.fonts import package_for


def missing_glyphs(missing: Sequence[str], documents: Sequence[Document]) -> tuple[Diagnostic, ...]:
    """A diagnostic a character, at the first place where it stands."""
    wanted = set(missing)
    found: dict[str, Place] = {}
    for place, text in _texts(documents):
        for char in wanted & set(text) if wanted - found.keys() else ():
            found.setdefault(char, place)
    return tuple(_diagnostic(char, found[char]) for char in sorted(found))


def _texts(documents: Sequence[Document]) -> Iterator[tuple[Place, str]]:
    """All text with its place, in the order of the notes."""
    for document in documents:
        for top in document.intro:
            for block in top.walk():
                yield Place(document.file, block.line), html.unescape(block.html)
        for section in document.walk():
            yield section.place, html.unescape(section.title)
            for top in section.body:
                for block in top.walk():
                    yield Place(document.file, block.line), html.unescape(block.html)
            for source in section.sources:
                yield Place(document.file, source.line), source.title + source.host


def _diagnostic(char: str, place: Place) -> Diagnostic:
    package = package_for(char)
    hint = f"install a font that has it (on Debian: {package})" if package else "install a font that has it"
    return Diagnostic(Code.MISSING_GLYPH, place, f"no font shows “{char}” (U+{ord(char):04X})", hint)
