"""The settings of a notes folder: `deck.toml` beside the notes, all optional."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from cribdeck.diagnostics import Code
from cribdeck.errors import SettingsError

FILE_NAME = "deck.toml"


class CardSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[cards]`: which kinds of card are made."""

    question: bool = True
    overview: bool = True
    comparison: bool = True
    row: bool = True
    cell: bool = False
    """One card a cell of a comparison, beside those a row."""
    term: bool = False
    cloze: bool = False
    reverse: bool = False
    overview_limit: Annotated[int, msgspec.Meta(ge=1)] = 12
    """A heading with more sub-questions than this is a container: nobody recalls a list that long."""


class SheetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[sheet]`: the printed page."""

    title: str = ""
    layout: Literal["sheet", "book"] = "sheet"
    """`sheet`: landscape, three columns, for reference. `book`: portrait, one column, room to write, an index."""
    paper: Literal["A4", "A3", "Letter", "Legal"] = "A4"
    orientation: Literal["", "landscape", "portrait"] = ""
    """Empty: as the layout has it."""
    columns: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0
    """0: as the layout has it."""
    contents: Literal["auto", "always", "never"] = "auto"
    theme: Literal["colour", "mono"] = "colour"
    accessible: bool = False
    """Whether the PDF is tagged for screen readers (PDF/UA-1); it is a fifth larger then."""
    duplex: Literal["long", "short"] = "long"
    """The edge over which the printer turns a sheet to print its back: so that cut cards have theirs."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that `deck.toml` may say, with its defaults."""

    deck: str = ""
    """The deck's name; empty: the notes folder's name. `::` makes sub-decks."""
    subdecks: bool = False
    """Whether each top folder of the notes is a sub-deck."""
    language: Literal["", "zh", "en"] = ""
    """Of the labels (`Sources`, `来源`); empty: guessed from the notes."""
    tags: tuple[str, ...] = ()
    """Put on every card."""
    exclude: tuple[str, ...] = ()
    """Files left out: patterns such as `drafts/*`, relative to the notes folder."""
    tts: bool = False
    """Whether Anki reads the cards aloud, with a voice of the labels' language."""
    bold_headings: bool = False
    """Whether a line that is wholly bold is a heading."""
    cards: CardSettings = CardSettings()
    sheet: SheetSettings = SheetSettings()
    ignore: dict[str, tuple[Code, ...]] = {}
    """Diagnostics that are not told, by pattern of files: `"drafts/*" = ["missing-image"]`."""
    aliases: dict[str, str] = {}
    """Other spellings of a subject: `"spark stream" = "Spark Streaming"`."""
    code: dict[str, str] = {}
    """Other names of code languages: `asp = "java"`."""


def load_settings(folder: Path) -> Settings:
    """Read the folder's `deck.toml`, or give the defaults where there is none.

    Raises:
        SettingsError: The file can't be read, is no TOML, has an unknown key, or a value of the wrong type.
    """
    path = folder / FILE_NAME
    try:
        # A pipe of this name would be waited for, and a link out of the folder would let its file be read.
        full = path.resolve(strict=True)
        if not (full.is_file() and full.is_relative_to(folder.resolve())):
            raise SettingsError(path, "is no file of the notes folder", "put a plain file there, or take it out")
        text = full.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(path, f"can't be read: {error}") from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, f"is no TOML: {error}", 'text stands in quotes: deck = "Flink"') from error
    except (ValueError, RecursionError) as error:
        # A number of 5,000 digits, brackets in brackets without end.
        raise SettingsError(path, f"can't be read: {str(error).partition(';')[0]}") from error
    _refuse_unknown_keys(path, raw, Settings, prefix="")
    try:
        return msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(path, _wrong_value(str(error))) from error


def _refuse_unknown_keys(path: Path, raw: dict[str, Any], known: type[msgspec.Struct], *, prefix: str) -> None:
    """Name the key with its table and the nearest valid one, which msgspec's own message does not."""
    fields = {field.name: field.type for field in msgspec.structs.fields(known)}
    for key, value in raw.items():
        if key not in fields:
            import difflib

            near = difflib.get_close_matches(key, fields, n=1, cutoff=0.5)
            valid = ", ".join(prefix + name for name in fields)
            hint = f"did you mean `{prefix}{near[0]}`?" if near else f"the keys here are: {valid}"
            raise SettingsError(path, f"unknown key `{prefix}{key}`", hint)
        if isinstance(value, dict) and isinstance(fields[key], type) and issubclass(fields[key], msgspec.Struct):
            _refuse_unknown_keys(path, value, fields[key], prefix=f"{prefix}{key}.")


def _wrong_value(message: str) -> str:
    # msgspec writes "Expected `int`, got `str` - at `$.sheet.columns`"; the user wants the key first.
    found = re.fullmatch(r"(.*?)(?: - at `\$\.?(.*)`)?", message, re.DOTALL)
    assert found, message
    what, key = found.groups()
    return f"key `{key}`: {what[0].lower()}{what[1:]}" if key else what
