"""Strings on which regular expressions take their time: those that patterns are slow on by themselves cost a note none.

`bench/patterns.py` tries all of them in all places, which takes some minutes.
"""

import re
from pathlib import Path

import pytest

from cribdeck.rendering.languages import with_languages
from tests.hostile.probes import PLACES, build, hard, notes_of, patterns, within
from tests.outline import studied

SECONDS = 10.0
"""Of processor time; what is tried here takes some tenths of one."""


@pytest.mark.parametrize("source", [r"(a+)+$", r"(a|a)*b", r"\s*x?\s*;", r"<!--.*?-->", r"^(\w+\s?)*$", r"[^\]]*\]|\["])
def test_a_pattern_that_takes_long_is_known_by_a_string_of_its_own_making(source: str) -> None:
    assert hard(re.compile(source)) is not None


@pytest.mark.parametrize("source", [r"a{1,3}b", r"(?:ab)++", r"`[^`]{0,40}`", "[：:]"])
def test_a_pattern_that_does_not_is_not(source: str) -> None:
    assert hard(re.compile(source)) is None


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("unit", ["？", "，。", "「", "a ", "<code>", "\\(", "a' ", "\\[\\"])
def test_languages_are_told_apart_in_time(unit: str, language: str) -> None:
    within(SECONDS, lambda: with_languages(unit * 50_000, language))


@pytest.mark.parametrize("unit", ["a'", "a--", "a’-", " a-", "a"])
def test_words_without_end_are_told_apart_in_time(unit: str) -> None:
    # A phrase behind them, for where there is none at all nothing is looked for.
    within(SECONDS, lambda: with_languages(unit * 200_000 + "，as it were", "zh"))


@pytest.mark.parametrize("unit", [" ", "⬆", "^", "</a", "<a", "<a>", "\t⬆"])
def test_anchors_of_headings_are_found_in_time(unit: str) -> None:
    within(SECONDS, lambda: studied(f"# q <a>{unit * (40_000 // len(unit))}\n\nx\n"))


@pytest.mark.parametrize("unit", [".", "#.", ".a", ".a ", "#a\t", "é."])
def test_attributes_of_headings_are_found_in_time(unit: str) -> None:
    within(SECONDS, lambda: studied(f"## q {{#{unit * 10_000}\n\nx\n\n## q {{#a .b}}\n\ny\n"))


def test_strings_that_patterns_are_slow_on_are_built_in_time(tmp_path: Path) -> None:
    # A sample: the bench has them all.
    strings = sorted({found for pattern in patterns()[::8] if (found := hard(pattern))})
    places = list(PLACES)

    assert len(strings) >= 3
    for at, string in enumerate(strings):
        notes = dict(notes_of(*string, 20_000))
        for place in places[at % 4 :: 6]:
            within(SECONDS, lambda note=notes[place]: build(tmp_path, note))  # type: ignore[misc]
