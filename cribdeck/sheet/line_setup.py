"""What Pango needs to know of a style, made once for all lines that have it.

WeasyPrint (70.0, text/line_break.py) makes a context, a font description and a list of features for every piece of
text, and again when the piece is drawn: a tenth of the time that a page takes. For the process that renders.
"""

from typing import Any


def install() -> None:
    """Put this in the place of WeasyPrint's own `Layout.setup`, in this process."""
    from weasyprint.text import line_break

    plain = line_break.Layout.setup

    def setup(layout: Any, style: Any) -> None:
        # Lines under or over the text are placed by the font's measures, which WeasyPrint itself asks for.
        if style["text_decoration_line"] != "none" or style["font_language_override"] != "normal":
            plain(layout, style)
            return
        kept = getattr(style, "line_setup", None)
        if kept is None:
            kept = style.line_setup = _made(style)
        _set_up(layout, style, kept)

    line_break.Layout.setup = setup


def _made(style: Any) -> tuple[Any, ...]:
    """A context and a language of Pango's, the font's description, and the features as Pango writes them."""
    from weasyprint.text.constants import PANGO_DIRECTION
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
    from weasyprint.text.fonts import font_features, get_font_description

    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)  # noqa: FBT003 — Pango's own signature
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    language = pango.pango_language_get_default()
    if style["lang"]:
        name, _ = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(name)
        pango.pango_context_set_language(context, language)
    features = font_features(
        style["font_kerning"], style["font_variant_ligatures"], style["font_variant_position"],
        style["font_variant_caps"], style["font_variant_numeric"], style["font_variant_alternates"],
        style["font_variant_east_asian"], style["font_feature_settings"],
    )  # fmt: skip
    text = ",".join(f"{name} {value}" for name, value in features.items()).encode()
    return context, language, get_font_description(style), text


def _set_up(layout: Any, style: Any, kept: tuple[Any, ...]) -> None:
    from weasyprint.text.ffi import ffi, gobject, pango

    context, layout.language, description, features = kept
    layout.style, layout.first_line_direction = style, 0
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)  # noqa: FBT003 — Pango's own signature
    pango.pango_layout_set_font_description(layout.layout, description)
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    if features:
        known = style.font_config.font_features
        if features not in known:
            known[features] = pango.pango_attr_font_features_new(features)
        # A list owns what is in it, and the feature is in many: none may be freed.
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, known[features])
        pango.pango_layout_set_attributes(layout.layout, attributes)
