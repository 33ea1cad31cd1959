"""The command line as a process of its own."""

import atexit
import gc
import os
import sys
from pathlib import Path

# Before all other modules: what they make when they are loaded lives as long as the process does.
gc.disable()

from cribdeck.cli.classes import compile_wide_ranges_at_once  # noqa: E402

compile_wide_ranges_at_once()

from cribdeck.cli import main  # noqa: E402

_SELDOM = (1_000_000, 50, 1_000)
"""For Python's collector: how many new objects make it look at them, and how often at older ones."""


def run(*, name: str = "cribdeck", root: Path | None = None) -> None:
    """Run what the user typed, and end the process at once.

    Python would take apart first, object by object, what a build made: a tenth of its time, for memory that the
    system takes back as a whole. All that has to be closed or written has been by then.

    Args:
        name: What the program is called in its help.
        root: Where notes and output lie; by default in the current folder.
    """
    # What one build makes lives until its end and has no cycles worth looking for.
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()
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
