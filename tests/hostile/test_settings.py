"""Hostile `deck.toml`s: a sentence and exit code 2, or outputs that show the values and do not act on them."""

import json
from pathlib import Path

import pytest

from tests.hostile.records import Case, load
from tests.hostile.world import SECRET, World

CASES = [case for case in load() if case.group == "settings"]
STOPPING = [case for case in CASES if case.stops]
BUILDING = [case for case in CASES if not case.stops]


@pytest.mark.parametrize("case", STOPPING, ids=[case.name for case in STOPPING])
def test_settings_that_can_not_be_read_stop_the_run_with_a_sentence(case: Case, tmp_path: Path) -> None:
    world = World(tmp_path)
    if world.make([case]):
        pytest.skip("this file system can't hold it")
    done = world.run("check", seconds=30)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert case.stops in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("case", BUILDING, ids=[case.name for case in BUILDING])
def test_settings_with_hostile_values_are_only_shown(case: Case, tmp_path: Path) -> None:
    world = World(tmp_path)
    if world.make([case]):
        pytest.skip("this file system can't hold it")
    done = world.run("--only", "deck", "--only", "preview")

    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    page = (world.out / "preview.html").read_text(encoding="utf-8")
    head, _, rest = page.partition('<script type="application/json" id="content">')
    content = json.loads(rest.partition("</script>")[0])
    assert ("<script" in head.lower(), "canary" in rest.partition("</script>")[2]) == (False, False)
    assert any(case.token in card["fields"].get("Answer", "") for card in content["cards"])
