"""Cards in a browser, as Anki's programs show them: what they reveal, that they fit, that all can read them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from anki.collection import Collection
from PIL import Image
from playwright.sync_api import Browser, Page

from cribdeck.settings import CardSettings, Settings
from tests.browser.conftest import overflow, violations
from tests.deck.conftest import Desk, Workshop

OUTPUT = Path(__file__).parents[2] / "output"
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="500">'
    '<rect width="1200" height="500" fill="#cde"/><text x="40" y="90" font-size="60">checkpoint</text></svg>'
)
NOTES = f"""# 什么是状态后端？
放状态的**地方**，==RocksDB== 放在磁盘上，it keeps working with more state than memory。
![一次快照](snapshot.svg)

```java
StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration(), 4096, true);
```

| 后端 | 位置 | 大小 | 速度 | 快照 | 适合 | 备注 |
|---|---|---|---|---|---|---|
| HashMap | 堆内存 | 小于内存 | 最快 | 全量 | 小状态 | `a_very_long_identifier_without_a_break_in_it` |

> [!warning]
> 不要混用。

$$ W = \\max_i t_i - \\delta $$

[文档](https://example.org/{"very-" * 30}long)
# 为什么快？
## DAG
少落盘。
## 缓存
少读盘。
## 线程
启动快。
# Flink vs Spark vs Storm vs Samza
| 方面 | Flink | Spark | Storm | Samza |
|---|---|---|---|---|
| 状态 | 内建，后端可换 | 内存版或 RocksDB 版 | 自己管 | 本地 RocksDB |
| 时间 | 事件时间 | 处理时间和事件时间 | | 处理时间 |
# 提交分几步？
<!-- card: cloze -->
先==预提交==，再==提交==。
# 水印
<!-- card: reverse -->
说明时间戳不超过它的数据都到了的标记。
"""
PLATFORMS = {
    "desktop": ("linux chrome", "isLin fancy", "night-mode", "nightMode night_mode"),
    "AnkiDroid": ("mobile android linux js", "", "", "night_mode nightMode"),
    "iPhone": ("mobile iphone", "", "", "nightMode"),
}
"""Classes of `<html>` and `<body>`, and what night adds to each; read in the sources of Anki 26.05 and AnkiDroid."""


@dataclass(frozen=True)
class Side:
    """One side of a card, as a file beside its pictures."""

    name: str
    html: str
    folder: Path

    def file(self, platform: str, *, night: bool) -> Path:
        of_html, of_body, night_html, night_body = PLATFORMS[platform]
        root = f"{of_html} {night_html if night else ''}"
        body = f"card card1 {of_body} {night_body if night else ''}"
        path = self.folder / "card.html"
        path.write_text(
            f'<!doctype html><html class="{root}" lang="zh-CN"><head><meta charset="utf-8"><title>Anki</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
            f'<body class="{body}"><div id="qa">{self.html}</div></body></html>',
            encoding="utf-8",
        )
        return path


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Side]]:
    """Both sides of a card of every kind, rendered by Anki: `question front`, `question back`, …"""
    folder = tmp_path_factory.mktemp("notes")
    workshop = Workshop(folder, settings=Settings(language="zh", cards=CardSettings(term=True)))
    workshop.write(
        {"流.md": NOTES, "语.md": "# 词汇\n背压：下游慢，上游跟着慢\n水位：时间的下界\n", "snapshot.svg": PICTURE}
    )
    anki = tmp_path_factory.mktemp("anki")
    col = Collection(str(anki / "collection.anki2"))
    desk = Desk(col, anki)
    desk.take(workshop.build())
    found: dict[str, Side] = {}
    kinds = [card.kind.value for card in workshop.edition().study.cards]
    for kind, card in zip(kinds, desk.cards(), strict=True):
        shown = card.render_output()
        for side, html in (("front", shown.question_and_style()), ("back", shown.answer_and_style())):
            found.setdefault(f"{kind} {side}", Side(f"{kind} {side}", html, Path(col.media.dir())))
    yield found
    col.close()


class Viewer:
    """A page that remembers what the browser complained about."""

    def __init__(self, browser: Browser, *, width: int, height: int = 780) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(5000)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, side: Side, platform: str = "desktop", *, night: bool = False) -> Page:
        self.page.goto(side.file(platform, night=night).as_uri())
        return self.page

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Viewer]:
    viewer = Viewer(chromium, width=390)
    yield viewer
    viewer.close()


def test_a_card_of_every_kind_is_looked_at(sides: dict[str, Side]) -> None:
    kinds = "question overview comparison row cloze reverse term".split()

    assert set(sides) == {f"{kind} {side}" for kind in kinds for side in ("front", "back")}


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_card_fits_its_window_without_a_complaint(
    chromium: Browser, sides: dict[str, Side], platform: str, width: int, *, night: bool
) -> None:
    viewer = Viewer(chromium, width=width)
    wide = {name: overflow(viewer.show(side, platform, night=night)) for name, side in sides.items()}
    viewer.close()

    assert {name: pixels for name, pixels in wide.items() if pixels > 0} == {}
    assert viewer.complaints == []


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_everyone_can_read_every_card(sides: dict[str, Side], phone: Viewer, axe: str, *, night: bool) -> None:
    found = {name: violations(phone.show(side, night=night), axe) for name, side in sides.items()}

    assert {name: broken for name, broken in found.items() if broken} == {}


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_every_hue_has_contrast_enough(sides: dict[str, Side], phone: Viewer, axe: str, *, night: bool) -> None:
    found = {}
    for hue in range(1, 7):
        for name in ("comparison front", "cloze back"):
            page = phone.show(sides[name], night=night)
            page.evaluate(
                "hue => { const m = document.querySelector('.cribdeck');"
                " m.className = m.className.replace(/hue-\\d/g, '') + ' hue-' + hue }",
                hue,
            )
            found[name, hue] = violations(page, axe, runOnly=["color-contrast"])

    assert {which: broken for which, broken in found.items() if broken} == {}


def test_a_comparison_reveals_cell_by_cell_by_tap_and_by_key(sides: dict[str, Side], phone: Viewer) -> None:
    page = phone.show(sides["comparison front"], "AnkiDroid")
    visible = (
        "[...document.querySelectorAll('td:not(.open) > .cell')].map(c => getComputedStyle(c).visibility === 'visible')"
    )

    assert page.evaluate(visible) == [False] * 7
    page.locator("td .reveal").nth(1).tap()
    assert page.evaluate(visible) == [False, True, False, False, False, False, False]
    page.keyboard.press("n")
    page.keyboard.press(" ")
    assert page.evaluate(visible) == [True, True, True, False, False, False, False]
    page.locator("td .reveal").nth(3).press("Enter")
    assert page.evaluate(visible).count(True) == 4

    assert page.locator("td.open .reveal").count() == 0
    back = phone.show(sides["comparison back"], "AnkiDroid")
    assert back.evaluate(visible) == [True] * 7
    assert back.locator(".reveal").count() == 0


def test_an_overview_reveals_item_by_item_and_counts(sides: dict[str, Side], phone: Viewer) -> None:
    page = phone.show(sides["overview front"])
    items = page.locator(".items > li")

    assert page.locator(".tally").inner_text() == "0 / 3"
    page.keyboard.press(" ")
    items.nth(2).locator(".reveal").tap()
    assert page.locator(".tally").inner_text() == "2 / 3"
    assert items.evaluate_all("all => all.map(i => i.classList.contains('shown'))") == [True, False, True]


def test_nothing_moves_when_a_cell_is_revealed(sides: dict[str, Side], phone: Viewer) -> None:
    page = phone.show(sides["comparison front"])
    boxes = "[...document.querySelectorAll('td, th')].map(c => JSON.stringify(c.getBoundingClientRect()))"
    before = page.evaluate(boxes)
    for _ in range(7):
        page.keyboard.press("n")

    assert page.evaluate(boxes) == before
    assert phone.show(sides["comparison back"]).evaluate(boxes) == before


def test_without_scripts_fronts_wait_and_backs_are_whole(sides: dict[str, Side], chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 780})
    page = context.new_page()
    shown = {}
    for name in ("comparison front", "comparison back", "overview front", "overview back"):
        page.goto(sides[name].file("iPhone", night=False).as_uri())
        shown[name] = re.sub(r"\s+", " ", page.locator("body").inner_text())
    context.close()

    assert "Flink Spark Storm Samza" in shown["comparison front"]
    assert [("后端可换" in text, "少落盘" in text or "DAG" in text) for text in shown.values()] == [
        (False, False),
        (True, False),
        (False, False),
        (False, True),
    ]


def test_tables_and_code_scroll_in_their_own_boxes_and_the_first_column_stays(
    sides: dict[str, Side], phone: Viewer
) -> None:
    page = phone.show(sides["question back"])
    for box in (page.locator("pre.code").first, page.locator(".table").first):
        assert box.evaluate("b => b.scrollWidth > b.clientWidth")
        box.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")
    first = page.locator(".table td").first
    before = first.evaluate("c => c.getBoundingClientRect().left")
    page.locator(".table").first.evaluate("b => { b.scrollLeft = 150 }")

    assert first.evaluate("c => c.getBoundingClientRect().left") == before
    assert page.locator("thead th").evaluate_all("all => all.map(h => h.scope)") == ["col"] * 7


def test_a_picture_fits_and_a_tap_shows_it_large(sides: dict[str, Side], phone: Viewer) -> None:
    page = phone.show(sides["question back"], "AnkiDroid")
    picture = page.locator(".answer img")
    width = picture.evaluate("i => i.getBoundingClientRect().width")

    assert 250 < width <= 390 - 32
    assert picture.get_attribute("alt") == "一次快照"
    picture.tap(position={"x": width - 5, "y": 5})
    large = page.locator(".zoom")
    assert large.locator("img").evaluate("i => i.getBoundingClientRect().width") == 1200
    assert large.evaluate("z => [z.scrollLeft > 500, z.scrollTop]") == [True, 0]
    large.tap()
    assert large.count() == 0
    picture.press("Enter")
    page.keyboard.press("Escape")
    assert large.count() == 0


def test_parts_in_another_language_say_so(sides: dict[str, Side], phone: Viewer) -> None:
    page = phone.show(sides["question back"])

    assert page.locator("main").get_attribute("lang") == "zh-CN"
    assert page.locator('.answer [lang="en"]').all_inner_texts() == ["it keeps working with more state than memory"]


def test_nothing_moves_for_those_who_want_no_motion(sides: dict[str, Side], phone: Viewer) -> None:
    motion = {}
    wishes: tuple[Literal["no-preference", "reduce"], ...] = ("no-preference", "reduce")
    for wish in wishes:
        page = phone.show(sides["comparison front"])
        page.emulate_media(reduced_motion=wish)
        page.keyboard.press("n")
        motion[wish] = page.locator("td.shown .cell").evaluate("c => getComputedStyle(c).animationName")

    assert motion == {"no-preference": "cribdeck-reveal", "reduce": "none"}


def test_by_night_the_ground_is_dark_from_the_first_picture_on(sides: dict[str, Side], phone: Viewer) -> None:
    grounds = []
    for platform in PLATFORMS:
        page = phone.show(sides["question front"], platform, night=True)
        style = "(s => [s.backgroundColor, s.transitionDuration])(getComputedStyle(document.body))"
        grounds.append(page.evaluate(style))

    assert grounds == [["rgb(27, 32, 40)", "0s"]] * 3


def test_a_contact_sheet_is_kept_for_whoever_reviews(chromium: Browser, sides: dict[str, Side], tmp_path: Path) -> None:
    OUTPUT.mkdir(exist_ok=True)
    for name, width in (("phone", 390), ("desktop", 1280)):
        shots: list[Path] = []
        for night in (False, True):
            viewer = Viewer(chromium, width=width, height=760)
            for side in sides.values():
                shots.append(tmp_path / f"{width}-{len(shots)}.png")
                viewer.show(side, night=night).screenshot(path=shots[-1])
            viewer.close()
        sheet = OUTPUT / f"contact-sheet-{name}.png"
        _paste(shots, sheet, across=len(sides) // 2)
        with Image.open(sheet) as kept:
            assert kept.width > kept.height / 2 > 700


def _paste(shots: list[Path], target: Path, *, across: int) -> None:
    """Pictures in rows, half as large."""
    with Image.open(shots[0]) as first:
        width, height = (length // 2 for length in first.size)
    sheet = Image.new("RGB", ((width + 8) * across, (height + 8) * -(-len(shots) // across)), "#808080")
    for at, path in enumerate(shots):
        with Image.open(path) as shot:
            place = (at % across * (width + 8), at // across * (height + 8))
            sheet.paste(shot.resize((width, height)), place)
    sheet.save(target)
