"""Quotation marks that fit the script around them."""

import re

_TEXT = re.compile(r"(<[^>]*>)|([^<]+)")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")
_QUOTED_LATIN = re.compile(r"“([\x20-\x7e’]{1,80})”")
_NARROW = '<span class="narrow">{}</span>'


def fit_quotes(html: str) -> str:
    """Mark those quotation marks and apostrophes that stand in Latin text.

    Chinese fonts draw `“”’` as wide as a Han character, which is right in Chinese and tears `don’t` apart.
    """
    if not ("’" in html or "“" in html):
        return html
    return _TEXT.sub(lambda found: found[1] or _fit(found[2]), html)


def _fit(text: str) -> str:
    text = _QUOTED_LATIN.sub(lambda q: _NARROW.format("“") + q[1] + _NARROW.format("”"), text)
    return _APOSTROPHE.sub(_NARROW.format("’"), text)
