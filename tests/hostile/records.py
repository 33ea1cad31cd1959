"""The cases: records in `cases/*.toml`, each with what it tries and what must happen."""

import base64
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.sheet.test_failures import png

CASES = Path(__file__).parent / "cases"
PNG = png(3, 2)
WATCHED = "https://canary.invalid"
_REPEAT = re.compile(r"%REPEAT (\d+) ((?:(?!%REPEAT ).)*?)%(?!REPEAT )", re.DOTALL)
_NEST = re.compile(r"%NEST (\d+)%")
_BYTES = re.compile(r"%BYTES ([0-9a-f]+)%")


@dataclass(frozen=True)
class Case:
    """One hostile note.

    Attributes:
        name: Also the note's file, if it gives none; `group` is the file of cases.
        tries: What an attacker hopes for.
        note: Its text. `%RUN%` is a script that reports itself, `%FETCH%` an address that is watched, `%OUT%` the
            folder of secrets, `%REPEAT n text%` what it says. Unless `raw`, it stands under a heading of its own.
        expect: The codes that must be told of the note, all of them; `ignore` are those that may be.
        also: The same for other files.
        shows: Text that must be on one of its cards.
        lost: Whether the note itself can't be read.
    """

    name: str
    group: str
    tries: str
    note: str = ""
    file: str = ""
    encoding: str = "utf-8"
    raw: bool = False
    hidden: bool = False
    lost: bool = False
    shows: str = ""
    expect: Sequence[str] = ()
    ignore: Sequence[str] = ()
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    hard_links: Mapping[str, str] = field(default_factory=dict)
    pipes: Sequence[str] = ()
    folders: Sequence[str] = ()
    toml: str = ""
    stops: str = ""

    @property
    def path(self) -> str:
        """The note's path in the notes folder."""
        return self.spelled(self.file, Path()) or f"{self.name}.md"

    @property
    def token(self) -> str:
        """A word that stands in the note's last section and nowhere else."""
        return "w" + hashlib.sha1(self.name.encode(), usedforsecurity=False).hexdigest()[:7]

    def spelled(self, text: str, outside: Path) -> str:
        """A text of the case with what its signs stand for."""
        for sign, meaning in (
            ("%RUN%", f"canary(/{self.name}/)"),
            ("%RUNQ%", f"canary(`{self.name}`)"),
            ("%FETCH%", f"{WATCHED}/{self.name}"),
            ("%OUT%", str(outside)),
        ):
            text = text.replace(sign, meaning)
        while _REPEAT.search(text):
            text = _REPEAT.sub(lambda found: found[2] * int(found[1]), text)
        text = _NEST.sub(lambda found: "".join(f"{'  ' * at}- w{at}\n" for at in range(int(found[1]))), text)
        return _BYTES.sub(lambda found: bytes.fromhex(found[1]).decode("utf-8", "surrogateescape"), text)

    def content(self, outside: Path) -> bytes:
        """The note as it lies on the disk."""
        if self.encoding.startswith("hex:"):
            return bytes.fromhex(self.encoding[4:])
        text = self.spelled(self.note, outside)
        text = text.removeprefix("\n") if self.raw else f"# Ask {self.name}\n\n{text}"
        text = f"{text}\n\n# After {self.name}\n\nstill {self.token}\n"
        match self.encoding:
            case "utf-16-le-bom":
                return b"\xff\xfe" + text.encode("utf-16-le")
            case "utf-16-be-bom":
                return b"\xfe\xff" + text.encode("utf-16-be")
        return text.encode(self.encoding, "surrogatepass")

    def file_content(self, name: str, outside: Path) -> bytes:
        """One of its other files."""
        text = self.files[name]
        if text == "PNG":
            return PNG
        if text.startswith("base64:"):
            return base64.b64decode(text.removeprefix("base64:"))
        return self.spelled(text, outside).encode()


def load() -> list[Case]:
    """All cases, by group, in the order of their files."""
    return [
        Case(group=file.stem, **record)
        for file in sorted(CASES.glob("*.toml"))
        for record in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    ]


def notes() -> list[Case]:
    """The cases that are built together, in one folder."""
    return [case for case in load() if case.group != "settings"]
