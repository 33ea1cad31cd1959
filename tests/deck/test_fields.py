"""What notes hold that Anki must neither trip over nor act upon."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup
from msgspec.structs import replace as changed

from cribdeck.deck import Note, make_deck, shipped, write_package
from cribdeck.deck.fields import deck_name, field_text, tag_names
from cribdeck.deck.note_types import NOTE_TYPES
from cribdeck.deck.notes import held, note_hash
from cribdeck.diagnostics import Place
from cribdeck.errors import RepeatedGuid, TemplateError
from cribdeck.ledger import Entry, Ledger, Style
from cribdeck.model import CardKind
from cribdeck.rendering.cloze import cloze_text
from tests.deck.conftest import Desk, Workshop

HOSTILE = {
    "unit separator": ("a\x1fb", "ab"),
    "control characters": ("a\x00\x07\x1b\x7f\x9fb\tc\nd", "ab\tc\nd"),
    "lone surrogate": ("a\ud83db", "a\ufffdb"),
    "decomposed": ("e\u0301", "é"),
    "a stroke beside a tag": ("<p>\u0338a =\u0338</p>\u0338", "<p>&#824;a ≠</p>&#824;"),
    "sound": ("[sound:x.mp3]", "&#91;sound:x.mp3]"),
    "speech": ("[anki:tts lang=en]x[/anki:tts]", "&#91;anki:tts lang=en]x[/anki:tts]"),
    "latex": ("[latex]x[/latex] [$]y[/$] [$$]z[/$$]", "&#91;latex]x&#91;/latex] &#91;$]y&#91;/$] &#91;$$]z&#91;/$$]"),
    "type": ("[[type:Answer]]", "&#91;[type:Answer]]"),
    "mustaches": ("{{Question}} {{c1::x}} {% raw %} <%= 1 %>", "{{Question}} {{c1::x}} {% raw %} <%= 1 %>"),
    "plain brackets": ("a[0] [x] [soundless]", "a[0] [x] [soundless]"),
    "web link": ('<a href="https://x.io/">x</a>', '<a href="https://x.io/">x</a>'),
    "mail link": ('<a class="y" href="mailto:a@x.io">x</a>', '<a class="y" href="mailto:a@x.io">x</a>'),
    "other links": (
        '<a href="ftp://x.io/">x</a><a href="javascript:a>b">y</a><a href="c.md">z</a><a>w</a>',
        "xyzw",
    ),
}


@pytest.mark.parametrize(("typed", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_a_field_holds_nothing_that_anki_would_act_upon(typed: str, expected: str) -> None:
    assert field_text(Markup(typed)) == expected  # noqa: S704 — the text under test


def test_hostile_notes_import_harmlessly_and_come_back_as_typed(workshop: Workshop, desk: Desk) -> None:
    workshop.write(
        {
            "a.md": "# 一 \x1f 问 [sound:q.mp3] {{c1::x}}？ <a href='javascript:alert(1)'>来源</a>\n"
            "甲\x1f乙 {{Answer}} }} [latex]x[/latex] <script>alert(1)</script> <b onclick='x()'>粗</b>\n"
            "<img src=x onerror=alert(1)> <a href='javascript:alert(1)'>链接</a>\n\n"
            "```\n[sound:c.mp3] {{#Trail}}\n```\n"
        }
    )

    log = desk.take(workshop.build())
    (note,) = desk.notes()
    shown = note.cards()[0].render_output()
    front, back = shown.question_and_style(), shown.answer_and_style()

    assert len(log.new) == 1
    assert "&#91;sound:q.mp3] {{c1::x}}？" in front
    assert "&#91;latex]x&#91;/latex]" in back
    assert "&#91;sound:c.mp3] {{#Trail}}" in back
    assert (shown.question_av_tags, shown.answer_av_tags) == ([], [])
    assert re.findall(r"<script|onclick|onerror|javascript:|alert", "".join(note.fields)) == []


def test_cloze_signs_of_the_text_are_no_clozes() -> None:
    assert cloze_text("a {{b}} c::d") == "a &#123;&#123;b&#125;&#125; c&#58;&#58;d"


def test_a_cloze_note_gives_a_card_for_each_number_and_shows_its_signs_as_typed(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": "# x\ny\n"})
    text = f"{{{{c1::预提交}}}}，{{{{c2::提交}}}} {cloze_text('{{Text}} std::map')}"
    fields = (text, *[""] * 9)
    digest = note_hash("Cribdeck Cloze", fields, ())
    note = Note("GUID", "Cribdeck Cloze", (), "D", Place("a.md", 1), digest, held(fields))
    deck = changed(workshop.deck(), notes=(note,))
    ledger = Ledger(
        "salt",
        {"GUID": Entry("GUID", CardKind.CLOZE, "a.md", (), "x", mod=5)},
        {"Cribdeck Cloze": Style("Cribdeck Cloze", "hash", 5)},
    )

    desk.take(write_package(deck, ledger))
    fronts = [re.sub(r"<[^>]*>|\s", "", desk.sides(card)[0]) for card in desk.cards()]

    signs = "&#123;&#123;Text&#125;&#125;std&#58;&#58;map"
    assert fronts == [f"[...]，提交{signs}", f"预提交，[...]{signs}"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (("a b", "c\u3000d", 'e"f'), ("a_b", "c_d", "e_f")),
        (("a::::b", "::c::", "::"), ("a::b", "c")),
        (("Flink", "flink", "FLINK::x"), ("Flink", "FLINK::x")),
        (("a\x1fb", ""), ("ab",)),
    ],
)
def test_tags_are_such_as_anki_keeps(tags: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert tag_names(tags) == expected


@pytest.mark.parametrize(
    ("name", "folder", "expected"),
    [
        ("面试 :: 大数据", "", "面试::大数据"),
        ("D", "a::b", "D::a：b"),
        ("D\x1f\n x", "f", "D x::f"),
        ("::", "", "Cribdeck"),
    ],
)
def test_a_decks_name_has_no_level_that_nobody_asked_for(name: str, folder: str, expected: str) -> None:
    assert deck_name(name, folder) == expected


def test_two_cards_with_one_guid_stop_the_build(workshop: Workshop) -> None:
    workshop.write({"a.md": "# x\n1\n# y\n2\n"})
    edition = workshop.edition()
    twins = replace(edition, identities=(edition.identities[0],) * 2)

    with pytest.raises(RepeatedGuid, match=r"a\.md:1 and a\.md:3 have the same guid"):
        make_deck(twins)


def test_what_is_shipped_for_a_card_does_not_depend_on_its_neighbours(workshop: Workshop) -> None:
    workshop.write({"a.md": "# x\n1\n# y\n2\n"})
    both = workshop.deck()
    workshop.write({"a.md": "# y\n2\n"})
    alone = workshop.deck()

    assert shipped(alone) == shipped(both)[1:]


def test_a_front_that_does_not_show_the_question_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    workshop.write({"a.md": "# x\n1\n"})
    workshop.restyle(tmp_path / "mine", {"anki/question.front.html": "<b>{{Trail}}</b>"})

    with pytest.raises(TemplateError, match=r"anki/question\.front\.html: does not show the field \{\{Question\}\}"):
        workshop.deck()


def test_a_script_that_a_template_names_is_put_in_its_place(workshop: Workshop, tmp_path: Path) -> None:
    workshop.write({"a.md": "# x\n1\n"})
    named = '{{Question}}<script src="mine.js"></script>'
    workshop.restyle(tmp_path / "mine", {"anki/question.front.html": named, "anki/mine.js": "let x = 1;\n"})

    assert workshop.deck().styles["Cribdeck Question"].front == "{{Question}}<script>\nlet x = 1;\n</script>"

    (tmp_path / "mine" / "anki" / "mine.js").unlink()
    with pytest.raises(TemplateError, match=r"template anki/mine\.js: is missing"):
        workshop.deck()


@pytest.mark.parametrize(
    ("question", "key", "expected"),
    [("<span> </span>", "?", "?"), ("", "", "a.md:1"), ('<span class="missing-image">x.png</span>', "", None)],
)
def test_a_question_is_never_empty(workshop: Workshop, question: str, key: str, expected: str | None) -> None:
    workshop.write({"a.md": "# x\n1\n"})
    edition = workshop.edition()
    (card,) = edition.study.cards
    blank = changed(edition.study, cards=(changed(card, question=question, key=key),))

    (note,) = workshop.render(replace(edition, study=blank)).notes

    assert note.fields[0] == (expected or question)


def test_ids_and_fields_of_the_note_types_never_change() -> None:
    frozen = {
        name: (note_type.id, note_type.template_id, dict(zip(note_type.fields, note_type.field_ids, strict=True)))
        for name, note_type in NOTE_TYPES.items()
    }

    assert frozen == FROZEN


FROZEN = {
    "Cribdeck Question": (
        1_911_926_840_312,
        1_566_118_538_045_255_141,
        {
            "Question": 7_247_944_518_101_019_886,
            "Trail": 7_895_383_702_776_370_250,
            "Answer": 5_890_632_599_240_021_068,
            "Sources": 8_143_373_303_043_715_914,
            "Number": 7_415_347_811_851_073_073,
            "Related": 8_744_136_395_725_653_180,
            "Language": 4_319_240_423_486_111_759,
            "Items": 1_864_216_046_568_672_868,
            "Extra 1": 6_694_274_152_124_578_727,
            "Extra 2": 3_288_546_847_447_953_069,
        },
    ),
    "Cribdeck Comparison": (
        1_606_602_892_040,
        5_127_601_992_194_565_790,
        {
            "Question": 2_300_452_461_564_369_653,
            "Trail": 7_156_460_501_647_668_483,
            "Answer": 8_777_911_184_813_768_124,
            "Sources": 8_925_657_012_222_234_962,
            "Number": 9_080_471_609_694_959_560,
            "Related": 3_528_894_821_940_498_558,
            "Language": 4_367_608_258_956_329_394,
            "Items": 5_275_449_046_383_016_683,
            "Extra 1": 1_630_966_109_441_590_258,
            "Extra 2": 5_113_070_917_403_038_190,
        },
    ),
    "Cribdeck Cloze": (
        1_540_960_863_913,
        2_689_194_977_144_963_735,
        {
            "Text": 5_807_746_624_400_400_159,
            "Trail": 7_942_305_107_864_610_639,
            "Extra": 2_616_491_177_511_734_809,
            "Sources": 7_421_317_901_801_216_755,
            "Number": 5_798_083_386_364_869_822,
            "Related": 6_777_842_715_829_433_719,
            "Language": 8_997_461_199_838_405_545,
            "Extra 1": 1_219_121_744_326_954_063,
            "Extra 2": 2_679_919_253_073_728_077,
            "Extra 3": 4_321_748_286_085_831_712,
        },
    ),
}
"""Anki knows note types, fields and templates by these. A change here stops updates for every user there is."""
