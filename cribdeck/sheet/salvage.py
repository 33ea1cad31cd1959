"""Finding the pieces of a chapter that can't be printed, so that the rest can."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from cribdeck.diagnostics import Place
from cribdeck.sheet.chapters import Chapter, pieces_of, text_of, with_pieces
from cribdeck.sheet.workers import Failure

_ANCHOR = re.compile(r' id="(n\d+-\d+)"')
_QUOTED = 40

Attempt = Callable[[Chapter], Failure | None]
"""Prints a chapter, and tells why that could not be done."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece that is not on the sheet: where it stands, how it begins, and why; see `workers.Failure`."""

    place: Place
    text: str
    failure: Failure


class Hopeless(Exception):
    """Not even a page without any notes can be printed; the message says why."""


def salvage(chapter: Chapter, failure: Failure, attempt: Attempt, *, label: str) -> tuple[Chapter, list[LeftOut]]:
    """Put boxes in the place of the pieces that break the renderer.

    Args:
        chapter: It could not be printed.
        failure: Why.
        attempt: Prints another one.
        label: What a box says.

    Returns:
        The chapter with the boxes, which was printed last, and what they stand for.

    Raises:
        Hopeless: The pieces are not what breaks it.
    """
    pieces = pieces_of(chapter)
    everything = range(len(pieces))
    empty = with_pieces(chapter, dict.fromkeys(everything, ""))
    if nothing := attempt(empty):
        raise Hopeless(nothing.reason)
    left_out: dict[int, LeftOut] = {}
    while True:
        found = _breaking(chapter, [at for at in everything if at not in left_out], failure, attempt)
        left_out |= {at: LeftOut(_place(pieces[at]), _quoted(pieces[at][3]), why) for at, why in found.items()}
        boxed = with_pieces(chapter, {at: _box(pieces[at], label) for at in left_out})
        if not (again := attempt(boxed)):
            return boxed, [left_out[at] for at in sorted(left_out)]
        if not found:
            raise Hopeless(again.reason)
        failure = again


def _breaking(chapter: Chapter, among: Sequence[int], failure: Failure, attempt: Attempt) -> dict[int, Failure]:
    """The pieces that fail by themselves, found by halves; all of them where only together they fail."""
    if len(among) <= 1:
        return dict.fromkeys(among, failure)
    found: dict[int, Failure] = {}
    numbers = range(len(pieces_of(chapter)))
    middle = len(among) // 2
    for half in (among[:middle], among[middle:]):
        alone = with_pieces(chapter, {at: "" for at in numbers if at not in half})
        if why := attempt(alone):
            found |= _breaking(chapter, half, why, attempt)
    return found or dict.fromkeys(among, failure)


def _place(piece: re.Match[str]) -> Place:
    return Place(unquote(piece[2]), int(piece[1]))


def _quoted(piece: str) -> str:
    text = text_of(piece)
    return text[:_QUOTED] + ("…" if text[_QUOTED:] else "")


def _box(piece: re.Match[str], label: str) -> str:
    """What stands in a piece's place; links still lead there."""
    anchors = "".join(f'<a id="{name}"></a>' for name in _ANCHOR.findall(piece[3]))
    return f'<div class="left-out">{anchors}<b>{html.escape(str(_place(piece)))}</b> {html.escape(label)}</div>'
