"""The pages of an SQLite table, moved from one file into another (https://www.sqlite.org/fileformat.html, section 1.6).

A table is a tree. Its leaves hold the rows and know nothing of where they lie, but that a row larger than a page goes
on in further pages and names the first of them. So the leaves of many small files, one after the other, are the table
of one large file, once a trunk is laid over them.
"""

import itertools
from collections.abc import Iterator, Sequence

import msgspec

PAGE = 1 << 16
"""Bytes: the largest that there is. All but the longest cards fit into one."""
_LEAF, _INNER = 0x0D, 0x05
_LEAF_HEAD, _INNER_HEAD = 8, 12
_MOST_INSIDE = PAGE - 35
"""Bytes of a row that a page takes; of a longer one it takes so many that the rest fills whole pages, or the least."""
_LEAST_INSIDE = (PAGE - 12) * 32 // 255 - 23
_CHILDREN = 4_000
"""Of one page of the trunk. Each takes 15 bytes at most: its number in 4, the rowid in 9, a pointer in 2."""


class Leaves(msgspec.Struct, frozen=True):
    """The rows of a table, as pages.

    Attributes:
        content: The pages: leaves in the order of the rows, then those in which long rows go on.
        lasts: The largest rowid of each leaf but the last.
        is_bound: Whether it names pages of its own, so that it can stand in one place only.
    """

    content: bytes
    lasts: tuple[int, ...]
    is_bound: bool


def leaves_of(image: bytes, root: int, *, first: int) -> Leaves:
    """The rows of a table that is alone in its file, to be put into another file.

    Args:
        image: The file. All its pages but the first are the table's, and its trunk is at most one page.
        root: The number of the table's root page.
        first: The number that the first of the pages will have.
    """
    numbers, lasts = [root], []
    trunk = _page(image, root)
    if trunk[0] == _INNER:
        children = list(_children(trunk))
        numbers = [number for number, _ in children]
        lasts = [last for _, last in children[:-1]]
    further = [at for at in range(2, len(image) // PAGE + 1) if at != root and at not in set(numbers)]
    pages = [_page(image, number) for number in (*numbers, *further)]
    if further:
        moved = {number: first + at for at, number in enumerate((*numbers, *further))}
        for leaf in pages[: len(numbers)]:
            for at in _pointers(leaf):
                _renumber(leaf, at, moved)
        for page in pages[len(numbers) :]:
            _renumber(page, 0, moved)
    return Leaves(b"".join(pages), tuple(lasts), bool(further))


def trunk_over(leaves: Sequence[tuple[int, int]], *, first: int) -> tuple[bytes, bytes]:
    """The trunk of a table: its root page, and the pages between that and the leaves.

    Args:
        leaves: The number of each leaf's page with its largest rowid, in order; two at least.
        first: The number that the first of the pages in between will have.
    """
    between: list[bytes] = []
    children = leaves
    while len(children) > _CHILDREN:
        count = -(-len(children) // _CHILDREN)
        # Evenly, for a page of the trunk has two children at least.
        bounds = [len(children) * at // count for at in range(count + 1)]
        parts = [children[start:stop] for start, stop in itertools.pairwise(bounds)]
        children = [(first + len(between) + at, part[-1][1]) for at, part in enumerate(parts)]
        between += map(_inner, parts)
    return _inner(children), b"".join(between)


def _page(image: bytes, number: int) -> bytearray:
    return bytearray(image[(number - 1) * PAGE : number * PAGE])


def _children(page: bytearray) -> Iterator[tuple[int, int]]:
    """The children of a page of the trunk, each with the largest rowid below it; the last one's is not said: 0."""
    for at in range(_INNER_HEAD, _INNER_HEAD + 2 * _number(page, 3, 2), 2):
        cell = _number(page, at, 2)
        yield _number(page, cell, 4), _varint(page, cell + 4)[0]
    yield _number(page, 8, 4), 0


def _pointers(leaf: bytearray) -> Iterator[int]:
    """Where in a leaf rows name the page in which they go on."""
    for at in range(_LEAF_HEAD, _LEAF_HEAD + 2 * _number(leaf, 3, 2), 2):
        size, start = _varint(leaf, _number(leaf, at, 2))
        if size > _MOST_INSIDE:
            _, start = _varint(leaf, start)
            inside = _LEAST_INSIDE + (size - _LEAST_INSIDE) % (PAGE - 4)
            yield start + (inside if inside <= _MOST_INSIDE else _LEAST_INSIDE)


def _renumber(page: bytearray, at: int, moved: dict[int, int]) -> None:
    number = _number(page, at, 4)
    if number:
        page[at : at + 4] = moved[number].to_bytes(4, "big")


def _inner(children: Sequence[tuple[int, int]]) -> bytes:
    """A page of the trunk: its header, a pointer to each cell, and the cells from the end backwards."""
    page = bytearray(PAGE)
    start = PAGE
    for at, (number, last) in enumerate(children[:-1]):
        cell = number.to_bytes(4, "big") + _as_varint(last)
        start -= len(cell)
        page[start : start + len(cell)] = cell
        page[_INNER_HEAD + 2 * at : _INNER_HEAD + 2 * at + 2] = start.to_bytes(2, "big")
    page[0] = _INNER
    page[3:5] = (len(children) - 1).to_bytes(2, "big")
    page[5:7] = start.to_bytes(2, "big")
    page[8:12] = children[-1][0].to_bytes(4, "big")
    return bytes(page)


def _number(page: bytearray, at: int, size: int) -> int:
    return int.from_bytes(page[at : at + size], "big")


def _varint(page: bytearray, at: int) -> tuple[int, int]:
    """A number in one to nine bytes, and where it ends: seven bits each, high ones first, eight in the ninth."""
    number = 0
    for end in range(at, at + 8):
        number = number << 7 | page[end] & 0x7F
        if page[end] < 0x80:  # else there is more
            return number, end + 1
    return number << 8 | page[at + 8], at + 9


def _as_varint(number: int) -> bytes:
    """As `_varint` reads it; `number` has 63 bits at most."""
    if number >> 56:
        sevens = [number >> shift & 0x7F | 0x80 for shift in range(57, 7, -7)]
        return bytes([*sevens, number & 0xFF])
    found = [number & 0x7F]
    while number := number >> 7:
        found.append(number & 0x7F | 0x80)
    return bytes(reversed(found))
