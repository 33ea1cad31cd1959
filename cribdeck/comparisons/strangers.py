"""Labels that look like a subject but are none: a slip of the pen, or a name that wants an alias."""

import difflib
from collections.abc import Iterator

from cribdeck.comparisons.allot import entries
from cribdeck.comparisons.recognition import Subjects, core
from cribdeck.comparisons.spelling import spelling
from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.model import Block, Section, plain_text

_NEAR = 0.7
_SHORTEST = 4


def strangers(section: Section, subjects: Subjects) -> Iterator[Diagnostic]:
    """A diagnostic for each label or sub-heading of a comparison that is nearly, but not quite, one of its subjects."""
    for label, place in _labels(section):
        if subjects.index(label) is None and (name := _nearest(label, subjects.names)):
            yield Diagnostic(
                Code.UNKNOWN_SUBJECT,
                place,
                f"“{label}” is none of the subjects {', '.join(subjects.names)}",
                f'did you mean an alias? write `"{label}" = "{name}"` under [aliases] in deck.toml',
            )


def _labels(section: Section) -> Iterator[tuple[str, Place]]:
    file = section.place.file
    for block in section.body:
        yield from ((plain_text(entry.label), Place(file, entry.line)) for entry in entries(block) if entry.label)
        yield from _heads(block, file)
    for child in section.children:
        yield child.key, child.place
        for block in child.body:
            yield from ((plain_text(entry.label), Place(file, entry.line)) for entry in entries(block) if entry.label)


def _heads(block: Block, file: str) -> Iterator[tuple[str, Place]]:
    """The header of a table."""
    if block.kind == "table" and block.children:
        yield from ((plain_text(cell.html), Place(file, block.line)) for cell in block.children[0].children[1:])


def _nearest(label: str, names: tuple[str, ...]) -> str:
    """The subject that a label might mean: nearly the same letters, or the beginning of one."""
    own = spelling(label)
    if len(own) < _SHORTEST:
        return ""
    for name in names:
        whole, short = spelling(name), core(name)
        if (
            difflib.SequenceMatcher(None, own, short).ratio() >= _NEAR
            or difflib.SequenceMatcher(None, own, whole).ratio() >= _NEAR
        ):
            return name
        if own.isascii() and len(short) >= _SHORTEST and (own.startswith(short) or short.startswith(own)):
            return name
    return ""
