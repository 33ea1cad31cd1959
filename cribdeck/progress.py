"""A bar on a terminal for what lasts longer than a second."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from typing import TextIO

_PATIENCE = 1.0
_WIDTH = 24


@contextlib.contextmanager
def progress_bar(stream: TextIO) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function to tell (what, how much of it is done, how much there is); its bar is gone at the end.

    Nothing is shown where the stream is no terminal, and nothing in the first second.
    """
    started = time.monotonic()
    shown = False
    colour = "" if os.environ.get("NO_COLOR") else "\x1b[36m"
    reset = "\x1b[0m" if colour else ""

    def tell(what: str, done: int, total: int) -> None:
        nonlocal shown
        if not stream.isatty() or time.monotonic() - started < _PATIENCE:
            return
        filled = _WIDTH * done // max(total, 1)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        stream.write(f"\r\x1b[2K{colour}{bar}{reset} {what}" + (f" {done}/{total}" if total > 1 else ""))
        stream.flush()
        shown = True

    try:
        yield tell
    finally:
        if shown:
            stream.write("\r\x1b[2K")
            stream.flush()
