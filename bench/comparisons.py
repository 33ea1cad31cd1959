"""How well comparisons are told: subjects of headings, tables, cells, against labels made by hand.

Usage: python bench/comparisons.py [--show]

The labels lie in bench/data, each with the half that it belongs to: rules were made on the tuned half only, the
figures that count are those of the held-out half. `--show` prints what is still wrong.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cribdeck.comparisons import subjects_of  # noqa: E402
from cribdeck.comparisons.recognition import Subjects  # noqa: E402
from cribdeck.comparisons.sentences import pieces  # noqa: E402
from cribdeck.comparisons.tables import named_table, unnamed_table  # noqa: E402
from cribdeck.model import Block, BlockKind, plain_text  # noqa: E402

DATA = Path(__file__).parent / "data"
HALVES = ("tuned", "held out")


def labelled(name: str) -> list[dict[str, Any]]:
    """The rows of a file of labels, without its first line, which says where they come from."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def loose(name: str) -> str:
    """A subject's name for comparing with a label: quotes and spaces don't count."""
    return "".join(char for char in name.casefold() if char not in " \t\"'“”‘’「」`")


def is_right(found: Sequence[Sequence[str]], wanted: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Whether all sets of subjects are just those of the label."""
    return len(found) == len(wanted) and all(
        len(names) == len(labels)
        and all(loose(name) in map(loose, spellings) for name, spellings in zip(names, labels, strict=True))
        for names, labels in zip(found, wanted, strict=True)
    )


def headings(*, show: bool) -> Iterator[str]:
    """One line a half: headings that compare, those read rightly; headings taken, those that compare nothing."""
    rows = [row for row in labelled("headings.jsonl") if row["subjects"] is not None]
    yield "headings   comparing  subjects right     taken  no comparison"
    for half in HALVES:
        own = [(row, subjects_of(row["heading"], row["parent"])) for row in rows if row["half"] == half]
        true = [(row, found) for row, found in own if row["subjects"]]
        right = sum(is_right(found, row["subjects"]) for row, found in true)
        taken = [row for row, found in own if found]
        false = [row for row in taken if not row["subjects"]]
        yield (
            f"{half:<10} {len(true):>9}  {right:>5} ({right / len(true):6.1%})"
            f"  {len(taken):>8}  {len(false):>4} ({len(false) / len(taken):.1%})"
        )
        if show:
            for row, found in own:
                if (row["subjects"] or found) and not is_right(found, row["subjects"]):
                    wanted = [[spellings[0] for spellings in names] for names in row["subjects"]]
                    yield f"    {row['heading'][:100]}  |  {row['parent'][:20]}"
                    yield f"        read {found}\n        want {wanted}"


def tables(*, show: bool) -> Iterator[str]:
    """One line a half: of the tables taken for comparisons those that are, and of those that are the taken ones."""
    rows = [row for row in labelled("tables.jsonl") if row["label"] is not None]
    yield "tables     labelled  comparing     taken  precision  recall"
    for half in HALVES:
        own = [(row, is_taken(row)) for row in rows if row["half"] == half]
        true = [row for row, _ in own if row["label"] != "none"]
        taken = [row for row, found in own if found]
        both = sum(row["label"] != "none" for row in taken)
        yield (
            f"{half:<10} {len(own):>8}  {len(true):>9}  {len(taken):>8}"
            f"  {both / len(taken):>9.1%}  {both / len(true):.1%}"
        )
        if show:
            for row, found in own:
                if found != (row["label"] != "none"):
                    yield f"    {'taken ' if found else 'missed'} {row['heading'][:40]}: {' | '.join(row['grid'][0])}"


def is_taken(row: dict[str, Any]) -> bool:
    """Whether a labelled table becomes a comparison, with the heading that it stands under."""
    lines = tuple(
        Block(BlockKind.ROW, 1, children=tuple(Block(BlockKind.CELL, 1, escape(cell)) for cell in cells))
        for cells in row["grid"]
    )
    block = Block(BlockKind.TABLE, 1, children=lines)
    named = any(named_table(block, Subjects(names, {})) for names in subjects_of(row["heading"], row["parent"]))
    return named or unnamed_table(block, (row["heading"], row["parent"])) is not None


def sentences(*, show: bool) -> Iterator[str]:
    """Of the cells that sentences fill, those that are filled rightly."""
    right, filled, wrong = filled_cells()
    yield "sentences    filled  right"
    yield f"{'all':<10} {filled:>8}  {right:>5} ({right / filled:.1%})"
    yield from wrong if show else ()


def filled_cells() -> tuple[int, int, list[str]]:
    """How many cells are right, how many are filled, and what the wrong ones say."""
    filled = 0
    wrong = []
    for row in labelled("sentences.jsonl"):
        said: dict[int, str] = {}
        for index, html in row["parts"]:
            if index is not None:
                said[index] = said.get(index, "") + _letters(html)
        for piece in pieces(" ".join(html for _, html in row["parts"]), Subjects(row["subjects"], {})):
            if piece.index is not None:
                filled += 1
                if _letters(piece.html) not in said.get(piece.index, ""):
                    wrong.append(f"    {row['subjects'][piece.index]}: {plain_text(piece.html)[:120]}")
    return filled - len(wrong), filled, wrong


def _letters(html: str) -> str:
    return "".join(filter(str.isalnum, plain_text(html)))


def speed() -> Iterator[str]:
    """Microseconds a heading: those without a word that compares, and those with one."""
    for title, what in (("4.2 用户登录流程说明 (login)", "plain"), ("3. TCP 和 UDP 的区别是什么？", "comparing")):
        start = time.perf_counter()
        for _ in range(20_000):
            subjects_of(title, "2. 传输层")
        yield f"{what:<10} {(time.perf_counter() - start) * 50:5.1f} µs a heading"


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print what is still wrong")
    show = parser.parse_args().show
    for part in (headings(show=show), tables(show=show), sentences(show=show), speed()):
        print("\n".join(part))
        print()


if __name__ == "__main__":
    main()
