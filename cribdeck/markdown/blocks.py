"""From markdown-it's flat tokens to a tree of blocks."""

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from msgspec.structs import replace

from cribdeck.diagnostics import Code
from cribdeck.markdown.inline import Reading, formula_dangers, render
from cribdeck.markdown.lines import paragraph
from cribdeck.model import Block, BlockKind

_CALLOUT = re.compile(r"\s*\[!([A-Za-z]+)\][+-]?\s*")
_ATTRIBUTES = re.compile(r"\{((?:[#.][\w:.\-/\u0080-\U0010ffff]++\s*+)++)\}\s*$")
_CALLOUT_KINDS = {
    "note": "note", "info": "note", "abstract": "note", "summary": "note", "todo": "note", "example": "note",
    "quote": "note", "tip": "tip", "hint": "tip", "success": "tip", "check": "tip", "important": "important",
    "question": "important", "faq": "important", "warning": "warning", "attention": "warning", "caution": "caution",
    "danger": "caution", "error": "caution", "bug": "caution", "failure": "caution",
}  # fmt: skip
_CONTAINERS = {
    "bullet_list": BlockKind.BULLETS,
    "ordered_list": BlockKind.NUMBERS,
    "list_item": BlockKind.ITEM,
    "blockquote": BlockKind.QUOTE,
    "dl": BlockKind.DEFINITIONS,
    "dd": BlockKind.DEFINITION,
    "footnote_block": BlockKind.FOOTNOTES,
    "footnote": BlockKind.FOOTNOTE,
}


class BlockReader:
    """Reads the tokens of one note, front to back."""

    def __init__(self, tokens: Sequence[Token], md: MarkdownIt, reading: Reading, source: Sequence[str]) -> None:
        self._tokens = tokens
        self._md = md
        self._reading = reading
        self._source = source
        self._at = 0
        self._line = 1

    def read(self, close: str = "") -> tuple[Block, ...]:
        """The blocks up to the token `close` (which is passed), labels heading what follows them."""
        blocks: list[Block] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == close:
                break
            if token.map:
                self._line = token.map[0] + 1
            leaf = _LEAVES.get(token.type)
            name = token.type.removesuffix("_open")
            if leaf:
                blocks += leaf(self, token)
            elif name in _CONTAINERS:
                blocks.append(self._container(token, _CONTAINERS[name], f"{name}_close"))
        return tuple(gather_labels(blocks))

    def _container(self, token: Token, kind: BlockKind, close: str) -> Block:
        line = self._line
        if kind is BlockKind.QUOTE and (callout := self._callout(line)):
            return callout
        children = self.read(close)
        info = ""
        if kind is BlockKind.NUMBERS and token.attrs.get("start", 1) != 1:
            info = str(token.attrs["start"])
        elif kind is BlockKind.FOOTNOTE:
            info = str(token.meta["id"] + 1)
        elif kind is BlockKind.ITEM and token.meta and "checked" in token.meta:
            info = "done" if token.meta["checked"] else "open"
        return Block(kind, line, children=children, info=info)

    def _callout(self, line: int) -> Block | None:
        """A quote that begins with `[!KIND] title` (GitHub's and Obsidian's form); None where it is a plain quote."""
        if self._at + 1 >= len(self._tokens) or self._tokens[self._at].type != "paragraph_open":
            return None
        inline = self._tokens[self._at + 1]
        found = _CALLOUT.match(inline.content)
        kind = _CALLOUT_KINDS.get(found[1].lower()) if found else None
        if not found or kind is None:
            return None
        # The title is what stands on the mark's own line; the paragraph's other lines are the text.
        mark, _, rest = inline.content.partition("\n")
        title = self._md.parseInline(mark[found.end() :])[0]
        title.map = [line - 1, line]
        if rest:
            inline.content = rest
            inline.children = self._md.parseInline(rest)[0].children
            inline.map = [line, line + rest.count("\n") + 1]
        else:
            self._at += 3
        return Block(BlockKind.CALLOUT, line, self._render(title), self.read("blockquote_close"), info=kind)

    def _inline(self) -> Token:
        """The inline token that follows, and past its closing token."""
        inline = self._tokens[self._at]
        self._at += 2
        return inline

    def _render(self, inline: Token) -> str:
        line = inline.map[0] + 1 if inline.map else self._line
        return render(inline.children or [], self._md, self._reading, line).strip()

    def paragraph(self, _: Token) -> tuple[Block, ...]:
        return paragraph(self._inline(), self._md, self._reading)

    def heading(self, token: Token) -> tuple[Block, ...]:
        line = self._line
        inline = self._inline()
        attributes = ""
        last = inline.children[-1] if inline.children else None
        if (
            last
            and last.type == "text"
            and (found := _ATTRIBUTES.search(last.content, max(0, last.content.rfind("{"))))
        ):
            attributes = found[1]
            last.content = last.content[: found.start()].rstrip()
        return (Block(BlockKind.HEADING, line, self._render(inline), info=f"{token.tag[1:]} {attributes}".strip()),)

    def rule(self, _: Token) -> tuple[Block, ...]:
        return (Block(BlockKind.RULE, self._line),)

    def term(self, _: Token) -> tuple[Block, ...]:
        return (Block(BlockKind.TERM, self._line, self._render(self._inline())),)

    def details(self, _: Token) -> tuple[Block, ...]:
        line = self._line
        inline = self._tokens[self._at]
        self._at += 1
        summary = self._render(inline)
        return (Block(BlockKind.DETAILS, line, summary, self.read("details_close")),)

    def code(self, token: Token) -> tuple[Block, ...]:
        info = token.info.strip()
        if token.type == "fence" and token.map and not self._is_closed(token):
            self._reading.tell(
                Code.UNCLOSED_FENCE, self._line, "code block is never closed", f"end it with a line {token.markup}"
            )
        return (Block(BlockKind.CODE, self._line, token.content.rstrip("\n"), info=info),)

    def _is_closed(self, token: Token) -> bool:
        assert token.map
        last = self._source[min(token.map[1], len(self._source)) - 1]
        return token.map[1] - token.map[0] > 1 and last.strip(" \t>").startswith(token.markup)

    def math(self, token: Token) -> tuple[Block, ...]:
        if formula_dangers(token.content, self._reading, self._line):
            return (Block(BlockKind.CODE, self._line, token.content.strip(), info="tex"),)
        return (Block(BlockKind.MATH, self._line, token.content.strip()),)

    def html(self, token: Token) -> tuple[Block, ...]:
        # A piece of raw HTML is read as inline, so that pictures, links, comments and "tags" such as <T> in it
        # are treated alike wherever they stand.
        inline = self._md.parseInline(token.content)[0].children or []
        text = render(inline, self._md, self._reading, self._line)
        return (Block(BlockKind.HTML, self._line, text),) if text.strip() else ()

    def table(self, _: Token) -> tuple[Block, ...]:
        line = self._line
        rows: list[Block] = []
        cells: list[Block] = []
        row_line = line
        while (token := self._tokens[self._at]).type != "table_close":
            self._at += 1
            if token.type == "tr_open":
                cells, row_line = [], (token.map[0] + 1 if token.map else row_line)
            elif token.type in ("th_open", "td_open"):
                align = str(token.attrs.get("style", "")).removeprefix("text-align:")
                cells.append(Block(BlockKind.CELL, row_line, self._render(self._inline()), info=align))
            elif token.type == "tr_close":
                cells = self._whole_row(row_line, cells)
                rows.append(Block(BlockKind.ROW, row_line, children=tuple(cells), info="" if rows else "head"))
        self._at += 1
        return (Block(BlockKind.TABLE, line, children=_squared(rows)),)

    def _whole_row(self, line: int, cells: list[Block]) -> list[Block]:
        """A row with the cells that it has beyond its header (GitHub drops them), and bars inside code as text."""
        parts = _cells_typed(self._source[line - 1]) if line <= len(self._source) else []
        if len(parts) <= len(cells):
            return cells
        parts = _with_whole_code(parts)
        if len(parts) > len(cells):
            self._reading.tell(
                Code.RAGGED_ROW,
                line,
                f"row has {len(parts)} cells, its header has {len(cells)}",
                "add a cell to the header, or write `\\|` for a bar that is text",
            )
        aligned = [cell.info for cell in cells] + [""] * len(parts)
        return [
            Block(BlockKind.CELL, line, self._rendered(part.strip(), line), info=align)
            for part, align in zip(parts, aligned, strict=False)
        ]

    def _rendered(self, source: str, line: int) -> str:
        return render(self._md.parseInline(source)[0].children or [], self._md, self._reading, line)


def _cells_typed(line: str) -> list[str]:
    """The cells of a table's line as typed, those beyond the header too."""
    parts = escapedSplit(line.strip().lstrip("> ").strip())
    if parts and not parts[0].strip():
        parts.pop(0)
    if parts and not parts[-1].strip():
        parts.pop()
    return parts


_LEAVES: dict[str, Callable[[BlockReader, Token], tuple[Block, ...]]] = {
    "paragraph_open": BlockReader.paragraph,
    "heading_open": BlockReader.heading,
    "dt_open": BlockReader.term,
    "table_open": BlockReader.table,
    "details_open": BlockReader.details,
    "fence": BlockReader.code,
    "code_block": BlockReader.code,
    "math_block": BlockReader.math,
    "math_block_label": BlockReader.math,
    "hr": BlockReader.rule,
    "html_block": BlockReader.html,
}
"""What is made of a token that is no container. Not a part of the reader: a circle would keep all tokens in memory."""


def _with_whole_code(parts: Sequence[str]) -> list[str]:
    """Cells joined again where a bar inside `…` parted them."""
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1].count("`") % 2:
            joined[-1] += "|" + part
        else:
            joined.append(part)
    return joined


def _squared(rows: Sequence[Block]) -> tuple[Block, ...]:
    """Rows of equal length; rows whose cells are all empty are dropped."""
    width = max((len(row.children) for row in rows), default=0)
    return tuple(
        replace(row, children=row.children + (Block(BlockKind.CELL, row.line),) * (width - len(row.children)))
        for row in rows
        if row.info == "head" or any(cell.html.strip() for cell in row.children)
    )


def gather_labels(blocks: Sequence[Block]) -> list[Block]:
    """Put what follows a `label:` line below it, up to the next such line, heading or rule."""
    if not any(block.kind is BlockKind.LABEL for block in blocks):
        return list(blocks)
    out: list[Block] = []
    for block in blocks:
        ends = block.kind in (BlockKind.LABEL, BlockKind.HEADING, BlockKind.RULE, BlockKind.DETAILS)
        if not ends and out and out[-1].kind is BlockKind.LABEL:
            out[-1] = replace(out[-1], children=(*out[-1].children, block))
        else:
            out.append(block)
    return [_label_or_text(block) for block in out]


def _label_or_text(block: Block) -> Block:
    """A label that heads nothing is text that ends with a colon."""
    if block.kind is BlockKind.LABEL and not any(child.kind is not BlockKind.SOURCE for child in block.children):
        return Block(BlockKind.LABEL, block.line, block.html, block.children, info="alone")
    return block
