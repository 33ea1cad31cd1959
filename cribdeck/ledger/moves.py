"""Where files and headings went as a whole, learnt from the cards that they hold."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from cribdeck.ledger.fingerprints import TELLING, parsed
from cribdeck.ledger.matching import Matching
from cribdeck.ledger.records import Entry
from cribdeck.ledger.spelling import bare

Parent = tuple[str, tuple[str, ...]]
"""A file and the headings in it, down to one."""
Scores = Mapping[tuple[str, str], float]
"""How much of a file of the ledger is in a file of the notes."""
Evidence = tuple[str, Hashable]
_WEIGHTS = {"place": 1.0, "name": 0.3, "answer": 1.0, "both": 1.0}
_MATCHED = 3.0
_ITSELF = 1_000
_LEAST = 0.25
"""Of each card of a file, so much must speak for the file's new name."""
_COMMON = 12
"""What stands in more files than this says nothing about where a file went."""


def homes(matching: Matching, scores: Scores) -> Callable[[str], str]:
    """Where each file of the ledger is now, judged by the headings and answers that are in it.

    A file that is gone goes where most of it went. A file that is still there is itself, unless by far the most of
    what was in it is elsewhere. Two files become one only if that one was there before. A file that little speaks
    for goes where its folder went.
    """
    before = {entry.file for entry in matching.old}
    there = {entry.file for entry in matching.new}
    cards = Counter(entry.file for entry in matching.old)
    found: dict[str, str] = {}
    used: set[str] = set()
    for one, other in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        score = scores[one, other]
        stays = one in there and score < 2 * (scores.get((one, one), 0.0) + 1)
        if one in found or other in used or stays or score < max(0.5, _LEAST * cards[one]):
            continue
        found[one] = other
        if other not in before:
            used.add(other)
    found |= _with_their_folders(found, before - there - set(found), there - before - used)
    return lambda file: found.get(file, file)


def _with_their_folders(found: Mapping[str, str], gone: Iterable[str], free: AbstractSet[str]) -> dict[str, str]:
    """Where files went that little speaks for, but whose folder is known to have moved: under their own names."""
    folders: dict[str, set[str]] = defaultdict(set)
    for one, other in found.items():
        old, new = one.split("/"), other.split("/")
        while old and new and old[-1] == new[-1]:
            del old[-1], new[-1]
            folders["/".join(old)].add("/".join(new))
    moved: dict[str, str] = {}
    for file in sorted(gone):
        folder, name = file, ""
        while folder:
            folder, _, last = folder.rpartition("/")
            name = f"/{last}{name}"
            places = {(other + name).lstrip("/") for other in folders.get(folder, ())} & free
            places -= set(moved.values())
            if len(places) == 1:
                moved[file] = places.pop()
                break
    return moved


def kinship(matching: Matching) -> Scores:
    """How much of each file of the ledger is in which file of the notes."""
    scores: dict[tuple[str, str], float] = defaultdict(float)
    for at, to in matching.new_of.items():
        scores[matching.old[at].file, matching.new[to].file] += _MATCHED
    olds = _files_by_evidence(matching.old[at] for at in matching.free_old())
    news = _files_by_evidence((matching.new[to] for to in matching.free_new()), olds)
    for evidence, files in olds.items():
        others = news.get(evidence)
        if others and len(others) <= _COMMON >= len(files):
            weight = _WEIGHTS[evidence[0]] / max(len(files), len(others))
            for one, times in files.items():
                for other, again in others.items():
                    scores[one, other] += weight * min(times, again)
    return {pair: score + _same_folders(*pair) for pair, score in scores.items()}


def _files_by_evidence(
    entries: Iterable[Entry], known: Mapping[Evidence, object] | None = None
) -> dict[Evidence, dict[str, int]]:
    """What speaks for a file → the files that it is in, and how often; only what is `known`, if that is given."""
    found: dict[Evidence, dict[str, int]] = {}
    for entry in entries:
        for evidence in _evidence(entry):
            if known is None or evidence in known:
                files = found.setdefault(evidence, {})
                files[entry.file] = files.get(entry.file, 0) + 1
    return found


def _evidence(entry: Entry) -> Iterator[Evidence]:
    path = entry.path
    answer = parsed(entry.answer)
    yield "place", path
    yield "name", bare(path[-1])
    if answer.length >= TELLING:
        yield "answer", answer.whole
        yield "both", (answer.whole, bare(path[-1]))


def _same_folders(one: str, other: str) -> float:
    """Less than any evidence from within the files: the share of common parts of their paths, and of their depth."""
    a, b = one.split("/"), other.split("/")
    common = len(set(a) & set(b)) + 2 * (a[-1] == b[-1])
    return common / (8 * len({*a, *b})) + 0.01 / (1 + abs(len(a) - len(b)))


def parents_of(entries: Iterable[Entry]) -> Iterator[Parent]:
    """The headings right above cards."""
    return ((entry.file, entry.path[:-1]) for entry in entries)


def moved_headings(matching: Matching, headings: Iterable[Parent]) -> dict[Parent, Parent]:
    """Where headings are now: most of the cards below one, and most strongly its own card, say so."""
    wanted: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for file, path in headings:
        wanted[file].add(path)
    votes: dict[Parent, dict[Parent, int]] = {}
    asked = [at for file in wanted for at in matching.old_files.get(file, ()) if at in matching.new_of]
    for at in asked:
        one, other = matching.old[at], matching.new[matching.new_of[at]]
        parents = wanted[one.file]
        old_path, new_path = one.path, other.path
        for up in range(min(len(old_path), len(new_path)) + 1):
            old_above = old_path[: len(old_path) - up]
            if old_above in parents:
                found = votes.setdefault((one.file, old_above), {})
                above = (other.file, new_path[: len(new_path) - up])
                found[above] = found.get(above, 0) + (1 if up else _ITSELF)
    return {parent: max(found, key=lambda above: (found[above], above)) for parent, found in votes.items()}
