"""Parts of WeasyPrint (70.0) done in less time. For the process that renders."""

from cribdeck.sheet.engine import (
    box_tree,
    columns,
    html_tree,
    line_setup,
    margins,
    short_texts,
    style_store,
    used_values,
)

EXACT = (html_tree, style_store, used_values, line_setup, short_texts, margins, box_tree)
"""What these give is what WeasyPrint's own give, to the byte; the others even out columns a little otherwise."""


def install() -> None:
    """Put them in the place of WeasyPrint's own, in this process."""
    for part in (*EXACT, columns):
        part.install()
