"""What the user has on paper: `printed` remembers it, `reprint` gives the pages that have changed since."""

from dataclasses import dataclass
from pathlib import Path

from cribdeck.errors import NotBuilt
from cribdeck.locking import locked
from cribdeck.pipeline import Options
from cribdeck.pipeline.reading import read
from cribdeck.sheet import build_sheet
from cribdeck.sheet.record import BUILT_NAME, FILE_NAME, printed_record, read_built, read_printed
from cribdeck.writing import write_atomically

SHEET = "sheet.pdf"
REPRINT = "reprint.pdf"


@dataclass(frozen=True, slots=True)
class Reprint:
    """What there is to print again.

    Attributes:
        pages: The names of the pages in `path`, in order.
        discard: The names of the pages on paper that are no longer true.
        kept: How many pages on paper are as they should be.
        path: None where nothing changed.
    """

    pages: tuple[str, ...]
    discard: tuple[str, ...]
    kept: int
    path: Path | None

    @property
    def text(self) -> str:
        """What the user is told to do."""
        if self.path is None and not self.discard:
            return "nothing changed: every page on paper is as it should be\n"
        lines = [f"throw away  {', '.join(self.discard)}"] if self.discard else []
        lines += [f"print       {self.path}: {', '.join(self.pages)}"] if self.path else []
        return "\n".join([*lines, f"keep        {self.kept} other pages, then run `printed`"]) + "\n"


def remember_printed(options: Options) -> int:
    """Remember that the sheet of the output folder was printed; gives the number of its pages.

    Raises:
        NotBuilt: There is no sheet, or not one that we built.
    """
    with locked(options.output, options.notes):
        path = options.output / SHEET
        try:
            pdf = path.read_bytes()
        except OSError as error:
            raise NotBuilt(f"there is no {path}", "build it with --only sheet, print it, then say so") from error
        pages = read_built(options.output / ".cache" / BUILT_NAME, pdf)
        if pages is None:
            raise NotBuilt(f"what {path} holds is not known", "build it again with --only sheet, and print that one")
        write_atomically(options.notes / FILE_NAME, printed_record(pages).encode())
        return len(pages)


def reprint(options: Options) -> Reprint:
    """Build the sheet, and beside it a PDF of just those pages that say something else than the ones on paper.

    Raises:
        NotBuilt: Nothing was printed yet, as far as we know.
        CribdeckError: The sheet can't be built.
    """
    with locked(options.output, options.notes):
        before = read_printed(options.notes / FILE_NAME)
        if not before:
            raise NotBuilt("nothing is remembered of what is on paper", "print the sheet, then run `printed`")
        sheet = build_sheet(read(options).edition(), work=options.output / ".cache", printed_before=before)
        write_atomically(options.output / SHEET, sheet.pdf)
        path = options.output / REPRINT
        if sheet.reprint:
            write_atomically(path, sheet.reprint)
        else:
            path.unlink(missing_ok=True)
        return Reprint(
            pages=tuple(name for name, digest in sheet.digests.items() if before.get(name) != digest),
            discard=tuple(name for name, digest in before.items() if sheet.digests.get(name) != digest),
            kept=sum(sheet.digests.get(name) == digest for name, digest in before.items()),
            path=path if sheet.reprint else None,
        )
