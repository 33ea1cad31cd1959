"""From a note's blocks to a tree of sections: every heading with what stands under it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from operator import is_
from typing import Any

from msgspec.structs import replace

from cribdeck.diagnostics import Code, Place
from cribdeck.front_matter import card_switches, name_of, tags_of, title_of
from cribdeck.markdown import Reading, addresses, parse
from cribdeck.model import Block, BlockKind, Directives, Document, Section, Source, SourceFile, is_visible, plain_text

_COMMENT = re.compile(r"<!--\s*(card|cribdeck)\s*:(.*?)-->", re.DOTALL)
_ANCHOR = re.compile(r"<a\b[^>]*>\s*</a>")
_BACK_LINK = re.compile(
    r"<a\b[^>]*>\s*+(?:[⬆↑🔝^]*+\s*+(?:back to )?(?:top|toc|index|contents)|返回顶部|回到顶部|返回目录|[⬆↑🔝⏫]️?)"
    r"\s*+[⬆↑🔝]*+\s*+</a>",
    re.IGNORECASE,
)
_LINK = re.compile(r'<a\b(?: href="([^"]*)"[^>]*|[^>]*)>((?:[^<]++|<(?!/?a\b))*+)</a>')
_SWITCHES = ("skip", "reverse", "cloze", "split", "table", "rows", "cells")
_GENERIC_SUMMARY = re.compile(
    r"(?:(?:see|show|view|hide|expand|reveal|click|tap|toggle|open)\b.{0,40}|(?:点击|单击|查看|展开|显示|收起|折叠).{0,14}"
    r"|(?:参考|完整|详细|my|full|the)?\s*(?:答案|解答|解析|详情|代码|提示|更多|内容|目录|answers?|solutions?|hints?|details?|code|more"
    r"|contents?|explanation|example|output|spoiler|toc|table of contents)?)\s*[.。…:：!！]*",
    re.IGNORECASE,
)
"""Summaries that only fold an answer away and ask nothing themselves."""


@dataclass(slots=True)
class _Draft:
    """A section while it grows; level 0 is the note itself."""

    level: int
    line: int
    title: str = ""
    attributes: str = ""
    body: list[Block] = field(default_factory=list)
    children: list["_Draft"] = field(default_factory=list)


def read_document(source: SourceFile, media: Mapping[str, str], *, bold_headings: bool = False) -> Document:
    """Read a note into its tree of sections.

    Args:
        source: The note.
        media: Every file of the notes folder that is no note: lower-case path → path.
        bold_headings: Whether a line that is wholly bold is a heading, one level below the last real one.
    """
    reading = Reading(source.path, media, bold_headings)
    parsed = parse(source.text, reading)
    root = _Draft(0, 1)
    _grow(root, _levelled(_flat(parsed.blocks)))
    _place_footnotes(root)
    silenced: set[str] = set()
    intro, intro_sources, _ = _finish(root.body, reading, silenced)
    sections = tuple(_section(draft, (), reading, silenced) for draft in root.children)
    if not sections and is_visible(intro):
        reading.tell(Code.NO_HEADINGS, 1, "no heading, so no card", "put a line such as `# Question` above the text")
    return Document(
        file=source.path,
        name=name_of(parsed.front_matter, source.path),
        title=title_of(parsed.front_matter, sections, source.path),
        modified=source.modified,
        intro=intro,
        intro_sources=intro_sources,
        sections=sections,
        tags=tags_of(parsed.front_matter),
        cards=card_switches(parsed.front_matter),
        pictures=tuple(reading.pictures.items()),
        diagnostics=tuple(d for d in reading.diagnostics if d.code not in silenced),
    )


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with lists that hold headings taken apart (`1. ### What is JSX?`)."""
    for block in blocks:
        if block.kind in (BlockKind.BULLETS, BlockKind.NUMBERS) and _holds_heading(block):
            for item in block.children:
                yield from _flat(item.children)
        elif block.kind is BlockKind.DETAILS and not _starts_section(block) and _has_heading(block.children):
            # What only folds an answer away is no wall: the headings in it are sections.
            yield Block(BlockKind.PARAGRAPH, block.line, block.html)
            yield from _flat(block.children)
        elif block.kind is BlockKind.LABEL and any(_starts_section(child) for child in block.children):
            kept = [child for child in block.children if not _starts_section(child)]
            yield replace(block, children=tuple(kept))
            yield from _flat([child for child in block.children if _starts_section(child)])
        else:
            yield block


def _levelled(blocks: Iterable[Block]) -> Iterator[Block]:
    """Put bold lines that are headings one level below the last real heading."""
    level = 0
    for block in blocks:
        if block.kind is BlockKind.HEADING and block.info == "bold":
            yield replace(block, info=str(level + 1))
            continue
        if block.kind is BlockKind.HEADING:
            level = int(block.info.split()[0])
        yield block


def _holds_heading(block: Block) -> bool:
    """Whether a list holds a heading in one of its items."""
    return any(_has_heading(item.children) for item in block.children)


def _has_heading(blocks: Sequence[Block]) -> bool:
    return any(
        block.kind is BlockKind.HEADING
        or (block.kind in (BlockKind.BULLETS, BlockKind.NUMBERS) and _holds_heading(block))
        or (block.kind is BlockKind.DETAILS and (_starts_section(block) or _has_heading(block.children)))
        for block in blocks
    )


def _starts_section(block: Block) -> bool:
    if block.kind is BlockKind.DETAILS:
        return not _GENERIC_SUMMARY.fullmatch(plain_text(block.html))
    return block.kind in (BlockKind.BULLETS, BlockKind.NUMBERS) and _holds_heading(block)


def _grow(root: _Draft, blocks: Iterator[Block]) -> None:
    """Hang each heading below the nearest shallower one; other blocks go to the section that is open."""
    open_sections = [root]
    for block in blocks:
        if block.kind is BlockKind.HEADING and plain_text(block.html):
            level, _, attributes = block.info.partition(" ")
            depth = root.level + int(level) if root.level else int(level)
            while open_sections[-1].level >= depth and len(open_sections) > 1:
                open_sections.pop()
            draft = _Draft(depth, block.line, block.html, attributes)
            open_sections[-1].children.append(draft)
            open_sections.append(draft)
        elif _starts_section(block):
            # A question that folds its answer away is a section of its own; what follows it is not part of it.
            draft = _Draft(open_sections[-1].level + 1, block.line, block.html)
            open_sections[-1].children.append(draft)
            _grow(draft, _levelled(_flat(block.children)))
        elif block.kind is not BlockKind.HEADING or block.html:
            open_sections[-1].body.append(block)


def _place_footnotes(root: _Draft) -> None:
    """Move each footnote from the note's end to the section that first refers to it."""
    drafts = list(_walk(root))
    footnotes: dict[str, Block] = {}
    for draft in drafts:
        for block in draft.body:
            if block.kind is BlockKind.FOOTNOTES:
                footnotes |= {note.info: note for note in block.children}
        draft.body = [block for block in draft.body if block.kind is not BlockKind.FOOTNOTES]
    if not footnotes:
        return
    for draft in drafts:
        html = draft.title + "".join(b.html for top in draft.body for b in top.walk())
        wanted = [footnotes.pop(n) for n in re.findall(r'data-note="(\d+)"', html) if n in footnotes]
        if wanted:
            draft.body.append(Block(BlockKind.FOOTNOTES, wanted[0].line, children=tuple(wanted)))
    if footnotes:
        drafts[-1].body.append(Block(BlockKind.FOOTNOTES, drafts[-1].line, children=tuple(footnotes.values())))


def _walk(draft: _Draft) -> Iterator[_Draft]:
    yield draft
    for child in draft.children:
        yield from _walk(child)


def _section(draft: _Draft, trail: tuple[str, ...], reading: Reading, silenced: set[str]) -> Section:
    place = Place(reading.file, draft.line)
    title, title_sources = _heading(draft.title, draft.line)
    key = plain_text(title)
    body, sources, directives = _finish(draft.body, reading, silenced)
    attributes = draft.attributes.split()
    ids = [word[1:] for word in attributes if word.startswith("#")]
    tags = tuple(word[1:] for word in attributes if word.startswith("."))
    return Section(
        place=place,
        level=draft.level,
        title=title,
        key=key,
        body=body,
        sources=_without_repetition((*title_sources, *sources)),
        children=tuple(_section(child, (*trail, key), reading, silenced) for child in draft.children),
        trail=trail,
        directives=replace(directives, id=ids[0] if ids else directives.id, tags=tags),
    )


def _heading(html: str, line: int) -> tuple[str, tuple[Source, ...]]:
    """A heading without its scaffolding; the addresses that its words link to become sources."""
    html = _COMMENT.sub("", _BACK_LINK.sub("", _ANCHOR.sub("", html)))
    sources = tuple(_source(unescape(url), plain_text(text), line) for url, text in _LINK.findall(html) if url)
    html = _LINK.sub(r"\2", html).strip()
    bare = html.rstrip("#")
    return html if bare[-1:].isascii() and bare[-1:].isalpha() else bare.rstrip(), sources


def _finish(
    blocks: Sequence[Block], reading: Reading, silenced: set[str]
) -> tuple[tuple[Block, ...], tuple[Source, ...], Directives]:
    """Take sources and comments that speak to the tool out of a body."""
    sources: list[Source] = []
    words: list[tuple[str, int]] = []
    body = tuple(done for block in blocks if (done := _lift(block, sources, words, silenced)))
    return body, _without_repetition(sources), _directives(words, reading)


def _lift(block: Block, sources: list[Source], words: list[tuple[str, int]], silenced: set[str]) -> Block | None:
    """A block without what is lifted out of it; None where nothing of it is left."""
    if block.kind is BlockKind.SOURCE:
        sources.append(_source(block.info, block.html, block.line))
        return None
    html = block.html
    if "<!--" in html and block.kind not in (BlockKind.CODE, BlockKind.MATH):
        for who, what in _COMMENT.findall(html):
            if who == "card":
                words += [(word, block.line) for word in what.split()]
            elif what.split()[:1] == ["ignore"]:
                silenced.update(what.split()[1:])
        html = _COMMENT.sub("", html).strip()
    if not block.children:
        if not html and block.kind in (BlockKind.PARAGRAPH, BlockKind.HTML):
            return None
        return block if html == block.html else replace(block, html=html)
    children = tuple([done for child in block.children if (done := _lift(child, sources, words, silenced))])
    if not children and block.kind in (BlockKind.ITEM, BlockKind.BULLETS, BlockKind.NUMBERS, BlockKind.QUOTE):
        return None
    # Nothing is lifted out of most.
    is_same = html == block.html and len(children) == len(block.children) and all(map(is_, children, block.children))
    return block if is_same else replace(block, html=html, children=children)


def _directives(words: Sequence[tuple[str, int]], reading: Reading) -> Directives:
    found: dict[str, Any] = {}
    for word, line in words:
        if word in _SWITCHES:
            found[word] = True
        elif word.startswith("id=") and word[3:]:
            found["id"] = word[3:]
        else:
            reading.tell(
                Code.UNKNOWN_DIRECTIVE,
                line,
                f"`{word}` says nothing to cribdeck",
                f"after `card:` write {', '.join(_SWITCHES)} or id=NAME",
            )
    return Directives(**found)


def _source(url: str, title: str, line: int) -> Source:
    return Source(url=url, title=title, host=addresses.host(url), line=line)


def _without_repetition(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Each address once; one that is given under several titles once under each."""
    titled = {source.url for source in sources if source.title}
    seen: dict[tuple[str, str], Source] = {}
    for source in sources:
        if source.title or source.url not in titled:
            seen.setdefault((source.url, source.title), source)
    return tuple(seen.values())
