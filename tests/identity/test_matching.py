"""Which card of the notes is which of the ledger's: edits of whole folders, and who keeps whose guid."""

import pytest

from cribdeck.cards import study
from cribdeck.ledger import Built, Doubt, Ledger, entries_of, identify, recognise, record
from cribdeck.model import Card
from cribdeck.settings import CardSettings, Settings
from tests.outline import read, studied

EMPTY = Ledger("salt")
RAFT = "选举限制保证新的领导者拥有所有已提交的日志条目，否则已提交的数据可能丢失。"
PAXOS = "提议者先请求承诺，多数派答应之后才提交自己的值，冲突时编号大的胜出。"
GOSSIP = "每个节点随机挑选邻居交换状态，最终所有节点得到相同的信息，代价是延迟。"


def cards(*texts: str) -> tuple[Card, ...]:
    return studied(*texts).cards


def studied_at(files: dict[str, str]) -> tuple[Card, ...]:
    """The cards of notes of these names."""
    return study([read(text, file=name) for name, text in files.items()], Settings()).cards


def built(*texts: str) -> Ledger:
    found = cards(*texts)
    return record(EMPTY, Built(entries_of(found), identify(found, EMPTY), None), now=1)


def name(card: Card) -> str:
    return f"{card.file}: " + " › ".join((*card.trail, card.key, *filter(None, [card.part])))


def answer_of(card: Card) -> str:
    return " ".join(block.text for block in card.answer)


def kept(ledger: Ledger, *texts: str) -> dict[str, str]:
    """What each card is called → what the card of the same guid was called in the ledger; "" for a new card."""
    found = cards(*texts)
    old = {
        guid: f"{entry.file}: " + " › ".join(entry.path) for guid, entry in ledger.entries.items() if not entry.retired
    }
    return {name(card): old.get(who.guid, "") for card, who in zip(found, identify(found, ledger), strict=True)}


def one_file(old: str, new: str) -> dict[str, str]:
    """As `kept`, without the file's name."""
    found = kept(built(old), new)
    return {now.removeprefix("note.md: "): was.removeprefix("note.md: ") for now, was in found.items()}


def test_a_reworded_question_is_known_by_its_answer() -> None:
    assert one_file(f"# a\n{RAFT}\n# b\n{PAXOS}\n", f"# 选举限制\n{RAFT}\n# b\n{PAXOS}\n") == {
        "选举限制": "a",
        "b": "b",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.2 缓存雪崩", "3、缓存雪崩"),
        ("缓存雪崩", "缓存雪崩(Cache Avalanche)"),
        ("缓存雪崩？", "缓存 雪崩?"),
        ("ＨａｓｈＭａｐ", "hashmap"),
        ("Q12: What is JSX?", "What is JSX"),
        ("（三）限流", "四、限流"),
    ],
)
def test_looser_spellings_of_one_heading_are_one(old: str, new: str) -> None:
    found = one_file(f"# {old}\n短\n# 别的\n{RAFT}\n", f"# 前\n{GOSSIP}\n# {new}\n换了\n# 别的\n{RAFT}\n")

    assert [bool(was) for was in found.values()] == [False, True, True]


def test_numbers_can_be_all_that_tells_headings_apart() -> None:
    old = "# Answer: 1\nfirst\n# Answer: 3\nthird\n"
    new = "# Answer: 1\nfirst\n# Answer: 2\nsecond\n# Answer: 3\nthird\n"

    assert one_file(old, new) == {"Answer: 1": "Answer: 1", "Answer: 2": "", "Answer: 3": "Answer: 3"}


def test_equal_headings_follow_their_answers_when_their_order_changes() -> None:
    old = f"# 例\n{RAFT}\n# 例\n{PAXOS}\n"
    new = f"# 例\n{GOSSIP}\n# 例\n{PAXOS}\n# 例\n{RAFT}\n"
    ledger = built(old)
    by_answer = {answer_of(card): who.guid for card, who in zip(cards(old), identify(cards(old), EMPTY), strict=True)}

    found = {answer_of(card): who.guid for card, who in zip(cards(new), identify(cards(new), ledger), strict=True)}

    assert {answer: found[answer] for answer in by_answer} == by_answer
    assert found[GOSSIP] not in by_answer.values()


def test_titles_that_stand_everywhere_prove_nothing() -> None:
    old = f"# 甲\n## 总述\n{RAFT}\n## 甲一\n{PAXOS}\n"
    new = f"# 乙\n## 总述\n{GOSSIP}\n## 乙一\n短短的一句话，说的是另外一件事。\n"

    assert set(kept(built(old, "# 丙\n丙的文字\n"), "# 丙\n丙的文字\n", new).values()) == {"", "note2.md: 丙"}


def test_a_moved_section_takes_its_children_along() -> None:
    old = f"# 一致性\n## Raft\n{RAFT}\n### 例\n一\n# 传播\n## Gossip\n{GOSSIP}\n### 例\n二\n"
    new = f"# 传播\n## Gossip\n{GOSSIP}\n### 例\n二改\n## Raft\n{RAFT}\n### 例\n一改\n"

    found = one_file(old, new)

    assert found["传播 › Raft › 例"] == "一致性 › Raft › 例"
    assert found["传播 › Gossip › 例"] == "传播 › Gossip › 例"


def test_what_two_cards_are_equally_likely_to_be_is_left_open_and_told() -> None:
    old = f"# 甲\n{RAFT}\n## 第一\n短一\n# 乙\n{RAFT}\n## 第二\n短二\n# 末\n{PAXOS}\n"
    new = f"# 丙\n{RAFT}\n# 末\n{PAXOS}\n"
    ledger = built(old)
    guids = {entry.question: guid for guid, entry in ledger.entries.items()}

    found = recognise(cards(new), ledger)

    assert found.identities[0].guid not in ledger.entries
    assert found.doubts == (Doubt(0, tuple(sorted((guids["甲"], guids["乙"])))),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"# 甲\n{RAFT}\n", f"# 乙\n{PAXOS}\n"),
        (f"# 怎样保证不丢数据\n{RAFT}\n", f"# 怎样保证不丢消息\n{GOSSIP}\n"),
        ("# 树\n## 概念\n一\n## 实现\n二\n## 遍历\n三\n", "# 图\n## 概念\n四\n## 实现\n五\n## 遍历\n六\n"),
    ],
    ids=["nothing in common", "a like heading alone", "sub-headings alone, where a pattern repeats"],
)
def test_a_section_that_stands_where_another_was_deleted_is_new(old: str, new: str) -> None:
    frame = "# 前\n前面的文字。\n{}# 后\n后面的文字。\n"

    found = one_file(frame.format(old), frame.format(new))

    first = new.partition("\n")[0].removeprefix("# ")
    assert (found["前"], found["后"], found[first]) == ("前", "后", "")


def test_what_is_likely_but_not_sure_is_left_open_and_told() -> None:
    after = "# 后\n后面的文字。\n# 末\n最后的文字。\n"
    ledger = built(f"# 选举限制\n领导者拥有所有已提交的日志条目，任期最大，索引最新，数据因此不会丢失。\n{after}")
    guids = {entry.question: guid for guid, entry in ledger.entries.items()}

    found = recognise(
        cards(f"# 选举的限制\n候选人带上自己的任期，任期最大，索引最新，不够新就拒绝投票。\n# 又\n一。\n{after}"),
        ledger,
    )

    assert found.identities[0].guid not in ledger.entries
    assert found.doubts == (Doubt(0, (guids["选举限制"],)),)


def test_the_same_heading_in_the_same_note_is_the_same_card_at_another_level() -> None:
    answers = (RAFT, PAXOS, GOSSIP)
    old = "# 分布式\n" + "".join(f"## 第{n}种协议\n{answer}\n" for n, answer in enumerate("甲乙丙"))
    new = "# 分布式\n## 协议\n" + "".join(f"### 第{n}种协议\n{answer}\n" for n, answer in enumerate(answers))

    found = one_file(old, new)

    assert [found[f"分布式 › 协议 › 第{n}种协议"] for n in range(3)] == [f"分布式 › 第{n}种协议" for n in range(3)]


def test_a_translated_note_follows_its_folder_when_that_is_renamed() -> None:
    kept_note, other_note = f"# 一\n{RAFT}\n# 二\n{PAXOS}\n", "# HTML\n## 标签\n旧\n## 属性\n旧\n"
    before = studied_at({"zh/README.md": kept_note, "zh/html.md": other_note})
    after = studied_at({"i18n/cn/README.md": kept_note, "i18n/cn/html.md": other_note.replace("旧", "全新的说法")})
    first = identify(before, EMPTY)
    ledger = record(EMPTY, Built(entries_of(before), first, None), now=1)

    assert identify(after, ledger) == first


def test_a_list_of_contents_says_nothing_about_who_a_card_is() -> None:
    contents = "".join(f"- [第`{n}`问](#第{n}问)\n" for n in range(9))
    questions = "".join(f"## 第{n}问\n{answer}\n" for n, answer in enumerate((RAFT, PAXOS, GOSSIP)))

    found = one_file(f"# 关于样式的题\n{contents}{questions}", f"# 其中\n{contents}{questions}")

    assert found["其中"] == ""


def test_an_id_says_that_a_card_is_another_whatever_stands_there() -> None:
    ledger = built(f"# a {{#one}}\n{RAFT}\n")

    (found,) = identify(cards(f"# a {{#two}}\n{RAFT}\n"), ledger)

    assert found.guid not in ledger.entries


def test_a_card_that_moved_away_leaves_its_place_to_another_guid() -> None:
    ledger = built(f"# a\n{RAFT}\n# z\n{GOSSIP}\n")
    found = kept(ledger, f"# a\n{PAXOS}\n# z\n{GOSSIP}\n# b\n{RAFT}\n")
    again = recognise(cards(f"# b\n{RAFT}\n# z\n{GOSSIP}\n"), ledger)

    assert found["note.md: z"] == "note.md: z"
    assert len({who.guid for who in again.identities}) == 2


TABLE = "| term | meaning |\n|---|---|\n"
SOURCE = "| 源头 | 发出水印的算子 |\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("水印由==源头==发出。\n", "==水印==由==源头==发出，随数据流动。\n"),
        (TABLE + SOURCE, TABLE + "| 下游 | 收 |\n" + SOURCE),
    ],
    ids=["clozes", "terms"],
)
def test_parts_follow_their_reworded_and_moved_section(old: str, new: str) -> None:
    wanted = Settings(cards=CardSettings(cloze=True, term=True))
    before = studied(f"# 水印\n{RAFT}{PAXOS}\n\n{old}", settings=wanted).cards
    first = identify(before, EMPTY)
    ledger = record(EMPTY, Built(entries_of(before), first, None), now=1)
    after = studied(f"# 别的\n{GOSSIP}\n# 什么是水印？\n{RAFT}{PAXOS}\n\n{new}", settings=wanted).cards

    second = identify(after, ledger)

    parts = {(card.kind, card.part): who.guid for card, who in zip(before, first, strict=True) if card.part}
    now = {(card.kind, card.part): who.guid for card, who in zip(after, second, strict=True)}
    assert len(parts) == 1
    assert {part: now[part] for part in parts} == parts


def test_matching_does_not_depend_on_the_order_of_the_ledgers_lines() -> None:
    text = "".join(f"# 问{n}\n{RAFT}第{n}条\n## 例\n{n}\n" for n in range(20))
    other = "".join(f"# 题{n}\n{RAFT}第{n}条\n## 例\n{n}\n" for n in range(19, -1, -1))
    ledger = built(text)
    turned = Ledger("salt", dict(sorted(ledger.entries.items(), reverse=True)))

    assert identify(cards(other), ledger) == identify(cards(other), turned)
