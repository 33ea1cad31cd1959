"""The pictures of the notes folder, and which of them a build looked at."""

import hashlib
from pathlib import Path

from cribdeck.files import read_media


class Pictures:
    """Reads pictures by their paths in the notes folder, and remembers what it gave.

    `seen` has a digest (SHA-256, hexadecimal) for each file that was read, "" for one that could not be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.seen: dict[Path, str] = {}

    def read(self, path: str) -> bytes:
        """See `read_media`."""
        full = self._folder / path
        self.seen[full] = ""
        content = read_media(self._folder, path)
        self.seen[full] = hashlib.sha256(content).hexdigest()
        return content
