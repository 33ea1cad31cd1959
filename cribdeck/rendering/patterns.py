"""Regular expressions as alternatives of one, and without what no text of theirs holds."""

import functools
import re
from collections.abc import Callable
from typing import Any

_GLOBAL_FLAGS = re.compile(r"\(\?[aiLmsux]+\)")
_SCOPED = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_COUNTS_GROUPS = re.compile(r"\\[1-9]|\(\?P[<=]|\(\?\(")
"""What counts on the numbers or the names of a pattern's groups."""
_PIECE = re.compile(
    r"\\(?P<number>[1-9]\d?)(?!\d)|\(\?P=(?P<name>\w+)\)|(?P<group>\((?:(?!\?)|\?P<(?P<named>\w+)>))"
    r"|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]",
    re.DOTALL,
)
"""Groups, what refers to them, and what is passed over as a whole: escapes, classes."""

_RARE = ("\u0100-\u1fff", "\u2c00-\u2fff", "\u3100-\u4dff", "\ua000-\ufeff", "\ufff0-\U0010ffff")
"""Characters that most code has none of: all but those of Western Europe, symbols, kana, Han and wide forms."""
_HOLDS_RARE = re.compile(f"[{''.join(_RARE)}]")
_CLASS = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]", re.DOTALL)
_RARE_ITEM = re.compile(f"(?<!-)(?:{'|'.join(f'[{part}](?:-[{part}])?' for part in _RARE)})(?!-)")


def is_common(text: str) -> bool:
    """Whether all characters of a text are among those for which patterns can be shortened."""
    return text.isascii() or not _HOLDS_RARE.search(text)


class Pattern:
    """A pattern that is not compiled until it is needed.

    Args:
        regex: Its source, or what makes it of a list of words (Pygments' `Future`).
        flags: As `re.compile` takes them.
        common: Whether it is for texts only that are common: classes of the letters of all scripts, with which
            lexers spell names, take a sixth of a second to compile for Scala alone.
    """

    def __init__(self, regex: Any, flags: int, *, common: bool = False) -> None:
        self._regex = regex
        self._flags = flags
        self._common = common

    @functools.cached_property
    def match(self) -> Callable[[str, int], re.Match[str] | None]:
        """As `re.Pattern.match`."""
        return self._compiled.match

    @functools.cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    @functools.cached_property
    def _source(self) -> str:
        source = self._regex if isinstance(self._regex, str) else str(self._regex.get())
        # Where case is ignored, a rare letter may be the other case of a common one (the Kelvin sign that of k).
        keeps_all = not self._common or source.isascii() or self._flags & re.IGNORECASE or source.startswith("(?")
        return source if keeps_all else _CLASS.sub(_shortened, source)

    def alternative(self, prefix: str) -> str | None:
        """The pattern as a part of another, its groups named with a prefix; None where it can't be one."""
        source = self._source
        # A pattern's flags stand at its beginning; in the middle of another they count for a group.
        found = _GLOBAL_FLAGS.match(source)
        letters = found[0] if found else ""
        if self._flags & (re.ASCII | re.LOCALE) or {"a", "L"} & {*letters}:
            return None
        on = "".join(letter for letter, flag in _SCOPED.items() if self._flags & flag or letter in letters)
        off = "".join(letter for letter in _SCOPED if letter not in on)
        inner: str | None = source[len(letters) :]
        if _COUNTS_GROUPS.search(source):
            inner = None if "(?(" in source or "x" in on else self._renamed(source[len(letters) :], prefix)
        end = "\n" if "x" in on else ""  # a comment may stand there
        return None if inner is None else f"(?{on}{'-' if off else ''}{off}:{inner}{end})"

    def _renamed(self, source: str, prefix: str) -> str | None:
        """The source with a name for each group, as their numbers are others within another pattern."""
        names: list[str] = []

        def rename(found: re.Match[str]) -> str:
            if found["group"]:
                names.append(found["named"] or str(len(names) + 1))
                return f"(?P<{prefix}_{names[-1]}>"
            if found["number"]:
                return f"(?P={prefix}_{names[int(found['number']) - 1]})"
            return f"(?P={prefix}_{found['name']})" if found["name"] else found[0]

        try:
            renamed = _PIECE.sub(rename, source)
        except IndexError:
            return None
        return renamed if len(names) == self._compiled.groups else None


def _shortened(found: re.Match[str]) -> str:
    return found[0] if found[0].isascii() else _without_rare(found[0])


@functools.cache
def _without_rare(characters: str) -> str:
    """A class without the rare characters that it names; as it is, if it names no other."""
    short = _RARE_ITEM.sub("", characters)
    return characters if short in ("[]", "[^]") else short
