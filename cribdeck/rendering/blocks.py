"""From blocks to HTML, for a card, a page or the preview."""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from markupsafe import Markup, escape

from cribdeck.model import IMAGE_ATTRIBUTE, LINK_ATTRIBUTE, Block, BlockKind, is_visible
from cribdeck.rendering.code import highlight, language_of
from cribdeck.rendering.sanitize import sanitize

_IMAGE = re.compile(rf'<img\b[^>]*?{IMAGE_ATTRIBUTE}="([^"]*)"[^>]*>')
_BARE_IMAGE = re.compile(r"<img\b(?![^>]* src=)[^>]*>")
_LINK = re.compile(rf'<a {LINK_ATTRIBUTE}="([^"]*)">(.*?)</a>', re.DOTALL)
_EMPTY_LINK = re.compile(r'<a(?: href="([^"]*)")?>\s*</a>')
_NO_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_MATH = re.compile(r'<(span|div) class="math( display)?">(.*?)</\1>', re.DOTALL)
_CODE = re.compile(r'<pre data-cd-code="(\d+)"></pre>')
_WRAPPERS = {
    BlockKind.PARAGRAPH: "<p>{html}</p>",
    BlockKind.HEADING: "<h6>{html}</h6>",
    BlockKind.BULLETS: "<ul>{inside}</ul>",
    BlockKind.QUOTE: "<blockquote>{inside}</blockquote>",
    BlockKind.DEFINITIONS: '<dl class="labels">{inside}</dl>',
    BlockKind.TERM: "<dt>{html}</dt>",
    BlockKind.DEFINITION: "<dd>{inside}</dd>",
    BlockKind.DETAILS: "<details open><summary>{html}</summary>{inside}</details>",
    BlockKind.FOOTNOTES: '<section class="footnotes"><ol>{inside}</ol></section>',
    BlockKind.FOOTNOTE: "<li>{inside}</li>",
    BlockKind.RULE: "<hr>",
}


class Target(Protocol):
    """Where HTML goes decides how pictures, references and formulas are written."""

    def image(self, path: str) -> str | None:
        """The address of a picture of the notes folder; None where it can't be used."""

    def link(self, file: str, reference: str) -> str | None:
        """The address of what a reference in a note means; None where it has none, and its text alone is shown."""

    def math(self, source: str, *, display: bool) -> Markup:
        """A formula."""


class BlockRenderer:
    """Renders blocks of one note for one target.

    Args:
        languages: By the name that a note gives a language, that by which it is known.
        token_classes: See `Templates.token_classes`; None for all.
    """

    def __init__(
        self, target: Target, file: str, languages: Mapping[str, str], token_classes: frozenset[str] | None = None
    ) -> None:
        self._target = target
        self._file = file
        self._languages = languages
        self._token_classes = token_classes

    def render(self, blocks: Iterable[Block]) -> Markup:
        """Safe HTML of the blocks."""
        codes: list[str] = []
        raw = "".join(self._block(block, codes) for block in blocks)
        return Markup(self._resolve(sanitize(raw), codes))  # noqa: S704 — sanitized just now

    def inline(self, inline: str) -> Markup:
        """Safe HTML of inline content, such as a title."""
        return Markup(self._resolve(sanitize(inline), []))  # noqa: S704

    def _resolve(self, clean: str, codes: list[str]) -> str:
        """Put in what the sanitizer must not see: addresses of ours, formulas, coloured code."""
        if "<" not in clean:
            return clean
        clean = _IMAGE.sub(self._image, clean)
        clean = _BARE_IMAGE.sub("", clean)
        clean = _LINK.sub(self._link, clean)
        clean = _EMPTY_LINK.sub(_named_link, clean)
        clean = _NO_LINK.sub(r"\1", clean)
        clean = _MATH.sub(self._math, clean)
        return _CODE.sub(lambda found: codes[int(found[1])] if int(found[1]) < len(codes) else "", clean)

    def _image(self, found: re.Match[str]) -> str:
        path = html.unescape(found[1])
        src = self._target.image(path)
        if src is None:
            return f'<span class="missing-image">{escape(path.rpartition("/")[2])}</span>'
        alt = re.search(r' alt="([^"]*)"', found[0])
        width = re.search(r' width="(\d+)"', found[0])
        return f'<img src="{escape(src)}" alt="{alt[1] if alt else ""}"' + (f' width="{width[1]}">' if width else ">")

    def _link(self, found: re.Match[str]) -> str:
        href = self._target.link(self._file, html.unescape(found[1]))
        return (
            f'<a class="ref" href="{escape(href)}">{found[2]}</a>' if href else f'<span class="ref">{found[2]}</span>'
        )

    def _math(self, found: re.Match[str]) -> str:
        return str(self._target.math(html.unescape(found[3]), display=bool(found[2])))

    def _block(self, block: Block, codes: list[str]) -> str:
        if block.kind is BlockKind.CODE:
            codes.append(self._code(block))
            return f'<pre data-cd-code="{len(codes) - 1}"></pre>'
        if block.kind is BlockKind.TABLE:
            return self._table(block)
        inside = "".join(self._block(child, codes) for child in block.children)
        if block.kind in _WRAPPERS:
            return _WRAPPERS[block.kind].format(html=block.html, inside=inside, info=block.info)
        make = _MAKERS.get(block.kind)
        return make(block, inside) if make else block.html

    def _code(self, block: Block) -> str:
        language = language_of(block.info, self._languages)
        return f'<pre class="code"><code>{highlight(block.html, language, self._token_classes)}</code></pre>'

    def _table(self, block: Block) -> str:
        rows = []
        for row in block.children:
            tag, scope = ("th", ' scope="col"') if row.info == "head" else ("td", "")
            cells = "".join(
                f"<{tag}{scope}" + (f' class="{cell.info}">' if cell.info else ">") + f"{cell.html}</{tag}>"
                for cell in row.children
            )
            rows.append(f"<tr>{cells}</tr>")
        head = rows[0] if is_visible(block.children[:1]) else ""
        return f'<div class="table"><table><thead>{head}</thead><tbody>{"".join(rows[1:])}</tbody></table></div>'


def _numbers(block: Block, inside: str) -> str:
    start = f' start="{block.info}"' if block.info else ""
    return f"<ol{start}>{inside}</ol>"


def _item(block: Block, inside: str) -> str:
    # Items are shown tight: a paragraph of its own in every item would tear a list apart.
    first = block.children[0] if block.children else None
    if first and first.kind is BlockKind.PARAGRAPH:
        inside = first.html + inside.removeprefix(f"<p>{first.html}</p>")
    state = f' class="{block.info}"' if block.info else ""
    return f"<li{state}>{inside}</li>"


def _math(block: Block, _: str) -> str:
    return f'<div class="math display">{escape(block.html)}</div>'


def _label(block: Block, inside: str) -> str:
    if block.info == "alone":
        return f"<p>{block.html}：</p>{inside}"
    return f'<p class="label">{block.html}</p><div class="labelled">{inside}</div>'


def _callout(block: Block, inside: str) -> str:
    title = f'<p class="callout-title">{block.html}</p>' if block.html else ""
    return f'<div class="callout {block.info}">{title}{inside}</div>'


_MAKERS: dict[BlockKind, Callable[[Block, str], str]] = {
    BlockKind.NUMBERS: _numbers,
    BlockKind.ITEM: _item,
    BlockKind.MATH: _math,
    BlockKind.LABEL: _label,
    BlockKind.CALLOUT: _callout,
}


def _named_link(found: re.Match[str]) -> str:
    """A link without text inside a sentence: named by its host, so that none is ever empty."""
    url = found[1]
    if not url:
        return ""
    host = url.partition("//")[2].partition("/")[0].removeprefix("www.") or url
    return f'<a href="{url}">{host}</a>'
