"""The preview: one self-contained page to look at what was built."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from cribdeck.diagnostics import Diagnostic
from cribdeck.model import CardKind, plain_text
from cribdeck.rendering import Edition

_MEDIA_TYPES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml",
    "webp": "image/webp", "bmp": "image/bmp", "avif": "image/avif",
}  # fmt: skip
_LARGEST_PICTURE = 2_000_000
"""Bytes. A larger picture is named instead of shown, for the page holds every picture in itself."""


@dataclass(frozen=True, slots=True)
class CardView:
    """A card for the template. `mark` is new, updated or ""; `words` is what the search looks in."""

    guid: str
    number: str
    kind: str
    trail: str
    question: Markup
    answer: Markup
    sources: Markup
    place: str
    tags: tuple[str, ...]
    mark: str
    words: str


class _Page:
    """The preview as a target: pictures inside the page, references to cards in it, formulas as typed."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._pictures: dict[str, str | None] = {}
        self._anchors = {
            card.place: f"#{identity.guid}"
            for card, identity in zip(edition.study.cards, edition.identities, strict=True)
        }

    def image(self, path: str) -> str | None:
        if path not in self._pictures:
            self._pictures[path] = self._picture(path)
        return self._pictures[path]

    def _picture(self, path: str) -> str | None:
        kind = _MEDIA_TYPES.get(path.rpartition(".")[2].lower())
        try:
            data = self._edition.read_media(path)
        except OSError:
            return None
        if kind is None or len(data) > _LARGEST_PICTURE:
            return None
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"

    def link(self, file: str, reference: str) -> str | None:
        place = self._edition.study.links.get((file, reference))
        return self._anchors.get(place) if place else None

    def math(self, source: str, *, display: bool) -> Markup:
        left, right = ("\\[", "\\]") if display else ("\\(", "\\)")
        return Markup('<span class="math">{}{}{}</span>').format(left, source, right)


def build_preview(edition: Edition, diagnostics: Sequence[Diagnostic], marks: Mapping[str, str]) -> str:
    """The page.

    Args:
        edition: What was built.
        diagnostics: Of the whole build, in order.
        marks: `new` or `updated` by guid, for the cards that this build changed.
    """
    fragments = edition.fragments(_Page(edition))
    cards = []
    for card, identity in zip(edition.study.cards, edition.identities, strict=True):
        question = fragments.title(card.question, card.file)
        answer = fragments.answer(card)
        trail = " › ".join(part for part in (card.context, *card.trail) if part)
        cards.append(
            CardView(
                guid=identity.guid,
                number=identity.number,
                kind=card.kind.value,
                trail=trail,
                question=question,
                answer=answer,
                sources=fragments.sources(card.sources),
                place=str(card.place),
                tags=card.tags,
                mark=marks.get(identity.guid, ""),
                words=plain_text(f"{escape(trail)} {question} {answer} {escape(' '.join(card.tags))}").casefold(),
            )
        )
    script = edition.templates.text("preview/preview.js")
    return str(
        edition.templates.render(
            "preview/preview.html",
            name=edition.name,
            labels=edition.labels,
            cards=cards,
            kinds=[kind.value for kind in CardKind if any(card.kind == kind.value for card in cards)],
            gaps=fragments.gaps(edition.study.gaps, {}),
            gap_count=len(edition.study.gaps),
            diagnostics=diagnostics,
            theme=Markup(edition.templates.text("theme.css")),  # noqa: S704 — the user's own templates
            style=Markup(edition.templates.text("preview/preview.css")),  # noqa: S704
            script=Markup(script),  # noqa: S704
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
