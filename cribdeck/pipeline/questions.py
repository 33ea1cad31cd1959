"""The questions of all notes beside one another: most edits change none, and then it is known which are alike."""

import bisect
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from cribdeck import cache
from cribdeck.alike import Asked
from cribdeck.diagnostics import Diagnostic
from cribdeck.pipeline.inputs import program_key
from cribdeck.quality import is_answered_in, open_and_answered

if TYPE_CHECKING:
    from cribdeck.pipeline.library import Library


class Questions(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a note asks, encoded, for few builds look at it.

    Attributes:
        key: By what it is told apart, wherever in the note it stands.
        count: How many questions there are.
        content: See `asked`.
    """

    key: bytes
    count: int
    content: bytes

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The questions, in their order."""
        return _ASKED.decode(self.content)


class _Pairs(msgspec.Struct, frozen=True, array_like=True):
    """Which open question is answered by which, by their positions among all."""

    pairs: tuple[tuple[int, int], ...]


_ASKED = msgspec.msgpack.Decoder(tuple[Asked, ...])


def questions_of(asked: Sequence[Asked]) -> Questions:
    """The questions of a note, in the order of their places."""
    said = [(one.trail, one.key, one.is_open, one.features, one.comparing) for one in asked]
    return Questions(cache.digest(msgspec.msgpack.encode(said)), len(asked), msgspec.msgpack.encode(asked))


def answered_elsewhere(notes: Sequence[Questions], library: "Library") -> list[Diagnostic]:
    """See `quality.answered_elsewhere`, for the questions of all notes."""
    starts = list(itertools.accumulate((note.count for note in notes), initial=0))
    pairs = _pairs(notes, library, count=starts[-1])

    def asked(at: int) -> Asked:
        note = bisect.bisect_right(starts, at) - 1
        return notes[note].asked[at - starts[note]]

    return [is_answered_in(asked(gap), asked(card)) for gap, card in pairs]


def _pairs(notes: Sequence[Questions], library: "Library", *, count: int) -> tuple[tuple[int, int], ...]:
    key = cache.digest(program_key() + b"".join([note.key for note in notes]))
    known = library.load([key], _Pairs).get(key)
    if known and all(0 <= at < count for pair in known.pairs for at in pair):
        return known.pairs
    asked = [one for note in notes for one in note.asked]
    positions = {id(one): at for at, one in enumerate(asked)}
    pairs = tuple([(positions[id(gap)], positions[id(card)]) for gap, card in open_and_answered(asked)])
    library.keep({key: _Pairs(pairs)})
    return pairs
