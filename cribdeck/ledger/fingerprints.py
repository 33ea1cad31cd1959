"""By what an answer is recognised again after an edit, without keeping its text."""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

from msgspec.structs import replace

from cribdeck.model import LINK_ATTRIBUTE, Block, BlockKind, Card, CardKind, plain_text

_WIDE_MARKS = "，。；：！？、"
_MARKS_TO_COMMAS = bytes.maketrans(b".;:!?", b",,,,,")
# Without a dictionary, Chinese falls into words well enough where its commonest little words are cut out.
_WORDS = re.compile(
    r"[a-z0-9_]{3,}|[가-힣぀-ヿ]{2,}|[^\W\da-z_的了是在和与或及到为对把被将从会能要也就都而以其之于中个这那有不上下来去们可后时]{2,}"
)
_CONTENTS_LINE = re.compile(rf'\s*<a {LINK_ATTRIBUTE}="#[^>]*>(?:(?!<a ).)*</a>\s*')
_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
_HOLE = "\0"
_CLAUSE_ENDS = re.compile(rf"[{_WIDE_MARKS},;:!?]|\.\s")
_LISTS = (BlockKind.BULLETS, BlockKind.NUMBERS)
_CLAUSES_KEPT = 8
_WORDS_KEPT = 12
_WORDS_WITHIN = 2_000
"""Long answers have clauses enough."""
_BYTES = 3
_LIST = " list"
TELLING = 20
"""An answer of fewer characters may well stand elsewhere too."""


class Fingerprint(NamedTuple):
    """An answer's outline.

    Attributes:
        length: How many characters it has, white space not counted.
        whole: The hash of all of it.
        clauses: The least hashes of its clauses (Broder's bottom-k sketch): two sketches tell how much texts share.
        words: The same of its words.
        is_list: Whether it is what an overview lists, its sub-headings, and has hardly any text of its own.
    """

    length: int
    whole: str
    clauses: frozenset[int]
    words: frozenset[int]
    is_list: bool = False


NOTHING = Fingerprint(0, "", frozenset(), frozenset())


def fingerprint(card: Card) -> str:
    """A card's answer as at most 100 characters: length, hash and sketches, parted by spaces; `_LIST` for a list.

    What an overview lists are other cards, so that its own text, if it has some, is enough to know it by. ""
    without an answer. All the clozes of a section have one text: a cloze's own is what stands around its phrase.
    """
    if card.kind is CardKind.CLOZE:
        return outline("\n".join(_around(card)))
    if card.kind is CardKind.OVERVIEW:
        own = outline("\n".join(_texts(replace(card, items=()))))
        return own if parsed(own).length >= TELLING else outline("\n".join(_texts(card))) + _LIST
    return outline("\n".join(_texts(card)))


def outline(text: str) -> str:
    """A text as `fingerprint` has it."""
    text = text.casefold()
    packed = "".join(text.split())
    if not packed:
        return ""
    whole = blake2b(_bytes(packed), digest_size=6).digest()
    clauses = _sketch(_clauses(text), _CLAUSES_KEPT)
    words = _sketch(_bytes("\n".join(_WORDS.findall(text[:_WORDS_WITHIN]))).split(b"\n"), _WORDS_KEPT)
    return f"{len(packed):x} {_encoded(whole)} {clauses} {words}"


def _clauses(text: str) -> list[bytes]:
    """What stands between marks and line ends, without white space.

    A third of a first build's time for the ledger goes here: each step is one call for the whole text.
    """
    marked = "".join(text.replace("\n", ",").split())
    for mark in _WIDE_MARKS:
        marked = marked.replace(mark, ",")
    return _bytes(marked).translate(_MARKS_TO_COMMAS).split(b",")


def _texts(card: Card) -> Iterator[str]:
    for block in card.answer:
        yield from _own_texts(block)
    yield from card.items
    for row in card.table.rows if card.table else ():
        for cell in row.cells:
            yield from (block.text for block in cell.blocks)
        yield from (block.text for block in row.span)


def _around(card: Card) -> Iterator[str]:
    """The clauses in which a cloze's phrase is marked, without it."""
    for top in card.answer:
        for block in top.walk():
            if "<mark>" not in block.html or block.kind in (BlockKind.CODE, BlockKind.MATH):
                continue
            cut = _MARK.sub(lambda mark: _HOLE if plain_text(mark[1]) == card.part else mark[1], block.html)
            for clause in _CLAUSE_ENDS.split(plain_text(cut)):
                if _HOLE in clause:
                    yield clause.replace(_HOLE, "")


def _own_texts(block: Block) -> Iterator[str]:
    """The text of a block, without the lines that only lead to headings of the same note: a table of contents."""
    if block.kind in _LISTS:
        for child in block.children:
            yield from _own_texts(child)
    elif block.kind is BlockKind.ITEM and block.children:
        if not _CONTENTS_LINE.fullmatch(block.children[0].html):
            yield block.children[0].text
        for child in block.children[1:]:
            yield from _own_texts(child)
    else:
        yield block.text


def _sketch(pieces: Iterable[bytes], kept: int) -> str:
    least: list[int] = []
    for value in sorted(map(crc32, {*pieces} - {b""})):
        if not least or least[-1] != value >> 8:
            least.append(value >> 8)
        if len(least) == kept:
            break
    return _encoded(b"".join([value.to_bytes(_BYTES, "big") for value in least]))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


@lru_cache(maxsize=1 << 16)
def parsed(text: str) -> Fingerprint:
    """What `fingerprint` gave, taken apart; `NOTHING` for anything else, as a later version may write it."""
    parts = text.removesuffix(_LIST).split(" ")
    if len(parts) != 4:
        return NOTHING
    try:
        return Fingerprint(int(parts[0], 16), parts[1], _decoded(parts[2]), _decoded(parts[3]), text.endswith(_LIST))
    except ValueError:
        return NOTHING


def _decoded(text: str) -> frozenset[int]:
    raw = base64.urlsafe_b64decode(text)
    return frozenset([int.from_bytes(raw[at : at + _BYTES], "big") for at in range(0, len(raw), _BYTES)])


def shared(one: Fingerprint, other: Fingerprint) -> float:
    """How much two answers have in common, from 0 to 1: the greater share of clauses and words."""
    if not one.whole or not other.whole:
        return 0.0
    if one.whole == other.whole:
        return 1.0
    return max(
        _jaccard(one.clauses, other.clauses, _CLAUSES_KEPT), 0.95 * _jaccard(one.words, other.words, _WORDS_KEPT)
    )


def _jaccard(one: frozenset[int], other: frozenset[int], kept: int) -> float:
    """The Jaccard index of two sets, estimated by their sketches."""
    common = one & other
    if not common:
        return 0.0
    union = sorted(one | other)
    if len(one) == kept or len(other) == kept:
        union = union[:kept]
    return sum(value in common for value in union) / len(union)
