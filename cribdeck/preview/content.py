"""What the page holds, as data that its script shows: cards, open questions, diagnostics, numbers."""

import bisect
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from cribdeck.diagnostics import Diagnostic, Place
from cribdeck.model import Card, CardKind, Gap
from cribdeck.preview.target import Album, PreviewTarget, Sections
from cribdeck.rendering import Edition, card_fields, form_of
from cribdeck.stats import stats_of

_SHOWN = ("Question", "Trail", "Answer", "Sources", "Related", "Items", "Text", "Extra 1")


def cards_content(edition: Edition, album: Album, diagnostics: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    """Every card with its fields; what is empty is left out. `about` holds the positions of its diagnostics."""
    sections = Sections.of(edition)
    about = _diagnostics_by_place(edition, diagnostics)
    found = []
    for card, identity in zip(edition.study.cards, edition.identities, strict=True):
        fields = card_fields(edition, card, identity, PreviewTarget(album, sections, card))
        found.append(
            _without_empty(
                {
                    "guid": identity.guid,
                    "number": identity.number,
                    "kind": card.kind.value,
                    "form": form_of(card.kind),
                    "part": card.part if card.kind is CardKind.CLOZE else "",
                    "deck": card.deck,
                    "file": card.place.file,
                    "line": card.place.line,
                    "tags": list(card.tags),
                    "gaps": _has_gaps(card),
                    "about": about.get(card.place, []),
                    "fields": _without_empty({name: str(fields[name]) for name in _SHOWN if name in fields}),
                }
            )
        )
    return found


def gaps_content(edition: Edition, album: Album) -> list[dict[str, Any]]:
    """Every open question, with what the note already gives to read."""
    sections = Sections.of(edition)
    return [_gap(edition, gap, PreviewTarget(album, sections)) for gap in edition.study.gaps]


def _gap(edition: Edition, gap: Gap, target: PreviewTarget) -> dict[str, Any]:
    fragments = edition.fragments(target)
    return _without_empty(
        {
            "question": str(fragments.title(gap.question, gap.place.file)),
            "trail": " › ".join(gap.trail),
            "file": gap.place.file,
            "line": gap.place.line,
            "sources": str(fragments.sources(gap.sources)),
            "body": str(fragments.blocks(gap.body, gap.place.file)),
        }
    )


def diagnostics_content(diagnostics: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    """Every diagnostic, in order."""
    return [
        _without_empty(
            {
                "severity": one.severity.value,
                "code": one.code.value,
                "file": one.place.file,
                "line": one.place.line,
                "message": one.message,
                "hint": one.hint,
            }
        )
        for one in diagnostics
    ]


def stats_content(edition: Edition) -> dict[str, Any]:
    """The numbers, as `stats --json` gives them."""
    found: dict[str, Any] = msgspec.to_builtins(stats_of(edition.study))
    return found


def json_block(content: object) -> str:
    """JSON that may stand in a script element: neither its end nor a comment can be in it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate of a broken note is no UTF-8.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("</", "<\\/").replace("<!", "\\u003c!")


def _diagnostics_by_place(edition: Edition, diagnostics: Sequence[Diagnostic]) -> dict[Place, list[int]]:
    """The positions of the diagnostics of each heading: of those whose line is the last at or above theirs."""
    lines = {
        document.file: sorted(section.place.line for section in document.walk()) for document in edition.study.documents
    }
    about: dict[Place, list[int]] = defaultdict(list)
    for at, one in enumerate(diagnostics):
        known = lines.get(one.place.file, [])
        position = bisect.bisect_right(known, one.place.line)
        if position:
            about[Place(one.place.file, known[position - 1])].append(at)
    return about


def _has_gaps(card: Card) -> bool:
    rows = card.table.rows if card.table else ()
    return any(not cell.filled for row in rows if row.filled for cell in row.cells)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value or value == 0}
