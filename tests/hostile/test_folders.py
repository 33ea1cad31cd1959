"""Notes folders with hostile names."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.world import ROOT


@pytest.mark.parametrize("name", ["n\udcff", "n\x1b[31m\n", "<script>", "-n", "{{n}}::x", "n\u202e"])
def test_a_folder_of_any_name_is_built(tmp_path: Path, name: str) -> None:
    try:
        (tmp_path / name).mkdir()
    except (OSError, UnicodeError):
        pytest.skip("this file system can't hold it")
    (tmp_path / name / "a.md").write_text("# Ask\n\nstill here\n", encoding="utf-8")
    outputs = ["--output=out", "--only", "deck", "--only", "preview"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), f"--notes={tmp_path / name}", *outputs],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )

    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert "still here" in (tmp_path / "out" / "preview.html").read_text(encoding="utf-8")
