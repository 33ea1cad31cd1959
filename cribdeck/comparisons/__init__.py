"""Comparisons: from a heading such as `A vs B` and what stands under it to a table."""

from collections.abc import Mapping

from cribdeck.comparisons.recognition import Subjects
from cribdeck.comparisons.subjects import subjects_of
from cribdeck.diagnostics import Diagnostic
from cribdeck.model import BlockKind, Comparison, Section

__all__ = ["comparisons_of", "subjects_of", "unrecognised"]


def comparisons_of(section: Section, aliases: Mapping[str, str]) -> tuple[Comparison, ...]:
    """The tables that a section gives, one for each set of subjects that its heading names.

    Only a table with something in it counts: a heading that compares but has no answer stays a gap. Where a heading
    names two pairs, the section's text can't be told apart, so the first pair that it fills takes it. A heading that
    names nobody gives a comparison if its table is one.
    """
    named = subjects_of(section.key, section.trail[-1] if section.trail else "")
    if not named and not any(block.kind is BlockKind.TABLE for block in section.body):
        return ()
    from cribdeck.comparisons.cells import compare, tabled  # loaded where something may be compared

    for names in named:
        comparison = compare(section, Subjects(names, aliases))
        if comparison.filled:
            return (comparison,)
    found = tabled(section)
    return (found,) if found else ()


def unrecognised(section: Section, comparison: Comparison, aliases: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """What in a section is nearly one of its comparison's subjects."""
    from cribdeck.comparisons.strangers import strangers

    return tuple(strangers(section, Subjects(comparison.subjects, aliases)))
