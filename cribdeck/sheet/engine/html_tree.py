"""The elements of a page that is plainly written, without a parser for all that pages may be.

tinyhtml5 (2.1), WeasyPrint's parser, mends any HTML there is, a character at a time: a sixteenth of the time that a
chapter takes. Here only what needs no mending is read: every tag closed in its order, nothing where HTML would close or
move an element by itself. What is anything else is left to the parser. For the process that renders.
"""

import re
from typing import Any
from xml.etree import ElementTree

_VOID = frozenset({"br", "col", "hr", "img", "input", "wbr"})
_INLINE = frozenset(
    "a abbr b bdi bdo big br cite code del dfn em font i img input ins kbd mark q s samp small span strike strong sub"
    " sup time tt u var wbr".split()
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK = _HEADINGS | frozenset(
    "address article aside blockquote center dd details div dl dt figcaption figure footer header hr li main nav ol p"
    " pre section summary table ul".split()
)
"""They end a paragraph."""
_TABLE_PARTS = {
    "table": frozenset({"caption", "colgroup", "thead", "tbody", "tfoot"}),
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
}
"""What may stand in the parts of a table; text may not."""
_LISTS = {"li": frozenset({"ul", "ol"}), "dt": frozenset({"dl"}), "dd": frozenset({"dl"})}
"""An item ends the one before it, however deep in divisions, up to its list."""
_ITEMS = {"li": frozenset({"li"}), "dt": frozenset({"dt", "dd"}), "dd": frozenset({"dt", "dd"})}

_ATTRIBUTE = re.compile(r'\s+([a-z][a-z0-9-]*)(?:="([^"]*)")?')
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9-]*(?:="[^"]*")?)*)\s*(/?)>|([^<]+)')
_ENTITY = re.compile(r"&(amp|lt|gt|quot|nbsp|#39|#34);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": "\xa0", "#39": "'", "#34": '"'}
_STRANGE = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp|#39|#34);)|[\0\r\ud800-\udfff]")
_END = re.compile(r"</body>(\s*)</html>(\s*)\Z")


def install() -> None:
    """Have WeasyPrint's pages read this way where they can be, in this process."""
    from types import SimpleNamespace

    import weasyprint

    plain: Any = weasyprint.tinyhtml5.parse  # type: ignore[attr-defined,unused-ignore]

    def parse(document: Any, **options: Any) -> Any:
        tree = tree_of(document, plain) if isinstance(document, str) else None
        return plain(document, **options) if tree is None else tree

    weasyprint.tinyhtml5 = SimpleNamespace(parse=parse)  # type: ignore[attr-defined,unused-ignore]


def tree_of(page: str, parse: Any) -> Any:
    """The root of a page's elements; None where the page is not plain enough.

    Args:
        page: HTML.
        parse: tinyhtml5's, for what stands before the body.
    """
    head, tag, rest = page.partition("<body>")
    end = _END.search(rest)
    if not tag or end is None or _STRANGE.search(rest) or len(head) > len(rest):
        return None
    # White space after the body's end belongs to the body.
    body = _Reader().read(rest[: end.start()] + end[1] + end[2])
    if body is None:
        return None
    root = parse(f"{head}<body></body></html>", namespace_html_elements=False)
    root[-1].text = body.text
    root[-1].extend(body)
    return root


class _Reader:
    """Reads a body; `_open` are the names of the elements that are open, the innermost last."""

    def __init__(self) -> None:
        self._open = ["body"]
        self._builder = ElementTree.TreeBuilder()

    def read(self, text: str) -> Any:
        """The body element; None where something is not plain."""
        self._builder.start("body", {})
        at, after_pre = 0, False
        for found in _TOKEN.finditer(text):
            if found.start() != at:
                return None
            at = found.end()
            closing, name, attributes, slash, data = found.groups()
            if data is not None:
                is_fine = not (after_pre and data[0] == "\n") and self._text(data)
            elif closing:
                is_fine = not attributes and not slash and self._close(name)
            else:
                is_fine = not (slash and name not in _VOID) and self._start(name, attributes)
            if not is_fine:
                return None
            after_pre = name == "pre"
        if at != len(text) or self._open != ["body"]:
            return None
        self._builder.end("body")
        return self._builder.close()

    def _text(self, data: str) -> bool:
        if self._open[-1] in _TABLE_PARTS and not data.isspace():
            return False
        self._builder.data(_unescaped(data))
        return True

    def _close(self, name: str) -> bool:
        if self._open[-1] != name or name == "body":
            return False
        self._open.pop()
        self._builder.end(name)
        return True

    def _start(self, name: str, attributes: str) -> bool:
        if not self._may_start(name):
            return False
        pairs = _ATTRIBUTE.findall(attributes)
        values = {key: _unescaped(value) for key, value in pairs}
        if len(values) != len(pairs):
            return False
        self._builder.start(name, values)
        if name in _VOID:
            self._builder.end(name)
        else:
            self._open.append(name)
        return True

    def _may_start(self, name: str) -> bool:
        """Whether an element stands where it is written, and ends none that is open."""
        within = self._open
        if within[-1] in _TABLE_PARTS:
            return name in _TABLE_PARTS[within[-1]]
        if name in _INLINE:
            return name != "a" or "a" not in within
        if name not in _BLOCK or "p" in within:
            return False
        if name in _HEADINGS:
            return _HEADINGS.isdisjoint(within)
        if name in _LISTS:
            inner = next((each for each in reversed(within) if each in _LISTS[name] or each in _ITEMS[name]), "")
            return inner not in _ITEMS[name]
        return True


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text) if "&" in text else text
