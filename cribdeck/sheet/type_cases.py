"""The fonts of a sheet in chapters: each chapter tells which glyphs it uses, and all are embedded once, at the end.

WeasyPrint keeps a font's own numbers for its glyphs, so that one subset with the glyphs of all chapters serves each.
For the process that renders: it takes hold of WeasyPrint's own classes (70.0, pdf/fonts.py).
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from cribdeck.sheet.machine import load_library

FontUse = dict[str, Any]
"""What a chapter uses of a font: `description` as Pango writes it and `size` in CSS pixels, by which it is found
again; `face`, what tells whether it is the same one; `name` in the pages' streams; `widths` of glyphs in thousandths of
an em and their `text`; `missing`, the numbers of glyphs that stand for characters the font has not.
"""


class FontChanged(Exception):
    """A font is no longer the one that a chapter was laid out in."""


@contextlib.contextmanager
def left_out() -> Iterator[None]:
    """Write PDFs in which fonts are only named."""
    import pydyf
    from weasyprint import pdf
    from weasyprint.pdf import fonts, stream

    class Named(fonts.Font):  # type: ignore[misc,unused-ignore]
        """Remembers its description, and does not read its file."""

        def __init__(self, pango_font: Any, description: Any, font_size: float) -> None:
            super().__init__(pango_font, description, font_size)
            self.description, self.face = _written(description), _face(self)

    kept = pdf.build_fonts_dictionary, fonts.get_hb_object_data, stream.Font
    pdf.build_fonts_dictionary = lambda *_: pydyf.Dictionary({})
    fonts.get_hb_object_data = lambda *_: b""
    stream.Font = Named
    try:
        yield
    finally:
        pdf.build_fonts_dictionary, fonts.get_hb_object_data, stream.Font = kept


def used(document_fonts: Mapping[Any, Any]) -> list[FontUse]:
    """What the pages that were written use of their fonts."""
    return [
        {
            "description": font.description,
            "size": font.font_size,
            "face": font.face,
            "name": font.hash,
            "widths": list(font.widths.items()),
            "text": list(font.to_unicode.items()),
            "missing": list(font.missing.items()),
        }
        for font in document_fonts.values()
    ]


def united(uses: Iterable[FontUse]) -> dict[str, FontUse]:
    """The fonts of several chapters, by names that are their own; where chapters differ, the first one's word counts.

    Glyphs of what is missing are numbered in each chapter anew, so that a font which lacks others is another font.
    """
    fonts: dict[str, FontUse] = {}
    for use in uses:
        found = fonts.get(name_of(use))
        if found is None:
            fonts[name_of(use)] = use | {"widths": dict(use["widths"]), "text": dict(use["text"])}
            continue
        if found["face"] != use["face"] or found["description"] != use["description"]:
            raise FontChanged(use["description"])
        for glyph, width in use["widths"]:
            found["widths"].setdefault(glyph, width)
        for glyph, text in use["text"]:
            found["text"].setdefault(glyph, text)
    return fonts


def name_of(use: FontUse) -> str:
    """What a font is called in the finished sheet."""
    lacking = "".join(f"-{code:x}" for code, _ in use["missing"])
    return f"{use['name']}{lacking}"


def written(fonts: Mapping[str, FontUse]) -> bytes:
    """All that fonts that are embedded depend on, as bytes."""
    return msgspec.json.encode(list(fonts.items()))


def embedded(fonts: Mapping[str, FontUse], font_config: Any) -> bytes:
    """A PDF without pages whose catalog's `Fonts` has all fonts, by their names."""
    import io

    import pydyf
    from weasyprint.pdf.fonts import build_fonts_dictionary

    pdf = pydyf.PDF()
    references = pydyf.Dictionary({})
    options = {"hinting": False, "pdf_version": None}
    plain = {name: use for name, use in fonts.items() if not use["missing"]}
    for group in ([plain] if plain else []) + [{name: use} for name, use in fonts.items() if use["missing"]]:
        loaded = {name: _loaded(use, font_config) for name, use in group.items()}
        built = build_fonts_dictionary(pdf, loaded, True, True, options)  # noqa: FBT003 — WeasyPrint's own signature
        for name, use in group.items():
            references[name] = built[use["name"]]
    pdf.add_object(references)
    pdf.catalog["Fonts"] = references.reference
    data = io.BytesIO()
    pdf.write(data)
    return data.getvalue()


def _loaded(use: FontUse, font_config: Any) -> Any:
    """WeasyPrint's font object with the glyphs that are used."""
    from weasyprint.pdf.fonts import Font
    from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango

    context = ffi.gc(pango.pango_font_map_create_context(font_config.font_map), gobject.g_object_unref)
    description, plain = _read(use["description"]), _read(use["description"])
    pango.pango_font_description_set_absolute_size(description, round(use["size"] * TO_UNITS))
    pango_font = pango.pango_font_map_load_font(font_config.font_map, context, description)
    if pango_font == ffi.NULL:
        raise FontChanged(use["description"])
    font = Font(pango_font, plain, use["size"])
    if _face(font) != use["face"] or font.hash != use["name"]:
        raise FontChanged(use["description"])
    font.widths, font.to_unicode, font.missing = dict(use["widths"]), dict(use["text"]), dict(use["missing"])
    return font


def _written(description: Any) -> str:
    from weasyprint.text.ffi import ffi, pango

    text: bytes = ffi.string(pango.pango_font_description_to_string(description))
    return text.decode()


def _read(description: str) -> Any:
    """What `_written` was given. WeasyPrint does not name the function for it, so that it is called directly."""
    import ctypes

    from weasyprint.text.ffi import ffi, pango

    function = load_library("Pango").pango_font_description_from_string
    function.restype = ctypes.c_void_p
    address = function(ctypes.c_char_p(description.encode()))
    return ffi.gc(ffi.cast("PangoFontDescription *", address), pango.pango_font_description_free)


def _face(font: Any) -> list[int]:
    """What tells one font file from another: its length, the face's number in it, its glyphs and units."""
    from weasyprint.text.ffi import harfbuzz

    blob = harfbuzz.hb_face_reference_blob(font.hb_face)
    length = harfbuzz.hb_blob_get_length(blob)
    harfbuzz.hb_blob_destroy(blob)
    return [length, font.index, font.glyph_count, font.upem]
