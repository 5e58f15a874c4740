"""One history of a few documents over two wires: how its steps are done on the real server, and how it must stand."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from hypothesis.stateful import RuleBasedStateMachine, invariant

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

RETENTION = 14 * 86400.0 + UNIT / 2  # seconds; ends between two units as well
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
AHEAD = 3600.0  # seconds a version may be younger than now
MEANING = {"picture": "not-text", "empty": "no-text"}  # acts that end a record at once


@dataclass
class Hand:
    """A worker with a version in its hands."""

    version: Version
    taken: Taken


class Chronicle(RuleBasedStateMachine):
    """What happened so far, in the server and in the annals."""

    store: Store  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.store.client.flushall()
        self.clock = 0  # units
        self.turn(0)
        self.ledger = Ledger(self.store)
        self.account = Account(self.store)
        self.start = float(int(self.store.now()))
        self.annals = Annals(RETENTION / UNIT)
        self.messages: list[tuple[str, list[tuple[Item, Version]]]] = []
        self.hands: list[Hand] = []
        self.seen = 0  # events
        self.last = "-"  # stream id of the newest of them
        self.number = 0  # items
        self.sent = 0  # messages

    def turn(self, units: int, seconds: float = 0.0) -> None:
        """Move the clock that everybody goes by; for a moment also by less than a unit."""
        self.clock += units
        self.store._skew = int((self.clock * UNIT + seconds) * 1000)

    def made(self, wire: str, said: dict[str, Any]) -> tuple[Item, Version]:
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
            embargoed=self.moment(until, said["zoneless"]) if until is not None else None,
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
            at is None,
            said["replaces"],
            MEANING.get(act, ""),
        )
        return item, version

    def moment(self, until: float, zoneless: bool) -> When:
        at = datetime.fromtimestamp(self.start + until * UNIT, UTC)
        if not zoneless:
            return When.instant(at)
        wall = (at - timedelta(hours=12)).replace(tzinfo=None)
        return When(Precision.ZONELESS, wall.date(), None, wall.isoformat(timespec="seconds"))

    def deliver(self, wire: str, message: list[tuple[Item, Version]], kept: int | None = None) -> None:
        """One message comes; of one that is lost on the way only the first items are stored."""
        source = Source(intake.wire_id(wire), wire)
        self.ledger.enlist({source.id: about_wire(Wire(wire, "spool", path="x"))})
        fence = str(self.store.client.hincrby(keys.FEED + source.id, "fe", 1))
        self.sent += 1
        now = self.start + self.clock * UNIT + self.sent / 100  # the same order whenever this is played again
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
            known = version.tag in self.annals.records
            self.annals.receive(version if known else self._dated(item, version, now, row["rid"]), self.clock)

    def _dated(self, item: Item, version: Version, now: float, rid: str) -> Version:
        """The version as it comes at this moment, by which those without a time are ordered."""
        at = item.published.at.timestamp() if item.published and item.published.at else now
        number = item.version.zfill(24) if item.version else ""
        return replace(version, order=(int(min(at, now + AHEAD) * 1000), number), rid=rid)

    def version(self, rid: str) -> Version:
        return next(v for v in self.annals.records.values() if v.rid == rid)

    def ready(self) -> list[Version]:
        return [v for v in self.annals.records.values() if v.place == "ready"]

    def taken(self, version: Version) -> Hand | None:
        """A worker takes a version that is ready; what it has in its hands then."""
        found = self.ledger.take(version.rid, 30)
        held = self.annals.take(version, self.clock)
        assert held == isinstance(found, Taken)
        if not isinstance(found, Taken):
            return None
        self.hands.append(Hand(version, found))
        return self.hands[-1]

    def done(self, hand: Hand) -> None:
        """A worker says that it is done with what it took."""
        self.hands.remove(hand)
        assert not finish(self.ledger, hand.taken)
        self.annals.commit(hand.version, int(hand.taken.fence), self.clock)

    def spoilt(self, hand: Hand) -> None:
        """What it took makes it fail."""
        self.hands.remove(hand)
        self.ledger.stumble(hand.taken, "bug", TRIES, "x")
        self.annals.spoil(hand.version, int(hand.taken.fence))

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
        tags = [f'"{v.tag}"' for v in self.annals.records.values() if v.place == "held"]
        for key in self.store.client.scan_iter("wiredesk:*", count=1000) if tags else ():
            said = "" if key.startswith(keys.HELD.encode()) else self._said(key)
            assert not any(tag in said for tag in tags), key

    def _said(self, key: bytes) -> str:
        """The words under a key that holds any."""
        client, kind = self.store.client, word(self.store.client.type(key))
        if kind == "string":
            raw = client.get(key) or b""
            return unpack(raw).body.decode() if key.startswith(keys.PAGE.encode()) else repr(raw)
        if kind == "hash":
            return repr(hash_of(client.hgetall(key)))
        return repr(client.xrange(key)) if kind == "stream" else ""
