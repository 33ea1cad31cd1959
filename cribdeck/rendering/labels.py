"""The words that cribdeck itself puts on cards and pages, in the language of the notes."""

import re
from collections.abc import Iterable

import msgspec

from cribdeck.model import BlockKind, Document, plain_text

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ž][A-Za-zÀ-ž]+")  # as {2,}, which takes half as long again


class Labels(msgspec.Struct, frozen=True):
    """One language's words. `language` is its BCP 47 tag."""

    language: str
    sources: str
    contents: str
    index: str
    open_questions: str
    to_read: str
    missing_picture: str
    aspect: str
    nothing_yet: str
    page: str
    updated: str
    cards: str
    diagnostics: str
    search: str
    summary: str
    related: str
    table: str
    code: str
    turned: str
    left_out: str


LABELS = {
    "zh": Labels(
        language="zh-CN",
        sources="来源",
        contents="目录",
        index="索引",
        open_questions="待回答",
        to_read="有资料可读",
        missing_picture="缺图",
        aspect="方面",
        nothing_yet="待补充",
        page="第 {} 页",
        updated="更新于",
        cards="卡片",
        diagnostics="提示",
        search="搜索",
        summary="要点",
        related="相关",
        table="表格",
        code="代码",
        turned="这说的是什么？",
        left_out="此处无法排印，已略去",
    ),
    "en": Labels(
        language="en",
        sources="Sources",
        contents="Contents",
        index="Index",
        open_questions="Open questions",
        to_read="sources to read",
        missing_picture="picture missing",
        aspect="Aspect",
        nothing_yet="nothing yet",
        page="page {}",
        updated="updated",
        cards="cards",
        diagnostics="diagnostics",
        search="Search",
        summary="In short",
        related="Related",
        table="table",
        code="code",
        turned="What is this?",
        left_out="could not be printed and is left out",
    ),
}


def script_of(document: Document) -> tuple[int, int]:
    """How many Han characters and how many Latin words are in headings and text; code does not count."""
    return script_in(_text(document))


def script_in(text: str) -> tuple[int, int]:
    """How many Han characters and how many Latin words are in a text."""
    return sum(map(len, _HAN.findall(text))), len(_LATIN_WORD.findall(text))


def guess_language(scripts: Iterable[tuple[int, int]]) -> str:
    """`zh` if notes hold more Han characters than Latin words (see `script_of`), else `en`."""
    counts = list(scripts)
    return "zh" if sum(han for han, _ in counts) > sum(latin for _, latin in counts) else "en"


def _text(document: Document) -> str:
    """Headings and text, white space as it happens to be: it counts for nothing."""
    bodies = [document.intro, *(section.body for section in document.walk())]
    blocks = [block for body in bodies for top in body for block in top.walk() if block.html]
    inline = [block.html for block in blocks if block.kind is not BlockKind.CODE]
    shown = [plain_text(html) if "<" in html or "&" in html else html for html in inline]
    return " ".join([*(section.key for section in document.walk()), *shown])


def labels_for(language: str, documents: Iterable[Document]) -> Labels:
    """The words for the language of the settings; where they name none, for that of the notes."""
    return labels_in(language or guess_language(map(script_of, documents)))


def labels_in(language: str) -> Labels:
    """The words of one language, `zh` or `en`."""
    return LABELS[language]
