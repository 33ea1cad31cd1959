"""A build that has nothing to do does nothing, and says the same; whatever it depends on makes it build again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cribdeck import cache
from cribdeck.pipeline import Options, build
from cribdeck.pipeline.unchanged import _path

NOTE = "# 什么是水印？\n\n![](a.png)\n\n![](gone.png)\n\n事件时间的时间戳。\n\n# 待答\n"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    options = Options(tmp_path / "notes", tmp_path / "out", tmp_path / "own", frozenset({"deck"}))
    (options.notes).mkdir()
    (tmp_path / "own").mkdir()
    (options.notes / "a.md").write_text(NOTE, encoding="utf-8")
    (options.notes / "a.png").write_bytes(PIXEL)
    (options.notes / "deck.toml").write_text("", encoding="utf-8")
    return options


def looked_at(options: Options) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file that is no cache."""
    files = [path for folder in (options.notes, options.output) for path in folder.iterdir() if path.is_file()]
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in files if path.name != ".lock"}


def test_a_second_build_touches_nothing_and_says_the_same(options: Options) -> None:
    first = build(options, now=1)
    before = looked_at(options)
    second = build(options, now=2)

    assert looked_at(options) == before
    assert (second.diagnostics, second.counts) == (first.diagnostics, first.counts)
    assert (second.changes, second.written, second.kept) == ((), (), first.written)


def touch(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda o: touch(o.notes / "a.md", (NOTE + "more\n").encode()),
        lambda o: touch(o.notes / "b.md", b"# q\n\na\n"),
        lambda o: touch(o.notes / "gone.png", PIXEL),
        lambda o: touch(o.notes / "a.png", PIXEL + b"\0"),
        lambda o: touch(o.notes / "deck.toml", b'deck = "other"\n'),
        lambda o: touch(o.templates / "theme.css", b"body { color: red }\n"),
        lambda o: touch(o.output / "deck.apkg", b"something else"),
        lambda o: (o.output / "deck.apkg").unlink(),
    ],
    ids=[
        "a note",
        "a new note",
        "a picture that was missing",
        "a picture",
        "settings",
        "a template",
        "a deck",
        "no deck",
    ],
)
def test_whatever_a_build_depends_on_makes_it_build_again(
    options: Options, change: Callable[[Options], object]
) -> None:
    build(options, now=1)
    change(options)
    again = build(options, now=2)
    elsewhere = Options(options.notes, options.output.with_name("cold"), options.templates, options.only)
    build(elsewhere, now=3)

    assert again.written == (options.output / "deck.apkg",)
    assert (options.output / "deck.apkg").read_bytes() == (elsewhere.output / "deck.apkg").read_bytes()


def test_a_ledger_that_was_edited_makes_it_build_again(options: Options) -> None:
    build(options, now=1)
    text = options.ledger.read_text(encoding="utf-8")
    options.ledger.write_text(text.replace('"mod":1', '"mod":5'), encoding="utf-8")

    assert build(options, now=2).written == (options.output / "deck.apkg",)


def test_times_alone_change_nothing_in_a_deck(options: Options) -> None:
    build(options, now=1)
    os.utime(options.notes / "a.md", (5, 5))

    assert build(options, now=2).written == ()


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-9], lambda data: data[:9] + b"x" + data[10:], lambda _: b""],
    ids=["torn", "changed", "empty"],
)
def test_a_torn_or_poisoned_memory_is_none(options: Options, damage: Callable[[bytes], bytes]) -> None:
    first = build(options, now=1)
    path = _path(options)
    path.write_bytes(damage(path.read_bytes()))
    second = build(options, now=2)

    assert (second.counts, second.diagnostics, second.kept) == (first.counts, first.diagnostics, first.written)
    assert cache.load(path) is not None


def test_a_cache_of_another_form_is_none(options: Options) -> None:
    build(options, now=1)
    cache.save(_path(options), b'{"key": 5}')

    assert build(options, now=2).kept == (options.output / "deck.apkg",)


def test_a_page_that_marked_what_changed_is_made_again_without_marks(options: Options) -> None:
    paged = Options(options.notes, options.output, options.templates, frozenset({"deck", "preview"}))
    build(paged, now=1)
    marked = (options.output / "preview.html").read_bytes()
    second, third = build(paged, now=2), build(paged, now=3)

    assert b'"mark":"new"' in marked
    assert b'"mark":"new"' not in (options.output / "preview.html").read_bytes()
    assert (second.written, third.written) == ((options.output / "preview.html",), ())


def test_an_output_folder_without_room_for_caches_still_builds(options: Options) -> None:
    options.output.mkdir()
    (options.output / ".cache").write_bytes(b"a file")

    assert build(options, now=1).written == (options.output / "deck.apkg",)
    assert build(options, now=2).kept == (options.output / "deck.apkg",)
