"""What stops a run: one exception a cause, each with its text, an act that helps, and its exit code.

Exit codes: 1 the notes have errors, 2 wrong usage, 3 the machine.
"""

from pathlib import Path


class CribdeckError(Exception):
    """Base of every exception of ours. `hint` is what the user can do about it."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotesFolderMissing(CribdeckError):
    """The notes folder does not exist or is no folder."""

    exit_code = 2

    def __init__(self, folder: Path) -> None:
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        super().__init__(f"the notes folder {folder} {what}", "name the folder of your notes with --notes DIR")


class NotesFolderEmpty(CribdeckError):
    """The notes folder holds no note."""

    exit_code = 2

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"no notes in {folder}: looked for files that end in .md, .markdown or .mdx",
            "put Markdown files there, or name another folder with --notes DIR",
        )


class FolderUnreadable(CribdeckError):
    """A folder of notes that the system does not let us list."""

    def __init__(self, folder: Path, cause: OSError) -> None:
        super().__init__(f"can't list {folder}: {cause.strerror or cause}", "check the folder's permissions")


class OutputUnwritable(CribdeckError):
    """An output could not be written; what was there is untouched."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(
            f"can't write {path}: {cause.strerror or cause}",
            "check the folder's permissions and free space, close the program that shows the file, or name another "
            "folder with --output DIR",
        )


class OutputBusy(CribdeckError):
    """Another build holds the lock of the output folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"another build is writing to {folder}", "wait until it is done, or use another --output DIR")


class SettingsError(CribdeckError):
    """A settings file that can't be read, an unknown key, or a value of the wrong type."""

    exit_code = 2

    def __init__(self, path: Path, problem: str, hint: str = "") -> None:
        super().__init__(f"{path}: {problem}", hint)


class LedgerUnreadable(CribdeckError):
    """The ledger can't be trusted. A build never begins a new one in its place: that would double the whole deck."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(
            f"{where}: {problem}",
            "restore the file from git or a backup (it holds the ids that keep your review history); "
            "deleting it starts a new deck",
        )


class DeckUnreadable(CribdeckError):
    """There is no ledger, and the last deck, from which it could be made again, can't be read."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"the ledger is missing, and {path} can't take its place: {problem}",
            "restore ledger.jsonl from git or a backup; deleting the deck as well starts a new one",
        )


class TooManyRetired(CribdeckError):
    """More than half of the deck would be gone at once: more likely a wrong folder than an edit."""

    def __init__(self, gone: int, live: int, folder: Path) -> None:
        super().__init__(
            f"{gone:,} of the deck's {live:,} cards are not in {folder} any more; nothing was written",
            "check that this is the right folder and that it is complete; if it is, build with --allow-retire",
        )


class UnknownCard(CribdeckError):
    """A guid or number that no card has, or that the command can't use."""

    exit_code = 2

    def __init__(self, name: str, problem: str, hint: str) -> None:
        super().__init__(f"{name}: {problem}", hint)


class TemplateError(CribdeckError):
    """A template of the user's that is missing or does not render."""

    exit_code = 2

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"template {name}: {problem}", "compare it with the one that ships with cribdeck")


class RepeatedGuid(CribdeckError):
    """Two notes of one deck would share a guid, which Anki updates wrongly for ever after."""

    def __init__(self, guid: str, first: str, second: str) -> None:
        super().__init__(f"{first} and {second} have the same guid {guid}", "report this: it is a bug of cribdeck")


class SheetUnavailable(CribdeckError):
    """The machine can't make a PDF: a system library or a font is missing. Deck and preview are still built."""

    def __init__(self, problem: str, command: str) -> None:
        super().__init__(f"no sheet: {problem}", command)


class SheetFailed(CribdeckError):
    """The PDF renderer gave up or died."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"no sheet: {problem}", "the deck and the preview are built; `--only sheet` tries again")


class FolderNotEmpty(CribdeckError):
    """A folder to start in already holds what would be written there."""

    exit_code = 2

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(f"{folder / name} is there already; nothing was written", "name a new folder: init DIR")


class NotBuilt(CribdeckError):
    """A command that needs what an earlier one was to leave."""

    exit_code = 2
