"""Which things a heading compares that has a word of comparing, and what other headings are about."""

import re

from cribdeck.comparisons import chinese, english, languages
from cribdeck.comparisons.names import checked, masked, split
from cribdeck.comparisons.subjects import LONGEST, TRIGGER, subjects_of

_NUMBERING = re.compile(
    r"^\s*(?:(?:Q|问题|问|追问|分类|方案|案例|例)?\s*\d+(?:[.-]\d+)*(?:(?<=\d\.\d\.\d)\s+|(?<=\d\.\d\.\d\d)\s+"
    r"|[)）.、．:：](?!\d)\s*|\s+(?!(?:和|与|vs|/|、|还是|or\b)))|[（(]\d+[)）]\s*"
    r"|第?[一二三四五六七八九十]+(?:[、.．:：]|[章节步]\s)\s*|[（(][一二三四五六七八九十]+[)）]\s*|(?:\[[^\]]*\]"
    r"|【[^】]*】)\s*(?=\S)"
    r"|(?:Q|A|问|问题|面试题|追问|思考题?|题目)\s*\d*\s*[：:]\s*|[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]+\s*)+",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"？+\s*|(?<![<(])\?+(?![>)}.:\[\w]*[>)}.:\[A-Za-z])\s*|[。！；;]\s*|(?<!vs)\.\s+(?=[A-Z\u4e00-\u9fff])|\.$",
    re.IGNORECASE,
)
_AROUND = " \t\u3000:：。！!*_★☆⭐\ufe0f—-"
_VERSUS = re.compile(
    r"\s*(?:(?<![A-Za-z])(?i:v\.?s|versus)(?![A-Za-z])\.?(?!\s*(?i:code|studio|20\d\d|插件))|(?<=\s)(?i:pk)(?=\s))\s*"
    r"|(?<=[a-z)\d\0])VS(?=[a-zA-Z])(?!Code)|(?<=[A-Z)\d\0])vs(?=[A-Z])"
)
_PAIR_BREAK = re.compile(r"\s*[,，;；、]\s*")
_BEFORE = re.compile(r"^.*?(?:[：:]\s*|\s+[-–—]+\s+)(?=\S)")
_AFTER = re.compile(
    r"(?:[：:].*|\s+[-–—]+\s+.*|[，,]\s*(?:for example|哪|如何|怎|该|谁|which).*|(?:에 대해|에 대한).*"
    r"|\s*차이점?[는은]?$)$",
    re.IGNORECASE,
)
_VERSUS_LEAD = re.compile(
    r"^(?:.*\b(?:difference|comparison)s?\s+between\s+|.*\b(?:think\s+(?:of|about)|o|sobre|de)\s+(?=\S))", re.IGNORECASE
)
_TOPIC = re.compile(r"(?:简介|概述|介绍|详解|入门|基础|是什么|源码分析|原理|的?使用|概念)$")


def announced(title: str, parent: str) -> tuple[tuple[str, ...], ...]:
    """See `subjects_of`, for a heading that has a word of comparing."""
    text = _bare(title)
    whole = _SENTENCE.sub("。", text)
    for sentence in (*_sentences(text), whole.rstrip("。").replace("。", "，")):
        if found := _named(sentence):
            return tuple(found)
    return _with_parent(text.rstrip("?？").strip(_AROUND), parent)


def is_bare(title: str) -> bool:
    """Whether a heading says only that something is compared, and leaves to the one above it what."""
    if len(title) > LONGEST:
        return False
    text = _bare(title).rstrip("?？").strip(_AROUND)
    return chinese.is_bare(text) or english.is_bare(text)


def topic(title: str) -> str:
    """What a heading is about, without numbering, lead and tail: `2.1 什么是 Spark？`, `Spark 简介` → `Spark`."""
    if len(title) > LONGEST:
        return title
    text = english.LEAD.sub("", chinese.without_lead(_bare(title).rstrip("?？")))
    return _TOPIC.sub("", text).strip(_AROUND)


def _bare(title: str) -> str:
    return _NUMBERING.sub("", title).strip(_AROUND)


def _sentences(text: str) -> list[str]:
    parts = split(text, _SENTENCE)
    return [stripped for part in parts if (stripped := part.strip(_AROUND)) and TRIGGER.search(stripped)]


def _named(text: str) -> list[tuple[str, ...]]:
    if _VERSUS.search(masked(text)) and not re.search(r"\bbetween\b", text):
        return _versus(text)
    for part in _unlabelled(text):
        if found := languages.pairs(part) or english.pairs(part) or chinese.pairs(part):
            return found
    return []


def _unlabelled(text: str) -> tuple[str, ...]:
    """A text without the label before it where what follows compares, and the text itself."""
    label = _BEFORE.match(masked(text))
    rest = text[label.end() :] if label else ""
    return (
        (rest, text) if rest and TRIGGER.search(rest) and not TRIGGER.search(text[: len(text) - len(rest)]) else (text,)
    )


def _versus(text: str) -> list[tuple[str, ...]]:
    parts = split(text, _PAIR_BREAK)
    several = len(parts) > 1 and all(len(split(part, _VERSUS)) == 2 for part in parts)
    return [names for part in (parts if several else [text]) if (names := checked(split(_peeled(part), _VERSUS)))]


def _peeled(text: str) -> str:
    """What of a heading with `vs` belongs to the names: no label before it, no remark after it."""
    hidden = masked(text)
    before = _BEFORE.match(hidden)
    if before and not _VERSUS.search(before[0]) and _VERSUS.search(hidden[before.end() :]):
        text = text[before.end() :]
    after = _AFTER.search(masked(text))
    if after and _VERSUS.search(text[: after.start()]):
        text = text[: after.start()]
    text = english.LEAD.sub("", _VERSUS_LEAD.sub("", text))
    return chinese.without_tail(chinese.without_lead(text))


def _with_parent(text: str, parent: str) -> tuple[tuple[str, ...], ...]:
    """A heading that leans on the one above it."""
    if not parent:
        return ()
    above = _bare(parent)
    if is_bare(text):
        names = checked(split(chinese.without_lead(above), chinese.AND))
        return subjects_of(parent) or ((names,) if names else ())
    other = chinese.other(text) or english.other(text)
    if not other:
        return ()
    if known := subjects_of(parent):
        return known if any(other in names for names in known) else ()
    names = checked([topic(parent), other])
    return (names,) if names and len(above) <= 30 else ()
