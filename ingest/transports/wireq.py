"""dpa's wireQ: entries are asked for, and deleted one by one when they are safe here.

GET {url}/entries.json gives up to 50 entries, which stay hidden from others while their receipts live; DELETE
{url}/entry/{receipt} forgets one. The call that deletes what it returns is never used: a crash would lose it all.
Every answer says in `retry-after` when the next question may come (dpa-newslab/dpa-digitalwires-wireq-example).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import structlog

from config.wires import Wire
from ingest.errors import TryLater
from ingest.fetch import retry_after
from ingest.model import Failed
from ingest.transport import Delivery, Session, Tools, misfits
from ingest.transports import http
from ingest.transports.parts import answers, aside, pinned
from ingest.transports.parts.pinned import Pinned

log = structlog.get_logger()
LOOK = 60.0  # seconds between two questions where the answer does not say
RECEIPT = "_wireq_receipt"


def wrong(wire: Wire) -> list[str]:
    """The mistakes in a wire."""
    return misfits(wire, ["url"]) + http.ill(wire)


@asynccontextmanager
async def open(wire: Wire, tools: Tools, state: Mapping[str, str], seen: frozenset[str]) -> AsyncIterator[Session]:
    """Begin a visit."""
    yield Visit(wire, tools, Pinned(wire, tools, pinned.address(wire)))


@dataclass
class Visit:
    """One visit to a queue: one question, or several where its answers allow that."""

    wire: Wire
    tools: Tools
    web: Pinned
    line: deque[Delivery] = field(default_factory=deque)
    over: bool = False  # no further question now
    pause: float | None = None  # seconds the other side asks for

    async def batch(self) -> list[Delivery]:
        """The next entries."""
        if not self.line and not self.over:
            await self._ask()
        return [self.line.popleft() for _ in range(min(len(self.line), self.tools.most))]

    async def accept(self, delivery: Delivery) -> None:
        """Delete it there; one whose receipt is unknown or has expired by now is deleted already, or comes again."""
        if delivery.token:
            await self.web.delete(f"{self._base()}/entry/{quote(delivery.token, safe='')}")

    async def refuse(self, delivery: Delivery, reason: str) -> None:
        """Keep its bytes, then delete it there."""
        await asyncio.to_thread(aside.keep, self.tools.failed, delivery.name, delivery.body, reason)
        await self.accept(delivery)

    async def leave(self, delivery: Delivery) -> None:
        """It comes again when its receipt has expired, which this visit does not wait for."""
        self.over = True

    async def more(self, url: str) -> bytes:
        """From the queue's own host, or one of the wire's `hosts`."""
        return await self.web.more(url)

    def state(self) -> dict[str, str]:
        """Nothing: the queue remembers."""
        return {}

    def listed(self) -> frozenset[str] | None:
        """None: nothing stays."""
        return None

    def wait(self) -> float:
        """What the last answer asked for, or more if the operator wants that."""
        if self.pause is None:
            return self.wire.every or LOOK
        return max(self.wire.every or 0.0, self.pause)

    def _base(self) -> str:
        return self.web.url.rstrip("/").removesuffix("/entries.json")

    async def _ask(self) -> None:
        got = await self.web.get(f"{self._base()}/entries.json")
        self.pause = retry_after(got.headers.get("retry-after", ""), self.tools.now())
        found = await asyncio.to_thread(answers.objects, got.body) if got.body.strip() else []
        if found is None:
            detail = f"an answer of {len(got.body)} bytes without a list of entries"
            raise self.web.told(TryLater(Failed.PROTOCOL, self.web.url, detail))
        self.over = not found or self.pause != 0
        self.line.extend(_delivery(entry, number) for number, entry in enumerate(found, start=1))


def _delivery(entry: dict[str, Any], number: int) -> Delivery:
    receipt = entry.pop(RECEIPT, None)  # another one each time, and no part of the message
    part = answers.part(entry, number)
    usable = isinstance(receipt, str) and bool(receipt.strip(".")) and len(receipt) <= 1000
    if not usable:
        log.warning("entry_without_receipt", entry=part.name)
    return Delivery(part.name, part.body, receipt if usable and isinstance(receipt, str) else "")
