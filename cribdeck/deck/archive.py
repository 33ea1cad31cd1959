"""A zip archive whose bytes depend on its contents alone, compressed on all cores."""

import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold."""
_PIECE = 1 << 20
"""Bytes that one thread compresses at a time: fixed, so that the result is the same on any number of cores."""
_WINDOW = 1 << 15
"""How far deflate looks back for what it has seen (RFC 1951)."""
_LEVEL = 6


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip archive, in their order.

    `zipfile` compresses a file front to back on one core. Here each is cut into pieces, as pigz does: every piece
    is compressed with the end of the one before it as its dictionary, and all but the last end at a byte's border
    (zlib's sync flush), so that together they are one deflate stream. zlib runs without Python's lock.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, ThreadPoolExecutor(os.cpu_count()) as threads:
        # All pieces are handed out before the first is waited for.
        queued = [(name, content, threads.map(_deflated, *_pieces(content))) for name, content in files.items()]
        for name, content, pieces in queued:
            _append(archive, _entry(name, content), pieces)
    return stream.getvalue()


def _pieces(content: bytes) -> tuple[list[memoryview], list[memoryview], list[bool]]:
    """For each piece: what stands before it, itself, and whether it is the last."""
    view = memoryview(content)
    starts = range(0, max(len(view), 1), _PIECE)
    before = [view[max(0, start - _WINDOW) : start] for start in starts]
    return before, [view[start : start + _PIECE] for start in starts], [start == starts[-1] for start in starts]


def _deflated(before: memoryview, piece: memoryview, is_last: bool) -> bytes:  # noqa: FBT001 — mapped over
    options = (_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY)
    # An empty dictionary is refused.
    compressor = zlib.compressobj(*options, before) if before else zlib.compressobj(*options)
    return compressor.compress(piece) + compressor.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)


def _entry(name: str, content: bytes) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.create_system = 3  # Unix: Python writes its own system's number, which would differ on Windows
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.CRC = zlib.crc32(content)
    entry.file_size = len(content)
    return entry


def _append(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, deflated: Iterable[bytes]) -> None:
    """Add a file that is compressed already, for which `zipfile` has no method (Python 3.14).

    It writes the directory of what it finds in `filelist` when it is closed, 64-bit fields and all.
    """
    data = b"".join(deflated)
    stream = archive.fp
    assert stream
    entry.compress_size = len(data)
    entry.header_offset = stream.tell()
    stream.write(entry.FileHeader())
    stream.write(data)
    archive.filelist.append(entry)
    archive.start_dir = stream.tell()
