"""The processes that render, kept warm between jobs, within limits of time and memory."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cribdeck.sheet import fonts

COMMAND = (sys.executable, "-W", "ignore", "-m", "cribdeck.sheet.worker")
_WALL = (30.0, 6.0)
"""A process may wait for others; what takes so many seconds and so many times its CPU seconds by the clock hangs."""
_START = 60.0
"""Seconds in which a process has to begin."""
_MOST_MEMORY = 600 * 1024**2
"""Bytes. A process that has more than this after a job is not given another."""
_MOST_PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job may take: seconds of CPU time, so many more for a thousand characters but no more than `most`, and
    bytes of memory.
    """

    seconds: float = 15.0
    per_thousand: float = 0.25
    most: float = 120.0
    memory: int = 3 * 1024**3

    def time_for(self, characters: int) -> float:
        """CPU seconds for a page of so many characters."""
        return min(self.seconds + self.per_thousand * characters / 1000, self.most)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job was not done, whether it would fail again, and whether it took all the time that it had."""

    reason: str
    for_good: bool = True
    was_slow: bool = False


class Worker:
    """A process that renders; it begins at once, and whoever asks something of it waits until it is ready."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 — our own module
            COMMAND,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._is_given_up = False

    @cached_property
    def families(self) -> tuple[str, ...] | None:
        """The font families that it found; None where it did not start."""
        answer = self._answer(_START)
        return tuple(answer["families"]) if answer else None

    def do(self, job: Mapping[str, Any]) -> Failure | None:
        """Have a job done (see `worker`); after a failure the process is gone."""
        try:
            assert self._process.stdin
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
        except OSError:
            return self._death(job["seconds"])
        answer = self._answer(_WALL[0] + job["seconds"] * _WALL[1])
        if answer is None:
            return self._death(job["seconds"])
        if "failed" in answer:
            self.close()
            return Failure(answer["failed"])
        if answer["memory"] > _MOST_MEMORY:
            self.close()
        return None

    def _answer(self, seconds: float) -> dict[str, Any] | None:
        clock = threading.Timer(seconds, self._give_up)
        clock.daemon = True
        clock.start()
        try:
            assert self._process.stdout
            line = self._process.stdout.readline()
            return json.loads(line) if line else None
        except (OSError, ValueError):
            return None
        finally:
            clock.cancel()

    def _give_up(self) -> None:
        self._is_given_up = True
        self._process.kill()

    def _death(self, seconds: float) -> Failure:
        status = self.close()
        if self._is_given_up:
            return Failure("it did not come to an end", for_good=False, was_slow=True)
        if status == -getattr(signal, "SIGXCPU", 0):
            return Failure(f"it took longer than {seconds:.0f} s", was_slow=True)
        if status == -getattr(signal, "SIGKILL", 0):
            return Failure("the renderer was killed", for_good=False)
        return Failure(f"the renderer died (status {status})")

    @property
    def is_alive(self) -> bool:
        """Whether it takes another job."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process whatever it is doing."""
        self._process.kill()

    def close(self) -> int:
        """End the process when it has done its job; gives its status."""
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream and not stream.closed:
                    stream.close()
        try:
            return self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class Workers:
    """As many processes as there is work for; they stay until they are closed."""

    def __init__(self, folder: Path, work: Path, *, most: int | None = None) -> None:
        self._most = most or min(_MOST_PROCESSES, os.cpu_count() or 1)
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._busy: set[Worker] = set()
        self._folder, self._work = folder, work
        self.families: tuple[str, ...] | None = None

    def do(self, jobs: Sequence[Mapping[str, Any]]) -> list[Failure | None]:
        """Have jobs done, several at a time; gives for each why it was not done."""
        if len(jobs) <= 1 or self._most == 1:
            return [self._one(job) for job in jobs]
        threads = ThreadPoolExecutor(min(self._most, len(jobs)))
        try:
            return list(threads.map(self._one, jobs))
        except BaseException:
            # Who is interrupted does not wait for what nobody wants any more.
            threads.shutdown(wait=False, cancel_futures=True)
            self.close()
            raise
        finally:
            threads.shutdown()

    def start(self) -> None:
        """Start a process if there is none, so that `families` is known."""
        if self.families is None:
            self._idle.put(self._worker())

    def call(self) -> None:
        """Have a process begin, if there is none, without waiting for it."""
        if self._idle.empty():
            self._idle.put(self._new())

    def _one(self, job: Mapping[str, Any]) -> Failure | None:
        worker = self._worker()
        self._busy.add(worker)
        failure = worker.do(job) if worker.families else Failure("the renderer did not start", for_good=False)
        self._busy.discard(worker)
        if worker.is_alive and failure is None:
            self._idle.put(worker)
        else:
            worker.close()
        return failure

    def _worker(self) -> Worker:
        with contextlib.suppress(queue.Empty):
            while True:
                worker = self._idle.get_nowait()
                if worker.is_alive:
                    return self._ready(worker)
                worker.close()
        return self._ready(self._new())

    def _new(self) -> Worker:
        return Worker(_environment(self._folder, self._work))

    def _ready(self, worker: Worker) -> Worker:
        self.families = worker.families if worker.families is not None else self.families
        return worker

    def close(self) -> None:
        """End all processes, those at work at once."""
        for worker in tuple(self._busy):
            worker.kill()
        with contextlib.suppress(queue.Empty):
            while True:
                # It has nothing to put away, and Python would take long to do so.
                worker = self._idle.get_nowait()
                worker.kill()
                worker.close()


def _environment(folder: Path, work: Path) -> dict[str, str]:
    cache = work / "fontconfig"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        cache = folder / "fontconfig"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "fonts.conf"
    config.write_text(fonts.fontconfig_file(cache.absolute()), encoding="utf-8")
    root = str(Path(__file__).resolve().parent.parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    # PANGOCAIRO_BACKEND: on macOS and Windows Pango would take the system's own fonts, not Fontconfig's.
    return dict(os.environ) | {"FONTCONFIG_FILE": str(config), "PYTHONPATH": path, "PANGOCAIRO_BACKEND": "fc"}
