"""Headings as they are compared once their exact spelling has failed."""

import re
import unicodedata
from functools import lru_cache

_HAN_NUMBER = "一二三四五六七八九十百零〇两"
_NUMBERING = re.compile(
    rf"""\s*(?:
        [(\[]\s*(?:\d+|[{_HAN_NUMBER}]+|[a-z])\s*[)\]]\s*[.、:]?        # (3)  [12]  (三)
      | (?:q|question|问题?|题目?)?\s*\d+(?:[.\-]\d+)*\s*(?:[.、):,]|\s|-\s|(?=[^\W\d_a-z]))   # 1.2  Q12:  3、
      | [{_HAN_NUMBER}]+\s*[、.,):]                                   # 一、
      | 第\s*(?:\d+|[{_HAN_NUMBER}]+)\s*[章节部分讲课题篇步天条]+\s*[:.、]?      # 第1章
      | (?:chapter|part|section|step|day|lesson|unit)\s*\d+(?:\.\d+)*\s*[:.-]
    )\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_GLOSS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_NOISE = re.compile(r"[\W_]+")


@lru_cache(maxsize=1 << 17)
def loose(key: str) -> str:
    """A heading without numbering, punctuation, width, case and spacing, unless nothing else is left of it."""
    text = unicodedata.normalize("NFKC", key).casefold()
    stripped = _NOISE.sub("", _without_numbering(text))
    return stripped or _NOISE.sub("", text) or text


@lru_cache(maxsize=1 << 17)
def bare(key: str) -> str:
    """A heading as `loose` has it, glosses dropped as well: `缓存雪崩(Cache Avalanche)` is `缓存雪崩`."""
    text = _without_numbering(unicodedata.normalize("NFKC", key).casefold())
    return _NOISE.sub("", _GLOSS.sub("", text)) or loose(key)


def _without_numbering(text: str) -> str:
    while found := _NUMBERING.match(text):
        if not found[0] or found.end() == len(text):
            break
        text = text[found.end() :]
    return text


def likeness(one: str, other: str) -> float:
    """How alike two headings are, from 0 to 1: the share of common pairs of characters (Dice).

    One that begins or ends with the whole other is its extension, and nearly as like as can be.
    """
    first, second = sorted((bare(one), bare(other)), key=len)
    if first == second:
        return 1.0
    a, b = _pairs(first), _pairs(second)
    dice = 2 * len(a & b) / (len(a) + len(b))
    is_part = len(first) >= 4 and (second.startswith(first) or second.endswith(first))
    return max(dice, 0.7) if is_part else dice


@lru_cache(maxsize=1 << 16)
def _pairs(text: str) -> frozenset[str]:
    return frozenset([text[at : at + 2] for at in range(len(text) - 1)]) or frozenset((text,))
