"""From the page's HTML to the finished pages: laid out, numbered, indexed, looked at. For the process that renders."""

import contextlib
import gc
import hashlib
import io
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cribdeck.sheet import columns, page_numbers, paging
from cribdeck.sheet.boxes import Walk, text_of
from cribdeck.sheet.index_pages import index_html
from cribdeck.sheet.inspection import Finding, dead_links, inspect
from cribdeck.sheet.wrap_marks import mark_wrapped_lines

DPI = 200
"""No picture needs more on paper."""
VOLATILE = "data-now"
"""On elements that change with every build and are no reason to print a page again."""
OPEN = "A–"
"""How the pages of open questions are named (see page.html): the index leaves them out."""
_ENTRIES = "<!-- entries -->"


class Typesetter:
    """Lays out HTML with WeasyPrint, so that nothing is loaded and memory is not searched in vain."""

    def __init__(self, *, accessible: bool) -> None:
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        # WeasyPrint prints a banner to stdout where a library does not load.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
            from weasyprint.urls import URLFetcher

        class EmbeddedOnly(URLFetcher):  # type: ignore[misc,unused-ignore]
            """Opens nothing but what the page itself holds."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                if not url.startswith("data:"):
                    raise ValueError("a sheet loads nothing")
                return super().fetch(url, headers)

        columns.install()
        # Boxes refer to one another, and the collector walks all of them again and again: a third of the time.
        gc.disable()
        self._html: Any = weasyprint.HTML
        self._fetcher = EmbeddedOnly()
        self._options = {"pdf_variant": "pdf/ua-1"} if accessible else {}

    def lay_out(self, html: str) -> tuple[Any, Any]:
        """The laid out document and the element tree that it was made from."""
        source = self._html(string=html, url_fetcher=self._fetcher, base_url=None)
        document = source.render(dpi=DPI, **self._options)
        mark_wrapped_lines(document.pages)
        return document, source.etree_element

    def write(self, document: Any, path: Path, labels: Sequence[str]) -> None:
        """Write a PDF whose pages have these names in a viewer."""
        document.write_pdf(path, finisher=lambda _, pdf: _name_pages(pdf, labels), **self._options)


def print_sheet(folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    """Print the folder's `page.html` to `sheet.pdf`, and to `reprint.pdf` what changed since it was last on paper.

    Args:
        folder: Holds `page.html`, and `index.html` where the job has `terms`.
        job: `book` and `accessible`; `terms` of the index; `printed`, the digests of the pages on paper by name.

    Returns:
        `pages`, the number; `digests` of the pages' content as [name, digest]; `missing`, the characters that no font
        had; `findings`.
    """
    typesetter = Typesetter(accessible=job["accessible"])
    document, root = typesetter.lay_out((folder / "page.html").read_text(encoding="utf-8"))
    pages, labels = list(document.pages), paging.labels_of(document.pages, is_book=job["book"])
    findings = _finish(document, root, labels, paging.numbers_of(pages, labels))
    index = None
    if job["terms"]:
        notes = [(page, label) for page, label in zip(pages, labels, strict=True) if not label.startswith(OPEN)]
        entries = index_html(job["terms"], notes)
        html = (folder / "index.html").read_text(encoding="utf-8").replace(_ENTRIES, entries)
        index, index_root = typesetter.lay_out(html)
        index_labels = paging.labels_of(index.pages, is_book=True)
        page_numbers.fill(pages, paging.numbers_of(index.pages, index_labels))
        findings += _finish(index, index_root, index_labels, {})
        pages, labels = pages + index.pages, labels + index_labels
    findings += dead_links(pages)
    whole = document.copy(pages)
    typesetter.write(whole, folder / "sheet.pdf", labels)
    digests = [[label, digest(page)] for page, label in zip(pages, labels, strict=True)]
    changed = [at for at, (label, found) in enumerate(digests) if job["printed"].get(label) != found]
    if job["printed"] and changed:
        names = [labels[at] for at in changed]
        typesetter.write(document.copy([pages[at] for at in changed]), folder / "reprint.pdf", names)
    missing = {code for font in whole.fonts.values() for code in font.missing}
    return {"pages": len(pages), "digests": digests, "missing": sorted(missing), "findings": findings}


def _finish(document: Any, root: Any, labels: Sequence[str], numbers: Mapping[str, str]) -> list[Finding]:
    """Write page names and numbers into a document, and look at it."""
    paging.fill_margins(document.pages, labels)
    page_numbers.fill(document.pages, numbers)
    return inspect(document.pages, labels, root)


def digest(page: Any) -> str:
    """What a page says, as a hash of its text, line by line, and of its pictures; running headers don't count."""
    content = []
    for each in Walk().page(page):
        element = each.box.element
        if element is not None and element.get(VOLATILE) is not None:
            continue
        text = text_of(each.box)
        if text:
            content.append(text)
        elif type(each.box).__name__.endswith("ReplacedBox"):
            content.append(element.get("src", ""))
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


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
