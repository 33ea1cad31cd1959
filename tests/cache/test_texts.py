"""The text of cards, which is kept apart from the rest: it is looked for only where a part of the deck is made anew."""

import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from cribdeck.pipeline import Options, build

NOTES = {f"{at}.md": "".join(f"# q {at} {nth}\n\n{'text ' * 40}\n\n" for nth in range(8)) for at in range(12)}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    options = Options(tmp_path / "notes", tmp_path / "out", only=frozenset({"deck"}))
    options.notes.mkdir()
    for name, text in NOTES.items():
        (options.notes / name).write_text(text, encoding="utf-8")
    (options.notes / "ledger.jsonl").write_text('{"cribdeck":1,"salt":"one"}\n', encoding="utf-8")
    return options


@pytest.mark.parametrize("is_sealed", [False, True], ids=["torn", "by someone who can make checksums"])
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content.replace(b"text text", b"TEXT text"), id="another text"),
        pytest.param(lambda content: content[:-9], id="cut off"),
        pytest.param(lambda content: content[:0] + b"\x91\x90", id="no texts"),
        pytest.param(lambda content: content[:0], id="nothing"),
    ],
)
def test_a_text_that_is_lost_or_poisoned_is_made_again(
    options: Options, damage: Callable[[bytes], bytes], *, is_sealed: bool
) -> None:
    expected = built_twice(options, between=lambda: None)
    harmed: list[bytes] = []

    def harm() -> None:
        store = sqlite3.connect(options.output / ".cache" / "notes.sqlite")
        with store:
            for key, data in store.execute("select key, data from entries").fetchall():
                if b"text text" in data and b"\x1f" in data:
                    content = damage(data[4:])
                    seal = zlib.crc32(content, zlib.crc32(key)).to_bytes(4, "big") if is_sealed else data[:4]
                    store.execute("update entries set data = ? where key = ?", (seal + content, key))
                    harmed.append(key)
        store.close()

    assert built_twice(options, between=harm) == expected
    assert len(harmed) == len(NOTES)


def built_twice(options: Options, *, between: Callable[[], None]) -> bytes:
    """From nothing, and again after an edit."""
    shutil.rmtree(options.output, ignore_errors=True)
    for name, text in NOTES.items():
        (options.notes / name).write_text(text, encoding="utf-8")
    options.ledger.write_text('{"cribdeck":1,"salt":"one"}\n', encoding="utf-8")
    build(options, now=1)
    between()
    edit(options)
    build(options, now=2)
    return options.deck.read_bytes()


def edit(options: Options) -> None:
    path = options.notes / "5.md"
    path.write_text(path.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
