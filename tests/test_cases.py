"""The case files: what is typed and what is read, side by side.

A case is a title, `.`, the note, `.`, what is expected, `.`. The file's name says which view of the reading it is.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from cribdeck.diagnostics import as_text
from tests import outline

CASES = Path(__file__).parent / "cases"
VIEWS: dict[str, Callable[[str], str]] = {
    "sections": lambda text: outline.sections(outline.read(text)),
    "blocks": lambda text: outline.outline(outline.read(text, media=("pic.png", "图 片/流程.png", "deep/only.png"))),
    "mdx": lambda text: outline.outline(outline.read(text, file="note.mdx")),
    "bold": lambda text: outline.sections(outline.read(text, bold=True)),
    "diagnostics": lambda text: as_text(outline.studied(text).diagnostics, root="notes", fold=None),
    "cards": lambda text: outline.cards(outline.studied(text)),
    "comparisons": lambda text: outline.tables(outline.studied(text)),
}
FIXTURES = [
    pytest.param(view, text, expected, id=f"{path.stem}:{line}:{title}")
    for view in VIEWS
    for path in sorted(CASES.glob(f"{view}*.md"))
    for line, title, text, expected in read_fixture_file(path)
]


@pytest.mark.parametrize(("view", "text", "expected"), FIXTURES)
def test_a_note_is_read_as_its_case_says(view: str, text: str, expected: str) -> None:
    assert VIEWS[view](text).rstrip() == expected.rstrip()


def test_every_case_file_is_compared_with_a_view() -> None:
    assert [path.name for path in CASES.glob("*.md") if not path.stem.startswith(tuple(VIEWS))] == []
