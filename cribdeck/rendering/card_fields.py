"""What stands on a card, field by field: the same in Anki and in the preview."""

import functools
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple, Protocol

from markupsafe import Markup, escape
from msgspec.structs import replace

from cribdeck.diagnostics import Place
from cribdeck.ledger import Identity
from cribdeck.model import Card, CardKind
from cribdeck.rendering.blocks import Target
from cribdeck.rendering.cloze import with_deletion
from cribdeck.rendering.edition import Edition, Imprint
from cribdeck.rendering.fragments import text_of
from cribdeck.rendering.labels import Labels
from cribdeck.rendering.languages import with_languages

HUES = 6
"""How many hues the theme has: `hue-1` to `hue-6`."""

_FORMS = {
    CardKind.COMPARISON: "comparison",
    CardKind.ROW: "comparison",
    CardKind.CLOZE: "cloze",
}
_PARTS = frozenset({CardKind.CLOZE, CardKind.TERM})
"""Kinds that ask for a part of what stands under a heading: the heading itself belongs to the trail."""
_VOICES = {"zh-CN": "zh_CN", "en": "en_US"}


class CardTarget(Target, Protocol):
    """A target that knows which sections the card has referred to."""

    def related(self) -> Sequence[tuple[Place, str]]:
        """The sections that were referred to so far: place and title (inline HTML)."""


def form_of(kind: CardKind) -> str:
    """What a kind of card looks like: `question`, `comparison` or `cloze`, as its templates are called."""
    return _FORMS.get(kind, "question")


def card_fields(edition: Edition, card: Card, identity: Identity, target: CardTarget) -> dict[str, Markup]:
    """The fields of a card by name, those of all forms together; each form shows its own."""
    content = card_content(edition, card, target)
    related = [Related(edition.numbers.get(place, ""), title, place.file) for place, title in target.related()]
    return {**content, "Related": related_field(edition, related, target), "Number": escape(identity.number)}


def card_content(imprint: Imprint, card: Card, target: Target) -> dict[str, Markup]:
    """The fields that a card alone decides, whatever other cards there are: all but `Number` and `Related`.

    `Question` and, for a cloze, `Text` are never empty. `Extra 1` is the deck's hue as a class of the theme,
    `Extra 2` the language in which the card is read aloud, "" for a silent one.
    """
    fragments = imprint.fragments(target)
    labels, language = imprint.labels, imprint.labels.language
    asked, answer = fragments.title(card.question, card.file), fragments.answer(card)
    if not (text_of(asked) or "<img" in asked):
        asked = escape(card.key or card.place)  # a note with an empty front has no card
    if card.kind is CardKind.REVERSE:
        asked, answer = _turned(asked, answer, labels)
    trail = [part for part in (card.context, *card.trail, card.key if card.kind in _PARTS else "") if part]
    fields = {
        "Question": asked,
        "Trail": escape(" › ".join(trail)),
        "Answer": _with_regions(answer, labels),
        "Sources": _folded_sources(labels, len(card.sources), fragments.sources(card.sources)),
        # The answer holds them too; the front shows them one by one, and nothing else of the answer.
        "Items": fragments.answer(replace(card, answer=(), table=None)) if card.items else Markup(),
    }
    if card.kind is CardKind.CLOZE:
        fields["Text"] = with_deletion(fields["Answer"], card.part)
    return {
        **{name: Markup(with_languages(html, language)) if html else html for name, html in fields.items()},  # noqa: S704
        "Language": escape(language),
        "Extra 1": escape(hue_of(f"{imprint.name}::{card.deck}" if card.deck else imprint.name)),
        "Extra 2": escape(_VOICES.get(language, "") if imprint.settings.tts else ""),
    }


@functools.cache
def hue_of(deck: str) -> str:
    """The theme's hue for a deck, made from its name alone, so that another deck changes none."""
    return f"hue-{blake2b(deck.casefold().encode('utf-8', 'replace'), digest_size=4).digest()[0] % HUES + 1}"


def _turned(asked: Markup, answer: Markup, labels: Labels) -> tuple[Markup, Markup]:
    """A reverse card: the answer asks, the title answers."""
    front = Markup('<span class="turned">{}</span>{}').format(labels.turned, answer)
    return front, Markup("<p><strong>{}</strong></p>").format(asked)


def _with_regions(answer: Markup, labels: Labels) -> Markup:
    """Boxes that may scroll can be reached by keyboard, and say what they are."""
    text = str(answer)
    for box, label in (('<div class="table">', labels.table), ('<pre class="code">', labels.code)):
        if box in text:
            text = text.replace(box, f'{box[:-1]} tabindex="0" role="region" aria-label="{escape(label)}">')
    return Markup(text)  # noqa: S704 — rendered, and safe already


def _folded_sources(labels: Labels, count: int, sources: Markup) -> Markup:
    if not sources:
        return Markup()
    return Markup('<details class="fold"><summary>{} <span class="count">{}</span></summary>{}</details>').format(
        labels.sources, count, sources
    )


class Related(NamedTuple):
    """A section that a card refers to: its card's number ("" where it has none), its title (inline HTML), its note."""

    number: str
    title: str
    file: str


def related_field(imprint: Imprint, sections: Sequence[Related], target: Target) -> Markup:
    """The titles of the sections that a card refers to, each with the number by which it is found."""
    if not sections:
        return Markup()
    fragments, labels = imprint.fragments(target), imprint.labels
    items = Markup().join(
        Markup("<li>{} {}</li>").format(
            fragments.title(one.title, one.file),
            Markup('<span class="number">{}</span>').format(one.number) if one.number else "",
        )
        for one in sections
    )
    html = Markup('<span class="related-label">{}</span><ul class="related">{}</ul>').format(labels.related, items)
    return Markup(with_languages(html, labels.language))  # noqa: S704
