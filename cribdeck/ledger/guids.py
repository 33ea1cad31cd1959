"""New guids and numbers, from a card's place and the ledger's salt: two builds of the same notes agree on them."""

from collections.abc import Container
from hashlib import blake2b

from cribdeck.ledger.records import Entry

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PAIRS = [low + high for high in _ALPHABET for low in _ALPHABET]
_GUID_LENGTH = 16
_NUMBER_LENGTH = 4


def new_guid(salt: str, entry: Entry, taken: Container[str]) -> str:
    """A guid that no card ever had; the place alone won't do where a card that stood there has moved away."""
    place = (entry.kind.value, entry.id, entry.file, *entry.path, str(entry.nth))
    guid = _digest(salt, *place)
    attempt = 0
    while guid in taken:
        attempt += 1
        guid = _digest(salt, *place, str(attempt))
    return guid


def new_number(guid: str, taken: Container[str]) -> str:
    """A short number made from the guid; the next one where another card has it."""
    attempt = 0
    while True:
        number = _digest("number", guid, str(attempt))[:_NUMBER_LENGTH]
        if number not in taken:
            return number
        attempt += 1


def _digest(*parts: str) -> str:
    # 16 characters of 5 bits: two cards of any two users hardly ever meet by chance.
    digest = blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).digest()
    value = int.from_bytes(digest, "big")
    found = ""
    # Two characters at a time, the lowest bits first.
    for _ in range(_GUID_LENGTH // 2):
        value, pair = divmod(value, len(_PAIRS))
        found += _PAIRS[pair]
    return found
