"""The fragments that deck, sheet and preview share: an answer, a comparison, sources, open questions."""

from collections.abc import Mapping, Sequence

import msgspec
from markupsafe import Markup

from cribdeck.diagnostics import Place
from cribdeck.model import Block, Card, Comparison, Gap, Row, Source, plain_text
from cribdeck.rendering.blocks import BlockRenderer, Target
from cribdeck.rendering.labels import Labels
from cribdeck.rendering.listings import Listings
from cribdeck.rendering.templates import Templates


class RowView(msgspec.Struct, frozen=True):
    """A comparison's row for the template: `cells` hold "" where there is a gap; `span` is "" where nothing spans.

    `mark` is what the writer puts after the aspect, such as a card's number.
    """

    aspect: Markup
    mark: Markup
    cells: tuple[Markup, ...]
    span: Markup
    is_empty: bool


class Fragments:
    """Renders fragments for one target. `apart` is where code blocks are kept, see `BlockRenderer`."""

    def __init__(
        self,
        templates: Templates,
        labels: Labels,
        *,
        target: Target,
        languages: Mapping[str, str],
        apart: Listings | None = None,
    ) -> None:
        self._templates = templates
        self._labels = labels
        self._target = target
        self._languages = languages
        self._apart = apart

    def blocks(self, blocks: Sequence[Block], file: str) -> Markup:
        """A body of text."""
        return self._renderer(file).render(blocks)

    def title(self, title: str, file: str) -> Markup:
        """A heading's or a question's inline HTML."""
        return self._renderer(file).inline(title)

    def answer(self, card: Card) -> Markup:
        """The answer of a card: its text, the sub-questions that it asks for, its comparison."""
        renderer = self._renderer(card.file)
        return self._templates.fragment(
            "answer.html",
            body=renderer.render(card.answer),
            items=[renderer.inline(item) for item in card.items],
            table=self.comparison(card.table) if card.table else "",
        )

    def comparison(
        self,
        comparison: Comparison,
        marks: Mapping[Place, Markup] | None = None,
        *,
        heads: Sequence[Markup] = (),
    ) -> Markup:
        """A comparison as a table.

        Args:
            comparison: The table.
            marks: What stands after a row's aspect, by the row's place.
            heads: What stands after each subject.
        """
        renderer = self._renderer(comparison.place.file)
        return self._templates.fragment(
            "comparison.html",
            labels=self._labels,
            subjects=comparison.subjects,
            corner=renderer.inline(comparison.corner),
            heads=heads or [Markup()] * len(comparison.subjects),
            rows=[_row_view(row, renderer, (marks or {}).get(row.place, Markup())) for row in comparison.rows],
            has_aspects=any(row.aspect for row in comparison.rows),
            after=renderer.render(comparison.after),
        )

    def sources(self, sources: Sequence[Source]) -> Markup:
        """Sources, each with its host and title; "" where there are none."""
        if not sources:
            return Markup()
        return self._templates.fragment("sources.html", labels=self._labels, sources=sources)

    def gaps(self, gaps: Sequence[Gap], anchors: Mapping[str, str]) -> Markup:
        """The list of open questions. `anchors` gives for a gap's place (as text) the address of its heading."""
        if not gaps:
            return Markup()
        views = [
            {
                "question": self.title(gap.question, gap.place.file),
                "trail": gap.trail,
                "place": str(gap.place),
                "href": anchors.get(str(gap.place), ""),
                "sources": gap.sources,
                "pictures": any("missing-image" in block.html for top in gap.body for block in top.walk()),
            }
            for gap in gaps
        ]
        return self._templates.fragment("gaps.html", labels=self._labels, gaps=views)

    def _renderer(self, file: str) -> BlockRenderer:
        languages, classes = self._languages, self._templates.token_classes
        return BlockRenderer(self._target, file, languages=languages, apart=self._apart, token_classes=classes)


def _row_view(row: Row, renderer: BlockRenderer, mark: Markup) -> RowView:
    return RowView(
        aspect=renderer.inline(row.aspect),
        mark=mark,
        cells=tuple(renderer.render(cell.blocks) for cell in row.cells),
        span=renderer.render(row.span),
        is_empty=not any(cell.blocks for cell in row.cells),
    )


def text_of(html: Markup) -> str:
    """A fragment's visible text."""
    return plain_text(str(html))
