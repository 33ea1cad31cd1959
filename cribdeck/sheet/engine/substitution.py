"""Functions of WeasyPrint's replaced by ours, wherever its modules hold them. For the process that renders."""

import sys
from typing import Any


def substitute(old: Any, new: Any) -> None:
    """Put a function or class in the place of another, under every name that a module of WeasyPrint has for it.

    Raises:
        LookupError: No module holds it: this is not the WeasyPrint that ours was written for.
    """
    places = [
        (module, name)
        for path, module in list(sys.modules.items())
        if path.partition(".")[0] == "weasyprint"
        for name, value in list(vars(module).items())
        if value is old
    ]
    if not places:
        raise LookupError(f"{old!r} is nowhere in WeasyPrint")
    for module, name in places:
        setattr(module, name, new)
