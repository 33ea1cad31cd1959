"""Comparisons: from a heading such as `A vs B` and what stands under it to a table."""

from collections.abc import Mapping

from cribdeck.comparisons.cells import compare
from cribdeck.comparisons.subjects import Subjects, subjects_of
from cribdeck.model import Comparison, Section

__all__ = ["comparisons_of", "subjects_of"]


def comparisons_of(section: Section, aliases: Mapping[str, str]) -> tuple[Comparison, ...]:
    """The tables that a section gives, one for each set of subjects that its heading names.

    Only a table with something in it counts: a heading that compares but has no answer stays a gap. Where a heading
    names two pairs, the section's text can't be told apart, so the first pair that it fills takes it.
    """
    for names in subjects_of(section.key):
        comparison = compare(section, Subjects(names, aliases))
        if comparison.filled:
            return (comparison,)
    return ()
