"""`wiredesk work`: N workers and the housekeeping, forked from one warmed process, until SIGTERM."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import click
import structlog

from config.settings import Settings
from config.taggers import taggers
from workers.cli import forks, place, pulse

GRACE = 3.0  # seconds beyond the page deadline
SOON = 1.0  # seconds a dead fork is away at most: it costs nothing to make
STEADY = 5.0  # seconds of life after which a start has been worth its cost, whatever ended it


@click.command("work")
@click.option("-n", "number", type=click.IntRange(1, 256), help="Workers (default: WIREDESK_WORKERS, one per core).")
def command(number: int | None) -> None:
    """Run N workers that read pages and hand documents off, and the housekeeping."""
    settings = place.settings("worker")
    taggers(place.taggers_file(settings))
    pulse.reach(settings).close()
    from workers import extract, jobs

    extract.warm()
    parts = [
        Part(f"worker-{i + 1}", lambda: jobs.serve(settings, place.address(settings)))
        for i in range(number or settings.workers)
    ]
    parts.append(Part("keeper", lambda: keep(settings)))
    sys.exit(Forge(parts, settings.page_deadline + GRACE).run())


@dataclass
class Part:
    """One forked process: what it does, and when it may be started again."""

    name: str
    task: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    failures: int = 0


class Forge:
    """Forks the parts, starts dead ones again with back-off, and stops all of them on SIGTERM."""

    def __init__(self, parts: list[Part], grace: float) -> None:
        self.parts, self.grace = parts, grace
        self.stopping = False
        self.log = structlog.get_logger()

    def run(self) -> int:
        """Until a signal comes; the exit code."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        while not self.stopping:
            for part in self.parts:
                if part.pid == 0 and time.monotonic() >= part.started + backoff(part.failures, SOON):
                    self._start(part)
            self._reap()
            time.sleep(0.1)
        return self._end()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self, part: Part) -> None:
        part.started = time.monotonic()
        part.pid = forks.fork(part.name, part.task)

    def _reap(self) -> None:
        for part in self.parts:
            if not part.pid:
                continue
            pid, status = os.waitpid(part.pid, os.WNOHANG)
            if pid:
                part.pid = 0
                part.failures = in_a_row(part.failures, time.monotonic() - part.started)
                if not self.stopping:
                    self.log.error("process_died", process=part.name, status=os.waitstatus_to_exitcode(status))

    def _end(self) -> int:
        until = time.monotonic() + self.grace
        for part in self.parts:
            if part.pid:
                os.kill(part.pid, signal.SIGTERM)
        while any(p.pid for p in self.parts) and time.monotonic() < until:
            self._reap()
            time.sleep(0.02)
        for part in self.parts:
            if part.pid:
                os.kill(part.pid, signal.SIGKILL)
                os.waitpid(part.pid, 0)
        return 0


def in_a_row(before: int, lived: float) -> int:
    """How often a process has failed in a row; one that lived a while (seconds) and is killed has not failed."""
    return 0 if lived > STEADY else before + 1


def backoff(failures: int, most: float = 8.0) -> float:
    """Seconds before a process that died is started again; never so long that lost work waits for a holder."""
    return float(min(0.2 * 2 ** min(failures, 8), most)) if failures else 0.0


def keep(settings: Settings) -> None:
    """The housekeeping process."""
    from config.watch import Watched
    from ingest.store import Store
    from workers.keeper import Keeper

    stopping = forks.stop_flag()
    store = Store(place.address(settings), settings.retention)
    watched = Watched(place.taggers_file(settings), taggers)

    keeper = Keeper(settings, store, watched.current)

    def check() -> bool:
        if not stopping():
            forks.quietly(lambda: pulse.beat(store, "worker"))
        return stopping()

    keeper.run(check)
    store.close()
