"""Pictures of the notes, looked at before any output holds them: what they are, how large, and that they only show."""

import base64
import binascii
import re
import struct
from collections.abc import Mapping, Sequence
from xml.parsers import expat

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_ACTIVE = frozenset({"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"})
_LOADED = re.compile(r"url\(([^)]*)|@import\s*([^;]*)", re.IGNORECASE)
_LOCAL = re.compile(r"url\(\s*[\"']?#([^)\"']*)", re.IGNORECASE)
_INLINE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_LARGEST_SVG = 5_000_000
_DEEPEST = 200
_MOST_ELEMENTS = 100_000
_MOST_DRAWN = 20_000
"""References that are followed, those inside what is referred to counted each time: `<use>` in `<use>` multiplies."""
MOST_PIXELS = 120_000_000
"""More than any camera's; shown, each takes four bytes of memory."""
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class UnusablePicture(Exception):
    """A picture that no output can hold. The text says why, after "the picture "."""


def raster_kind(content: bytes) -> str | None:
    """`png`, `jpg`, `gif` or `webp`, by how the content begins; None for anything else, whatever its name says."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)


def check_pixels(content: bytes) -> None:
    """Refuse a picture that a few kilobytes make too large for the memory of what shows it.

    Raises:
        UnusablePicture: By its header it has more than `MOST_PIXELS`.
    """
    width, height = _size(content)
    if width * height > MOST_PIXELS:
        raise UnusablePicture(f"has more than {MOST_PIXELS // 1_000_000} million pixels")


def _size(content: bytes) -> tuple[int, int]:
    """Width and height from the header; zeros where there is none that we know."""
    try:
        match raster_kind(content):
            case "png":
                return struct.unpack(">II", content[16:24])
            case "gif":
                return struct.unpack("<HH", content[6:10])
            case "jpg":
                return _jpeg_size(content)
            case "webp" if content[12:16] == b"VP8X":
                return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    except (struct.error, IndexError):
        return 0, 0
    return 0, 0  # plain WebP has 16,383 pixels a side at most, and other kinds are not taken


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def check_svg(content: bytes) -> None:
    """Refuse an SVG that runs something, loads something or grows without end, wherever it is shown.

    Raises:
        UnusablePicture: It does, or is no SVG.
    """
    if len(content) > _LARGEST_SVG:
        raise UnusablePicture(f"is larger than {_LARGEST_SVG // 1_000_000} MB")
    parser = expat.ParserCreate(namespace_separator=" ")
    check = _StillCheck()
    parser.StartElementHandler = check.start
    parser.EndElementHandler = check.end
    parser.CharacterDataHandler = check.text
    parser.ProcessingInstructionHandler = check.instruction
    parser.EntityDeclHandler = check.entity
    try:
        parser.Parse(content, True)  # noqa: FBT003 — expat takes no keywords
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnusablePicture(f"is a broken SVG: {error}") from error
    _check_style("".join(check.style))
    if _drawn("", check.references, {}, 0) > _MOST_DRAWN:
        raise UnusablePicture("is an SVG that draws itself too many times over")


class _StillCheck:
    """Hears of everything in an SVG, in order.

    `references` holds for each id, and for the whole under "", the ids that are referred to inside it.
    """

    def __init__(self) -> None:
        self.style: list[str] = []
        self.references: dict[str, list[str]] = {"": []}
        self._open: list[tuple[str, str]] = []
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _local(name)
        if not self._open and tag != "svg":
            raise UnusablePicture("is no SVG, though it looks like one")
        self._elements += 1
        self._open.append((tag, attributes.get("id", "")))
        if self._elements > _MOST_ELEMENTS or len(self._open) > _DEEPEST:
            raise UnusablePicture("is an SVG with too many elements")
        if tag in _ACTIVE:
            raise UnusablePicture(f"is an SVG with a <{name.rpartition(' ')[2]}>")
        for attribute, value in attributes.items():
            _check_attribute(tag, _local(attribute), value)
            is_link = _local(attribute) == "href" and tag != "a" and value.strip().startswith("#")
            for referred in [value.strip()[1:]] if is_link else _LOCAL.findall(value) if "#" in value else ():
                for _, holder in {("", ""), *self._open}:
                    self.references.setdefault(holder, []).append(referred)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        if self._open[-1][0] == "style":
            self.style.append(data)

    def instruction(self, target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            raise UnusablePicture("is an SVG that loads a style sheet")

    def entity(self, name: str, *_: object) -> None:
        # An entity may name a file, or grow without end.
        raise UnusablePicture(f"is an SVG that declares the entity {name}")


def _drawn(holder: str, references: Mapping[str, Sequence[str]], known: dict[str, int], depth: int) -> int:
    """How many references are followed to draw what an id holds; at once too many where it holds itself."""
    if holder not in known:
        # For the time being: who comes here again has gone in a circle.
        known[holder] = _MOST_DRAWN + 1
        count = 0
        for referred in references.get(holder, ()) if depth < _DEEPEST else [""] * _MOST_DRAWN:
            count += 1 + (_drawn(referred, references, known, depth + 1) if referred in references else 0)
            if count > _MOST_DRAWN:
                break
        known[holder] = count
    return known[holder]


def _check_attribute(tag: str, name: str, value: str) -> None:
    if name.startswith("on"):
        raise UnusablePicture(f"is an SVG that runs something ({name})")
    if name in ("href", "src"):
        target = value.strip()
        if not target or target.startswith("#") or _is_picture(target):
            return
        # A link to a page loads nothing by itself; Graphviz and draw.io write them.
        if not (tag == "a" and target.startswith(("http://", "https://"))):
            raise UnusablePicture(f"is an SVG that loads {target[:80]}")
    else:
        _check_style(value)


def _check_style(text: str) -> None:
    for found in _LOADED.finditer(text):
        target = (found[1] or found[2] or "").strip(" \t\n\"'")
        if not target.startswith("#") and not _is_picture(target):
            raise UnusablePicture(f"is an SVG that loads {target[:80] or 'a style sheet'}")


def _is_picture(target: str) -> bool:
    """Whether an address holds a picture of pixels in itself; what only calls itself one is refused as loading."""
    found = _INLINE.match(target)
    if not found:
        return False
    try:
        content = base64.b64decode(re.sub(r"\s+", "", target[found.end() :]))
    except (binascii.Error, ValueError):
        return False
    check_pixels(content)
    return raster_kind(content) is not None


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()
