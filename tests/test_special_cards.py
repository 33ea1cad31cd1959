"""Cloze, term and reverse cards: which are made, and that each keeps its identity."""

import pytest

from cribdeck.ledger import Built, Ledger, entries_of, identify, record
from cribdeck.settings import CardSettings, Settings
from tests.outline import studied

CLOZE = "# 提交分几步？\n<!-- card: cloze -->\n先==预提交==，再==提交==。\n"


def cards(text: str, **wanted: bool) -> list[tuple[str, str, str]]:
    settings = Settings(cards=CardSettings(**wanted))
    return [(card.kind.value, card.key, card.part) for card in studied(text, settings=settings).cards]


def test_a_heading_that_asks_for_cloze_gives_one_card_a_phrase_in_place_of_the_question() -> None:
    assert cards(CLOZE) == [("cloze", "提交分几步？", "预提交"), ("cloze", "提交分几步？", "提交")]


def test_the_setting_makes_cloze_cards_beside_the_question() -> None:
    text = "# a\n==x== and `==no==`, again ==x==\n# b\nno marks\n"

    assert cards(text, cloze=True) == [("question", "a", ""), ("cloze", "a", "x"), ("question", "b", "")]
    assert cards(text) == [("question", "a", ""), ("question", "b", "")]


def test_a_heading_that_asks_for_cloze_without_a_mark_stays_a_question() -> None:
    assert cards("# a\n<!-- card: cloze -->\ntext\n") == [("question", "a", "")]


@pytest.mark.parametrize(
    "text",
    [
        "# 词汇\n背压：下游慢，上游跟着慢\n水位：时间的下界\n",
        "# 词汇\n| 词 | 意思 |\n|---|---|\n| 背压 | 下游慢 |\n| 水位 | 下界 |\n| 空 | |\n",
    ],
)
def test_terms_come_from_definitions_and_from_tables_of_two_columns(text: str) -> None:
    assert cards(text, term=True) == [("question", "词汇", ""), ("term", "词汇", "背压"), ("term", "词汇", "水位")]


def test_reverse_cards_come_from_short_answers_or_where_they_are_asked_for() -> None:
    long = "很长的答案。" * 60

    assert cards(f"# a\n短\n# b\n{long}\n", reverse=True) == [
        ("question", "a", ""),
        ("reverse", "a", "reverse"),
        ("question", "b", ""),
    ]
    assert cards(f"# b\n<!-- card: reverse -->\n{long}\n")[1] == ("reverse", "b", "reverse")


def test_an_overview_with_text_of_its_own_has_special_cards_too() -> None:
    assert cards("# a\n==x==\n## b\n1\n## c\n2\n", cloze=True)[:2] == [("overview", "a", ""), ("cloze", "a", "x")]


def test_an_overview_without_text_asks_for_nothing_backwards() -> None:
    assert ("reverse", "a", "reverse") not in cards("# a\n## b\n1\n## c\n2\n", reverse=True)
    assert ("reverse", "a", "reverse") in cards("# a\nx\n## b\n1\n## c\n2\n", reverse=True)


def test_special_cards_are_no_repeated_questions() -> None:
    settings = Settings(cards=CardSettings(term=True, cloze=True, reverse=True))

    assert studied("# a\n甲：==x==\n乙：y\n", settings=settings).diagnostics == ()


def test_a_phrase_keeps_its_guid_when_others_are_put_before_it_reworded_or_taken_out() -> None:
    first = built(CLOZE, Ledger("salt"))
    more = built(CLOZE.replace("先", "先==检查==，"), first[1])
    fewer = built(CLOZE.replace("==预提交==", "预提交"), first[1])

    assert more[0]["预提交"] == first[0]["预提交"]
    assert more[0]["提交"] == first[0]["提交"]
    assert fewer[0] == {"提交": first[0]["提交"]}


def test_a_question_that_becomes_a_cloze_gets_a_guid_of_its_own() -> None:
    before = built(CLOZE.replace("<!-- card: cloze -->\n", ""), Ledger("salt"))
    after = built(CLOZE, before[1])

    assert set(before[0].values()).isdisjoint(after[0].values())


def built(text: str, ledger: Ledger, settings: Settings | None = None) -> tuple[dict[str, str], Ledger]:
    """The guids by phrase, and the ledger after the build."""
    found = studied(text, settings=settings).cards
    identities = identify(found, ledger)
    known = record(ledger, Built(entries_of(found), identities, None), now=1)
    return {card.part: identity.guid for card, identity in zip(found, identities, strict=True)}, known


def test_a_term_that_becomes_a_cloze_gets_a_guid_of_its_own() -> None:
    text = "# 词汇\n背压：下游慢，这就是==背压==\n水位：时间的下界\n"
    term, cloze = (
        Settings(cards=CardSettings(term=kind == "term", cloze=kind == "cloze")) for kind in ("term", "cloze")
    )
    before = built(text, Ledger("salt"), term)
    after = built(text, before[1], cloze)

    assert before[0]["背压"] != after[0]["背压"]
