"""A collection without notes, as genanki makes it: the tables, the note types, the decks.

genanki takes longer to load than most decks take to write, so that it stands apart: what it makes for the same note
types and decks is the same, and may be kept.
"""

import functools
import itertools
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import genanki

from cribdeck.deck.note_types import NOTE_TYPES, NoteType, Style
from cribdeck.deck.pages import PAGE


class _Model(genanki.Model):  # type: ignore[misc] # genanki ships no types
    """A note type that was last changed at `mod`."""

    # genanki finds the fields that a front needs by trial, with another engine than Anki's, and leaves out the cards
    # of templates that it misreads. Our first field is never empty, and every front shows it.
    _req = ([0, "any", [0]],)

    def __init__(self, note_type: NoteType, style: Style, mod: int) -> None:
        fields = zip(note_type.fields, note_type.field_ids, strict=True)
        template = {"name": "Card 1", "id": note_type.template_id, "qfmt": style.front, "afmt": style.back}
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[{"name": name, "id": id_} for name, id_ in fields],
            templates=[{**template, "bqfmt": style.listed}],
            css=style.css,
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self._mod = mod

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:  # noqa: ARG002 — genanki's one time for all
        return {**super().to_json(self._mod, deck_id), "req": list(self._req)}


def empty_collection(note_types: Mapping[str, tuple[Style, int]], decks: Sequence[tuple[int, str]]) -> bytes:
    """The collection as an SQLite file.

    Args:
        note_types: By name, the look of each and when that last changed.
        decks: Id and name of each.
    """
    made = [genanki.Deck(id_, name) for id_, name in decks]
    # The first brings all note types: genanki writes those of each deck anew beside what is there.
    for first in made[:1]:
        for name, (style, mod) in note_types.items():
            first.add_model(_Model(NOTE_TYPES[name], style, mod))
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"pragma page_size = {PAGE}")
        genanki.Package(made).write_to_db(connection.cursor(), 0, itertools.count())
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def cloze_numbers(note_type: NoteType, style: Style, fields: Sequence[str]) -> list[int]:
    """The numbers of the cards that a cloze note has, counted from 0."""
    return sorted(card.ord for card in genanki.Note(_model(note_type, style), list(fields)).cards)


@functools.lru_cache(maxsize=1)
def _model(note_type: NoteType, style: Style) -> _Model:
    return _Model(note_type, style, 0)
