"""Cloze text: HTML in which one marked phrase is to be recalled."""

import re

from cribdeck.model import plain_text

_SIGNS = {"{{": "&#123;&#123;", "}}": "&#125;&#125;", "::": "&#58;&#58;"}
_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


def cloze_text(text: str) -> str:
    """Text for a cloze note, where `{{`, `}}` and `::` are signs: written so that they are read as text."""
    for sign, escaped in _SIGNS.items():
        text = text.replace(sign, escaped)
    return text


def with_deletion(html: str, phrase: str) -> str:
    """HTML as the text of a cloze note: every `<mark>` of the phrase (plain text) is the deletion `c1`.

    All of them at once, for one that stayed would give the others away. A phrase that is not there as it was read (it
    held a script, which is gone) is looked for in vain; then all marks are the deletion, or else all of the text, for
    a note without a deletion has no card.
    """
    if not any(plain_text(mark[1]) == phrase for mark in _MARK.finditer(html)):
        phrase = ""
    pieces: list[str] = []
    at = 0
    for mark in _MARK.finditer(html):
        inside = cloze_text(mark[1])
        is_hidden = inside and (not phrase or plain_text(mark[1]) == phrase)
        pieces.append(cloze_text(html[at : mark.start()]))
        pieces.append(f"{{{{c1::{inside}}}}}" if is_hidden else f"<mark>{inside}</mark>")
        at = mark.end()
    text = "".join([*pieces, cloze_text(html[at:])])
    return text if "{{c1::" in text else f"{{{{c1::{text}}}}}"
