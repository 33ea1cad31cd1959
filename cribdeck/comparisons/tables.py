"""Tables that compare, told from tables of data, matrices, navigation and definitions."""

import re
from collections.abc import Sequence

import msgspec

from cribdeck.comparisons.recognition import Subjects
from cribdeck.comparisons.spelling import spelling
from cribdeck.comparisons.table_words import (
    ASPECT,
    COMPARING,
    COMPATIBLE,
    CORNER,
    DATA,
    KIND,
    PROPERTY,
    SERIES,
    STRONG_ASPECT,
    VERDICT,
)
from cribdeck.model import Block, plain_text

_MOST_SUBJECTS, _MOST_ROWS = 6, 40
_LONGEST_NAME = 60


class Table(msgspec.Struct, frozen=True):
    """A comparison as its table has it, subjects in columns.

    Attributes:
        names: The subjects, as plain text.
        corner: What stands above the aspects, inline HTML.
        rows: (aspect, cells in the order of `names`, line), inline HTML.
    """

    names: tuple[str, ...]
    corner: str
    rows: tuple[tuple[str, tuple[str, ...], int], ...]


def named_table(block: Block, subjects: Subjects) -> Table | None:
    """A table whose header, or whose first column, has all of the subjects; those that it adds are subjects as well."""
    grid, lines = _grid(block)
    if len(grid) < 2:
        return None
    for turned in (False, True):
        cells = _turned(grid) if turned else grid
        head = [plain_text(cell) for cell in cells[0]]
        named = [subjects.index(name) for name in head]
        if len(head) == len(subjects) and sorted(index for index in named if index is not None) == [
            *range(len(subjects))
        ]:
            order = [named.index(index) for index in range(len(subjects))]
            return _without_aspects(cells, lines, _names(head, order, subjects), order)
        if named and named[0] is None and set(named) >= set(range(len(subjects))) and _distinct(head[1:]):
            order = [named.index(index) for index in range(len(subjects))]
            added = [at for at in range(1, len(head)) if at not in order]
            if any(PROPERTY.match(head[at]) for at in added) or len(head) - 1 > _MOST_SUBJECTS:
                continue
            names = (*_names(head, order, subjects), *(head[at] for at in added))
            return _table(cells, [lines[0]] * len(cells) if turned else lines, names, [*order, *added])
    return None


def unnamed_table(block: Block, titles: Sequence[str]) -> Table | None:
    """A table that compares by itself, under a heading that names no subjects.

    Args:
        block: The table.
        titles: The heading above it, and those above that, nearest first.
    """
    grid, lines = _grid(block)
    if not 2 <= len(grid) - 1 <= _MOST_ROWS or len(grid[0]) < 3:
        return None
    text = [[plain_text(cell) for cell in row] for row in grid]
    hinted = any(COMPARING.search(title) for title in titles[:1])
    if _compares_columns(text, hinted=hinted):
        return _table(grid, lines, text[0][1:], range(1, len(text[0])))
    if _compares_rows(text, hinted=hinted) or _are_in_title([row[0] for row in text[1:]], titles[0] if titles else ""):
        turned = _turned(grid)
        return _table(turned, [lines[0]] * len(turned), [row[0] for row in text[1:]], range(1, len(grid)))
    return None


def _compares_columns(text: Sequence[Sequence[str]], *, hinted: bool) -> bool:
    """Whether each column but the first is a subject: `| 特性 | Flink | Storm |`."""
    corner, *names = text[0]
    aspects = [row[0] for row in text[1:]]
    if not _are_names(names) or any(_is_property(name) for name in names):
        return False
    if not (CORNER.match(corner) or (hinted and not _is_data(aspects) and not KIND.search(corner))):
        return False
    return _are_aspects(aspects) and not _is_crossed(names, aspects) and not _is_series(names) and _says_something(text)


def _compares_rows(text: Sequence[Sequence[str]], *, hinted: bool) -> bool:
    """Whether each row is a subject: `| 方案 | 优点 | 缺点 |`."""
    aspects = text[0][1:]
    names = [row[0] for row in text[1:]]
    if not _are_names(names) or _is_series(names) or _is_crossed(names, aspects):
        return False
    strong = sum(bool(STRONG_ASPECT.match(aspect)) for aspect in aspects)
    weak = sum(bool(ASPECT.search(aspect)) for aspect in aspects)
    plain = sum(bool(PROPERTY.match(aspect)) and not ASPECT.search(aspect) for aspect in aspects)
    is_kind = hinted and bool(KIND.search(text[0][0])) and not CORNER.match(text[0][0])
    is_told = (
        strong > 0
        or weak >= 2
        or is_kind
        or (hinted and weak > 0)
        or (not plain and _are_verdicts(text, hinted=hinted))
    )
    return is_told and plain <= len(aspects) / 2 and _says_something(text)


def _are_verdicts(text: Sequence[Sequence[str]], *, hinted: bool) -> bool:
    """`|  | Preview | Execute code |` with yes and no below."""
    corner, *aspects = text[0]
    cells = [cell for row in text[1:] for cell in row[1:]]
    said = sum(bool(VERDICT.match(cell)) or not cell for cell in cells)
    return (hinted or not corner) and len(aspects) >= 2 and not _is_data(aspects) and said >= len(cells) * 0.6


def _are_in_title(names: Sequence[str], title: str) -> bool:
    """Whether the heading names them all: `BINARY与VARBINARY类型`."""
    bare = [_bare(name) for name in names]
    return (
        _are_names(names)
        and len(set(bare)) == len(bare)
        and all(len(name) > 1 and name in spelling(title) for name in bare)
    )


def _is_property(name: str) -> bool:
    return bool(STRONG_ASPECT.match(name)) or any(PROPERTY.match(part.strip()) for part in name.split("/"))


def _are_names(names: Sequence[str]) -> bool:
    return (
        2 <= len(names) <= _MOST_SUBJECTS
        and _distinct(names)
        and all(name and len(name) <= _LONGEST_NAME and not DATA.match(name) for name in names)
    )


def _distinct(names: Sequence[str]) -> bool:
    return all(names) and len({spelling(name) for name in names}) == len(names)


def _are_aspects(aspects: Sequence[str]) -> bool:
    """Each row has an aspect of its own, and no number or hour instead."""
    filled = [aspect for aspect in aspects if aspect]
    return len(filled) >= len(aspects) - 1 and len(set(filled)) == len(filled) and not _is_data(filled)


def _is_data(cells: Sequence[str]) -> bool:
    return sum(bool(DATA.match(cell)) for cell in cells) * 2 > len(cells)


def _is_crossed(names: Sequence[str], aspects: Sequence[str]) -> bool:
    """The same things along both sides: a matrix."""
    return 2 * len({_bare(name) for name in names} & {_bare(aspect) for aspect in aspects}) >= len(names)


def _bare(name: str) -> str:
    """The spelling without a gloss in brackets."""
    return spelling(re.sub(r"\s*[（(].*", "", name)) or spelling(name)


def _is_series(names: Sequence[str]) -> bool:
    """`事务1`, `事务2`; `node01`, `node02`; `Transaction A`, `Transaction B`: a time line or a list of machines."""
    stems = {SERIES.sub("", name) for name in names}
    return len(stems) == 1 and stems != set(names) and all(SERIES.search(name) for name in names)


def _says_something(text: Sequence[Sequence[str]]) -> bool:
    """Whether the cells are words or verdicts, and most of them are filled."""
    cells = [cell for row in text[1:] for cell in row[1:]]
    filled = [cell for cell in cells if cell]
    words = [cell for cell in filled if not DATA.match(cell) or VERDICT.match(cell)]
    is_lock_table = all(COMPATIBLE.match(cell) for cell in filled)
    return len(filled) * 3 >= len(cells) * 2 and len(words) * 2 >= len(filled) and not is_lock_table


def _grid(block: Block) -> tuple[list[list[str]], list[int]]:
    rows = [[cell.html for cell in row.children] for row in block.children]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows], [row.line for row in block.children]


def _turned(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(column) for column in zip(*grid, strict=True)]


def _table(grid: Sequence[Sequence[str]], lines: Sequence[int], names: Sequence[str], columns: Sequence[int]) -> Table:
    rows = tuple(
        (row[0], tuple(row[at] for at in columns), line) for row, line in zip(grid[1:], lines[1:], strict=True)
    )
    return Table(tuple(names), grid[0][0], rows)


def _without_aspects(
    grid: Sequence[Sequence[str]], lines: Sequence[int], names: Sequence[str], columns: Sequence[int]
) -> Table:
    """A table that has the subjects' columns and no other."""
    own = lines if len(lines) == len(grid) else [lines[0]] * len(grid)
    rows = tuple(("", tuple(row[at] for at in columns), line) for row, line in zip(grid[1:], own[1:], strict=True))
    return Table(tuple(names), "", rows)


def _names(head: Sequence[str], order: Sequence[int], subjects: Subjects) -> list[str]:
    """The subjects as the table has them where it says more than the heading: `MCP（Model Context Protocol）`."""
    pairs = zip(subjects.names, (head[at] for at in order), strict=True)
    return [name if spelling(typed) in spelling(name) else typed for name, typed in pairs]
