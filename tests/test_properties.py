"""What holds for any text at all."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from cribdeck.files import decode
from cribdeck.model import Card, Role, Study
from tests.outline import studied

LINES = st.sampled_from(
    [
        "# 问 A", "##问B", "### C vs D", "#tag", "text", "文字。", "- item", "-甲", "-乙", "1.foo", "2.bar",
        "标签：正文", "标签:", "```java", "```", "> quote", "| a | b |", "|---|---|", "| 1 | 2 |",
        "<details><summary>Q</summary>",
        "</details>", "<div>", "</div>", "[](https://example.org/a)", "[[x#y]]", "![](p.png)", "$a$", "$$", "==m==",
        "<!--", "-->", "---", "===", "    code", "", "", "  - nested", "1. ### in list", "[^1]",
        "[^1]: note", "**b：**x", "été Ünï",
    ]
)  # fmt: skip
OPENING = {"```java", "```", "<details><summary>Q</summary>", "<div>", "</div>", "$$", "<!--", "[^1]", "[^1]: note"}
"""Lines that may take in what follows them, however far."""
NOTES = st.lists(LINES, max_size=30).map("\n".join)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(ANY | NOTES)
@settings(max_examples=300, deadline=None)
def test_any_text_builds(text: str) -> None:
    studied(text)


@given(NOTES)
@settings(max_examples=300, deadline=None)
def test_every_heading_has_exactly_one_role_and_no_card_is_empty(text: str) -> None:
    found = studied(text)

    places = [section.place for document in found.documents for section in document.walk()]
    assert len(places) == len(set(places)) == len(found.roles)
    assert {gap.place for gap in found.gaps} == {place for place, role in found.roles.items() if role is Role.GAP}
    for card in found.cards:
        assert card.key
        assert has_back(card)


def has_back(card: Card) -> bool:
    return bool(card.items or card.table or any(block.text or "<img" in block.html for block in card.answer))


@given(st.lists(LINES.filter(lambda line: line not in OPENING), max_size=20).map("\n".join), NOTES)
@settings(max_examples=200, deadline=None)
def test_a_section_added_at_the_end_changes_no_other_sections_cards(before: str, added: str) -> None:
    alone = of_sections(studied("\n" + before + "\n\n# last\n"))
    with_more = of_sections(studied("\n" + before + "\n\n# last\n\n# 问 other\n" + added))

    assert with_more[: len(alone)] == alone


def of_sections(found: Study) -> list[str]:
    """The cards that stand before the section `last`, with all that is on them."""
    last = next(section.place for document in found.documents for section in document.walk() if section.key == "last")
    return [
        f"{card.kind} {card.place} {card.trail} {card.key} {card.part} {card.answer}"
        for card in found.cards
        if card.place < last
    ]


@given(ANY | NOTES)
@settings(max_examples=200, deadline=None)
def test_line_ends_and_a_byte_order_mark_change_nothing(text: str) -> None:
    text = unicodedata.normalize("NFC", text.replace("\r", "").replace("\0", "").lstrip("\ufeff"))

    assert decode(text.encode("utf-8")) == text
    assert decode(text.replace("\n", "\r\n").encode("utf-8")) == text
    assert decode(b"\xef\xbb\xbf" + text.encode("utf-8")) == text
    assert decode(unicodedata.normalize("NFD", text).encode("utf-8")) == text
