"""Noticing that notes, settings or templates were saved."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from cribdeck.ledger import FILE_NAME
from cribdeck.pipeline import Options

_PAUSE = 0.2
_SETTLED = 0.1
_IGNORED = frozenset({".git", "node_modules", ".venv", "__pycache__"})

Snapshot = dict[str, tuple[int, int]]


def changes(options: Options) -> Iterator[None]:
    """Yield once at the start and again after each change, when a burst of saves has come to rest.

    Polls modification times and sizes: it works on every file system, over networks too, and sees editors that save
    by renaming a new file over the old one.
    """
    before: Snapshot | None = None
    while True:
        now = snapshot(options)
        if now != before:
            while True:
                time.sleep(_SETTLED)
                later = snapshot(options)
                if later == now:
                    break
                now = later
            before = now
            yield
            continue
        time.sleep(_PAUSE)


def snapshot(options: Options) -> Snapshot:
    """Time of change (ns) and size of every file that a build may read; not of what it writes itself."""
    found: Snapshot = {}
    output = options.output.resolve()
    for root in filter(None, (options.notes, options.templates)):
        for folder, folders, files in os.walk(root):
            folders[:] = [
                name for name in folders if name not in _IGNORED and (Path(folder) / name).resolve() != output
            ]
            for name in files:
                if name in (FILE_NAME, ".lock") or name.endswith(".tmp"):
                    continue
                path = Path(folder) / name
                # A file may be gone between the listing and this: editors save by renaming.
                with contextlib.suppress(OSError):
                    status = path.stat()
                    found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found
