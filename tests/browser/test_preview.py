"""The preview in a browser, opened from the disk as its users open it."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from cribdeck.cli import main
from tests.browser.conftest import overflow, violations

ROOT = Path(__file__).parents[2]
NOTES = """# 什么是水印？ {.高频}
一个时间戳，见[状态](#什么是状态)。
![图](dot.svg)
# 什么是状态？
记住的东西。
![](gone.png)
# A vs B
| 方面 | A | B |
|---|---|---|
| 大小 | 大 | 小 |
| 速度 | 慢 | |
# 为什么快？
## 缓存
少读盘。
## 线程
启动快。
# 待答
[论文](https://example.org/paper)
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'


class Preview:
    """A notes folder, its preview, and a page that shows it."""

    def __init__(self, folder: Path, page: Page) -> None:
        self.folder = folder
        self.notes = folder / "notes"
        self.notes.mkdir()
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(5000)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    @property
    def options(self) -> list[str]:
        return ["--notes", str(self.notes), "--output", str(self.folder / "out")]

    def build(self, text: str, *, only: str = "preview") -> None:
        (self.notes / "a.md").write_text(text, encoding="utf-8")
        result = CliRunner().invoke(main, [*self.options, "--only", "preview", "--only", only])
        assert result.exit_code == 0, result.output

    def open(self) -> None:
        self.page.goto((self.folder / "out" / "preview.html").as_uri())
        self.card("main").wait_for()

    def titles(self) -> list[str]:
        return self.page.locator(".row .title").all_inner_texts()

    def card(self, selector: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 — a locator in the card's frame
        return self.page.frame_locator("#card").locator(selector)

    def choose(self, filter_: str, value: str) -> list[str]:
        self.page.locator(f"#{filter_}").select_option(value)
        return self.titles()


@pytest.fixture
def preview(chromium: Browser, tmp_path: Path) -> Iterator[Preview]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield Preview(tmp_path, context.new_page())
    context.close()


def test_keys_flip_move_turn_the_lights_out_and_search(preview: Preview) -> None:
    preview.build(NOTES)
    preview.open()
    keyboard = preview.page.keyboard

    assert preview.card(".ask").inner_text() == "什么是水印？"
    assert preview.card(".answer").count() == 0
    keyboard.press("Space")
    assert "一个时间戳" in preview.card(".answer").inner_text()
    keyboard.press("j")
    assert preview.card(".ask").inner_text() == "什么是状态？"
    assert preview.card(".answer").count() == 0
    keyboard.press("k")
    assert preview.card(".ask").inner_text() == "什么是水印？"
    keyboard.press("n")
    assert preview.card("body").get_attribute("class") == "card nightMode night_mode"
    keyboard.press("/")
    keyboard.type("少读")
    assert preview.titles() == ["缓存"]
    keyboard.press("Escape")
    assert len(preview.titles()) == 7
    assert preview.complaints == []


def test_filters_by_kind_tag_gaps_and_diagnostics(preview: Preview) -> None:
    (preview.notes / "dot.svg").write_text(PICTURE, encoding="utf-8")
    preview.build(NOTES)
    preview.open()

    assert preview.choose("kind", "overview") == ["为什么快？"]
    assert preview.choose("kind", "comparison") == ["A vs B"]
    preview.choose("kind", "")
    assert preview.choose("tag", "高频") == ["什么是水印？"]
    preview.choose("tag", "")
    assert preview.choose("state", "gaps") == ["A vs B"]
    assert preview.choose("state", "noted") == ["什么是状态？", "A vs B"]


def test_filters_by_deck(preview: Preview) -> None:
    (preview.notes / "deck.toml").write_text("subdecks = true\n", encoding="utf-8")
    for name in ("spark", "flink"):
        (preview.notes / name).mkdir()
        (preview.notes / name / "b.md").write_text(f"# {name}?\nyes\n", encoding="utf-8")
    preview.build("# neither?\nno\n")
    preview.open()

    assert preview.choose("deck", "/flink") == ["flink?"]
    assert preview.choose("deck", "/") == ["neither?"]


def test_what_the_last_build_changed_is_marked(preview: Preview) -> None:
    preview.build(NOTES, only="deck")
    later = NOTES.replace("记住的", "忘掉的").replace("## 线程\n启动快。\n", "")
    preview.build(later + "# 新的？\n是。\n", only="deck")
    preview.open()

    assert preview.choose("state", "new") == ["新的？"]
    assert "什么是状态？" in preview.choose("state", "updated")
    assert "线程" in preview.choose("state", "gone")


def test_open_questions_and_diagnostics_say_where_they_stand(preview: Preview) -> None:
    (preview.notes / "dot.svg").write_text(PICTURE, encoding="utf-8")
    preview.build(NOTES)
    preview.open()
    preview.page.locator("[data-view=open]").click()

    assert preview.titles() == ["待答"]
    assert preview.page.locator("#facts").inner_text() == "a.md:17"
    assert preview.page.locator("#plain a").get_attribute("href") == "https://example.org/paper"

    preview.page.locator("[data-view=hints]").click()
    assert preview.page.locator(".row .trail").all_inner_texts() == ["a.md:6", "a.md:11"]
    assert "gone.png" in preview.page.locator("#plain h2").inner_text()
    preview.page.locator("#plain .to").click()
    assert preview.card(".ask").inner_text() == "什么是状态？"


def test_a_reference_leads_to_its_card_and_cells_are_revealed_by_tap_and_key(preview: Preview) -> None:
    preview.build(NOTES)
    preview.open()
    preview.page.keyboard.press("Space")
    preview.card(".answer a.ref").click()
    assert preview.card(".ask").inner_text() == "什么是状态？"

    preview.page.keyboard.press("j")
    assert preview.card(".reveal").count() == 3
    preview.card(".reveal").first.click()
    preview.page.keyboard.press("r")
    assert preview.card("td.shown").count() == 2
    preview.page.keyboard.press("j")
    preview.page.keyboard.press("k")
    assert preview.card("td.shown").count() == 0
    assert preview.complaints == []


def test_pictures_are_in_the_page(preview: Preview) -> None:
    (preview.notes / "dot.svg").write_text(PICTURE, encoding="utf-8")
    preview.build(NOTES)
    preview.open()
    preview.page.keyboard.press("Space")

    shown = preview.card(".answer img").evaluate("i => [i.src.slice(0, 19), i.naturalWidth]")
    assert shown == ["data:image/svg+xml;", 9]


def test_nothing_of_a_note_runs(preview: Preview) -> None:
    preview.build(
        "# <script>alert(1)</script>q</script><script>alert(2)</script>\n"
        "<img src=x onerror=alert(3)> [x](javascript:alert(4)) `</script>` <!-- --> <b onclick=alert(5)>b</b>\n"
        "<svg onload=alert(6)></svg><iframe srcdoc='<script>alert(7)</script>'></iframe>\n"
        "# {{Answer}} vs {{#Items}}\n{{Answer}}：`{{Trail}}`\n{{#Items}}：<style>*{display:none}</style> 二\n"
        "# open <img src=x onerror=alert(8)>\n"
    )
    preview.open()
    for view in ("cards", "open", "hints", "numbers", "sheet"):
        preview.page.locator(f"[data-view={view}]").click()
        for _ in preview.titles():
            preview.page.keyboard.press("Space")
            preview.page.keyboard.press("j")

    assert preview.complaints == []


def test_the_policy_holds_even_against_what_would_get_through(preview: Preview) -> None:
    preview.build(NOTES)
    preview.open()
    preview.page.evaluate("""() => {
        for (const home of [document, document.getElementById("card").contentDocument]) {
            const box = home.createElement("div");
            box.innerHTML = '<img src="file:///nowhere.png" onerror="window.top.ran = 1">'
                + '<a href="javascript:top.ran = 2">x</a>';
            const script = home.createElement("script");
            script.textContent = "window.top.ran = 3";
            box.append(script);
            home.body.append(box);
            box.querySelector("a").click();
        }
    }""")
    preview.page.wait_for_timeout(200)

    assert preview.page.evaluate("window.ran") is None


def test_numbers_show_what_is_answered_and_what_is_open(preview: Preview) -> None:
    preview.build(NOTES)
    preview.open()
    preview.page.locator("[data-view=numbers]").click()
    rows = preview.page.locator(".numbers section.wide tr").all_inner_texts()

    assert [re.sub(r"\s+", " ", row) for row in rows] == ["为什么快？ 3 / 3", "a 3 / 4"]


def test_the_sheets_pages_are_shown_and_lead_to_the_pdf(preview: Preview) -> None:
    preview.build(NOTES, only="sheet")
    preview.open()
    preview.page.locator("[data-view=sheet]").click()
    pages = preview.page.locator(".pages img")

    assert pages.evaluate_all("all => all.map(i => [i.naturalWidth, i.alt])") == [[1100, "第 1 页"]]
    assert preview.page.locator(".pages a").get_attribute("href") == "sheet.pdf#page=1"
    assert preview.complaints == []


def test_on_a_phone_a_card_opens_over_the_list_and_goes_back(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 780}, has_touch=True)
    preview = Preview(tmp_path, context.new_page())
    preview.build(NOTES)
    preview.page.goto((tmp_path / "out" / "preview.html").as_uri())
    preview.page.locator(".row").nth(1).tap()

    assert preview.card(".ask").inner_text() == "什么是状态？"
    preview.page.locator("#flip").tap()
    assert "记住的东西" in preview.card(".answer").inner_text()
    preview.page.locator("#back").tap()
    assert preview.page.locator("#list").is_visible()
    assert preview.complaints == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everyone_can_use_every_view(  # noqa: PLR0917 — two of them are parameters of the test
    chromium: Browser, tmp_path: Path, axe: str, width: int, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 780},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe comes from outside
    )
    preview = Preview(tmp_path, context.new_page())
    preview.build(NOTES, only="deck")
    preview.build(NOTES.replace("记住的", "忘掉的"), only="deck")
    preview.page.goto((tmp_path / "out" / "preview.html").as_uri())
    found, wide = {}, {}
    for view in ("cards", "open", "hints", "sheet", "numbers"):
        preview.page.locator(f"[data-view={view}]").click()
        found[view] = violations(preview.page, axe)
        wide[view] = overflow(preview.page)
    context.close()

    assert {view: broken for view, broken in found.items() if broken} == {}
    assert {view: pixels for view, pixels in wide.items() if pixels > 0} == {}


def test_under_watch_the_page_reloads_itself_and_keeps_its_place(preview: Preview) -> None:
    note = preview.notes / "a.md"
    note.write_text(NOTES, encoding="utf-8")
    command = [sys.executable, str(ROOT / "build.py"), "watch", *preview.options, "--only", "preview"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as watch:
        try:
            assert watch.stdout
            watch.stdout.readline()
            preview.open()
            preview.page.keyboard.press("n")
            preview.choose("kind", "question")
            preview.page.keyboard.press("j")
            preview.page.keyboard.press("Space")
            note.write_text(NOTES.replace("记住的东西", "算子记住的东西") + "# 又一个？\n是。\n", encoding="utf-8")
            preview.page.get_by_text("又一个？").wait_for(timeout=15_000)
        finally:
            watch.terminate()

    assert "算子记住的东西" in preview.card(".answer").inner_text()
    assert preview.page.locator("#kind").input_value() == "question"
    assert preview.page.locator("html").get_attribute("class") == "nightMode"
    assert preview.complaints == []


def test_ten_thousand_cards_are_shown_at_once_and_searched_while_one_types(preview: Preview) -> None:
    answer = "状态后端把状态放在内存或者磁盘上，检查点把它写到可靠的存储里。" * 8
    preview.build("".join(f"# 第 {number} 个问题是什么？\n{answer}{number * 7}\n" for number in range(10_000)))
    preview.open()
    page = preview.page
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.wait_for_timeout(500)
    page.evaluate("""() => {
        window.spent = [];
        const search = document.getElementById("search");
        search.addEventListener("beforeinput", () => {
            const began = performance.now();
            requestAnimationFrame(() => setTimeout(() => window.spent.push(performance.now() - began)));
        });
        search.focus();
    }""")
    for character in "检查点 6999":
        page.keyboard.press("Backspace") if character == " " else None
        page.keyboard.insert_text(character)
        page.wait_for_timeout(60)
    spent = page.evaluate("window.spent")

    assert paint < 1000
    assert len(spent) >= 8
    assert median(spent) < 50
    assert 0 < len(preview.titles()) < 40
    assert page.locator(".row").count() < 60
    page.keyboard.press("Escape")
    page.locator("#list").focus()
    began = time.monotonic()
    page.keyboard.press("End")
    assert preview.titles()[-1] == "第 9999 个问题是什么？"
    assert time.monotonic() - began < 1
