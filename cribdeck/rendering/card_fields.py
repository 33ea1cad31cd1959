"""What stands on a card, field by field: the same in Anki and in the preview."""

import functools
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple, Protocol

from markupsafe import Markup, escape
from msgspec.structs import replace

from cribdeck.diagnostics import Place
from cribdeck.ledger import Identity
from cribdeck.model import Card, CardKind, Source
from cribdeck.rendering.blocks import Target
from cribdeck.rendering.cloze import with_deletion
from cribdeck.rendering.edition import Edition, Imprint
from cribdeck.rendering.fragments import Fragments, text_of
from cribdeck.rendering.labels import Labels
from cribdeck.rendering.languages import with_languages
from cribdeck.rendering.listings import Listings, with_attributes

HUES = 6
"""How many hues the theme has: `hue-1` to `hue-6`."""

_FORMS = {
    CardKind.COMPARISON: "comparison",
    CardKind.ROW: "comparison",
    CardKind.CLOZE: "cloze",
}
_PARTS = frozenset({CardKind.CLOZE, CardKind.TERM})
"""Kinds that ask for a part of what stands under a heading: the heading itself belongs to the trail."""
_TABLE = '<div class="table">'
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
    listings = Listings()
    content = card_content(edition, card, target, listings=listings)
    related = [Related(edition.numbers.get(place, ""), title, place.file) for place, title in target.related()]
    return {
        **{name: Markup(listings.put_into(html)) for name, html in content.items()},  # noqa: S704 — safe already
        "Related": related_field(edition, related, target),
        "Number": escape(identity.number),
    }


def card_content(imprint: Imprint, card: Card, target: Target, *, listings: Listings) -> dict[str, str]:
    """The fields that a card alone decides, whatever other cards there are: all but `Number` and `Related`.

    They are safe HTML with marks in the places of code, which is kept in `listings` and is to be put into them.
    `Question` and, for a cloze, `Text` are never empty. `Extra 1` is the deck's hue as a class of the theme,
    `Extra 2` the language in which the card is read aloud, "" for a silent one.
    """
    labels, language = imprint.labels, imprint.labels.language
    # A template of the user's own may do anything with code, and a cloze may lie in it.
    is_whole = card.kind is CardKind.CLOZE or not imprint.templates.are_shipped("answer.html", "comparison.html")
    fragments = imprint.fragments(target, apart=None if is_whole else listings)
    asked, answer = fragments.title(card.question, card.file), fragments.answer(card)
    items = _items(card, answer, fragments)
    if not (text_of(asked) or "<img" in asked):
        asked = escape(card.key or card.place)  # a note with an empty front has no card
    if card.kind is CardKind.REVERSE:
        asked, answer = _turned(asked, answer, labels)
    trail = [part for part in (card.context, *card.trail, card.key if card.kind in _PARTS else "") if part]
    text = with_deletion(answer, card.part) if card.kind is CardKind.CLOZE else ""
    return {
        "Question": with_languages(asked, language),
        "Trail": with_languages(escape(" › ".join(trail)), language),
        "Answer": _with_regions(with_languages(answer, language), labels),
        "Sources": with_languages(_folded_sources(card.sources, fragments, labels), language),
        "Items": with_languages(items, language),
        "Text": _with_regions(with_languages(text, language), labels),
        "Language": language,
        "Extra 1": hue_of(f"{imprint.name}::{card.deck}" if card.deck else imprint.name),
        "Extra 2": _VOICES.get(language, "") if imprint.settings.tts else "",
    }


@functools.cache
def hue_of(deck: str) -> str:
    """The theme's hue for a deck, made from its name alone, so that another deck changes none."""
    return f"hue-{blake2b(deck.casefold().encode('utf-8', 'replace'), digest_size=4).digest()[0] % HUES + 1}"


def _turned(asked: Markup, answer: Markup, labels: Labels) -> tuple[Markup, Markup]:
    """A reverse card: the answer asks, the title answers."""
    front = Markup('<span class="turned">{}</span>{}').format(labels.turned, answer)
    return front, Markup("<p><strong>{}</strong></p>").format(asked)


def _items(card: Card, answer: Markup, fragments: Fragments) -> Markup:
    """The sub-questions of a card. Its answer holds them too; the front shows nothing else of it."""
    if not card.items:
        return Markup()
    return fragments.answer(replace(card, answer=(), table=None)) if card.answer or card.table else answer


def _with_regions(answer: str, labels: Labels) -> str:
    """Boxes that may scroll can be reached by keyboard, and say what they are."""
    if not answer:
        return ""
    if _TABLE in answer:
        answer = answer.replace(_TABLE, f"{_TABLE[:-1]} {_region(labels.table)}>")
    return with_attributes(answer, _region(labels.code))


@functools.cache
def _region(label: str) -> str:
    return f'tabindex="0" role="region" aria-label="{escape(label)}"'


def _folded_sources(sources: Sequence[Source], fragments: Fragments, labels: Labels) -> str:
    if not sources:
        return ""
    return Markup('<details class="fold"><summary>{} <span class="count">{}</span></summary>{}</details>').format(
        labels.sources, len(sources), fragments.sources(sources)
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
