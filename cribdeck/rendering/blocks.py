"""From blocks to HTML, for a card, a page or the preview."""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from markupsafe import Markup, escape

from cribdeck.model import IMAGE_ATTRIBUTE, LINK_ATTRIBUTE, Block, BlockKind, is_visible
from cribdeck.rendering.code import highlight, language_of
from cribdeck.rendering.listings import Listing, Listings
from cribdeck.rendering.sanitize import sanitize

_IMAGE = re.compile(rf'<img\b[^>]*?{IMAGE_ATTRIBUTE}="([^"]*)"[^>]*>')
_BARE_IMAGE = re.compile(r"<img\b(?![^>]* src=)[^>]*>")
_LINK = re.compile(rf'<a {LINK_ATTRIBUTE}="([^"]*)">(.*?)</a>', re.DOTALL)
_EMPTY_LINK = re.compile(r'<a(?: href="([^"]*)")?>\s*</a>')
_NO_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_MATH = re.compile(r'<(span|div) class="math( display)?">(.*?)</\1>', re.DOTALL)


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
        target: See `Target`.
        file: The note.
        languages: By the name that a note gives a language, that by which it is known.
        apart: Where code blocks are kept, for who asked for it to put them into their places.
        token_classes: See `Templates.token_classes`; None for all.
    """

    def __init__(
        self,
        target: Target,
        file: str,
        *,
        languages: Mapping[str, str],
        apart: Listings | None = None,
        token_classes: frozenset[str] | None = None,
    ) -> None:
        self._target = target
        self._file = file
        self._languages = languages
        self._apart = apart
        self._token_classes = token_classes

    def render(self, blocks: Iterable[Block]) -> Markup:
        """Safe HTML of the blocks."""
        listings = Listings() if self._apart is None else self._apart
        clean = self._resolve(sanitize(self._joined(blocks, listings)))
        return Markup(listings.put_into(clean) if self._apart is None else clean)  # noqa: S704 — sanitized just now

    def inline(self, inline: str) -> Markup:
        """Safe HTML of inline content, such as a title."""
        return Markup(self._resolve(sanitize(inline)))  # noqa: S704

    def _resolve(self, clean: str) -> str:
        """Put in what the sanitizer must not see: addresses of ours and formulas."""
        # Most blocks have none of them.
        if "<img" in clean:
            clean = _BARE_IMAGE.sub("", _IMAGE.sub(self._image, clean))
        if "<a" in clean:
            clean = _LINK.sub(self._link, clean)
            clean = _EMPTY_LINK.sub(_named_link, clean)
            clean = _NO_LINK.sub(r"\1", clean)
        if 'class="math' in clean:
            clean = _MATH.sub(self._math, clean)
        return clean

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

    def _joined(self, blocks: Iterable[Block], listings: Listings) -> str:
        """HTML of the blocks, not safe yet, with marks in the places of code."""
        return "".join([self._block(block, listings) for block in blocks])

    def _block(self, block: Block, listings: Listings) -> str:
        kind = block.kind
        if kind is BlockKind.CODE:
            return listings.keep(Listing(block.html, self._coloured(block)))
        if kind is BlockKind.TABLE:
            return self._table(block)
        inside = self._joined(block.children, listings) if block.children else ""
        make = _MAKERS.get(kind)
        return make(block, inside) if make else block.html

    def _coloured(self, block: Block) -> str:
        return highlight(block.html, language_of(block.info, self._languages), self._token_classes)

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
    BlockKind.PARAGRAPH: lambda block, _: f"<p>{block.html}</p>",
    BlockKind.HEADING: lambda block, _: f"<h6>{block.html}</h6>",
    BlockKind.BULLETS: lambda _, inside: f"<ul>{inside}</ul>",
    BlockKind.NUMBERS: _numbers,
    BlockKind.ITEM: _item,
    BlockKind.MATH: _math,
    BlockKind.LABEL: _label,
    BlockKind.QUOTE: lambda _, inside: f"<blockquote>{inside}</blockquote>",
    BlockKind.CALLOUT: _callout,
    BlockKind.DEFINITIONS: lambda _, inside: f'<dl class="labels">{inside}</dl>',
    BlockKind.TERM: lambda block, _: f"<dt>{block.html}</dt>",
    BlockKind.DEFINITION: lambda _, inside: f"<dd>{inside}</dd>",
    BlockKind.DETAILS: lambda block, inside: f"<details open><summary>{block.html}</summary>{inside}</details>",
    BlockKind.FOOTNOTES: lambda _, inside: f'<section class="footnotes"><ol>{inside}</ol></section>',
    BlockKind.FOOTNOTE: lambda _, inside: f"<li>{inside}</li>",
    BlockKind.RULE: lambda _block, _inside: "<hr>",
}


def _named_link(found: re.Match[str]) -> str:
    """A link without text inside a sentence: named by its host, so that none is ever empty."""
    url = found[1]
    if not url:
        return ""
    host = url.partition("//")[2].partition("/")[0].removeprefix("www.") or url
    return f'<a href="{url}">{host}</a>'
