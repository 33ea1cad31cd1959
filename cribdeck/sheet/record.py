"""What stands on which page: the sheet's that was last built, and that which the user has on paper."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FILE_NAME = "printed.json"
"""Beside the ledger, for it has to outlive the outputs."""
BUILT_NAME = "pages.json"
"""In the folder for caches: what the last sheet's pages say."""
_VERSION = 1


def digest(says: Sequence[str]) -> str:
    """What a page says, as a hash (see `transcripts`)."""
    return hashlib.sha256(json.dumps(list(says)).encode()).hexdigest()[:16]


def built_record(pdf: bytes, digests: Mapping[str, str]) -> str:
    """What is remembered of a sheet that was built, with the hash that ties it to its PDF."""
    return _text({"sheet": hashlib.sha256(pdf).hexdigest(), "pages": dict(digests)})


def read_built(path: Path, pdf: bytes) -> dict[str, str] | None:
    """The digests of the pages of a PDF; None where what is remembered is not of this one."""
    record = _read(path)
    if record is None or record.get("sheet") != hashlib.sha256(pdf).hexdigest():
        return None
    return _pages(record)


def printed_record(digests: Mapping[str, str]) -> str:
    """What is remembered of the sheet on paper: a line a page, so that git shows what changed."""
    return _text({"pages": dict(digests)})


def read_printed(path: Path) -> dict[str, str] | None:
    """The digests of the pages on paper by their names; None where nothing is remembered, or can't be read."""
    record = _read(path)
    return None if record is None else _pages(record)


def _text(record: Mapping[str, Any]) -> str:
    return json.dumps({"version": _VERSION, **record}, ensure_ascii=False, indent=1) + "\n"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("version") == _VERSION else None


def _pages(record: Mapping[str, Any]) -> dict[str, str] | None:
    pages = record.get("pages")
    return {str(name): str(digest) for name, digest in pages.items()} if isinstance(pages, dict) else None
