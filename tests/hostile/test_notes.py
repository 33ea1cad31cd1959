"""Hostile notes, each told of as its record says, and the rest of it built: in Anki, in the preview, on paper."""

import html
import json
import re
import subprocess

import pytest

from cribdeck.diagnostics import visible
from tests.hostile.conftest import Shown
from tests.hostile.records import Case, load, notes
from tests.hostile.world import Built

NOTES = notes()
LAYOUT = {"half-empty-page", "overflow", "missing-glyph"}
"""What the sheet tells of its looks; it is not asked here."""


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.fixture(scope="module")
def on_cards(shown: list[Shown]) -> str:
    return "\n".join(plain(field) for card in shown for field in card.fields)


@pytest.fixture(scope="module")
def in_preview(built: Built) -> str:
    page = (built.world.out / "preview.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="content">(.*?)</script>', page, re.DOTALL)
    assert found
    return "\n".join(field for card in json.loads(found[1])["cards"] for field in card["fields"].values())


@pytest.fixture(scope="module")
def on_paper(built: Built) -> str:
    command = ["pdftotext", "-raw", str(built.world.out / "sheet.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout


def test_there_are_as_many_cases_as_promised_and_no_two_of_a_name() -> None:
    names = [case.name for case in load()]

    assert len(names) >= 150
    assert len(set(names)) == len(names)
    assert len({case.token for case in NOTES}) == len(NOTES)


def test_everything_is_built_and_the_exit_code_says_that_notes_have_errors(built: Built) -> None:
    assert built.done.returncode == 1
    assert "Traceback" not in built.done.stderr
    written = sorted(path.name for path in built.world.out.iterdir() if not path.name.startswith("."))
    assert written == ["deck.apkg", "preview.html", "sheet.pdf"]


@pytest.mark.parametrize("case", NOTES, ids=[case.name for case in NOTES])
def test_a_hostile_note_is_told_of_and_the_rest_of_it_built(  # noqa: PLR0917 — fixtures of the whole build
    case: Case, built: Built, on_cards: str, in_preview: str, on_paper: str
) -> None:
    if case.name in built.impossible:
        pytest.skip("this file system can't hold it")
    told = built.codes(visible(case.path))

    assert told - {*case.ignore, *LAYOUT} == {*case.expect} - {*case.ignore}
    for path, codes in case.also.items():
        assert built.codes(path) == {*codes}
    is_there = not (case.lost or case.hidden)
    assert [case.token in where for where in (on_cards, in_preview, on_paper)] == [is_there] * 3
    assert case.shows in on_cards
