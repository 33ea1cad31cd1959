"""Noticing that notes, settings or templates were saved."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from cribdeck.ledger import FILE_NAME
from cribdeck.pipeline import Options

_PAUSE = 0.05
"""Seconds from one look to the next, at least; with many notes more, so that looking takes a tenth of a core."""
_SETTLED = 0.03
"""Seconds without a further save that end a burst of them."""
_LONGEST_BURST = 1.0
_IGNORED = frozenset({".git", "node_modules", ".venv", "__pycache__"})

Snapshot = dict[str, tuple[int, int]]


def changes(options: Options) -> Iterator[None]:
    """Yield once at the start and again after each change, when a burst of saves has come to rest.

    Looks at modification times and sizes: that works on every file system, over networks too, and sees editors that
    save by renaming a new file over the old one. Looking at thousands of notes takes some hundredths of a second.
    """
    before: Snapshot | None = None
    while True:
        started = time.monotonic()
        now = snapshot(options)
        looked = time.monotonic() - started
        if now == before:
            time.sleep(max(_PAUSE, 9 * looked))
            continue
        while time.monotonic() - started < _LONGEST_BURST:
            time.sleep(_SETTLED)
            later = snapshot(options)
            if later == now:
                break
            now = later
        before = now
        yield


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
