"""A section that breaks the program: it is left out and told, its cards are kept, and everything else is built."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import cribdeck.deck.contents
import cribdeck.pipeline.harvest
from cribdeck.deck.reading import read_package
from cribdeck.files import RawNote
from cribdeck.ledger import read_ledger
from cribdeck.pipeline import Options, build
from cribdeck.pipeline.broken import without_broken

FIRST, LATER = 1_700_000_000, 1_700_100_000
NOTE = "# one\nfirst\n\n## two\n\nsecond\n\n```sh\n# no heading\n```\n\n## three\nthird\n\n# four\nfourth\n"


@pytest.fixture
def options(tmp_path: Path) -> Options:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(NOTE, encoding="utf-8")
    (tmp_path / "notes" / "b.md").write_text("# five\nfifth\n", encoding="utf-8")
    return Options(tmp_path / "notes", tmp_path / "out", only=frozenset({"deck", "preview"}))


def questions(options: Options) -> set[str]:
    return {note.fields[0] for note in read_package((options.output / "deck.apkg").read_bytes()).notes}


def raising(real: Callable[..., object], what: str) -> Callable[..., object]:
    """The same, but for what holds a word."""

    def act(*arguments: object, **more: object) -> object:
        if any(what in repr(argument) for argument in arguments):
            raise ZeroDivisionError("a bug")
        return real(*arguments, **more)

    return act


def breaking(patch: pytest.MonkeyPatch, module: ModuleType, name: str, word: str) -> None:
    patch.setattr(module, name, raising(getattr(module, name), word))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (cribdeck.pipeline.harvest, "read_document"),
        (cribdeck.pipeline.harvest, "lesson_of"),
        (cribdeck.deck.contents, "card_content"),
    ],
)
@pytest.mark.parametrize("fault", [("second", 4), ("fourth", 15)])
def test_the_section_is_left_out_and_the_rest_is_built(
    options: Options, monkeypatch: pytest.MonkeyPatch, *, module: ModuleType, name: str, fault: tuple[str, int]
) -> None:
    word, line = fault
    build(options, now=FIRST)
    before, all_questions = read_ledger(options.ledger), questions(options)
    breaking(monkeypatch, module, name, word)
    # Nothing of the last build may hide that.
    (options.output / ".cache").rename(options.output / "old")

    report = build(options, now=LATER)

    told = [each for each in report.diagnostics if str(each.code) == "section-failed"]
    assert [(each.place.file, each.place.line) for each in told] == [("a.md", line)]
    assert "ZeroDivisionError: a bug" in told[0].message
    missing = all_questions - questions(options)
    assert len(missing) in (1, 2)
    after = read_ledger(options.ledger)
    assert before is not None
    assert after is not None
    assert {guid: entry.retired for guid, entry in after.entries.items()} == dict.fromkeys(before.entries, 0)


def test_once_the_program_is_mended_everything_is_as_before(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    build(options, now=FIRST)
    before = (options.output / "deck.apkg").read_bytes(), options.ledger.read_bytes()
    with monkeypatch.context() as patch:
        breaking(patch, cribdeck.deck.contents, "card_content", "fourth")
        (options.output / ".cache").rename(options.output / "old")
        build(options, now=LATER)

    build(options, now=LATER + 1)

    assert ((options.output / "deck.apkg").read_bytes(), options.ledger.read_bytes()) == before


def test_what_is_no_sections_fault_is_raised(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cribdeck.pipeline.making.write_ledger", raising(json.dumps, ""))

    with pytest.raises(ZeroDivisionError):
        build(options, now=FIRST)

    assert not options.ledger.exists()


def test_several_sections_are_found_one_after_the_other() -> None:
    note = RawNote("a.md", b"# a\nbad\n# b\ngood\n## c\nbad\n# d\ngood\n", "", 0)

    def attempt(part: RawNote) -> None:
        assert b"bad" not in part.data, "bad"

    rest, told = without_broken(note, attempt)

    assert rest.data == b"\n\n# b\ngood\n\n\n# d\ngood\n"
    assert [each.place.line for each in told] == [1, 5]


def test_a_note_that_breaks_only_as_a_whole_is_left_out_as_a_whole() -> None:
    note = RawNote("a.md", b"# a\nx\n# b\nx\n", "", 0)

    def attempt(part: RawNote) -> None:
        assert part.data.count(b"x") < 2

    rest, told = without_broken(note, attempt)

    assert rest.data == b"\n\n\n\n"
    assert [each.place.line for each in told] == [1]
