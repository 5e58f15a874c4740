"""Housekeeping: one work process at a time takes up lost work, feeds the RQ taggers, and lets old things go.

four times a second, lock or no lock: embargoes, reconcile | with the lock, each half: dispatch | each two: watch
each ten: trim the stream, ring alarms | each minute: age records and sites
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from config.settings import Settings
from config.taggers import Tagger
from ingest import keys, queue
from ingest.errors import ServerAway
from ingest.ledger import Ledger
from ingest.store import Store, word
from workers.dispatch import Dispatch
from workers.trim import Trim
from workers.watch import Watch

log = structlog.get_logger()
LOCK = 10.0  # seconds after which another process takes the housekeeping over; a lease, where that is shorter
GRACE = 5.0  # seconds a tagger must be off the list before its cursor goes
PACE = 0.25  # seconds between two rounds: what a dead worker had in hand may be an embargo that is over
WAITED = 1.0  # seconds a page must have been ready before its job counts as lost
BATCH = 500
NEAR = 64  # pages and jobs at the head of the line that are compared


@dataclass
class Keeper:
    """Does the chores while it holds the lock; every chore may be repeated, so a stale holder does no harm."""

    settings: Settings
    store: Store
    taggers: Callable[[], list[Tagger]]

    def __post_init__(self) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.hold = int(1000 * min(LOCK, self.settings.lease))
        self.ledger = Ledger(self.store)
        self.queue = queue.jobs(self.store.client)
        self.dispatch = Dispatch(self.store)
        self.trim = Trim(self.store, self.settings)
        self.watch = Watch(self.store)
        self._due: dict[str, float] = {}
        self._listed: tuple[list[str], float] = ([], time.monotonic())

    def run(self, stopping: Callable[[], bool]) -> None:
        """Do what is due until stopped; a lost server makes it wait."""
        while not stopping():
            try:
                self.release()
                self.reconcile()
                if self.mine():
                    self.round(time.monotonic())
            except ServerAway as error:
                log.error("server_away", detail=str(error)[:300])
            except Exception:  # a chore's bug must not end the others; it is loud and tried again
                log.exception("bug", stage="keeper")
            time.sleep(PACE)

    def release(self) -> None:
        """Let go what was embargoed until now, lock or no lock: an embargo ends on time whoever has died."""
        if found := self.ledger.release():
            self.store.ask(lambda: queue.submit(self.queue, found, front=True))
            log.info("embargoes_over", records=len(found))

    def mine(self) -> bool:
        """Take or keep the lock."""
        lock, client = keys.LOCK + "keeper", self.store.client
        if self.store.ask(lambda: client.set(lock, self.name, nx=True, px=self.hold)):
            return True
        if self.store.ask(lambda: client.get(lock)) != self.name.encode():
            return False
        self.store.ask(lambda: client.pexpire(lock, self.hold))
        return True

    def round(self, now: float) -> None:
        """Every chore whose time has come."""
        chores: tuple[tuple[str, float, Callable[[], object]], ...] = (
            ("dispatch", 0.5, self.hand_on),
            ("watch", 2.0, self.watch.run),
            ("trim", 10.0, self.trim.run),
            ("age", 60.0, self.age),
        )
        for name, every, chore in chores:
            if now >= self._due.get(name, 0.0):
                self._due[name] = now + every
                chore()

    def reconcile(self) -> int:
        """Put expired leases back, and tell the workers of pages whose job was lost; how many were told.

        Lock or no lock: what a dead worker had in hand waits for no new housekeeper, and to be told twice does no harm.
        """
        found = self.ledger.reconcile(BATCH, self.jobless(), min(self.settings.lease / 2, WAITED))
        if found:
            self.store.ask(lambda: queue.submit(self.queue, found, front=True))
            log.info("work_taken_up", records=len(found))
        return len(found)

    def jobless(self) -> int:
        """How many of the pages that wait longest no job names; jobs go in the same order, so one would be near."""
        client = self.store.client
        first = self.store.ask(lambda: client.zrange(keys.READY, 0, NEAR - 1))
        told: set[str] = self.store.ask(lambda: queue.named(self.queue, 2 * NEAR)) if first else set()
        return sum(word(rid) not in told for rid in first)

    def hand_on(self) -> None:
        """Move events to the queues of the RQ taggers."""
        listed = self.taggers()
        self._forget([t.name for t in listed], time.monotonic())
        for tagger in listed:
            self.dispatch.run(tagger)

    def _forget(self, names: list[str], now: float) -> None:
        """A tagger off the list for a while loses its cursor; an editor may empty a file for a moment."""
        if names != self._listed[0]:
            self._listed = (names, now)
        elif now - self._listed[1] > GRACE:
            self.dispatch.forget(names)

    def age(self) -> None:
        """Forget records past RETENTION, in short steps, and sites."""
        while int(self.store.run("age", BATCH)) >= BATCH:
            pass
        self.watch.tidy(self.settings.retention)
