"""Strings that patterns of the program find hard: made of the patterns themselves, and tried on them."""

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import cribdeck
from cribdeck.pipeline import Options
from cribdeck.pipeline.issuing import issue_deck
from cribdeck.pipeline.reading import read
from cribdeck.sheet import sheet_html

SIZES = (30, 300, 2_000, 20_000)
"""From small to large, so that what grows like 2ⁿ or n³ is known early."""
PATIENCE = 0.1
"""CPU seconds. Twenty thousand characters take a pattern a millisecond if its time grows with their number, and a
second if it grows with its square."""
_ENDS = ("", "\x01", "\n!")
_CATEGORIES = {
    op.CATEGORY_DIGIT: "7", op.CATEGORY_NOT_DIGIT: "x", op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: "x", op.CATEGORY_WORD: "w", op.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_OTHERS = "xw 中7-!<>&|`*_\n\"'():：（é"


class TooSlow(BaseException):
    """It took more than it may. Nothing that goes on after an error may take it for one."""


def within(seconds: float, work: Callable[[], object]) -> None:
    """Do something; what takes more CPU seconds is stopped, patterns too.

    Raises:
        TooSlow: It was stopped.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def patterns() -> list[re.Pattern[str]]:
    """All of the program: those that stand in modules, in whatever holds them there, and in calls of `re`."""
    found: dict[tuple[str, int], re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(cribdeck.__path__, "cribdeck."):
        if not module.name.endswith(("__main__", "sheet.worker")):
            for value in vars(importlib.import_module(module.name)).values():
                for pattern in _held(value, 3):
                    found[pattern.pattern, pattern.flags] = pattern
    for file in sorted(Path(cribdeck.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if pattern_of := _literal(node):
                found[pattern_of.pattern, pattern_of.flags] = pattern_of
    return [found[key] for key in sorted(found)]


def _held(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _held(each, depth - 1)
    elif depth and isinstance(value, dict):
        yield from _held(tuple(value.values()), depth)
    elif depth and "cribdeck" in (getattr(value, "__module__", None) or type(value).__module__):
        with suppress(TypeError):
            yield from _held(tuple(vars(value).values()), depth - 1)


def _literal(node: ast.AST) -> re.Pattern[str] | None:
    """The pattern of a call like `re.sub(r"…", …)`."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Name(id="re"), attr="sub" | "search" | "match" | "fullmatch" | "split" | "findall"
            ),
            args=[ast.Constant(value=str(source)), *_],
        ):
            return re.compile(source)
    return None


def hard(pattern: re.Pattern[str]) -> tuple[str, str, str] | None:
    """A string on which a pattern takes too long: what it begins with, what is repeated, and its end."""
    for begin, unit in sorted(probes(pattern)):
        for end in _ENDS:
            for size in SIZES:
                text = begin + unit * (size // len(unit) + 1) + end
                try:
                    within(PATIENCE, lambda text=text: sum(1 for _ in pattern.finditer(text)))  # type: ignore[misc]
                except TooSlow:
                    return begin, unit, end
    return None


def probes(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Beginnings and what to repeat after them: what stands in repetitions, what stands before them, samples of the
    whole, whole and cut short, and pairs of these.
    """
    tree = _parser.parse(pattern.pattern, pattern.flags)
    found = set(_repeated(tree, ""))
    units = {unit for _, unit in found} | {begin for begin, _ in found if begin}
    for branch in range(3):
        for most in (0, 1):
            whole = _sample(tree, most, branch)
            units |= {whole, whole[:-1], whole[1:]}
    units.discard("")
    few = sorted(unit for unit in units if len(unit) <= 12)[:10]
    found |= {("", unit) for unit in units if len(unit) < 1_000}
    return found | {("", first + second) for first in few for second in few if first != second}


def _repeated(tree: Iterable[tuple[Any, Any]], begin: str) -> Iterator[tuple[str, str]]:
    for code, value in tree:
        if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            yield from ((begin, unit) for branch in range(3) if (unit := _sample(value[2], 1, branch)))
            if len(value[2]) == 1 and value[2][0][0] is op.IN:
                yield from ((begin, unit) for unit in _members(value[2][0][1]))
        for part in _parts(code, value):
            yield from _repeated(part, begin)
        begin += _sample([(code, value)], 0, 0)


def _parts(code: Any, value: Any) -> Iterable[Any]:
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return (value[2],)
    if code is op.BRANCH:
        return tuple(value[1])
    if code is op.SUBPATTERN:
        return (value[3],)
    if code is op.ATOMIC_GROUP:
        return (value,)
    return (value[1],) if code in (op.ASSERT, op.ASSERT_NOT) else ()


def _sample(tree: Iterable[tuple[Any, Any]], most: int, branch: int) -> str:
    """Text that a pattern takes, more or less: repetitions as short as they may be, but once if `most`."""
    said = ""
    for code, value in tree:
        if code is op.LITERAL:
            said += chr(value)
        elif code is op.IN:
            said += _members(value)[0]
        elif code in (op.ANY, op.NOT_LITERAL):
            said += "x" if value != ord("x") else "y"
        elif code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            said += _sample(value[2], most, branch) * min(max(value[0], min(value[1], most)), 100)
        elif code is op.BRANCH:
            said += _sample(value[1][branch % len(value[1])], most, branch)
        elif code in (op.SUBPATTERN, op.ATOMIC_GROUP):
            said += "".join(_sample(part, most, branch) for part in _parts(code, value))
    return said


def _members(items: list[tuple[Any, Any]]) -> list[str]:
    """Some characters of a class; of what it leaves out, one that it does not."""
    if items[0][0] is op.NEGATE:
        return [next(char for char in _OTHERS if not any(_is_in(char, item) for item in items[1:]))]
    return [
        chr(value) if code is op.LITERAL else chr(value[0]) if code is op.RANGE else _CATEGORIES[value]
        for code, value in items[:8]
    ]


def _is_in(char: str, item: tuple[Any, Any]) -> bool:
    code, value = item
    if code is op.LITERAL:
        return bool(ord(char) == value)
    if code is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return bool(_CATEGORIES[value] == char or (value is op.CATEGORY_WORD and char.isalnum()))


PLACES = {
    "heading": "## {}\n\nx\n",
    "comparison": "## A vs B{}\n\nA: x\nB: y\n",
    "paragraph": "{}\n",
    "list item": "- {}\n- {}\n",
    "label": "标签{}：正文\n",
    "after a label": "**Label**: {}\n",
    "cell": "| a | b |\n|---|---|\n| {} | y |\n",
    "link title": '[a](https://example.org "{}")\n',
    "picture": "![{}](a.png)\n",
    "reference": "[[{}]]\n",
    "code": "```sh\n{}\n```\n",
    "language": "```{}\nx\n```\n",
    "html": "<div title='{}'>{}</div>\n",
    "tag": "## q {{.{}}}\n\nx\n",
    "comment": "<!-- card: {} -->\n",
    "formula": "${}$\n",
    "front matter": "---\ntitle: {}\n---\n# q\n",
}
"""Where a string may stand in a note."""


def notes_of(begin: str, unit: str, end: str, characters: int) -> Iterator[tuple[str, str]]:
    """Notes that hold a hard string: in its place, and with the line ends that may be in it as blanks elsewhere."""
    text = begin + unit * (characters // len(unit)) + end
    for place, note in PLACES.items():
        said = text if place in ("paragraph", "code") else text.replace("\n", " ")
        yield place, ("" if place == "front matter" else "# Ask\n\n") + note.replace("{}", said).replace("{{.", "{.")


def build(folder: Path, note: str) -> None:
    """Make cards and the sheet's HTML of a note; writes nothing but the note."""
    notes = folder / "notes"
    notes.mkdir(exist_ok=True)
    (notes / "a.md").write_text(note, encoding="utf-8", errors="surrogatepass")
    reading = read(Options(notes, folder / "out"))
    issue_deck(reading)
    sheet_html(reading.edition())
