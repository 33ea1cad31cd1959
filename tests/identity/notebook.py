"""Notes as their writer means them: each thing keeps its key, whatever it is called and wherever it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from cribdeck.model import CardKind

WORDS = (
    "水印 窗口 反压 倾斜 快照 序列 网络 内存 调度 容错 分区 合并 连接 聚合 延迟 吞吐 一致 心跳 偏移 副本 "
    "选举 日志 索引 缓存 队列 线程 协程 锁表 事务 隔离 回滚 压缩 编码 路由 代理 限流 熔断 降级 监控 告警 "
    "采样 追踪 部署 灰度 扩容 迁移 备份 恢复"
).split()
ASPECTS = "状态 时间语义 容错 吞吐 部署方式 接口 生态 社区 延迟 存储 调度模型 安全".split()
SUBJECTS = "Flink Storm Spark Samza Kafka Pulsar Hive Presto Druid Impala Trino Beam Heron Kudu Doris Paimon".split()
_JOINTS = ("由", "在", "把", "与", "向", "让", "按", "给")


def word(*seed: object) -> str:
    """A word; the same for the same seed."""
    return WORDS[_number(seed) % len(WORDS)]


def clause(*seed: object) -> str:
    """Some ten characters that hardly any other seed gives."""
    joint = _JOINTS[_number(seed) % len(_JOINTS)]
    return f"{word(*seed, 1)}{joint}{word(*seed, 2)}{word(*seed, 3)}后{word(*seed, 4)}"


def _number(seed: tuple[object, ...]) -> int:
    return int.from_bytes(blake2b(repr(seed).encode(), digest_size=4).digest(), "big")


@dataclass(eq=False)
class Thing:
    """What the writer has in mind under one name: a phrase to fill in, a term, a subject, a heading.

    A phrase has its clause in `text`, a term its meaning.
    """

    key: int
    name: str
    text: list[str] = field(default_factory=list)
    is_there: bool = True


@dataclass(eq=False)
class Heading(Thing):
    """A heading with its text; what is below it stands as headings or, with `is_table`, as rows of a table.

    Attributes:
        text: Clauses; none for an open question.
        phrases: Between the clauses, one after each of the first ones.
        subjects: What is compared, if anything is.
        cells: Of a row: what it says of each subject, by key.
        is_named: Whether the title is `A vs B`.
        used: Names that things below it ever had: what comes back to its name is the same card.
    """

    phrases: list[Thing] = field(default_factory=list)
    terms: list[Thing] = field(default_factory=list)
    subjects: list[Thing] = field(default_factory=list)
    children: list["Heading"] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)
    is_table: bool = False
    is_named: bool = False
    used: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return " vs ".join(subject.name for subject in self.compared) if self.is_named else self.name

    @property
    def compared(self) -> list[Thing]:
        return [subject for subject in self.subjects if subject.is_there]

    @property
    def below(self) -> list["Heading"]:
        return [child for child in self.children if child.is_there]


class Shown(NamedTuple):
    """A card as the notes shall have it: where it stands, and what is its own, wherever that is."""

    file: str
    kind: CardKind
    path: tuple[str, ...]
    name: str
    text: tuple[str, ...]


Key = tuple[str, int, int]
"""What a card is of: the kind of thing, its key, and of a cell the subject's."""


class Notebook:
    """Files of headings."""

    def __init__(self) -> None:
        self.files: dict[str, list[Heading]] = {"甲.md": [], "乙.md": [], "丙/丁.md": []}
        self.numbered: set[str] = set()
        self.torn: set[str] = set()
        """Files of which parts went to other files since the last build."""
        self.keys = 0

    def new_key(self) -> int:
        self.keys += 1
        return self.keys

    def texts(self) -> dict[str, str]:
        """The notes as they are written, by file."""
        return {
            file: "".join(_written(heading, 1, number) for heading, number in self._numbered(file)) or "没有标题。\n"
            for file in self.files
        }

    def cards(self) -> dict[Key, Shown]:
        """The cards that the notes shall give, in their order."""
        return {
            key: shown
            for file in self.files
            for heading, number in self._numbered(file)
            for key, shown in _cards(heading, file, (), number)
        }

    def _numbered(self, file: str) -> Iterator[tuple[Heading, str]]:
        there = [heading for heading in self.files[file] if heading.is_there]
        for at, heading in enumerate(there, start=1):
            yield heading, f"{at}. " if file in self.numbered else ""


def _written(heading: Heading, level: int, number: str = "") -> str:
    """A heading with all that is below it."""
    lines = [f"{'#' * level} {number}{heading.title}", *_paragraph(heading), ""]
    if heading.terms and any(term.is_there for term in heading.terms):
        terms = [[term.name, "".join(term.text)] for term in heading.terms if term.is_there]
        lines += _table([["术语", "含义"], *terms])
    if heading.is_table:
        rows = [[row.name, *(row.cells[subject.key] for subject in heading.compared)] for row in heading.below]
        lines += _table([["方面", *(subject.name for subject in heading.compared)], *rows])
        return "\n".join(lines) + "\n"
    return "\n".join(lines) + "\n" + "".join(_written(child, level + 1) for child in _as_headings(heading))


def _as_headings(heading: Heading) -> Iterator[Heading]:
    """What is below a heading, a row with its cells in words."""
    for child in heading.below:
        if child.cells:
            said = [f"{subject.name}{child.cells[subject.key]}" for subject in heading.compared]
            yield Heading(child.key, child.name, said)
        else:
            yield child


def _paragraph(heading: Heading) -> list[str]:
    if not heading.text:
        return []
    clauses = [*heading.text]
    for at, phrase in enumerate(heading.phrases):
        mark = "==" if phrase.is_there else ""
        clauses.insert(2 * at + 1, phrase.text[0].replace("□", f"{mark}{phrase.name}{mark}"))
    return ["，".join(clauses) + "。"]


def _table(rows: list[list[str]]) -> list[str]:
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return ["", head, "|---" * len(rows[0]) + "|", *others, ""]


def _cards(heading: Heading, file: str, trail: tuple[str, ...], number: str = "") -> Iterator[tuple[Key, Shown]]:
    path = (*trail, number + heading.title)
    text = _own_text(heading)
    below = heading.below
    if heading.is_table:
        yield from _compared(heading, file, path)
        return
    if len(below) >= 2:
        items = tuple(child.title for child in below)
        yield ("heading", heading.key, 0), Shown(file, CardKind.OVERVIEW, path, heading.title, text + items)
    elif text:
        yield ("heading", heading.key, 0), Shown(file, CardKind.QUESTION, path, heading.title, text)
    if text:
        yield from _beside(heading, file, path)
    for child in _as_headings(heading):
        yield from _cards(child, file, path)


def _compared(heading: Heading, file: str, path: tuple[str, ...]) -> Iterator[tuple[Key, Shown]]:
    said = {row.key: tuple(row.cells[subject.key] for subject in heading.compared) for row in heading.below}
    whole = tuple(_paragraph(heading)) + tuple(text for row in heading.below for text in (row.name, *said[row.key]))
    yield ("heading", heading.key, 0), Shown(file, CardKind.COMPARISON, path, heading.title, whole)
    for row in heading.below:
        yield ("heading", row.key, 0), Shown(file, CardKind.ROW, (*path, row.name), row.name, said[row.key])
    for row in heading.below:
        for subject, text in zip(heading.compared, said[row.key], strict=True):
            name = f"{subject.name} · {row.name}"
            yield ("cell", row.key, subject.key), Shown(file, CardKind.TERM, (*path, name), name, (text,))


def _beside(heading: Heading, file: str, path: tuple[str, ...]) -> Iterator[tuple[Key, Shown]]:
    """The cards that the text itself asks for."""
    for phrase in heading.phrases:
        if phrase.is_there:
            name = phrase.name
            yield ("phrase", phrase.key, 0), Shown(file, CardKind.CLOZE, (*path, name), name, tuple(phrase.text))
    for term in heading.terms:
        if term.is_there:
            yield ("term", term.key, 0), Shown(file, CardKind.TERM, (*path, term.name), term.name, tuple(term.text))
    shown = Shown(file, CardKind.REVERSE, (*path, "reverse"), "reverse", _own_text(heading))
    yield ("reverse", heading.key, 0), shown


def _own_text(heading: Heading) -> tuple[str, ...]:
    terms = (part for term in heading.terms if term.is_there for part in (term.name, *term.text))
    return (*_paragraph(heading), *terms)
