"""No command reaches for the network: not by an attempt in any of its processes, and not by needing one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOTE = """# What is a watermark?
A time, see [the documentation](https://example.org/docs).
![a picture](https://example.org/picture.png)
<img src="https://example.org/other.png">
$$\\frac{a}{b}$$
```python
import socket
```
# A vs B
| | A | B |
|---|---|---|
| size | large | small |
"""
HOOK = """
import os, sys

def listen(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        with open(os.environ["CRIBDECK_TEST_ATTEMPTS"], "a") as file:
            file.write(f"{event} {arguments[-1]}\\n")

sys.addaudithook(listen)
"""
"""Python loads a `sitecustomize` by itself, in each process that a build starts too."""
COMMANDS = ("", "check --quality", "plan", "cards", "stats", "printed", "reprint", "retired")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(NOTE, encoding="utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    folders = ["--notes", str(folder / "notes"), "--output", str(folder / "out")]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(folder / "site"),
        "PYTHONUTF8": "1",
        "HOME": str(folder),
        "CRIBDECK_TEST_ATTEMPTS": str(folder / "attempts"),
    }
    command = [*before, sys.executable, str(ROOT / "build.py"), *arguments, *folders]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_no_command_tries_to_connect(folder: Path) -> None:
    # The hook works: an attempt of a process with the same environment is seen.
    (folder / "attempts").write_text("")
    subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"],
        env={"PYTHONPATH": str(folder / "site"), "CRIBDECK_TEST_ATTEMPTS": str(folder / "attempts")},
        check=True,
        timeout=60,
    )
    assert "socket.connect" in (folder / "attempts").read_text()
    (folder / "attempts").write_text("")

    done = [run(folder, *command.split()) for command in COMMANDS]

    assert [each.stderr for each in done if each.returncode not in (0, 1)] == []
    assert {path.name for path in (folder / "out").glob("*.*")} >= {"deck.apkg", "sheet.pdf", "preview.html"}
    assert (folder / "attempts").read_text() == ""


def test_a_build_needs_no_network(folder: Path) -> None:
    """In a network namespace of its own there is nothing but a loopback device that is down."""
    alone = ("unshare", "--map-root-user", "--net")
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespaces here")

    done = run(folder, before=alone)

    assert done.returncode == 0, done.stderr
    assert {path.name for path in (folder / "out").glob("*.*")} >= {"deck.apkg", "sheet.pdf", "preview.html"}
