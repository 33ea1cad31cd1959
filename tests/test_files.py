"""Finding, decoding and writing files."""

import os
from pathlib import Path

import pytest

from cribdeck.diagnostics import Code, Diagnostic
from cribdeck.errors import NotesFolderEmpty, NotesFolderMissing
from cribdeck.files import decode, find_media, find_notes, read_media, read_note
from cribdeck.model import SourceFile

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# q\n", encoding="utf-8")


def test_notes_are_found_in_folders_in_a_natural_order(tmp_path: Path) -> None:
    make(tmp_path, "10-b.md", "2-a.md", "sub/x.markdown", "sub/y.MDX", "other.txt", ".git/a.md", "node_modules/b.md")

    assert find_notes(tmp_path) == ("2-a.md", "10-b.md", "sub/x.markdown", "sub/y.MDX")


def test_excluded_patterns_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "drafts/b.md", "drafts/c.md")

    assert find_notes(tmp_path, ("drafts/*",)) == ("a.md",)


def test_a_missing_folder_a_file_and_an_empty_folder_are_told_apart(tmp_path: Path) -> None:
    make(tmp_path, "file.md")
    (tmp_path / "empty").mkdir()

    with pytest.raises(NotesFolderMissing, match="does not exist"):
        find_notes(tmp_path / "gone")
    with pytest.raises(NotesFolderMissing, match="is a file, not a folder"):
        find_notes(tmp_path / "file.md")
    with pytest.raises(NotesFolderEmpty, match="no notes in"):
        find_notes(tmp_path / "empty")


@pytest.mark.parametrize(
    "data",
    [
        "# 题\n答\n".encode(),
        "\ufeff# 题\n答\n".encode(),
        "# 题\r\n答\r\n".encode(),
        "# 题\r答\r".encode(),
        "# 题\n答\n".encode("utf-16"),
        b"\xfe\xff" + "# 题\n答\n".encode("utf-16-be"),
        "# 题\n答\n".encode("gb18030"),
    ],
)
def test_every_usual_encoding_and_line_end_gives_the_same_text(data: bytes) -> None:
    assert decode(data) == "# 题\n答\n"


@pytest.mark.parametrize(("data", "offset"), [(b"# q\n\xff\xff\xff", 4), (b"# q\nab\0c", 6), (b"\xff\xfea\0\xd8", 4)])
def test_what_is_no_text_gives_the_first_bad_byte(data: bytes, offset: int) -> None:
    assert decode(data) == offset


def test_an_undecodable_note_is_a_diagnostic_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"# q\nline\n\xff\xff\xff")

    found = read_note(tmp_path, "bad.md")

    assert isinstance(found, Diagnostic)
    assert (found.code, found.place.line) == (Code.UNDECODABLE_FILE, 3)
    assert found.message == "byte 9 is no text in UTF-8, UTF-16 or GB18030"


def test_a_link_to_a_note_outside_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "secret.md", "notes/a.md")
    (tmp_path / "notes" / "link.md").symlink_to(tmp_path / "secret.md")

    found = read_note(tmp_path / "notes", "link.md")

    assert isinstance(found, Diagnostic)
    assert isinstance(read_note(tmp_path / "notes", "a.md"), SourceFile)


def test_pictures_are_found_in_dot_folders_too_and_read_only_inside(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    make(tmp_path, "outside.png", "notes/.note_images/A.PNG", "notes/b.jpg", "notes/c.txt", "notes/.git/d.png")
    (notes / "link.png").symlink_to(tmp_path / "outside.png")

    assert find_media(notes) == {
        ".note_images/a.png": ".note_images/A.PNG",
        "b.jpg": "b.jpg",
        "link.png": "link.png",
    }
    assert read_media(notes, "b.jpg") == b"# q\n"
    with pytest.raises(PermissionError):
        read_media(notes, "link.png")
