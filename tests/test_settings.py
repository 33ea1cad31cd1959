"""`deck.toml`: what it may say, and what the user is told when it says something else."""

from pathlib import Path

import pytest

from cribdeck.errors import SettingsError
from cribdeck.settings import Settings, SheetSettings, load_settings


def settings(folder: Path, text: str) -> Settings:
    (folder / "deck.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def complaint(folder: Path, text: str) -> tuple[str, str]:
    with pytest.raises(SettingsError) as caught:
        settings(folder, text)
    return str(caught.value).removeprefix(f"{folder / 'deck.toml'}: "), caught.value.hint


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_every_kind_of_value_is_read(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        'deck = "Flink"\nlanguage = "en"\ntags = ["a"]\nsubdecks = true\n'
        '[cards]\nrow = false\n[sheet]\npaper = "Letter"\ncolumns = 2\n[aliases]\n"spark stream" = "Spark Streaming"\n',
    )

    assert (found.deck, found.language, found.tags, found.subdecks) == ("Flink", "en", ("a",), True)
    assert (found.cards.row, found.cards.question) == (False, True)
    assert (found.sheet.paper, found.sheet.columns) == ("Letter", 2)
    assert found.aliases == {"spark stream": "Spark Streaming"}


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("dekc = 1", "unknown key `dekc`", "did you mean `deck`?"),
        ("[sheet]\ncolums = 3", "unknown key `sheet.colums`", "did you mean `sheet.columns`?"),
        ("[sheet]\ncolumns = 'three'", "key `sheet.columns`: expected `int`, got `str`", ""),
        ("[sheet]\ncolumns = 9", "key `sheet.columns`: expected `int` <= 6", ""),
        ("[sheet]\npaper = 'B5'", "key `sheet.paper`: invalid enum value 'B5'", ""),
        ("tags = ['a', 1]", "key `tags[1]`: expected `str`, got `int`", ""),
        ("cards = 1", "key `cards`: expected `object`, got `int`", ""),
    ],
)
def test_an_unknown_key_or_a_wrong_value_is_named(tmp_path: Path, text: str, problem: str, hint: str) -> None:
    assert complaint(tmp_path, text) == (problem, hint)


def test_a_key_like_no_other_gets_the_list_of_keys(tmp_path: Path) -> None:
    problem, hint = complaint(tmp_path, "[sheet]\nzzz = 1")

    assert problem == "unknown key `sheet.zzz`"
    assert hint.startswith("the keys here are: sheet.title, sheet.")
    assert hint.count("sheet.") == len(SheetSettings.__struct_fields__)


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    problem, hint = complaint(tmp_path, "deck = Flink")

    assert problem.startswith("is no TOML: ")
    assert "line 1" in problem
    assert hint == 'text stands in quotes: deck = "Flink"'


def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "deck.toml").write_bytes(b"deck = '\xff'")

    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(tmp_path)
