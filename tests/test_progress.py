"""The bar: on a terminal, after a second, and gone at the end."""

import io
import time

import pytest

from cribdeck import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, *told: tuple[str, int, int]) -> list[str]:
    with progress.progress_bar(stream) as tell:
        for what, done, total in told:
            tell(what, done, total)
            time.sleep(0.05)
    return stream.getvalue().split("\r\x1b[2K")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_BEAT", 0.005)


def test_it_shows_how_much_is_done_and_is_wiped_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    lines = shown(Terminal(), ("reading", 12, 24))

    assert "█" * 12 + "░" * 12 + " reading 12/24" in lines
    assert lines[-1] == ""


def test_what_cant_be_counted_moves() -> None:
    lines = {line for line in shown(Terminal(), ("sheet", 0, 1), ("sheet", 0, 1)) if "sheet 0 s" in line}

    assert len(lines) > 1
    assert all("\x1b[36m" in line for line in lines)


def test_nothing_is_shown_in_the_first_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 1.0)

    assert shown(Terminal(), ("reading", 1, 2)) == [""]


def test_nothing_is_shown_where_nobody_looks() -> None:
    assert shown(io.StringIO(), ("reading", 1, 2)) == [""]
