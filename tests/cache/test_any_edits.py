"""Whatever is done to notes, a build that knows the last one gives the bytes that one gives which knows nothing."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cribdeck.pipeline import Options, build

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
NOTES = {
    "流.md": (
        "# 流处理\n\n## 什么是水印？\n\n事件时间的时间戳，见 [[批#对比]] 和 [窗口](#窗口)。\n"
        "\n## 窗口\n\n![](图.png)\n\n按时间分。\n"
    ),
    "批.md": (
        "# 批处理\n\n## 对比\n\n### MapReduce vs Spark\n\n"
        "| | MapReduce | Spark |\n|--|--|--|\n| 中间结果 | 磁盘 | 内存 |\n\n## 待答\n"
    ),
    "deep/en.md": (
        "# What is a barrier? {#barrier}\n\nSee [the window](../流.md#窗口) and ![](../gone.png).\n"
        "\n```java\nint a;\n```\n"
    ),
}
PIECES = (
    "\n## 新的问题\n\n一个回答。\n",
    "\n## 窗口\n\n再来一次。\n",
    "\n见 [[en#barrier]]，[[没有]]。\n",
    "\n![](图.png) ![](新.png)\n",
    "\n# Flink vs Spark\n\nFlink：流\n\nSpark：批\n",
    "\n## 待答\n",
    "\n# What is a window? {#barrier}\n\nA part of a stream.\n",
    "\n==水印==是时间戳。<!-- card: cloze -->\n",
)
SETTINGS = ('tags = ["x"]\n', 'deck = "另一个"\n', 'language = "en"\n', "[cards]\nterm = true\ncloze = true\n", "")


def add(folder: Path, which: int, what: int) -> None:
    path = note(folder, which)
    path.write_text(path.read_text(encoding="utf-8") + PIECES[what % len(PIECES)], encoding="utf-8")


def cut(folder: Path, which: int, what: int) -> None:
    path = note(folder, which)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = what % max(1, len(lines))
    path.write_text("".join(lines[:at] + lines[at + 2 :]), encoding="utf-8")


def reword(folder: Path, which: int, what: int) -> None:
    path = note(folder, which)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(("窗口", "水印", "a", "Spark")[what % 4], "改了"), encoding="utf-8")


def rename(folder: Path, which: int, what: int) -> None:
    path = note(folder, which)
    target = folder / ("流.md", "moved/流.md", "z.md")[what % 3]
    target.parent.mkdir(exist_ok=True)
    path.replace(target)


def delete(folder: Path, which: int, what: int) -> None:
    if what % 4 == 0 and len(list(folder.rglob("*.md"))) > 1:
        note(folder, which).unlink()


def break_off(folder: Path, which: int, what: int) -> None:
    if what % 2:
        note(folder, which).write_bytes(b"# q\n\xff\xff\xff\n")


def picture(folder: Path, which: int, what: int) -> None:
    path = folder / ("图.png", "gone.png", "新.png")[which % 3]
    if what % 3 == 0:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(PIXEL if what % 3 == 1 else b"no picture")


def set_(folder: Path, _which: int, what: int) -> None:
    (folder / "deck.toml").write_text(SETTINGS[what % len(SETTINGS)], encoding="utf-8")


def nothing(_folder: Path, _which: int, _what: int) -> None: ...


EDITS: tuple[Callable[[Path, int, int], None], ...] = (
    add, add, cut, reword, rename, delete, break_off, picture, set_, nothing,
)  # fmt: skip


def note(folder: Path, which: int) -> Path:
    """One of the notes that can be read."""
    found = sorted(path for path in folder.rglob("*.md") if b"\xff" not in path.read_bytes())
    if not found:
        (folder / "new.md").write_text("# q\n\na\n", encoding="utf-8")
        return folder / "new.md"
    return found[which % len(found)]


def built(root: Path, now: int) -> tuple[object, ...]:
    """All that a build leaves and says."""
    only = frozenset({"deck", "preview"})
    options = Options(root / "notes", root / "out", only=only, allow_retire=True)
    report = build(options, now=now)
    files = [options.ledger, options.output / "deck.apkg", options.output / "preview.html"]
    return report.diagnostics, report.counts, [path.read_bytes() for path in files]


def begin(root: Path) -> None:
    for name, text in NOTES.items():
        path = root / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "notes" / "ledger.jsonl").write_text('{"cribdeck":1,"salt":"one"}\n', encoding="utf-8")
    (root / "notes" / "图.png").write_bytes(PIXEL)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 9), st.integers(0, 30)), min_size=1, max_size=6))
def test_a_build_that_knows_the_last_one_gives_the_same_bytes(
    edits: list[tuple[Callable[[Path, int, int], None], int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        warm, cold = Path(name) / "warm", Path(name) / "cold"
        for root in (warm, cold):
            begin(root)
            built(root, 1_000)
        for at, (edit, which, what) in enumerate(edits):
            for root in (warm, cold):
                edit(root / "notes", which, what)
            shutil.rmtree(cold / "out" / ".cache", ignore_errors=True)

            assert built(warm, 2_000 + at) == built(cold, 2_000 + at)
