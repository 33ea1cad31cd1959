"""What the user can mend in his notes: where it is, what is there, what to do.

A diagnostic is data, collected over a whole run, so that one build shows all of them. What stops a run is an
exception instead (see `errors`).
"""

import fnmatch
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""A line of text in which nothing speaks to the terminal or turns the order round: `\x1b`, `\u202e`, `\n`."""
    return _INVISIBLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class Severity(StrEnum):
    """How much a diagnostic matters: an error makes the exit code 1, a warning only with `--strict`, a note never."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """Every diagnostic there is. The value is what the user reads in brackets and writes to silence it."""

    UNREADABLE_FILE = "unreadable-file"
    UNDECODABLE_FILE = "undecodable-file"
    BAD_FRONT_MATTER = "bad-front-matter"
    NO_HEADINGS = "no-headings"
    NESTED_TOO_DEEP = "nested-too-deep"
    UNCLOSED_FENCE = "unclosed-fence"
    MISSING_IMAGE = "missing-image"
    REMOTE_IMAGE = "remote-image"
    OUTSIDE_IMAGE = "outside-image"
    UNUSABLE_IMAGE = "unusable-image"
    UNRESOLVED_LINK = "unresolved-link"
    AMBIGUOUS_LINK = "ambiguous-link"
    DROPPED_HTML = "dropped-html"
    RAGGED_ROW = "ragged-row"
    REPEATED_QUESTION = "repeated-question"
    REPEATED_ID = "repeated-id"
    EMPTY_CELL = "empty-cell"
    UNKNOWN_SUBJECT = "unknown-subject"
    UNKNOWN_DIRECTIVE = "unknown-directive"
    MISSING_GLYPH = "missing-glyph"
    OVERFLOW = "overflow"
    UNPRINTED_TEXT = "unprinted-text"
    UNPRINTABLE_SECTION = "unprintable-section"
    DEAD_LINK = "dead-link"
    HALF_EMPTY_PAGE = "half-empty-page"
    LONG_ANSWER = "long-answer"
    LONG_LIST = "long-list"
    NEARLY_THE_SAME = "nearly-the-same"
    ECHO = "echo"
    ANSWERED_ELSEWHERE = "answered-elsewhere"
    SECTION_FAILED = "section-failed"


SEVERITIES = {
    Code.UNREADABLE_FILE: Severity.ERROR,
    Code.UNDECODABLE_FILE: Severity.ERROR,
    Code.REPEATED_ID: Severity.ERROR,
    Code.SECTION_FAILED: Severity.ERROR,
    Code.UNPRINTABLE_SECTION: Severity.ERROR,
    Code.EMPTY_CELL: Severity.NOTE,
    Code.ANSWERED_ELSEWHERE: Severity.NOTE,
    Code.REMOTE_IMAGE: Severity.NOTE,
    Code.HALF_EMPTY_PAGE: Severity.NOTE,
}
"""Every code that is not listed is a warning."""


QUALITY = frozenset({Code.LONG_ANSWER, Code.LONG_LIST, Code.NEARLY_THE_SAME, Code.ECHO})
"""What is no slip but makes a card hard to learn: told only when it is asked for."""


class Place(msgspec.Struct, frozen=True, order=True):
    """A line of a note: `file` relative to the notes folder with forward slashes, `line` counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Diagnostic(msgspec.Struct, frozen=True):
    """One thing to mend. `message` and `hint` are lower case and hold the user's own words; the hint is an act."""

    code: Code
    place: Place
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return SEVERITIES.get(self.code, Severity.WARNING)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by place, then code and message; drop exact repetitions."""
    # Tuples of plain values: there may be tens of thousands, and records compare slowly.
    found = {(d.place.file, d.place.line, d.code.value, d.message, d.hint): d for d in diagnostics}
    return tuple(found[key] for key in sorted(found))


def without(diagnostics: Iterable[Diagnostic], ignore: Mapping[str, Sequence[str]]) -> tuple[Diagnostic, ...]:
    """Leave out what the settings silence: code names by the pattern of their files (`drafts/*`)."""
    return tuple(
        d
        for d in diagnostics
        if not any(d.code in codes and fnmatch.fnmatch(d.place.file, pattern) for pattern, codes in ignore.items())
    )


def is_failure(diagnostics: Iterable[Diagnostic], *, strict: bool) -> bool:
    """Whether the notes have errors (with `strict`: or warnings), which makes the exit code 1."""
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(d.severity in failing for d in diagnostics)


def as_text(diagnostics: Sequence[Diagnostic], *, root: str, fold: int | None = 5) -> str:
    """Render for a person, one diagnostic a line and its hint below it.

    Args:
        diagnostics: In the order in which they are to be shown.
        root: What stands before each file, as the user named the notes folder.
        fold: Show this many of a code and count the rest in one line; None shows all.
    """
    shown: Counter[Code] = Counter()
    hinted: set[str] = set()
    lines: list[str] = []
    for d in diagnostics:
        shown[d.code] += 1
        if fold is not None and shown[d.code] > fold:
            continue
        lines.append(visible(f"{_path(root, d)}:{d.place.line}: {d.severity}: {d.message} [{d.code}]"))
        # The same advice again and again hides the lines that differ, so a hint is given once a run.
        if d.hint and d.hint not in hinted:
            hinted.add(d.hint)
            lines.append(visible(f"  hint: {d.hint}"))
    if fold is not None:
        lines += [f"… and {n - fold} more of [{code}]; --all shows them" for code, n in shown.items() if n > fold]
    return "".join(line + "\n" for line in lines)


def as_json(diagnostics: Sequence[Diagnostic], *, root: str) -> str:
    """Render as a JSON array of objects: file, line, severity, code, message, hint. A stable format."""
    rows = [
        {
            "file": _path(root, d),
            "line": d.place.line,
            "severity": d.severity.value,
            "code": d.code.value,
            "message": d.message,
            "hint": d.hint,
        }
        for d in diagnostics
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_github(diagnostics: Sequence[Diagnostic], *, root: str) -> str:
    """Render as workflow commands, which GitHub shows beside the lines of a pull request."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    return "".join(
        f"::{levels[d.severity]} file={_escape(_path(root, d), property_=True)},line={d.place.line},"
        f"title={d.code}::{_escape(d.message + (f' — {d.hint}' if d.hint else ''))}\n"
        for d in diagnostics
    )


def _path(root: str, d: Diagnostic) -> str:
    return f"{root.rstrip('/')}/{d.place.file}" if root else d.place.file


def _escape(text: str, *, property_: bool = False) -> str:
    # The escapes of GitHub's workflow commands: data escapes %, CR and LF; properties : and , as well.
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text
