"""Every example in docs/ is run: what it shows is what happens."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
import pytest
from markdown_it import MarkdownIt

from cribdeck.cli import main
from cribdeck.diagnostics import as_text
from cribdeck.pipeline import Options, build
from cribdeck.pipeline.making import plan
from cribdeck.settings import CardSettings, Settings, SheetSettings, load_settings
from tests.outline import cards, studied

DOCS = Path(__file__).parent.parent / "docs"


@dataclass(frozen=True)
class Example:
    """A fenced block, and the notes that stand directly before it."""

    place: str
    kind: str
    text: str
    notes: tuple[str, ...]


def examples(kind: str = "") -> Iterator[Example]:
    for path in sorted(DOCS.glob("*.md")):
        notes: list[str] = []
        for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
            if token.type == "heading_open":
                notes = []
            if token.type != "fence":
                continue
            assert token.map
            if token.info == "markdown":
                notes.append(token.content)
            else:
                found = Example(f"{path.name}:{token.map[0] + 1}", token.info, token.content, tuple(notes))
                notes = []
                if not kind or found.kind.split()[0] == kind:
                    yield found


def of(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("example", [pytest.param(found, id=found.place) for found in examples(kind)])


def test_there_is_no_example_that_is_not_run() -> None:
    kinds = {example.kind.split()[0] for example in examples()}

    assert kinds == {"cards", "check", "plan", "sh", "toml", "css", "html"}
    for path in DOCS.glob("*.md"):
        followed = re.findall(
            r"^```markdown\n.*?^```\n+(.*)$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        assert all(line.startswith("```") for line in followed), path


@of("cards")
def test_notes_give_the_cards_that_are_shown(example: Example) -> None:
    assert cards(studied(*example.notes)) == example.text


@of("check")
def test_notes_give_the_diagnostics_that_are_shown(example: Example) -> None:
    assert as_text(studied(*example.notes).diagnostics, root="", fold=None) == example.text


@of("plan")
def test_an_edit_does_to_the_deck_what_is_shown(example: Example, tmp_path: Path) -> None:
    note = tmp_path / "notes" / "note.md"
    note.parent.mkdir()
    options = Options(note.parent, tmp_path / "output", only=frozenset({"deck"}))
    before, after = example.notes
    note.write_text(before, encoding="utf-8")
    build(options, now=1)
    note.write_text(after, encoding="utf-8")
    changes = plan(options, now=2)
    *lines, total = example.text.splitlines()

    assert sorted(f"{change.what}  {(change.before or change.entry).question}" for change in changes) == sorted(lines)
    assert total == f"{len(changes)} {changes[0].what}"


@of("sh")
def test_commands_are_those_that_there_are(example: Example) -> None:
    for line in example.text.splitlines():
        name, *arguments = shlex.split(line)
        parsed = main.make_context(name, arguments)
        rest = [*parsed._protected_args, *parsed.args]
        if rest:
            command, found, rest = main.resolve_command(parsed, rest)
            assert isinstance(found, click.Command)
            found.make_context(command, rest, parent=parsed)


@of("toml")
def test_settings_are_valid(example: Example, tmp_path: Path) -> None:
    (tmp_path / "deck.toml").write_text(example.text, encoding="utf-8")

    assert isinstance(load_settings(tmp_path), Settings)


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    tables: tuple[type[msgspec.Struct], ...] = (Settings, CardSettings, SheetSettings)
    names = [field.name for table in tables for field in msgspec.structs.fields(table)]

    assert [name for name in names if not re.search(rf"(?m)^{name} = |^\[{name}\]", text)] == []


@pytest.mark.parametrize(
    "example", [pytest.param(found, id=found.place) for kind in ("css", "html") for found in examples(kind)]
)
def test_templates_reach_the_deck_and_the_preview(example: Example, tmp_path: Path) -> None:
    _, name = example.kind.split()
    mine = tmp_path / "mine" / name
    mine.parent.mkdir(parents=True)
    mine.write_text(example.text, encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "note.md").write_text("# a?\nyes\n", encoding="utf-8")
    options = Options(
        tmp_path / "notes", tmp_path / "output", templates=tmp_path / "mine", only=frozenset({"deck", "preview"})
    )
    build(options, now=1)

    page = (tmp_path / "output" / "preview.html").read_text(encoding="utf-8")
    line = example.text.splitlines()[0]
    assert line in page or line.replace('"', '\\"') in page
