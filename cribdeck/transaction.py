"""Writing several files together, all or none.

All temporary files are complete before the first is renamed. An error while renaming puts the old files back. Should
the machine die in those few microseconds, a journal lets the next build finish what was begun.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from cribdeck.errors import OutputUnwritable
from cribdeck.writing import TEMPORARY, digest, holds, left_beside, remove, sync_folder, write_beside

JOURNAL = ".unfinished"
"""The journal's name, in the folder of the outputs."""


class _Step(msgspec.Struct, frozen=True):
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
        OutputUnwritable: One of them can't be written; all of them are as they were. Where the disk refuses even that,
            the journal stays, and the next build finishes what was begun.
    """
    steps: list[_Step] = []
    path = output
    try:
        with _cleared(steps, output):
            for path, data in contents.items():
                if not holds(path, data):
                    # The folder of the notes is never made: had it vanished, nobody would want a new one in its place.
                    if output in path.parents:
                        path.parent.mkdir(parents=True, exist_ok=True)
                    temporary = write_beside(path, data)
                    steps.append(_Step(temporary, path, digest(path), hashlib.sha256(data).hexdigest()))
            if len(steps) > 1:
                path = output / JOURNAL
                write_beside(path, _journal(steps)).replace(path)
                sync_folder(output)
            _rename(steps)
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
                if digest(step.temporary) == step.after:
                    step.temporary.replace(step.path)
    remove(journal)
    for folder, _folders, names in os.walk(output):
        for name in names:
            if name.startswith(".") and name.endswith(TEMPORARY):
                remove(Path(folder) / name)
    for path in others:
        for left in left_beside(path):
            remove(left)


class _HalfwayError(OSError):
    """Some files were renamed, and could not be put back."""


@contextlib.contextmanager
def _cleared(steps: list[_Step], output: Path) -> Iterator[None]:
    """Remove the temporary files and the journal afterwards, unless the next build needs them."""
    try:
        yield
    except _HalfwayError:
        raise
    except BaseException:
        _clear(steps, output)
        raise
    else:
        _clear(steps, output)


def _clear(steps: list[_Step], output: Path) -> None:
    # The journal goes last: as long as it stands, what it names can be finished.
    for step in steps:
        remove(step.temporary)
    remove(output / JOURNAL)


def _is_ours(step: _Step, output: Path, others: set[Path]) -> bool:
    """Whether a journal's step is one that we could have begun, on a file that no one has changed since.

    The folder of the outputs may be anyone's: its journal must not move other files.
    """
    in_place = step.path in others or output in (step.path.parent, step.path.parent.parent)
    beside = step.temporary.parent == step.path.parent and step.temporary.suffix == TEMPORARY
    return in_place and beside and ".." not in step.path.parts and digest(step.path) in (step.before, step.after)


def _rename(steps: list[_Step]) -> None:
    """Rename all; on an error put back what was there."""
    kept: dict[Path, Path] = {}
    done: list[_Step] = []
    try:
        for step in steps[:-1]:
            if step.before:
                kept[step.path] = _second_name(step.path)
        for step in steps:
            _replace(step)
            done.append(step)
    except OSError as error:
        try:
            for step in done:
                if step.path in kept:
                    kept[step.path].replace(step.path)
                else:
                    step.path.unlink()
        except OSError:
            raise _HalfwayError(error.errno, error.strerror) from error
        raise
    finally:
        for copy in kept.values():
            remove(copy)
    for folder in {step.path.parent for step in steps}:
        sync_folder(folder)


def _replace(step: _Step) -> None:
    try:
        step.temporary.replace(step.path)
    except OSError:
        # On a network's file system a rename may be done and yet be told as failed, when its answer was lost.
        if step.temporary.exists() or digest(step.path) != step.after:
            raise


def _second_name(path: Path) -> Path:
    """Another name for what a file holds now, which stays when the file is replaced."""
    second = path.with_name(f".{path.name[:40]}.before{TEMPORARY}")
    try:
        remove(second)
        second.hardlink_to(path)
    except OSError:
        # A file system without hard links.
        return write_beside(path, path.read_bytes())
    return second


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
