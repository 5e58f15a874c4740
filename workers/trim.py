"""Keeps the stream within RETENTION and STREAM_BYTES, and rings when a consumer group holds it up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import redis
import structlog

from config.settings import Settings
from ingest import keys
from ingest.account import Account
from ingest.intake import KILL
from ingest.store import Store, word

log = structlog.get_logger()
RINGS = 86400.0  # seconds
STEP = 200  # events dropped in one step


@dataclass(frozen=True, slots=True)
class Reader:
    """How far one consumer of the stream has come."""

    name: str
    kind: str  # group, or tagger
    position: str  # stream id up to which everything is acknowledged
    lag: int = 0  # events it has not been given


def order(stream_id: str) -> tuple[int, int]:
    """A stream id as numbers that compare."""
    ms, _, seq = stream_id.partition("-")
    return int(ms), int(seq or 0)


@dataclass(frozen=True, slots=True)
class Trim:
    """Drops events past RETENTION; over STREAM_BYTES drops acknowledged ones, then pauses intake."""

    store: Store
    settings: Settings

    def run(self) -> None:
        """One look."""
        readers = self.readers()
        horizon = f"{int((self.store.now() - self.settings.retention) * 1000)}-0"
        late = [r for r in readers if order(r.position) < order(horizon)]
        self._drop(min((r.position for r in late), key=order, default=horizon))
        if unread := self._drop(horizon):
            self._count_unread(late, unread)
        self._bound(readers)
        self._calm()

    def _calm(self) -> None:
        """A kill that found no document rings for a day: by then somebody has seen it, or the text is everywhere."""
        for name, text in Account(self.store).alarms().items():
            told = datetime.fromisoformat(text.partition(" ")[0]).timestamp() if name.startswith(KILL) else math.inf
            if self.store.now() - told > RINGS:
                self.store.ask(partial(self.store.client.hdel, keys.ALARMS, name))

    def readers(self, counted: bool = False) -> list[Reader]:
        """Every consumer group and RQ tagger with its position; `counted` adds the lag of taggers."""
        return [*self._groups(), *self._taggers(counted)]

    def _groups(self) -> list[Reader]:
        client = self.store.client
        try:
            groups: list[Any] = self.store.ask(lambda: client.xinfo_groups(keys.STREAM))
        except redis.ResponseError:  # no stream yet
            return []
        return [self._group(g) for g in groups]

    def _group(self, group: dict[str, Any]) -> Reader:
        name, position = word(group["name"]), word(group["last-delivered-id"])
        if group["pending"]:
            oldest: Any = self.store.ask(lambda: self.store.client.xpending(keys.STREAM, name))
            ms, seq = order(word(oldest["min"]))
            position = f"{ms}-{seq - 1}" if seq else f"{ms - 1}-{2**63}"
        return Reader(name, "group", position, int(group.get("lag") or 0) + int(group["pending"]))

    def _taggers(self, counted: bool) -> list[Reader]:
        client = self.store.client
        found = []
        for key in self.store.ask(lambda: list(client.scan_iter(keys.CURSOR + "*", count=1000))):
            position = word(self.store.ask(partial(client.get, key)) or "0-0")
            found.append(
                Reader(word(key).removeprefix(keys.CURSOR), "tagger", position, self._after(position) if counted else 0)
            )
        return found

    def _after(self, position: str) -> int:
        """How many events lie after a position, counted to 1,000."""
        rows: Any = self.store.ask(lambda: self.store.client.xrange(keys.STREAM, f"({position}", "+", 1000))
        return len(rows)

    def _drop(self, upto: str) -> int:
        total = 0
        while step := int(self.store.run("trim", upto, STEP)):
            total += step
        return total

    def _bound(self, readers: list[Reader]) -> None:
        most, client = self.settings.stream_bytes, self.store.client
        acknowledged = min((r.position for r in readers), key=order, default="0-0")
        while Account(self.store).law().stream > most and int(self.store.run("trim", acknowledged, STEP)):
            pass
        over = Account(self.store).law().stream > most
        paused = self.store.ask(lambda: client.hexists(keys.ALARMS, "paused"))
        if over:
            tail = min(readers, key=lambda r: order(r.position), default=None)
            holder = f"{tail.kind} {tail.name} holds the tail" if tail else "nobody acknowledges"
            text = f"intake paused: the stream is over STREAM_BYTES ({most}) and {holder}"
            self.store.ask(lambda: client.hset(keys.ALARMS, "paused", text))
            log.error("intake_paused", detail=text)
        elif paused:
            self.store.ask(lambda: client.hdel(keys.ALARMS, "paused"))
            log.warning("intake_resumed")

    def _count_unread(self, late: list[Reader], dropped: int) -> None:
        names = ", ".join(r.name for r in late)
        self.store.ask(lambda: self.store.client.hincrby(keys.COUNTERS, "unread", dropped))
        log.error("events_expired_unread", readers=names, at_most=dropped)
