"""From sections to cards and gaps: what is asked, and what is still to be answered."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from markupsafe import escape
from msgspec.structs import replace

from cribdeck.comparisons import comparisons_of, unrecognised
from cribdeck.diagnostics import Code, Diagnostic, Place, in_order
from cribdeck.front_matter import unnumbered
from cribdeck.model import (
    Card,
    CardKind,
    Comparison,
    Document,
    Gap,
    Role,
    Row,
    Section,
    Source,
    Study,
    has_content,
    plain_text,
)
from cribdeck.references import outline_of, repeated_ids, resolve
from cribdeck.settings import CardSettings, Settings
from cribdeck.special_cards import is_cloze_alone, special_cards

_REFERENCE = re.compile(
    r"(?:[\d.、\s]*)(?:参考(?:资料|文献|链接|文章|文档)?|引用|来源|出处|相关(?:链接|阅读|文章|资料)|延伸阅读|扩展阅读|推荐阅读|更多(?:阅读|资料)?|总结|小结|本章小结"
    r"|目录|目次|导航|목차|índice|sumário|indice|sommaire|inhalt(?:sverzeichnis)?|содержание|оглавление"
    r"|links?|references?|refs?|sources?|see also|further reading|read more|resources?|bibliography|credits?"
    r"|toc|table of contents|contents|summary|conclusion|license|contribut\w*|acknowledge?ments?|changelog)\s*[:：]?",
    re.IGNORECASE,
)
_REASONS = re.compile(r"原因|理由|为什么|为何|\bwhy\b", re.IGNORECASE)


class _Found(msgspec.Struct, frozen=True):
    """What one section gives."""

    role: Role
    cards: tuple[Card, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


class Lesson(msgspec.Struct, frozen=True):
    """What one note gives to learn, whatever other notes there are; `comparisons` and `roles` as in `Study`."""

    document: Document
    cards: tuple[Card, ...]
    gaps: tuple[Gap, ...]
    comparisons: dict[Place, tuple[Comparison, ...]]
    roles: dict[Place, Role]
    diagnostics: tuple[Diagnostic, ...]


def lesson_of(document: Document, settings: Settings) -> Lesson:
    """Make the cards of a note, in its order.

    Every heading gets one role. `{.tag}`s, front matter, file and headings give the tags.
    """
    cards: list[Card] = []
    gaps: list[Gap] = []
    roles: dict[Place, Role] = {}
    comparisons: dict[Place, tuple[Comparison, ...]] = {}
    diagnostics = [*document.diagnostics]
    maker = _Maker(document, settings)
    for section in document.walk():
        found = maker.make(section)
        maker.rows |= {card.place for card in found.cards if card.kind is CardKind.ROW}
        roles[section.place] = found.role
        cards += found.cards
        if found.comparisons:
            comparisons[section.place] = found.comparisons
        for comparison in found.comparisons:
            diagnostics += unrecognised(section, comparison, settings.aliases)
        if found.role is Role.GAP:
            gaps.append(_gap(section))
    diagnostics += [*_repeated(cards), *_empty_cells(comparisons.values())]
    return Lesson(document, tuple(cards), tuple(gaps), comparisons, roles, tuple(diagnostics))


def study(documents: Sequence[Document], settings: Settings) -> Study:
    """Make the cards of all notes, in the order of the notes."""
    return combined([lesson_of(document, settings) for document in documents])


def combined(lessons: Sequence[Lesson]) -> Study:
    """The notes together: their lessons, and what they say of one another."""
    documents = tuple(lesson.document for lesson in lessons)
    outlines = [outline_of(document) for document in documents]
    links, unresolved = resolve(outlines)
    return Study(
        documents=documents,
        cards=tuple(card for lesson in lessons for card in lesson.cards),
        gaps=tuple(gap for lesson in lessons for gap in lesson.gaps),
        comparisons={place: found for lesson in lessons for place, found in lesson.comparisons.items()},
        links=links,
        roles={place: role for lesson in lessons for place, role in lesson.roles.items()},
        diagnostics=in_order(
            [*(d for lesson in lessons for d in lesson.diagnostics), *unresolved, *repeated_ids(outlines)]
        ),
    )


def is_reference(section: Section) -> bool:
    """Whether a heading only leads to something to read (`参考`, `References`, `总结`, `TOC`): no question, no card."""
    return bool(_REFERENCE.fullmatch(section.key))


class _Maker:
    """Makes the cards of one document."""

    def __init__(self, document: Document, settings: Settings) -> None:
        self._document = document
        self._settings = settings
        folder, _, name = document.file.rpartition("/")
        stem = posixpath.splitext(name)[0]
        self._file_tag = [_tag(unnumbered(part)) for part in (*folder.split("/"), stem) if part]
        top = folder.split("/")[0] if folder else ""
        self._deck = top if settings.subdecks else ""
        self.rows: set[Place] = set()
        """Headings that are already asked for as a row of the comparison above them."""
        self.inside: set[Place] = set()
        """Sub-headings of comparisons."""

    def make(self, section: Section) -> _Found:
        if section.directives.skip or is_reference(section):
            return _Found(Role.CONTAINER)
        wanted = self._wanted(section)
        questions = [child for child in section.children if not is_reference(child) and not child.directives.skip]
        own = has_content(section.body)
        # An aspect may itself compare (`多进程 vs 多线程`): it is a row of the table above it and no table of its own.
        comparisons = () if section.place in self.inside else comparisons_of(section, self._settings.aliases)
        if comparisons:
            self.inside |= {child.place for child in section.children}
            cards = tuple(self._compared(section, comparisons, wanted))
            if not (_REASONS.search(section.key) and 2 <= len(questions) <= wanted.overview_limit):
                return _Found(Role.COMPARISON, cards, comparisons)
            # `Spark 比 MapReduce 快的原因` asks for its reasons, and for what each subject has to do with them.
            rows = tuple(card for card in cards if card.kind is not CardKind.COMPARISON)
            overview = (self._overview(section, questions),) if wanted.overview else ()
            return _Found(Role.OVERVIEW, (*overview, *rows), comparisons)
        if 2 <= len(questions) <= wanted.overview_limit and wanted.overview:
            card = self._overview(section, questions)
            return _Found(Role.OVERVIEW, (card, *special_cards(replace(card, items=()), section.directives, wanted)))
        if own:
            card = self._card(section, CardKind.QUESTION)
            asks = wanted.question and section.place not in self.rows and not is_cloze_alone(card, section.directives)
            return _Found(Role.QUESTION, (*((card,) if asks else ()), *special_cards(card, section.directives, wanted)))
        return _Found(Role.CONTAINER if section.children else Role.GAP)

    def _wanted(self, section: Section) -> CardSettings:
        """Which kinds of card a heading makes: by the settings, else its note's front matter, else its own comment."""
        known = {
            name for name in CardSettings.__struct_fields__ if isinstance(getattr(self._settings.cards, name), bool)
        }
        given = {kind: wanted for kind, wanted in self._document.cards if kind in known}
        asked = section.directives
        if asked.table or asked.rows or asked.cells:
            given |= {"comparison": asked.table, "row": asked.rows, "cell": asked.cells}
        return msgspec.structs.replace(self._settings.cards, **given) if given else self._settings.cards

    def _overview(self, section: Section, questions: Sequence[Section]) -> Card:
        return replace(self._card(section, CardKind.OVERVIEW), items=tuple(question.title for question in questions))

    def _compared(self, section: Section, comparisons: Sequence[Comparison], wanted: CardSettings) -> Iterator[Card]:
        for comparison in comparisons:
            if wanted.comparison:
                card = self._card(section, CardKind.COMPARISON)
                yield replace(card, answer=comparison.notes, table=comparison)
            # A cell that is missing is never asked for, and one cell alone compares nothing.
            rows = [row for row in comparison.rows if row.filled >= 2 and row.aspect]
            for row in rows if wanted.row and len(comparison.rows) > 1 else ():
                yield self._row_card(section, replace(comparison, rows=(row,), notes=(), after=()))
            for row in rows if wanted.cell else ():
                yield from self._cell_cards(section, comparison.subjects, row)

    def _cell_cards(self, section: Section, subjects: Sequence[str], row: Row) -> Iterator[Card]:
        """One card a filled cell: `Flink · 状态管理`."""
        for subject, cell in zip(subjects, row.cells, strict=True):
            if cell.filled:
                yield replace(
                    self._card(section, CardKind.TERM),
                    place=row.place,
                    part=f"{subject} · {plain_text(row.aspect)}",
                    question=f"{escape(subject)} · {row.aspect}",
                    answer=cell.blocks,
                    sources=row.sources,
                )

    def _row_card(self, section: Section, comparison: Comparison) -> Card:
        row = comparison.rows[0]
        aspect = plain_text(row.aspect)
        return replace(
            self._card(section, CardKind.ROW),
            place=row.place,
            part=aspect,
            question=f"{escape(' vs '.join(comparison.subjects))} · {row.aspect}",
            answer=(),
            sources=row.sources,
            table=comparison,
        )

    def _card(self, section: Section, kind: CardKind) -> Card:
        references = tuple(child for child in section.children if is_reference(child))
        return Card(
            kind=kind,
            place=section.place,
            trail=section.trail,
            question=section.title,
            key=section.key,
            answer=section.body,
            sources=(*section.sources, *_sources_below(references)),
            tags=self._tags(section),
            deck=self._deck,
            section_id=section.directives.id,
            # Only where no heading stands above: it must not depend on what other sections or notes there are, or
            # a note added elsewhere would touch every card.
            context="" if section.trail or self._document.name == section.key else self._document.name,
        )

    def _tags(self, section: Section) -> tuple[str, ...]:
        place = "::".join([*self._file_tag, *(_tag(key) for key in section.trail)])
        given = (*self._settings.tags, *self._document.tags, *section.directives.tags)
        return tuple(sorted({tag for tag in (place, *(_tag(word) for word in given)) if tag.strip(":")}))


def _gap(section: Section) -> Gap:
    return Gap(section.place, section.trail, section.title, section.key, section.body, section.sources)


def _sources_below(sections: Sequence[Section]) -> tuple[Source, ...]:
    return tuple(source for top in sections for section in top.walk() for source in section.sources)


def _tag(text: str) -> str:
    """Text as a tag of Anki's, which ends at white space; `::` would begin a level."""
    return re.sub(r"[\s\"]+", "_", re.sub(r":{2,}", "：", text).strip("：: \t?？。"))[:60]


def _repeated(cards: Sequence[Card]) -> Iterator[Diagnostic]:
    """Two cards that ask the same under the same headings: one of them is probably a slip."""
    first: dict[tuple[str, ...], Card] = {}
    for card in cards:
        if card.part:
            continue
        key = (card.context, card.place.file, *card.trail, card.key)
        if key in first:
            yield Diagnostic(
                Code.REPEATED_QUESTION,
                card.place,
                f"“{card.key}” is asked under the same headings as in line {first[key].place.line}",
                "reword one of them, or put both answers under one heading",
            )
        first.setdefault(key, card)


def _empty_cells(comparisons: Iterable[tuple[Comparison, ...]]) -> Iterator[Diagnostic]:
    for comparison in (one for several in comparisons for one in several):
        for row in comparison.rows:
            for subject, cell in zip(comparison.subjects, row.cells, strict=True):
                if not cell.filled and row.filled:
                    aspect = plain_text(row.aspect)
                    yield Diagnostic(
                        Code.EMPTY_CELL,
                        row.place,
                        f"nothing about {subject}" + (f" in “{aspect}”" if aspect else ""),
                        f"write a line such as `{subject}：…` there",
                    )
