"""The rules keep what they reach on the halves of the labelled data that they were not made on."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cribdeck.comparisons import subjects_of

BENCH = Path(__file__).parents[2] / "bench" / "comparisons.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_comparisons", BENCH)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_subjects_of_unseen_headings(bench: ModuleType) -> None:
    rows = [
        row for row in bench.labelled("headings.jsonl") if row["subjects"] is not None and row["half"] == "held out"
    ]
    found = [(row["subjects"], subjects_of(row["heading"], row["parent"])) for row in rows]
    true = [bench.is_right(read, wanted) for wanted, read in found if wanted]
    taken = [bool(wanted) for wanted, read in found if read]

    assert sum(true) / len(true) >= 0.92
    assert taken.count(False) / len(taken) <= 0.03


def test_unseen_tables(bench: ModuleType) -> None:
    rows = [row for row in bench.labelled("tables.jsonl") if row["label"] is not None and row["half"] == "held out"]
    found = [(row["label"] != "none", bench.is_taken(row)) for row in rows]
    both = found.count((True, True))

    assert both / (both + found.count((False, True))) >= 0.95
    assert both / (both + found.count((True, False))) >= 0.90


def test_cells_filled_by_sentences(bench: ModuleType) -> None:
    right, filled, _ = bench.filled_cells()

    assert filled >= 150
    assert right / filled >= 0.95
