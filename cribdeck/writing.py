"""Writing a file so that it is the old one or the new one at any moment.

Its bytes go to a temporary file beside it, are brought to the disk, and that file is renamed over the old one.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cribdeck.errors import OutputUnwritable

TEMPORARY = ".tmp"
"""The suffix of temporary files."""


def write_atomically(path: Path, data: bytes) -> bool:
    """Replace a file's content in one step; a file that already holds the same bytes is left alone.

    Returns:
        Whether the file changed.

    Raises:
        OutputUnwritable: The file can't be written; what was there is untouched.
    """
    try:
        if holds(path, data):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = write_beside(path, data)
        with _removed_on_error(temporary):
            temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise OutputUnwritable(path, error) from error
    return True


def write_beside(path: Path, data: bytes) -> Path:
    """A new temporary file in the same folder, complete and on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=TEMPORARY)
    temporary = Path(name)
    with _removed_on_error(temporary):
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        # mkstemp makes files that only the owner may read; an output is as readable as any new file.
        temporary.chmod(0o666 & ~_umask())
    return temporary


def holds(path: Path, data: bytes) -> bool:
    """Whether a file holds just these bytes."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_size == len(data) and path.read_bytes() == data
    return False


def digest(path: Path) -> str:
    """Hash of a file's content; "" where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@contextlib.contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        remove(path)
        raise


def remove(path: Path) -> None:
    """Remove a file, if it is there and that can be done."""
    with contextlib.suppress(OSError):
        path.unlink()


def left_beside(path: Path) -> Iterator[Path]:
    """Temporary files that a killed process left beside a file."""
    with contextlib.suppress(OSError):
        yield from path.parent.glob(f".{path.name[:40]}.*{TEMPORARY}")


def sync_folder(folder: Path) -> None:
    """Bring a rename to the disk, where the system can do that (Windows can't, and needn't)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
