"""The child process that renders: `python -m cribdeck.sheet.worker FOLDER`.

A process of its own, because Pango ends the process on a system without fonts, because a page may take too long or
too much memory, and because Fontconfig reads its environment only once.

The folder holds what is to be printed and `job.json` (see `typesetting.print_sheet`). Written there are the PDF and
`report.json`: the font families found, and what printing gave.
"""

import contextlib
import json
import sys
import threading
from pathlib import Path
from typing import Any

from cribdeck.sheet.imposing import print_cutouts
from cribdeck.sheet.machine import load_fontconfig
from cribdeck.sheet.typesetting import print_sheet

_STACK = 512 * 1024 * 1024
_MEMORY = 8 * 1024**3
"""Bytes. Five hundred pages in columns take 3.5 GB; what takes more than this is a mistake or an attack."""
_RECURSION = 20_000
"""WeasyPrint calls itself for every level of nesting, some ten frames each."""


def families() -> list[str]:
    """The font families that Fontconfig finds, asked of the library itself."""
    import ctypes

    fc = load_fontconfig()
    fc.FcPatternCreate.restype = ctypes.c_void_p
    fc.FcObjectSetCreate.restype = ctypes.c_void_p
    fc.FcObjectSetAdd.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    fc.FcFontList.restype = ctypes.POINTER(_FontSet)
    fc.FcFontList.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    fc.FcPatternGetString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
    fc.FcInit()
    wanted = fc.FcObjectSetCreate()
    fc.FcObjectSetAdd(wanted, b"family")
    fonts = fc.FcFontList(None, fc.FcPatternCreate(), wanted).contents
    found = set()
    for at in range(fonts.count):
        name = ctypes.c_char_p()
        number = 0
        while fc.FcPatternGetString(fonts.fonts[at], b"family", number, ctypes.byref(name)) == 0 and name.value:
            found.add(name.value.decode("utf-8", "replace"))
            number += 1
    return sorted(found)


def _font_set() -> Any:
    import ctypes

    class FontSet(ctypes.Structure):
        _fields_ = (("count", ctypes.c_int), ("size", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p)))

    return FontSet


_FontSet = _font_set()


def main(folder: Path) -> None:
    """Say first which fonts there are, so that the parent knows even if rendering ends the process."""
    report: dict[str, Any] = {"families": families()}
    _write(folder, report)
    if report["families"]:
        job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
        cutouts = job["cutouts"]
        report |= print_cutouts(folder, cutouts) if cutouts else print_sheet(folder, job)
        _write(folder, report)


def _write(folder: Path, report: dict[str, Any]) -> None:
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


def _limit_memory() -> None:
    """Let a page that wants too much fail by itself, where the system has such a limit."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _in_deep_thread(folder: Path) -> int:
    """Run in a thread whose stack has room for deeply nested matter."""
    failure: list[BaseException] = []

    def run() -> None:
        try:
            main(folder)
        except BaseException as error:  # noqa: BLE001 — the parent is told, whatever it is
            failure.append(error)

    _limit_memory()
    sys.setrecursionlimit(_RECURSION)
    threading.stack_size(_STACK)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        sys.stderr.write(f"{type(failure[0]).__name__}: {str(failure[0])[:300]}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_in_deep_thread(Path(sys.argv[1])))
