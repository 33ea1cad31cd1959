"""Blocks: what stands in a note, as a tree.

Text is `str`; `html` is inline HTML but for two kinds of reference that only rendering resolves: `IMAGE_ATTRIBUTE`
and `LINK_ATTRIBUTE`.
"""

import html
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec
from msgspec.structs import replace

_TAG = re.compile(r"<[^>]*>")
_MISSING_IMAGE = re.compile(r'<span class="missing-image">[^<]*</span>')


class BlockKind(StrEnum):
    """The kinds of block. What `Block.html` and `Block.info` hold depends on it."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"  # inside a block quote; info: the level
    BULLETS = "bullets"
    NUMBERS = "numbers"  # info: the first number, if it is not 1
    ITEM = "item"
    QUOTE = "quote"
    CALLOUT = "callout"  # info: note, tip, important, warning, caution; html: its title, if it has one
    CODE = "code"  # html: the code as plain text, not escaped; info: the language as typed
    MATH = "math"  # html: the formula as plain text, not escaped
    TABLE = "table"
    ROW = "row"  # info: "head" for the header's row
    CELL = "cell"  # info: left, center, right or ""
    DEFINITIONS = "definitions"
    TERM = "term"
    DEFINITION = "definition"
    LABEL = "label"  # a `label:` line alone; what it heads are the children; html: the label without its colon
    DETAILS = "details"  # html: the summary
    FOOTNOTES = "footnotes"
    FOOTNOTE = "footnote"  # info: its number
    RULE = "rule"
    SOURCE = "source"  # html: its title, info: its address; lifted out of the body when sections are made
    HTML = "html"  # html: a piece of raw HTML, not yet sanitized, perhaps unbalanced


class Block(msgspec.Struct, frozen=True):
    """A block of a section's body, as a tree.

    `html` is the inline content of a leaf: escaped, and safe but for raw inline HTML, which is sanitized with the
    whole fragment. References to pictures and to other sections stand in it as written (see `IMAGE_ATTRIBUTE`,
    `LINK_ATTRIBUTE`).
    """

    kind: BlockKind
    line: int
    html: str = ""
    children: tuple["Block", ...] = ()
    info: str = ""

    @property
    def text(self) -> str:
        """Its visible text and that of its children, markup taken off, pieces apart by a space."""
        if self.kind in (BlockKind.CODE, BlockKind.MATH):
            return self.html
        own = plain_text(self.html)
        return " ".join(part for part in (own, *(child.text for child in self.children)) if part)

    def walk(self) -> Iterator["Block"]:
        """Itself and all blocks below it, in order."""
        yield self
        for child in self.children:
            if child.children:
                yield from child.walk()
            else:
                yield child


def is_visible(blocks: Iterable[Block]) -> bool:
    """Whether there is anything to see in the blocks: text, a picture or its placeholder, a formula, code."""
    return any(
        block.kind is not BlockKind.SOURCE and (plain_text(block.html) or "<img" in block.html)
        for top in blocks
        for block in top.walk()
    )


def has_content(blocks: Iterable[Block]) -> bool:
    """Whether there is anything to learn in the blocks: `is_visible`, placeholders of missing pictures not counted."""
    return is_visible(
        replace(block, html=_MISSING_IMAGE.sub("", block.html), children=())
        for top in blocks
        for block in top.walk()
        if block.kind is not BlockKind.RULE
    )


IMAGE_ATTRIBUTE = "data-cd-image"
"""On `<img>`: the picture's path as the note has it (percent signs decoded), to be resolved beside the note."""

LINE_ATTRIBUTE = "data-cd-line"
"""On `<a>` beside the next: the line of the note, for diagnostics; the sanitizer drops it."""

LINK_ATTRIBUTE = "data-cd-link"
"""On `<a>`: a reference to a note or a heading as the note has it (`other.md#heading`, `Note#Heading`)."""


ACTIVE_MATH = re.compile(
    r"\\(href|url|style|class|cssId|data|bbox|mmlToken|require|unicode|includegraphics)(?![A-Za-z])"
)
"""Commands with which a formula loads something or leads somewhere, in the MathJax that Anki brings (3.2.2)."""


def plain_text(markup: str) -> str:
    """The visible text of a piece of inline HTML: tags off, entities decoded, white space folded."""
    text = html.unescape(_TAG.sub("", markup)) if "<" in markup or "&" in markup else markup
    return " ".join(text.split())
