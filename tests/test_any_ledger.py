"""Any ledger, any bytes in its place, any two branches, any settings: the same back, or an error that says where."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cribdeck.errors import CribdeckError, LedgerUnreadable, SettingsError
from cribdeck.ledger import Ledger, read_ledger, write_ledger
from cribdeck.ledger.records import Entry, Style
from cribdeck.model import CardKind
from cribdeck.pipeline import Options, build
from cribdeck.settings import Settings, load_settings

Found = TypeVar("Found")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = TEXT.filter(bool)
COUNTS = st.integers(0, 2**40)
ENTRIES = st.builds(
    Entry,
    guid=NAMES,
    kind=st.sampled_from(CardKind),
    file=TEXT,
    trail=st.lists(TEXT, max_size=3).map(tuple),
    question=TEXT,
    part=TEXT,
    nth=COUNTS,
    rank=COUNTS,
    id=TEXT,
    number=TEXT,
    answer=TEXT,
    note_type=TEXT,
    hash=TEXT,
    mod=COUNTS,
    retired=COUNTS,
)
STYLES = st.builds(Style, note_type=NAMES, hash=TEXT, mod=COUNTS)
LEDGERS = st.builds(
    lambda salt, entries, styles: Ledger(
        salt, {entry.guid: entry for entry in entries}, {style.note_type: style for style in styles}
    ),
    TEXT,
    st.lists(ENTRIES, max_size=6),
    st.lists(STYLES, max_size=3),
)


def attempt(act: Callable[[], Found]) -> tuple[Found | None, CribdeckError | None]:
    """What an act gives, or the program's own error; any other exception fails the test."""
    try:
        return act(), None
    except CribdeckError as error:
        return None, error


@given(LEDGERS)
@settings(max_examples=300, deadline=None)
def test_any_ledger_is_read_back_as_it_was_written(ledger: Ledger) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        path.write_bytes(write_ledger(ledger))

        assert read_ledger(path) == ledger
        assert write_ledger(ledger) == path.read_bytes()


@given(LEDGERS, st.data())
@settings(max_examples=300, deadline=None)
def test_a_ledger_that_was_cut_or_changed_is_never_begun_anew(ledger: Ledger, data: st.DataObject) -> None:
    whole = write_ledger(ledger)
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=8)) + whole[stop:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        path.write_bytes(damaged)
        found, error = attempt(lambda: read_ledger(path))
        if error:
            assert isinstance(error, LedgerUnreadable)
            assert re.match(rf"{re.escape(str(path))}(:\d+)?: .", str(error))
            assert error.hint
        else:
            assert found is not None
            # What is read is what stands there: as many cards and note types as lines below the first.
            assert len(found.entries) + len(found.styles) == damaged.count(b"\n") - 1


SECTIONS = [(f"问题 {number}", f"答案{number}，" + "甲乙丙丁戊己庚辛"[number % 8] * 9) for number in range(8)]
EDITS = st.lists(
    st.tuples(st.sampled_from(["reword", "rewrite", "delete", "add", "move"]), st.integers(0, 7)), max_size=4
)


def edited(edits: list[tuple[str, int]], branch: str) -> str:
    sections = list(SECTIONS)
    for kind, at in edits:
        if kind == "add" or at >= len(sections):
            sections.insert(at, (f"新问题 {branch}{len(sections)}", f"{branch}的新答案{at}"))
        elif kind == "reword":
            sections[at] = (f"{sections[at][0]}（{branch}）", sections[at][1])
        elif kind == "rewrite":
            sections[at] = (sections[at][0], sections[at][1] + f"改于{branch}")
        elif kind == "delete":
            del sections[at]
        else:
            sections.append(sections.pop(at))
    return "".join(f"# {title}\n{answer}\n" for title, answer in sections)


@pytest.mark.skipif(not shutil.which("git"), reason="no git here")
@given(EDITS, EDITS)
@settings(max_examples=40, deadline=None)
def test_two_branches_merge_into_a_ledger_that_works_or_an_error_that_names_a_line(
    ours: list[tuple[str, int]], theirs: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = Options(folder / "notes", folder / "out", only=frozenset({"deck"}), allow_retire=True)
        options.notes.mkdir()
        note, ledger = options.notes / "a.md", options.ledger

        def built(text: str, *, now: int) -> bytes:
            note.write_text(text, encoding="utf-8")
            build(options, now=now)
            return ledger.read_bytes()

        base = built(edited([], ""), now=1_000_000)
        one = built(edited(ours, "甲"), now=2_000_000)
        ledger.write_bytes(base)
        two = built(edited(theirs, "乙"), now=2_500_000)
        for file, data in (("ours", one), ("base", base), ("theirs", two)):
            (folder / file).write_bytes(data)
        merge = ["git", "merge-file", "-p", "ours", "base", "theirs"]
        merged = subprocess.run(merge, cwd=folder, capture_output=True, check=False)
        ledger.write_bytes(merged.stdout)

        if b"<<<<<<<" in merged.stdout:
            with pytest.raises(LedgerUnreadable, match=r"ledger\.jsonl:\d+: a conflict of a git merge"):
                build(options, now=3_000_000)
            return
        build(options, now=3_000_000)
        found = read_ledger(ledger)
        assert found is not None
        # Every card of either branch has its line still: what both have is told by its guid.
        lines = {msgspec.json.decode(line).get("guid") for line in (one + two).splitlines()[1:]} - {None}
        assert lines <= set(found.entries)


@given(TEXT | st.sampled_from(["[cards]", "deck = 1", "tags = 'a'", "[sheet]\ncolumns = 99"]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_settings_or_an_error_with_its_file(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.toml"
        path.write_bytes(text.encode())
        _, error = attempt(lambda: load_settings(Path(folder)))

        assert error is None or (isinstance(error, SettingsError) and str(error).startswith(str(path)))


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
VALUES = st.recursive(
    st.booleans() | st.integers(-5, 100) | PLAIN, lambda inner: st.lists(inner, max_size=3), max_leaves=4
)


@given(st.sampled_from([field.name for field in msgspec.structs.fields(Settings)]), VALUES)
@settings(max_examples=300, deadline=None)
def test_any_value_of_any_key_is_taken_as_it_is_or_refused_by_name(key: str, value: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Without control characters, what is JSON is a value of TOML.
        (Path(folder) / "deck.toml").write_text(f"{key} = {json.dumps(value, ensure_ascii=False)}\n", encoding="utf-8")
        found, error = attempt(lambda: load_settings(Path(folder)))

        if error:
            assert key in str(error)
        else:
            assert msgspec.json.encode(getattr(found, key)) == msgspec.json.encode(value)
