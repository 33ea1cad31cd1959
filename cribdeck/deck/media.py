"""The pictures of a deck: which may be in it, and what they are called there."""

import hashlib

from cribdeck.rendering.pictures import UnusablePicture, check_pixels, check_svg, raster_kind

__all__ = ["UnusablePicture", "media_name"]


def media_name(content: bytes) -> str:
    """The name of a picture in Anki's one folder for all decks, made from its content alone.

    A changed picture under an old name reaches Anki only if its note is updated, and names with upper-case letters
    are overwritten in place (measured on Anki 26.9.3); a hash in lower case has neither trouble, and equal pictures
    are kept once.

    Raises:
        UnusablePicture: It is empty, of a kind that Anki does not show everywhere, too large, or an SVG that is not
            still.
    """
    kind = _kind(content)
    digest = hashlib.blake2b(content, digest_size=10).hexdigest()
    return f"cribdeck-{digest}.{kind}"


def _kind(content: bytes) -> str:
    kind = raster_kind(content)
    if kind:
        check_pixels(content)
        return kind
    if not content:
        raise UnusablePicture("is empty")
    if b"<svg" not in content[:4096].replace(b"\0", b"") and b":svg" not in content[:4096]:
        raise UnusablePicture("is no PNG, JPEG, GIF, WebP or SVG")
    check_svg(content)
    return "svg"
