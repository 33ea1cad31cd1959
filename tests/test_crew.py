"""Work shared with other processes, and whole builds that are."""

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from cribdeck.pipeline import Options, build, crew
from cribdeck.pipeline.crew import Crew

FIRST = os.getpid()
NOTE = """# 水印 {n}
水印是一句话 {n}，at least once in a while。

```java
int answer = {n};
```

## Flink vs Storm
| 方面 | Flink | Storm |
|---|---|---|
| 状态 | 内建 | 自己管 |

## 见 [水印](水印{n}.md#水印-{n}) 的什么？
![图](mark.svg)
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>'


class Square(msgspec.Struct):
    of: int
    square: int


def square(at: int) -> Square:
    return Square(at, at * at)


def square_or_die(at: int) -> Square:
    if os.getpid() != FIRST and at < 90:
        os._exit(1)
    return square(at)


@pytest.mark.parametrize("work", [square, square_or_die])
@pytest.mark.parametrize("cores", [1, 2, 5])
def test_everything_is_made_once_and_in_order_even_if_a_process_dies(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[int], Square], cores: int
) -> None:
    monkeypatch.setattr(crew, "_cores", lambda: cores)
    told: list[int] = []

    made = Crew(work, Square).do(100, told.append)

    assert made == [square(at) for at in range(100)]
    assert told == sorted(told)


def test_nothing_to_do_makes_nothing() -> None:
    assert Crew(square, Square).do(0, lambda _: None) == []


@dataclass
class Built:
    files: dict[str, bytes]
    report: list[str]


def built(tmp_path: Path, name: str, only: frozenset[str]) -> Built:
    notes = tmp_path / name / "笔记"
    notes.mkdir(parents=True)
    for n in range(12):
        (notes / f"水印{n}.md").write_text(NOTE.replace("{n}", str(n)), encoding="utf-8")
    (notes / "mark.svg").write_text(SVG, encoding="utf-8")
    (notes / "ledger.jsonl").write_text('{"cribdeck":1,"salt":"0123456789abcdef"}\n', encoding="utf-8")
    (notes / "broken.md").write_bytes(b"# \xff\xff\xff\n")
    output = tmp_path / name / "output"
    report = build(Options(notes, output, only=only), now=1_700_000_000)
    files = {path.name: path.read_bytes() for path in (*output.glob("[!.]*"), notes / "ledger.jsonl")}
    return Built(files, [str(found) for found in report.diagnostics])


@pytest.mark.parametrize("only", [frozenset({"deck"}), frozenset({"deck", "preview"})], ids=["deck", "both"])
@pytest.mark.parametrize("method", sorted({"fork", "spawn"} & {*multiprocessing.get_all_start_methods()}))
def test_a_build_that_is_shared_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: frozenset[str], method: str
) -> None:
    alone = built(tmp_path, "alone", only)
    monkeypatch.setattr(crew, "_method", lambda: method)
    monkeypatch.setattr(crew, "_cores", lambda: 3)
    monkeypatch.setattr(crew, "_WORTH_FORKING", 0)
    monkeypatch.setattr(crew, "_WORTH_STARTING", 0)
    shared = built(tmp_path, "shared", only)

    assert "deck.apkg" in alone.files
    assert shared == alone


def test_a_language_that_was_guessed_wrongly_shows_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only = frozenset({"deck"})
    alone = built(tmp_path, "alone", only)
    monkeypatch.setattr(crew, "_cores", lambda: 2)
    monkeypatch.setattr(crew, "_WORTH_FORKING", 0)
    monkeypatch.setattr("cribdeck.pipeline.library.guess", lambda *_: "en")
    guessed = built(tmp_path, "guessed", only)

    assert guessed == alone
