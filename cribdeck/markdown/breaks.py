"""What a line's end is worth: nothing, a space, or a break that its keeper meant."""

import re

from cribdeck.markdown.inline_rules import CJK

_WIDE_MARKS = "，。、；：？！（）《》〈〉「」『』【】"
"""Punctuation that brings its own room: beside it there is no space, whatever stands on its other side."""

_NARROW_LINE = 50
"""Columns. A line this short was broken on purpose, if the next line's first word had room on it."""


def soft_break(before: str, after: str) -> str:
    """What a line break between two texts is shown as: nothing in Chinese or beside its marks, else a space."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return " " if before and after else ""
    if before[-1] in _WIDE_MARKS or after[0] in _WIDE_MARKS or (CJK.match(before[-1]) and CJK.match(after[0])):
        return ""
    return " "


def is_deliberate(line: str, following: str) -> bool:
    """Whether a break after a short line was meant: the next line's first word would have fitted on it.

    Text that an editor or a PDF wrapped has breaks only where no more fitted; a keeper who types one thought a line
    breaks earlier. Only for text with Han in it: plain Latin text keeps CommonMark's rule.
    """
    if not (CJK.search(line) or CJK.search(following)):
        return False
    width, room = columns(line), max(columns(line), columns(following))
    word = re.match(r"[!-~]+|.", following.strip())
    if word is None or width >= _NARROW_LINE or line[-1:] in "，、,":
        return False
    return width + columns(word[0]) + 1 < room


def columns(text: str) -> int:
    """The width of a text on a terminal: two columns for a Han character, one for others."""
    return len(text) + len(CJK.findall(text))
