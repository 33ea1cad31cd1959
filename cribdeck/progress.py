"""A bar on a terminal for what lasts longer than a second."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

_PATIENCE = 1.0
_BEAT = 0.1
_WIDTH = 24
_BLOCK = 6


@contextlib.contextmanager
def progress_bar(stream: TextIO) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function to tell (what, how much of it is done, how much there is); its bar is gone at the end.

    Nothing is shown where the stream is no terminal, and nothing in the first second. What can't be counted (a total
    of 1) is shown as a block that moves, drawn by a thread, for the work itself may tell nothing for long.
    """
    if not stream.isatty():
        yield lambda what, done, total: None  # noqa: ARG005 — nobody looks
        return
    bar = _Bar(stream)
    drawing = threading.Thread(target=bar.draw, daemon=True)
    drawing.start()
    try:
        yield bar.tell
    finally:
        bar.ended.set()
        drawing.join()


class _Bar:
    """What was told last, and how it is drawn."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started = time.monotonic()
        self._state = ("", 0, 1)
        self.ended = threading.Event()

    def tell(self, what: str, done: int, total: int) -> None:
        self._state = (what, done, total)

    def draw(self) -> None:
        """Draw until it is ended, then wipe the line."""
        shown = False
        while not self.ended.wait(_BEAT):
            seconds = time.monotonic() - self._started
            if seconds >= _PATIENCE:
                self._stream.write(f"\r\x1b[2K{self._line(seconds)}")
                self._stream.flush()
                shown = True
        if shown:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()

    def _line(self, seconds: float) -> str:
        what, done, total = self._state
        if total > 1:
            filled = _WIDTH * done // total
            cells = "█" * filled + "░" * (_WIDTH - filled)
            rest = f"{what} {done}/{total}"
        else:
            at = int(seconds / _BEAT) % _WIDTH
            cells = "".join("█" if (cell - at) % _WIDTH < _BLOCK else "░" for cell in range(_WIDTH))
            rest = f"{what} {seconds:.0f} s"
        return f"{cells} {rest}" if os.environ.get("NO_COLOR") else f"\x1b[36m{cells}\x1b[0m {rest}"
