"""Marking the parts of a card that are in another language than the card, for fonts, hyphens and voices."""

import re

# What has no language goes by whole: code with all its tags, a tag, a formula. A formula has bounds, for what only
# begins like one may stand there a thousand times.
_OPAQUE = (
    r"<(code|pre|kbd|samp|svg)\b[^>]*>(?:[^<]++|<(?!/\1>))*+(?:</\1>)?|<[^>]*>"
    r"|\\\((?:[^<\\]++|\\[^<()]){0,3000}+\\\)|\\\[(?:[^<\\]++|\\[^<\[\]]){0,3000}+\\\]"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_WIDE = r"[\u3400-\u9fff\uff01-\uff60\u3000-\u303f]++"
# Names (`Flink vs Storm`, `Structured Streaming`) are at home in a Chinese sentence; three words with two in lower case
# are a phrase of the other language.
_LATIN = r"(?<![A-Za-z])[A-Za-z][A-Za-z'’-]*+(?:[ ,]++[A-Za-z][A-Za-z'’-]*+){2,}+"
_LISTING = '<pre class="code"'
_IN_ENGLISH = re.compile(rf"{_OPAQUE}|(?P<other>{_WIDE})")
_IN_CHINESE = re.compile(rf"{_OPAQUE}|(?P<other>{_LATIN})")


def with_languages(html: str, language: str) -> str:
    """HTML with `lang` on what is not in `language`: Chinese in English, English phrases in Chinese.

    Code and formulas belong to no language and are left alone.
    """
    pattern, mark = (_IN_CHINESE, _english) if language.startswith("zh") else (_IN_ENGLISH, _chinese)
    text = str(html)  # each slice of a `Markup` would be made `Markup` again
    if _LISTING not in text:
        return pattern.sub(mark, text)
    # Listings are mostly tags: they are passed over at once, and not from tag to tag.
    before, *listings = text.split(_LISTING)
    marked = [pattern.sub(mark, before)]
    for listing in listings:
        code, end, after = listing.partition("</pre>")
        marked.append(f"{_LISTING}{code}{end}{pattern.sub(mark, after)}")
    return "".join(marked)


def _english(found: re.Match[str]) -> str:
    return f'<span lang="en">{found[0]}</span>' if found["other"] and _is_phrase(found[0]) else found[0]


def _chinese(found: re.Match[str]) -> str:
    return f'<span lang="zh-CN">{found[0]}</span>' if found["other"] and _HAN.search(found[0]) else found[0]


def _is_phrase(text: str) -> bool:
    return not text.isascii() or sum(word.islower() and word != "vs" for word in text.split()) >= 2
