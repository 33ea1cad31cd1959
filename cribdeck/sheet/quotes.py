"""Quotation marks and punctuation that fit the script around them."""

import re

_PARTS = re.compile(r"(<(pre|style|title)\b.*?</\2>|<[^>]*>)|([^<]+)", re.DOTALL)
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")
_QUOTED_LATIN = re.compile(r"“([\x20-\x7e’]{1,80})”")
_NARROW = '<span class="narrow">{}</span>'
_OPENING, _CLOSING = "「『（《【〈〔“‘", "」』）》】〉〕”’，。、；："
# Of two that meet, the one whose empty half lies between them gives it up (W3C, Requirements for Chinese Text Layout,
# 3.1.6.2): a closing mark before any other, an opening one after another.
_MEETING = re.compile(f"[{_CLOSING}](?=[{_OPENING}{_CLOSING}])|(?<=[{_OPENING}])[{_OPENING}]")
_HALF = '<span class="half">{}</span>'


def fit_quotes(html: str) -> str:
    """Mark those quotation marks and apostrophes that stand in Latin text, and punctuation that meets.

    Chinese fonts draw `“”’` as wide as a Han character, which is right in Chinese and tears `don’t` apart; and two
    marks side by side leave a hole, `）。`, for each fills but half of its square.
    """
    return _PARTS.sub(lambda found: found[1] or _fit(found[3]), html)


def _fit(text: str) -> str:
    if "’" in text or "“" in text:
        text = _QUOTED_LATIN.sub(lambda q: _NARROW.format("“") + q[1] + _NARROW.format("”"), text)
        text = _APOSTROPHE.sub(_NARROW.format("’"), text)
        if "<" in text:
            return _PARTS.sub(lambda found: found[1] or _squeeze(found[3]), text)
    return _squeeze(text)


def _squeeze(text: str) -> str:
    return _MEETING.sub(lambda found: _HALF.format(found[0]), text)
