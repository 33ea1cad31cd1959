"""Keeping two builds apart."""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cribdeck.errors import OutputBusy, OutputUnwritable


@contextlib.contextmanager
def locked(output: Path, notes: Path | None = None) -> Iterator[None]:
    """Keep others from writing to a folder of outputs, and to the ledger beside the notes.

    The locks go with the process, however that ends. Two builds with different outputs share the ledger: without a lock
    of its own the later one would write over what the earlier one remembered.

    Raises:
        OutputBusy: Another build holds one of them.
        OutputUnwritable: The folder of the outputs can't be made.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputUnwritable(output, error) from error
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_held(output / ".lock", output))
        except OSError as error:
            raise OutputUnwritable(output, error) from error
        if notes is not None:
            # A lock that can't be had at all (a file system without locks, another user's file) must not stop anyone.
            with contextlib.suppress(OSError):
                stack.enter_context(_held(_ledger_lock(notes), notes))
        yield


def _ledger_lock(notes: Path) -> Path:
    """Not beside the notes: nothing but the ledger is written there."""
    name = hashlib.sha256(os.fsencode(notes.resolve())).hexdigest()[:32]
    return Path(tempfile.gettempdir()) / f"cribdeck-{name}.lock"


@contextlib.contextmanager
def _held(path: Path, folder: Path) -> Iterator[None]:
    """Hold one lock file; `folder` is what it stands for."""
    # Where everyone may write, a link of that name could be somebody's trap.
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        if not _try_lock(handle):
            raise OutputBusy(folder)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some file systems (shares, overlays) know no locks: there every build goes ahead, as it would without us.
        return error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL)
    return True
