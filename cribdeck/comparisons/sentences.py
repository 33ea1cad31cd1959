"""Sentences that speak of one subject each: `MapReduce采用多进程模型，而Spark采用多线程模型`."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from cribdeck.comparisons.recognition import Subjects
from cribdeck.comparisons.spelling import spelling
from cribdeck.model import plain_text

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^>]*?(/?)>")
_ENTITY = re.compile(r"&#?\w+;")
_VOID = frozenset("br img input hr wbr".split())
_END = re.compile(r"[。！？；!?]+[”」）)]?\s*|;\s+|(?<=[\w)\0])\.\s+(?=\S)|<br\s*/?>\s*")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|Fig|No)|\b[A-Z])\.\s+$")
_CLAUSE = re.compile(r"\s*[，,]\s*|(?=而)|\s+(?=(?:while|whereas|but)\s)")
_OPENING = re.compile(
    r"^(?:(?:而|就是说|也就是说|具体来说|但是|但|然而|不过|相反|反之|相比之下|其中|另外|此外|\S{2,6}?对于|对于|至于"
    r"|关于|在|使用|当使用|就|首先|其次|所以)[，,]?\s*)*"
    r"(?:(?:while|whereas|but|and|however|in contrast|on the other hand|in|with|for|using)\b,?\s+)*(?:(?:an?|the)\s+)?",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"^(?:而)?(?:两者|二者|三者|两个|两种|它们|他们|都|均|总之|综上|总结|总的来说|总体|一般来说|一般而言|通常来说"
    r"|因此，?一般|相同点?|共同点|不同点?|区别|所以一般|所以，?在|如果|选择|对比|相比"
    r"|both|they|neither|in summary|in short|overall|in general|generally|if you|choose|similarit|differen|so,? if"
    r"|the (?:two|main|key))",
    re.IGNORECASE,
)
_AND = re.compile(r"^\s*(?:和|与|跟|及|、|/|或|以及|\b(?:and|or|vs\.?|&)\s)", re.IGNORECASE)
_TURN = re.compile(r"^(?:而|相比|反之|相反|反观|while|whereas|in contrast|conversely)\s*[，,]?", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{4,}")
_SETTING = re.compile(r"^\s*的?(?:基础|情况|前提|之上|之前|之后)")
_SPEAKS = 2
_ALIKE = 5


class Piece(msgspec.Struct, frozen=True):
    """A piece of a paragraph: inline HTML with balanced tags, and the subject that it speaks of, if it is just one."""

    html: str
    index: int | None
    named: bool = False
    """Whether it names its subject itself, and does not only follow one that does."""


def pieces(html: str, subjects: Subjects) -> list[Piece]:
    """Part a paragraph by what its sentences speak of.

    A sentence belongs to the subject that it begins with, unless it names another one; a contrast (`A …，而 B …`) is
    parted at its comma. What names none stays with the subject before it, as long as that was the only one of its
    sentence. The rest, and all of a paragraph in which nothing is sure, is of no subject.
    """
    found: list[Piece] = []
    last: int | None = None
    for sentence in _sentences(html):
        clauses = _clauses(sentence, subjects)
        if len(clauses) == 1 and clauses[0].index is None:
            text = plain_text(sentence)
            if last is not None and _stays(text, last, subjects):
                found.append(Piece(sentence, last))
                continue
        found += clauses
        kinds = {clause.index for clause in clauses}
        last = clauses[0].index if len(kinds) == 1 else None
    return _joined(found)


def _stays(text: str, last: int, subjects: Subjects) -> bool:
    """Whether a sentence that begins with no subject goes on about the one before: it names none, and turns to none."""
    if _BOTH.match(text) or _TURN.match(text) or any(True for _ in subjects.mentioned(text)):
        return False
    word = _WORD.match(text)
    others = [name for index, name in enumerate(subjects.names) if index != last]
    # `memcache不支持…` after a sentence on Redis: a name that its writer misspelled.
    return not word or not any(spelling(name)[:_ALIKE] == spelling(word[0])[:_ALIKE] for name in others)


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """Neighbours that speak of the same, as one piece."""
    out: list[Piece] = []
    for piece in found:
        if out and out[-1].index == piece.index:
            before = out[-1]
            out[-1] = Piece(before.html + _space(before.html) + piece.html, piece.index, before.named or piece.named)
        else:
            out.append(piece)
    return out


def _space(before: str) -> str:
    return " " if before and before[-1].isascii() and not before.endswith((" ", ">")) else ""


def _sentences(html: str) -> Iterator[str]:
    """Cut after full stops that stand outside of all tags."""
    hidden = _flat(html)
    start = 0
    for found in _END.finditer(hidden):
        if _ABBREVIATION.search(hidden[: found.end()]):
            continue
        yield from _part(html, start, found.start() if found[0].startswith("<") else found.end())
        start = found.end()
    yield from _part(html, start, len(html))


def _part(html: str, start: int, end: int) -> Iterator[str]:
    if part := html[start:end].strip():
        yield part


def _flat(html: str) -> str:
    """The HTML with everything inside elements blotted out, of the same length; `<br>` outside them stays."""
    out = list(html)
    depth = at = 0
    for found in _TAG.finditer(html):
        closing, name = bool(found[1]), found[2].lower()
        if depth:
            out[at : found.start()] = "\0" * (found.start() - at)
        if name not in _VOID and not found[3]:
            depth = max(0, depth - 1) if closing else depth + 1
        if name != "br" or depth:
            out[found.start() : found.end()] = "\0" * (found.end() - found.start())
        at = found.end()
    return _ENTITY.sub(lambda entity: "\0" * len(entity[0]), "".join(out))


def _clauses(sentence: str, subjects: Subjects) -> list[Piece]:
    """The sentence as a whole, or parted at commas after which another subject begins."""
    first = _subject(sentence, subjects)
    if first is None:
        return [Piece(sentence, None)]
    cuts: list[tuple[int, int, int | None]] = [(0, 0, first)]
    for found in _CLAUSE.finditer(_flat(sentence)):
        if cuts[-1][2] is None:  # `…，总之，A …`: the conclusion is of both to its end
            break
        rest = sentence[found.end() :]
        index = _subject(rest, subjects)
        if index is not None and index != cuts[-1][2]:
            cuts.append((found.start(), found.end(), index))
        elif found.end() > found.start() and _BOTH.match(plain_text(rest[:200])):
            cuts.append((found.start(), found.end(), None))
    ends = [start for start, _, _ in cuts[1:]] + [len(sentence)]
    parts = [(sentence[begin:end], index) for (_, begin, index), end in zip(cuts, ends, strict=True)]
    sure = [index is None or _is_of(plain_text(part), index, subjects) for part, index in parts]
    if not all(sure):
        return [Piece(sentence, None)]
    return [Piece(part.strip(), index, named=index is not None) for part, index in parts]


def _subject(html: str, subjects: Subjects) -> int | None:
    """The subject that a clause begins with; None where another one is joined to it (`A 和 B 都…`)."""
    text = plain_text(html[:400])
    opening = _OPENING.match(text)
    found = subjects.leading(text[opening.end() :] if opening else text) or subjects.leading(text)
    if not found:
        return None
    rest = text[(opening.end() if opening else 0) + found[1] :]
    return None if _AND.match(rest) or _SETTING.match(rest) else found[0]


def _is_of(text: str, index: int, subjects: Subjects) -> bool:
    """Whether a clause says something, and of no other subject."""
    opening = _OPENING.match(text)
    found = subjects.leading(text[opening.end() :] if opening else text) or subjects.leading(text)
    said = text[(opening.end() if opening else 0) + (found[1] if found else 0) :].strip(" ，,。.；;：:")
    return len(said) >= _SPEAKS and set(subjects.mentioned(text)) <= {index}
