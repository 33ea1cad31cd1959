"""The deck in Anki's real desktop, where that is installed: `pip install aqt pyqt6 pyqt6-webengine`."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deck.conftest import Workshop

SCRIPT = Path(__file__).parent / "desktop.py"
PYTHON = os.environ.get("CRIBDECK_AQT_PYTHON", sys.executable)
"""An interpreter that has the desktop, if it is not this one."""
HAS_DESKTOP = sys.executable != PYTHON or importlib.util.find_spec("aqt") is not None


@pytest.mark.skipif(not HAS_DESKTOP, reason="Anki's desktop (aqt) is not installed")
def test_the_real_desktop_imports_the_deck_and_turns_a_card_over(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    workshop = Workshop(folder)
    workshop.write({"a.md": "# 什么是水印？\n时间的下界。\n# A vs B\nA：一\nB：二\n"})
    (tmp_path / "deck.apkg").write_bytes(workshop.build())
    settings = {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "ANKI_SINGLE_INSTANCE_KEY": tmp_path.name,
    }
    done = subprocess.run(
        [PYTHON, str(SCRIPT), str(tmp_path / "deck.apkg")],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    shown = json.loads(done.stdout.splitlines()[-1])

    assert shown["new"] == 2
    assert "什么是水印？" in shown["front"]
    assert "时间的下界。" not in shown["front"]
    assert "时间的下界。" in shown["back"]
