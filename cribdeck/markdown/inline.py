"""From a line's tokens to its HTML: pictures and links resolved as far as the note itself tells."""

import functools
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.markdown import addresses, raw_html
from cribdeck.markdown.breaks import soft_break
from cribdeck.markdown.inline_rules import is_money_or_shell
from cribdeck.markdown.listing import by_name
from cribdeck.model import ACTIVE_MATH, IMAGE_ATTRIBUTE, LINE_ATTRIBUTE, LINK_ATTRIBUTE

_DIRECTIVE = re.compile(r"<!--\s*(card|cribdeck)\s*:(.*?)-->", re.DOTALL)
_QUERY = re.compile(r"[?#]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_STRAY_SPACE = re.compile(
    r"[ \u00a0](?<=[\u3400-\u4dbf\u4e00-\u9fff].)[ \u00a0]*(?=[\u3400-\u4dbf\u4e00-\u9fff])", re.DOTALL
)
"""The trace of a paste from a PDF: `分 布式`. Between Han and Latin a space stays as typed."""


@dataclass(slots=True)
class Reading:
    """What the reading of one note knows and finds.

    Attributes:
        file: The note's path.
        media: Every file of the notes folder that is no note, by its path in lower case.
        bold_headings: Whether a line that is wholly bold is a heading.
        diagnostics: Grows while the note is read.
        pictures: Grows too: each picture as typed, and its path in the notes folder, "" where it is not there.
    """

    file: str
    media: Mapping[str, str]
    bold_headings: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)

    @property
    def is_mdx(self) -> bool:
        """Whether the note is Markdown with components."""
        return self.file.lower().endswith(".mdx")

    def tell(self, code: Code, line: int, message: str, hint: str = "") -> None:
        """Add a diagnostic at a line of this note."""
        self.diagnostics.append(Diagnostic(code, Place(self.file, line), message, hint))


def render(tokens: Sequence[Token], md: MarkdownIt, reading: Reading, line: int) -> str:
    """The HTML of inline tokens that begin on `line`."""
    if is_text(tokens):
        return text_html(tokens[0].content)
    return _Renderer(tokens, md, reading, line).html()


def is_text(tokens: Sequence[Token]) -> bool:
    """Whether there is a text and nothing else."""
    return len(tokens) == 1 and tokens[0].type == "text"


def text_html(text: str) -> str:
    """Text as HTML."""
    return escapeHtml(_STRAY_SPACE.sub("", text))


class _Renderer:
    """Renders one run of inline tokens, counting lines as it goes."""

    def __init__(self, tokens: Sequence[Token], md: MarkdownIt, reading: Reading, line: int) -> None:
        self._tokens = tokens
        self._md = md
        self._reading = reading
        self._line = line

    def html(self) -> str:
        return "".join([self._one(at, token) for at, token in enumerate(self._tokens)])

    def _one(self, at: int, token: Token) -> str:
        if token.type == "text":
            return text_html(token.content)
        if token.type in ("softbreak", "hardbreak"):
            self._line += 1
            if token.type == "hardbreak":
                return "<br>"
            return soft_break(_text_before(self._tokens, at), _text_after(self._tokens, at))
        make = _MAKERS.get(token.type)
        if make:
            return make(self, token)
        return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>" if token.tag else escapeHtml(token.content)

    def code(self, token: Token) -> str:
        return f"<code>{escapeHtml(token.content)}</code>"

    def image(self, token: Token) -> str:
        alt = "".join(child.content for child in token.children or []) or token.content
        image = raw_html.Image(
            str(token.attrs.get("src", "")), alt, raw_html.width_of(str(token.attrs.get("width", "")))
        )
        return place_image(image, self._reading, self._line)

    def link(self, token: Token) -> str:
        return _link_open(token, self._reading, self._line)

    def raw(self, token: Token) -> str:
        line = self._line
        self._line += token.content.count("\n")
        return _html(token.content, self._reading, line)

    def math(self, token: Token) -> str:
        source = token.content.strip()
        if token.markup.startswith("$") and is_money_or_shell(source):
            return escapeHtml(f"${token.content}$")
        if formula_dangers(source, self._reading, self._line):
            return f"<code>{escapeHtml(source)}</code>"
        display = " display" if token.type == "math_inline_double" else ""
        return f'<span class="math{display}">{escapeHtml(source)}</span>'

    def note_ref(self, token: Token) -> str:
        number = token.meta["id"] + 1
        return f'<sup class="note-ref" data-note="{number}">{number}</sup>'

    def nothing(self, _: Token) -> str:
        return ""


_MAKERS: dict[str, Callable[[_Renderer, Token], str]] = {
    "code_inline": _Renderer.code,
    "image": _Renderer.image,
    "link_open": _Renderer.link,
    "html_inline": _Renderer.raw,
    "math_inline": _Renderer.math,
    "math_inline_double": _Renderer.math,
    "footnote_ref": _Renderer.note_ref,
    "footnote_anchor": _Renderer.nothing,
}


def _text_before(tokens: Sequence[Token], index: int) -> str:
    while index > 0:
        index -= 1
        if tokens[index].content:
            return tokens[index].content
    return ""


def _text_after(tokens: Sequence[Token], index: int) -> str:
    while index + 1 < len(tokens):
        index += 1
        if tokens[index].content:
            return tokens[index].content
    return ""


def formula_dangers(source: str, reading: Reading, line: int) -> bool:
    """Whether a formula has a command that does more than draw, which is told: it is shown as its source."""
    found = dict.fromkeys(ACTIVE_MATH.findall(source))
    for name in found:
        reading.tell(
            Code.DROPPED_HTML, line, f"`\\{name}` in a formula: it is not drawn", "a formula can only be shown"
        )
    return bool(found)


def is_external(href: str) -> bool:
    """Whether an address leads out of the notes, to somewhere that a reader may follow."""
    return href.lower().startswith(("http://", "https://", "mailto:", "//"))


def absolute(href: str) -> str:
    """An outward address with its scheme: seen from a page on the disk, `//host` would be a machine of the network."""
    return f"https:{href}" if href.startswith("//") else href


def _link_open(token: Token, reading: Reading, line: int) -> str:
    href = str(token.attrs.get("href", ""))
    if is_external(href):
        return f'<a href="{escapeHtml(absolute(href))}">'
    if not href or (_SCHEME.match(href) and not token.meta.get("note")):
        if href:
            reading.tell(Code.DROPPED_HTML, line, f"link to `{href}` dropped", "link to an http or https address")
        return "<a>"
    target = href if token.meta.get("note") else _unquoted(href)
    return f'<a {LINK_ATTRIBUTE}="{escapeHtml(target)}" {LINE_ATTRIBUTE}="{line}">'


def place_image(image: raw_html.Image, reading: Reading, line: int) -> str:
    """The HTML of a picture: a reference to a file of the notes folder, a link, or a placeholder with its name."""
    src = image.src.strip()
    label = escapeHtml(image.alt.strip())
    if is_external(src):
        if src.lower().startswith("mailto:"):
            return label
        reading.tell(Code.REMOTE_IMAGE, line, f"picture {src} is on the network", "save it beside the note")
        return f'<a class="remote-image" href="{escapeHtml(absolute(src))}">{label or escapeHtml(file_name(src))}</a>'
    if src.lower().startswith("data:"):
        reading.tell(Code.UNUSABLE_IMAGE, line, "a picture is written into the note itself", "save it as a file")
        return f'<span class="missing-image">{label or "data:"}</span>'
    path = resolve_image(reading.file, src, reading.media)
    reading.pictures[src] = path or ""
    if path is None:
        name = file_name(src) or src[:80]
        outside = escapes(reading.file, src)
        reading.tell(
            Code.OUTSIDE_IMAGE if outside else Code.MISSING_IMAGE,
            line,
            f"picture {_unquoted(src)[:200]} {'is outside the notes folder' if outside else 'is missing'}",
            "put the file beside the note, or take the line out",
        )
        return f'<span class="missing-image">{escapeHtml(name)}</span>'
    size = f' width="{image.width}"' if image.width else ""
    return f'<img {IMAGE_ATTRIBUTE}="{escapeHtml(path)}" alt="{label}"{size}>'


def resolve_image(file: str, src: str, media: Mapping[str, str]) -> str | None:
    """The path of a picture inside the notes folder, or None.

    Beside the note first, then (as Obsidian does) by its bare name anywhere, if just one file has it.
    """
    if not src or _SCHEME.match(src):
        return None
    for candidate in dict.fromkeys((src, _unquoted(src), _unquoted(_QUERY.split(src, maxsplit=1)[0]))):
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(file), candidate.replace("\\", "/")))
        if joined.lower() in media:
            return media[joined.lower()]
    name = posixpath.basename(_unquoted(src).replace("\\", "/")).lower()
    same = by_name(media).get(name, ()) if "/" not in src else ()
    return same[0] if len(same) == 1 else None


@functools.lru_cache(maxsize=64)
def _unquoted(address: str) -> str:
    """As `unquote`, which is slow; the same address is asked for several times in a row."""
    return unquote(address)


def escapes(file: str, src: str) -> bool:
    """Whether a relative path leads out of the notes folder."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(file), _unquoted(src).replace("\\", "/")))
    return joined.startswith(("../", "/")) or bool(_SCHEME.match(src))


def file_name(src: str) -> str:
    """The last part of a path or address, decoded."""
    path = addresses.parts(src).path if is_external(src) else src
    return posixpath.basename(_unquoted(path).replace("\\", "/").rstrip("/"))


def _html(fragment: str, reading: Reading, line: int) -> str:
    if fragment.startswith("<!--"):
        directive = _DIRECTIVE.match(fragment)
        return fragment if directive else ""
    if not raw_html.is_tag(fragment):
        # In MDX `<Tabs>` is a component, which only its site can show; what it wraps stays.
        return "" if reading.is_mdx and raw_html.TAG.fullmatch(fragment) else escapeHtml(fragment)
    for name in raw_html.dangers(fragment):
        reading.tell(Code.DROPPED_HTML, line, f"`{name}` dropped", "notes can hold text, not programs")
    image = raw_html.image_of(fragment)
    if image:
        return place_image(image, reading, line)
    return _html_link(fragment, line)


def _html_link(fragment: str, line: int) -> str:
    """An `<a>` of raw HTML as a link of ours; an anchor (`<a name=…>`) is scaffolding. Other tags bare."""
    found = raw_html.TAG.match(fragment)
    if not found or found[2].lower() != "a" or found[1]:
        return raw_html.bare_tag(fragment)
    href = raw_html.attributes(found[3]).get("href", "").strip()
    if is_external(href):
        return f'<a href="{escapeHtml(absolute(href))}">'
    if not href or _SCHEME.match(href):
        return "<a>"
    return f'<a {LINK_ATTRIBUTE}="{escapeHtml(_unquoted(href))}" {LINE_ATTRIBUTE}="{line}">'
