"""A build in a process of its own, in which one chosen act on the disk goes wrong."""

import errno
import os
import pickle
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cribdeck.errors import CribdeckError

ACTS = ("open", "write", "fsync", "replace", "rename", "link", "unlink", "mkdir", "chmod", "rmdir", "truncate")
"""Functions of `os` through which everything goes that changes the disk."""
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong.

    Attributes:
        at: Which act on the disk, counted from 0.
        how: `kill before`, `kill after` or `kill halfway`; or the name of an error, once (`EIO`) or from then on
            (`EIO+`), or once after what it denies was done (`EIO late`), as a share may say of a rename.
    """

    at: int
    how: str

    def __str__(self) -> str:
        return f"{self.how} at {self.at}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the process ended: by a signal, with an error of ours, with another exception, or well; and its acts."""

    end: str
    acts: tuple[str, ...]


def run(work: Callable[[], object], folder: Path, fault: Fault | None = None) -> Outcome:
    """Do the work in a forked process, with a fault or with none; only acts below `folder` count."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        acts: list[str] = []
        end = "well"
        try:
            _install(acts, folder, fault)
            work()
        except CribdeckError as error:
            end = f"error: {error}"
        except BaseException as error:  # noqa: BLE001 — the parent judges
            end = f"exception: {error!r}"
        _REAL["write"](writing, pickle.dumps((end, acts)))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Outcome("killed" if os.WTERMSIG(status) == signal.SIGKILL else f"signal {os.WTERMSIG(status)}", ())
    end, acts = pickle.loads(data)  # noqa: S301 — from our own child
    return Outcome(end, tuple(acts))


_REAL: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in ACTS}


def _install(acts: list[str], folder: Path, fault: Fault | None) -> None:
    """Put a counting, faulty function in the place of each act."""
    root = str(folder)

    def below(argument: object) -> bool:
        if isinstance(argument, int):
            # Pipes and what libraries hold open elsewhere are none of ours.
            try:
                argument = str(Path(f"/proc/self/fd/{argument}").readlink())
            except OSError:
                return False
        return os.fsdecode(argument).startswith(root)  # type: ignore[arg-type]

    def faulty(name: str) -> Callable[..., Any]:
        real = _REAL[name]

        def act(*arguments: Any, **more: Any) -> Any:
            reads = name == "open" and not arguments[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if reads or not below(arguments[0]):
                return real(*arguments, **more)
            number = len(acts)
            acts.append(name)
            if fault and (number == fault.at or (number > fault.at and fault.how.endswith("+"))):
                return _go_wrong(fault, real, *arguments, **more)
            return real(*arguments, **more)

        return act

    for name in ACTS:
        setattr(os, name, faulty(name))
    # Bound at its import, and it makes the temporary files.
    tempfile._os = os  # type: ignore[attr-defined]


def _go_wrong(fault: Fault, real: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    if not fault.how.startswith("kill"):
        if fault.how.endswith("late"):
            real(*arguments, **more)
        number = ERRORS[fault.how.removesuffix(" late").rstrip("+")]
        raise OSError(number, os.strerror(number), str(arguments[0]))
    if fault.how == "kill after":
        real(*arguments, **more)
    elif fault.how == "kill halfway" and real is _REAL["write"]:
        real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")
