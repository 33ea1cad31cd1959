"""The child process that renders: `python -m cribdeck.sheet.worker`.

A process of its own, because Pango ends the process on a system without fonts, because a page may take too long or
too much memory, and because Fontconfig reads its environment only once.

It says first, in a line of JSON, which font `families` there are. Then it takes jobs, a line of JSON each, and answers
each with a line: `{"done": …}`, or `{"failed": why}`, after which it ends, for nobody knows what is left of it. It also
ends when its input does.
"""

import contextlib
import gc
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO, Any

from cribdeck.sheet.machine import load_library

_STACK = 512 * 1024 * 1024
_GARBAGE = 120 * 1024**2
"""Bytes. So much more memory than before the first job is let grow before it is searched for what can be freed."""
_FULL = 0.95
_LOOK = 1.0
"""Seconds from one look to the next whether there still is someone to work for."""
_RECURSION = 20_000
"""WeasyPrint calls itself for every level of nesting, some ten frames each."""


def families() -> list[str]:
    """The font families that Fontconfig finds, asked of the library itself."""
    import ctypes

    fc = load_library("Fontconfig")
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


def main(jobs: IO[str], answers: IO[str]) -> None:
    """Do one job after another."""

    def say(**answer: Any) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    found = families()
    say(families=found)
    if not found:
        return
    gc.disable()  # while modules are loaded, which stay; the typesetter wants it so afterwards as well
    from cribdeck.sheet.binding import bind
    from cribdeck.sheet.imposing import print_cutouts
    from cribdeck.sheet.typesetting import Typesetter, print_chapter, print_whole

    tasks = {"chapter": print_chapter, "bind": bind, "whole": print_whole, "cutouts": print_cutouts}
    typesetter = Typesetter()
    # What stays for good need not be searched again and again.
    gc.freeze()
    least = _memory()
    for line in jobs:
        job = json.loads(line)
        folder = Path(job["folder"])
        try:
            _limit(job["seconds"], job["memory"])
            done = tasks[job["task"]](typesetter, folder, job)
        except BaseException as error:  # noqa: BLE001 — the parent is told, whatever it is
            # Where there is no more memory, Python may also say that something else went wrong.
            is_full = isinstance(error, MemoryError) or _memory(whole=True) > _FULL * job["memory"]
            say(failed="it ran out of memory" if is_full else f"{type(error).__name__}: {str(error)[:300]}")
            return
        (folder / job["report"]).write_text(json.dumps(done, ensure_ascii=False), encoding="utf-8")
        del done
        say(done=job["report"], memory=_memory())
        # The collector is off while a job is done, and a layout is one great ring of references.
        if _memory() > least + _GARBAGE or not least:
            gc.collect()
            # What is left are styles and fonts, kept for the next ones: looked through each time, they took a sixth.
            gc.freeze()


def _limit(seconds: float, memory: int) -> None:
    """Let a job that wants too much fail by itself, where the system has such limits: CPU seconds and bytes."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))


def _memory(*, whole: bool = False) -> int:
    """Bytes that this process has in memory, or its whole address space, which is what is limited; 0 where the system
    does not tell.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0 if whole else 1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


def run() -> int:
    """Do the jobs of standard input in a thread whose stack has room for deeply nested matter."""
    # Ctrl-C reaches every process of a terminal: the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries print must not be taken for answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    jobs = sys.stdin
    sys.setrecursionlimit(_RECURSION)
    threading.stack_size(_STACK)
    thread = threading.Thread(target=main, args=(jobs, answers))
    parent = os.getppid()
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK)
        if os.getppid() != parent:
            # Nobody waits for what is being done.
            os._exit(1)
    return 0


if __name__ == "__main__":
    sys.exit(run())
