"""A walk over all boxes in another without a generator for each level. For the process that renders."""

from collections.abc import Iterator
from typing import Any


def install() -> None:
    """Put this in the place of WeasyPrint's own (70.0, formatting_structure/boxes.py), in this process."""
    from weasyprint.formatting_structure import boxes

    box_class = boxes.Box

    def descendants(box: Any, placeholders: bool = False) -> Iterator[Any]:  # noqa: FBT001, FBT002 — WeasyPrint's own
        """A box and all boxes in it, from the first to the last."""
        yield box
        left = list(reversed(box.children))
        while left:
            child = left.pop()
            if not isinstance(child, box_class):
                if not placeholders:
                    yield child
                    continue
                child = child._box  # noqa: SLF001 — what the placeholder stands for
            yield child
            if children := child.children:
                left.extend(reversed(children))

    box_class.descendants = descendants
