"""Character classes are compiled to what `re` makes of them."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from cribdeck.cli import classes

_BORDERS = [0, 1, 0x60, 0xFE, 0xFF, 0x100, 0x101, 0x3400, 0x9FFF, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF]
_CHARACTER = st.sampled_from(_BORDERS) | st.integers(0, 0x10FFFF)
_ITEM = st.tuples(_CHARACTER, _CHARACTER).map(sorted)


def _source(items: list[list[int]], begin: str, extra: str) -> str:
    ranges = [f"\\U{first:08x}-\\U{last:08x}" if first < last else f"\\U{first:08x}" for first, last in items]
    return f"[{begin}{''.join(ranges)}{extra}]"


@given(
    st.lists(_ITEM, min_size=1, max_size=6),
    st.sampled_from(["", "^"]),
    st.sampled_from(["", r"\s", r"\w\d"]),
    st.sampled_from([0, re.IGNORECASE, re.ASCII]),
)
@example([[0x3400, 0x9FFF]], "", "", 0)
@example([[0x3400, 0x4DBF], [0x4E00, 0x9FFF], [0xF900, 0xFAFF], [0x20000, 0x3FFFF]], "^", "", 0)
@example([[0, 0xFF], [0x100, 0xFFFF]], "", r"\s", 0)
def test_a_class_becomes_the_same_code(items: list[list[int]], begin: str, extra: str, flags: int) -> None:
    source = _source(items, begin, extra)
    slow = re._compiler._optimize_charset  # type: ignore[attr-defined]
    try:
        expected = re._compiler._code(re._parser.parse(source, flags), flags)  # type: ignore[attr-defined]
        classes.compile_wide_ranges_at_once()
        assert re._compiler._code(re._parser.parse(source, flags), flags) == expected  # type: ignore[attr-defined]
    finally:
        re._compiler._optimize_charset = slow  # type: ignore[attr-defined]


def test_another_compiler_is_left_alone() -> None:
    before = classes._COMPILER
    classes._COMPILER = None
    try:
        classes.compile_wide_ranges_at_once()
    finally:
        classes._COMPILER = before
    assert re.fullmatch("[\u3400-\u9fff]", "字")
