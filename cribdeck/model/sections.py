"""Notes: from the file to its tree of sections."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from cribdeck.diagnostics import Diagnostic, Place
from cribdeck.model.blocks import Block


class SourceFile(msgspec.Struct, frozen=True):
    r"""A note as it lies on the disk, decoded.

    Attributes:
        path: Relative to the notes folder, with forward slashes.
        text: The whole text; line ends are `\n`, no byte order mark.
        digest: SHA-256 of the bytes, in hexadecimal.
        modified: Time of the last change, in whole seconds since 1970.
    """

    path: str
    text: str
    digest: str
    modified: int


class Source(msgspec.Struct, frozen=True):
    """A link that is given as a source: shown once, at the section's foot.

    `title` is empty where the note gives none; `host` is the address's host without `www.`.
    """

    url: str
    title: str
    host: str
    line: int


class Role(StrEnum):
    """What a heading is to the learner: each heading is exactly one of these."""

    QUESTION = "question"
    OVERVIEW = "overview"
    COMPARISON = "comparison"
    GAP = "gap"
    CONTAINER = "container"


class Directives(msgspec.Struct, frozen=True):
    """What `<!-- card: … -->` comments and heading attributes ask of one section."""

    skip: bool = False
    reverse: bool = False
    cloze: bool = False
    split: bool = False
    table: bool = False
    rows: bool = False
    cells: bool = False
    id: str = ""
    tags: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """A heading and what stands under it, up to the next heading.

    Attributes:
        place: Of the heading.
        level: 1 to 6, as typed; the tree's depth may be less where a level is skipped.
        title: The heading as inline HTML, scaffolding (anchors, "back to top" links, trailing #s) dropped.
        key: The title as plain text, the question's name in ledger and trail.
        body: The blocks, without those of sub-sections and without lines that are only sources.
        trail: The keys of the headings above, outermost first.
    """

    place: Place
    level: int
    title: str
    key: str
    body: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    children: tuple["Section", ...] = ()
    trail: tuple[str, ...] = ()
    directives: Directives = msgspec.field(default_factory=Directives)

    def walk(self) -> Iterator["Section"]:
        """Itself and all sections below it, in the order of the note."""
        yield self
        for child in self.children:
            yield from child.walk()


class Document(msgspec.Struct, frozen=True):
    """A note as a tree of sections.

    Attributes:
        file: As `SourceFile.path`.
        name: From the front matter, else the file's name without its ending.
        title: From the front matter, else the only top-level heading's text, else the file's name.
        intro: The blocks before the first heading.
        tags: From the front matter.
        cards: From the front matter: which kinds of card this note makes, against the settings.
        pictures: Each picture as typed, and its path in the notes folder, "" where it is not there.
        diagnostics: What reading found.
    """

    file: str
    name: str
    title: str
    modified: int
    intro: tuple[Block, ...] = ()
    intro_sources: tuple[Source, ...] = ()
    sections: tuple[Section, ...] = ()
    tags: tuple[str, ...] = ()
    cards: tuple[tuple[str, bool], ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def walk(self) -> Iterator[Section]:
        """All sections, in the order of the note."""
        for section in self.sections:
            yield from section.walk()
