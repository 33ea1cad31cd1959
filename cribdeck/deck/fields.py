"""What a field of a note, a tag or a deck's name may hold, so that Anki imports it and shows it as it was meant."""

import functools
import re
import unicodedata
from collections.abc import Iterable

from cribdeck.model import ACTIVE_MATH
from cribdeck.rendering import Listing

_UNCLEAN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# What Anki acts upon in a field, in text that means it literally: sounds, speech, LaTeX, a box to type in.
_ANKI_BRACKET = re.compile(r"\[(?=(?:sound|anki):|/?latex\]|/?\$\$?\]|\[type:)", re.IGNORECASE)
_STROKE = "\u0338"
_MARKUP = re.compile(r"(<[^>]*>)")
_ATTRIBUTE = r'\s+[^\s=>"]+(?:="[^"]*")?'
_LINK = re.compile(rf"<a((?:{_ATTRIBUTE})*)\s*>(.*?)</a>", re.DOTALL)
_HREF = re.compile(r'\shref="(?:https?://|mailto:)', re.IGNORECASE)


def field_text(html: str) -> str:
    """HTML as a field of Anki's: nothing that refuses the import, nothing that Anki would act upon.

    A 0x1f in any field refuses the whole package, for it is what Anki parts fields with; a lone surrogate is no
    UTF-8. Anki itself strips other control characters and normalises to NFC, so a field that was not would differ
    from what comes back. Links lead to `http`, `https` and `mailto` only; others keep their text.
    """
    if not html:
        return ""
    text = _inert(_composed(clean(html)))
    if "<a" in text:
        text = _LINK.sub(_link, text)
    return text.strip()


def listing_text(listing: Listing) -> str:
    """Coloured code as `field_text` gives it, but that its ends are left as they are.

    With its colours it is five times as long. They come in tags and entities, so what does not stand in the code as it
    was typed can't be looked for in vain there, and a code that is NFC stays so, but for what goes with a `>`.
    """
    code, html = listing
    if not is_clean(code) or _STROKE in code or not unicodedata.is_normalized("NFC", code):
        html = _composed(clean(html))
    return _inert(html) if "\\" in code or ("[" in code and _ANKI_BRACKET.search(code)) else html


def is_clean(text: str) -> bool:
    """Whether `clean` leaves a text as it is."""
    # All that it takes away is unprintable, and Python tells that faster than any pattern.
    return text.replace("\n", "").replace("\t", "").isprintable() or not _UNCLEAN.search(text)


def clean(text: str) -> str:
    """Text without control characters but tab and line feed, each lone surrogate replaced by U+FFFD."""
    # As plain text, for each slice of a `Markup` would be made `Markup` again.
    text = str(text)
    return text if is_clean(text) else _UNCLEAN.sub(lambda found: "\ufffd" if found[0] >= "\ud800" else "", text)


def _composed(text: str) -> str:
    """HTML in NFC, each tag and each text by itself: a stroke (U+0338) makes one character of the `>` before it."""
    if _STROKE not in text:
        return unicodedata.normalize("NFC", text)
    parts = [unicodedata.normalize("NFC", part) for part in _MARKUP.split(text)]
    return "".join([f"&#{ord(_STROKE)};{part[1:]}" if part.startswith(_STROKE) else part for part in parts])


def _inert(text: str) -> str:
    """HTML in which nothing stands that Anki acts upon."""
    if "\\" in text and ACTIVE_MATH.search(text):
        text = "".join([_without_active_math(part) for part in _MARKUP.split(text)])
    return _ANKI_BRACKET.sub("&#91;", text) if "[" in text else text


def _without_active_math(part: str) -> str:
    r"""Text in which Anki's MathJax finds no formula that loads something: one does not run on over a tag.

    Formulas of the notes were looked at when they were read; but MathJax takes any `\(` in a text for one.
    """
    return part if part.startswith("<") else ACTIVE_MATH.sub(r"<span>\\</span>\1", part)


def _link(found: re.Match[str]) -> str:
    return found[0] if _HREF.search(found[1]) else found[2]


def tag_names(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as Anki keeps them: no white space, no quotes, no empty level, each once whatever its case."""
    by_key: dict[str, str] = {}
    for name in map(_tag_name, tags):
        if name:
            by_key.setdefault(name.casefold(), name)
    return tuple(by_key.values())


@functools.lru_cache(maxsize=4096)
def _tag_name(tag: str) -> str:
    # Remembered, as all cards of a note and of a chapter have theirs.
    levels = [re.sub(r'[\s"]+', "_", clean(level).strip()).strip("_") for level in tag.split("::")]
    return unicodedata.normalize("NFC", "::".join(level.strip(":") for level in levels if level.strip(":")))


@functools.lru_cache(maxsize=1024)
def deck_name(name: str, folder: str = "") -> str:
    """A deck's name; `folder` is one level below it, whatever it is called. Anki parts levels with `::`."""
    levels = [*name.split("::"), folder.replace("::", "：")]
    cleaned = [unicodedata.normalize("NFC", " ".join(clean(level).split())) for level in levels]
    return "::".join(level for level in cleaned if level) or "Cribdeck"
