"""What a process keeps that builds again and again: what it read last, and warm workers for the sheet."""

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

    from cribdeck.pipeline.library import Memory
    from cribdeck.sheet import Press


class Session:
    """Belongs to one folder of outputs. It is closed with its context, and its workers with it.

    Attributes:
        pdf: The sheet that was built last, so that a page can show it until the next one is there.
    """

    def __init__(self) -> None:
        self.pdf: bytes | None = None
        self._memory: Memory | None = None
        self._press: Press | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._press:
            self._press.close()
            self._press = None

    @property
    def memory(self) -> "Memory":
        """What was read last."""
        if self._memory is None:
            from cribdeck.pipeline.library import Memory

            self._memory = Memory()
        return self._memory

    def press(self, work: "Path") -> "Press":
        """What prints the sheet. `work` is its folder for caches."""
        if self._press is None:
            from cribdeck.sheet import Press

            self._press = Press(work=work)
        return self._press
