"""How well cards keep their guid through made-up edits of real notes, of which the truth is known for sure.

Usage: python bench/edits.py FOLDER… [--rounds N] [--show K]

A quarter of the sections is put aside; what is added to the notes is taken from there. One round edits the rest: it
rewords headings, rewrites answers, moves sections within and between files, renames, splits and joins files, deletes
sections, and puts others where deleted ones stood, under a heading of their own or under one like the old. The
verdicts are those of `identity.py`. The edits come from a fixed seed.
"""

import argparse
import random
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from identity import Heading, Pair, judge, percentages, read_cards

from cribdeck.files import find_notes, read_note
from cribdeck.model import SourceFile

_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_WORD = re.compile(r"[a-zA-Z]{3,}|[\u4e00-\u9fff]{2}")
_FRAMES = ("什么是{}？", "{}详解", "怎样理解{}", "{}的要点", "What is {}?", "{} explained", "关于{}", "谈谈{}")


@dataclass(eq=False)
class Piece:
    """A heading with the lines up to the next one; `was` is where it stood, None for what is new."""

    level: int
    title: str
    lines: list[str]
    was: Heading | None
    edits: set[str] = field(default_factory=set)


Notes = dict[str, list[Piece]]


def read_pieces(folder: Path) -> Notes:
    """The headings of all notes, as a reader of lines sees them."""
    notes: Notes = {}
    for path in find_notes(folder):
        source = read_note(folder, path)
        if isinstance(source, SourceFile):
            notes[str(path)] = _pieces(source.text, str(path))
    return {file: pieces for file, pieces in notes.items() if pieces}


def _pieces(text: str, file: str) -> list[Piece]:
    pieces: list[Piece] = []
    is_code = False
    for number, line in enumerate(text.splitlines(), start=1):
        is_code ^= line.lstrip().startswith(("```", "~~~"))
        found = None if is_code else _HEADING.fullmatch(line)
        if found:
            pieces.append(Piece(len(found[1]), found[2], [], (file, number)))
        elif pieces:
            pieces[-1].lines.append(line)
    return pieces


def write(notes: Notes, folder: Path) -> dict[int, Heading]:
    """Write the notes; where each piece (by `id`) now stands."""
    places: dict[int, Heading] = {}
    for file, pieces in notes.items():
        lines: list[str] = []
        for piece in pieces:
            places[id(piece)] = (file, len(lines) + 1)
            lines += [f"{'#' * piece.level} {piece.title}", *piece.lines]
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return places


def _bare(title: str) -> str:
    return re.sub(r"[\W\d_]+", "", title).casefold()


class Editor:
    """Edits notes by chance, each heading at most in two ways.

    Nothing of what is added stands in the notes already: notes hold copies, and a copy's history may be the other's.
    """

    def __init__(self, notes: Notes, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 — nothing secret
        self.notes = notes
        pieces = [piece for some in notes.values() for piece in some if any(line.strip() for line in piece.lines)]
        self.spare = set(self.chance.sample(pieces, len(pieces) // 4))
        for file in notes:
            notes[file] = [piece for piece in notes[file] if piece not in self.spare]
        titles = {_bare(piece.title) for some in notes.values() for piece in some}
        lines = Counter(line.strip() for some in notes.values() for piece in some for line in piece.lines)
        self.donors = [
            piece
            for piece in sorted(self.spare, key=lambda piece: piece.was or ("", 0))
            if _bare(piece.title) not in titles
            and not any(lines[line.strip()] for line in piece.lines if len(line) > 9)
        ]
        self.chance.shuffle(self.donors)

    def edit(self, share: float) -> None:
        """Edit so much of the sections in each of the ways, and of the files."""
        every = [piece for some in self.notes.values() for piece in some]
        for act in (self.reword, self.rewrite, self.move, self.delete, self.replace, self.mimic, self.insert):
            for piece in self.chance.sample(every, int(len(every) * share)):
                file = next((file for file, some in self.notes.items() if piece in some), None)
                if file and len(piece.edits) < 2:
                    piece.edits.add(act.__name__)
                    act(piece, file)
        for file in self.chance.sample(sorted(self.notes), max(1, int(len(self.notes) * share))):
            self.chance.choice((self.rename, self.split, self.join))(file)

    def reword(self, piece: Piece, _file: str) -> None:
        piece.title = self.chance.choice(_FRAMES).format(piece.title)

    def rewrite(self, piece: Piece, _file: str) -> None:
        words = _WORD.findall("\n".join(other for donor in self.donors[:9] for other in donor.lines)) or ["别的"]

        def other(word: re.Match[str]) -> str:
            return self.chance.choice(words) if self.chance.random() < 0.2 else word[0]

        piece.lines = [_WORD.sub(other, line) for line in piece.lines if self.chance.random() > 0.2]

    def move(self, piece: Piece, file: str) -> None:
        self.notes[file].remove(piece)
        there = self.notes[self.chance.choice((file, self.chance.choice(sorted(self.notes))))]
        there.insert(self.chance.randint(0, len(there)), piece)

    def delete(self, piece: Piece, file: str) -> None:
        self.notes[file].remove(piece)

    def replace(self, piece: Piece, file: str) -> None:
        """Another section stands there now."""
        if self.donors:
            self.notes[file][self.notes[file].index(piece)] = self._new(piece.level, None)

    def mimic(self, piece: Piece, file: str) -> None:
        """Another section stands there now, and its heading is like the old one's."""
        if self.donors:
            last_half = piece.title[len(piece.title) // 2 :].strip()
            self.notes[file][self.notes[file].index(piece)] = self._new(piece.level, last_half)

    def insert(self, piece: Piece, file: str) -> None:
        if self.donors:
            self.notes[file].insert(self.notes[file].index(piece), self._new(piece.level, None))

    def _new(self, level: int, like: str | None) -> Piece:
        donor = self.donors.pop()
        return Piece(level, f"{donor.title} {like}" if like else donor.title, donor.lines, None)

    def rename(self, file: str) -> None:
        self.notes[f"renamed/{file}"] = self.notes.pop(file)

    def split(self, file: str) -> None:
        pieces = self.notes[file]
        half = len(pieces) // 2
        self.notes[file], self.notes[f"second-{file.replace('/', '-')}"] = pieces[:half], pieces[half:]

    def join(self, file: str) -> None:
        others = [other for other in sorted(self.notes) if other != file]
        if others:
            self.notes[self.chance.choice(others)] += self.notes.pop(file)


def replay(folder: Path, seed: int, share: float) -> tuple[Counter[str], list[str]]:
    """The verdicts on one round of edits, and the misses with how the heading was edited."""
    notes = read_pieces(folder)
    editor = Editor(notes, seed)
    with tempfile.TemporaryDirectory() as scratch:
        old, new = Path(scratch, "old"), Path(scratch, "new")
        for path in (old, new):
            path.mkdir()
        before = write(notes, old)
        pieces = [piece for some in notes.values() for piece in some]
        editor.edit(share)
        after = write(notes, new)
        truth = tuple((before[id(piece)], after.get(id(piece))) for piece in pieces)
        counts, misses, _ = judge(Pair(folder.name, seed, "", "", truth), read_cards(old), read_cards(new))
    how = {before[id(piece)]: (piece.title, sorted(piece.edits)) for piece in pieces}
    return counts, [f"{miss.verdict} {how[miss.old]} {miss.old} → {miss.new}; now {miss.now}" for miss in misses]


def main() -> None:
    """Print the verdicts by folder and by how much was edited."""
    options = argparse.ArgumentParser()
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--rounds", type=int, default=4)
    options.add_argument("--show", type=int, default=0, help="print so many misses a round")
    given = options.parse_args()
    for share in (0.02, 0.08):
        for folder in given.folders:
            total: Counter[str] = Counter()
            for seed in range(given.rounds):
                counts, misses = replay(folder, seed, share)
                total += counts
                print(*misses[: given.show], sep="\n", end="\n" if given.show else "")
            print(f"{folder.name}, {share:.0%} of the sections edited in each way: {percentages(total)}")


if __name__ == "__main__":
    main()
