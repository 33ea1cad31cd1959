"""The cards as Anki renders them, front and back."""

import re
from pathlib import Path

import pytest
from anki.sound import TTSTag

from cribdeck.model import plain_text
from cribdeck.settings import Settings
from tests.deck.conftest import Desk, Workshop

OUR_NOTES = Path(__file__).parents[2] / "notes"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
COMPARED = """# Flink vs Storm
两者都逐条处理。

| 方面 | Flink | Storm |
|---|---|---|
| 状态 | 内建 | 自己管 |
| 时间 | 事件时间 | |
"""
FOLDERS = [
    pytest.param(OUR_NOTES, id="our notes"),
    pytest.param(
        SEEDS, id="seeds", marks=pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds lie beside a checkout only")
    ),
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_anki_renders_every_card_of_real_notes(folder: Path, workshop: Workshop, desk: Desk) -> None:
    workshop.folder = folder
    package = workshop.build()

    log = desk.take(package)
    again = desk.take(workshop.build())

    cards = desk.cards()
    assert len(cards) == len(log.new) == len(again.duplicate) > 10
    assert [card.due for card in cards] == list(range(1, len(cards) + 1))
    assert (desk.col.media.check().missing, desk.col.media.check().unused) == ([], [])
    for card in cards:
        note = card.note()
        front, back = desk.sides(card)
        assert front.startswith('<main class="cribdeck ')
        assert back.startswith('<main class="cribdeck ')
        if desk.type_of(note) == "Cribdeck Cloze":
            assert '<span class="cloze" data-cloze="' in front
            continue
        assert note["Question"] in front
        assert note["Answer"] in back
        assert plain_text(note["Question"])
        assert plain_text(note["Answer"]) or "<img" in note["Answer"], note["Question"]


def test_a_question_shows_its_trail_and_number_but_no_answer(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": "# 状态\n## 什么是<b>后端</b>？\n放状态的地方。\n[文档](https://x.io/)\n"})

    desk.take(workshop.build())
    (card,) = desk.cards()
    number = card.note()["Number"]
    front, back = desk.sides(card)

    assert plain_text(front) == f"状态{number} 什么是后端？"
    assert plain_text(back) == f"状态{number} 什么是后端？ 放状态的地方。 来源 1 文档 x.io"


def test_an_overview_holds_its_sub_questions_back_on_the_front_and_lists_them_on_the_back(
    workshop: Workshop, desk: Desk
) -> None:
    workshop.write({"a.md": "# 为什么快？\n因为：\n## DAG\n少落盘。\n## 缓存\n少读盘。\n"})
    items = '<ol class="items">\n<li>DAG</li>\n<li>缓存</li>\n</ol>'

    desk.take(workshop.build())
    front, back = desk.sides(desk.note("为什么快？").cards()[0])

    assert re.findall(r'<div class="answer[^"]*">.*?</div>', front, re.DOTALL) == [
        f'<div class="answer recall">{items}</div>'
    ]
    assert "因为" in back
    assert back.count(items) == 1
    assert (front.count("<script>"), back.count("<script>")) == (2, 1)


def test_a_comparison_shows_the_same_table_on_both_sides_and_runs_only_on_the_front(
    workshop: Workshop, desk: Desk
) -> None:
    workshop.write({"a.md": COMPARED})
    workshop.settings = Settings(language="zh")

    desk.take(workshop.build())
    whole, row = desk.cards()
    front, back = desk.sides(whole)
    tables = [re.findall(r"<table.*?</table>", side, re.DOTALL) for side in (front, back)]

    assert tables[0] == tables[1]
    assert len(tables[0]) == 1
    assert [plain_text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", tables[0][0])] == [
        *("方面", "Flink", "Storm"),
        *("状态", "内建", "自己管"),
        *("时间", "事件时间", ""),
    ]
    assert re.search(r"<td[^>]*class=\"open\"", tables[0][0])
    assert "两者都逐条处理。" in back
    assert (front.count("<script>"), back.count("<script>")) == (2, 1)
    assert plain_text(row.note()["Question"]) == "Flink vs Storm · 状态"
    assert [text in desk.sides(row)[1] for text in ("状态", "内建", "自己管", "事件时间")] == [True, True, True, False]


def test_ankis_browser_lists_a_comparison_by_its_question_alone(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": COMPARED})

    desk.take(workshop.build())
    desk.col.set_browser_card_columns(["question"])
    rows = [desk.col.browser_row_for_id(card.id)[0] for card in desk.cards()]

    assert [[text for text, *_ in row] for row in rows] == [["Flink vs Storm"], ["Flink vs Storm · 状态"]]


def test_special_cards_show_what_they_ask_for(workshop: Workshop, desk: Desk) -> None:
    workshop.write(
        {
            "a.md": "# 提交\n<!-- card: cloze -->\n先==预提交==，再==提交::{{完}}==。\n"
            "# 水印\n<!-- card: reverse -->\n时间的下界。\n"
        }
    )

    desk.take(workshop.build())
    texts = [tuple(plain_text(side) for side in desk.sides(card)) for card in desk.cards()]
    numbers = [card.note()["Number"] for card in desk.cards()]

    assert texts == [
        (f"a › 提交{numbers[0]} 先[...]，再提交::{{{{完}}}}。", f"a › 提交{numbers[0]} 先预提交，再提交::{{{{完}}}}。"),
        (f"a › 提交{numbers[1]} 先预提交，再[...]。", f"a › 提交{numbers[1]} 先预提交，再提交::{{{{完}}}}。"),
        (f"a{numbers[2]} 水印", f"a{numbers[2]} 水印 时间的下界。"),
        (f"a{numbers[3]} 这说的是什么？时间的下界。", f"a{numbers[3]} 这说的是什么？时间的下界。 水印"),
    ]


def test_cards_are_read_aloud_only_where_the_settings_say_so(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": "# 什么是[水印]？\n时间的**下界**，\\(w\\)。\n"})
    workshop.settings = Settings(language="zh", tts=True)

    desk.take(workshop.build())
    shown = desk.cards()[0].render_output()
    spoken = [
        [(tag.field_text.strip(), tag.lang) for tag in tags if isinstance(tag, TTSTag)]
        for tags in (shown.question_av_tags, shown.answer_av_tags)
    ]

    assert spoken == [[("什么是[水印]？", "zh_CN")], [("时间的下界，\\(w\\)。", "zh_CN")]]


def test_a_decks_hue_comes_from_its_name(workshop: Workshop, desk: Desk) -> None:
    workshop.settings = Settings(subdecks=True)
    workshop.write({"flink/a.md": "# 一\n1\n", "spark/b.md": "# 二\n2\n"})
    desk.take(workshop.build())
    before = {note["Question"]: note["Extra 1"] for note in desk.notes()}
    workshop.write({"storm/c.md": "# 三\n3\n"})
    desk.take(workshop.build())

    assert {note["Question"]: note["Extra 1"] for note in desk.notes()}.items() >= before.items()
    assert all(re.fullmatch("hue-[1-6]", hue) for hue in before.values())
    assert before["一"] in desk.sides(desk.note("一").cards()[0])[0]
