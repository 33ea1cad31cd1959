"""References between notes: `[[Note#Heading]]`, `[text](other.md#heading)`, `[other.md]`, `[text](#heading)`."""

import html
import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from cribdeck.diagnostics import Code, Diagnostic, Place
from cribdeck.files import NOTE_SUFFIXES
from cribdeck.model import LINE_ATTRIBUTE, LINK_ATTRIBUTE, Block, Document, Section, plain_text

_LINK = re.compile(rf'<a {LINK_ATTRIBUTE}="([^"]*)" {LINE_ATTRIBUTE}="(\d+)">(.*?)</a>', re.DOTALL)


def resolve_links(documents: Sequence[Document]) -> tuple[dict[tuple[str, str], Place], list[Diagnostic]]:
    """Find the heading that each reference means.

    Returns:
        (file, reference as typed) → place of the heading, or line 1 of a note without one; and what was not found.
    """
    index = _Index(documents)
    links: dict[tuple[str, str], Place] = {}
    diagnostics: list[Diagnostic] = []
    for document in documents:
        for block in _blocks(document):
            if LINK_ATTRIBUTE not in block.html:
                continue
            for typed, line, text in _LINK.findall(block.html):
                target = html.unescape(typed)
                places = index.find(document.file, target)
                if len(places) == 1 or (places and not _is_bare_name(target)):
                    links[document.file, target] = places[0]
                elif places or _may_be_note(target):
                    diagnostics.append(_unresolved(Place(document.file, int(line)), target, plain_text(text), places))
    return links, diagnostics


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

    def __init__(self, documents: Sequence[Document]) -> None:
        self._names: dict[str, list[str]] = defaultdict(list)
        self._first: dict[str, Place] = {}
        self._headings: dict[str, dict[str, Place]] = {}
        for document in documents:
            path = document.file.casefold()
            stem = posixpath.splitext(path)[0]
            for name in {path, stem}:
                parts = name.split("/")
                # A reference may give any number of the path's last parts.
                for start in range(len(parts)):
                    self._names["/".join(parts[start:])].append(document.file)
            sections = list(document.walk())
            self._first[document.file] = sections[0].place if sections else Place(document.file, 1)
            self._headings[document.file] = _slugs(sections)

    def find(self, file: str, target: str) -> list[Place]:
        """The places that a reference in `file` may mean, best first."""
        path, _, heading = target.partition("#")
        files = self._files(file, path.strip())
        if not heading:
            return [self._first[found] for found in files]
        # Obsidian writes a nested heading as Note#Outer#Inner: the last part decides.
        wanted = slug(unquote(heading.rpartition("#")[2]))
        return [self._headings[found][wanted] for found in files if wanted in self._headings[found]]

    def _files(self, file: str, path: str) -> list[str]:
        if not path:
            return [file]
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)).casefold()
        exact = self._names.get(beside, [])
        whole = [found for found in exact if found.casefold() in (beside, *(beside + end for end in NOTE_SUFFIXES))]
        if whole:
            return whole[:1]
        return self._names.get(posixpath.normpath(path).lstrip("./").casefold(), [])


def _slugs(sections: Sequence[Section]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for section in sections:
        name = slug(section.key)
        found.setdefault(name, section.place)
        if section.directives.id:
            found.setdefault(slug(section.directives.id), section.place)
        # The second heading of a name is `name-1` on GitHub.
        if found[name] != section.place:
            number = 1
            while f"{name}-{number}" in found:
                number += 1
            found[f"{name}-{number}"] = section.place
    return found
