"""How well lists and labels that were typed without Markdown's marks are told from text.

Usage: python bench/lines.py NAME=FOLDER…      e.g. corpora=../notes gyoogle=../gyoogle

`data/lines.jsonl` holds lines of public notes, labelled by hand: number, bullet, label (a name that heads what
follows, `缺点：`), or text (also a sentence that leads in to what follows, `我们来看下面的代码：`). A line is named by
its corpus, file, number and digest; its text is not kept. `random` was drawn from all lines that might be one of
these; the others from those that the reader took, and from those that it refused, each after the rules were changed.
"""

import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cribdeck.documents import read_document  # noqa: E402
from cribdeck.files import read_note  # noqa: E402
from cribdeck.model import BlockKind, SourceFile  # noqa: E402

DATA = Path(__file__).parent / "data" / "lines.jsonl"
MARKED = re.compile(r"(?:\d+[.)]|[-*+])(?:\s|$)")


def taken(folder: Path, file: str) -> tuple[dict[int, str], list[str]]:
    """What the reader makes of each line that has no mark of Markdown's: line number → number, bullet or label."""
    source = read_note(folder, file)
    if not isinstance(source, SourceFile):
        return {}, []
    lines = source.text.split("\n")
    document = read_document(source, {})
    found: dict[int, str] = {}
    for body in (document.intro, *(section.body for section in document.walk())):
        for block in (block for top in body for block in top.walk()):
            typed = lines[block.line - 1].strip().lstrip("> ") if block.line <= len(lines) else ""
            if block.kind is BlockKind.ITEM and not MARKED.match(typed):
                found[block.line] = "number" if re.match(r"[\d（(①-⑳]", typed) else "bullet"
            elif (block.kind is BlockKind.TERM and not typed.startswith(":")) or (
                block.kind is BlockKind.LABEL and block.info != "alone"
            ):
                found[block.line] = "label"
    return found, lines


def main(folders: dict[str, Path]) -> None:
    """Print precision and recall of each sample, and the lines that are wrong."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    cache: dict[tuple[str, str], tuple[dict[int, str], list[str]]] = {}
    for row in map(json.loads, DATA.read_text(encoding="utf-8").splitlines()):
        if row["corpus"] not in folders:
            continue
        key = (row["corpus"], row["file"])
        if key not in cache:
            cache[key] = taken(folders[key[0]], key[1])
        found, lines = cache[key]
        text = lines[row["line"] - 1].strip() if row["line"] <= len(lines) else ""
        if hashlib.sha256(text.encode()).hexdigest()[:12] != row["digest"]:
            counts[row["sample"]]["changed"] += 1
            continue
        guess, truth = found.get(row["line"], "text"), row["label"]
        count = counts[row["sample"]]
        count.update(taken=guess != "text", right=guess == truth != "text", true=truth != "text", lines=1)
        if guess != truth:
            print(f"{row['sample']}: taken for {guess}, is {truth}: {row['file']}:{row['line']}: {text[:60]}")
    for sample, count in counts.items():
        precision, recall = count["right"] / max(1, count["taken"]), count["right"] / max(1, count["true"])
        print(f"{sample}: {count['lines']} lines, precision {precision:.1%}, recall {recall:.1%}")


if __name__ == "__main__":
    main({name: Path(folder) for name, _, folder in (argument.partition("=") for argument in sys.argv[1:])})
