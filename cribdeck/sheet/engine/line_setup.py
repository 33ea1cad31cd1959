"""What Pango needs to know of a style, made once for all lines that have it; and lines kept from layout to drawing.

WeasyPrint (70.0, text/line_break.py) makes a context, a font description and a list of attributes for every piece of
text, throws it away with the glyphs, and makes it again when the piece is drawn: a fifth of the time that a page takes.
For the process that renders.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cribdeck.sheet.engine.substitution import substitute

_PARTING = re.compile("[\n\r\u2028\u2029]")
"""What ends a paragraph or a line for Pango."""
_ALL = 0xFFFFFFFF
"""The end of an attribute that holds for all of a text (PANGO_ATTR_INDEX_TO_TEXT_END)."""


class Keeping:
    """Whether lines are kept until they are drawn; it takes some kilobytes a line."""

    is_on = False


@contextmanager
def keeping_lines() -> Iterator[None]:
    """Keep lines until they are drawn."""
    before, Keeping.is_on = Keeping.is_on, True
    try:
        yield
    finally:
        Keeping.is_on = before


def install() -> None:
    """Put this in the place of the methods of WeasyPrint's own `Layout`, in this process."""
    from weasyprint.text import line_break

    layout_class = line_break.Layout
    _install_setup(layout_class)
    _install_text(layout_class)
    _install_keeping(layout_class)
    _install_strut(line_break.strut)


def _install_setup(layout_class: Any) -> None:
    plain = layout_class.setup

    def setup(layout: Any, style: Any) -> None:
        # Lines under or over the text are placed by the font's measures, which WeasyPrint itself asks for.
        if style["text_decoration_line"] != "none" or style["font_language_override"] != "normal":
            layout.attributes = None
            plain(layout, style)
            return
        kept = style.__dict__.get("line_setup")
        if kept is None:
            kept = style.line_setup = _made(style)
        _set_up(layout, style, kept)

    layout_class.setup = setup


def _made(style: Any) -> tuple[Any, ...]:
    """A context and a language of Pango's, the font's description, and the attributes of text."""
    from weasyprint.text.constants import PANGO_DIRECTION
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
    from weasyprint.text.fonts import get_font_description

    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)  # noqa: FBT003 — Pango's own signature
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    language = pango.pango_language_get_default()
    if style["lang"]:
        name, _ = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(name)
        pango.pango_context_set_language(context, language)
    return context, language, get_font_description(style), _features(style), _attributes(style)


def _features(style: Any) -> Any:
    """The features of a style as an attribute, one for all styles with the same; None where there are none."""
    from weasyprint.text.ffi import pango
    from weasyprint.text.fonts import font_features

    features = font_features(
        style["font_kerning"], style["font_variant_ligatures"], style["font_variant_position"],
        style["font_variant_caps"], style["font_variant_numeric"], style["font_variant_alternates"],
        style["font_variant_east_asian"], style["font_feature_settings"],
    )  # fmt: skip
    text = ",".join(f"{name} {value}" for name, value in features.items()).encode()
    if not text:
        return None
    known = style.font_config.font_features
    if text not in known:
        known[text] = pango.pango_attr_font_features_new(text)
    return known[text]


def _attributes(style: Any) -> Any:
    """The attributes of any text of a style, as a list; None where those of a text depend on it."""
    from weasyprint.text.ffi import pango

    if style["word_spacing"] or style["letter_spacing"] not in ("normal", 0):
        return None
    attributes = pango.pango_attr_list_new()
    if features := _features(style):
        # A list owns what is in it, and the feature is in many: none may be freed.
        pango.pango_attr_list_insert(attributes, features)
    if style["overflow_wrap"] in ("anywhere", "break-word"):
        hyphens = pango.pango_attr_insert_hyphens_new(False)  # noqa: FBT003 — Pango's own signature
        hyphens.start_index, hyphens.end_index = 0, _ALL
        pango.pango_attr_list_change(attributes, hyphens)
    return attributes


def _set_up(layout: Any, style: Any, kept: tuple[Any, ...]) -> None:
    from weasyprint.text.ffi import ffi, gobject, pango

    context, layout.language, description, features, layout.attributes = kept
    layout.style, layout.first_line_direction = style, 0
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)  # noqa: FBT003 — Pango's own signature
    pango.pango_layout_set_font_description(layout.layout, description)
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    if layout.attributes is not None:
        pango.pango_layout_set_attributes(layout.layout, layout.attributes)
    elif features:
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, features)
        pango.pango_layout_set_attributes(layout.layout, attributes)


def _install_text(layout_class: Any) -> None:
    from weasyprint.text.ffi import pango

    plain = layout_class.set_text
    set_single = pango.pango_layout_set_single_paragraph_mode
    set_text_of = pango.pango_layout_set_text

    def set_text(layout: Any, text: str, justify: bool = False) -> None:  # noqa: FBT001, FBT002 — WeasyPrint's own signature
        if layout.__dict__.pop("is_shared", False):
            layout.setup(layout.style)
        # Drawing asks for it, and shapes the text again where it is not so yet.
        parted = _PARTING.search(text)
        set_single(layout.layout, parted is None)
        if layout.attributes is None or (justify and layout.justification_spacing):
            plain(layout, text, justify)
            return
        if parted and (index := text.find("\n")) != -1:
            text = text[: index + 2]
        layout.text = text
        set_text_of(layout.layout, text.encode().replace(b"\0", b""), -1)
        if "\t" in text:
            layout.set_tabs()

    layout_class.set_text = set_text


def _install_keeping(layout_class: Any) -> None:
    plain = layout_class.deactivate

    def deactivate(layout: Any) -> None:
        """Keep the line the first time, which is after the layout; let go of it the second time, when it is drawn."""
        own = layout.__dict__
        if Keeping.is_on and "is_kept" not in own:
            own["is_kept"] = True
        elif "layout" in own and "is_shared" not in own:
            plain(layout)

    def reactivate(layout: Any, style: Any) -> None:
        own = layout.__dict__
        if "layout" in own and own["style"] is style and not layout.justification_spacing:
            return
        layout.setup(style)
        layout.set_text(layout.text, justify=True)

    layout_class.deactivate, layout_class.reactivate = deactivate, reactivate


def _install_strut(plain: Any) -> None:
    def strut(style: Any) -> Any:
        """A style's line height and where its base line is (text/line_break.py)."""
        found = style.__dict__.get("strut")
        if found is None:
            found = style.strut = plain(style)
        return found

    substitute(plain, strut)
