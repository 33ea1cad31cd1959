"""Which fonts a sheet may be set in, so that the machine's other fonts don't change it."""

import os
import re
from pathlib import Path
from xml.sax.saxutils import escape

CJK_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei",
)  # fmt: skip
"""Any one of these shows Chinese; the first that is there is taken (see theme.css)."""

_FAMILIES = (
    *CJK_FAMILIES,
    "Noto Sans Mono CJK SC",
    "JetBrains Mono", "DejaVu Sans", "DejaVu Sans Mono", "Noto Sans", "Noto Sans Mono", "Noto Color Emoji",
    "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Consolas", "Menlo", "Arial",
    "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans Symbols2", "Noto Sans Math", "Symbola",
    "HanaMinA", "HanaMinB", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai",
    "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Georgian", "Noto Sans Armenian", "Noto Sans Ethiopic",
)  # fmt: skip
_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts", "/opt/homebrew/share/fonts",
    "~/AppData/Local/Microsoft/Windows/Fonts",
)  # fmt: skip

_PACKAGES = (
    (re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]"), "fonts-noto-color-emoji"),
    (re.compile("[\U00020000-\U000323af]"), "fonts-hanazono"),
    (re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u3040-\u30ff]"), "fonts-noto-cjk"),
    (re.compile("[\u2190-\u25ff\u2900-\u2aff\U0001d400-\U0001d7ff]"), "fonts-noto-core"),
    (
        re.compile(r"[\u0530-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff\u1200-\u137f]"),
        "fonts-noto-core",
    ),
)
"""Debian's names: other systems' differ in the prefix only, and search by them finds the package."""

_SCALE_BITMAPS = """<match target="font">
<test name="outline" compare="eq"><bool>false</bool></test>
<edit name="cribdeckscale" mode="assign">
<divide><name target="pattern">pixelsize</name><name target="font">pixelsize</name></divide>
</edit>
<edit name="matrix" mode="assign">
<times><name>matrix</name><matrix><name>cribdeckscale</name><double>0</double><double>0</double><name>cribdeckscale</name></matrix></times>
</edit>
<edit name="size" mode="assign"><divide><name>size</name><name>cribdeckscale</name></divide></edit>
</match>
"""
"""Emoji are pictures of one size: they come out fifty times too large unless Fontconfig is told to scale them."""


def font_folders() -> tuple[Path, ...]:
    """Where systems keep their fonts, whether there is such a folder here or not."""
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    return (*folders, *(Path(root, "Fonts") for root in [os.environ.get("SYSTEMROOT")] if root))


def fontconfig_file(cache: Path) -> str:
    """A configuration of Fontconfig's that knows the families above, wherever a system keeps its fonts, and no others.

    It has to be in the environment before Pango is loaded.

    Args:
        cache: A folder for Fontconfig's own cache; it may be empty or lost.
    """
    folders = font_folders()
    accepted = "".join(
        f'<pattern><patelt name="family"><string>{escape(family)}</string></patelt></pattern>' for family in _FAMILIES
    )
    # What is accepted wins over what is rejected, and every font is either scalable or not.
    rejected = "".join(
        f'<pattern><patelt name="scalable"><bool>{value}</bool></patelt></pattern>' for value in ("true", "false")
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        + "".join(f"<dir>{escape(str(folder))}</dir>\n" for folder in folders)
        + f"<cachedir>{escape(str(cache))}</cachedir>\n"
        + f"<selectfont><rejectfont>{rejected}</rejectfont><acceptfont>{accepted}</acceptfont></selectfont>\n"
        + _SCALE_BITMAPS
        + "</fontconfig>\n"
    )


def package_for(char: str) -> str:
    """The package with a font for a character, or "" where none is known."""
    return next((package for chars, package in _PACKAGES if chars.match(char)), "")
