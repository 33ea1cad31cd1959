"""Words that are longer than many lines, which get places to break.

Without one, WeasyPrint (70.0) shapes all that is left of a word for every line of it, and looks through all elements
in it for a place between two: 200,000 letters take minutes.
"""

import re

_LONGEST = 1_000
"""Characters. No word that anyone reads is as long; a Chinese sentence without a mark may be."""
_TAG = 12
"""A tag counts for so many: what stands between two is not broken by itself, and sticks out of its column."""
_ASIDE = 200
_BLANK = " \t\n\r\f"
_INLINE = (
    r"/?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|tt"
    r"|u|var)\b[^>]*"
)
_INLINE_TAG = re.compile(f"<{_INLINE}>")
_LONG = re.compile(rf"(?<![^{_BLANK}<>])[^{_BLANK}<>]{{{_LONGEST}}}")
_PARTS = re.compile(rf"(<(style|title)\b.*?</\2>|<!--.*?-->)|(<{_INLINE}>)|(<[^>]*>)|([^<]+)", re.DOTALL)
_WORD = re.compile(f"[^{_BLANK}]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")
_ENTITY_BEGUN = re.compile(r"&[^;]{0,8}\Z")


def break_long_words(html: str) -> str:
    """The same HTML; where there is no blank for a thousand characters, it may break, if it can between two Han."""
    # Nearly every page is done with this look.
    if not _LONG.search(_INLINE_TAG.sub("", html)):
        return html
    return _Breaking().html(html)


class _Breaking:
    """Goes through a page once; `_run` counts what stands since the last place to break."""

    def __init__(self) -> None:
        self._run = 0

    def html(self, html: str) -> str:
        return _PARTS.sub(self._part, html)

    def _part(self, found: re.Match[str]) -> str:
        whole, _, inline, block, text = found.groups()
        if text is not None:
            return _WORD.sub(self._word, text)
        if inline is not None:
            self._run += _TAG
        elif block is not None and whole is None:
            self._run = 0
        return found[0]

    def _word(self, found: re.Match[str]) -> str:
        word, parts = found[0], []
        if found.start() > 0:
            self._run = 0
        while self._run + len(word) > _LONGEST:
            at = _place(word, max(0, _LONGEST - self._run))
            parts.append(word[:at])
            word, self._run = word[at:], 0
        self._run = 0 if found.end() < len(found.string) else self._run + len(word)
        return "<wbr>".join([*parts, word])


def _place(word: str, at: int) -> int:
    """Where to break a word, near or before a place in it: between two Han if there are any, never in an entity."""
    if between := _BETWEEN_HAN.search(word, at, at + _ASIDE):
        return between.start()
    begun = _ENTITY_BEGUN.search(word, max(0, at - 9), at)
    return begun.start() if begun else at
