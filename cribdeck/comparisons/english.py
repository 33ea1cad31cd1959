"""How English headings compare: `difference between A and B`, `how is A different from B`, `A or B`."""

import re

from cribdeck.comparisons.names import checked, split

AND = re.compile(r"\s*,\s*(?:and\s+|or\s+|&\s*|vs\.?\s+)?|\s+(?:and|&|or|vs\.?|versus)\s+", re.IGNORECASE)
_WITH = re.compile(AND.pattern + r"|\s+(?:with|to|against)\s+", re.IGNORECASE)
_DIFFERENCE = r"(?:differen(?:ce|tiat(?:e|ion))s?|distinctions?|compar(?:ison|ing)s?|similarit(?:y|ies)|trade-?offs?)"
_BETWEEN = re.compile(rf"\b{_DIFFERENCE}\b[^,:]{{0,40}}?\s*\b(?:between|among)\b\s*(?P<what>.+)", re.IGNORECASE)
_OF = re.compile(rf"\b{_DIFFERENCE}\b\s*(?:of\b\s*(?P<short>\S+\s+and\s+\S+)$|:\s*(?P<what>.+))", re.IGNORECASE)
_KIND = re.compile(
    r"^(?:an?\s+|the\s+)?(?:\w+\s+){0,2}(?:that (?:is|are):?|created using|declared (?:with|using)|such as|like)\s+"
    r"|^:\s*",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:,?\s+and\s+(?:why|when|how|what|which|where)\b.*|[,;]\s*(?:and\s+)?(?:why|when|how|which|or vice)\b.*"
    r"|,?\s+or vice.versa)$",
    re.IGNORECASE,
)
_AB = (
    re.compile(
        r"\bhow\s+(?:is|are|does|do)\s+(?P<a>.+?)\s+(?:different|differ|distinct)\s+(?:from|to|than)\s+(?P<b>.+)",
        re.IGNORECASE,
    ),
    re.compile(r"\bhow\s+(?P<a>.+?)\s+(?:is|are)\s+different\s+(?:from|to|than)\s+(?P<b>.+)", re.IGNORECASE),
    re.compile(
        r"\b(?:advantages?|disadvantages?|benefits?|downsides?|drawbacks?"
        r"|pros and cons)\s+of\s+(?:using\s+)?(?P<a>.+?)\s+"
        r"(?:over|compared (?:to|with)|instead of|versus|vs\.?|rather than)\s+(?P<b>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^when\s+(?:to|should (?:you|we|i))\s+(?:use|choose|prefer)\s+(?P<a>.+?)\s+(?:over|instead of|vs\.?|versus"
        r"|or|rather than)\s+(?P<b>.+)",
        re.IGNORECASE,
    ),
    re.compile(r"\breason\b.*?\buse\s+(?P<a>.+?)\s+(?:over|instead of|rather than)\s+(?P<b>.+)", re.IGNORECASE),
    re.compile(
        r"^why\s+(?:is|are)?\s*(?P<a>.+?)\s+(?:is|are)?\s*(?:better|faster|slower|worse|safer|cheaper"
        r"|lighter)\s+than\s+(?P<b>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:an?\s+)?(?P<a>[^,]+?)\s+(?:compared\s+(?:to|with)|in comparison (?:to|with))\s+(?P<b>.+)", re.IGNORECASE
    ),
    re.compile(r"^(?:differences?|distinction)\s+of\s+(?P<a>.+?)\s+(?:from|to)\s+(?P<b>.+)", re.IGNORECASE),
    re.compile(
        r"^(?:differentiate|distinguish|tell)\s+(?:between\s+)?(?P<a>.+?)\s+(?:and|from)\s+(?P<b>.+)", re.IGNORECASE
    ),
)
_IT = re.compile(
    r"\bwhat\s+(?:is|are)\s+(?:an?\s+|the\s+)?(?:benefits?\s+of\s+"
    r"|advantages?\s+of\s+)?(?:using\s+)?(?P<a>.+?),?\s+and\s+how\s+(?:is|are|does|do)\s+(?:it|they|this)\s+"
    r"(?:different|differ)\s+(?:from|to)\s+(?P<b>.+)",
    re.IGNORECASE,
)
_COMPARE = re.compile(r"^(?:please\s+)?(?:compare(?: and contrast)?|contrast|comparing)\s+(?P<what>.+)", re.IGNORECASE)
_TAIL = re.compile(
    rf"^(?P<what>.+?)\s*(?:[:–—-]\s*)?\b(?:(?:key|main|major)\s+)?(?:{_DIFFERENCE}|compared)$", re.IGNORECASE
)
_CHOICE = re.compile(
    r"^(?P<a>[\w.+#@()-]+(?:\s[\w.+#()-]+)?)\s+or\s+(?P<b>[\w.+#@()-]+(?:\s[\w.+#()-]+)?)$", re.IGNORECASE
)
_NO_CHOICE = re.compile(
    r"^(?:how|what|why|when|where|who|which|is|are|can|do|does|to|for|with|without|one|zero|more|less|all|any|no"
    r"|yes|true|on|logical|bitwise|return"
    r"|if|not|trick|make|error|warning|exclusive|and|either|whether)\b|\b(?:more|so|later|less|not|others?|another"
    r"|later|false|equal|else|none|off)$",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"^(?:(?:the|key|main|major|summary of|quick|side-by-side|feature|performance)\s+)*{_DIFFERENCE}"
    r"(?:\s+(?:and|&)\s+\w+)?(?:\s+(?:table|chart|summary|matrix))?$",
    re.IGNORECASE,
)
_BARE_WITH = re.compile(
    rf"^(?:(?:key|main|major|the)\s+)*(?:{_DIFFERENCE}\s+(?:from|to|with)|(?:as\s+)?compared\s+(?:to|with)|versus"
    rf"|vs\.?)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:(?:please|can you|could you|what do you think (?:of|about)|what(?:'s|’s|\s+is|\s+are)|explain|describe"
    r"|discuss|define|understanding|understand|about|analogy"
    r"|the|your thoughts on)\s*:?\s+)+",
    re.IGNORECASE,
)


def pairs(text: str) -> list[tuple[str, ...]]:
    """The sets of subjects of a sentence that compares in English; none where it names none."""
    if found := _IT.search(text):
        return _one([found["a"], found["b"]])
    text = _END.sub("", text)
    for pattern in _AB:
        if found := pattern.search(text):
            return _one([found["a"], found["b"]])
    if found := _COMPARE.match(text):
        return _one(split(_KIND.sub("", found["what"]), _WITH))
    if found := _BETWEEN.search(text):
        return _one(split(_KIND.sub("", found["what"]), AND))
    if found := _OF.search(text):
        return _one(split(_KIND.sub("", found["short"] or found["what"]), AND))
    if (found := _TAIL.match(text)) and len(parts := split(LEAD.sub("", found["what"]), AND)) > 1:
        return _one(parts)
    if (found := _CHOICE.match(text)) and not _NO_CHOICE.search(found["a"]) and not _NO_CHOICE.search(found["b"]):
        return _one([found["a"], found["b"]])
    return []


def _one(parts: list[str]) -> list[tuple[str, ...]]:
    names = checked(parts)
    return [names] if names else []


def is_bare(text: str) -> bool:
    """Whether a heading only says that something is compared: `Key differences`."""
    return bool(_BARE.match(text))


def other(text: str) -> str:
    """What a heading compares the one above it with: `vs. Anki`, `Differences from useMemo`; "" for another heading."""
    found = _BARE_WITH.match(text)
    return found["what"] if found else ""
