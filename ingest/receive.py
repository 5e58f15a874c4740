"""One visit to one wire, top to bottom.

open | batch | read each message | its items are durable | accept, refuse or leave it | remember | schedule
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from config.settings import Settings, SettingsError
from config.wires import Wire
from ingest import intake, transport, wires
from ingest.body import Unreadable
from ingest.errors import GiveUp, ServerAway, TryLater, Verdict
from ingest.intake import Intake, Source
from ingest.item import Item
from ingest.ledger import Ledger, Received, Work
from ingest.message import CUT, RECOVERED
from ingest.model import Failed
from ingest.transport import Delivery, Session, Tools
from ingest.web import Web

log = structlog.get_logger()
FULL = 0.5  # seconds until a wire is visited again that was left because too much waits for workers
FIRST, LONGEST = 5.0, 600.0  # seconds until a wire that failed once, or many times, is visited again


class LostLease(Exception):
    """Another poller has this wire now; what it has not accepted comes to that one."""


@dataclass(frozen=True, slots=True)
class Receive:
    """What a visit needs."""

    settings: Settings
    ledger: Ledger
    web: Web
    now: Callable[[], float]
    ready: list[str] = field(default_factory=list)  # records not yet told to the workers

    async def run(self, work: Work, wire: Wire) -> None:
        """Take everything that lies ready, and store what came of it. Raises ServerAway."""
        state = await asyncio.to_thread(self.ledger.feed_state, work.id)
        try:
            await self._visit(work, wire, state)
        except LostLease:
            log.info("wire_lost_lease", wire=wire.name)
        except (Verdict, SettingsError) as error:
            await self._failed(work, wire, state, error)
        except ServerAway:
            raise
        except Exception as error:  # our fault, but the wire must be asked again, later
            log.exception("bug", wire=wire.name)
            await self._failed(work, wire, state, TryLater(Failed.BUG, wire.name, repr(error)[:200]))

    async def _visit(self, work: Work, wire: Wire, state: dict[str, str]) -> None:
        seen = await asyncio.to_thread(self.ledger.seen, work.id)
        source = Source(work.id, wire.name)
        manner = wires.Manner(wire.format, wire.zone, wire.language, wires.dialects(self.settings.config / "dialects"))
        new, full = 0, False
        async with way(wire).open(wire, self._tools(wire), state, frozenset(seen)) as session:
            hand = Hand(self, work, source, manner, session)
            while not full and (batch := await session.batch()):
                for delivery in batch:
                    got = await hand.take(delivery)
                    new, full = new + got.new, full or got.full
                await self.store(work, {"keep": flat(session.state())})
            listed, due = session.listed(), max(session.wait(), FULL if full else 0.0)
        now = self.now()
        marks: list[str] = []
        old: list[str] = []
        if listed is not None and not full:
            known = await asyncio.to_thread(self.ledger.seen, work.id)
            marks, old = intake.left(known, listed, int(now // 86400), int(self.settings.retention // 86400))
        fields = {"at": now, "ok": now, "fails": 0, "interval": due, **({"new": now} if new else {})}
        ending = {"state": flat(fields), "drop": ["error", "errors"], "due": int(due * 1000), "hold": 0}
        await self.store(work, {"marks": marks, "old": old, **ending, "host": work.host, "last": True})
        if hand.taken:
            log.info("wire_received", wire=wire.name, messages=len(hand.taken), new=new)

    async def store(self, work: Work, part: dict[str, Any], packed: list[bytes] | None = None) -> Received:
        """One step; the records that need a job are told to the workers soon. Raises LostLease, ServerAway."""
        got = await asyncio.to_thread(self.ledger.receive, work.id, work.fence, part, packed or [])
        if got is None:
            raise LostLease
        self.ready.extend(got.ready)
        return got

    def _tools(self, wire: Wire) -> Tools:
        safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in wire.name)
        return Tools(self.settings, self.web, self.now, Path(self.settings.data) / "failed" / safe)

    async def _failed(self, work: Work, wire: Wire, state: dict[str, str], error: Verdict | SettingsError) -> None:
        errors = int(state.get("errors", 0)) + 1
        after = getattr(error, "after", None)
        wait = max(after or 0.0, min(FIRST * 2.0 ** min(errors - 1, 20), LONGEST))
        fields = {"at": self.now(), "fails": errors, "error": str(error)[:300], "errors": errors, "interval": wait}
        reason = str(error.reason) if isinstance(error, Verdict) else "settings"
        log.warning("wire_failed", wire=wire.name, reason=reason, detail=str(error)[:300], next_s=round(wait))
        ending = {"state": flat(fields), "drop": [], "due": int(wait * 1000), "hold": 0}
        try:
            await self.store(work, {**ending, "host": work.host, "last": True})
        except LostLease:
            log.info("wire_lost_lease", wire=wire.name)


@dataclass(frozen=True, slots=True)
class Hand:
    """One visit in progress: takes its messages one after another."""

    receive: Receive
    work: Work
    source: Source
    manner: wires.Manner
    session: Session
    taken: list[str] = field(default_factory=list)  # names of messages, those that were left alone apart

    async def take(self, delivery: Delivery) -> Received:
        """Read one message, make its items durable, and let the other side forget it, in this order."""
        try:
            items = await self._items(delivery)
            found = await asyncio.to_thread(self._decided, items)
        except Unreadable as error:
            return await self._unread(delivery, str(error))
        except (Verdict, ServerAway):
            raise
        except Exception as error:  # our fault, but the messages behind this one must not wait until it is mended
            log.exception("bug", wire=self.source.name, message=delivery.name[:200])
            return await self._unread(delivery, f"our fault: {error!r:.200}", Failed.BUG)
        if delivery.fresh and any({CUT, RECOVERED} & set(item.notes) for item in items):  # its writer may not be done
            await self.session.leave(delivery)
            return Received(0, False)
        got = await self._keep(found, delivery)
        await self.session.accept(delivery)
        return got

    def _decided(self, items: list[Item]) -> Intake:
        """By the server's clock, so that pollers whose clocks differ put versions in one order."""
        return intake.decide(self.source, items, self.receive.ledger.store.now())

    async def _items(self, delivery: Delivery) -> list[Item]:
        if delivery.wrong:
            raise Unreadable(delivery.wrong)
        read = partial(wires.apart, delivery.body, delivery.name, self.manner)
        return [await self._whole(item) for item in await asyncio.to_thread(read)]

    async def _whole(self, item: Item) -> Item:
        """The item with its body, which some agencies keep elsewhere. Raises TryLater: the message then comes again."""
        if not item.elsewhere or item.kind != "text" or item.body or intake.killed(item):
            return item
        try:
            body = await self.session.more(item.elsewhere)
        except GiveUp as error:
            raise Unreadable(f"its body cannot be had: {error}") from error
        return await asyncio.to_thread(wires.completed, item, body, self.manner)

    async def _unread(self, delivery: Delivery, why: str, reason: Failed = Failed.UNREADABLE) -> Received:
        if delivery.fresh:
            await self.session.leave(delivery)
            return Received(0, False)
        log.warning("message_unreadable", wire=self.source.name, message=delivery.name[:200], detail=why[:300])
        said = delivery.body or f"{delivery.name}\n{delivery.mark}\n{delivery.at}".encode("utf-8", "surrogatepass")
        found = intake.unreadable(self.source, said, f"{delivery.name[:100]}: {why}", reason)
        got = await self._keep(found, delivery)
        await self.session.refuse(delivery, why)
        return got

    async def _keep(self, found: Intake, delivery: Delivery) -> Received:
        parts = found.parts()
        new, full = 0, False
        self.taken.append(delivery.name)
        for number, (part, packed) in enumerate(parts, start=1):
            marks = [delivery.mark, ""] if delivery.mark and number == len(parts) else []
            got = await self.receive.store(self.work, {**part, "marks": marks}, packed)
            new, full = new + got.new, full or got.full
        return Received(new, full)


def way(wire: Wire) -> transport.Transport:
    """The transport a wire comes by. Raises SettingsError for one that nobody offers."""
    known = transport.known()
    if wire.transport not in known:
        raise SettingsError(f"wire {wire.name}: no transport {wire.transport!r} (known: {', '.join(known)})")
    return known[wire.transport]


def flat(fields: dict[str, Any]) -> list[str]:
    """Fields and values in one row, as the server's commands take them."""
    return [str(part) for pair in fields.items() for part in pair]
