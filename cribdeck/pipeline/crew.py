"""Work shared with other processes, where there is enough of it."""

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Made = TypeVar("Made", bound=msgspec.Struct)
_MOST = 4
"""Processes. What the first of them does alone, at the end, would take longer than what a fifth saves."""
_WORTH_FORKING = 200_000
_WORTH_STARTING = 5_000_000
"""Bytes to be read. A fork costs some milliseconds; a process that begins anew loads all modules, for a third of a
second."""


class Crew(Generic[Made]):
    """Does a piece of work for each of many numbers; what is made is the same with any number of hands.

    Args:
        work: Makes something of a number; it must be picklable, for where processes can't be forked.
        kind: The type of what it makes.
    """

    def __init__(self, work: Callable[[int], Made], kind: type[Made]) -> None:
        self._work = work
        self._decoder = msgspec.msgpack.Decoder(tuple[int, kind])  # type: ignore[valid-type]

    def do(self, count: int, done: Callable[[int], None]) -> list[Made]:
        """All that is made of the numbers below `count`, in their order; `done` is told how many are done."""
        made: dict[int, Made] = {}
        with _uncollected(), self._hands(count) as (claims, sent):
            for at in claims.from_front():
                done(at + claims.taken_behind())
                made[at] = self._work(at)
        while sent:
            with contextlib.suppress(msgspec.MsgspecError):
                at, what = self._decoder.decode(sent.pop())
                made[at] = what
        # A process that was killed leaves gaps.
        return [made[at] if at in made else self._work(at) for at in range(count)]

    @contextlib.contextmanager
    def _hands(self, count: int) -> Iterator[tuple["_Claims", list[bytes]]]:
        """Other processes that work on the same numbers from behind, and what they send."""
        import multiprocessing  # most builds have little to do, and do it alone

        sent: list[bytes] = []
        context: Any = multiprocessing.get_context(_method())
        helpers = min(_cores(), _MOST, count) - 1
        try:
            claims = _Claims(count, context.Array("q", [0, count]) if helpers > 0 else None)
        except OSError:  # no shared memory here
            helpers, claims = 0, _Claims(count, None)
        threads, processes = [], []
        pipes = [context.Pipe(duplex=False) for _ in range(helpers)]
        for _, theirs in pipes:
            process = context.Process(target=_help, args=(self._work, claims, theirs), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
        # After all processes have begun, for a process with threads must not be forked.
        for ours, _ in pipes:
            thread = threading.Thread(target=_receive, args=(ours, sent), daemon=True)
            thread.start()
            threads.append(thread)
        try:
            yield claims, sent
            for thread in threads:
                thread.join()
        finally:
            for process in processes:
                process.terminate()
                process.join()


class _Claims:
    """Who does what: numbers are taken one by one from both ends, until all are taken."""

    def __init__(self, count: int, shared: Any) -> None:
        self._count = count
        self._shared = shared
        self._alone = [0, count]

    def from_front(self) -> Iterator[int]:
        while (at := self._take(0)) is not None:
            yield at

    def from_behind(self) -> Iterator[int]:
        while (at := self._take(1)) is not None:
            yield at

    def taken_behind(self) -> int:
        return self._count - int((self._shared or self._alone)[1])

    def _take(self, end: int) -> int | None:
        with self._shared.get_lock() if self._shared else contextlib.nullcontext():
            ends = self._shared or self._alone
            if ends[0] >= ends[1]:
                return None
            ends[end] += -1 if end else 1
            return int(ends[1] if end else ends[0] - 1)


def _help(work: Callable[[int], msgspec.Struct], claims: _Claims, connection: "Connection") -> None:
    """What another process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears of it, and ends this one
    gc.disable()
    encoder = msgspec.msgpack.Encoder()
    with contextlib.suppress(OSError):  # the first process is gone
        for at in claims.from_behind():
            connection.send_bytes(encoder.encode((at, work(at))))
        connection.close()


def _receive(connection: "Connection", sent: list[bytes]) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            sent.append(connection.recv_bytes())


def is_worth_sharing(size: int) -> bool:
    """Whether to read so many bytes takes longer than to begin another process."""
    return _cores() > 1 and size >= (_WORTH_FORKING if _method() == "fork" else _WORTH_STARTING)


def _method() -> str:
    """How another process begins: a fork of one that has threads may never come to run."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Don't look for cycles among what is new: there are hardly any, and what is kept would be looked at each time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
