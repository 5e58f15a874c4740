"""Looks at the ledger while everything dies around it: the law at each look, and how long lost work takes to return."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import redis

from ingest import keys
from ingest.account import Account
from ingest.errors import ServerAway
from ingest.store import Store
from tests.bench.stage import Stage

SOON = 6.0  # seconds: what is due later than that is no sign of work under way


@dataclass
class Blow:
    """Something that was done to the service, and the records it had in hand at that moment."""

    what: str
    at: float  # monotonic
    waiting: set[str]
    first: int  # records that had ended
    progress: float = -1.0  # seconds until any record ended; -1: not yet
    recovered: float = -1.0  # seconds until all that was in hand had ended
    overtaken: bool = False  # the next blow fell before that; it has to make good for both

    @property
    def seconds(self) -> float:
        """Until recovery; what never came back counts as endless."""
        return self.recovered if self.recovered >= 0 else float("inf")


@dataclass
class Watch:
    """One look is one transaction, so that what it sees existed."""

    stage: Stage
    samples: int = 0
    broken: list[str] = field(default_factory=list)
    blows: list[Blow] = field(default_factory=list)
    held: set[str] = field(default_factory=set)  # records leased or ready at the last look
    pending: int = 0
    ended: int = 0
    up: bool = False

    def __post_init__(self) -> None:
        self._client = self.stage.client()
        self._store: Store | None = None

    def look(self) -> bool:
        """Take a sample; False while the server does not answer."""
        try:
            pipe = self._client.pipeline(transaction=True)
            pipe.hgetall(keys.COUNTERS).zrange(keys.LEASES, 0, -1).zrange(keys.READY, 0, -1).zrange(keys.PENDING, 0, -1)
            counters, leases, ready, pending = pipe.execute()
            self._law({k.decode(): int(v) for k, v in counters.items()})
            names = {p.decode() for p in pending}
            self.pending = len(names)
            leased = {i[1:].decode() for i in leases if i[:1] != b"f"}
            self.held = (leased | {r.decode() for r in ready}) & names
            self._follow(names)
        except redis.RedisError:
            self.up = False
            return False
        self.up = True
        return True

    def _law(self, c: dict[str, int]) -> None:
        states = [c.get(s, 0) for s in ("pending", "delivered", "merged", "rejected", "failed")]
        self.samples += 1
        self.ended = sum(states[1:])
        if c.get("discovered", 0) != sum(states) or min(states, default=0) < 0 or self.ended < 0:
            self.broken.append(f"discovered {c.get('discovered', 0)} against {states}")

    def _follow(self, pending: set[str]) -> None:
        now = time.monotonic()
        for blow in self.blows:
            if blow.progress < 0 and self.ended > blow.first:
                blow.progress = now - blow.at
            if blow.recovered < 0:
                blow.waiting = {r for r in blow.waiting & pending if not self._tried(r)}
                if not blow.waiting:
                    blow.recovered = now - blow.at

    def _tried(self, rid: str) -> bool:
        """Whether an attempt has come to its end since, and the next one waits: the site said not found, or not now."""
        tries: Any = self._client.hget(keys.RECORD + rid, "n")
        return int(tries or 0) > 0

    def blow(self, what: str, at: float | None = None) -> None:
        """Note that something was done now, or at a moment of the monotonic clock."""
        waiting = set(self.held)
        for blow in self.blows:
            if blow.recovered < 0:
                blow.overtaken = True
                waiting |= blow.waiting
        self.blows.append(Blow(what, time.monotonic() if at is None else at, waiting, self.ended))

    def settled(self) -> bool:
        """Whether nothing is in hand, and nothing due soon; a page that was not found is asked for again much later."""
        if not self.up or self.held:
            return False
        self._store = self._store or self.stage.store()
        try:
            return not Account(self._store).busy(SOON)
        except ServerAway:
            return False

    def state(self) -> str:
        """What is left, for messages."""
        lanes = {lane: self._client.zrange(keys.LANE + lane, 0, -1, withscores=True) for lane in "up"}
        store = self.stage.store()
        account = Account(store)
        told = [account.record(p.decode()) for p in self._zset(keys.PENDING)]
        left = [" ".join(f"{k}={r.get(k, '')}" for k in ("u", "sg", "l", "n", "fe", "r")) for r in told[:4]]
        silent = [f["u"] for f in account.feeds() if time.time() - float(f.get("ok", 0)) > SOON]
        store.close()
        return f"{len(told)} pending {left}, lanes {lanes}, leases {self._zset(keys.LEASES)[:4]}, silent {silent}"

    def polled(self, since: float) -> bool:
        """Whether every feed has answered since a moment (epoch seconds)."""
        self._store = self._store or self.stage.store()
        try:
            feeds = Account(self._store).feeds()
        except ServerAway:
            return False
        return bool(feeds) and all(float(f.get("ok", 0)) > since for f in feeds)

    def law(self) -> tuple[bool, list[str], dict[str, Any]]:
        """At the end: whether the law holds, what a recount finds wrong, and the bytes left waiting."""
        store = self.stage.store()
        account = Account(store)
        try:
            return account.law().holds, account.wrong(), {"waiting": account.law().waiting, **account.reasons()}
        finally:
            store.close()

    def stranded(self) -> set[str]:
        """Pending records that nobody has, and that wait in no line."""
        names = {p.decode() for p in self._zset(keys.PENDING)} - {r.decode() for r in self._zset(keys.READY)}
        names -= {i[1:].decode() for i in self._zset(keys.LEASES)}
        for queue in self._client.scan_iter(keys.QUEUE + "*"):
            names -= {i[1:].decode() for i in self._zset(queue)}
        return names

    def _zset(self, key: Any) -> list[bytes]:
        found: Any = self._client.zrange(key, 0, -1)
        return list(found)

    @property
    def worst(self) -> float:
        """The longest recovery in seconds after a blow that was not followed by another too soon."""
        return max((b.seconds for b in self.blows if not b.overtaken), default=0.0)

    @property
    def through(self) -> float:
        """The longest recovery in seconds, however many further blows fell meanwhile."""
        return max((b.seconds for b in self.blows), default=0.0)
