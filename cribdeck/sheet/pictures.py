"""Pictures of the notes, checked before they reach the page."""

import base64
import io
import posixpath
import warnings

from cribdeck.rendering.pictures import UnusablePicture, check_svg

_MIME = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".bmp": "image/bmp", ".svg": "image/svg+xml",
}  # fmt: skip
MOST_PIXELS = 40_000_000
"""A picture of 81 megapixels takes 2 s and 680 MB to embed; no page shows more than this."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF")
"""Of Pillow's many, those that a note's pictures have. It would hand an EPS to Ghostscript, whatever its name."""


class Unusable(Exception):
    """A picture that can't stand on the page; the message says why."""


def data_uri(path: str, data: bytes) -> str:
    """A picture as an address that holds it.

    Raises:
        Unusable: It is no picture, too large, of a kind that can't be shown, or an SVG that may do more than show.
    """
    kind = _MIME.get(posixpath.splitext(path)[1].lower())
    if data.lstrip()[:5].lower() in (b"<?xml", b"<svg ", b"<svg\n") or kind == "image/svg+xml":
        try:
            check_svg(data)
        except UnusablePicture as error:
            raise Unusable(str(error)) from error
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
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
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
