"""What the index of a book lists: systems that are compared, terms that are explained or marked."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cribdeck.model import BlockKind, Role, Study, plain_text

_STRONG = re.compile(r"<(?:strong|b)>(.*?)</(?:strong|b)>", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff]")
_NO_TERM = re.compile(
    r"[，。；！？!?:：、…“”\"'=<>{}$|\\/＋+*#@&~]|^[\W\d_]+$|^.$|^第|^[一二三四五六七八九十\d]+[、.)）步类种个]"
)
_SENTENCE = re.compile(
    r"吗$|什么|怎么|如何|为什么|哪些|的|了|是|在|不|会|可以|\b(?:what|how|why|when|is|are|the|of)\b", re.IGNORECASE
)
_HEADING_SENTENCE = re.compile(r"与|和|区别|对比|比较|\bvs\b", re.IGNORECASE)
_MOST_HAN = 8
_MOST_WORDS = 3
_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRST_HAN = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1, 0xD7FA,
)  # fmt: skip
"""Where each letter's characters begin in GB 2312, whose first level (the 3,755 that are common) goes by Pinyin."""
_GENERIC_FROM = 4
"""A label under so many headings (`优点`, `Note`) is the form of an answer, not a term."""
_GENERIC_LENGTH = 2
"""So are most labels as short as this: `原理`, `做法`, `成本`."""


@dataclass(frozen=True, slots=True)
class Term:
    """A line of the index; `letter` is the one it stands under, `#` for what has none."""

    text: str
    letter: str


def terms_of(study: Study) -> tuple[Term, ...]:
    """The terms of all notes, each in its commonest spelling, in the order of the index."""
    spellings: dict[str, Counter[str]] = {}
    for text in _candidates(study):
        if key := _key(text):
            spellings.setdefault(key, Counter())[text] += 1
    terms = [Term(text, _letter(text)) for text in (_commonest(counted) for counted in spellings.values())]
    return tuple(sorted(terms, key=lambda term: (term.letter == "#", term.letter, _order(term.text))))


def _candidates(study: Study) -> Iterator[str]:
    for comparisons in study.comparisons.values():
        for comparison in comparisons:
            yield from (subject for subject in comparison.subjects if _is_term(subject))
    labels: Counter[str] = Counter()
    for document in study.documents:
        for section in document.walk():
            is_open = study.roles.get(section.place) is Role.GAP
            if not is_open and _is_term(section.key) and not _HEADING_SENTENCE.search(section.key):
                yield section.key
            blocks = [block for top in section.body for block in top.walk()]
            named = (plain_text(block.html) for block in blocks if block.kind is BlockKind.TERM)
            labels.update({text for text in named if len(text) > _GENERIC_LENGTH})
            marked = (plain_text(found) for block in blocks for found in _STRONG.findall(block.html))
            labels.update({text.strip() for text in marked})
    yield from (text for text, count in labels.items() if count < _GENERIC_FROM and _is_term(text))


def _is_term(text: str) -> bool:
    han = len(_HAN.findall(text))
    return (
        2 <= len(text) <= 30
        and han <= _MOST_HAN
        and len(text.split()) <= _MOST_WORDS
        and not _NO_TERM.search(text)
        and not _SENTENCE.search(text)
    )


def _key(text: str) -> str:
    return re.sub(r"[\s\-_]", "", text).casefold()


def _commonest(counted: Counter[str]) -> str:
    return max(counted, key=lambda text: (counted[text], text))


def _letter(text: str) -> str:
    first = text[0]
    if first.isascii() and first.isalpha():
        return first.upper()
    code = int.from_bytes(first.encode("gb18030")[:2], "big")
    if not _FIRST_HAN[0] <= code < _FIRST_HAN[-1]:
        return "#"
    return _LETTERS[sum(code >= start for start in _FIRST_HAN) - 1].upper()


def _order(text: str) -> tuple[bytes, str]:
    return text.casefold().encode("gb18030", "replace"), text
