"""Cribdeck from a checkout, installed or not: `python build.py --help`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# Python puts this folder there by itself when it runs the file, but not with -P or PYTHONSAFEPATH.
sys.path.insert(0, str(ROOT))

from cribdeck.cli.process import run  # noqa: E402  the path comes first

if __name__ == "__main__":
    # Notes and output lie beside this file, wherever it is called from.
    run(name="build.py", root=ROOT)
