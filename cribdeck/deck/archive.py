"""A zip archive whose bytes depend on its contents alone, compressed on all cores, or before."""

import contextlib
import functools
import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold."""
_PIECE = 1 << 20
"""Bytes that one thread compresses at a time: fixed, so that the result is the same on any number of cores."""
_WINDOW = 1 << 15
"""How far deflate looks back for what it has seen (RFC 1951)."""
_LEVEL = 6
_END = b"\x03\x00"
"""A last block of deflate with nothing in it."""
_POLYNOMIAL = 0xEDB88320
"""Of CRC-32, the lowest power in the highest bit."""


class Deflated(msgspec.Struct, frozen=True, array_like=True):
    """A piece of a file, compressed: it ends at a byte's border, so that another may follow.

    Attributes:
        crc: CRC-32 of what it was.
        size: Bytes that it was.
    """

    data: bytes
    crc: int
    size: int


Content = Sequence[bytes | Deflated]
"""A file in parts, some of which may be compressed already."""


def pack(files: Mapping[str, bytes | Content]) -> bytes:
    """The files as a zip archive, in their order. One given as bytes and not in parts is put in as it is.

    `zipfile` compresses a file front to back on one core. Here each is cut into pieces, as pigz does: all end at a
    byte's border (zlib's sync flush), so that together they are one deflate stream, and within a part every piece is
    compressed with the end of the one before it as its dictionary. zlib runs without Python's lock.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, _Threads() as threads:
        # All pieces are handed out before the first is waited for.
        queued = [
            (name, content if isinstance(content, bytes) else [_queued(threads, part) for part in content])
            for name, content in files.items()
        ]
        for name, parts in queued:
            if isinstance(parts, bytes):
                _append(archive, name, [Deflated(parts, zlib.crc32(parts), len(parts))], is_stored=True)
            else:
                _append(archive, name, [piece for part in parts for piece in part])
    return stream.getvalue()


def deflated(piece: bytes | memoryview, before: bytes | memoryview = b"", *, level: int = _LEVEL) -> Deflated:
    """A piece, compressed. `before` is what stands before it, if that is at hand wherever it is read."""
    options = (level, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY)
    # An empty dictionary is refused.
    compressor = zlib.compressobj(*options, before) if before else zlib.compressobj(*options)
    data = compressor.compress(piece) + compressor.flush(zlib.Z_SYNC_FLUSH)
    return Deflated(data, zlib.crc32(piece), len(piece))


class _Threads(contextlib.ExitStack):
    """Threads that are there once there is enough to do."""

    def map(self, pieces: Sequence[memoryview], before: Sequence[memoryview]) -> Iterator[Deflated]:
        """Compress several pieces, or one."""
        if len(pieces) < 2:
            return map(deflated, pieces, before)
        return self._pool.map(deflated, pieces, before)

    @functools.cached_property
    def _pool(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor

        return self.enter_context(ThreadPoolExecutor(os.cpu_count()))


def _queued(threads: _Threads, part: bytes | Deflated) -> Iterator[Deflated]:
    if isinstance(part, Deflated):
        return iter((part,))
    view = memoryview(part)
    starts = range(0, len(view), _PIECE)
    before = [view[max(0, start - _WINDOW) : start] for start in starts]
    return threads.map([view[start : start + _PIECE] for start in starts], before)


def _append(archive: zipfile.ZipFile, name: str, pieces: Iterable[Deflated], *, is_stored: bool = False) -> None:
    """Add a file that is compressed already, for which `zipfile` has no method (Python 3.14).

    It writes the directory of what it finds in `filelist` when it is closed, 64-bit fields and all.
    """
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.create_system = 3  # Unix: Python writes its own system's number, which would differ on Windows
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
    entry.CRC = 0
    found = []
    for piece in pieces:
        entry.CRC = _multiplied(entry.CRC, _shift(piece.size)) ^ piece.crc
        entry.file_size += piece.size
        found.append(piece.data)
    data = b"".join(found if is_stored else [*found, _END])
    stream = archive.fp
    assert stream
    entry.compress_size = len(data)
    entry.header_offset = stream.tell()
    stream.write(entry.FileHeader())
    stream.write(data)
    archive.filelist.append(entry)
    archive.start_dir = stream.tell()


@functools.lru_cache
def _shift(size: int) -> int:
    """By what a CRC-32 is multiplied where so many bytes follow: x to the power of their bits."""
    result, power, bits = 1 << 31, 1 << 30, size * 8
    while bits:
        if bits & 1:
            result = _multiplied(result, power)
        power = _multiplied(power, power)
        bits >>= 1
    return result


def _multiplied(one: int, other: int) -> int:
    """The product of two polynomials modulo that of CRC-32, as zlib's `crc32_combine` has it."""
    product = 0
    for at in range(31, -1, -1):
        if one >> at & 1:
            product ^= other
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return product
