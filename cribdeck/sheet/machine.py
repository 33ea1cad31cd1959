"""Whether this machine can make a PDF, and the command that makes it able to."""

import contextlib
import ctypes
import ctypes.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping

_LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "GObject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"),
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    "HarfBuzz-Subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
}
"""What WeasyPrint loads (70.0, text/ffi.py), by the names that each has on Linux, macOS and Windows.

It goes without HarfBuzz-Subset, but then takes minutes over a CJK font, so that it counts as missing here.
"""

_LIBRARY_PACKAGES = {
    "apt-get": "libpangoft2-1.0-0 libharfbuzz-subset0",
    "dnf": "pango harfbuzz",
    "pacman": "pango harfbuzz",
    "apk": "pango harfbuzz-subset fontconfig",
    "brew": "pango",
}
_CJK_PACKAGES = {
    "apt-get": "fonts-noto-cjk",
    "dnf": "google-noto-sans-cjk-fonts",
    "pacman": "noto-fonts-cjk",
    "apk": "font-noto-cjk",
    "brew": "font-noto-sans-cjk-sc",
}
_TEXT_PACKAGES = {
    "apt-get": "fonts-dejavu-core",
    "dnf": "dejavu-sans-fonts",
    "pacman": "ttf-dejavu",
    "apk": "font-dejavu",
    "brew": "font-dejavu",
}
_COMMANDS = {
    "apt-get": "apt-get install --no-install-recommends {}",
    "dnf": "dnf install {}",
    "pacman": "pacman -S --needed {}",
    "apk": "apk add {}",
    "brew": "brew install {}",
}

LoadLibrary = Callable[[str], object]
"""Loads a shared library by its file name; raises OSError where there is none."""


def missing_libraries(load: LoadLibrary = ctypes.CDLL) -> tuple[str, ...]:
    """The names of the system libraries that are not there.

    They are looked for before WeasyPrint is imported, which prints a banner to stdout when it lacks one.
    """
    _add_windows_folders()
    return tuple(name for name, files in _LIBRARIES.items() if not any(_loads(file, load) for file in files))


def _loads(file: str, load: LoadLibrary) -> bool:
    try:
        load(file)
    except OSError:
        return False
    return True


def _add_windows_folders() -> None:
    """Where WeasyPrint itself looks on Windows; elsewhere nothing."""
    if sys.platform == "win32":
        folders = os.getenv("WEASYPRINT_DLL_DIRECTORIES", r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin").split(";")
        for folder in folders:
            if os.path.isdir(folder):  # noqa: PTH112 — the system call below takes a string as well
                os.add_dll_directory(folder)


def install_libraries() -> str:
    """The command that installs the libraries on this machine."""
    if os.name == "nt":
        return "install MSYS2 (https://www.msys2.org/), then run there: pacman -S mingw-w64-ucrt-x86_64-pango"
    return _command(_LIBRARY_PACKAGES)


def install_cjk_font() -> str:
    """The command that installs a font with Chinese."""
    return _command(_CJK_PACKAGES)


def install_any_font() -> str:
    """The command that installs a font for text in Latin letters."""
    return _command(_TEXT_PACKAGES)


def package_manager() -> str:
    """The machine's package manager by its command, or "" where it is none that we know."""
    names = ("brew",) if sys.platform == "darwin" else ("apt-get", "dnf", "pacman", "apk", "brew")
    return next((name for name in names if shutil.which(name)), "")


def _command(packages: Mapping[str, str]) -> str:
    manager = package_manager()
    if not manager:
        return f"install these packages with your system's package manager: {packages['apt-get']} (Debian's names)"
    is_root = manager == "brew" or not hasattr(os, "geteuid") or os.geteuid() == 0
    return ("" if is_root else "sudo ") + _COMMANDS[manager].format(packages[manager])


def load_library(name: str) -> ctypes.CDLL:
    """One of the libraries that WeasyPrint loads, by its name; raises OSError where there is none."""
    _add_windows_folders()
    for file in _LIBRARIES[name]:
        if _loads(file, ctypes.CDLL):
            return ctypes.CDLL(file)
    raise OSError(f"{name} does not load")


@contextlib.contextmanager
def by_file_name() -> Iterator[None]:
    """Have libraries loaded by the names of their files alone, on Linux.

    WeasyPrint tries seven names a library, and for each that is no file Python asks ldconfig, gcc and ld: fifty
    processes, a fifth of a second (3.11, `ctypes.util.find_library`), before it comes to the name of the file.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005 — its form
    try:
        yield
    finally:
        ctypes.util.find_library = search


def library_versions() -> tuple[str, ...]:
    """The versions of the system libraries; others set other lines."""
    found = []
    for library, function in (("Pango", "pango_version_string"), ("HarfBuzz", "hb_version_string")):
        version = getattr(load_library(library), function)
        version.restype = ctypes.c_char_p
        found.append(version().decode())
    return (*found, str(load_library("Fontconfig").FcGetVersion()))
