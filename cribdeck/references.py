"""References between notes: `[[Note#Heading]]`, `[text](other.md#heading)`, `[other.md]`, `[text](#heading)`."""

import html
import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

import msgspec

from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.files import NOTE_SUFFIXES
from cribdeck.model import LINE_ATTRIBUTE, LINK_ATTRIBUTE, Block, Document, plain_text

_LINK = re.compile(rf'<a {LINK_ATTRIBUTE}="([^"]*)" {LINE_ATTRIBUTE}="(\d+)">(.*?)</a>', re.DOTALL)


class Heading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A heading by which it can be referred to. `title` is inline HTML, `id` from `{#id}`."""

    line: int
    key: str
    title: str
    id: str = ""


class Reference(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reference as typed, its line, and its text (plain)."""

    typed: str
    line: int
    text: str


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """What notes know of one another: headings that may be meant, and references that may mean one."""

    file: str
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]


def outline_of(document: Document) -> Outline:
    """The outline of a note."""
    found = [
        Reference(html.unescape(typed), int(line), plain_text(text))
        for block in _blocks(document)
        if LINK_ATTRIBUTE in block.html
        for typed, line, text in _LINK.findall(block.html)
    ]
    headings = [Heading(s.place.line, s.key, s.title, s.directives.id) for s in document.walk()]
    return Outline(document.file, tuple(headings), tuple(found))


def resolve(outlines: Sequence[Outline]) -> tuple[dict[tuple[str, str], Place], list[Diagnostic]]:
    """Find the heading that each reference means.

    Returns:
        (file, reference as typed) → place of the heading, or line 1 of a note without one; and what was not found.
    """
    index = _Index(outlines)
    links: dict[tuple[str, str], Place] = {}
    diagnostics: list[Diagnostic] = []
    for outline in outlines:
        for one in outline.references:
            target = one.typed
            places = index.find(outline.file, target)
            if len(places) == 1 or (places and not _is_bare_name(target)):
                links[outline.file, target] = places[0]
            elif places or _may_be_note(target):
                diagnostics.append(_unresolved(Place(outline.file, one.line), target, one.text, places))
    return links, diagnostics


def repeated_ids(outlines: Iterable[Outline]) -> Iterator[Diagnostic]:
    """Ids that several headings have."""
    places: dict[str, list[Place]] = defaultdict(list)
    for outline in outlines:
        for heading in outline.headings:
            if heading.id:
                places[heading.id].append(Place(outline.file, heading.line))
    for name, found in places.items():
        for place in found[1:]:
            yield Diagnostic(
                Code.REPEATED_ID, place, f"id `{name}` is also that of {found[0]}", "give one of them another id"
            )


def _unresolved(place: Place, target: str, text: str, places: Sequence[Place]) -> Diagnostic:
    if places:
        several = ", ".join(str(found) for found in places[:3])
        return Diagnostic(
            Code.AMBIGUOUS_LINK, place, f"link `{target}` may mean {several}", "write the path before the name"
        )
    shown = "" if text in ("", target, target.replace("#", " › ")) else f" (“{text}”)"
    return Diagnostic(
        Code.UNRESOLVED_LINK,
        place,
        f"link `{target}`{shown} leads nowhere",
        "correct the name, or take the link out",
    )


def _blocks(document: Document) -> Iterator[Block]:
    for top in document.intro:
        yield from top.walk()
    for section in document.walk():
        for top in section.body:
            yield from top.walk()


def _may_be_note(target: str) -> bool:
    """Whether a reference is meant for a note: others (`src/Main.java`, `../img`) are left as text in silence."""
    path = target.partition("#")[0]
    return "#" in target or path.lower().endswith(NOTE_SUFFIXES) or "." not in posixpath.basename(path)[-6:]


def _is_bare_name(target: str) -> bool:
    return "/" not in target


def slug(text: str) -> str:
    """A heading as GitHub, GitLab and most editors spell it in an address, as far as they agree."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    return re.sub(r"[^\w\s-]", "", text).replace(" ", "-").strip("-")


class _Index:
    """All notes by path and by name, all headings by slug."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._names: dict[str, list[str]] = defaultdict(list)
        self._outlines = {outline.file: outline for outline in outlines}
        self._slugs: dict[str, dict[str, int]] = {}
        for outline in outlines:
            path = outline.file.casefold()
            stem = posixpath.splitext(path)[0]
            for name in {path, stem}:
                parts = name.split("/")
                # A reference may give any number of the path's last parts.
                for start in range(len(parts)):
                    self._names["/".join(parts[start:])].append(outline.file)

    def find(self, file: str, target: str) -> list[Place]:
        """The places that a reference in `file` may mean, best first."""
        path, _, heading = target.partition("#")
        files = self._files(file, path.strip())
        if not heading:
            return [self._first(found) for found in files]
        # Obsidian writes a nested heading as Note#Outer#Inner: the last part decides.
        wanted = slug(unquote(heading.rpartition("#")[2]))
        return [Place(found, self._headings(found)[wanted]) for found in files if wanted in self._headings(found)]

    def _first(self, file: str) -> Place:
        headings = self._outlines[file].headings
        return Place(file, headings[0].line if headings else 1)

    def _headings(self, file: str) -> dict[str, int]:
        """The lines of a note's headings by slug; most notes are never asked."""
        if file not in self._slugs:
            self._slugs[file] = _slugs(self._outlines[file].headings)
        return self._slugs[file]

    def _files(self, file: str, path: str) -> list[str]:
        if not path:
            return [file]
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)).casefold()
        exact = self._names.get(beside, [])
        whole = [found for found in exact if found.casefold() in (beside, *(beside + end for end in NOTE_SUFFIXES))]
        if whole:
            return whole[:1]
        return self._names.get(posixpath.normpath(path).lstrip("./").casefold(), [])


def _slugs(headings: Sequence[Heading]) -> dict[str, int]:
    found: dict[str, int] = {}
    for heading in headings:
        name = slug(heading.key)
        found.setdefault(name, heading.line)
        if heading.id:
            found.setdefault(slug(heading.id), heading.line)
        # The second heading of a name is `name-1` on GitHub.
        if found[name] != heading.line:
            number = 1
            while f"{name}-{number}" in found:
                number += 1
            found[f"{name}-{number}"] = heading.line
    return found
