"""The pictures of a deck: which may be in it, and what they are called there."""

import hashlib
import re
from xml.parsers import expat

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_ACTIVE = frozenset({"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"})
_LOADED = re.compile(r"url\(([^)]*)|@import\s*([^;]*)", re.IGNORECASE)
_INLINE_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)


class UnusablePicture(Exception):
    """A picture that the deck can't hold. The text says why, after "the picture "."""


def media_name(content: bytes) -> str:
    """The name of a picture in Anki's one folder for all decks, made from its content alone.

    A changed picture under an old name reaches Anki only if its note is updated, and names with upper-case letters
    are overwritten in place (measured on Anki 26.9.3); a hash in lower case has neither trouble, and equal pictures
    are kept once.

    Raises:
        UnusablePicture: It is empty, of a kind that Anki does not show everywhere, or an SVG that is not still.
    """
    kind = _kind(content)
    digest = hashlib.blake2b(content, digest_size=10).hexdigest()
    return f"cribdeck-{digest}.{kind}"


def _kind(content: bytes) -> str:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if not content:
        raise UnusablePicture("is empty")
    if b"<svg" not in content[:4096].replace(b"\0", b"") and b":svg" not in content[:4096]:
        raise UnusablePicture("is no PNG, JPEG, GIF, WebP or SVG")
    _check_svg(content)
    return "svg"


def _check_svg(content: bytes) -> None:
    """Refuse an SVG that runs something or loads something, wherever Anki's card may be shown."""
    parser = expat.ParserCreate(namespace_separator=" ")
    check = _StillCheck()
    parser.StartElementHandler = check.start
    parser.EndElementHandler = check.end
    parser.CharacterDataHandler = check.text
    parser.ProcessingInstructionHandler = check.instruction
    parser.EntityDeclHandler = check.entity
    try:
        parser.Parse(content, True)  # noqa: FBT003 — expat takes no keywords
    except expat.ExpatError as error:
        raise UnusablePicture(f"is a broken SVG: {error}") from error
    _check_style("".join(check.style))


class _StillCheck:
    """Hears of everything in an SVG, in order."""

    def __init__(self) -> None:
        self.style: list[str] = []
        self._open: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _local(name)
        if not self._open and tag != "svg":
            raise UnusablePicture("is no SVG, though it looks like one")
        self._open.append(tag)
        if tag in _ACTIVE:
            raise UnusablePicture(f"is an SVG with a <{name.rpartition(' ')[2]}>")
        for attribute, value in attributes.items():
            _check_attribute(tag, _local(attribute), value)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        if self._open[-1] == "style":
            self.style.append(data)

    def instruction(self, target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            raise UnusablePicture("is an SVG that loads a style sheet")

    def entity(self, name: str, *_: object) -> None:
        # An entity may name a file, or grow without end.
        raise UnusablePicture(f"is an SVG that declares the entity {name}")


def _check_attribute(tag: str, name: str, value: str) -> None:
    if name.startswith("on"):
        raise UnusablePicture(f"is an SVG that runs something ({name})")
    if name in ("href", "src"):
        target = value.strip()
        is_still = not target or target.startswith("#") or _INLINE_PICTURE.match(target)
        # A link to a page loads nothing by itself; Graphviz and draw.io write them.
        if not is_still and not (tag == "a" and target.startswith(("http://", "https://"))):
            raise UnusablePicture(f"is an SVG that loads {target[:80]}")
    else:
        _check_style(value)


def _check_style(text: str) -> None:
    for found in _LOADED.finditer(text):
        target = (found[1] or found[2] or "").strip(" \t\n\"'")
        if not target.startswith("#") and not _INLINE_PICTURE.match(target):
            raise UnusablePicture(f"is an SVG that loads {target[:80] or 'a style sheet'}")


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()
