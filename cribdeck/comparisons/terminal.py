"""A comparison as a table of plain text, for a terminal."""

import unicodedata
from collections.abc import Sequence

from cribdeck.model import Block, Comparison, plain_text

_MOST_LINES = 4
_NARROWEST = 8
_OPEN = "—"
_NEVER_FIRST = "，。；：、？！）】”"


def table_lines(comparison: Comparison, width: int) -> list[str]:
    """The lines of a table that is at most `width` columns wide, as far as its subjects leave room for that.

    A cell takes up to four lines; `—` is an open one, `↔` leads what spans the row.
    """
    first = _first_column(comparison, width)
    count = len(comparison.subjects)
    other = max(_NARROWEST, (width - (first + 3 if first else 0) - 3 * (count - 1)) // count)
    widths = [first, *[other] * count] if first else [other] * count
    lines = _row([plain_text(comparison.corner), *comparison.subjects][0 if first else 1 :], widths)
    lines.append("─┼─".join("─" * column for column in widths))
    for row in comparison.rows:
        aspect = [plain_text(row.aspect)] if first else []
        if row.filled or not row.span:
            lines += _row([*aspect, *(_text(cell.blocks) or _OPEN for cell in row.cells)], widths)
            aspect = [""] if first else []
        if row.span:
            whole = sum(widths[1:] if first else widths) + 3 * (count - 1)
            lines += _row([*aspect, f"↔ {_text(row.span)}"], [first, whole] if first else [whole])
    return lines


def _first_column(comparison: Comparison, width: int) -> int:
    longest = max((_columns(plain_text(row.aspect)) for row in comparison.rows), default=0)
    return min(longest, max(_NARROWEST, width // 5))


def _text(blocks: Sequence[Block]) -> str:
    return " ".join(block.text.replace("\n", " ") for block in blocks).strip()


def _row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    columns = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, columns))
    padded = [lines + [""] * (height - len(lines)) for lines in columns]
    return [
        " │ ".join(line + " " * (width - _columns(line)) for line, width in zip(parts, widths, strict=True)).rstrip()
        for parts in zip(*padded, strict=True)
    ]


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most so many columns: Latin is broken at spaces where it can be, Han anywhere."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < _MOST_LINES:
        at = _break(rest, width)
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest:
        lines[-1] = lines[-1][: _break(lines[-1], width - 1)] + "…"
    return lines or [""]


def _break(text: str, width: int) -> int:
    """How many characters go on a line."""
    used = 0
    for at, char in enumerate(text):
        used += _columns(char)
        if used > width:
            space = text.rfind(" ", 0, at)
            is_word = text[at - 1].isascii() and (char in _NEVER_FIRST or (char.isascii() and not char.isspace()))
            if is_word and space > at // 2:
                return space + 1
            return at - 1 if char in _NEVER_FIRST and at > 1 and not is_word else max(at, 1)
    return len(text)


def _columns(text: str) -> int:
    """How wide a terminal shows it: Han, kana, Hangul and full-width marks take two columns, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
