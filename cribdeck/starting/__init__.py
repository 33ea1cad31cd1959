"""A folder to start from: two notes, settings with every key explained, what git is to leave out."""

import locale
import os
from importlib import resources
from pathlib import Path
from typing import Literal

from cribdeck.errors import FolderNotEmpty
from cribdeck.writing import write_atomically

Language = Literal["zh", "en"]
_IGNORED = "# What a build makes: may be deleted at any time.\n/output/\n"


def start(folder: Path, language: Language) -> tuple[Path, ...]:
    """Write the example into a folder, which is made where there is none.

    Returns:
        The files that were written, in the order in which a user would read them.

    Raises:
        FolderNotEmpty: One of them is there already; nothing was written.
        OutputUnwritable: The folder can't be written.
    """
    files = example(language)
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise FolderNotEmpty(folder, taken[0])
    for name, text in files.items():
        write_atomically(folder / name, text.encode())
    return tuple(folder / name for name in files)


def example(language: Language) -> dict[str, str]:
    """The example's files by their path in the folder."""
    shipped = resources.files(__name__) / language
    names = sorted(entry.name for entry in shipped.iterdir())
    notes = {f"notes/{name}": (shipped / name).read_text(encoding="utf-8") for name in names}
    return {**notes, ".gitignore": _IGNORED}


def users_locale() -> str:
    """The locale in which the user reads messages; "" where the system knows none."""
    named = filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG")))
    return next(named, None) or locale.getlocale()[0] or ""


def language_of(name: str) -> Language:
    """`zh` for a locale such as `zh_CN.UTF-8` or `Chinese_China`, else `en`."""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
