"""How headings of other languages compare: Korean, and those that say `difference between`."""

import re

from cribdeck.comparisons.names import checked, split

_KOREAN = re.compile(
    r"^(?:그렇다면|그럼)?\s*(?:\S+에서(?:의)?\s+(?=\S+(?:\s\S+)*?(?:와|과)\s))?(?P<what>.+?)"
    r"\s*(?:가 뭔지,|이 뭔지,|(?:을|를)? ?비교하여)?\s*(?:사이(?:의|에서).*?|간의?|의)?\s*(?:은|는)?\s*(?:주요|무슨"
    r"|어떤|가장 큰)?\s*(?:차이점?|다른 ?점|비교)"
    r"(?:는|은|이|을|를|가|에|일까|이란|점)?(?:\s.*)?$"
)
_KOREAN_AND = re.compile(r"\s?(?:와|과|랑|하고)\s+|\s*,\s*(?:(?:그리고|및)\s+)?|\s+(?:및|그리고|vs\.?)\s+")
_BETWEEN = re.compile(
    r"\b(?:diferenças?|diferencias?|differenz[ae]|différences?|unterschiede?|comparação|comparaison|confronto"
    r"|сравнение|сравните|(?:раз|от)ли[чц]и[яейи]м?|разниц[аыуе]\w*)\b"
    r"(?:\s+при использовании\s+\S+\s+в\b|\s*(?::|\b(?:entre|tra|fra|zwischen|между|de|di)\b\s*:?)"
    r"|(?=\s))\s*(?P<what>[^:].*)",
    re.IGNORECASE,
)
_BETWEEN_AND = re.compile(r"\s*,\s*(?:(?:e|y|et|und|и|ed)\s+)?|\s+(?:e|y|et|und|и|ed|от|vs\.?)\s+", re.IGNORECASE)
_DIFFERS = re.compile(r"^(?:(?:в\s+)?ч[её]м\s+)?(?P<a>[^,]+?)\s+отлича(?:е|ю)тся\s+от\s+(?P<b>.+)$", re.IGNORECASE)
_IT = re.compile(
    r"(?:преимущества\s+)?использования\s+(?P<a>\S+(?:\s\S+)?)\s+и\s+чем\s+(?:он|она|оно|они)\s+отлича(?:е"
    r"|ю)тся\s+от\s+(?P<b>.+)$",
    re.IGNORECASE,
)


def pairs(text: str) -> list[tuple[str, ...]]:
    """The set of subjects of a sentence that compares in one of these languages."""
    for pattern in (_IT, _DIFFERS):
        if found := pattern.search(text):
            return _one([found["a"], found["b"]])
    if found := _KOREAN.match(text):
        return _one(split(found["what"], _KOREAN_AND))
    if found := _BETWEEN.search(text):
        parts = split(found["what"], _BETWEEN_AND)
        if len(parts) == 1 and parts[0].isascii():  # `a diferença entre call apply bind`
            parts = parts[0].split()
        return _one(parts)
    return []


def _one(parts: list[str]) -> list[tuple[str, ...]]:
    names = checked(parts)
    return [names] if names else []
