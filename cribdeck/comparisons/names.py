"""From a piece of a heading to the names in it."""

import re
from collections.abc import Sequence

from cribdeck.comparisons.spelling import spelling

_BRACKETS = re.compile(
    r"[（(][^（()）]*[)）]|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|\{[^{}]*\}|`[^`]*`|“[^“”]*”|「[^「」]*」|《[^《》]*》"
)
_HAN = r"\u3400-\u9fff"
_LATIN = re.compile(rf"[^{_HAN}\u3040-\u30ff\uac00-\ud7a3]*[A-Za-z0-9][^{_HAN}\u3040-\u30ff\uac00-\ud7a3]*")
_LATIN_FIRST = re.compile(rf"([^\s{_HAN}\uac00-\ud7a3][^{_HAN}\uac00-\ud7a3]*?)\s*[{_HAN}\uac00-\ud7a3].*")
_LATIN_LAST = re.compile(rf"[{_HAN}\s]*[{_HAN}]{{3}}\s*([A-Za-z0-9.@#$][^{_HAN}]*)")
_ARTICLE = re.compile(r"^(?:an?|the|both)\s+(?=\S)", re.IGNORECASE)
_QUESTION = re.compile(r"(?:分别|都)?是(?:什么|啥)$")
_CONTEXT = re.compile(r"^(.{1,20}?(?:中的?|里的?|里面的?)|[A-Za-z0-9+#. ]{1,20}的)\s*(?=\S)")
_PLACE = re.compile(r"^(.+\S)\s+(?:in|within|inside|for|em|no|na)\s+(?:the\s+)?\S.{0,40}$", re.IGNORECASE)
_OPENING = "（([【《「“ "
_AROUND = " \t\u3000的「」“”‘’\"'`《》*_：:，,、；;"
_NO_NAME = re.compile(
    r"：|[？?。！!；;](?![^<（(]*[>）)])|^(?:两者|二者|三者|它们|他们|它|他|您|你|我|我们|之间|前后|使用前后|不同"
    r"|而|但|是|其他|其它|其中|以上|上述|各自|以及|还有|并|等|等等|其|其[他它]\S{0,4}"
    r"|they|them|it|its|this|that|these|those|others?|each other|(?:the )?two|which|what|more|less|both|either"
    r"|neither|true|false|not|me|you"
    r"|(?:一|两|二|三|四|五|几|多|各|这|那)(?:种|个|类|者|大|款)\S*)$",
    re.IGNORECASE,
)
_MOST, _LONGEST = 6, 64


def masked(text: str) -> str:
    """The text with what stands in brackets and quotes blotted out, character by character."""
    return _BRACKETS.sub(lambda found: "\0" * len(found[0]), text)


def split(text: str, at: re.Pattern[str]) -> list[str]:
    """Split at a pattern that stands outside brackets and quotes, for these belong to a name: `列表(list、array)`."""
    hidden = masked(text)
    parts, start = [], 0
    for found in at.finditer(hidden):
        if found.end() == start == 0 or found.start() == found.end():
            continue
        parts.append(text[start : found.start()])
        start = found.end()
    return [*parts, text[start:]]


def checked(parts: Sequence[str]) -> tuple[str, ...]:
    """The names if they can be subjects: two to six, none empty, a pronoun or a sentence, all different."""
    names = [_ARTICLE.sub("", _QUESTION.sub("", part.strip(_AROUND))).strip(_AROUND) for part in parts]
    if not 2 <= len(names) <= _MOST:
        return ()
    names = _without_surroundings(names)
    if len({spelling(name) for name in names}) < len(names):
        return ()
    return tuple(names) if all(name and len(name) <= _LONGEST and not _NO_NAME.search(name) for name in names) else ()


def _without_surroundings(names: list[str]) -> list[str]:
    """Take off what belongs to the heading and not to the first or the last name.

    `MySQL 中的 varchar 和 char`; `状态码301和302`; `Get和Post请求`; `put() and call() in redux-saga`. Only where the
    others have nothing of the kind, and the names stay different.
    """
    first, *middle, last = names
    found = _CONTEXT.match(first)
    if found and not any(_CONTEXT.match(name) for name in (*middle, last)):
        first = first[found.end() :]
    if (found := _PLACE.match(last)) and not any(_PLACE.match(name) for name in (first, *middle)):
        last = found[1]
    if all(map(_LATIN.fullmatch, (first, *middle))) and (found := _LATIN_FIRST.fullmatch(last)):
        last = found[1].rstrip(_OPENING)  # `Spark vs Flink（状态）`
    if all(map(_LATIN.fullmatch, (*middle, last))) and (found := _LATIN_LAST.fullmatch(first)):
        first = found[1]
    bare = [first, *middle, last]
    return bare if all(bare) and len({spelling(name) for name in bare}) == len(bare) else names
