"""The archive, read back with Python's own zip reader and with zlib."""

import io
import random
import zipfile

import pytest

from cribdeck.deck.archive import Deflated, deflated, pack

PIECE = 1 << 20


def _text(size: int) -> bytes:
    chance = random.Random(size)  # noqa: S311 — no secret
    words = [chance.randbytes(3).hex().encode() for _ in range(5_000)]
    return b" ".join(chance.choices(words, k=size // 7 + 1))[:size]


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17])
def test_what_is_packed_is_read_back_whatever_its_size(size: int) -> None:
    files = {"collection.anki2": _text(size), "media": b"{}", "0": random.Random(1).randbytes(size // 2)}  # noqa: S311

    with zipfile.ZipFile(io.BytesIO(pack({name: [content] for name, content in files.items()}))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_the_archive_is_the_same_on_any_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"one": [_text(5 * PIECE + 3)], "two": [_text(2 * PIECE)]}

    made = []
    for cores in (1, 2, 7):
        monkeypatch.setattr("cribdeck.deck.archive.os.cpu_count", lambda cores=cores: cores)
        made.append(pack(files))

    assert made[0] == made[1] == made[2]


def test_cutting_into_pieces_costs_hardly_any_space() -> None:
    text = _text(4 * PIECE)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("text", text)

    assert len(pack({"text": [text]})) < 1.002 * len(whole.getvalue())


def test_a_file_that_is_compressed_already_is_put_in_as_it_is() -> None:
    picture = random.Random(1).randbytes(PIECE)  # noqa: S311 — no secret

    with zipfile.ZipFile(io.BytesIO(pack({"0": picture, "text": [_text(100)], "1": b""}))) as archive:
        assert archive.testzip() is None
        assert [archive.read(name) for name in ("0", "text", "1")] == [picture, _text(100), b""]
        assert archive.getinfo("0").compress_size == PIECE


def test_parts_that_were_compressed_before_are_read_back_among_others() -> None:
    parts: list[bytes | Deflated] = [
        b"head",
        b"",
        deflated(_text(3 * PIECE)),
        _text(PIECE + 1),
        deflated(b""),
        deflated(b"end"),
    ]
    whole = b"".join([b"head", _text(3 * PIECE), _text(PIECE + 1), b"end"])

    with zipfile.ZipFile(io.BytesIO(pack({"text": parts}))) as archive:
        assert archive.testzip() is None
        assert archive.read("text") == whole
