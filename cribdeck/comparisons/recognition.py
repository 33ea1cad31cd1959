"""How the subjects of a comparison are recognised again in the text."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cribdeck.comparisons.spelling import spelling

_SUFFIX = re.compile(
    r"(?:架构|模型|引擎|框架|模式|系统|方式|机制|方法|关键字|注解|语句|命令|协议|算法|数据库|请求|操作|类型|对象"
    r"|组件|索引|函数|变量|指令|streaming|stream"
    r"|methods?|functions?|components?|hooks?|elements?|objects?|operators?|events?|patterns?|architecture|\(\))$"
)
_GLOSS = re.compile(r"^(?P<name>.+?)\s*[（(](?P<gloss>[^（()）]{2,40})[)）]$")
_LONGEST = 64
_SMALL = 2


def core(name: str) -> str:
    """The spelling without a word that says only what kind of thing it is: `Lambda架构` → `lambda`."""
    full = spelling(name)
    return _SUFFIX.sub("", full) or full


class Subjects:
    """The subjects of one comparison, recognised under their spellings."""

    def __init__(self, names: Sequence[str], aliases: Mapping[str, str]) -> None:
        self.names = tuple(names)
        self._aliases = aliases
        meanings: dict[str, set[int]] = defaultdict(set)
        for index, name in enumerate(names):
            for form in _forms(name, names):
                meanings[form].add(index)
        # A form that two subjects share (`索引` of `主键索引`, `二级索引`) means neither, but a whole name is its own.
        self._exact = {form: next(iter(found)) for form, found in meanings.items() if len(found) == 1 and form}
        self._exact |= {spelling(name): index for index, name in enumerate(names)}
        for alias, meant in aliases.items():
            for one, other in ((alias, meant), (meant, alias)):
                for form in (spelling(one), core(one)):
                    if form in self._exact:
                        self._exact.setdefault(spelling(other), self._exact[form])
        self._anywhere = _pattern(self._exact)

    def __len__(self) -> int:
        return len(self.names)

    def renamed(self, names: Sequence[str]) -> "Subjects":
        """The same under names that say more, perhaps with further ones after them; the old names are still known."""
        old = {name: new for name, new in zip(self.names, names, strict=False) if name != new}
        return Subjects(names, {**self._aliases, **old})

    def index(self, text: str) -> int | None:
        """Which subject a label, a heading or a table's header names; None where it names none."""
        glossed = _GLOSS.match(text)
        for name in (text, glossed["name"], glossed["gloss"]) if glossed else (text,):
            for form in (spelling(name), core(name)):
                if form in self._exact:
                    return self._exact[form]
        return None

    def leading(self, text: str) -> tuple[int, int] | None:
        """The subject that a sentence begins with, and how many characters of the text its name takes."""
        found = self._anywhere.match(text)
        return (self._exact[spelling(found[0])], found.end()) if found else None

    def mentioned(self, text: str) -> Iterator[int]:
        """The subjects that are named in a text, in order, repetitions included."""
        for found in self._anywhere.finditer(text):
            yield self._exact[spelling(found[0])]


def _forms(name: str, names: Sequence[str]) -> Iterator[str]:
    """The spellings under which a subject is known."""
    glossed = _GLOSS.match(name)
    for form in (name, glossed["name"], glossed["gloss"]) if glossed else (name,):
        yield spelling(form)
        if len(core(form)) >= _SMALL:
            yield core(form)
    # `Functional and Class Components`: the first is a `Functional Component` too, the last a `Class`.
    last = names[-1].split()
    if len(last) == 2 and len(names[0].split()) == 1 and names[0].isascii():
        yield spelling(last[0]) if name == names[-1] else spelling(f"{name} {last[1]}")


def _pattern(forms: Mapping[str, int]) -> re.Pattern[str]:
    """Finds any form in running text, longest first, with spaces, hyphens and dots between its characters at will."""
    gap = r"[\s\-_·.]{0,2}"
    choices = []
    for form in sorted(forms, key=len, reverse=True):
        if len(form) < _SMALL and not form.isalnum():
            continue
        body = gap.join(re.escape(char) for char in form[:_LONGEST])
        before = r"(?<![A-Za-z0-9_])" if form[0].isascii() and form[0].isalnum() else ""
        after = r"(?![A-Za-z0-9_])" if form[-1].isascii() and form[-1].isalnum() else ""
        choices.append(before + body + after)
    return re.compile("|".join(choices) or r"(?!)", re.IGNORECASE)
