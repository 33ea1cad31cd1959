"""Marking the parts of a card that are in another language than the card, for fonts, hyphens and voices."""

import re

_TAG = re.compile(r"<[^>]*>")
_OPAQUE = re.compile(r"<(code|pre|kbd|samp|svg)\b")
_MATH = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_HAN = re.compile(
    r"[\u3400-\u9fff\uff01-\uff60\u3000-\u303f]*[\u3400-\u9fff][\u3400-\u9fff\uff01-\uff60\u3000-\u303f]*"
)
# Names (`Flink vs Storm`, `Structured Streaming`) are at home in a Chinese sentence; three words with two in lower case
# are a phrase of the other language.
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*){2,}")


def with_languages(html: str, language: str) -> str:
    """HTML with `lang` on what is not in `language`: Chinese in English, English phrases in Chinese.

    Code and formulas belong to no language and are left alone.
    """
    pattern, other = (_LATIN, "en") if language.startswith("zh") else (_HAN, "zh-CN")
    if not pattern.search(html):
        return html
    pieces: list[str] = []
    at, opaque = 0, ""
    for tag in _TAG.finditer(html):
        pieces.append(_marked(html[at : tag.start()], pattern, "" if opaque else other))
        pieces.append(tag[0])
        at = tag.end()
        found = _OPAQUE.match(tag[0])
        if not opaque and found:
            opaque = found[1]
        elif opaque and tag[0] == f"</{opaque}>":
            opaque = ""
    return "".join([*pieces, _marked(html[at:], pattern, "" if opaque else other)])


def _marked(text: str, pattern: re.Pattern[str], language: str) -> str:
    if not language or not pattern.search(text):
        return text
    pieces: list[str] = []
    at = 0
    for formula in _MATH.finditer(text):
        pieces += [_wrapped(text[at : formula.start()], pattern, language), formula[0]]
        at = formula.end()
    return "".join([*pieces, _wrapped(text[at:], pattern, language)])


def _wrapped(text: str, pattern: re.Pattern[str], language: str) -> str:
    return pattern.sub(
        lambda found: f'<span lang="{language}">{found[0]}</span>' if _is_phrase(found[0]) else found[0], text
    )


def _is_phrase(text: str) -> bool:
    return not text.isascii() or sum(word.islower() and word != "vs" for word in text.split()) >= 2
