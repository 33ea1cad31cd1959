"""From the blocks of a section to the cells of a row: labels, list items, sentences."""

import re
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from cribdeck.comparisons.recognition import Subjects
from cribdeck.comparisons.rows import RowDraft, with_children
from cribdeck.comparisons.sentences import pieces
from cribdeck.comparisons.spelling import spelling
from cribdeck.diagnostics import Place
from cribdeck.markdown.labels import label_of
from cribdeck.model import Block, BlockKind, plain_text

LISTS = (BlockKind.BULLETS, BlockKind.NUMBERS)
_FOLLOWS = (*LISTS, BlockKind.CODE, BlockKind.TABLE, BlockKind.DEFINITIONS, BlockKind.MATH)
_ABOUT = re.compile(
    r"\s*(?:的|有以下|的主要|有如下)?\s*(?:特点|优点|缺点|优势|劣势|不足|优缺点|特征|特性|作用|原理|缺陷|适用场景|使用场景|场景|用途|定义|概念|流程|步骤|pros|cons"
    r"|advantages|disadvantages|features|use cases)",
    re.IGNORECASE,
)


class Entry(msgspec.Struct, frozen=True):
    """A list's item or a definition: its label (inline HTML, "" where it has none), what it says, and itself."""

    label: str
    blocks: tuple[Block, ...]
    line: int
    source: Block


class Allotment(msgspec.Struct, frozen=True):
    """Puts blocks into cells.

    Attributes:
        subjects: Of the comparison.
        by_sentences: Whether sentences are parted among the subjects; else only labels and headings count.
    """

    subjects: Subjects
    by_sentences: bool

    def fill(self, blocks: Sequence[Block], row: RowDraft) -> list[Block]:
        """Put what speaks of one subject into its cell; give back the rest."""
        rest: list[Block] = []
        leading: int | None = None
        for block in blocks:
            if leading is not None and block.kind in _FOLLOWS:
                row.cells[leading].append(block)
                leading = None
                continue
            before = [len(cell) for cell in row.cells]
            left = self._one(block, row)
            rest += left
            leading = None if left or not leads_on(block) else _grown(row, before)
        return rest

    def rows(self, block: Block, file: str) -> list[RowDraft] | None:
        """The rows of a list whose items are aspects, each saying something of the subjects; None for another block.

        An item is an aspect if it fills two cells; the others of its list go along, spanning, if they are fewer.
        """
        drafts = []
        for entry in entries(block):
            draft = RowDraft(entry.label, Place(file, entry.line), len(self.subjects))
            if self._named(entry.label) is not None:
                return None
            draft.span += self.fill(entry.blocks, draft)
            drafts.append(draft)
        told = sum(draft.filled >= 2 for draft in drafts)
        return (
            drafts
            if told and 2 * told >= len(drafts) and all(draft.filled or draft.aspect for draft in drafts)
            else None
        )

    def _one(self, block: Block, row: RowDraft) -> list[Block]:
        if block.kind is BlockKind.PARAGRAPH:
            return self._paragraph(block, row)
        found = entries(block)
        if not found:
            return [block]
        targets = [self._target(entry) for entry in found]
        named = {target for target in targets if target is not None}
        # A list of which only one item names a subject is about something else, unless it is that one alone.
        if len(named) < 2 and len(found) > 1 and None in targets:
            return [block]
        rest = []
        for entry, target in zip(found, targets, strict=True):
            if target is None:
                rest.append(entry)
            else:
                is_label = self._named(entry.label) is not None
                row.cells[target] += self.labelled(entry, target) if is_label else _whole(entry)
        return _left(block, rest)

    def _named(self, label: str) -> int | None:
        """The subject that a label (inline HTML) names: `Spark`, and `Spark 的特点` too."""
        text = plain_text(label)
        index = self.subjects.index(text) if text else None
        if index is not None or not text:
            return index
        found = self.subjects.leading(text)
        is_about = found and _ABOUT.fullmatch(text[found[1] :]) and len(set(self.subjects.mentioned(text))) == 1
        return found[0] if found and is_about else None

    def _target(self, entry: Entry) -> int | None:
        """The subject that an entry is about: by its label, else by its sentences."""
        index = self._named(entry.label)
        if index is not None or not self.by_sentences or not entry.blocks:
            return index
        first = entry.blocks[0]
        if entry.label or first.kind is not BlockKind.PARAGRAPH:
            return None
        found = {piece.index for piece in pieces(first.html, self.subjects)}
        return found.pop() if len(found) == 1 else None

    def _paragraph(self, block: Block, row: RowDraft) -> list[Block]:
        split = label_of(block.html)
        index = self._named(split[0]) if split and split[1] else None
        if split and index is not None:
            text = (replace(block, html=split[1]),)
            row.cells[index] += self.labelled(Entry(split[0], text, block.line, block), index)
            return []
        found = pieces(block.html, self.subjects) if self.by_sentences else []
        if all(piece.index is None for piece in found):
            return [block]
        for piece in found:
            # What speaks of both spans the row that the others fill.
            (row.span if piece.index is None else row.cells[piece.index]).append(replace(block, html=piece.html))
        return []

    def labelled(self, entry: Entry, index: int) -> list[Block]:
        """What an entry says of a subject; its label stays where it says more than the column's head."""
        if spelling(plain_text(entry.label)) in spelling(self.subjects.names[index]):
            return list(entry.blocks)
        label = f"<strong>{entry.label}</strong>"
        if entry.blocks and entry.blocks[0].kind is BlockKind.PARAGRAPH:
            first = entry.blocks[0]
            return [replace(first, html=f"{label}：{first.html}"), *entry.blocks[1:]]
        return [Block(BlockKind.PARAGRAPH, entry.line, label), *entry.blocks]


def entries(block: Block) -> list[Entry]:
    """What a block is made of, if it is a list, a label with what it heads, or definitions; empty for others."""
    if block.kind is BlockKind.LABEL and block.info != "alone":
        return [Entry(block.html, block.children, block.line, block)]
    if block.kind is BlockKind.DEFINITIONS:
        terms = [child for child in block.children if child.kind is BlockKind.TERM]
        texts = [child for child in block.children if child.kind is BlockKind.DEFINITION]
        if len(terms) == len(texts):
            return [Entry(term.html, text.children, term.line, text) for term, text in zip(terms, texts, strict=True)]
    return [_item(item) for item in block.children] if block.kind in LISTS else []


def _item(item: Block) -> Entry:
    first = item.children[0] if item.children else None
    if first is None or first.kind is not BlockKind.PARAGRAPH:
        if first is not None and first.kind is BlockKind.LABEL and len(item.children) == 1:
            return Entry(first.html, first.children, item.line, item)
        return Entry("", item.children, item.line, item)
    split = label_of(first.html)
    if not split:
        return Entry("", item.children, item.line, item)
    label, text = split
    head = (replace(first, html=text),) if text else ()
    return Entry(label, (*head, *item.children[1:]), item.line, item)


def _whole(entry: Entry) -> list[Block]:
    return list(entry.source.children) if entry.source.kind is BlockKind.ITEM else list(entry.blocks)


def _left(block: Block, rest: Sequence[Entry]) -> list[Block]:
    """A block without the entries that went to cells."""
    if not rest:
        return []
    if block.kind is not BlockKind.DEFINITIONS:
        return [with_children(block, [entry.source for entry in rest])]
    children: list[Block] = []
    for entry in rest:
        children += [Block(BlockKind.TERM, entry.line, entry.label), entry.source]
    return [with_children(block, children)]


def leads_on(block: Block) -> bool:
    """Whether a paragraph ends with a colon: what comes next belongs to it."""
    return block.kind is BlockKind.PARAGRAPH and block.text.endswith(("：", ":"))


def _grown(row: RowDraft, before: Sequence[int]) -> int | None:
    """The one cell that something was put into."""
    grown = [index for index, cell in enumerate(row.cells) if len(cell) > before[index]]
    return grown[0] if len(grown) == 1 else None
