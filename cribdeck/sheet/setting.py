"""Chapters set in type: from the shelf where they are as they were, else by the processes that render."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from cribdeck.diagnostics import Place
from cribdeck.sheet.breakages import Breakages
from cribdeck.sheet.chapters import Chapter, key_of
from cribdeck.sheet.salvage import LeftOut, salvage
from cribdeck.sheet.shelf import Shelf
from cribdeck.sheet.workers import Failure, Limits, Workers

_RECORD, _PDF = "record.json", "chapter.pdf"


@dataclass(frozen=True)
class SetChapter:
    """A chapter that is set: see `typesetting.print_chapter`; `left_out` are the pieces that could not be.

    `written` is its record as JSON.
    """

    written: bytes
    pdf: bytes
    left_out: tuple[LeftOut, ...] = ()

    @cached_property
    def record(self) -> Mapping[str, Any]:
        """What is known of its pages."""
        found: dict[str, Any] = msgspec.json.decode(self.written)
        return found


@dataclass(frozen=True, slots=True)
class Order:
    """How chapters are to be set: their styles, what else they depend on, whether an index is made of their words, and
    what stands in the place of what can't be set.
    """

    styles: str
    surroundings: str
    words: bool
    label: str


class Setter:
    """Sets chapters, and holds those of the last sheet."""

    def __init__(self, workers: Workers, shelf: Shelf, limits: Limits) -> None:
        self._workers = workers
        self._shelf = shelf
        self._limits = limits
        self._held: dict[str, SetChapter] = {}
        self._wanted: set[str] = set()

    def forget(self, *, all_: bool = False) -> None:
        """Let go of the chapters that no sheet had since this was called last; or of all, on the shelf too."""
        if all_:
            for key in self._held:
                self._shelf.drop(key)
            self._held.clear()
        self._held = {key: held for key, held in self._held.items() if key in self._wanted}
        self._wanted.clear()

    def set(self, chapters: Sequence[Chapter], order: Order, folder: Path) -> list[SetChapter]:
        """Set chapters; those that break the renderer without the pieces that do it.

        Args:
            chapters: In any order.
            order: How.
            folder: For files; empty, or of an earlier call.

        Raises:
            Hopeless: Not even an empty chapter can be set.
        """
        keys = [self._key(chapter, order) for chapter in chapters]
        self._wanted.update(keys)
        missing = {
            key: chapter
            for key, chapter in zip(keys, chapters, strict=True)
            if key not in self._held and not self._got(key)
        }
        if missing:
            # The processes that render are waited for; meanwhile what is there can be made ready.
            known = [self._held[key] for key in keys if key in self._held]
            threading.Thread(target=lambda: [chapter.record for chapter in known], daemon=True).start()
            self._print(missing, order, folder)
        return [self._held[key] for key in keys]

    def _print(self, missing: Mapping[str, Chapter], order: Order, folder: Path) -> None:
        """Set chapters that are not held, by their keys."""
        (folder / "styles.css").write_text(order.styles, encoding="utf-8")
        broken = Breakages(self._shelf, [order.surroundings, order.styles, str(self._limits)])
        known = {key: broken.among(chapter) for key, chapter in missing.items()}
        # The longest first, so that no process waits long for another at the end.
        tried = sorted((key for key in missing if not known[key]), key=lambda key: -len(missing[key].marked))
        jobs = [self._job(missing[key], key, order, folder) for key in tried]
        failures = dict(zip(tried, self._workers.do(jobs), strict=True))
        for key, chapter in missing.items():
            failure = failures.get(key)
            if failure is None and not known[key]:
                self._hold(key, _read(folder / key))
                continue

            def attempt(other: Chapter) -> Failure | None:
                return self._workers.do([self._job(other, "attempt", order, folder)])[0]

            left_out = salvage(chapter, attempt, failure, label=order.label, known=known[key])
            broken.remember(chapter, left_out)
            found = _read(folder / "attempt")
            self._hold(key, SetChapter(found.written, found.pdf, tuple(left_out.values())))
        broken.keep()

    def _key(self, chapter: Chapter, order: Order) -> str:
        # What stands in a box belongs to what is kept only where there is one, and then the notes tell it too.
        flags = f"{chapter.carried} {order.words} {order.label}"
        return key_of(["chapter", order.surroundings, order.styles, flags, chapter.html])

    def _got(self, key: str) -> bool:
        kept = self._shelf.get(key)
        if kept is None:
            return False
        data, (pdf, written) = kept
        self._held[key] = SetChapter(written, pdf, tuple(left_out_of(each) for each in data["left_out"]))
        return True

    def _hold(self, key: str, chapter: SetChapter) -> None:
        self._held[key] = chapter
        if all(each.failure.for_good for each in chapter.left_out):
            left_out = [as_data(each) for each in chapter.left_out]
            self._shelf.put(key, {"left_out": left_out}, [chapter.pdf, chapter.written])

    def _job(self, chapter: Chapter, name: str, order: Order, folder: Path) -> dict[str, Any]:
        place = folder / name
        place.mkdir(exist_ok=True)
        html = chapter.html
        (place / "chapter.html").write_text(html, encoding="utf-8")
        return {
            "task": "chapter",
            "folder": str(place),
            "report": _RECORD,
            "html": "chapter.html",
            "styles": "../styles.css",
            "pdf": _PDF,
            "carried": chapter.carried,
            "words": order.words,
            "seconds": self._limits.time_for(len(html)),
            "memory": self._limits.memory,
        }


def _read(place: Path) -> SetChapter:
    return SetChapter((place / _RECORD).read_bytes(), (place / _PDF).read_bytes())


def put(chapters: Sequence[SetChapter], folder: Path) -> list[tuple[str, str]]:
    """Write chapters for `binding`; gives their files' names."""
    names = []
    for at, chapter in enumerate(chapters):
        pdf, record = f"{at}.pdf", f"{at}.json"
        (folder / pdf).write_bytes(chapter.pdf)
        (folder / record).write_bytes(chapter.written)
        names.append((pdf, record))
    return names


def as_data(left: LeftOut) -> dict[str, Any]:
    """As JSON has it."""
    place, failure = left.place, left.failure
    return {
        "file": place.file, "line": place.line, "text": left.text, "why": failure.reason, "for_good": failure.for_good,
    }  # fmt: skip


def left_out_of(data: Mapping[str, Any]) -> LeftOut:
    """What `as_data` was given."""
    return LeftOut(Place(data["file"], data["line"]), data["text"], Failure(data["why"], data["for_good"]))
