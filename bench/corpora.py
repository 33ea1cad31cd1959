"""A table of what is read from folders of notes: sizes, cards, diagnostics, seconds, lost words.

Usage: python bench/corpora.py FOLDER…
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from conservation import losses, page_of  # noqa: E402

from cribdeck.cards import study  # noqa: E402
from cribdeck.documents import read_document  # noqa: E402
from cribdeck.files import find_media, find_notes, read_note  # noqa: E402
from cribdeck.model import SourceFile  # noqa: E402
from cribdeck.settings import Settings  # noqa: E402

HEAD = ("folder", "files", "headings", "cards", "open", "comparisons", "diagnostics", "seconds", "slowest", "lost")


def row(folder: Path) -> tuple[str, ...]:
    """One folder's line. `slowest` is the worst file, in ms for 10 kB; files under 10 kB count as 10 kB."""
    media = find_media(folder)
    sources = [found for path in find_notes(folder) if isinstance(found := read_note(folder, path), SourceFile)]
    documents, slowest = [], 0.0
    started = time.perf_counter()
    for source in sources:
        before = time.perf_counter()
        documents.append(read_document(source, media))
        slowest = max(slowest, (time.perf_counter() - before) / max(1.0, len(source.text.encode()) / 10_000))
    found = study(documents, Settings())
    seconds = time.perf_counter() - started
    lost = sum(
        len(losses(source.text, *page_of(folder, source), mdx=source.path.endswith(".mdx"))) for source in sources
    )
    return (
        folder.name,
        f"{len(sources):,}",
        f"{len(found.roles):,}",
        f"{len(found.cards):,}",
        f"{len(found.gaps):,}",
        f"{sum(map(len, found.comparisons.values())):,}",
        f"{len(found.diagnostics):,}",
        f"{seconds:.2f}",
        f"{slowest * 1000:.0f} ms",
        f"{lost}",
    )


if __name__ == "__main__":
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|")
    for argument in sys.argv[1:]:
        print("| " + " | ".join(row(Path(argument))) + " |", flush=True)
