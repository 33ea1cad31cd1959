"""What a note's front matter says of it."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cribdeck.model import Section


def name_of(front_matter: Mapping[str, Any], file: str) -> str:
    """The note's name: its title in the front matter, else the file's name without its ending."""
    given = front_matter.get("title")
    if isinstance(given, str) and given.strip():
        return given.strip()
    return posixpath.splitext(posixpath.basename(file))[0]


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
