"""Data that one build leaves for the next: each entry with a checksum, so that a torn or strange one counts as none.

Nothing here is needed: a cache may be deleted at any time, and one that can't be written is only slow.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

FOLDER = ".cache"
"""Below the folder of the outputs."""
DIGEST_SIZE = 16


def digest(data: bytes | memoryview) -> bytes:
    """By what contents are told apart."""
    return hashlib.blake2b(data, digest_size=DIGEST_SIZE).digest()


def load(path: Path) -> bytes | None:
    """What `save` left there; None where there is nothing, or something else."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    content = data[DIGEST_SIZE:]
    return content if digest(content) == data[:DIGEST_SIZE] else None


def save(path: Path, content: bytes) -> None:
    """Leave something for the next build, in one step; where that can't be done, nothing.

    Unlike an output it is not brought to the disk at once: the checksum tells if it never got there.
    """
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(digest(content) + content)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
