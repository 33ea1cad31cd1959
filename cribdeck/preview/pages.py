"""Pictures of the sheet's pages, for the preview to show what will be printed."""

import base64
import functools
import io
from typing import Any

_WIDTH = 1100
"""Pixels: body text is legible, and a page takes some 80 kB."""
_MOST = 30
"""Pages. A longer sheet shows its first ones; the whole of it is the PDF beside the page."""


@functools.lru_cache(maxsize=1)
def page_pictures(pdf: bytes) -> tuple[str, ...]:
    """The pages of a PDF as data addresses, in order; equal bytes give equal pictures.

    None on a machine for which PDFium is not built: the page then only leads to the PDF.
    """
    try:
        import pypdfium2
    except ImportError:
        return ()
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(_picture(document[at]) for at in range(min(len(document), _MOST)))
    finally:
        document.close()


def _picture(page: Any) -> str:
    stream = io.BytesIO()
    page.render(scale=_WIDTH / page.get_width()).to_pil().save(stream, "WEBP", quality=55, method=2)
    return f"data:image/webp;base64,{base64.b64encode(stream.getvalue()).decode()}"
