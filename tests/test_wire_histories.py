"""Random histories of a few documents over two wires, on the real server: after every step it stands as docs/wires.md says.

Messages in and out of order, equal, twice, under embargo, withheld, killed, returning, renamed; a clock that moves both
ways; pollers that lose their lease in the middle of a message; workers that die and come back; RETENTION that passes.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from config.wires import Wire
from ingest import intake, keys
from ingest.account import Account
from ingest.intake import Source
from ingest.item import Item, Link, Signal, Status
from ingest.ledger import ENDING, Ledger, Taken
from ingest.model import Precision, When
from ingest.parcel import unpack
from ingest.poller import about_wire
from ingest.store import Store, hash_of, word
from tests.annals import TRIES, UNIT, Annals, Told, Version
from tests.dispatches import finish

RETENTION = 14 * 86400.0 + UNIT / 2
PASSED = 16 * 144  # units after which RETENTION has passed, and a day
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
WIRES = ("harbour", "coast")
AHEAD = 3600.0  # seconds a version may be younger than now
SOON = (-0.5, -1.5, 0.5, 0.5, 0.5, 1.5, 30.5, 5000.5)  # units from now until an embargo ends
GUIDS = ("a", "a", "a", "a", "b", "c")

ends = st.one_of(st.none(), st.none(), st.sampled_from(SOON))
minutes = st.one_of(st.none(), st.integers(0, 3), st.just(10**7))  # the last: far ahead of every clock
acts = st.sampled_from(("text", "text", "text", "text", "kill", "withheld", "correction", "picture", "empty"))


@st.composite
def sent(draw: st.DrawFn) -> dict[str, Any]:
    """What one item says, before it has a name."""
    return {
        "guid": draw(st.sampled_from(GUIDS)),
        "minute": draw(minutes),
        "version": draw(st.sampled_from((None, "1", "2", "10"))),
        "act": draw(acts),
        "soon": draw(ends),
        "zoneless": draw(st.booleans()),
        "text": draw(st.sampled_from("xyz")),
        "replaces": tuple(draw(st.lists(st.sampled_from(GUIDS), max_size=2))) if draw(st.integers(0, 3)) == 0 else (),
    }


@dataclass
class Hand:
    """A worker with a version in its hands."""

    version: Version
    taken: Taken


class History(RuleBasedStateMachine):
    """One history."""

    store: Store  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.store.client.flushall()
        self.store._skew = 0
        self.ledger = Ledger(self.store)
        self.account = Account(self.store)
        self.start = float(int(self.store.now()))
        self.clock = 0
        self.annals = Annals(RETENTION / UNIT)
        self.messages: list[tuple[str, list[tuple[Item, Version]]]] = []
        self.hands: list[Hand] = []
        self.seen = 0
        self.last = "-"
        self.number = 0

    # --- what happens ---

    @rule(wire=st.sampled_from(WIRES), said=st.lists(sent(), min_size=1, max_size=3))
    def send(self, wire: str, said: list[dict[str, Any]]) -> None:
        self.messages.append((wire, [self._made(wire, one) for one in said]))
        self._deliver(*self.messages[-1])

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        self._deliver(*self.messages[data.draw(st.integers(0, len(self.messages) - 1))])

    @rule(wire=st.sampled_from(WIRES), said=st.lists(sent(), min_size=2, max_size=4), kept=st.integers(1, 3))
    def send_and_lose_the_lease(self, wire: str, said: list[dict[str, Any]], kept: int) -> None:
        """A poller dies, or pauses for too long, in the middle of a message; another has it again from its beginning."""
        message = [self._made(wire, one) for one in said]
        self.messages.append((wire, message))
        kept = min(kept, len(message) - 1)
        self._deliver(wire, message, kept)
        self._deliver(wire, message)

    @rule(units=st.sampled_from((1, 1, 2, 3, -1, -2)))
    def move_the_clock(self, units: int) -> None:
        self.clock += units
        self.store._skew = int(self.clock * UNIT * 1000)

    @rule()
    def release(self) -> None:
        self.ledger.release()
        self.annals.release(self.clock)

    @precondition(lambda self: self._ready())
    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        ready = self._ready()
        self._take(ready[data.draw(st.integers(0, len(ready) - 1))])

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        hand = self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1)))
        assert not finish(self.ledger, hand.taken)
        self.annals.commit(hand.version, int(hand.taken.fence), self.clock)

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def spoil(self, data: st.DataObject) -> None:
        self._spoil(self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1))))

    @precondition(lambda self: self._ready())
    @rule(data=st.data())
    def spoil_for_good(self, data: st.DataObject) -> None:
        """An item that makes every worker fail."""
        ready = self._ready()
        version = ready[data.draw(st.integers(0, len(ready) - 1))]
        while version.place == "ready" and (hand := self._take(version)):
            self.hands.remove(hand)
            self._spoil(hand)

    @precondition(lambda self: self._ready())
    @rule(units=st.sampled_from((-1, -2)))
    def step_back_during_the_work(self, units: int) -> None:
        """Embargoes end, a worker takes what came first, and before it is done the clock is set right."""
        self.release()
        hand = self._take(self._ready()[0])
        self.move_the_clock(units)
        if hand:
            self.hands.remove(hand)
            finish(self.ledger, hand.taken)
            self.annals.commit(hand.version, int(hand.taken.fence), self.clock)

    @rule()
    def work(self) -> None:
        """Everything that is ready goes out."""
        for _ in range(100):
            if not (ready := self._ready()):
                return
            if hand := self._take(ready[0]):
                self.hands.remove(hand)
                finish(self.ledger, hand.taken)
                self.annals.commit(hand.version, int(hand.taken.fence), self.clock)
        raise AssertionError("the work has no end")

    @precondition(lambda self: self.hands)
    @rule()
    def outlive_the_leases(self) -> None:
        """Workers are silent for a minute: others may take what they have; they may not be dead."""
        self.store._skew += 60_000
        for rid in self.ledger.reconcile(100, 0, 0.0):
            version = self._version(rid)
            assert version.place == "work"
            version.place = "ready"
        self.store._skew -= 60_000

    @rule()
    def retry(self) -> None:
        failed = [v for v in self.annals.records.values() if v.place == "failed:bug"]
        assert self.ledger.retry([v.rid for v in failed]) == len(failed)
        for version in failed:
            self.annals.retry(version)

    @rule()
    def let_retention_pass(self) -> None:
        """Records age, events are trimmed, keys expire."""
        self._look()
        self.clock += PASSED
        self.store._skew = int(self.clock * UNIT * 1000)
        while int(self.store.run("age", 100)):
            pass
        self.store.client.xtrim(keys.STREAM, maxlen=0, approximate=False)
        for key in self.store.client.scan_iter("wiredesk:*", count=1000):
            if self.store.client.pttl(key) > 0:
                self.store.client.delete(key)
        self.annals.forget()

    def teardown(self) -> None:
        """Whatever is left ends, and leaves nothing."""
        try:
            self._drain()
        finally:
            super().teardown()

    def _drain(self) -> None:
        self.hands.clear()
        self.move_the_clock(10_000)
        for _ in range(3):
            self.outlive_the_leases()
            self.retry()
            self.release()
            self.work()
            self.stands()
        assert all(":" in v.place for v in self.annals.records.values())
        law = self.account.law()
        assert (law.states["pending"], law.waiting) == (0, 0)
        for prefix in (keys.HELD, keys.VERSIONS, keys.EMBARGO, keys.READY, keys.PENDING):
            assert not list(self.store.client.scan_iter(prefix + "*"))
        allowed = (
            keys.STREAM,
            keys.COUNTERS,
            keys.REASONS,
            keys.ALARMS,
            keys.ENDED,
            keys.ENDS,
            "wiredesk:feed",
            keys.RECORD,
        )
        for key in map(word, self.store.client.scan_iter("wiredesk:*", count=1000)):
            lasting = key.startswith((*allowed, keys.LANE, keys.QUEUE))
            assert lasting or self.store.client.pttl(key) > 0, f"{key} never goes"

    # --- how it is done ---

    def _made(self, wire: str, said: dict[str, Any]) -> tuple[Item, Version]:
        """An item that differs from every other, and what the annals call it."""
        self.number += 1
        tag, act, guid = f"tag{self.number}", said["act"], said["guid"]
        at = None if said["minute"] is None else START + timedelta(minutes=said["minute"])
        until = None if said["soon"] is None else self.clock + said["soon"]
        kill = act == "kill"
        text = f"The swing bridge is closed, says {said['text']}."
        status = {"kill": Status.CANCELED, "withheld": Status.WITHHELD}.get(act, Status.USABLE)
        item = Item(
            "ninjs",
            guid,
            said["version"],
            kind="picture" if act == "picture" else "text",
            status=status,
            signal=Signal.CORRECTION if act == "correction" else None,
            published=When.instant(at) if at else None,
            embargoed=self._moment(until, said["zoneless"]) if until is not None else None,
            headline=None if act == "empty" else "Bridge",
            body="" if act == "empty" else text,
            slugline=tag,
            links=tuple(Link("replaces", other) for other in said["replaces"]),
        )
        version = Version(
            tag,
            wire,
            guid,
            (0, ""),
            (guid, said["version"] or "", str(at), "canceled" if kill else "usable"),
            text,
            kill,
            act == "correction",
            None if kill else until,
            act == "withheld" and until is None,
            said["replaces"],
            {"picture": "not-text", "empty": "no-text"}.get(act, ""),
        )
        return item, version

    def _moment(self, until: float, zoneless: bool) -> When:
        at = datetime.fromtimestamp(self.start + until * UNIT, UTC)
        if not zoneless:
            return When.instant(at)
        wall = (at - timedelta(hours=12)).replace(tzinfo=None)
        return When(Precision.ZONELESS, wall.date(), None, wall.isoformat(timespec="seconds"))

    def _deliver(self, wire: str, message: list[tuple[Item, Version]], kept: int | None = None) -> None:
        """One message comes; of one that is lost on the way only the first items are stored."""
        source = Source(intake.wire_id(wire), wire)
        self.ledger.enlist({source.id: about_wire(Wire(wire, "spool", path="x"))})
        fence = str(self.store.client.hincrby(keys.FEED + source.id, "fe", 1))
        now = self.store.now()
        found = intake.decide(source, [item for item, _ in message], now)
        with patch.object(intake, "_CHUNK", 1):
            parts = found.parts()
        for part, packed in parts[:kept]:
            assert self.ledger.receive(source.id, fence, part, packed) is not None
        if kept is None:
            ending = {**ENDING, "host": intake.host_of(wire), "last": True}
            assert self.ledger.receive(source.id, fence, ending, []) is not None
        else:
            self.store.client.hincrby(keys.FEED + source.id, "fe", 1)
            assert self.ledger.receive(source.id, fence, *parts[kept]) is None
        for (item, version), row in list(zip(message, found.items, strict=True))[:kept]:
            if version.tag not in self.annals.records:
                at = item.published.at.timestamp() if item.published and item.published.at else now
                number = (item.version or "").zfill(24) if item.version else ""
                version = replace(version, order=(int(min(at, now + AHEAD) * 1000), number), rid=row["rid"])
            self.annals.receive(version, self.clock)

    def _spoil(self, hand: Hand) -> None:
        self.ledger.stumble(hand.taken, "bug", TRIES, "x")
        self.annals.spoil(hand.version, int(hand.taken.fence))

    def _version(self, rid: str) -> Version:
        return next(v for v in self.annals.records.values() if v.rid == rid)

    def _ready(self) -> list[Version]:
        return [v for v in self.annals.records.values() if v.place == "ready"]

    def _take(self, version: Version) -> Hand | None:
        taken = self.ledger.take(version.rid, 30)
        held = self.annals.take(version, self.clock)
        assert held == isinstance(taken, Taken)
        if not isinstance(taken, Taken):
            return None
        self.hands.append(Hand(version, taken))
        return self.hands[-1]

    # --- how it must stand ---

    @invariant()
    def stands(self) -> None:
        self._look()
        self._counts()
        self._lies()
        self._hides()

    def _look(self) -> None:
        """New events are the ones that are due, in their order."""
        rows = self.store.client.xrange(keys.STREAM, self.last if self.last == "-" else f"({self.last}")
        for sid, fields in rows:
            self.last = word(sid)
            assert self.seen < len(self.annals.events), f"not due: {fields}"
            self._same(self.annals.events[self.seen], json.loads(fields[b"event"]))
            self.seen += 1
        assert self.seen == len(self.annals.events), f"missing: {self.annals.events[self.seen]}"

    def _same(self, due: Told, event: dict[str, Any]) -> None:
        due.id = event["id"]
        data = event["data"]
        assert (event["type"].split(".")[2], data.get("slugline", "")) == (due.kind, due.tag)
        assert event.get("previous") == (due.previous.id if due.previous else None)
        subject = f"urn:wiredesk:{intake.document(Source('', due.book.wire), due.book.root)}"
        assert event["subject"] == subject
        if due.kind == "withdrawn":
            assert {i["value"] for i in data["altIds"]} == due.names
            assert "bodies" not in data and "title" not in event

    def _counts(self) -> None:
        """Every record is where it must be, and the counters say the same."""
        assert self.account.wrong() == []
        law = self.account.law()
        assert law.discovered == self.annals.discovered
        pipe = self.store.client.pipeline(transaction=False)
        versions = list(self.annals.records.values())
        for version in versions:
            pipe.hmget(keys.RECORD + version.rid, "st", "sg", "r")
        for version, row in zip(versions, pipe.execute(), strict=True):
            st, sg, reason = ("" if v is None else word(v) for v in row)
            assert (sg if st == "pending" else f"{st}:{reason}") == version.place, version
        assert set(self.account.alarms()) <= self.annals.alarms

    def _lies(self) -> None:
        """What waits lies where it is looked for, and nothing else does."""
        client = self.store.client
        records = self.annals.records.values()
        held = {v.rid: v for v in records if v.place == "held"}
        moving = {v.rid for v in records if v.place in ("ready", "line", "work")}
        failed = {v.rid for v in records if v.place == "failed:bug"}
        assert set(map(word, client.zrange(keys.READY, 0, -1))) == {v.rid for v in records if v.place == "ready"}
        assert set(map(word, client.zrange(keys.PENDING, 0, -1))) == moving
        assert set(map(word, client.zrange(keys.EMBARGO, 0, -1))) == set(held)
        assert self._names(keys.HELD) == set(held)
        assert self._names(keys.PAGE) == moving | failed
        assert Account(self.store).law().waiting == sum(client.strlen(keys.PAGE + rid) for rid in moving)
        lines = {intake.document(Source("", b.wire), b.root): b for b in self.annals.books.values() if b.line}
        assert self._names(keys.VERSIONS) == set(lines)
        for did, book in lines.items():
            assert list(map(word, client.lrange(keys.VERSIONS + did, 0, -1))) == [v.rid for v in book.line]

    def _names(self, prefix: str) -> set[str]:
        found = self.store.client.scan_iter(prefix + "*", count=1000)
        return {word(key).removeprefix(prefix) for key in found}

    def _hides(self) -> None:
        """Nothing of what is held lies anywhere but under one prefix."""
        tags = {v.tag for v in self.annals.records.values() if v.place == "held"}
        if not tags:
            return
        client = self.store.client
        for key in client.scan_iter("wiredesk:*", count=1000):
            if key.startswith(keys.HELD.encode()):
                continue
            kind = word(client.type(key))
            said = ""
            if kind == "string":
                raw = client.get(key) or b""
                said = unpack(raw).body.decode() if key.startswith(keys.PAGE.encode()) else repr(raw)
            elif kind == "hash":
                said = repr(hash_of(client.hgetall(key)))
            elif kind == "stream":
                said = repr(client.xrange(key))
            assert not any(f'"{tag}"' in said for tag in tags), key


def test_every_history_comes_to_what_the_documents_promise(server: str) -> None:
    store = Store(server, RETENTION)
    History.store = store
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=int(os.environ.get("WIRE_HISTORIES", "60")),
            stateful_step_count=int(os.environ.get("WIRE_STEPS", "25")),
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if os.environ.get("SHRINK") else [Phase.generate],
        ),
    )
    store.close()
