"""The command line: what it says of identity, and what the user can tell it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cribdeck.cli import main
from tests.deck.conftest import Desk

WATERMARK = "水印说明事件时间走到了哪里，由源头发出，随数据向下游流动。"
WINDOW = "滚动窗口、滑动窗口、会话窗口，另有全局窗口。"
STATE = "状态保存在算子里，由检查点恢复，可以随并行度重新分配。"
NOTE = f"# Flink\n## 水印\n{WATERMARK}\n## 窗口\n{WINDOW}\n## 状态\n{STATE}\n"


class Shop:
    """A notes folder, an output folder, and the program."""

    def __init__(self, root: Path) -> None:
        self.notes, self.output = root / "notes", root / "output"
        self.notes.mkdir(parents=True)

    def write(self, text: str, name: str = "a.md") -> None:
        (self.notes / name).write_text(text, encoding="utf-8")

    def run(self, *words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [*words, "--notes", str(self.notes), "--output", str(self.output)])
        assert result.exit_code == code, result.output
        return result

    def build(self, *more: str, code: int = 0) -> Result:
        return self.run("--only", "deck", *more, code=code)

    def numbers(self) -> dict[str, str]:
        return {card["question"]: card["number"] for card in json.loads(self.run("cards", "--json").stdout)}

    def guids(self) -> dict[str, str]:
        return {card["question"]: card["guid"] for card in json.loads(self.run("cards", "--json").stdout)}

    @property
    def ledger(self) -> Path:
        return self.notes / "ledger.jsonl"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.write(NOTE)
    shop.build()
    return shop


def test_plan_tells_new_reworded_moved_and_gone_and_writes_nothing(shop: Shop) -> None:
    numbers = shop.numbers()
    before = shop.ledger.read_bytes()
    shop.write(f"# Flink\n## 什么是水印？\n{WATERMARK}\n## 反压\n下游慢了，上游也慢下来。\n")
    shop.write(f"# 其它\n## 状态\n{STATE}\n", "b.md")

    plan = shop.run("plan").stdout
    new = shop.numbers()["反压"]

    assert plan.splitlines() == [
        f"updated  {numbers['Flink']}  a.md: Flink",
        f"reworded {numbers['水印']}  a.md: 水印 → 什么是水印？",
        f"new      {new}  a.md: Flink › 反压",
        f"moved    {numbers['状态']}  状态: a.md › Flink → b.md › 其它",
        f"gone     {numbers['窗口']}  a.md: Flink › 窗口",
        "1 new, 1 updated, 1 reworded, 1 moved, 1 gone",
    ]
    assert shop.ledger.read_bytes() == before


def test_link_gives_a_new_card_the_history_of_a_gone_one(shop: Shop) -> None:
    before = shop.guids()["窗口"]
    rewritten = NOTE.replace(f"## 窗口\n{WINDOW}", "## 怎样把流切成段？\n按时间，按条数，按间隔。")
    shop.write(rewritten)
    old, new = shop.numbers(), shop.numbers()["怎样把流切成段？"]
    assert shop.guids()["怎样把流切成段？"] != before

    shop.run("link", before, new)
    shop.build()

    assert shop.guids()["怎样把流切成段？"] == before
    assert "0 cards gone" in shop.run("retired").stdout
    assert old.keys() == shop.numbers().keys()


def test_a_doubtful_card_is_told_with_the_command_that_settles_it(shop: Shop) -> None:
    shop.write("# 选举限制\n领导者拥有所有日志条目，任期最大，索引最新，数据因此不会丢失。\n" + NOTE)
    shop.build()
    old = shop.numbers()["选举限制"]
    shop.write("# 选举的限制\n候选人带上任期，任期最大，索引最新，不够新就拒绝投票。\n# 又\n一。\n" + NOTE)
    new = shop.numbers()["选举的限制"]
    doubt = (
        f"doubtful {new}  a.md: 选举的限制; may be {old} (a.md: 选举限制): `link {old} {new}` says that it is the first"
    )

    plan = shop.run("plan").stdout.splitlines()
    shop.run("link", old, new)

    assert doubt in plan
    assert plan[-1] == "1 new, 0 updated, 1 gone, 1 doubtful"
    assert shop.numbers()["选举的限制"] == old
    assert shop.run("plan").stdout.splitlines()[-1] == "1 new, 1 updated, 0 gone"


def test_link_after_a_build_takes_the_new_cards_place(shop: Shop) -> None:
    before = shop.guids()["窗口"]
    shop.write(NOTE.replace(f"## 窗口\n{WINDOW}", "## 怎样把流切成段？\n按时间，按条数，按间隔。"))
    shop.build()
    new = shop.guids()["怎样把流切成段？"]

    shop.run("link", before, new)
    shop.build()

    assert shop.guids()["怎样把流切成段？"] == before
    assert "怎样把流切成段？" in shop.run("retired").stdout


def test_a_linked_card_is_updated_though_its_gone_note_was_tagged(shop: Shop, desk: Desk) -> None:
    desk.take((shop.output / "deck.apkg").read_bytes())
    before = shop.guids()["窗口"]
    shop.write(NOTE.replace(f"## 窗口\n{WINDOW}", "## 怎样把流切成段？\n按时间，按条数，按间隔。"))
    shop.build()
    shop.run("retired")
    desk.take((shop.output / "retired.apkg").read_bytes())
    shop.run("link", before, shop.guids()["怎样把流切成段？"])

    said = shop.build().stdout
    log = desk.take((shop.output / "deck.apkg").read_bytes())

    assert "0 new, 1 updated, 0 gone" in said
    assert [note.fields[0] for note in log.new] == []
    assert sorted(note.fields[0] for note in log.updated) == ["Flink", "怎样把流切成段？"]
    assert (desk.note("怎样把流切成段？").guid, desk.note("怎样把流切成段？").tags) == (before, ["a::Flink"])


def test_cards_are_new_to_the_deck_until_it_has_them(shop: Shop) -> None:
    shop.write(NOTE + "# 反压\n下游慢了，上游也慢下来。\n# 背书\n随后删掉。\n")
    shop.run("--only", "preview")
    shop.write(NOTE + "# 反压\n下游慢了，上游也慢下来。\n")

    assert "1 new, 0 updated, 0 gone" in shop.build().stdout
    assert "0 cards gone" in shop.run("retired").stdout


def test_link_refuses_a_card_that_another_card_is(shop: Shop) -> None:
    numbers = shop.numbers()

    refused = shop.run("link", numbers["水印"], numbers["窗口"], code=2)
    unknown = shop.run("link", "XXXX", numbers["窗口"], code=2)

    assert f"{numbers['水印']}: is the card of a.md:2" in refused.stderr
    assert "XXXX: no card of the ledger has this guid or number" in unknown.stderr


@pytest.mark.parametrize("is_built", [False, True], ids=["before the build", "after the build"])
def test_unlink_makes_a_wrong_match_a_new_card_for_good(shop: Shop, is_built: bool) -> None:  # noqa: FBT001
    old = shop.guids()["水印"]
    shop.write(NOTE.replace("## 水印", "## 什么是水印？"))
    assert shop.guids()["什么是水印？"] == old
    if is_built:
        shop.build()

    shop.run("unlink", old)
    new = shop.guids()["什么是水印？"]
    shop.build()

    assert new != old
    assert shop.guids()["什么是水印？"] == new
    assert "1 card gone" in shop.run("retired").stdout


def test_retired_notes_are_tagged_in_anki_and_nothing_else_of_them_changes(shop: Shop, desk: Desk) -> None:
    desk.take((shop.output / "deck.apkg").read_bytes())
    desk.study(desk.note("窗口"))
    before = {name: list(desk.note(name).fields) for name in ("窗口", "水印")}
    shop.write(NOTE.replace(f"## 窗口\n{WINDOW}\n", ""))
    shop.build()

    said = shop.run("retired").stdout
    log = desk.take((shop.output / "retired.apkg").read_bytes())

    assert "  tag:cribdeck::retired" in said.splitlines()
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert {name: list(desk.note(name).fields) for name in before} == before
    assert desk.note("窗口").cards()[0].reps == 3
    assert [note["Question"] for note in map(desk.col.get_note, desk.col.find_notes("tag:cribdeck::retired"))] == [
        "窗口"
    ]


def test_a_tagged_card_that_comes_back_loses_the_tag(shop: Shop, desk: Desk) -> None:
    desk.take((shop.output / "deck.apkg").read_bytes())
    shop.write(NOTE.replace(f"## 窗口\n{WINDOW}\n", ""))
    shop.build()
    shop.run("retired")
    desk.take((shop.output / "retired.apkg").read_bytes())
    shop.write(NOTE)
    shop.build()

    log = desk.take((shop.output / "deck.apkg").read_bytes())

    assert len(log.new) == 0
    assert "cribdeck::retired" not in desk.note("窗口").tags


def test_forgotten_cards_are_new_when_they_come_back(shop: Shop) -> None:
    old = shop.guids()["窗口"]
    shop.write(NOTE.replace(f"## 窗口\n{WINDOW}\n", ""))
    shop.build()
    shop.run("retired", "--forget")
    shop.write(NOTE)

    assert "0 cards gone" in shop.run("retired").stdout
    assert f'"{old}"' not in shop.ledger.read_text(encoding="utf-8")


def test_a_build_that_would_retire_most_of_the_deck_asks_first(shop: Shop) -> None:
    before = {path: path.read_bytes() for path in (shop.ledger, shop.output / "deck.apkg")}
    shop.write("# 完全别的\n一句话。\n")

    stopped = shop.build(code=3)

    assert "4 of the deck's 4 cards are not in" in stopped.stderr
    assert "--allow-retire" in stopped.stderr
    assert {path: path.read_bytes() for path in before} == before
    assert "4 gone" in shop.build("--allow-retire").stdout


@pytest.mark.parametrize("is_there", [True, False], ids=["the old deck is there", "no deck is there"])
def test_a_build_that_died_between_ledger_and_deck_is_made_good_by_the_next(shop: Shop, *, is_there: bool) -> None:
    deck = shop.output / "deck.apkg"
    old = deck.read_bytes()
    shop.write(NOTE.replace("## 窗口", "## 窗口有哪几种？") + "# 反压\n下游慢了，上游也慢下来。\n")
    shop.build()
    whole = {path: path.read_bytes() for path in (shop.ledger, deck)}
    deck.unlink()
    if is_there:
        deck.write_bytes(old)

    shop.build()

    assert {path: path.read_bytes() for path in whole} == whole


def test_a_lost_ledger_is_made_again_from_the_deck(shop: Shop, desk: Desk) -> None:
    shop.write(
        NOTE
        + "# Flink vs Storm\n| 方面 | Flink | Storm |\n|---|---|---|\n| 状态 | 内建 | 自管 |\n| 时间 | 事件 | 处理 |\n"
    )
    shop.build()
    desk.take((shop.output / "deck.apkg").read_bytes())
    guids, numbers = shop.guids(), shop.numbers()
    shop.ledger.unlink()

    said = shop.build().stdout
    log = desk.take((shop.output / "deck.apkg").read_bytes())

    assert "ledger was missing: made again from the last deck (7 cards found)" in said
    assert (shop.guids(), shop.numbers()) == (guids, numbers)
    assert (len(log.new), len(log.updated)) == (0, 0)


def test_a_lost_ledger_beside_a_broken_deck_stops_the_build(shop: Shop) -> None:
    shop.ledger.unlink()
    (shop.output / "deck.apkg").write_bytes(b"no zip")

    stopped = shop.build(code=3)

    assert "the ledger is missing" in stopped.stderr
    assert not shop.ledger.exists()


def test_two_branches_merged_line_by_line_are_one_ledger(shop: Shop, tmp_path: Path) -> None:
    lines = shop.ledger.read_text(encoding="utf-8").splitlines()
    theirs = Shop(tmp_path / "theirs")
    theirs.write(NOTE.replace("## 窗口", "## 窗口有哪几种？"))
    shutil.copy(shop.ledger, theirs.ledger)
    theirs.build()
    shop.write(NOTE + "# 反压\n下游慢了，上游也慢下来。\n")
    shop.build()
    ours, other = (set(one.ledger.read_text(encoding="utf-8").splitlines()) for one in (shop, theirs))
    base = set(lines)
    merged = (base & ours & other) | (ours - base) | (other - base)
    changed_by_both = {json.loads(line)["guid"] for line in ours - base if '"guid"' in line} & {
        json.loads(line)["guid"] for line in other - base if '"guid"' in line
    }
    assert changed_by_both == set()
    shop.ledger.write_text("".join(f"{line}\n" for line in [lines[0], *sorted(merged - {lines[0]})]), encoding="utf-8")
    guids = shop.guids() | theirs.guids()
    shop.write(NOTE.replace("## 窗口", "## 窗口有哪几种？") + "# 反压\n下游慢了，上游也慢下来。\n")

    assert shop.guids() == {name: guid for name, guid in guids.items() if name != "窗口"}
