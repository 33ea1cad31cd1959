"""Notes that are small and want much: the deck and the page are there within limits on time and memory.

Each is a process of its own. What they do to the sheet is tested in `test_printed_bombs.py`.
"""

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cribdeck.rendering.code import highlight
from cribdeck.rendering.sanitize import sanitize
from cribdeck.sheet import formulas
from tests.hostile.world import ROOT

SECONDS = 60
MEGABYTES = 1500
LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEGABYTES << 20}, {MEGABYTES << 20}))
sys.argv = sys.argv[1:]
import runpy
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))


def large_png(side: int) -> bytes:
    """A whole picture of one bit a pixel: 400 megapixels are 50 MB, packed to 50 kB."""
    packer = zlib.compressobj(9)
    row = bytes(side // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return header(side, side) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb_png() -> bytes:
    """A small picture whose comment unpacks to 200 MB."""
    comment = b"c\0\0" + zlib.compress(bytes(200_000_000), 9)
    return header(1, 1) + chunk(b"zTXt", comment) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


@dataclass(frozen=True)
class Bomb:
    """A note, beside it files, and what must be told."""

    note: str | Callable[[], str]
    code: str = ""
    files: Mapping[str, Callable[[], bytes]] | None = None


BOMBS = {
    "400 megapixels by header": Bomb("![](a.png)", "unusable-image", {"a.png": lambda: header(20_000, 20_000)}),
    "400 megapixels, all there": Bomb("![](a.png)", "unusable-image", {"a.png": lambda: large_png(20_000)}),
    "a comment of 200 MB in a picture": Bomb("![](a.png)", "", {"a.png": text_bomb_png}),
    "a paragraph of 200,000 letters": Bomb("word 词语 " * 25_000),
    "a word of 200,000 letters": Bomb("x" * 200_000),
    "100,000 links": Bomb("".join(f"[l{at}](https://example.org/{at})\n" for at in range(100_000))),
    "100,000 references": Bomb("[[gone]] " * 100_000, "unresolved-link"),
    "a table of 2,000 rows and 50 columns": Bomb("|a" * 50 + "|\n" + "|-" * 50 + "|\n" + ("|x" * 50 + "|\n") * 2_000),
    "a table of 5,000 columns": Bomb("|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "|x" * 5_000 + "|\n"),
    "a comparison of 300 subjects": Bomb(
        "## " + " vs ".join(f"S{at}" for at in range(300)) + "\n" + "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "|x" * 300
    ),
    "20,000 levels of HTML": Bomb("<div>" * 20_000 + "x" + "</div>" * 20_000),
    "100,000 tags that are not closed": Bomb("<b><i><font color=red>" * 33_000),
    "20,000 levels of quotes": Bomb("> " * 20_000 + "x", "nested-too-deep"),
    "3,000 levels of lists": Bomb("".join(f"{'  ' * (at % 500)}- {at}\n" for at in range(3_000)), "nested-too-deep"),
    "50,000 open emphases": Bomb("*a **b _c " * 16_000),
    "50,000 brackets": Bomb("[" * 50_000 + "](x)" * 50_000),
    "a heading of 100,000 blanks": Bomb("## a" + " " * 100_000 + "b # c\n\nx"),
    "a heading of 50,000 separators": Bomb("## A vs B" + "、，：；和与的" * 7_000 + "\n\nx"),
    "headings of 5,000 letters that compare": Bomb(("## A与B" + "的区别和" * 1_250 + "\n\nA：x\nB：y\n\n") * 4),
    "code of a copied block, 10,000 times": Bomb(
        "```\n" + "x" * 50_000 + "\n```\n" + '<pre data-cd-code="0"></pre>\n' * 10_000
    ),
    "20,000 footnotes": Bomb("x[^1]" * 20_000 + "\n\n[^1]: note\n"),
    "10,000 clozes in a note": Bomb("<!-- card: cloze -->\n" + "==a== b " * 10_000),
    "5,000 levels of details": Bomb("<details><summary>q</summary>\n" * 5_000 + "x"),
}


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(ROOT / "build.py"), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by Linux's means")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_built_or_named_within_limits_and_the_note_beside_it_built(name: str, tmp_path: Path) -> None:
    bomb = BOMBS[name]
    notes = tmp_path / "notes"
    notes.mkdir()
    text = bomb.note if isinstance(bomb.note, str) else bomb.note()
    (notes / "bomb.md").write_text(f"# Ask\n\n{text}\n", encoding="utf-8")
    (notes / "other.md").write_text("# Other\n\nstill here\n", encoding="utf-8")
    for file, content in (bomb.files or {}).items():
        (notes / file).write_bytes(content())
    done = run(["--only", "deck", "--only", "preview", "--notes", "notes", "--output", "out"], tmp_path)

    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr[-300:]
    assert f"[{bomb.code}]" in done.stderr or not bomb.code
    assert "still here" in (tmp_path / "out" / "preview.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "deck.apkg").stat().st_size > 0


@pytest.mark.parametrize("piece", ["\t", "\n ", " \n", "a"])
@pytest.mark.parametrize("language", ["autoit", "autohotkey", "easytrieve", "gherkin", "fan", "terraform", "zeek"])
def test_code_with_runs_on_which_a_lexer_takes_too_long_is_shown_without_colours(language: str, piece: str) -> None:
    assert "<span" not in highlight(piece * (90_000 // len(piece)), language)


@pytest.mark.parametrize("language", ["csharp", "xpp", "nemerle"])
def test_code_of_words_alone_on_which_a_lexer_takes_too_long_is_shown_without_colours(language: str) -> None:
    assert "<span" not in highlight("a\n" * 40_000, language)


def test_a_lexer_that_never_ends_is_not_asked() -> None:
    assert highlight("<!--" * 10, "mcschema") == "&lt;!--" * 10


@pytest.mark.parametrize("command", [r"\frac{1}{", r"\sqrt{", "x^{", "{", r"\overline{"])
def test_a_formula_that_is_nested_too_deep_is_shown_as_its_source(command: str) -> None:
    source = command * 14 + "x" + "}" * 14

    assert "<img" not in formulas.draw(source, display=False)
    assert "formula-source" in formulas.draw(source, display=False)
    assert "<img" in formulas.draw(command * 4 + "x" + "}" * 4, display=False)


@pytest.mark.parametrize("tag", ["div", "b", "span", "ul><li", "table><tr><td", "dl><dd", "a href='https://x.io'"])
def test_html_is_flattened_and_none_of_its_text_lost(tag: str) -> None:
    clean = sanitize("".join(f"<{tag}>w{at} " for at in range(5_000)))
    depth, deepest = 0, 0
    for part in clean.split("<")[1:]:
        depth += -1 if part.startswith("/") else 1
        deepest = max(deepest, depth)

    assert deepest < 300
    assert all(f"w{at}" in clean for at in range(0, 5_000, 7)) or tag.startswith("table")
