"""A folder to start from, help that shows how, and completion."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from click.testing import CliRunner

from cribdeck.cli import main
from cribdeck.settings import Settings, load_settings
from cribdeck.starting import example, language_of, start

LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_builds_with_cards_of_every_shape_and_nothing_to_mend(
    tmp_path: Path, language: Literal["zh", "en"]
) -> None:
    start(tmp_path / "cards", language)
    folders = ["--notes", str(tmp_path / "cards" / "notes"), "--output", str(tmp_path / "cards" / "output")]
    result = CliRunner().invoke(main, [*folders, "--only", "deck", "--strict"])

    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert "(4 question, 1 overview, 2 comparison, 6 row, 1 cloze, 1 reverse)" in result.stdout
    assert "1 open question" in result.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_explained_and_is_valid_when_its_mark_is_taken_off(
    tmp_path: Path, language: Literal["zh", "en"]
) -> None:
    text = example(language)["notes/deck.toml"]
    (tmp_path / "deck.toml").write_text(re.sub(r"(?m)^# (?=.+ = )", "", text), encoding="utf-8")
    (tmp_path / "as-it-is").mkdir()
    (tmp_path / "as-it-is" / "deck.toml").write_text(text, encoding="utf-8")

    assert keys(tomllib.loads((tmp_path / "deck.toml").read_text(encoding="utf-8"))) == fields(Settings)
    assert load_settings(tmp_path).aliases == {"spark stream": "Spark Streaming"}
    assert load_settings(tmp_path / "as-it-is") == Settings()


def keys(raw: dict[str, Any]) -> set[str]:
    """The keys, those of tables of our own after their table's name."""
    free = {"aliases", "code", "ignore"}
    found = set()
    for name, value in raw.items():
        is_table = isinstance(value, dict) and name not in free
        found |= {f"{name}.{key}" for key in value} if is_table else {name}
    return found


def fields(struct: type[msgspec.Struct], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for field in msgspec.structs.fields(struct):
        is_table = isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
        found |= fields(field.type, f"{field.name}.") if is_table else {prefix + field.name}
    return found


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["init", str(tmp_path)])

    assert result.exit_code == 2
    assert ".gitignore is there already; nothing was written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".gitignore"]


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh_CN.UTF-8", "zh"), ("zh-TW", "zh"), ("Chinese (Simplified)_China", "zh"), ("de_DE", "en"), ("C", "en")],
)
def test_the_example_speaks_the_users_language(locale: str, language: str) -> None:
    assert language_of(locale) == language


def test_init_takes_the_language_from_the_locale_unless_it_is_named(tmp_path: Path) -> None:
    runner = CliRunner(env={"LC_ALL": "zh_CN.UTF-8"})
    first = runner.invoke(main, ["init", str(tmp_path / "a")])
    runner.invoke(main, ["init", str(tmp_path / "b"), "--language", "en"])

    assert first.stdout.splitlines()[-1].startswith("now build it with --notes ")
    assert "什么是水印" in (tmp_path / "a" / "notes" / "streams.md").read_text(encoding="utf-8")
    assert "What is a watermark" in (tmp_path / "b" / "notes" / "streams.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["", "check", "plan", "cards", "stats", "watch", "init"])
def test_the_examples_of_the_help_are_commands_that_there_are(command: str, tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, [*shlex.split(command), "--help"], terminal_width=100).stdout
    lines = re.findall(r"^    cribdeck(.*?)(?: {3,}.*)?$", shown, re.MULTILINE)

    assert lines
    for line in lines:
        arguments = [word.replace("~", str(tmp_path)) for word in shlex.split(line)]
        parsed = main.make_context("cribdeck", [*arguments], resilient_parsing=False)
        rest = [*parsed._protected_args, *parsed.args]
        if rest:
            name, found, rest = main.resolve_command(parsed, rest)
            assert found
            found.make_context(name, rest, parent=parsed)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell: str) -> None:
    script = CliRunner().invoke(main, prog_name="cribdeck", env={"_CRIBDECK_COMPLETE": f"{shell}_source"})
    words = {"COMP_WORDS": "cribdeck st", "COMP_CWORD": "1" if shell != "fish" else "st"}
    offered = CliRunner().invoke(main, prog_name="cribdeck", env={"_CRIBDECK_COMPLETE": f"{shell}_complete", **words})

    assert "cribdeck" in script.stdout
    assert re.split(r"[,\s]", offered.stdout.strip())[1] == "stats"
