"""What a paragraph's lines are: sources, list items and labels that were typed without Markdown's marks."""

import re
from collections.abc import Iterator, Sequence

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cribdeck.markdown.breaks import is_deliberate, soft_break
from cribdeck.markdown.inline import Reading, absolute, is_external, is_text, render, text_html
from cribdeck.markdown.labels import label_of
from cribdeck.model import Block, BlockKind, plain_text

_URL = re.compile(r"https?://[!#-;=?-~]+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:(\d{1,2})(?:[、)）．]|\.(?!\d))|[（(](\d{1,2})[)）]|([①-⑳]))[ \t]*(?=\S)")
_BULLET = re.compile(r"(?:[-–—](?![-–—>\d=.,])|[•·●▪◦‣○◆■►])[ \t]*(?=\S)")
_BOLD_LINE = re.compile(r"<strong>((?:(?!</?strong>).)+)</strong>[：:]?", re.DOTALL)


class Line(msgspec.Struct, frozen=True):
    """A line of a paragraph: its tokens without the break, its number in the note, its HTML."""

    tokens: tuple[Token, ...]
    number: int
    html: str


def paragraph(inline: Token, md: MarkdownIt, reading: Reading) -> tuple[Block, ...]:
    """The blocks that the lines of a paragraph are.

    Args:
        inline: The paragraph's inline token, with its children and its map.
        md: The parser that made it.
        reading: Of the note; it takes the diagnostics.
    """
    first = inline.map[0] + 1 if inline.map else 1
    tokens = inline.children or []
    if is_text(tokens) and ":" not in tokens[0].content and "：" not in tokens[0].content:
        # One line without a colon, as most are: no label, no address, and lists and definitions take two lines.
        html = text_html(tokens[0].content)
        return (Block(BlockKind.PARAGRAPH, first, html),) if html.strip() else ()
    lines = list(_lines(_with_links(tokens), first, md, reading))
    blocks: list[Block] = []
    position = 0
    text: list[Line] = []
    while position < len(lines):
        block, after = _special(lines, position, bold_headings=reading.bold_headings)
        if block is None:
            text.append(lines[position])
            position += 1
            continue
        blocks += _text(text)
        text = []
        blocks += block
        position = after
    return (*blocks, *_text(text))


def _special(lines: Sequence[Line], at: int, *, bold_headings: bool) -> tuple[list[Block] | None, int]:
    if bold_headings and (bold := _BOLD_LINE.fullmatch(lines[at].html.strip())):
        return [Block(BlockKind.HEADING, lines[at].number, bold[1].rstrip("：:"), info="bold")], at + 1
    sources = _sources(lines[at])
    if sources:
        return sources, at + 1
    for reader in (_numbers, _bullets, _definitions, _label):
        blocks, after = reader(lines, at)
        if blocks is not None:
            return blocks, after
    return None, at


def _text(lines: Sequence[Line]) -> list[Block]:
    joined = join(lines)
    return [Block(BlockKind.PARAGRAPH, lines[0].number, joined)] if joined.strip() else []


def join(lines: Sequence[Line]) -> str:
    """The HTML of lines that belong together: see `is_deliberate` and `soft_break`."""
    out = ""
    before = ""
    for line in lines:
        text = plain_text(line.html)
        if out and text and before:
            out += "<br>" if is_deliberate(before, text) else soft_break(before, text)
        elif out and line.html:
            out += " "
        out += line.html
        before = text or before
    return out


def _lines(tokens: Sequence[Token], number: int, md: MarkdownIt, reading: Reading) -> Iterator[Line]:
    """Split at breaks that stand outside emphasis and links; a hard break stays at its line's end."""
    current: list[Token] = []
    depth = 0
    start = number
    for token in tokens:
        depth += token.nesting
        if token.type in ("softbreak", "hardbreak") and depth == 0:
            if token.type == "hardbreak":
                current.append(token)
            yield Line(tuple(current), start, render(current, md, reading, start))
            number += 1
            start, current = number, []
            continue
        number += token.type in ("softbreak", "hardbreak")
        current.append(token)
    yield Line(tuple(current), start, render(current, md, reading, start))


def _with_links(tokens: Sequence[Token]) -> list[Token]:
    """Make links of bare addresses. ASCII only: in `https://x.org/a，见` the comma ends the address."""
    out: list[Token] = []
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or inside or "://" not in token.content:
            out.append(token)
            continue
        at = 0
        for found in _URL.finditer(token.content):
            url = found[0].rstrip(".,;:!?'*_~")
            while url.endswith(")") and url.count("(") < url.count(")"):
                url = url[:-1]
            out.append(_text_token(token.content[at : found.start()]))
            at = found.start() + len(url)
            out += [Token("link_open", "a", 1, attrs={"href": url}), _text_token(url), Token("link_close", "a", -1)]
        out.append(_text_token(token.content[at:]))
    return out


def _text_token(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _sources(line: Line) -> list[Block]:
    """The sources of a line that holds nothing but outward links (and marks between them)."""
    found: list[Block] = []
    href: str | None = None
    title = ""
    for token in line.tokens:
        if token.type == "link_open":
            href, title = str(token.attrs.get("href", "")), ""
            if not is_external(href):
                return []
        elif token.type == "link_close" and href is not None:
            is_address = title.strip().lower().startswith(("http://", "https://", "ftp://"))
            found.append(Block(BlockKind.SOURCE, line.number, "" if is_address else title.strip(), info=absolute(href)))
            href = None
        elif href is not None:
            if token.type not in ("text", "code_inline", "softbreak"):
                return []
            title += token.content or " "
        elif token.type == "hardbreak" or (token.type == "text" and not token.content.strip(" \t,，、;；。|*-")):
            continue
        else:
            return []
    return found


def _marked(lines: Sequence[Line], at: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
    tokens = lines[at].tokens
    if not tokens or tokens[0].type != "text":
        return None
    # What follows the mark may be code or emphasis: tokens of their own, for which a letter stands here.
    return pattern.match(tokens[0].content.lstrip() + ("x" if len(tokens) > 1 else ""))


def _without_mark(line: Line, mark: str) -> Line:
    return Line(line.tokens, line.number, line.html.lstrip()[len(mark) :])


def _numbers(lines: Sequence[Line], at: int) -> tuple[list[Block] | None, int]:
    """`1.foo`, `2、bar`, `（3）baz`, `④`: two or more that count up from 1; a line between two goes on the first."""
    starts: list[int] = []
    marks: list[str] = []
    for position in range(at, len(lines)):
        found = _marked(lines, position, _NUMBER)
        if found and _value(found) == len(starts) + 1:
            starts.append(position)
            marks.append(found[0])
        elif found or not starts:
            break
    if len(starts) < 2:
        return None, at
    end = starts[-1] + 1
    if starts[-1] - at >= len(starts):
        # Items ran over several lines before, so what follows the last one is its own as well.
        while end < len(lines) and not (_marked(lines, end, _NUMBER) or _sources(lines[end])):
            end += 1
    items = [
        _item([_without_mark(lines[start], mark), *lines[start + 1 : stop]])
        for start, stop, mark in zip(starts, [*starts[1:], end], marks, strict=True)
    ]
    return [Block(BlockKind.NUMBERS, lines[at].number, children=tuple(items))], end


def _value(found: re.Match[str]) -> int:
    arabic = found[1] or found[2]
    return int(arabic) if arabic else ord(found[3]) - ord("①") + 1


def _item(lines: Sequence[Line]) -> Block:
    return Block(BlockKind.ITEM, lines[0].number, children=tuple(_text(lines)))


def _bullets(lines: Sequence[Line], at: int) -> tuple[list[Block] | None, int]:
    """`-foo`, `•foo`, `·foo`: two or more lines in a row."""
    items: list[Block] = []
    position = at
    while position < len(lines) and (found := _marked(lines, position, _BULLET)):
        items.append(_item([_without_mark(lines[position], found[0])]))
        position += 1
    if len(items) < 2:
        return None, at
    return [Block(BlockKind.BULLETS, lines[at].number, children=tuple(items))], position


def _definitions(lines: Sequence[Line], at: int) -> tuple[list[Block] | None, int]:
    """`标签：正文`: two or more lines in a row; lines that are only sources may stand between them."""
    pairs: list[tuple[str, str, int]] = []
    sources: list[Block] = []
    end = at
    for position in range(at, len(lines)):
        split = label_of(lines[position].html)
        if split and split[1]:
            pairs.append((*split, lines[position].number))
            end = position + 1
        elif not (pairs and _sources(lines[position])):
            break
    if len(pairs) < 2:
        return None, at
    for position in range(at, end):
        sources += _sources(lines[position])
    children: list[Block] = []
    for label, text, number in pairs:
        children.append(Block(BlockKind.TERM, number, label))
        children.append(Block(BlockKind.DEFINITION, number, children=(Block(BlockKind.PARAGRAPH, number, text),)))
    return [Block(BlockKind.DEFINITIONS, lines[at].number, children=tuple(children)), *sources], end


def _label(lines: Sequence[Line], at: int) -> tuple[list[Block] | None, int]:
    """A `label:` line alone. What it heads is gathered by `blocks`, for it may go on in later paragraphs."""
    split = label_of(lines[at].html)
    if not split or split[1]:
        return None, at
    return [Block(BlockKind.LABEL, lines[at].number, split[0])], at + 1
