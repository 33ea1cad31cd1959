"""What a paragraph's lines are: sources, list items and labels that were typed without Markdown's marks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cribdeck.markdown.inline import Reading, columns, is_deliberate, is_external, render, soft_break
from cribdeck.model import Block, BlockKind, plain_text

_URL = re.compile(r"(?:https?|ftp)://[!#-;=?-~]+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:(\d{1,2})(?:[、)）．]|\.(?!\d))|[（(](\d{1,2})[)）]|([①-⑳]))[ \t]*(?=\S)")
_BULLET = re.compile(r"(?:[-–—](?![-–—>\d=.,])|[•·●▪◦‣○◆■►])[ \t]*(?=\S)")
_LABEL = re.compile(
    r"(?:<(?P<tag>strong|b|code)>(?P<marked>[^<>：:]{1,40}?)[ \t]*(?:</(?P=tag)>[ \t]*[：:]|[：:][ \t]*</(?P=tag)>)"
    r"|(?P<bare>[^<>：:]{1,40}?)[ \t]*[：:])(?![:/\\])[ \t]*(?P<text>.*)",
    re.DOTALL,
)
_BOLD_LINE = re.compile(r"<strong>((?:(?!</?strong>).)+)</strong>[：:]?", re.DOTALL)
_NO_LABEL = re.compile(
    r"[，。；！？,;!?{}=]|\.\s|^\d+$|^(https?|ftp|file|import|return|case|default|else|try)$", re.IGNORECASE
)
_LEAD_IN = re.compile(
    r"\d+[.、)）．]"
    r"|来|以及|相当|前面|后面|之前|之后|刚才|前文|上文|确保|注意到|综上|总之|整个|每个|大概"
    r"|以下|下图|上图|上面|以上|这|那|我|你|他|它|咱|现在|接着|接下来|然后|随后|继续|首先|其次|最终|再|先|就|也|还|或者|可以|请(?!求)|看"
    r"|如果|假设|假如|不过|但|而|所以|因此|因为|由于|于是|否则|对于|关于|根据|按照|在|从|将|把|让|给|向|当|类似|列出|亲测"
    r"|得到|发现|通常|由|则|已经|其实|其中|此时|同时|同样|需要|应该|必须|有"
    r"|(?:the|this|that|these|we|you|it|here|now|then|in|on|for|to|let|if|when|so|and|but|as|by|with|from|there|use)\b"
    r"|.*(?:如下|以下|下列|下面|下边|所示|我们|大家|可能会|会得到|请看|就像|具有|speaking$)"
    r"|并|针对|.*ly$|.*(?:了(?!解)|如图|会[看有出得报]|比较[多大小少])"
    r"|.*(?:一下|解释下|说下|看下|将其|把其)"
    r"|.*(?:说过|讲过|提到|来看|看看|如何|中|可以|能|要| are| is| of| to)$"
    r"|.*(?:是|讲|看|说|分别|为|有|包括|包含|的|了|着|吗|呢|这样)$"
    r"|(?!第).*[几两二三四五六七八九\d]\s*(?:个|种|类|点|步|条|项|大|件|部分|方面)",
    re.IGNORECASE,
)
"""How a line begins or ends that leads in to what follows as a sentence does (`我们来看下面的代码：`)."""
_LABEL_COLUMNS = 26
_SHORT_LABEL_COLUMNS = 12
"""Columns. A longer one that stands alone in its line is a label only if it ends as a name does."""
_NAME_ENDS = frozenset(
    "图类码果数明式法骤因点题程件容令例子案息据志口置务址境性景录赖介绍析结意项现义理系别比路求则准略具效出入象选端器表库集值名号率量链组层"
    "包栈页行列键者态网域签钥段块区位况型机制度线史源章节本版档单证词字符串树图像盘卡池锁阶层面角色体积请求响应答问议协议事务器材料考献处"
)
"""The last characters of words that name things (`流程图`, `配置文件`, `执行结果`); a clause seldom ends with one."""


@dataclass(frozen=True, slots=True)
class Line:
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
    lines = list(_lines(_with_links(inline.children or []), first, md, reading))
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
            found.append(Block(BlockKind.SOURCE, line.number, "" if is_address else title.strip(), info=href))
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


def label_of(html: str) -> tuple[str, str] | None:
    """Split `label: text` into the label and the text (inline HTML both); None where the line is no such thing."""
    found = _LABEL.fullmatch(html.strip())
    if not found:
        return None
    label, text = (found["marked"] or found["bare"]).strip(), found["text"].strip()
    plain = plain_text(label)
    if not text and (_LEAD_IN.match(plain) or not _ends_as_a_name(plain)):
        return None
    if not plain or _NO_LABEL.search(plain) or len(plain.split()) > 4 or columns(plain) > _LABEL_COLUMNS:
        return None
    if (plain[-1].isdigit() and text[:1].isdigit()) or text.endswith(("{", ";")):
        return None
    return (f"<code>{label}</code>" if found["tag"] == "code" else label), text


def _ends_as_a_name(plain: str) -> bool:
    last = plain.rstrip("）)”」』》】")[-1:]
    return columns(plain) <= _SHORT_LABEL_COLUMNS or last.isascii() or last.isdigit() or last in _NAME_ENDS


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
