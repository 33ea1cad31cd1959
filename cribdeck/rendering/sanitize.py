"""The last word on what HTML of a note may reach a card or a page."""

import re
from collections import Counter

import nh3

_TAGS = set(
    "a abbr b blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption "
    "figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span "
    "strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var".split()
)
_ATTRIBUTES = {
    "a": {"href", "data-cd-link"},
    "img": {"data-cd-image", "alt", "width"},
    "font": {"color"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "col": {"span"},
    "details": {"open"},
    "sup": {"data-note"},
    "pre": {"data-cd-code"},
    "div": {"data-cd-math", "align"},
    "span": {"data-cd-math"},
}
_CLASSES = {
    "span": {"math", "display", "missing-image", "label"},
    "div": {"math", "display", "callout", "note", "tip", "important", "warning", "caution", "labelled", "table"},
    "p": {"label", "callout-title"},
    "li": {"done", "open"},
    "sup": {"note-ref"},
    "a": {"remote-image"},
    "dl": {"labels"},
    "section": {"footnotes"},
    "td": {"left", "center", "right"},
    "th": {"left", "center", "right"},
}
_SHALLOW = "br|hr|img|col|p|li|dt|dd|tr|td|th|thead|tbody|tfoot|colgroup|caption|rt|rp"
"""Tags that hold nothing, end by themselves where the next one begins, or come only inside others that are counted."""
_DEEP_TAG = re.compile(
    rf"<(/?)(?!(?:{_SHALLOW})(?![A-Za-z0-9]))([A-Za-z][A-Za-z0-9]*)[^<>]*>", re.ASCII | re.IGNORECASE
)
_DEEPEST = 120
_DEEPEST_TABLE = 3
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    clean_content_tags={"script", "style", "iframe", "object", "embed", "noscript", "template"},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
# All others come out as they went in (nh3 0.3, tried one by one), and most titles hold nothing else.
_MARKUP = re.compile("[\0\r&<>\xa0\ud800-\udfff]")


def sanitize(html: str) -> str:
    """HTML in which nothing runs, nothing is loaded and every tag is closed.

    A picture keeps no address, only the reference that rendering resolves inside the notes folder; classes are those
    of our own making.
    """
    return _CLEANER.clean(_flattened(html)) if _MARKUP.search(html) else html


def _flattened(html: str) -> str:
    """HTML whose elements are nested `_DEEPEST` deep at most; tags below that are left out, their text stays.

    Parser and printer take the square of the depth, and tables in tables more.
    """
    if html.count("<") < _DEEPEST and html.count("<table") <= _DEEPEST_TABLE:
        return html
    opened: list[str] = []
    left_out: Counter[str] = Counter()

    def keep(found: re.Match[str]) -> str:
        name = found[2].lower()
        if found[1]:
            if left_out[name]:
                left_out[name] -= 1
                return ""
            if name in opened:
                del opened[len(opened) - 1 - opened[::-1].index(name) :]
            return found[0]
        if len(opened) >= _DEEPEST or (name == "table" and opened.count(name) >= _DEEPEST_TABLE):
            left_out[name] += 1
            return ""
        opened.append(name)
        return found[0]

    return _DEEP_TAG.sub(keep, html)
