"""Every diagnostic is tried somewhere with its whole text; those that no single note can give are tried here."""

from pathlib import Path

import pytest

import cribdeck.pipeline.harvest
from cribdeck.cards import study
from cribdeck.diagnostics import Code, Diagnostic, Place, as_text, in_order, without
from cribdeck.documents import read_document
from cribdeck.files import read_note
from cribdeck.pipeline import Options
from cribdeck.pipeline.reading import read
from cribdeck.settings import Settings
from cribdeck.sheet.glyphs import missing_glyphs
from tests.outline import read as read_text
from tests.outline import studied

TESTS = Path(__file__).parent


def texts(*diagnostics: Diagnostic) -> str:
    return as_text(diagnostics, root="notes", fold=None)


@pytest.mark.parametrize("code", Code)
def test_every_code_is_tried_with_its_text(code: Code) -> None:
    files = [*TESTS.rglob("*.py"), *(TESTS / "cases").glob("*.md")]

    assert [path.name for path in files if f"[{code}]" in path.read_text(encoding="utf-8")]


def test_an_ambiguous_link_names_what_it_may_mean() -> None:
    notes = {"a/x.md": "# 1\n", "b/x.md": "# 2\n", "c.md": "# 3\n[[x]]\n"}
    found = study([read_text(text, file=file) for file, text in notes.items()], Settings())

    assert texts(*found.diagnostics) == (
        "notes/c.md:2: warning: link `x` may mean a/x.md:1, b/x.md:1 [ambiguous-link]\n"
        "  hint: write the path before the name\n"
    )


def test_what_is_nested_too_deep_is_told_and_still_there() -> None:
    found = studied("# q\n" + "- " * 120 + "deep\n")

    assert texts(*found.diagnostics) == (
        "notes/note.md:2: warning: lists and quotes are nested more than 50 deep; what is deeper is shown as plain text"
        " [nested-too-deep]\n  hint: move the inner text out\n"
    )
    assert "deep" in found.cards[0].answer[0].text


def test_a_character_that_no_font_shows_is_named_with_its_place() -> None:
    document = read_text("# q\ntext\n\nrare \U00020bb7 here\n")

    assert texts(*missing_glyphs(["\U00020bb7"], [document])).startswith(
        "notes/note.md:4: warning: no font shows “\U00020bb7” (U+20BB7) [missing-glyph]\n  hint: install a font"
    )


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (tmp_path / "secret.md").write_text("# secret\n", encoding="utf-8")
    (notes / "link.md").symlink_to(tmp_path / "secret.md")

    found = read_note(notes, "link.md")

    assert isinstance(found, Diagnostic)
    assert texts(found) == (
        "notes/link.md:1: error: is a link to a file outside the notes folder [unreadable-file]\n"
        "  hint: copy the file\n"
    )


def test_a_note_that_breaks_the_reading_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.md").write_text("# bad\n", encoding="utf-8")
    (tmp_path / "good.md").write_text("# good\ntext\n", encoding="utf-8")

    def breaks(source: object, *rest: object, **options: object) -> object:
        if "bad" in str(source):
            raise RecursionError("too deep")
        return read_document(source, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(cribdeck.pipeline.harvest, "read_document", breaks)
    reading = read(Options(tmp_path, tmp_path / "out"))

    assert [card.key for card in reading.study.cards] == ["good"]
    assert texts(*reading.diagnostics) == (
        "notes/bad.md:1: error: could not be built: RecursionError: too deep [section-failed]\n"
        "  hint: the rest is built; please report this with the section\n"
    )


def test_settings_silence_a_code_for_a_pattern_of_files() -> None:
    one = Diagnostic(Code.MISSING_IMAGE, Place("drafts/a.md", 1), "x")
    other = Diagnostic(Code.MISSING_IMAGE, Place("b.md", 1), "x")

    assert without([one, other], {"drafts/*": ["missing-image"]}) == (other,)


def test_they_come_in_the_order_of_places_and_each_once() -> None:
    one = Diagnostic(Code.MISSING_IMAGE, Place("a.md", 2), "x")
    other = Diagnostic(Code.MISSING_IMAGE, Place("a.md", 10), "x")

    assert in_order([other, one, other]) == (one, other)
