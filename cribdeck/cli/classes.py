"""Regular expressions that are compiled sooner: for each character of a range `re` takes a step of its own.

`[㐀-鿿]` holds 27,648 characters and takes a millisecond; a hundred such classes are a twentieth of a first build. What
is replaced is CPython's own (3.11 to 3.14, `re._compiler._optimize_charset`), and only in the process of the command
line: a program that uses the package keeps its `re` as it is. What is compiled is the same.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

_COMPILER: Any = getattr(re, "_compiler", None)
_NEEDED = ("_optimize_charset", "_mk_bitmap", "_bytes_to_codes", "LITERAL", "RANGE", "NEGATE", "BIGCHARSET")
_WIDE = 256
"""Characters, from which on a range is worth it."""
_PLANE = 1 << 16
"""Characters that a map holds; those beyond stay as they are written."""
_Items = Sequence[tuple[Any, Any]]
_RUN = re.compile(b"\x01+")


def compile_wide_ranges_at_once() -> None:
    """Let `re` take a range of characters in one step, where it is the one that we know."""
    if all(hasattr(_COMPILER, name) for name in _NEEDED):
        _COMPILER._optimize_charset = _quick(_COMPILER._optimize_charset)  # noqa: SLF001 — as the module says


def _quick(slow: Any) -> Any:
    def optimized(items: _Items, iscased: Any = None, fixup: Any = None, fixes: Any = None) -> tuple[_Items, bool]:
        # Where case is ignored each character is looked up by itself.
        if fixup or not any(op is _COMPILER.RANGE and last - first >= _WIDE for op, (first, last) in _ranges(items)):
            return slow(items, iscased, fixup, fixes)  # type: ignore[no-any-return]
        found = _shortest(items)
        return (items if found is None else found), False

    return optimized


def _ranges(items: _Items) -> Iterator[tuple[Any, tuple[int, int]]]:
    return ((op, av) for op, av in items if op is _COMPILER.RANGE)


def _shortest(items: _Items) -> list[tuple[Any, Any]] | None:
    """The items as `re` has them: one or two ranges, or a map; None where they are good enough as they are."""
    found = [(op, av) for op, av in items if op is _COMPILER.NEGATE]
    others = []
    held = bytearray(_PLANE)
    for op, av in items:
        first, last = av if op is _COMPILER.RANGE else (av, av)
        if op not in (_COMPILER.RANGE, _COMPILER.LITERAL):
            others += [(op, av)] if op is not _COMPILER.NEGATE else []
            continue
        end = min(last, _PLANE - 1) + 1
        if first < end:
            held[first:end] = b"\x01" * (end - first)
        if last >= _PLANE:
            others.append((op, av))
    runs = [match.span() for match in itertools.islice(_RUN.finditer(held), 3)]
    if len(runs) > 2:
        return [*found, (_COMPILER.BIGCHARSET, _mapped(bytes(held))), *others]
    found += [
        (_COMPILER.LITERAL, first) if end - first == 1 else (_COMPILER.RANGE, (first, end - 1)) for first, end in runs
    ]
    found += others
    return found if len(found) < len(items) else None


def _mapped(held: bytes) -> list[int]:
    """Which characters are held, as `BIGCHARSET` has it: the different blocks of 256, and which stands where."""
    numbers: dict[bytes, int] = {}
    places = bytes(numbers.setdefault(held[at : at + 256], len(numbers)) for at in range(0, _PLANE, 256))
    codes: list[int] = _COMPILER._bytes_to_codes(places)  # noqa: SLF001
    return [len(numbers), *codes, *_COMPILER._mk_bitmap(b"".join(numbers))]  # noqa: SLF001
