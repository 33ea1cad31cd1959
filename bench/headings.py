"""A second opinion on headings: a line scanner that shares no code with the reader, run over folders of notes.

Usage: python bench/headings.py FOLDER…

Prints each line on which reader and scanner disagree, and a count. The scanner knows fences, comments, front matter,
indented code, quotes, lists and raw HTML only by their first characters, so it is wrong now and then; what is left
when it is run over the corpora is listed, with the reason, in bench/README.md.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cribdeck.documents import read_document  # noqa: E402
from cribdeck.files import find_notes, read_note  # noqa: E402
from cribdeck.model import SourceFile  # noqa: E402

FENCE = re.compile(r"^(\s*(?:[-*+]\s+|\d{1,9}[.)]\s+)*)(`{3,}|~{3,})(.*)$")
HEADING = re.compile(r"^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(#{1,6})(?!#)(\s*)(.*)$")
HTML_HEADING = re.compile(r"^\s*<h[1-6][\s>].*</h[1-6]>\s*$", re.IGNORECASE)
CJK = re.compile(r"[぀-ヿ㐀-鿿가-힣]")
PREPROCESSOR = re.compile(r"(include|define|undef|ifn?def|if|elif|else|endif|pragma|import|region|endregion)\b|!")
SUMMARY = re.compile(r"\s*(?:[-*+]\s+)?<details\b.*?<summary[^>]*>(.*?)</summary>", re.IGNORECASE)
GENERIC = re.compile(r"answer|答案|solution|details|hint|code|toc|目录|查看|展开|click|show|see|more", re.IGNORECASE)


def scan(text: str) -> Iterator[int]:
    """Line numbers of headings, from 1."""
    lines = text.split("\n")
    spaced = any(re.match(r" {0,3}#{1,6}[ \t]+\S", line) for line in lines)
    tight = not spaced and any(re.match(r" {0,3}#{2,6}[^#\s]", line) for line in lines)
    fence: tuple[str, int] | None = None
    comment = False
    start = _after_front_matter(lines)
    items: list[int] = []
    for number, line in enumerate(lines[start:], start=start + 1):
        if fence:
            mark = line.strip()
            if mark.startswith(fence[0]) and not mark.strip(fence[0][0]):
                fence = None
                continue
            if fence[1] and line.strip() and len(line) - len(line.lstrip()) < fence[1]:
                fence = None  # its list item has ended
            else:
                continue
        if comment or "<!--" in line:
            comment = "-->" not in line[line.rfind("<!--") if "<!--" in line else 0 :]
            continue
        opened = FENCE.match(line)
        if opened and not ("`" in opened[2] and "`" in opened[3]):
            fence = (opened[2], len(re.sub(r"\S", " ", opened[1])))
            continue
        following = lines[number] if number < len(lines) else ""
        inside = _item_indent(line, items)
        if is_heading(line, tight=tight, inside=inside) or is_underlined(line, following) or is_html(line, following):
            yield number


def _item_indent(line: str, items: list[int]) -> int:
    """Where the text of the innermost list item begins that a line may belong to; `items` is kept up to date."""
    if not line.strip():
        return items[-1] if items else 0
    wide = line.expandtabs(4)
    indent = len(wide) - len(wide.lstrip())
    while items and indent < items[-1]:
        items.pop()
    inside = items[-1] if items else 0
    rest = wide[indent:]
    while found := re.match(r"(?:[-*+]|\d{1,9}[.)])\s+(?=\S)", rest):
        indent += found.end()
        rest = rest[found.end() :]
        items.append(indent)
    return inside


def is_underlined(line: str, following: str) -> bool:
    """Whether a line is a heading by the `===` below it."""
    return bool(re.fullmatch(r"={3,}\s*", following)) and bool(line.strip()) and line[0] not in "#>|"


def is_html(line: str, following: str) -> bool:
    """Whether a line is an `<h2>` or the summary of a question that folds its answer away."""
    if HTML_HEADING.match(line):
        return bool(re.sub(r"<[^>]*>", "", line).strip())
    if re.match(r"\s*<details\b[^>]*>\s*$", line, re.IGNORECASE):
        line = line.rstrip() + following.strip()
    found = SUMMARY.match(line)
    return bool(found) and not GENERIC.search(found[1])


def _after_front_matter(lines: list[str]) -> int:
    if lines and lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], start=1):
            if line.rstrip() == "---":
                return number + 1
    return 0


def is_heading(line: str, *, tight: bool, inside: int) -> bool:
    """Whether a line outside fences and comments is a heading; `inside` is the indent of the list item around it."""
    found = HEADING.match(line)
    if not found:
        return False
    before, marks, space, rest = found[1], found[2], found[3], found[4].strip().strip("#").strip()
    rest = re.sub(r"`[^`]*`", "code", rest)
    if not re.sub(r"<[^>]*>|\[[^\]]*\]\(#[^)]*\)|[*_`]", "", rest).strip():
        return False
    if before.strip() == "" and len(before.expandtabs(4)) - inside > 3:
        return False  # indented code
    if space or len(marks) > 1:
        return not (not space and PREPROCESSOR.match(rest))
    if PREPROCESSOR.match(rest):
        return False
    words = line.split()
    if all(re.fullmatch(r"#[^\s#]+", word) for word in words):
        return len(words) == 1 and (tight or bool(CJK.search(rest)))
    return True


def main(folders: list[str]) -> None:
    """Compare reader and scanner over folders."""
    files = headings = 0
    differences = []
    for folder in map(Path, folders):
        for path in find_notes(folder):
            source = read_note(folder, path)
            if not isinstance(source, SourceFile):
                continue
            files += 1
            read = {section.place.line for section in read_document(source, {}).walk()}
            scanned = set(scan(source.text))
            headings += len(read)
            lines = source.text.split("\n")
            for number in sorted(read ^ scanned):
                who = "reader " if number in read else "scanner"
                differences.append(f"{who} {path}:{number}: {lines[number - 1][:80]}")
    print("\n".join(differences))
    print(f"{files} files, {headings} headings, {len(differences)} differences")


if __name__ == "__main__":
    main(sys.argv[1:])
