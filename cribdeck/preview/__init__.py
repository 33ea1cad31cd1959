"""The preview: one self-contained page to look at what was built."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from cribdeck.diagnostics import Diagnostic
from cribdeck.ledger import Entry
from cribdeck.preview.content import (
    cards_content,
    diagnostics_content,
    gaps_content,
    json_block,
    stats_content,
)
from cribdeck.preview.pages import page_pictures
from cribdeck.preview.stamp import FILE_NAME as STAMP_NAME
from cribdeck.preview.stamp import stamp_of
from cribdeck.preview.target import Album
from cribdeck.preview.words import words_for
from cribdeck.rendering import Edition, Templates

__all__ = ["STAMP_NAME", "Outcome", "Preview", "build_preview"]

_FORMS = ("question", "comparison", "cloze")
_SCRIPT = re.compile(r'<script src="([\w.-]+)"></script>')


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did, as far as the page tells of it.

    Attributes:
        diagnostics: Of the whole build, in order.
        marks: `new` or `updated` by guid, for the cards that this build changed.
        gone: The cards that this build no longer found.
        sheet: The PDF that this build made, if it made one; its pages are shown.
        has_sheet: Whether there is a PDF beside the page, of this build or of an earlier one.
        live: Whether the page is to reload itself when the next build has replaced it.
    """

    diagnostics: Sequence[Diagnostic] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    gone: Sequence[Entry] = ()
    sheet: bytes | None = None
    has_sheet: bool = False
    live: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The page, and the little picture beside it by whose size a live page knows that it was replaced."""

    html: str
    stamp: bytes


def build_preview(edition: Edition, outcome: Outcome) -> Preview:
    """The page of one build."""
    album = Album(edition.read_media)
    cards = cards_content(edition, album, outcome.diagnostics)
    for card in cards:
        if card["guid"] in outcome.marks:
            card["mark"] = outcome.marks[card["guid"]]
    content = {
        "name": edition.name,
        "language": edition.labels.language,
        "words": words_for(edition.labels.language),
        "cards": cards,
        "gone": [_gone(entry) for entry in outcome.gone],
        "open": gaps_content(edition, album),
        "hints": diagnostics_content(outcome.diagnostics),
        "stats": stats_content(edition),
        "style": _card_style(edition.templates),
        "forms": {form: _sides(edition.templates, form) for form in _FORMS},
        "sheet": outcome.has_sheet,
        "pages": page_pictures(outcome.sheet) if outcome.sheet else (),
        "pictures": album.pictures,
    }
    block = json_block(content)
    page = _page(edition, block, "")
    stamp = stamp_of(page)
    return Preview(_page(edition, block, stamp.size) if outcome.live else page, stamp.picture)


def _gone(entry: Entry) -> dict[str, object]:
    question = f"{entry.question} · {entry.part}" if entry.part else entry.question
    return {
        "number": entry.number,
        "kind": entry.kind.value,
        "question": question,
        "trail": " › ".join(entry.trail),
        "file": entry.file,
    }


def _sides(templates: Templates, form: str) -> dict[str, str]:
    """A form's front and back, literally as Anki has them."""
    return {side: templates.text(f"anki/{form}.{side}.html") for side in ("front", "back")}


def _card_style(templates: Templates) -> str:
    """The style sheet of Anki's note types, for the frame in which cards are shown."""
    return templates.text("theme.css") + "\n" + templates.text("anki/card.css")


def _page(edition: Edition, block: str, live: str) -> str:
    """The page round its data. `live` is the size of the stamp that belongs to it, "" for a page that stays."""
    templates = edition.templates
    style = templates.text("theme.css") + "\n" + templates.text("preview/preview.css")
    script = _card_scripts(templates) + templates.text("preview/preview.js")
    return str(
        templates.render(
            "preview/preview.html",
            name=edition.name,
            language=edition.labels.language,
            words=words_for(edition.labels.language),
            live=live,
            policy=_policy([style, _card_style(templates)], script, live=bool(live)),
            style=Markup(style),  # noqa: S704 — the user's own templates
            content=Markup(block),  # noqa: S704 — JSON that cannot end its element
            script=Markup(script),  # noqa: S704
        )
    )


def _policy(styles: Iterable[str], script: str, *, live: bool) -> str:
    """What the page may load: its own script and styles by their hashes, pictures in itself, and the stamp.

    A stamp is a picture, which runs nothing; on the disk pages have no origin that could be named more closely.
    """
    pictures = "data: 'self' file:" if live else "data:"
    return (
        f"default-src 'none'; img-src {pictures}; style-src {' '.join(map(_hashed, styles))}; "
        f"script-src {_hashed(script)}; base-uri 'none'; form-action 'none'"
    )


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _card_scripts(templates: Templates) -> str:
    """The scripts of Anki's templates, each as a function of the card's document, by name."""
    names: dict[str, None] = {}
    for form in _FORMS:
        for template in _sides(templates, form).values():
            names |= dict.fromkeys(_SCRIPT.findall(template))
    functions = [f'"{name}": function (document, window) {{\n{templates.text("anki/" + name)}\n}}' for name in names]
    return "const cardScripts = {" + ",\n".join(functions) + "};\n"
