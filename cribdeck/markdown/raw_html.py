"""Raw HTML inside notes: which tags are tags, which are text; pictures, anchors and dangers in it."""

import html
import re

import msgspec

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_DANGER = re.compile(
    r"<\s*(script|style|iframe|object|embed|applet|form|input|button|link|meta|base|frame|svg|math)\b"
    r"|\s(on[a-z]{3,})\s*=|(javascript|vbscript)\s*:",
    re.IGNORECASE,
)

KEPT_TAGS = frozenset(
    "a b br sub sup kbd mark u s strike del ins em i strong small big tt code pre samp var cite q abbr dfn details"
    " summary table thead tbody tfoot tr th td caption col colgroup img font center div span p ul ol li dl dt dd"
    " blockquote hr h1 h2 h3 h4 h5 h6 ruby rt rp figure figcaption section article header footer main aside nav".split()
)
"""Tags that may stay in a note's raw HTML; the sanitizer has the last word on their attributes."""

DROPPED_TAGS = frozenset(
    "script style iframe object embed applet form input button select option textarea link meta base frame frameset"
    " svg math video audio source track canvas noscript template html head body title label fieldset legend picture"
    " wbr area map param marquee time data address hgroup nobr".split()
)
"""Tags of HTML that are taken out. Any other name in angle brackets (`List<String>`) is text and is shown."""


_NUMBERS = {
    "td": {"colspan": 50, "rowspan": 1000},
    "th": {"colspan": 50, "rowspan": 1000},
    "col": {"span": 50},
    "ol": {"start": 999_999_999},
}
"""Attributes that stay on a tag of raw HTML, each with its largest value: a table of 65,534 columns takes minutes."""
_WORDS = {
    "td": {"align": r"left|right|center"},
    "th": {"align": r"left|right|center", "scope": r"col|row"},
    "div": {"align": r"left|right|center"},
    "font": {"color": r"#?\w{1,30}"},
}
_WIDEST = 4000

_OFTEN_TEXT = frozenset(
    "form input button select option textarea link meta base frame video audio source canvas html head body title label"
    " fieldset legend picture area map param time data address".split()
)
"""Dropped tags that people who write about HTML name in a sentence."""


class Image(msgspec.Struct, frozen=True):
    """A picture as a note names it. `width` is in CSS pixels as typed, or ""."""

    src: str
    alt: str
    width: str = ""


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case, entities decoded."""
    return {
        name.lower(): html.unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(text)
    }


def is_tag(fragment: str) -> bool:
    """Whether `<…>` is HTML and no text such as a type parameter."""
    found = TAG.match(fragment)
    if not found or found[2].lower() not in KEPT_TAGS | DROPPED_TAGS:
        return False
    if found[2].lower() in _OFTEN_TEXT and not found[1] and not found[3].strip(" /"):
        # "a ref on the <input /> element": without attributes it would do nothing, so it is meant to be read.
        return False
    # `List<Object>`, `Map<K, V>`, `<T>`: nobody types a tag with one capital letter.
    return found[2].islower() or (found[2].isupper() and len(found[2]) > 1)


def image_of(fragment: str) -> Image | None:
    """The picture that an `<img …>` tag names; None where it is another tag or has no address."""
    found = TAG.match(fragment)
    if not found or found[2].lower() != "img":
        return None
    attrs = attributes(found[3])
    if not attrs.get("src"):
        return None
    return Image(attrs["src"], attrs.get("alt", ""), width_of(attrs.get("width", "")))


def width_of(typed: str) -> str:
    """A picture's width in CSS pixels; "" where none is typed that a page could have."""
    found = re.match(r"[0-9]{1,4}(?![0-9%])", typed)
    return found[0] if found and 0 < int(found[0]) <= _WIDEST else ""


def bare_tag(fragment: str) -> str:
    """A tag with those of its attributes only that say how a table or a list is to be shown.

    Attributes of our own making (`data-cd-image`), which rendering trusts, can't be forged so.
    """
    found = TAG.match(fragment)
    if not found:
        return ""
    slash, name, rest = found[1], found[2].lower(), found[3]
    if slash:
        return f"</{name}>"
    kept = " open" if name == "details" and re.search(r"\bopen\b", rest, re.IGNORECASE) else ""
    given = attributes(rest) if "=" in rest else {}
    for attribute, most in _NUMBERS.get(name, {}).items():
        value = given.get(attribute, "")
        if re.fullmatch(r"[0-9]{1,9}", value):
            kept += f' {attribute}="{min(int(value), most)}"'
    for attribute, form in _WORDS.get(name, {}).items():
        value = given.get(attribute, "").strip().lower()
        if value and re.fullmatch(form, value):
            kept += f' {attribute}="{html.escape(value)}"'
    return f"<{name}{kept}>"


def dangers(fragment: str) -> tuple[str, ...]:
    """The names of what is dropped from a piece of HTML because it could run or load something, each once."""
    found = (script or handler or scheme for script, handler, scheme in _DANGER.findall(fragment))
    return tuple(dict.fromkeys(name.lower() for name in found))
