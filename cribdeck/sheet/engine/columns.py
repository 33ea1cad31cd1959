"""Columns in a third of the time that WeasyPrint takes for them.

WeasyPrint 70.0 (layout/column.py) lays every column out twice, and finds the height at which columns are even by
growing it a pixel at a time where a heading may not be parted from what follows: 243 columns were laid out for one
block of 230 pixels. This does the same for the plain columns that the sheet has (no spanning elements, no footnotes,
no height of their own): a page that is full is laid out once, and the even height is found by bisection, for which
blocks that are whole are moved, not laid out again.
"""

from dataclasses import dataclass
from typing import Any

from cribdeck.sheet.engine import galley

_NEAR = 6.0
"""CSS pixels. Columns are even enough within this much."""
_FIRST_STEP = 8.0


def install() -> None:
    """Put this in the place of WeasyPrint's own layout of columns, in this process."""
    from weasyprint.layout import block

    block.columns_layout = columns_layout
    galley.install()


@dataclass(slots=True)
class _Attempt:
    """Columns laid out at one height; `resume` tells where they ended, None after everything."""

    columns: list[Any]
    resume: dict[int, Any] | None
    next_page: dict[str, Any]
    bottom: float

    def fits(self, height: float) -> bool:
        return bool(self.columns) and self.resume is None and self.bottom <= height + 0.5


class _Columns:
    """One container on one page."""

    def __init__(self, context: Any, box: Any, containing_block: Any, skip_stack: dict[int, Any] | None) -> None:
        from weasyprint.layout.percent import percentage

        self._context = context
        self._box = box
        self._containing_block = containing_block
        self.count: int = box.style["column_count"]
        self._gap: float = percentage(box.style["column_gap"], box.style, box.width)
        self._width = max(0, box.width - (self.count - 1) * self._gap) / self.count
        self.skip = next(iter(skip_stack)) if skip_stack else 0
        self._resume = {0: skip_stack[self.skip]} if skip_stack else None
        self._children = [child.copy() for child in box.children[self.skip :]]
        self._shapes = len(context.excluded_shapes)
        self.top: float = box.content_box_y()
        self._galley = galley.Galley()

    def lay_out(self, height: float, page_is_empty: bool, boxes: tuple[list[Any], list[Any]]) -> _Attempt:  # noqa: FBT001
        from weasyprint.layout import block, column

        del self._context.excluded_shapes[self._shapes :]
        self._galley.begin()
        attempt = _Attempt([], self._resume, {"break": "any", "page": None}, 0)
        for number in range(self.count):
            frame = column._create_column_box(  # noqa: SLF001 — WeasyPrint offers no other way
                self._box, self._containing_block, self._children, self._width, self.top
            )
            frame.position_x += number * (self._width + self._gap)
            with galley.using(self._galley):
                done, resume, next_page, *_ = block.block_box_layout(
                    self._context, frame, self._context.page_bottom - self.top - height, attempt.resume,
                    self._containing_block, page_is_empty, *boxes, None, None, None, discard=False, max_lines=None,
                )  # fmt: skip
            if done is None:
                break
            attempt.columns.append(done)
            attempt.resume, attempt.next_page = resume, next_page
            attempt.bottom = max(attempt.bottom, self.used(done))
            if resume is None:
                break
        return attempt

    def used(self, column: Any) -> float:
        """How far down a column is filled."""
        last = next((child for child in reversed(column.children) if child.is_in_normal_flow()), None)
        return last.position_y + last.margin_height() - last.margin_bottom - self.top if last else 0.0

    def even_height(self, full: _Attempt, room: float) -> float:
        """The least height, within a few pixels, at which the same columns hold everything."""
        low = sum(self.used(column) for column in full.columns) / self.count
        if self._fits(low):
            return low
        step, high = _FIRST_STEP, low + _FIRST_STEP
        while high < room and not self._fits(high):
            low, step = high, step * 2
            high = low + step
        high = min(high, room)
        while high - low > _NEAR:
            middle = (low + high) / 2
            low, high = (low, middle) if self._fits(middle) else (middle, high)
        return high

    def _fits(self, height: float) -> bool:
        from weasyprint.layout.block import remove_placeholders

        attempt = self.lay_out(height, page_is_empty=False, boxes=([], []))
        remove_placeholders(self._context, attempt.columns, [], [])
        return attempt.fits(height)


def columns_layout(  # noqa: PLR0913, PLR0917 — WeasyPrint's own signature
    context: Any,
    box: Any,
    bottom_space: float,
    skip_stack: dict[int, Any] | None,
    containing_block: Any,
    page_is_empty: bool,  # noqa: FBT001
    absolute_boxes: list[Any],
    fixed_boxes: list[Any],
    adjoining_margins: list[float],
    *_first_styles: Any,
) -> tuple[Any, ...]:
    """Lay out a container of columns as far as this page takes it; arguments and results are WeasyPrint's."""
    from weasyprint.layout.block import block_level_width, collapse_margin, remove_placeholders

    context.in_column = True
    box = box.copy_with_children(box.children)
    box.position_y += collapse_margin(adjoining_margins)
    block_level_width(box, containing_block)
    columns = _Columns(context, box, containing_block, skip_stack)
    room = context.page_bottom - columns.top - bottom_space
    boxes = (absolute_boxes, fixed_boxes)
    attempt = columns.lay_out(room, page_is_empty, boxes)
    if attempt.resume is None and attempt.columns and box.style["column_fill"] == "balance":
        remove_placeholders(context, attempt.columns, *boxes)
        attempt = columns.lay_out(columns.even_height(attempt, room), page_is_empty, boxes)
    context.in_column = False
    if box.children and not attempt.columns:
        return None, (0, None), {"break": "any", "page": None}, [], False
    tallest = max((column.margin_height() for column in attempt.columns), default=0)
    for column in attempt.columns:
        column.height = tallest
    box.children = attempt.columns
    if box.height == "auto":
        box.height = tallest
    resume = attempt.resume
    after = {columns.skip + at: inside for at, inside in resume.items()} if resume else None
    return box, after, attempt.next_page, [], False
