"""From HTML to pages: laid out, looked at, drawn. For the process that renders."""

import contextlib
import gc
import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cribdeck.sheet import engine, machine, page_numbers, paging, slots, type_cases
from cribdeck.sheet.boxes import walked
from cribdeck.sheet.engine.late_modules import loading_late
from cribdeck.sheet.engine.line_setup import keeping_lines
from cribdeck.sheet.engine.style_store import StyleStore
from cribdeck.sheet.index_pages import PageText, index_html
from cribdeck.sheet.inspection import Finding, dead_links, inspect, settled
from cribdeck.sheet.record import digest
from cribdeck.sheet.transcripts import transcribe
from cribdeck.sheet.wrap_marks import mark_wrapped_lines

DPI = 200
"""No picture needs more on paper."""
OPEN = "A–"
"""How the pages of open questions are named (see page.html): the index leaves them out."""
ENTRIES = "<!-- entries -->"
"""Where the index's entries stand in its page."""
_MOST_STYLES = 4


class Typesetter:
    """Lays out HTML with WeasyPrint, so that nothing is loaded and memory is not searched in vain."""

    def __init__(self) -> None:
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        # WeasyPrint prints a banner to stdout where a library does not load.
        with contextlib.redirect_stdout(io.StringIO()), machine.by_file_name(), loading_late():
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher

        class EmbeddedOnly(URLFetcher):  # type: ignore[misc,unused-ignore]
            """Opens nothing but what the page itself holds."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                if not url.startswith("data:"):
                    raise ValueError("a sheet loads nothing")
                return super().fetch(url, headers)

        engine.install()
        # Boxes refer to one another, and the collector walks all of them again and again: a third of the time.
        gc.disable()
        self._weasyprint: Any = weasyprint
        self._fetcher = EmbeddedOnly()
        self.font_config: Any = FontConfiguration()
        self._sheets: dict[str, tuple[Any, Any]] = {}

    def lay_out(self, html: str, *, styles: str = "", **options: Any) -> tuple[Any, Any]:
        """The laid out document and the element tree that it was made from.

        Args:
            html: With or without styles of its own.
            styles: More of them; they are read once for all documents.
            options: WeasyPrint's.
        """
        source = self._weasyprint.HTML(string=html, url_fetcher=self._fetcher, base_url=None)
        if styles:
            sheet, counter_style = self._sheet(styles)
            options |= {"stylesheets": [sheet], "counter_style": counter_style}
        document = source.render(font_config=self.font_config, dpi=DPI, **options)
        return document, source.etree_element

    def _sheet(self, styles: str) -> tuple[Any, Any]:
        from weasyprint.css.counters import CounterStyle

        if styles not in self._sheets:
            while len(self._sheets) >= _MOST_STYLES:
                del self._sheets[next(iter(self._sheets))]
            counter_style = CounterStyle()
            sheet = self._weasyprint.CSS(
                string=styles, font_config=self.font_config, counter_style=counter_style, url_fetcher=self._fetcher
            )
            sheet.store = StyleStore(styles)
            self._sheets[styles] = sheet, counter_style
        return self._sheets[styles]


def print_chapter(typesetter: Typesetter, folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    """Print a chapter's HTML to a PDF that `binding` makes a part of the sheet, with fonts, links and numbers.

    Args:
        typesetter: Used for one job after another.
        folder: What file names in the job are relative to.
        job: `html`, `styles` and `pdf`: names of files; `carried`: whether to throw the first page away; `words`:
            whether an index is made of the pages.

    Returns:
        `pages`: their transcripts. `findings`, with the number of the page in the chapter, and `kinds` (see
        `inspection`). `fonts` (see `type_cases`), `alphabets` and for each page `slots` (see `slots`). `metadata`.
    """
    html, styles = ((folder / job[name]).read_text(encoding="utf-8") for name in ("html", "styles"))
    with keeping_lines():
        document, root = typesetter.lay_out(html, styles=styles)
    pages = document.pages[1:] if job["carried"] else document.pages
    mark_wrapped_lines(pages)
    slots.mark(pages)
    boxes = walked(pages)
    findings, kinds = inspect(pages, boxes, labels=[str(at) for at in range(len(pages))], root=root)
    transcripts = transcribe(pages, boxes, words=job["words"])
    del boxes
    for page in pages:
        page.links, page.anchors, page.bookmarks = [], {}, []
    chapter = document.copy(pages)
    with type_cases.left_out(), _drawing() as drawing:
        chapter.write_pdf(folder / job["pdf"])
    return {
        "pages": transcripts,
        "findings": findings,
        "kinds": kinds,
        "fonts": type_cases.used(chapter.fonts),
        "alphabets": drawing.alphabets,
        "slots": drawing.slots,
        "metadata": {name: getattr(document.metadata, name) for name in ("title", "generator", "lang")},
    }


@contextlib.contextmanager
def _drawing() -> Iterator[slots.Drawing]:
    """Draw slots our way."""
    from weasyprint import draw
    from weasyprint.document import Page

    drawing = slots.Drawing(draw.draw_text)
    paint = Page.paint

    def painted(page: Any, *args: Any, **options: Any) -> None:
        drawing.begin_page()
        paint(page, *args, **options)

    kept = draw.draw_text
    draw.draw_text, Page.paint = drawing, painted
    try:
        yield drawing
    finally:
        draw.draw_text, Page.paint = kept, paint


def print_whole(typesetter: Typesetter, folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    """Print the folder's `page.html` in one piece to `sheet.pdf`, and to `reprint.pdf` what changed since it was last
    on paper.

    Args:
        typesetter: Used for one job after another.
        folder: Holds `page.html`, and `index.html` where the job has `terms`.
        job: `book` and `accessible`; `terms` of the index; `printed`, the digests of the pages on paper by name.

    Returns:
        `pages`, the number; `digests` of the pages' content as [name, digest]; `missing`, the characters that no font
        had; `findings`.
    """
    options = {"pdf_variant": "pdf/ua-1"} if job["accessible"] else {}
    document, root = typesetter.lay_out((folder / "page.html").read_text(encoding="utf-8"), **options)
    mark_wrapped_lines(document.pages)
    pages, labels = list(document.pages), paging.labels_of(paging.sections_of(document.pages), is_book=job["book"])
    findings = _finish(document, root, labels, paging.numbers_of(pages, labels))
    if job["terms"]:
        said = zip(labels, transcribe(pages, walked(pages), words=True), strict=True)
        words = [(label, PageText(*each["words"])) for label, each in said if not label.startswith(OPEN)]
        html = (folder / "index.html").read_text(encoding="utf-8").replace(ENTRIES, index_html(job["terms"], words))
        index, index_root = typesetter.lay_out(html, **options)
        index_labels = paging.labels_of(paging.sections_of(index.pages), is_book=True)
        page_numbers.fill(pages, paging.numbers_of(index.pages, index_labels))
        findings += _finish(index, index_root, index_labels, {})
        pages, labels = pages + index.pages, labels + index_labels
    transcripts = transcribe(pages, walked(pages), words=False)
    findings += dead_links(transcripts)
    whole = document.copy(pages)
    _write(whole, folder / "sheet.pdf", labels, options)
    digests = [[label, digest(each["says"])] for label, each in zip(labels, transcripts, strict=True)]
    changed = [at for at, (label, found) in enumerate(digests) if job["printed"].get(label) != found]
    if job["printed"] and changed:
        names = [labels[at] for at in changed]
        _write(document.copy([pages[at] for at in changed]), folder / "reprint.pdf", names, options)
    missing = {code for font in whole.fonts.values() for code in font.missing}
    return {"pages": len(pages), "digests": digests, "missing": sorted(missing), "findings": findings}


def _finish(document: Any, root: Any, labels: Sequence[str], numbers: Mapping[str, str]) -> list[Finding]:
    """Write page names and numbers into a document, and look at it."""
    paging.fill_margins(document.pages, labels)
    page_numbers.fill(document.pages, numbers)
    return settled(*inspect(document.pages, walked(document.pages), labels=labels, root=root))


def _write(document: Any, path: Path, labels: Sequence[str], options: Mapping[str, Any]) -> None:
    """Write a PDF whose pages have these names in a viewer."""
    document.write_pdf(path, finisher=lambda _, pdf: _name_pages(pdf, labels), **options)


def _name_pages(pdf: Any, labels: Sequence[str]) -> None:
    """Give the PDF its page labels."""
    import pydyf

    numbers = pydyf.Array()
    for at, style, prefix, start in paging.page_labels(labels):
        entry = pydyf.Dictionary({"S": f"/{style}", "St": start})
        if prefix:
            entry["P"] = pydyf.String(prefix)
        numbers.extend((at, entry))
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": numbers})
