"""A notes folder with all hostile notes beside a folder of secrets, built in a process that is watched."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile.records import PNG, Case

ROOT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "guard"
SECRET = "xyzzy-plugh-secret"  # noqa: S105 — not a password
"""In every file of the folder of secrets."""
SECRET_SIZE = (37, 41)
"""Pixels of the secret picture, which no other picture has."""


@dataclass(frozen=True)
class World:
    """Folders of one trial: `notes`, `outside` with the secrets, `home` and `out`."""

    root: Path

    @property
    def notes(self) -> Path:
        return self.root / "notes"

    @property
    def outside(self) -> Path:
        return self.root / "outside"

    @property
    def home(self) -> Path:
        return self.root / "home-of-the-user"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def audit(self) -> Path:
        return self.root / "audit"

    def make(self, cases: Iterable[Case]) -> list[Case]:
        """Make the folders and write the cases into them; gives those that this file system can't hold."""
        for folder in (self.notes, self.outside, self.home):
            folder.mkdir(parents=True)
        _write_secrets(self.outside)
        return [case for case in cases if not self._write(case)]

    def _write(self, case: Case) -> bool:
        try:
            for name in case.files:
                _put(self.notes / name, case.file_content(name, self.outside))
            for name, target in case.links.items():
                (self.notes / name).symlink_to(case.spelled(target, self.outside))
            for name, target in case.hard_links.items():
                (self.notes / name).hardlink_to(case.spelled(target, self.outside))
            for name in case.pipes:
                os.mkfifo(self.notes / name)
            for name in case.folders:
                (self.notes / name).mkdir()
            if case.toml:
                _put(self.notes / "deck.toml", case.spelled(case.toml, self.outside).encode())
            _put(self.notes / case.path, case.content(self.outside))
        except (OSError, UnicodeError):
            return False
        return True

    def run(self, *arguments: str, seconds: float = 400) -> subprocess.CompletedProcess[str]:
        """Run the program on the folder, watched."""
        environment = {
            **os.environ,
            "HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(GUARD), os.environ.get("PYTHONPATH", "")))),
            "CRIBDECK_AUDIT": str(self.audit),
        }
        return subprocess.run(
            [sys.executable, str(ROOT / "build.py"), *arguments, "--notes", "notes", "--output", "out"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
        )

    def audited(self) -> Mapping[str, Sequence[str]]:
        """What the processes reached for, by the kind of event."""
        found = defaultdict(list)
        for line in self.audit.read_text(encoding="ascii").splitlines():
            event, _, what = line.partition("\t")
            found[event].append(what)
        return found


@dataclass(frozen=True)
class Built:
    """A world after its build."""

    world: World
    done: subprocess.CompletedProcess[str]
    impossible: frozenset[str]
    """Names of the cases that this file system can't hold."""

    @property
    def diagnostics(self) -> list[dict[str, Any]]:
        start = self.done.stderr.index("[\n")
        found: list[dict[str, Any]] = json.loads(self.done.stderr[start : self.done.stderr.rindex("]") + 1])
        return found

    def codes(self, path: str) -> set[str]:
        """The codes that are told of a file of the notes folder."""
        return {one["code"] for one in self.diagnostics if one["file"] == f"notes/{path}"}


def build(root: Path, cases: Sequence[Case], *arguments: str) -> Built:
    world = World(root)
    impossible = world.make(cases)
    return Built(world, world.run("--format", "json", *arguments), frozenset(case.name for case in impossible))


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _write_secrets(folder: Path) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Comment", SECRET)
    Image.new("RGB", SECRET_SIZE, (201, 17, 133)).save(folder / "secret.png", pnginfo=text)
    (folder / "secret.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="37" height="41"><text id="s" y="9">{SECRET}</text></svg>',
        encoding="utf-8",
    )
    (folder / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    (folder / "secret-note.md").write_text(f"# {SECRET}\n\n{SECRET}\n", encoding="utf-8")
    (folder / "secret.dtd").write_text(f'<!ENTITY q "{SECRET}">\n', encoding="utf-8")
    (folder / "public.png").write_bytes(PNG)
