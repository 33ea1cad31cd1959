"""Code blocks apart from the HTML around them."""

import re
from collections.abc import Callable
from typing import NamedTuple

_MARK = '<pre data-cd-code="'
_MARKED = re.compile(r'<pre( [^<>]*)? data-cd-code="(\d+)"></pre>')


class Listing(NamedTuple):
    """A code block: its text as typed, and its HTML with colours, as it stands in `<code>`."""

    code: str
    html: str


class Listings:
    """The code blocks of some HTML, each of which has only a mark in it until they are put in.

    They are most of the HTML of notes on programming, and whoever cleans or marks text seeks nothing in them. The mark
    is an empty `<pre>`; attributes that it is given become those of the listing.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Listing] = {}

    def keep(self, listing: Listing) -> str:
        """Keep a listing; what stands for it."""
        number = str(len(self._kept))
        self._kept[number] = listing
        return f'{_MARK}{number}"></pre>'

    def put_into(self, html: str, written: Callable[[Listing], str] | None = None) -> str:
        """The HTML with each listing in the place of its mark; `written` gives what stands in its `<code>`."""
        if ' data-cd-code="' not in html:
            return html

        def listing(found: re.Match[str]) -> str:
            kept = self._kept.get(found[2])
            if kept is None:
                return ""
            inside = written(kept) if written else kept.html
            return f'<pre class="code"{found[1] or ""}><code>{inside}</code></pre>'

        return _MARKED.sub(listing, html)


def with_attributes(html: str, attributes: str) -> str:
    """HTML in which each listing, kept apart or put in, has attributes (`name="value"`)."""
    if "<pre " not in html:
        return html
    return html.replace(_MARK, f"<pre {attributes}{_MARK[4:]}").replace(
        '<pre class="code">', f'<pre class="code" {attributes}>'
    )
