"""What the outputs of hostile notes hold: no word of a file outside, no path of this machine, nothing that acts."""

import base64
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)

from tests.hostile.world import SECRET, SECRET_SIZE, Built

ACTS = {"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/AA", "/RichMedia", "/SubmitForm",
        "/ImportData", "/GoToR", "/GoToE", "/XFA", "/AcroForm", "/Movie", "/Sound", "/Rendition"}  # fmt: skip
_OWN = re.compile(r"cribdeck\.sheet|multiprocessing|^\('(?:[\w/.-]*/)?(?:ldconfig|gcc|cc|ld|objdump)'")
"""Processes for printing, and what Python's `ctypes.util.find_library` asks for WeasyPrint's libraries."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")


def parts(pdf: pypdf.PdfReader) -> Iterator[object]:
    """Every object of a PDF, those in streams of objects too."""
    for number in range(1, len(pdf.xref_objStm) + sum(map(len, pdf.xref.values())) + 1):
        try:
            found = pdf.get_object(IndirectObject(number, 0, pdf))
        except pypdf.errors.PdfReadError:
            continue
        yield from walk(found)


def walk(found: object) -> Iterator[object]:
    yield found
    if isinstance(found, DictionaryObject):
        for name, value in found.items():
            yield name
            yield from walk(value)
    elif isinstance(found, ArrayObject):
        for value in found:
            yield from walk(value)


def acts(pdf: pypdf.PdfReader) -> set[str]:
    """What a PDF has that acts, loads or carries a file, and addresses that are none of the web."""
    found = set()
    for part in parts(pdf):
        if isinstance(part, NameObject) and str(part) in ACTS:
            found.add(str(part))
        if isinstance(part, DictionaryObject) and "/URI" in part:
            address = str(part["/URI"])
            if not address.startswith(("http://", "https://", "mailto:")):
                found.add(address)
    return found


def texts(pdf: pypdf.PdfReader) -> bytes:
    """All strings and streams of a PDF, decompressed."""
    found = []
    for part in parts(pdf):
        if isinstance(part, StreamObject):
            found.append(part.get_data())
        elif isinstance(part, TextStringObject):
            found.append(part.encode("utf-8", "surrogatepass"))
    return b"\n".join(found)


def unpacked(data: bytes) -> bytes:
    """Data, and beside it what base64 in it stands for, once and twice."""
    for _ in range(2):
        whole = (found.rstrip(b"=") for found in _BASE64.findall(data))
        inner = b"\n".join(base64.b64decode(found[: len(found) // 4 * 4]) for found in whole)
        data = data + b"\n" + inner
    return data


@pytest.fixture(scope="module")
def pdf(built: Built) -> pypdf.PdfReader:
    return pypdf.PdfReader(built.world.out / "sheet.pdf")


@pytest.fixture(scope="module")
def outputs(built: Built, pdf: pypdf.PdfReader) -> dict[str, bytes]:
    """What a user hands on: each output, unpacked."""
    out = built.world.out
    package = zipfile.ZipFile(io.BytesIO((out / "deck.apkg").read_bytes()))
    found = {f"deck.apkg/{name}": package.read(name) for name in package.namelist()}
    found["preview.html"] = (out / "preview.html").read_bytes()
    found["sheet.pdf as text"] = subprocess.run(
        ["pdftotext", str(out / "sheet.pdf"), "-"], capture_output=True, check=True
    ).stdout
    found["ledger.jsonl"] = (built.world.notes / "ledger.jsonl").read_bytes()
    unpackeds = {name: unpacked(data) for name, data in found.items()}
    return {**unpackeds, "sheet.pdf": texts(pdf)}


def test_no_word_of_a_file_outside_is_in_any_output(outputs: dict[str, bytes]) -> None:
    leaked = [name for name, data in outputs.items() if SECRET.encode() in data or SECRET.encode("utf-16-be") in data]

    assert leaked == []


def test_no_file_of_the_folder_that_is_no_picture_is_in_any_output(outputs: dict[str, bytes]) -> None:
    assert [name for name, data in outputs.items() if b"SECRET-GIT-CONFIG" in data] == []
    assert [name for name, data in outputs.items() if b"SECRET-NOT-A-PICTURE" in data] == []


def test_no_path_of_this_machine_is_in_any_output(built: Built, outputs: dict[str, bytes]) -> None:
    # Notes that name the folder of secrets show what was typed; these are words that none of them types.
    words = [built.world.home.name, str(Path.home() / "."), f"{built.world.notes}/", f"{built.world.out}/"]
    leaked = [(name, word) for name, data in outputs.items() for word in words if word.encode() in data]

    assert leaked == []


def test_no_picture_from_outside_is_printed(pdf: pypdf.PdfReader) -> None:
    pictures = [part for part in parts(pdf) if isinstance(part, StreamObject) and part.get("/Subtype") == "/Image"]
    sizes = {(int(str(picture["/Width"])), int(str(picture["/Height"]))) for picture in pictures}

    assert SECRET_SIZE not in sizes
    assert (3, 2) in sizes


def test_nothing_in_the_pdf_acts_or_leads_off_the_web(pdf: pypdf.PdfReader) -> None:
    assert (acts(pdf), len(pdf.attachments)) == (set(), 0)


def test_what_acts_in_a_pdf_would_be_found() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("a.txt", SECRET.encode())
    writer.add_uri(0, "file:///etc/passwd", RectangleObject((0, 0, 9, 9)))
    stream = io.BytesIO()
    writer.write(stream)
    reader = pypdf.PdfReader(stream)

    assert acts(reader) >= {"/JS", "/EmbeddedFiles", "file:///etc/passwd"}
    assert SECRET.encode() in texts(reader)


def test_base64_is_looked_into() -> None:
    inner = base64.b64encode(f"<svg>{SECRET}, and a few words more</svg>".encode())
    outer = base64.b64encode(b'<svg><image href="data:image/svg+xml;base64,' + inner + b'"/></svg>')

    assert SECRET.encode() in unpacked(b'<img src="data:image/svg+xml;base64,' + outer + b'">')


def test_no_process_opens_a_file_outside_or_reaches_for_the_network(built: Built) -> None:
    audited = built.world.audited()
    opened = [path for path in audited["open"] if str(built.world.outside) in path]
    started = [what for what in audited.get("subprocess.Popen", ()) if not _OWN.search(what)]
    connected = {event: what for event, what in audited.items() if event.startswith(("socket", "urllib"))}

    assert len(audited["open"]) > 100
    assert (opened, started, connected) == ([], [], {})
    assert [event for event in audited if event.startswith(("os.", "webbrowser"))] == []


def test_no_command_that_a_note_smuggled_in_was_run(built: Built) -> None:
    assert list(built.world.root.rglob("ran")) == []
