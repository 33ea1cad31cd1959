"""The ledger: who is who from build to build."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from cribdeck.errors import LedgerUnreadable
from cribdeck.ledger import (
    Built,
    Ledger,
    Shipped,
    content_hash,
    entries_of,
    identify,
    read_ledger,
    record,
    record_styles,
    write_ledger,
)
from cribdeck.ledger.ranks import ranked
from cribdeck.model import Card
from tests.outline import studied

EMPTY = Ledger("salt")


def cards(text: str) -> tuple[Card, ...]:
    return studied(text).cards


def ship(ledger: Ledger, text: str, *, now: int, unread: tuple[str, ...] = ()) -> Ledger:
    """A build of a deck whose shipped content is just the answers."""
    found = cards(text)
    shipped = [Shipped("Q", "".join(block.html for block in card.answer)) for card in found]
    return record(ledger, Built(entries_of(found), identify(found, ledger), shipped, unread), now=now)


def guids(ledger: Ledger, text: str) -> dict[str, str]:
    found = cards(text)
    return {card.key: identity.guid for card, identity in zip(found, identify(found, ledger), strict=True)}


def test_two_builds_of_the_same_notes_agree() -> None:
    text = "# a\nx\n# b\ny\n"

    assert guids(EMPTY, text) == guids(ship(EMPTY, text, now=5), text)


def test_two_users_guids_differ() -> None:
    text = "# a\nx\n"

    assert guids(EMPTY, text) != guids(Ledger("pepper"), text)


def test_a_guid_stays_when_the_answer_changes_and_when_a_question_gets_sub_questions() -> None:
    ledger = ship(EMPTY, "# a\nx\n", now=5)

    assert guids(ledger, "# a\nchanged\n") == guids(EMPTY, "# a\nx\n")
    assert guids(ledger, "# a\nx\n## b\ny\n## c\nz\n")["a"] == guids(EMPTY, "# a\nx\n")["a"]


def test_an_id_in_the_heading_wins_over_its_place() -> None:
    ledger = ship(EMPTY, "# a {#spark}\nx\n", now=5)

    assert (
        guids(ledger, "# outer\n## quite another {#spark}\ny\n")["quite another"]
        == guids(ledger, "# a {#spark}\nx\n")["a"]
    )


def test_equal_questions_of_one_place_are_told_apart_by_their_order() -> None:
    found = identify(cards("# a\nx\n# a\ny\n"), EMPTY)

    assert len({identity.guid for identity in found}) == 2
    assert len({identity.number for identity in found}) == 2


def test_mod_moves_only_for_what_changed_and_never_back() -> None:
    first = ship(EMPTY, "# a\nx\n# b\ny\n", now=100)
    second = ship(first, "# a\nx\n# b\nother\n", now=50)
    third = ship(second, "# a\nx\n# b\nother\n", now=900)

    mods = [{entry.question: entry.mod for entry in ledger.entries.values()} for ledger in (first, second, third)]
    assert mods == [{"a": 100, "b": 100}, {"a": 100, "b": 101}, {"a": 100, "b": 101}]


def test_a_gone_card_is_retired_and_comes_back_as_itself() -> None:
    first = ship(EMPTY, "# a\nx\n# b\ny\n", now=100)
    second = ship(first, "# a\nx\n", now=200)
    third = ship(second, "# a\nx\n# b\ny\n", now=300)

    assert {entry.question: entry.retired for entry in second.entries.values()} == {"a": 0, "b": 200}
    assert {entry.question: (entry.retired, entry.mod) for entry in third.entries.values()} == {
        "a": (0, 100),
        "b": (0, 100),
    }
    assert set(third.entries) == set(first.entries)


def test_a_card_that_no_deck_ever_had_is_forgotten_once_it_is_gone() -> None:
    found = cards("# a\nx\n# b\ny\n")
    planned = record(EMPTY, Built(entries_of(found), identify(found, EMPTY), None), now=100)
    kept = ship(planned, "", now=200, unread=("note.md",))

    assert kept == planned
    assert [entry.question for entry in ship(planned, "# a\nx\n", now=200).entries.values()] == ["a"]


def test_nothing_is_retired_because_its_file_could_not_be_read() -> None:
    first = ship(EMPTY, "# a\nx\n", now=100)

    assert ship(first, "", now=200, unread=("note.md",)) == first


def test_a_note_type_moves_when_its_look_changes() -> None:
    first = record_styles(EMPTY, {"Q": "one"}, now=100)
    same = record_styles(first, {"Q": "one"}, now=200)
    other = record_styles(same, {"Q": "two"}, now=100)

    assert [ledger.styles["Q"].mod for ledger in (first, same, other)] == [100, 100, 101]


def test_it_is_written_sorted_and_read_back_the_same(tmp_path: Path) -> None:
    ledger = record_styles(ship(EMPTY, "# a\nx\n## b\ny\n## c\nz\n", now=100), {"Q": "one"}, now=100)
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(write_ledger(ledger))

    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{"cribdeck":1,"salt":"salt"}'
    assert lines[2:] == sorted(lines[2:])
    assert read_ledger(path) == ledger
    assert read_ledger(tmp_path / "none.jsonl") is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "1: the first line is not that of a ledger"),
        ("nonsense\n", "1: the first line is not that of a ledger"),
        ('{"cribdeck":9,"salt":"s"}\n', "1: it is of version 9; this cribdeck knows up to 1"),
        (
            '{"cribdeck":1,"salt":"s"}\n<<<<<<< HEAD\n',
            "2: a conflict of a git merge: keep the lines of both sides, one for each guid, and drop the marks",
        ),
        ('<<<<<<< HEAD\n{"cribdeck":1,"salt":"s"}\n', "1: a conflict of a git merge: "),
        (
            '{"cribdeck":1,"salt":"s"}\n{"cribdeck":1,"salt":"t"}\n',
            "2: a second first line: two ledgers were begun apart",
        ),
        ('{"cribdeck":1,"salt":"s"}\n{"guid":"x"', "2: the last line is cut off"),
        ('{"cribdeck":1,"salt":"s"}', "1: the last line is cut off"),
        ('{"cribdeck":1,"salt":"s"}\n{"guid":"x"\n', "2: not a line of a ledger: "),
        ('{"cribdeck":1,"salt":"s"}\n\n', "2: not a line of a ledger: "),
        (
            '{"cribdeck":1,"salt":"s"}\n{"guid":"x","kind":"quiz","file":"a","trail":[],"question":"q"}\n',
            "2: not a line of a ledger: Invalid enum value 'quiz'",
        ),
        (
            '{"cribdeck":1,"salt":"s"}\n{"guid":"x","kind":"row","file":"a","trail":[],"question":"q","hsah":""}\n',
            "2: not a line of a ledger: Object contains unknown field `hsah`",
        ),
        (
            '{"cribdeck":1,"salt":"s"}\n' + '{"note_type":"Q","hash":"x","mod":1}\n' * 2,
            "3: note type Q stands in line 2 as well: keep one of the two",
        ),
        (
            '{"cribdeck":1,"salt":"s"}\n' + '{"guid":"G","kind":"question","file":"a","trail":[],"question":"q"}\n' * 2,
            "3: guid G stands in line 2 as well: keep one of the two",
        ),
    ],
)
def test_a_ledger_that_cant_be_trusted_stops_the_build(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(LedgerUnreadable) as caught:
        read_ledger(path)

    assert str(caught.value).startswith(f"{path}:{problem}")
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("answer", ["", "of another version: 12 ab cd", "zz !! == =="])
def test_answers_that_another_version_wrote_down_say_nothing_and_lose_nothing(answer: str) -> None:
    text = "# a\nx\n## b\ny\n# 1. c\nz\n"
    ledger = ship(EMPTY, text, now=5)
    entries = {guid: replace(entry, answer=answer) for guid, entry in ledger.entries.items()}
    other = Ledger(ledger.salt, entries)

    found = guids(other, text.replace("1. c", "c"))

    assert {key.removeprefix("1. "): guid for key, guid in guids(ledger, text).items()} == found


def test_short_numbers_follow_the_guid() -> None:
    found = identify(cards("# a\nx\n"), EMPTY)
    again = identify(cards("# new\ny\n# a\nx\n"), EMPTY)

    assert found[0] == again[1]


def test_a_line_is_short_enough_to_be_read_in_a_diff() -> None:
    trail = "".join(f"{'#' * level} 第{level}层的一个相当长的标题，说的是流处理\n" for level in range(1, 5))
    found = cards(trail + "一段很长的答案，有很多句子。" * 200)
    shipped = [Shipped("Cribdeck Question", content_hash([str(card)])) for card in found]
    ledger = record(EMPTY, Built(entries_of(found), identify(found, EMPTY), shipped), now=1_700_000_000)

    assert max(len(line) for line in write_ledger(ledger).decode().splitlines()) < 400


def test_a_section_that_is_added_changes_no_other_line() -> None:
    text = [f"# 问{n}\n答{n}\n" for n in range(6)]
    first = ship(EMPTY, "".join(text), now=100)
    second = ship(first, "".join([*text[:3], "# 新\n新的\n", *text[3:]]), now=200)

    assert [guid for guid, entry in second.entries.items() if first.entries.get(guid) != entry] == [
        guid for guid, entry in second.entries.items() if entry.question == "新"
    ]


@pytest.mark.parametrize(
    ("had", "ranks"),
    [
        ([0, 0, 0], [1024, 2048, 3072]),
        ([1024, 0, 2048], [1024, 1536, 2048]),
        ([2048, 1024, 3072], [512, 1024, 3072]),
        ([5, 0, 6], [1024, 2048, 3072]),
        ([0, 4, 0], [2, 4, 1028]),
        ([], []),
    ],
)
def test_ranks_rise_and_stay_where_the_order_is_the_same(had: list[int], ranks: list[int]) -> None:
    assert ranked(had) == ranks


def test_two_cards_that_two_branches_gave_one_number_are_told_apart() -> None:
    first = ship(EMPTY, "# a\nx\n# b\ny\n", now=1)
    same = Ledger("salt", {guid: replace(entry, number="ABCD") for guid, entry in first.entries.items()})

    found = identify(cards("# a\nx\n# b\ny\n"), same)

    assert {identity.guid for identity in found} == set(first.entries)
    assert len({identity.number for identity in found}) == 2
    assert "ABCD" in {identity.number for identity in found}


def test_a_hash_in_a_ledger_stays_what_it_was() -> None:
    assert content_hash(["Cribdeck Question", 'a "b"\n\té', "字😀", ""]) == "5ad4d088938ef4883e5e57ee"
