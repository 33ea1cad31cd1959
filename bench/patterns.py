"""Is there a line on which a regular expression of the program takes its time?

Usage: python bench/patterns.py [--characters N]

Takes every pattern of the program apart, finds strings that it is slow on by itself (see `tests/hostile/probes.py`),
and repeats each of these to N characters in a note: as a heading, a paragraph, a list item, a label, a cell, a link's
title, a picture's text, a code block's language, a tag, front matter. Prints what takes longer than a second of
processor time to be read, made into cards and into the sheet's HTML; a line takes some hundredths.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.hostile.probes import TooSlow, build, hard, notes_of, patterns, within  # noqa: E402

SLOW = 1.0
LONGEST = 20.0


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--characters", type=int, default=20_000)
    given = arguments.parse_args()
    every = patterns()
    strings = {found for pattern in every if (found := hard(pattern))}
    print(f"{len(every)} patterns, {len(strings)} hard strings of {given.characters:,} characters", flush=True)
    slow, tried, slowest = 0, 0, 0.0
    with tempfile.TemporaryDirectory(prefix="cribdeck-patterns-") as name:
        for string in sorted(strings):
            for place, note in notes_of(*string, given.characters):
                tried += 1
                started = time.process_time()
                try:
                    within(LONGEST, lambda note=note: build(Path(name), note))  # type: ignore[misc]
                    seconds, how = time.process_time() - started, ""
                except TooSlow:
                    seconds, how = LONGEST, "more than "
                slowest = max(slowest, seconds)
                if seconds > SLOW:
                    slow += 1
                    print(f"{place}: {string} takes {how}{seconds:.1f} s", flush=True)
    print(f"{tried} notes, {slow} of them slow, the slowest {slowest:.1f} s")
    return min(slow, 1)


if __name__ == "__main__":
    sys.exit(main())
