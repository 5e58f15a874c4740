"""Items of an invented agency, received and worked off as the service does, on the real server, without transports."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from config.wires import Wire
from ingest import intake, keys
from ingest.account import Account
from ingest.intake import Source
from ingest.item import Item
from ingest.ledger import Ledger, Limits, Received, Taken, Work
from ingest.model import When
from ingest.parcel import unpack
from ingest.poller import about_wire
from workers import copy, wire
from workers.handoff import Handoff

NAME = "harbour"
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
LIMITS = Limits(lease=30, delay=0, each=50)
TEXT = (
    "HARBOUR CITY (HNA) - The council of Harbour City voted on Monday to rebuild the old swing bridge over the inner "
    "basin, which has been closed to lorries since a barge struck one of its piers two winters ago.\n\n"
    "Work is to begin in May and to take eighteen months, the head of the port office, Ilse Marten, told reporters. "
    "The cost is put at 41 million crowns, of which the port pays a third and the province the rest."
)


def item(guid: str | None = "urn:hna:1", minute: int = 0, **more: Any) -> Item:
    """A version made so many minutes after START."""
    said = {"headline": "Council votes to rebuild swing bridge", "body": TEXT, "language": "en", "version": "1"}
    return Item("ninjs", guid, published=When.instant(START + timedelta(minutes=minute)), **{**said, **more})


def finish(ledger: Ledger, taken: Taken) -> bool:
    """Take an item in hand to its end, as a worker does."""
    parcel = unpack(taken.page)
    if parcel.killed:
        return wire.killed(Handoff(ledger), taken, parcel)
    return wire.handed(Handoff(ledger), taken, parcel, copy.article(intake.item(parcel.body)))


@dataclass
class Desk:
    """A wire's way through the service."""

    ledger: Ledger
    name: str = NAME
    ready: list[str] = field(default_factory=list)

    @property
    def source(self) -> Source:
        return Source(intake.wire_id(self.name), self.name)

    def visit(self) -> Work:
        """The wire in a poller's hands."""
        self.ledger.enlist({self.source.id: about_wire(Wire(self.name, "spool", path="x", tags=("port",)))})
        (work,) = self.ledger.claim([("w", 1)], LIMITS)
        return work

    def send(self, *items: Item, now: float | None = None) -> Received:
        """One message comes, its items are durable, and the visit ends."""
        work = self.visit()
        found = intake.decide(self.source, items, self.ledger.store.now() if now is None else now)
        got = [self.ledger.receive(work.id, work.fence, part, packed) for part, packed in found.parts()]
        ending = {"state": [], "drop": [], "due": 0, "hold": 0, "host": work.host, "last": True}
        assert self.ledger.receive(work.id, work.fence, ending, []) is not None
        assert all(got)
        return Received(sum(g.new for g in got if g), False, tuple(r for g in got if g for r in g.ready))

    def work(self) -> int:
        """Work off what is ready; how many items."""
        done = 0
        while ready := self.ledger.store.client.zrange(keys.READY, 0, 0):
            taken = self.ledger.take(ready[0].decode(), 30)
            if isinstance(taken, Taken):
                finish(self.ledger, taken)
                done += 1
        return done

    def told(self, *items: Item) -> list[str]:
        """Send these items one after another, each worked off before the next; the types of all events so far."""
        for one in items:
            self.send(one)
            self.work()
        return [e["type"].split(".")[2] for e in self.events()]

    def events(self) -> list[dict[str, Any]]:
        rows = self.ledger.store.client.xrange(keys.STREAM)
        return [json.loads(fields[b"event"]) for _, fields in rows]

    def record(self, one: Item) -> dict[str, str]:
        """The record of an item."""
        (row,) = intake.decide(self.source, [one], self.ledger.store.now()).items
        return Account(self.ledger.store).record(row["rid"])

    def state(self, one: Item) -> str:
        record = self.record(one)
        return f"{record.get('st')}:{record.get('r', record.get('sg'))}"
