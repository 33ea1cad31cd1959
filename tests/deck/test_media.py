"""Which pictures a deck takes, and what becomes of the others."""

import re
import struct
from itertools import pairwise

import pytest

from cribdeck.deck.media import UnusablePicture, media_name
from cribdeck.diagnostics import as_text
from tests.deck.conftest import Desk, Workshop

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def svg(inside: str) -> bytes:
    return f"{HEAD}{inside}</svg>".encode()


USABLE = {
    "plain": svg("<path d='M0 0h1'/>"),
    "doctype": b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://w3.org/x.dtd">'
    + svg("<g/>"),
    "reference inside": svg("<use xlink:href='#a'/><rect fill='url(#b)'/><style>.c { fill: url(\"#b\") }</style>"),
    "picture inside": svg("<image href='data:image/png;base64,iVBORw0KGgoAAAAN'/>"),
    "link to a page": svg("<a href='https://x.io/'><text>url(https://x.io/)</text></a>"),
    "utf-16": HEAD.encode("utf-16") + "</svg>".encode("utf-16-le"),
}
UNUSABLE = {
    "empty": (b"", "is empty"),
    "text": (b"hello", "is no PNG, JPEG, GIF, WebP or SVG"),
    "bitmap": (b"BM\x00\x00\x00\x00", "is no PNG, JPEG, GIF, WebP or SVG"),
    "html": (b"<html><svg></svg></html>", "is no SVG, though it looks like one"),
    "script": (svg("<script>1</script>"), "is an SVG with a <script>"),
    "foreign object": (svg("<foreignObject><b/></foreignObject>"), "is an SVG with a <foreignObject>"),
    "event": (svg("<g onload='x()'/>"), "is an SVG that runs something (onload)"),
    "javascript": (svg("<a xlink:href='javascript:x()'/>"), "is an SVG that loads javascript:x()"),
    "other file": (svg("<use href='other.svg#a'/>"), "is an SVG that loads other.svg#a"),
    "picture elsewhere": (svg("<image href='https://x.io/a.png'/>"), "is an SVG that loads https://x.io/a.png"),
    "fill elsewhere": (svg("<g style='fill:url( \"//x.io/a\")'/>"), "is an SVG that loads //x.io/a"),
    "font elsewhere": (
        svg("<style>@font-face{src:url(https://x.io/f)}</style>"),
        "is an SVG that loads https://x.io/f",
    ),
    "import": (svg("<style>@import 'https://x.io/c';</style>"), "is an SVG that loads https://x.io/c"),
    "style sheet": (b'<?xml-stylesheet href="a.css"?>' + svg(""), "is an SVG that loads a style sheet"),
    "picture that is none": (
        svg("<image href='data:image/png;base64,AAAA'/>"),
        "is an SVG that loads data:image/png;base64,AAAA",
    ),
    "SVG inside": (
        svg("<image href='data:image/svg+xml;base64,PHN2Zy8+'/>"),
        "is an SVG that loads data:image/svg+xml;base64,PHN2Zy8+",
    ),
    "use in use": (
        svg(
            "<g id='a'/>"
            + "".join(f"<g id='{b}'>" + f"<use href='#{a}'/>" * 10 + "</g>" for a, b in pairwise("abcdef"))
        ),
        "is an SVG that draws itself too many times over",
    ),
    "circle": (svg("<g id='a'><use href='#a'/></g>"), "is an SVG that draws itself too many times over"),
    "deep": (svg("<g>" * 300 + "</g>" * 300), "is an SVG with too many elements"),
    "pixels": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 20_000, 20_000),
        "has more than 120 million pixels",
    ),
    "entity": (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("&a;"), "is an SVG that declares the entity a"),
    "broken": (svg("<g>"), "is a broken SVG: mismatched tag: line 1, column 88"),
}


@pytest.mark.parametrize("content", USABLE.values(), ids=USABLE)
def test_a_still_svg_is_taken(content: bytes) -> None:
    assert re.fullmatch(r"cribdeck-[0-9a-f]{20}\.svg", media_name(content))


@pytest.mark.parametrize(("content", "problem"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_picture_that_is_not_still_or_no_picture_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(UnusablePicture) as refused:
        media_name(content)

    assert str(refused.value) == problem


@pytest.mark.parametrize(
    ("start", "kind"),
    [(b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff\xe0", "jpg"), (b"GIF89a", "gif"), (b"RIFF\0\0\0\0WEBP", "webp")],
)
def test_the_name_ends_as_the_content_begins(start: bytes, kind: str) -> None:
    assert media_name(start + bytes(8)).endswith(f".{kind}")


def test_an_unusable_picture_is_named_on_the_card_and_in_a_diagnostic(workshop: Workshop, desk: Desk) -> None:
    workshop.write({"a.md": "# 图\n看图\n\n![x](图/bad%20one.svg)\n", "图/bad one.svg": svg("<script/>")})

    deck = workshop.deck()
    desk.take(workshop.build())
    (note,) = desk.notes()

    assert as_text(deck.diagnostics, root="") == (
        "a.md:4: warning: picture 图/bad one.svg is an SVG with a <script>, so its card shows only its name"
        " [unusable-image]\n  hint: save it again as PNG or as a plain SVG\n"
    )
    assert deck.media == {}
    assert note["Answer"] == '<p>看图</p><p><span class="missing-image">bad one.svg</span></p>'


def test_a_picture_that_vanishes_during_the_build_does_not_stop_it(workshop: Workshop) -> None:
    workshop.write({"a.md": "# 图\n![x](a.png)\n", "a.png": b"\x89PNG\r\n\x1a\n"})
    edition = workshop.edition()
    (workshop.folder / "a.png").unlink()

    deck = workshop.render(edition)

    assert as_text(deck.diagnostics, root="") == (
        "a.md:2: warning: picture a.png can't be read (No such file or directory), so its card shows only its name"
        " [unusable-image]\n  hint: save it again as PNG or as a plain SVG\n"
    )
