"""The sheet: the notes as a printable PDF, from the same fragments as the cards.

What is named here is loaded when it is first used: the processes that render are modules of this package, and need
nothing of what composes a page.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cribdeck.sheet.building import Sheet, build_cutouts, build_sheet, sheet_html
    from cribdeck.sheet.press import Press

__all__ = ["Press", "Sheet", "build_cutouts", "build_sheet", "sheet_html"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cribdeck.sheet import building

    return getattr(building, name)
