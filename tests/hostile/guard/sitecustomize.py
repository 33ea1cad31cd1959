"""Python loads this first, in the build and in every process that it starts: it writes down what they reach for.

Lines of the file named by `CRIBDECK_AUDIT`: an event of Python's own audit, a tab, what it was about. Connections are
refused as well. What libraries in C open by themselves is not seen.
"""

import os
import sys

_WATCHED = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile", "webbrowser.open")
_CONNECTING = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")


def _watch(file: str) -> None:
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(event: str, what: object) -> None:
        os.write(log, f"{event}\t{what!a}\n".encode())

    def hear(event: str, given: tuple[object, ...]) -> None:
        if event == "open" and isinstance(given[0], str | bytes):
            write(event, os.path.abspath(os.fsdecode(given[0])))  # noqa: PTH100 — before anything else is loaded
        elif event.startswith(_WATCHED):
            write(event, given[:2])
        elif event.startswith(_CONNECTING):
            # Processes of one program talk over sockets that are files, and a `data:` address is its own content.
            where = given[1] if event == "socket.connect" else given[0]
            is_inside = isinstance(where, str | bytes) and event == "socket.connect"
            if not is_inside and not (isinstance(where, str) and where.startswith("data:")):
                write(event, where)
                raise PermissionError(f"{event}: nothing may be fetched")

    sys.addaudithook(hear)


if os.environ.get("CRIBDECK_AUDIT"):
    _watch(os.environ["CRIBDECK_AUDIT"])
