"""One build of all hostile notes, and what Anki shows of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.deck.conftest import Desk
from tests.hostile.records import notes
from tests.hostile.world import Built, build


@dataclass(frozen=True)
class Shown:
    """A card as Anki gives it to its window: both sides, and what would be played."""

    question: str
    answer: str
    css: str
    played: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    # A name that no note has, by which a path of this machine is known.
    return build(tmp_path_factory.mktemp("machine-of-the-user") / "trial", notes())


@pytest.fixture(scope="session")
def desk(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("anki")
    col = Collection(str(folder / "collection.anki2"))
    desk = Desk(col, folder)
    desk.take((built.world.out / "deck.apkg").read_bytes())
    yield desk
    col.close()


@pytest.fixture(scope="session")
def shown(desk: Desk) -> list[Shown]:
    found = []
    for card in desk.cards():
        output, note = card.render_output(), card.note()
        found.append(
            Shown(
                question=output.question_text,
                answer=output.answer_text,
                css=output.css,
                played=len(output.question_av_tags) + len(output.answer_av_tags),
                fields=tuple(note.fields),
                tags=tuple(note.tags),
            )
        )
    return found


@pytest.fixture(scope="session")
def media(desk: Desk) -> Path:
    return Path(desk.col.media.dir())
