"""What can't be printed: said, with what helps."""

import ctypes
import struct
import zlib
from pathlib import Path

import pytest

from cribdeck.diagnostics import Code, Place
from cribdeck.errors import SheetFailed, SheetUnavailable
from cribdeck.sheet import Press, fonts, machine
from cribdeck.sheet.press import Job
from cribdeck.sheet.workers import Limits
from tests.sheet.conftest import Printer


def png(width: int, height: int) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((width + 1) * height), 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_library_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(file: str) -> object:
        if "subset" in file or "pangoft2" in file:
            raise OSError(file)
        return ctypes.CDLL(None)

    assert machine.missing_libraries(load) == ("HarfBuzz-Subset", "PangoFT2")
    monkeypatch.setattr(machine, "package_manager", lambda: "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert machine.install_libraries() == (
        "sudo apt-get install --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"
    )


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("dnf", "dnf install pango harfbuzz"),
        ("pacman", "pacman -S --needed pango harfbuzz"),
        ("apk", "apk add pango harfbuzz-subset fontconfig"),
        ("brew", "brew install pango"),
    ],
)
def test_each_package_manager_has_its_command(monkeypatch: pytest.MonkeyPatch, manager: str, command: str) -> None:
    monkeypatch.setattr(machine, "package_manager", lambda: manager)
    monkeypatch.setattr("os.geteuid", lambda: 0)

    assert machine.install_libraries() == command


def test_without_pango_there_is_no_sheet_but_a_command(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "missing_libraries", lambda: ("Pango", "PangoFT2"))

    with pytest.raises(SheetUnavailable, match="Pango and PangoFT2 not found") as caught:
        printer({"a.md": "# 问\n\n答\n"})
    assert "pango" in caught.value.hint


def test_chinese_without_a_font_for_it_is_refused(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_FAMILIES", ("DejaVu Sans",))

    with pytest.raises(SheetUnavailable, match="no font for it") as caught:
        printer({"a.md": "# 问\n\n答\n"})
    assert "cjk" in caught.value.hint


def test_without_any_font_the_process_that_prints_is_not_even_tried(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_FAMILIES", ("No Such Font",))

    with pytest.raises(SheetUnavailable, match="no font that a sheet can be set in"):
        printer({"a.md": "# ask\n\nanswer\n"})


def test_printing_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    limits = Limits(seconds=0, per_thousand=0)
    with Press(work=tmp_path, limits=limits) as press, pytest.raises(SheetFailed, match="longer than 0 s"):
        press.print(Job("<p>text</p>" * 20_000))


def test_a_character_that_no_font_shows_is_named_with_its_place(printer: Printer) -> None:
    printed = printer({"a.md": "# 问\n\n答\n\n第二行 \U00012000 \U00012000\n"})

    (found,) = printed.sheet.diagnostics
    assert (found.code, found.place) == (Code.MISSING_GLYPH, Place("a.md", 5))
    assert found.message == "no font shows “\U00012000” (U+12000)"


USE_BOMB = (
    '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><rect/></g>'
    + "".join(f'<g id="{chr(98 + at)}">' + f'<use href="#{chr(97 + at)}"/>' * 10 + "</g>" for at in range(6))
    + '<use href="#g"/></svg>'
)


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("p.png", b"no picture", "is no picture that can be read"),
        ("p.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is no picture that can be read"),
        ("p.png", png(8000, 5001), "has more than 40 million pixels"),
        ("p.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "is an SVG with a <script>"),
        (
            "p.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><foreignObject/></svg>",
            "is an SVG with a <foreignObject>",
        ),
        ("p.svg", b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", "is an SVG that declares the entity a"),
        ("p.svg", b"<svg><use href='file:///etc/passwd#a'/></svg>", "is an SVG that loads file:///etc/passwd#a"),
        ("p.svg", USE_BOMB.encode(), "is an SVG that draws itself too many times over"),
    ],
)
def test_a_picture_that_can_not_be_used_is_a_placeholder(
    printer: Printer, name: str, data: bytes, problem: str
) -> None:
    from cribdeck.sheet.page import compose

    page = compose(printer.edition({"a.md": f"# 问\n\n答\n\n![]({name})\n", name: data}), contents=False)

    (found,) = page.diagnostics
    assert (found.code, found.place, found.message) == (
        Code.UNUSABLE_IMAGE, Place("a.md", 5), f"picture {name} {problem}",
    )  # fmt: skip
    assert f'<span class="missing-image">{name}</span>' in page.html
