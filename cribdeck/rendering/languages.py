"""Marking the parts of a card that are in another language than the card, for fonts, hyphens and voices."""

import re

# What has no language goes by whole: code with all its tags, a tag, a formula. A formula has bounds, for what only
# begins like one may stand there a thousand times.
_OPAQUE = (
    r"<(code|pre|kbd|samp|svg)\b[^>]*>(?:[^<]++|<(?!/\1>))*+(?:</\1>)?|<[^>]*>"
    r"|\\\((?:[^<\\]++|\\[^<()]){0,3000}+\\\)|\\\[(?:[^<\\]++|\\[^<\[\]]){0,3000}+\\\]"
)
_WIDE = r"[\u3400-\u9fff\uff01-\uff60\u3000-\u303f]++"
# Names (`Flink vs Storm`, `Structured Streaming`) are at home in a Chinese sentence; three words with two in lower case
# are a phrase of the other language. A word has bounds, or `a-a-a-` would be tried from each of its letters.
_LATIN = r"[A-Za-z](?<![A-Za-z][A-Za-z])[A-Za-z'’-]{0,60}+(?:[ ,]++[A-Za-z][A-Za-z'’-]{0,60}+){2,}+"
_IN_ENGLISH = re.compile(rf"{_OPAQUE}|(?P<other>{_WIDE})")
_IN_CHINESE = re.compile(rf"{_OPAQUE}|(?P<other>{_LATIN})")
_BETWEEN_WORDS = re.compile(r"[ ,][A-Za-z][A-Za-z'’-]*+[ ,]++[A-Za-z]")
"""What every `_LATIN` holds: its second word, parted from the third. It begins with what is rare, and is found soon."""


def with_languages(html: str, language: str) -> str:
    """HTML with `lang` on what is not in `language`: Chinese in English, English phrases in Chinese.

    Code and formulas belong to no language and are left alone.
    """
    text = str(html)  # each slice of a `Markup` would be made `Markup` again
    if language.startswith("zh"):
        return _IN_CHINESE.sub(_english, text) if _BETWEEN_WORDS.search(text) else text
    return text if text.isascii() else _IN_ENGLISH.sub(_chinese, text)


def _english(found: re.Match[str]) -> str:
    return f'<span lang="en">{found[0]}</span>' if found["other"] and _is_phrase(found[0]) else found[0]


def _chinese(found: re.Match[str]) -> str:
    has_han = found["other"] and any("\u3400" <= char <= "\u9fff" for char in found[0])
    return f'<span lang="zh-CN">{found[0]}</span>' if has_han else found[0]


def _is_phrase(text: str) -> bool:
    return not text.isascii() or sum(word.islower() and word != "vs" for word in text.split()) >= 2
