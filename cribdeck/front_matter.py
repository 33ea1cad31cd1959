"""What a note's front matter says of it."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cribdeck.model import Section

_ORDER = re.compile(
    r"""\A (?: 0\d+ [\s._、-]+                   # `01-intro`, `02 state`
      | \d{1,3} (?: [.、]\s* | [_-](?![a-z]) ) # `2.流处理`, `4-Flink`; but `2-phase-commit`, `3-tier` are names
    ) (?=[^\W\d_])                            # and so are `2024-01-05`, `1.5` and `3D`""",
    re.VERBOSE,
)


def name_of(front_matter: Mapping[str, Any], file: str) -> str:
    """The note's name: its title in the front matter, else the file's name without its ending and its number."""
    given = front_matter.get("title")
    if isinstance(given, str) and given.strip():
        return given.strip()
    return unnumbered(posixpath.splitext(posixpath.basename(file))[0])


def unnumbered(name: str) -> str:
    """A file's or folder's name without the number that only puts it in order: `1-批处理` → `批处理`."""
    return _ORDER.sub("", name)


def title_of(front_matter: Mapping[str, Any], sections: Sequence[Section], file: str) -> str:
    """What the sheet calls the note: as `name_of`, but a heading that stands alone above all others wins."""
    top = [section for section in sections if section.level == 1]
    alone = len(sections) == 1 and top and "title" not in front_matter
    return top[0].key if alone else name_of(front_matter, file)


def tags_of(front_matter: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags, given as a list or as words with commas or spaces between them."""
    given = front_matter.get("tags") or ()
    if isinstance(given, str):
        given = re.split(r"[,，\s]+", given)
    given = given if isinstance(given, list) else ()
    words = (str(tag).strip() for tag in given if isinstance(tag, str | float | date) or _is_small(tag))
    return tuple(word for word in words if word)


def _is_small(tag: object) -> bool:
    """Whether it is a number that Python writes: one of 5,000 digits it refuses."""
    return isinstance(tag, int) and tag.bit_length() < 64


def card_switches(front_matter: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """`cards: {row: false, cell: true}`: the switches of the settings' `[cards]`, for one note."""
    given = front_matter.get("cards")
    if not isinstance(given, dict):
        return ()
    return tuple((kind, wanted) for kind, wanted in given.items() if isinstance(kind, str) and isinstance(wanted, bool))
