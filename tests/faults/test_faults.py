"""The machine dies, or the disk refuses, at each act on the disk of a build: nothing is half, nothing is lost."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cribdeck.ledger import FILE_NAME, read_ledger
from cribdeck.pipeline import Options, build
from cribdeck.transaction import JOURNAL
from tests.faults.injector import ERRORS, Fault, Outcome, run

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the injector needs fork and /proc")

BEFORE = "# What is a watermark?\nA time.\n# A vs B\n## size\nA: large\nB: small\n# gone soon\nyes\n"
AFTER = "# What is a watermark?\nA time that moves on.\n# A vs B\n## size\nA: large\nB: tiny\n# new\nyes\n"
FIRST, SECOND = 1_000_000, 2_000_000
ALL = os.environ.get("CRIBDECK_FAULTS") == "all"
KILLS = ("kill before", "kill after", "kill halfway")

State = dict[str, bytes]


def options(folder: Path) -> Options:
    return Options(folder / "notes", folder / "out", only=frozenset({"deck", "preview"}))


def again(folder: Path) -> None:
    build(options(folder), now=SECOND)


def state(folder: Path) -> State:
    """Ledger and outputs; what is hidden is no output."""
    found = {path.name: path.read_bytes() for path in (folder / "out").glob("[!.]*") if path.is_file()}
    ledger = folder / "notes" / FILE_NAME
    return found | ({FILE_NAME: ledger.read_bytes()} if ledger.exists() else {})


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.tmp")) + [path.name for path in (folder / "out").glob(JOURNAL)]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was built once, and edited since."""
    folder = tmp_path_factory.mktemp("scene")
    (folder / "notes").mkdir()
    (folder / "notes" / "a.md").write_text(BEFORE, encoding="utf-8")
    build(options(folder), now=FIRST)
    (folder / "notes" / "a.md").write_text(AFTER, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def good(scene: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[State, State, State]:
    """The state before; after a build that nothing disturbed; and after one more, whose preview tells of no change."""
    copy = tmp_path_factory.mktemp("good") / "scene"
    shutil.copytree(scene, copy)
    before = state(copy)
    again(copy)
    after = state(copy)
    again(copy)
    return before, after, state(copy)


@pytest.fixture(scope="module")
def acts(scene: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    copy = tmp_path_factory.mktemp("acts") / "scene"
    shutil.copytree(scene, copy)
    outcome = run(lambda: again(copy), copy)
    assert outcome.end == "well"
    return outcome.acts


def faults(acts: tuple[str, ...]) -> Iterator[Fault]:
    """Every act with every way to go wrong; without CRIBDECK_FAULTS=all, the ways take turns."""
    ways = (*KILLS, *ERRORS, *(f"{name}+" for name in ERRORS))
    for at, name in enumerate(acts):
        if name in ("replace", "rename", "link", "unlink"):
            yield Fault(at, "EIO late")
        if ALL:
            yield from (Fault(at, how) for how in ways if how != "kill halfway" or name == "write")
        else:
            yield Fault(at, "kill halfway" if name == "write" else "kill before")
            yield Fault(at, ways[3 + at % 6])


def test_the_injector_sees_every_act_of_a_build(acts: tuple[str, ...]) -> None:
    # Ledger, deck and preview: written, brought to the disk and renamed, and the journal before them.
    assert {name: acts.count(name) >= 4 for name in ("write", "fsync", "replace")} == {
        "write": True,
        "fsync": True,
        "replace": True,
    }


def test_whatever_goes_wrong_the_state_is_a_good_one_and_the_next_build_mends_all(
    scene: Path, good: tuple[State, State, State], acts: tuple[str, ...], tmp_path: Path
) -> None:
    tried = list(faults(acts))
    wrong: list[str] = []
    for fault in tried:
        copy = tmp_path / "scene"
        shutil.copytree(scene, copy)
        outcome = run(lambda copy=copy: again(copy), copy, fault)  # type: ignore[misc]
        wrong += [f"{fault} ({acts[fault.at]}): {problem}" for problem in problems(copy, outcome, fault, good)]
        shutil.rmtree(copy)

    assert len(tried) > 2 * len(acts) - 1
    assert wrong == []


def problems(folder: Path, outcome: Outcome, fault: Fault, good: tuple[State, State, State]) -> Iterator[str]:
    before, after, later = good
    found = state(folder)
    if outcome.end.startswith(("exception", "signal")):
        yield f"ended by {outcome.end}"
    if outcome.end == "well" and found not in (after, later):
        yield "said that all was well, and it was not"
    # Where every rename fails from some point on, putting back fails as well: then the journal tells.
    if outcome.end.startswith("error") and found != before and not fault.how.endswith("+"):
        yield f"{outcome.end}, and the files are not as they were"
    unknown = [name for name, data in found.items() if data not in (before.get(name), after.get(name))]
    if unknown:
        yield f"neither old nor new: {unknown}"
    is_mixed = found not in (before, after)
    if is_mixed and not (folder / "out" / JOURNAL).exists():
        yield f"mixed, and no journal tells: {[name for name in found if found[name] != before.get(name)]}"
    read_ledger(folder / "notes" / FILE_NAME)
    again(folder)
    if state(folder) not in (after, later):
        yield "the next build gave other bytes"
    if left_over(folder):
        yield f"left over: {left_over(folder)}"
