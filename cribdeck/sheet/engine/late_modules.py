"""Modules that WeasyPrint (70.0) loads when it starts and needs for few fonts, or none: loaded when they are used.

Fonts are cut down by HarfBuzz here, and few vary; fontTools' own ways to do both take a twentieth of a second to load.
"""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

_SELDOM_USED = {
    "fontTools.subset": (),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}
"""What is imported from each by name."""


class _Late(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


@contextlib.contextmanager
def loading_late() -> Iterator[None]:
    """While it lasts, have the modules above imported in name only."""
    late = {name: _Late(name) for name in _SELDOM_USED.keys() - sys.modules.keys()}
    for name, module in late.items():
        for function in _SELDOM_USED[name]:
            setattr(module, function, _calling(name, function))
    sys.modules.update(late)
    try:
        yield
    finally:
        for name, module in late.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _calling(module: str, function: str) -> Any:
    def call(*args: Any, **options: Any) -> Any:
        return getattr(importlib.import_module(module), function)(*args, **options)

    return call
