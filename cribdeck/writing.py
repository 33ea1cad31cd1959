"""Writing files so that each is the old one or the new one at any moment, and several of them together.

One file: its bytes go to a temporary file beside it, are brought to the disk, and that file is renamed over the old
one. Several: all temporary files are complete before the first is renamed. An error while renaming puts the old files
back. Should the machine die in those few microseconds, a journal lets the next build finish what was begun.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cribdeck.errors import OutputUnwritable

JOURNAL = ".unfinished"
"""The journal's name, in the folder of the outputs."""
_TEMPORARY = ".tmp"


def write_atomically(path: Path, data: bytes) -> bool:
    """Replace a file's content in one step; a file that already holds the same bytes is left alone.

    Returns:
        Whether the file changed.

    Raises:
        OutputUnwritable: The file can't be written; what was there is untouched.
    """
    try:
        if _holds(path, data):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _write_beside(path, data)
        with _removed_on_error(temporary):
            temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise OutputUnwritable(path, error) from error
    return True


@dataclass(frozen=True, slots=True)
class _Step:
    """One file to be renamed over another, and the digest of what it replaces ("" where there was nothing)."""

    temporary: Path
    path: Path
    before: str
    after: str


def write_together(contents: Mapping[Path, bytes], *, output: Path) -> tuple[Path, ...]:
    """Replace several files, all or none; files that already hold the same bytes are left alone.

    Args:
        contents: The bytes of each file; renamed in this order.
        output: The folder that holds the journal; the caller holds its lock.

    Returns:
        The files that changed.

    Raises:
        OutputUnwritable: One of them can't be written; all of them are as they were.
    """
    steps: list[_Step] = []
    path = output
    try:
        try:
            for path, data in contents.items():
                if not _holds(path, data):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    temporary = _write_beside(path, data)
                    steps.append(_Step(temporary, path, _digest(path), hashlib.sha256(data).hexdigest()))
            if len(steps) > 1:
                path = output / JOURNAL
                _write_beside(path, _journal(steps)).replace(path)
                _sync_folder(output)
            _rename(steps)
        finally:
            for step in steps:
                _remove(step.temporary)
            _remove(output / JOURNAL)
    except OSError as error:
        raise OutputUnwritable(path, error) from error
    return tuple(step.path for step in steps)


def finish(output: Path, *others: Path) -> None:
    """Finish what a build began that died while it renamed its files, and remove what it left lying about.

    A file that someone else has changed since is left alone. The caller holds the lock of `output`.

    Args:
        output: The folder of the outputs.
        others: Further files that are written together with the outputs.
    """
    journal = output / JOURNAL
    try:
        steps = _steps(journal.read_bytes())
    except (OSError, ValueError, TypeError, KeyError):
        # None, or one that can't be trusted: then the files are as the next build finds them, each whole.
        steps = []
    ours = {path.absolute() for path in others}
    with contextlib.suppress(OSError):
        if all(_is_ours(step, output.absolute(), ours) for step in steps):
            for step in steps:
                if _digest(step.temporary) == step.after:
                    step.temporary.replace(step.path)
    _remove(journal)
    for left in (*output.glob(f".*{_TEMPORARY}"), *(left for path in others for left in _left_beside(path))):
        _remove(left)


def _is_ours(step: _Step, output: Path, others: set[Path]) -> bool:
    """Whether a journal's step is one that we could have begun, on a file that no one has changed since.

    The folder of the outputs may be anyone's: its journal must not move other files.
    """
    in_place = step.path in others or output in (step.path.parent, step.path.parent.parent)
    beside = step.temporary.parent == step.path.parent and step.temporary.suffix == _TEMPORARY
    return in_place and beside and ".." not in step.path.parts and _digest(step.path) in (step.before, step.after)


def _holds(path: Path, data: bytes) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_size == len(data) and path.read_bytes() == data
    return False


def _digest(path: Path) -> str:
    """Of a file's content; "" where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _write_beside(path: Path, data: bytes) -> Path:
    """A new temporary file in the same folder, complete and on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=_TEMPORARY)
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


@contextlib.contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _remove(path)
        raise


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _left_beside(path: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from path.parent.glob(f".{path.name[:40]}.*{_TEMPORARY}")


def _rename(steps: list[_Step]) -> None:
    """Rename all; on an error put back what was there."""
    kept: dict[Path, Path] = {}
    done: list[_Step] = []
    try:
        for step in steps[:-1]:
            if step.before:
                kept[step.path] = _second_name(step.path)
        for step in steps:
            step.temporary.replace(step.path)
            done.append(step)
    except OSError:
        for step in done:
            with contextlib.suppress(OSError):
                if step.path in kept:
                    kept[step.path].replace(step.path)
                else:
                    step.path.unlink()
        raise
    finally:
        for copy in kept.values():
            _remove(copy)
    for folder in {step.path.parent for step in steps}:
        _sync_folder(folder)


def _second_name(path: Path) -> Path:
    """Another name for what a file holds now, which stays when the file is replaced."""
    second = path.with_name(f".{path.name[:40]}.before{_TEMPORARY}")
    try:
        _remove(second)
        second.hardlink_to(path)
    except OSError:
        # A file system without hard links.
        return _write_beside(path, path.read_bytes())
    return second


def _sync_folder(folder: Path) -> None:
    """Bring a rename to the disk, where the system can do that (Windows can't, and needn't)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _journal(steps: list[_Step]) -> bytes:
    rows = [[str(step.temporary.absolute()), str(step.path.absolute()), step.before, step.after] for step in steps]
    text = json.dumps(rows)
    return json.dumps({"steps": text, "digest": hashlib.sha256(text.encode()).hexdigest()}).encode()


def _steps(data: bytes) -> list[_Step]:
    """Read a journal. Raises ValueError, TypeError or KeyError for anything that is none, or half of one."""
    found = json.loads(data)
    text = str(found["steps"])
    if hashlib.sha256(text.encode()).hexdigest() != found["digest"]:
        raise ValueError(data)
    return [_Step(Path(temporary), Path(path), before, after) for temporary, path, before, after in json.loads(text)]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
