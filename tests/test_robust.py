"""Notes that no one would write by hand: they are read in bounded time, and nothing falls over."""

import gc
import time

import pytest

from cribdeck.files import decode
from tests.outline import read, studied

SECONDS = 20
"""Far more than any of these takes (under one second), far less than what a quadratic reading of them would."""

TORTURE = {
    "quotes": "> " * 10_000 + "deep",
    "lists": "".join("  " * depth + "- x\n" for depth in range(500)),
    "lists in a line": "- " * 10_000 + "deep",
    "emphasis": "*a " * 10_000,
    "brackets": "[" * 10_000 + "x" + "]" * 10_000,
    "pictures": "![" * 5_000 + "x" + "](a)" * 5_000,
    "html blocks": "<div>" * 10_000 + "x" + "</div>" * 10_000,
    "html in text": "a " + "<b>" * 10_000 + "x" + "</b>" * 10_000,
    "details": "<details><summary>q</summary>\n" * 1_000 + "x\n" + "</details>\n" * 1_000,
    "open details": "<details>\n" * 5_000,
    "a long line": "字" * 2_000_000,
    "backticks": "".join("`" * count + "a" for count in range(1_000)),
    "labels in a line": "a：" * 50_000,
    "label lines": "".join(f"标签{number}：正文\n" for number in range(5_000)),
    "numbered lines": "".join(f"{number % 99 + 1}.正文\n" for number in range(5_000)),
    "a wide table": "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + ("|x" * 500 + "|\n") * 20,
    "links": "[a](https://example.org) " * 10_000,
    "wikilinks": "[[a]] " * 10_000,
    "dollars": "$a " * 20_000,
    "highlights": "==a " * 20_000,
    "formulas": "\\(a " * 20_000,
    "comments": "<!-- " * 20_000,
    "angle brackets": "<a " * 20_000,
    "headings": "".join(f"# h{number}\ntext\n" for number in range(5_000)),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TORTURE.items()])
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    started = time.monotonic()
    studied("# q\n" + text + "\n")

    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("data", [b"# q\na\0b\n", b"\xff\xfe\x00\xd8a\x00", b"\x80\x81"])
def test_bytes_that_are_no_text_give_an_offset(data: bytes) -> None:
    assert isinstance(decode(data), int)


def test_control_characters_and_halves_of_characters_are_no_text() -> None:
    (section,) = read("# a\ud800\x1b\x07\n1\x0b2\x0c3\x854\u20285\u20296 \udfff\x7f\x9b\n").sections

    assert (section.key, section.body[0].text) == ("a", "1 2 3 4 5 6")


def test_what_is_nested_deep_is_all_there() -> None:
    text = "".join("  " * depth + f"- w{depth}\n" for depth in range(200))

    (section,) = read("# q\n" + text).sections
    assert [f"w{depth}" for depth in range(200) if f"w{depth}" not in section.body[0].text.split()] == []


@pytest.mark.parametrize(
    "line", ["[](http://[x)", "- <http://[x/>", "![](http://[x)", "来源：http://a]b[/", "http://[::1/a"]
)
def test_an_address_that_is_none_costs_nothing(line: str) -> None:
    (section,) = read(f"# q\nan answer\n\n{line}\n").sections

    assert section.body[0].text == "an answer"


def test_a_note_that_was_read_leaves_nothing_to_collect() -> None:
    note = "# a\n\n- *b* [c](d)\n\n> e\n\n| f | g |\n|---|---|\n| h | i |\n\n```sh\nj\n```\n\n---\n\nk[^1]\n\n[^1]: l\n"
    read(note)
    gc.collect()
    gc.disable()
    try:
        read(note)
        assert gc.collect() == 0
    finally:
        gc.enable()
