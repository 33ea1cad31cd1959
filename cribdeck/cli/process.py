"""The command line as a process of its own."""

import atexit
import os
import sys
from pathlib import Path

from cribdeck.cli import main


def run(*, name: str = "cribdeck", root: Path | None = None) -> None:
    """Run what the user typed, and end the process at once.

    Python would take apart first, object by object, what a build made: a tenth of its time, for memory that the
    system takes back as a whole. All that has to be closed or written has been by then.

    Args:
        name: What the program is called in its help.
        root: Where notes and output lie; by default in the current folder.
    """
    try:
        main(prog_name=name, obj=root)
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        try:
            atexit._run_exitfuncs()  # noqa: SLF001 — there is no other way to call them
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            # Whoever read along is gone: Python has an exit code for that.
            raise ended from None
        os._exit(ended.code)
