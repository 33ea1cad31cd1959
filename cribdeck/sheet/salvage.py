"""Finding the pieces of a chapter that can't be printed, so that the rest can."""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from cribdeck.diagnostics import Place
from cribdeck.sheet.chapters import Chapter, pieces_of, text_of, with_pieces
from cribdeck.sheet.workers import Failure

_ANCHOR = re.compile(r' id="(n\d+-\d+)"')
_QUOTED = 40
_PATIENCE = 6
"""So many attempts may take all the time they have; then no part is tried again that takes it too."""

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


def salvage(
    chapter: Chapter,
    attempt: Attempt,
    failure: Failure | None,
    *,
    label: str,
    known: Mapping[int, Failure] | None = None,
) -> dict[int, LeftOut]:
    """Put boxes in the place of the pieces that break the renderer; the chapter with these is what is printed last.

    Args:
        chapter: It could not be printed.
        attempt: Prints another one.
        failure: Why it could not; None if it was not tried because of what is `known`.
        label: What a box says.
        known: Pieces that broke it before, and why.

    Returns:
        What the boxes stand for, by the number of the piece.

    Raises:
        Hopeless: The pieces are not what breaks it.
    """
    return _Salvage(chapter, attempt, label).print(failure, dict(known or {}))


class _Salvage:
    """One chapter; `_patience` is how many more attempts may take all their time."""

    def __init__(self, chapter: Chapter, attempt: Attempt, label: str) -> None:
        self._chapter = chapter
        self._attempt = attempt
        self._label = label
        self._pieces = pieces_of(chapter)
        self._patience = _PATIENCE

    def print(self, failure: Failure | None, broken: dict[int, Failure]) -> dict[int, LeftOut]:
        if failure is None and not (failure := self._boxed(broken)):
            return self._told(broken)
        if nothing := self._attempt(with_pieces(self._chapter, dict.fromkeys(range(len(self._pieces)), ""))):
            raise Hopeless(nothing.reason)
        # What breaks the renderer is most often the largest: one attempt that succeeds, where a search has many that
        # don't, each of which may take all its time.
        suspects = {**broken, **dict.fromkeys(self._largest(broken), failure)}
        if len(suspects) > len(broken) and not self._boxed(suspects):
            return self._told(suspects)
        while True:
            found = self._breaking([at for at in range(len(self._pieces)) if at not in broken], failure)
            broken |= found
            if not (failure := self._boxed(broken)):
                return self._told(broken)
            if not found:
                raise Hopeless(failure.reason)

    def _largest(self, broken: Mapping[int, Failure]) -> Sequence[int]:
        among = [at for at in range(len(self._pieces)) if at not in broken]
        return sorted(among, key=lambda at: len(self._pieces[at][3]))[-1:]

    def _boxed(self, broken: Iterable[int]) -> Failure | None:
        boxes = {at: _box(self._pieces[at], self._label) for at in broken}
        return self._attempt(with_pieces(self._chapter, boxes))

    def _told(self, broken: Mapping[int, Failure]) -> dict[int, LeftOut]:
        return {
            at: LeftOut(_place(self._pieces[at]), _quoted(self._pieces[at][3]), broken[at]) for at in sorted(broken)
        }

    def _breaking(self, among: Sequence[int], failure: Failure) -> dict[int, Failure]:
        """The pieces that fail by themselves, found by halves; all of them where only together they fail."""
        if len(among) <= 1 or self._patience <= 0:
            return dict.fromkeys(among, failure)
        found: dict[int, Failure] = {}
        middle = len(among) // 2
        for half in (among[:middle], among[middle:]):
            others = {at: "" for at in range(len(self._pieces)) if at not in half}
            if why := self._attempt(with_pieces(self._chapter, others)):
                self._patience -= why.was_slow
                found |= self._breaking(half, why)
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
