"""Pictures of the notes, checked before they reach the page."""

import base64
import io
import posixpath
import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MIME = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".bmp": "image/bmp", ".svg": "image/svg+xml",
}  # fmt: skip
MOST_PIXELS = 40_000_000
"""A picture of 81 megapixels takes 2 s and 680 MB to embed; no page shows more than this."""
_LARGEST_SVG = 5_000_000
_FORBIDDEN_SVG = re.compile(
    r"<\s*(?:\w+:)?(script|foreignObject|image|feImage|iframe|style[^>]*>[^<]*(?:@import|url\(\s*['\"]?(?!#)))|<!(ENTITY)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/(?:png|jpeg|gif|webp))([^\"']{0,80})", re.IGNORECASE
)
_USE = re.compile(r"<\s*(?:\w+:)?use\b", re.IGNORECASE)
_MOST_USES = 2_000


class Unusable(Exception):
    """A picture that can't stand on the page; the message says why."""


def data_uri(path: str, data: bytes) -> str:
    """A picture as an address that holds it.

    Raises:
        Unusable: It is no picture, too large, of a kind that can't be shown, or an SVG that may do more than show.
    """
    kind = _MIME.get(posixpath.splitext(path)[1].lower())
    if data.lstrip()[:5].lower() in (b"<?xml", b"<svg ", b"<svg\n") or kind == "image/svg+xml":
        _check_svg(data)
        kind = "image/svg+xml"
    else:
        kind = _check_raster(data)
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _check_raster(data: bytes) -> str:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice this
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
                kind = Image.MIME.get(picture.format or "", "")
                picture.load()
    except Image.DecompressionBombError as error:
        raise Unusable(f"has more than {MOST_PIXELS // 1_000_000} million pixels") from error
    except Exception as error:
        raise Unusable("is no picture that can be read") from error
    if not width or not height or not kind:
        raise Unusable("is no picture that can be read")
    return kind


def _check_svg(data: bytes) -> None:
    if len(data) > _LARGEST_SVG:
        raise Unusable(f"is larger than {_LARGEST_SVG // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable("is not in UTF-8") from error
    if "<svg" not in text:
        raise Unusable("is no picture that can be read")
    if found := _FORBIDDEN_SVG.search(text):
        raise Unusable(f"holds <{(found[1] or found[2]).split()[0].split('>')[0]}>")
    if found := _REFERENCE.search(text):
        raise Unusable(f"refers to {found[1]}")
    if _is_use_bomb(text):
        raise Unusable("draws itself too many times over")


def _is_use_bomb(text: str) -> bool:
    """Whether `<use>` multiplies: each use of a group counts the uses inside it."""
    uses = len(_USE.findall(text))
    if uses > _MOST_USES:
        return True
    if uses < 2:
        return False
    from xml.etree import ElementTree as ET

    try:
        root = ET.fromstring(text)  # noqa: S314 — entities were refused above
    except ET.ParseError as error:
        raise Unusable("is no picture that can be read") from error
    by_id = {element.get("id", ""): element for element in root.iter()}
    return _drawn(root, by_id, ()) > _MOST_USES


def _drawn(element: "Element", by_id: Mapping[str, "Element"], inside: tuple[str, ...]) -> int:
    """How many elements `<use>` draws below an element; at once too many where one uses itself."""
    count = 0
    for child in element.iter():
        if child.tag.rpartition("}")[2] != "use":
            continue
        name = (child.get("href") or child.get("{http://www.w3.org/1999/xlink}href") or "").removeprefix("#")
        if name in inside or len(inside) > 20:
            return _MOST_USES + 1
        target = by_id.get(name)
        count += 1 + (_drawn(target, by_id, (*inside, name)) if target is not None else 0)
        if count > _MOST_USES:
            return count
    return count
