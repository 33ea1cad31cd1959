"""What follows from a box's style alone, worked out once a style and not once a box.

WeasyPrint (70.0) asks the style of every box for some twenty lengths, although few of them are percentages, whether it
floats or stands somewhere else, and what its background and the radii of its corners are, which hardly any box has: a
sixth of the time that a page takes. For the process that renders.
"""

from typing import Any

from cribdeck.sheet.engine.substitution import substitute

_MOST = 40
"""Sizes of what stands around boxes of one style."""
_CORNERS = (
    "border_top_left_radius",
    "border_top_right_radius",
    "border_bottom_right_radius",
    "border_bottom_left_radius",
)
_BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")
_LENGTHS = (
    "margin_left", "margin_right", "margin_top", "margin_bottom", "padding_left", "padding_right", "padding_top",
    "padding_bottom", "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip


def install() -> None:
    """Put these in the place of WeasyPrint's own functions, in this process."""
    _install_percentages()
    _install_flow()
    _install_backgrounds()


def _install_percentages() -> None:
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import percent

    plain = percent.resolve_percentages
    box_class, page_class = boxes.Box, boxes.PageBox

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        """Set the used lengths of a box (layout/percent.py)."""
        if isinstance(containing_block, box_class):
            width, height = containing_block.width, containing_block.height
        else:
            width, height = containing_block
        style = box.style
        known = style.__dict__.get("used_lengths")
        if known is None:
            known = style.used_lengths = {}
        key = (width, height if height == "auto" or isinstance(box, page_class) else (height,))
        # Where borders collapse, the table has told its cells already how wide theirs are.
        has_borders = style["border_collapse"] == "collapse" and "border_top_width" in box.__dict__
        found = known.get((key, has_borders))
        if found is None:
            plain(box, containing_block)
            if not has_borders or style["box_sizing"] == "content-box":
                if len(known) >= _MOST:
                    known.clear()
                names = _LENGTHS if has_borders else (*_LENGTHS, *_BORDERS)
                known[key, has_borders] = {name: getattr(box, name) for name in names}
            return
        _set(box, found)

    substitute(plain, resolve_percentages)


def _set(box: Any, values: dict[str, Any]) -> None:
    """Set attributes of a box, or of that for which a placeholder stands (layout/absolute.py)."""
    own = box.__dict__
    (own["_box"].__dict__ if "_box" in own else own).update(values)


def _install_flow() -> None:
    from weasyprint.formatting_structure import boxes

    plain = boxes.Box.is_in_normal_flow

    def is_in_normal_flow(box: Any) -> bool:
        """Whether a box neither floats nor stands somewhere else (formatting_structure/boxes.py)."""
        style = box.style
        key = style["float"], style["position"]
        found = _FLOW.get(key)
        if found is None:
            found = _FLOW[key] = plain(box)
        return found

    boxes.Box.is_in_normal_flow = is_in_normal_flow


_FLOW: dict[Any, bool] = {}


def _install_backgrounds() -> None:
    from weasyprint.layout import background

    plain = background.layout_box_backgrounds

    def layout_box_backgrounds(page: Any, box: Any, *options: Any, **named: Any) -> None:
        """Find what is painted behind a box (layout/background.py)."""
        is_alone = named or len(options) > 1
        if is_alone or box is page or not _is_bare(box.style):
            plain(page, box, *options, **named)
            return
        _set(box, _BARE)
        for child in box.all_children():
            layout_box_backgrounds(page, child, *options)

    substitute(plain, layout_box_backgrounds)


_BARE: dict[str, Any] = {**dict.fromkeys(_CORNERS, (0, 0)), "background": None}


def _is_bare(style: Any) -> bool:
    """Whether a box of this style has nothing behind it, no picture for a border, and square corners."""
    found: bool | None = style.__dict__.get("is_bare")
    if found is None:
        found = style.is_bare = _is_without_background(style)
    return found


def _is_without_background(style: Any) -> bool:
    from weasyprint.draw.color import get_color

    return (
        all((0, "px") in style[corner] for corner in _CORNERS)
        and style["border_image_source"][0] == style["mask_border_source"][0] == "none"
        and (
            style["visibility"] == "hidden"
            or (
                get_color(style, "background_color").alpha == 0
                and all(kind == "none" for kind, _ in style["background_image"])
            )
        )
        and not style["box_shadow"]
    )
