"""Which things a heading compares, and how they are recognised again in the text."""

import re
from collections.abc import Mapping, Sequence

_CONTRAST = r"区别|差异|差别|不同点?|异同点?|对比|比较|优劣|优缺点|联系|关系与区别|区分|选型|选择"
_NUMBERING = re.compile(r"^\s*(?:[（(]?(?:\d+(?:\.\d+)*|[一二三四五六七八九十]+)[)）.、．:：]|Q\d+[:：.]?)\s*")
_LEAD = re.compile(
    r"^(?:(?:请|请问|请你|你|能|能不能|麻烦|可以)?(?:说说|谈谈|讲讲|聊聊|说一下|讲一下|谈一下|说一说|谈一谈|讲一讲|聊一聊|简述|简要说明|阐述"
    r"|介绍一下|介绍|解释一下|解释|描述一下|描述|分析|比较一下|比较|对比一下|对比|理解|如何区分|怎么区分|如何理解|请问|关于|什么是|为什么)"
    r"[，,:：]?\s*(?:你对)?|(?:please\s+)?(?:explain|describe|discuss|compare|contrast|what(?:'s|’s|\s+is|\s+are)|define)\s+(?:the\s+)?)+",
    re.IGNORECASE,
)
_END = re.compile(r"[\s?？。.!！:：;；]+$")
_VERSUS = re.compile(r"\s*(?:(?<![A-Za-z])(?:vs|v\.s|versus|PK)(?![A-Za-z])\.?)\s*", re.IGNORECASE)
_PAIR_BREAK = re.compile(r"\s*[,，;；]\s*")
_TAIL = re.compile(
    rf"\s*(?:之间|两者|三者|二者)?\s*(?:的|有|有什么|有何|有哪些|主要|到底|各自|各有什么|\s)*\s*(?:{_CONTRAST})"
    rf"(?:(?:和|与|及|以及|、|,|，)\s*(?:{_CONTRAST}|联系|应用场景|使用场景|适用场景|相同点?|特点|优缺点|原理|总结))*"
    r"(?:是什么|有哪些|在哪里?|是|总结|分析|详解|如下|吗|呢|表)*$"
)
_CONNECT = re.compile(
    r"\s*(?:、|和|与|跟|以及|及|同|，|(?<=[^\d\s])/(?=[^\d\s]))\s*|\s*,\s*|\s+(?:and|&|or)\s+", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"(?:key\s+|main\s+|major\s+)?(?:difference|distinction|comparison|differences|distinctions|similarities)s?"
    r"(?:\s+and\s+\w+)?\s+(?:between|of|among)\s+(.+)",
    re.IGNORECASE,
)
_COMPARE = re.compile(r"^\s*(?:compare|contrast|comparing)\s+(.+)", re.IGNORECASE)
_WITH = re.compile(r"\s+(?:with|to|against)\s+|\s+compared\s+(?:with|to)\s+", re.IGNORECASE)
_CHOICE = re.compile(r"^(.{1,30}?)还是(.{1,30}?)$")
_SUFFIX = re.compile(r"(?:架构|模型|引擎|框架|模式|系统|方式|机制|streaming|stream)$")
_MAX_SUBJECTS = 6
_MAX_LENGTH = 40


def subjects_of(title: str) -> tuple[tuple[str, ...], ...]:
    """The subjects of each comparison that a heading announces; empty where it announces none.

    `OLTP VS OLAP ,lambda vs Kapper` gives two pairs.
    """
    text = _END.sub("", _NUMBERING.sub("", title)).strip()
    if _VERSUS.search(text):
        parts = _PAIR_BREAK.split(text)
        pairs = parts if all(_VERSUS.search(part) for part in parts) else [text]
        return tuple(found for part in pairs if (found := _checked(_VERSUS.split(_strip_tail(_LEAD.sub("", part))))))
    for pattern in (_BETWEEN, _COMPARE):
        if named := pattern.search(text):
            names = _checked(_split(_WITH.sub(" and ", named[1])))
            return (names,) if names else ()
    bare = _LEAD.sub("", text)
    stripped = _TAIL.sub("", bare)
    if stripped != bare:
        names = _checked(_split(stripped))
        return (names,) if names else ()
    if choice := _CHOICE.match(bare):
        names = _checked([choice[1], choice[2]])
        return (names,) if names else ()
    return ()


def _strip_tail(text: str) -> str:
    return _TAIL.sub("", text)


def _split(text: str) -> list[str]:
    return _CONNECT.split(text)


def _checked(names: Sequence[str]) -> tuple[str, ...]:
    """The names if they can be subjects: two to six, none empty or a sentence, all different."""
    clean = tuple(name.strip(" \t的「」“”\"'`《》") for name in names)
    if not 2 <= len(clean) <= _MAX_SUBJECTS or len({spelling(name) for name in clean}) < len(clean):
        return ()
    return clean if all(name and len(name) <= _MAX_LENGTH for name in clean) else ()


def spelling(name: str) -> str:
    """A name without case, spaces, hyphens and dots: `map Reduce` and `MapReduce` are one."""
    return re.sub(r"[\s\-_·.]+", "", name).casefold()


def core(name: str) -> str:
    """The spelling without a word that says only what kind of thing it is: `Lambda架构` → `lambda`."""
    full = spelling(name)
    return _SUFFIX.sub("", full) or full


class Subjects:
    """The subjects of one comparison, recognised under their spellings."""

    def __init__(self, names: Sequence[str], aliases: Mapping[str, str]) -> None:
        self.names = tuple(names)
        self._exact: dict[str, int] = {}
        canonical = {spelling(alias): spelling(name) for alias, name in aliases.items()}
        for index, name in enumerate(names):
            for form in (spelling(name), core(name)):
                self._exact.setdefault(form, index)
            meant = canonical.get(spelling(name))
            if meant:
                self._exact.setdefault(meant, index)
        for alias, meant in canonical.items():
            if meant in self._exact:
                self._exact.setdefault(alias, self._exact[meant])

    def __len__(self) -> int:
        return len(self.names)

    def index(self, text: str) -> int | None:
        """Which subject a label, a heading or a table's header names; None where it names none."""
        for form in (spelling(text), core(text)):
            if form in self._exact:
                return self._exact[form]
        return None

    def leading(self, text: str) -> tuple[int, int] | None:
        """The subject that a sentence begins with, and how many characters of the text its name takes."""
        for length in range(min(len(text), _MAX_LENGTH), 0, -1):
            index = self._exact.get(spelling(text[:length]))
            boundary = length == len(text) or not (text[length - 1].isascii() and text[length].isascii()
                                                   and text[length].isalnum())  # fmt: skip
            if index is not None and boundary and not text[length - 1].isspace():
                return index, length
        return None
