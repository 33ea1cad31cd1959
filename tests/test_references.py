"""References between notes lead to the heading that is meant, or are told."""

from cribdeck.diagnostics import Code, Place
from tests.outline import read, studied


def links(*texts: str) -> dict[str, str]:
    found = studied(*texts)
    return {target: str(place) for (_, target), place in found.links.items()}


def complaints(*texts: str) -> list[str]:
    found = studied(*texts)
    kinds = (Code.UNRESOLVED_LINK, Code.AMBIGUOUS_LINK)
    return [f"{d.place}: {d.message}" for d in found.diagnostics if d.code in kinds]


def test_every_form_of_reference_finds_its_heading() -> None:
    here = (
        "# 一\n[[note2]] [[note2#水印 Watermark]] [[note2#水印 Watermark|text]]\n"
        "[a](note2.md#水印-watermark) [note2.md]\n"
        "[b](#一) [c](./note2.md) [d](#named) [[#一]]\n# 二 {#named}\n"
    )
    there = "text\n# 窗口\n## 水印 Watermark\nx\n"

    assert links(here, there) == {
        "note2": "note2.md:2",
        "note2#水印 Watermark": "note2.md:3",
        "note2.md#水印-watermark": "note2.md:3",
        "note2.md": "note2.md:2",
        "./note2.md": "note2.md:2",
        "#一": "note.md:1",
        "#named": "note.md:5",
    }


def test_the_second_heading_of_a_name_has_a_number() -> None:
    assert links("# a\n[x](#a-1)\n# a\n") == {"#a-1": "note.md:3"}


def test_what_leads_nowhere_is_told_with_its_line() -> None:
    assert complaints("# a\n\n[x](gone.md) and [[Gone#b]]\n[y](#nothing)\n") == [
        "note.md:3: link `Gone#b` leads nowhere",
        "note.md:3: link `gone.md` (“x”) leads nowhere",
        "note.md:4: link `#nothing` (“y”) leads nowhere",
    ]


def test_a_link_to_a_file_that_is_no_note_is_left_in_peace() -> None:
    assert complaints("# a\n[x](src/Main.java) [y](data.csv)\n") == []


def test_a_name_that_two_notes_have_is_ambiguous() -> None:
    from cribdeck.cards import study
    from cribdeck.settings import Settings

    texts = {"a/x.md": "# 1\n", "b/x.md": "# 2\n", "c.md": "# 3\n[[x]] [[a/x]]\n"}
    found = study([read(text, file=file) for file, text in texts.items()], Settings())

    assert found.links == {("c.md", "a/x"): Place("a/x.md", 1)}
    assert [d.message for d in found.diagnostics] == ["link `x` may mean a/x.md:1, b/x.md:1"]
