"""How well cards keep their guid through real edits of real notes, without rendering anything.

Usage: python bench/identity.py DATA [--repo NAME]… [--gap N]… [--cache DIR] [--show K] [--verdict NAME] [--speed]

DATA holds, for each repository, snapshots of its notes (NAME.notes.tar.xz) and the truth about pairs of them
(NAME.truth.jsonl.gz): which heading of the old notes lives on as which heading of the new ones. For every pair the
old notes are recorded in a ledger and the new notes' cards are identified by it.

    kept    the section's card has the guid that it had
    wrong   the old guid now sits on another section's card
    lost    the old guid is gone although its section is there: its review history is lost
    false   the section is gone for sure, yet its guid sits on some card
"""

import argparse
import gc
import gzip
import json
import pickle
import sys
import tarfile
import tempfile
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing import Pool
from pathlib import Path

from msgspec.structs import replace as moved

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cribdeck.cards import study  # noqa: E402
from cribdeck.documents import read_document  # noqa: E402
from cribdeck.errors import NotesFolderEmpty  # noqa: E402
from cribdeck.files import find_media, find_notes, read_note  # noqa: E402
from cribdeck.ledger import Built, Entry, Ledger, identify, record  # noqa: E402
from cribdeck.ledger.entries import entries_of  # noqa: E402
from cribdeck.ledger.matching import Matching  # noqa: E402
from cribdeck.ledger.stages import match_certain, match_likely  # noqa: E402
from cribdeck.model import Card, SourceFile  # noqa: E402
from cribdeck.settings import load_settings  # noqa: E402

Heading = tuple[str, int]
"""File and line."""
EMPTY = Ledger("salt")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two snapshots, and old heading → new heading, or None where it is gone for sure."""

    repo: str
    gap: int
    old: str
    new: str
    truth: tuple[tuple[Heading, Heading | None], ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """A section whose card did not keep its guid: where the guid is now, and what the card is called."""

    pair: Pair
    verdict: str
    old: Heading
    new: Heading | None
    now: tuple[Heading, ...]


Judged = tuple[Pair, "Counter[str]", list[Miss], float]


def read_cards(folder: Path) -> tuple[Card, ...]:
    """All cards of a folder of notes."""
    try:
        paths = find_notes(folder, load_settings(folder).exclude)
    except NotesFolderEmpty:
        return ()
    media = find_media(folder)
    sources = [read_note(folder, path) for path in paths]
    documents = [read_document(source, media) for source in sources if isinstance(source, SourceFile)]
    return study(documents, load_settings(folder)).cards


def _cached_cards(folder: Path, cache: Path | None) -> tuple[Card, ...]:
    if not cache:
        return read_cards(folder)
    # Not the reader of today but that of the first run, unless the cache is emptied: tuning compares like with like.
    path = cache / f"{folder.parent.name}-{folder.name}.pickle"
    if path.exists():
        loaded: tuple[Card, ...] = pickle.loads(path.read_bytes())  # noqa: S301 — our own file
        return loaded
    cards = read_cards(folder)
    cache.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(cards))
    return cards


def pairs_of(data: Path, repo: str, gaps: Sequence[int] = ()) -> Iterator[Pair]:
    """The pairs of a repository."""
    with gzip.open(data / f"{repo}.truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if gaps and row["gap"] not in gaps:
                continue
            truth = tuple(((of, ol), (nf, nl) if nf is not None else None) for of, ol, nf, nl in row["sections"])
            yield Pair(repo, row["gap"], row["old"], row["new"], truth)


def judge(pair: Pair, old: Sequence[Card], new: Sequence[Card]) -> tuple[Counter[str], list[Miss], float]:
    """Count the verdicts on a pair; the seconds are those of `identify` alone."""
    known = identify(old, EMPTY)
    ledger = sorted_by_guid(record(EMPTY, Built(entries_of(old), known, None), now=1))
    started = time.perf_counter()
    found = identify(new, ledger)
    seconds = time.perf_counter() - started
    before = _by_heading(old, [identity.guid for identity in known])
    after = _by_heading(new, [identity.guid for identity in found])
    where = defaultdict(set)
    for heading, guids in after.items():
        for guid in guids:
            where[guid].add(heading)
    counts: Counter[str] = Counter()
    misses = []
    for of, nf in pair.truth:
        if of not in before or (nf is not None and nf not in after):
            continue  # an open question has no card
        now = {heading for guid in before[of] for heading in where.get(guid, ())}
        verdict = _verdict(nf, now)
        counts[verdict] += 1
        if verdict in ("wrong", "lost", "false"):
            misses.append(Miss(pair, verdict, of, nf, tuple(sorted(now))))
    return counts, misses, seconds


def sorted_by_guid(ledger: Ledger) -> Ledger:
    """The ledger as it comes back from its file: the order of the notes is not that of its lines."""
    return moved(ledger, entries=dict(sorted(ledger.entries.items())))


def _verdict(truth: Heading | None, now: Collection[Heading]) -> str:
    if truth is None:
        return "false" if now else "gone"
    return "kept" if truth in now else "wrong" if now else "lost"


def _by_heading(cards: Iterable[Card], guids: Iterable[str]) -> dict[Heading, set[str]]:
    found: dict[Heading, set[str]] = defaultdict(set)
    for card, guid in zip(cards, guids, strict=True):
        found[card.place.file, card.place.line].add(guid)
    return found


def read_snapshots(data: Path, repo: str, commits: Iterable[str], cache: Path | None) -> dict[str, tuple[Card, ...]]:
    """All cards of some snapshots of a repository."""
    cards: dict[str, tuple[Card, ...]] = {}
    with tempfile.TemporaryDirectory() as folder:
        if not cache or not all((cache / f"{repo}-{commit}.pickle").exists() for commit in commits):
            with tarfile.open(data / f"{repo}.notes.tar.xz") as archive:
                archive.extractall(Path(folder) / repo, filter="data")
        for commit in commits:
            cards[commit] = _cached_cards(Path(folder) / repo / commit, cache)
    return cards


def judge_repository(data: Path, repo: str, gaps: Sequence[int], cache: Path | None) -> list[Judged]:
    """Judge all pairs of a repository."""
    pairs = list(pairs_of(data, repo, gaps))
    cards = read_snapshots(data, repo, {commit for pair in pairs for commit in (pair.old, pair.new)}, cache)
    return [(pair, *judge(pair, cards[pair.old], cards[pair.new])) for pair in pairs]


def speed(data: Path, cache: Path | None, *, old_size: int, new_size: int) -> None:
    """Match as many cards as that at once: pairs of snapshots of all repositories side by side, until there are enough.

    Several generations of one repository's notes are copies of one another, which makes it harder than any real
    folder.
    """
    old: list[Entry] = []
    new: list[Entry] = []
    repos = sorted(path.name.split(".")[0] for path in data.glob("*.truth.jsonl.gz"))
    cards: dict[str, tuple[Card, ...]] = {}
    pairs = [sorted(pairs_of(data, repo, (1,)), key=lambda pair: -len(pair.truth)) for repo in repos]
    fingerprinting = 0.0
    for generation in zip_longest(*pairs):
        for pair in filter(None, generation):
            if len(old) >= old_size and len(new) >= new_size:
                break
            cards = read_snapshots(data, pair.repo, [pair.old, pair.new], cache)
            prefix = f"{pair.repo}-{pair.new}/"
            started = time.process_time()
            before, after = entries_of(cards[pair.old]), entries_of(cards[pair.new])
            fingerprinting += time.process_time() - started
            old += [moved(entry, file=prefix + entry.file) for entry in before if len(old) < old_size]
            new += [moved(entry, file=prefix + entry.file) for entry in after]
    old, new = sorted(old[:old_size], key=lambda entry: (entry.answer, entry.path)), new[:new_size]
    del cards
    gc.collect()
    tracemalloc.start()
    matching = Matching(old, new)
    match_likely(matching, match_certain(matching))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    started = time.process_time()
    matching = Matching(old, new)
    match_likely(matching, match_certain(matching))
    seconds = time.process_time() - started
    found = f"{len(matching.new_of):,} matched in {seconds:.2f} s of processor time, {peak / 1e6:.0f} MB"
    print(f"{len(new):,} cards against {len(old):,}: {found}")
    print(f"their fingerprints took {fingerprinting:.2f} s")


def percentages(counts: Mapping[str, int]) -> str:
    """`123 alive: kept 99.00% …`."""
    alive = counts["kept"] + counts["wrong"] + counts["lost"]
    gone = counts["gone"] + counts["false"]
    share = " ".join(f"{verdict} {counts[verdict] / max(1, alive):.2%}" for verdict in ("kept", "wrong", "lost"))
    return f"{alive} alive: {share}; {gone} gone: false {counts['false'] / max(1, gone):.2%}"


def main() -> None:
    """Print the verdicts by repository and gap, and a few misses."""
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    options.add_argument("--repo", action="append", default=[])
    options.add_argument("--gap", action="append", type=int, default=[])
    options.add_argument("--cache", type=Path, help="keep what was read there; it is not read anew")
    options.add_argument("--show", type=int, default=0, help="print so many misses a repository")
    options.add_argument("--speed", action="store_true", help="measure 26,000 cards against 22,000 instead")
    options.add_argument("--verdict", action="append", default=[], help="show these misses only")
    given = options.parse_args()
    if given.speed:
        speed(given.data, given.cache, old_size=22_000, new_size=26_000)
        return
    repos = given.repo or sorted(path.name.split(".")[0] for path in given.data.glob("*.truth.jsonl.gz"))
    total: dict[str, Counter[str]] = defaultdict(Counter)
    slowest = 0.0
    with Pool(2) as pool:
        judged = pool.starmap(judge_repository, [(given.data, repo, given.gap, given.cache) for repo in repos], 1)
    for repo, verdicts in zip(repos, judged, strict=True):
        shown = 0
        for pair, counts, misses, seconds in verdicts:
            slowest = max(slowest, seconds)
            for group in (f"{repo} gap {pair.gap}", repo, f"gap {pair.gap}", "all"):
                total[group] += counts
            for miss in misses:
                if shown < given.show and (not given.verdict or miss.verdict in given.verdict):
                    shown += 1
                    now = " ".join(f"{file}:{line}" for file, line in miss.now)
                    print(f"{miss.verdict} {repo} {pair.old}..{pair.new} {miss.old} → {miss.new}; now {now or '-'}")
    for group, counts in sorted(total.items()):
        print(f"{group}: {percentages(counts)}")
    print(f"slowest pair: {slowest:.2f} s")


if __name__ == "__main__":
    main()
