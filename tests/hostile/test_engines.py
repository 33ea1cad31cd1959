"""Hostile notes in Chromium, which decides: every card as Anki shows it, and every view of the preview.

Whatever is fetched is written down and refused, and every script of a note would say `canary("its name")`.
"""

import html
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route

from tests.hostile.conftest import Shown
from tests.hostile.world import Built
from tests.npm import npm_package

SCRIPT = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
CANARY = "window.canary = (name) => console.log('canary: ' + name);"
SIDES_A_PAGE = 60
MATHJAX = "mathjax@3.2.2"
"""That which Anki 26.9.3 brings: `tex-chtml-full.js` is the same to the byte."""
MATHJAX_INTEGRITY = "sha512-Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw=="
CONFIGURED = r"""window.MathJax = {
    tex: { displayMath: [["\\[", "\\]"]], processEscapes: false, processEnvironments: false, processRefs: false,
      packages: { "[+]": ["noerrors", "mathtools"], "[-]": ["textmacros"] } },
    loader: { load: ["[tex]/noerrors", "[tex]/mathtools"], paths: { mathjax: "/mathjax" } },
    startup: { typeset: false } };"""
"""As Anki configures it."""


@dataclass
class Watch:
    """A window of which everything is written down that notes must not do."""

    context: BrowserContext
    fetched: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.add_init_script(CANARY + SCRIPT)
        self.context.route("**/*", self._refuse)
        self.context.on("page", self._listen)

    def serve(self, answer: Callable[[str], tuple[str, bytes | str] | None]) -> None:
        """Answer what is asked of https://card.invalid/: by path the type and the content."""

        def give(route: Route) -> None:
            found = answer(urlsplit(route.request.url).path.removeprefix("/"))
            if found is None:
                self._refuse(route)
            else:
                route.fulfill(content_type=found[0], body=found[1])

        self.context.route("https://card.invalid/**", give)

    def open(self, address: str) -> Page:
        page = self.context.new_page()
        page.goto(address)
        return page

    def _refuse(self, route: Route) -> None:
        self.fetched.append(route.request.url)
        route.abort()

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("download", lambda download: self.said.append(f"download: {download.url}"))


@pytest.fixture
def watch(chromium: Browser) -> Iterator[Watch]:
    context = chromium.new_context()
    yield Watch(context)
    context.close()


def document(side: str, css: str) -> str:
    """A side of a card as Anki's desktop puts it into its window."""
    return (
        f'<!doctype html><html class="linux chrome"><head><title>card</title><style>{css}</style></head>'
        f'<body class="card card1 isLin fancy"><div id="qa">{side}</div></body></html>'
    )


def frames(sides: list[str]) -> str:
    return "<title>cards</title>" + "".join(f'<iframe src="/side-{at}"></iframe>' for at in range(len(sides)))


def look(watch: Watch, sides: list[str], media: Path) -> list[str]:
    """Show sides of cards, each a document of its own, and give what in them should not be there."""

    def answer(path: str) -> tuple[str, bytes | str] | None:
        if path == "":
            return "text/html; charset=utf-8", frames(sides)
        if path.startswith("side-"):
            return "text/html; charset=utf-8", sides[int(path.removeprefix("side-"))]
        kinds = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif", ".jpg": "image/jpeg"}
        file = media / path
        return (kinds.get(file.suffix, "image/webp"), file.read_bytes()) if file.is_file() else None

    watch.serve(answer)
    page = watch.open("https://card.invalid/")
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("iframe")].flatMap((frame) =>
            [...frame.contentDocument.querySelectorAll("main")].flatMap(
                (card) => frame.contentWindow.findHostile(card)))"""
    )
    mains = page.evaluate(
        """() => [...document.querySelectorAll("iframe")].filter(
            (frame) => frame.contentDocument.querySelectorAll("main.cribdeck").length === 1
              && frame.contentDocument.title === "card" && frame.contentDocument.body.children.length === 1).length"""
    )
    assert mains == len(sides)
    assert page.title() == "cards"
    page.close()
    return found


def test_no_card_runs_fetches_or_forges_anything_in_anki(shown: list[Shown], watch: Watch, media: Path) -> None:
    sides = [document(side, card.css) for card in shown for side in (card.question, card.answer)]
    found = []
    for at in range(0, len(sides), SIDES_A_PAGE):
        found += look(watch, sides[at : at + SIDES_A_PAGE], media)

    assert len(sides) > 600
    assert (found, watch.said, watch.fetched) == ([], [], [])


def test_nothing_of_a_note_is_played_or_spoken(shown: list[Shown]) -> None:
    assert sum(card.played for card in shown) == 0


def typeset(watch: Watch, mathjax: Mapping[str, bytes], sides: list[str]) -> tuple[int, list[str], list[str]]:
    """Have MathJax set the formulas of sides of cards; gives their number, what they lead to, and hostile styles."""
    script = f'<script>{CONFIGURED}</script><script src="/mathjax/tex-chtml-full.js"></script>'
    body = "".join(f"<div>{side}</div>" for side in sides)

    def answer(path: str) -> tuple[str, bytes | str] | None:
        if path == "":
            return "text/html; charset=utf-8", f"<!doctype html><title>cards</title>{script}<body>{body}"
        if path in mathjax:
            return "text/javascript" if path.endswith(".js") else "font/woff", mathjax[path]
        return ("image/png", b"") if "/" not in path else None

    watch.serve(answer)
    page = watch.open("https://card.invalid/")
    page.evaluate("MathJax.startup.promise.then(() => MathJax.typesetPromise())")
    page.wait_for_timeout(300)
    formulas, links, styles = page.evaluate(
        """() => [document.querySelectorAll("mjx-container").length,
            [...document.querySelectorAll("mjx-container [href]")].map((e) => e.getAttribute("href")),
            [...document.querySelectorAll("mjx-container [style]")].map((e) => e.getAttribute("style"))
              .filter((style) => /url\\(|position: *(fixed|absolute)/.test(style))]"""
    )
    return formulas, links, styles


def test_no_formula_leads_anywhere_or_loads_anything_in_ankis_mathjax(
    shown: list[Shown], watch: Watch, mathjax: Mapping[str, bytes]
) -> None:
    sides = [card.answer for card in shown if "\\" in card.answer] + [card.question for card in shown]
    formulas, links, styles = typeset(watch, mathjax, sides)

    assert formulas > 20
    assert (links, styles) == ([], [])
    assert [url for url in watch.fetched if "card.invalid" not in url] == []
    assert [said for said in watch.said if said.startswith("canary")] == []


def test_a_formula_that_leads_somewhere_would_be_noticed(watch: Watch, mathjax: Mapping[str, bytes]) -> None:
    raw = r"\(\href{javascript:canary('formula')}{x} \style{position: fixed}{y}\) \[\unicode{65}\]"

    formulas, links, styles = typeset(watch, mathjax, [raw])

    assert (formulas, set(links)) == (2, {"javascript:canary('formula')"})
    assert {style.rstrip(";") for style in styles} == {"position: fixed"}


@pytest.fixture
def mathjax(pytestconfig: pytest.Config) -> Mapping[str, bytes]:
    """MathJax's files by their addresses."""
    with npm_package(MATHJAX, MATHJAX_INTEGRITY, pytestconfig.cache) as archive:
        names = [name for name in archive.getnames() if name.startswith("package/es5/")]
        files = {name.removeprefix("package/es5/"): archive.extractfile(name) for name in names}
        return {f"mathjax/{name}": file.read() for name, file in files.items() if file}


def test_no_view_of_the_preview_runs_fetches_or_forges_anything(built: Built, watch: Watch) -> None:
    file = built.world.out / "preview.html"
    own = file.as_uri()
    watch.context.route(own, lambda route: route.continue_())
    page = watch.open(own)
    found, seen = page.evaluate(
        """async () => {
            const frame = document.getElementById("card"), plain = document.getElementById("plain");
            const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            const found = new Set(), seen = { cards: 0, open: 0, hints: 0 };
            for (const view of Object.keys(seen)) {
                document.querySelector(`[data-view=${view}]`).click();
                const count = +document.querySelector(`[data-view=${view}] .count`).textContent;
                for (let at = 0; at < count; at++) {
                    for (let side = 0; side < (view === "cards" ? 2 : 1); side++) {
                        const root = view === "cards" ? frame.contentDocument.body : plain;
                        for (const one of findHostile(root)) { found.add(view + ": " + one); }
                        if (view === "cards") { press(" "); }
                    }
                    seen[view]++;
                    press("j");
                    if (at % 50 === 0) { await new Promise((done) => setTimeout(done)); }
                }
            }
            return [[...found], seen];
        }"""
    )
    page.wait_for_timeout(300)

    assert seen["cards"] > 300
    assert seen["hints"] > 150
    assert (found, watch.said, [url for url in watch.fetched if url != own]) == ([], [], [])
    assert page.title() == "notes"
    assert len(watch.context.pages) == 1


def test_the_canaries_sing(watch: Watch) -> None:
    # What the tests above rely on: raw, each of these is noticed.
    raw = """<script>canary("script")</script><img src=x onerror="canary('handler')"><svg onload="canary('svg')"></svg>
        <iframe src="javascript:parent.canary('frame')"></iframe><b onmouseover="canary('mouse')">b</b>
        <style>@import "https://canary.invalid/import"; b { background: url(https://canary.invalid/css) }</style>
        <link rel=stylesheet href="https://canary.invalid/link"><object data="https://canary.invalid/object"></object>
        <script>alert(1)</script><div style="position:fixed">x</div><a href="javascript:canary('link')">a</a>"""
    watch.serve(lambda path: ("text/html", f"<main>{raw}</main>") if path == "" else None)
    page = watch.open("https://card.invalid/")
    found = page.evaluate("() => findHostile(document.querySelector('main'))")
    page.locator("main > a").click()
    page.wait_for_timeout(200)

    heard = {said for said in watch.said if said.startswith(("canary", "dialog"))}
    assert heard >= {f"canary: {name}" for name in ("script", "handler", "frame", "svg", "mouse", "link")} | {
        "dialog: 1"
    }
    fetched = {url.rpartition("/")[2] for url in watch.fetched if "canary.invalid" in url}
    assert fetched == {"import", "css", "link", "object"}
    assert {html.unescape(one) for one in found} >= {
        "is active on <SCRIPT>",
        "is active on <IFRAME>",
        "lies over the page on <DIV>",
        "onmouseover=canary('mouse') on <B>",
        "leads to javascript:canary('link') on <A>",
    }


def test_chromium_is_here_where_these_tests_have_to_run() -> None:
    if os.environ.get("CI") and not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.fail("CI has no Chromium, so that the tests of this file were skipped")
