"""Blocks that are laid out already, moved to where they are wanted.

To find the height at which columns are even, the same blocks are laid out again and again, each time a little higher or
lower; only those that a column's end divides come out otherwise. For the process that renders: this stands before
WeasyPrint's own `block_level_layout` (70.0, layout/block.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class _Laid:
    """A block as it was laid out whole: for what, how far from where that was asked for, what came of it, and in which
    attempt it was used last. The box may have been moved since, by a block around it.
    """

    circumstances: tuple[Any, ...]
    right: float
    down: float
    box: Any
    next_page: Any
    margins: list[float]
    attempt: int


class Galley:
    """Remembers the blocks of one container of columns on one page, by the boxes that they are made from.

    A block's remembered box has those of the blocks inside it, so that it holds only as long as none of them was moved
    by itself; that happens only while the block around it is laid out anew, and then that one is forgotten first. In
    one attempt it is used once: a table's header stands above each of its parts.
    """

    def __init__(self) -> None:
        self._laid: dict[int, _Laid] = {}
        self._attempt = 0

    def begin(self) -> None:
        """What was laid out so far is used no more."""
        self._attempt += 1

    def lay_out(self, original: Callable[..., Any], context: Any, box: Any, *args: Any) -> Any:
        """WeasyPrint's `block_level_layout`, or what it gave before."""
        bottom_space, skip_stack, containing_block, page_is_empty, absolute, fixed, margins, *rest = args
        if skip_stack is not None or any(each is not None and each is not False for each in rest):
            self._laid.pop(id(box), None)
            return original(context, box, *args)
        circumstances = (containing_block.width, page_is_empty, tuple(margins))
        left, top = box.position_x, box.position_y
        laid = self._laid.get(id(box))
        if laid and laid.attempt < self._attempt and laid.circumstances == circumstances:
            right, down = left + laid.right - laid.box.position_x, top + laid.down - laid.box.position_y
            if not context.overflows_page(bottom_space, laid.box.border_box_y() + laid.box.border_height() + down):
                laid.box.translate(right, down)
                laid.attempt = self._attempt
                return laid.box, None, laid.next_page, list(laid.margins), False, None
        self._laid.pop(id(box), None)
        loose = _loose(context, absolute, fixed)
        found = original(context, box, *args)
        new, resume, next_page, next_margins, is_collapsing, lines = found
        is_whole = new is not None and resume is None and lines is None and not is_collapsing
        if is_whole and _loose(context, absolute, fixed) == loose:
            offset = new.position_x - left, new.position_y - top
            self._laid[id(box)] = _Laid(circumstances, *offset, new, next_page, list(next_margins), self._attempt)
        return found


def _loose(context: Any, absolute: list[Any], fixed: list[Any]) -> tuple[int, ...]:
    """How much there is that is laid out by the page, not by its block."""
    return len(absolute), len(fixed), len(context.excluded_shapes), len(context.current_page_footnotes)


_current: list[Galley] = []


def install() -> None:
    """Have blocks laid out by the galley that is in use, in this process."""
    from weasyprint.layout import block

    original = block.block_level_layout

    def lay_out(  # noqa: PLR0913, PLR0917 — WeasyPrint's own signature
        context: Any,
        box: Any,
        bottom_space: float,
        skip_stack: Any,
        containing_block: Any,
        page_is_empty: bool = True,  # noqa: FBT001, FBT002
        absolute_boxes: Any = None,
        fixed_boxes: Any = None,
        adjoining_margins: Any = None,
        *rest: Any,
    ) -> Any:
        absolute = [] if absolute_boxes is None else absolute_boxes
        fixed = [] if fixed_boxes is None else fixed_boxes
        margins = [] if adjoining_margins is None else adjoining_margins
        args = (bottom_space, skip_stack, containing_block, page_is_empty, absolute, fixed, margins, *rest)
        if not _current:
            return original(context, box, *args)
        return _current[-1].lay_out(original, context, box, *args)

    block.block_level_layout = lay_out


@contextmanager
def using(galley: Galley) -> Iterator[None]:
    """Lay blocks out by a galley."""
    _current.append(galley)
    try:
        yield
    finally:
        _current.pop()
