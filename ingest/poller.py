"""The poller: claims due feeds and pages, keeps their leases while it works on them, and tells the workers."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog

from config.settings import Settings
from config.sources import Feed
from config.wires import Wire
from ingest import intake, queue
from ingest.admission import Admission
from ingest.errors import ServerAway
from ingest.ledger import Limits, Work
from ingest.links import clean, digest, host, shown
from ingest.pages import Pages
from ingest.poll import Poll
from ingest.receive import Receive, flat
from ingest.store import Store

log = structlog.get_logger()
IN_FLIGHT = 300  # requests at once
BREATH = 0.01  # seconds between two claims at least
IDLE = 0.2  # seconds between claims when nothing was due
STOP = 3.0  # seconds for giving back what is unfinished; what is not given back in time outlives its lease
RELEASE = 0.25  # seconds between looks for embargoes that are over
HINTS = 0.05  # seconds of pages told to the workers in one go


def feed_id(url: str) -> str:
    """The name of a feed: a digest of its address as listed."""
    return digest("feed", url, size=8)


def about(feed: Feed) -> dict[str, str]:
    """What every process must know of a feed, kept in the server."""
    rows = {
        "u": feed.url,
        "name": feed.name,
        "h": host(clean(feed.url)),
        "tags": ",".join(feed.tags),
        "language": feed.language or "",
        "timezone": feed.timezone or "",
        "every": f"{feed.every:g}" if feed.every else "",
        "way": digest(*flat(dict(sorted(feed.headers.items()))), size=8) if feed.headers else "",
    }
    return {k: v for k, v in rows.items() if v}


def about_wire(wire: Wire) -> dict[str, str]:
    """The same of a wire; it waits in a lane of its own, and is visited by one poller at a time."""
    login = (wire.user, wire.password, wire.key, wire.host_key, wire.done, *wire.hosts)
    way = (wire.transport, wire.path, wire.url, *login, *flat(dict(sorted(wire.headers.items()))))
    rows = {
        "u": intake.Source("", wire.name).uri,
        "name": wire.name,
        "h": intake.host_of(wire.name),
        "lane": "w",
        "tags": ",".join(wire.tags),
        "language": wire.language or "",
        "timezone": wire.timezone or "",
        "every": f"{wire.every:g}" if wire.every else "",
        "way": digest(*map(str, way), size=8),
    }
    return {k: v for k, v in rows.items() if v}


@dataclass
class Desk:
    """Everything a poller holds; made by the command line, closed by it."""

    settings: Settings
    store: Store
    poll: Poll
    pages: Pages
    receive: Receive
    feeds: Callable[[], dict[str, Feed]]  # the feed list as it stands now, by feed id
    wires: Callable[[], dict[str, Wire]]  # the wires likewise
    beat: Callable[[], None]
    ready: list[str] = field(default_factory=list)  # records whose pages wait, not yet told
    urgent: list[str] = field(default_factory=list)  # the same, entered by hand, or of embargoes that are over


class Poller:
    """Runs until stopped; a lost server makes it wait, never end."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ledger = desk.poll.ledger
        self.queue = queue.jobs(desk.store.client)
        self.held: dict[asyncio.Task[None], Work] = {}
        self.listed: dict[str, dict[str, str]] | None = None
        self.stopping = asyncio.Event()
        self.freed = asyncio.Event()
        settings = desk.settings
        self.limits = Limits(
            lease=settings.lease, delay=settings.host_delay, looks=settings.revisits, first=settings.revisit_after
        )

    async def run(self) -> None:
        """Work until `stopping` is set, then give everything unfinished back and return."""
        side = [asyncio.create_task(self._forever(step, every), name=step.__name__) for step, every in self._steps()]
        try:
            while self.listed is None and not self.stopping.is_set():
                await self._pause(await self._guarded(self._list, 0.0))
            while not self.stopping.is_set():
                self.freed.clear()
                await self._pause(await self._guarded(self._claim, IDLE))
                await asyncio.sleep(BREATH)
        finally:
            for task in side:
                task.cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end(), STOP)

    async def _end(self) -> None:
        await self._give_back()
        await self._guarded(self._tell, 0)

    def _steps(self) -> list[tuple[Callable[[], object], float]]:
        lease = self.desk.settings.lease
        return [
            (self._renew, lease / 3),
            (self._tell, HINTS),
            (self._list, 2.0),
            (self._release, RELEASE),
            (self._report, 5.0),
        ]

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until some work is done."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.freed.wait(), seconds)

    async def _forever(self, step: Callable[[], object], every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self._guarded(step, 0)

    async def _guarded(self, step: Callable[[], object], otherwise: float) -> float:
        """Run one step; when the server is away say so and wait a second."""
        try:
            result = step()
            if asyncio.iscoroutine(result):
                result = await result
            return float(result) if isinstance(result, int | float) else otherwise
        except ServerAway as error:
            log.error("server_away", detail=str(error)[:300])
            return 1.0

    async def _claim(self) -> float:
        """Claim what is due and start it; the seconds to wait before the next claim."""
        free = IN_FLIGHT - len(self.held)
        if free <= 0:
            return IDLE
        lanes = [("u", free), ("w", free), ("f", max(1, free // 2)), ("p", free), ("r", max(1, free // 4))]
        works = await asyncio.to_thread(self.ledger.claim, lanes, self.limits)
        for work in works:
            task = asyncio.create_task(self._do(work), name=work.item)
            self.held[task] = work
            task.add_done_callback(self._done)
        return 0.0 if works else IDLE

    def _done(self, task: asyncio.Task[None]) -> None:
        self.held.pop(task, None)
        self.freed.set()  # its host may bear the next request at once

    async def _do(self, work: Work) -> None:
        started = time.monotonic()
        admit = Admission(self.ledger, work.host, self.desk.settings.host_delay)
        try:
            if work.about.get("lane"):
                await self._do_wire(work)
            elif work.kind == "f":
                await self._do_feed(work, admit)
            elif await self.desk.pages.run(work, admit):
                (self.desk.urgent if work.feed == "-" and not work.look else self.desk.ready).append(work.id)
        except ServerAway as error:
            log.error("server_away", url=shown(work.url), detail=str(error)[:200])
        except Exception:  # a bug of ours must not lose the work: its lease ends, and it is tried again
            log.exception("bug", url=shown(work.url), kind=work.kind, took=round(time.monotonic() - started, 2))

    async def _do_feed(self, work: Work, admit: Admission) -> None:
        feed = self.desk.feeds().get(work.id)
        if feed is None:  # listed by another poller whose list is newer than ours
            feed = Feed(url=work.about["u"], name=work.about.get("name") or host(work.about["u"]))
        await self.desk.poll.run(work, feed, admit)

    async def _do_wire(self, work: Work) -> None:
        wire = self.desk.wires().get(work.id)
        if wire is None:  # the list changed, here or there; whoever has it takes it from the line
            await asyncio.to_thread(self.ledger.give_back, work)
        else:
            await self.desk.receive.run(work, wire)

    async def _renew(self) -> None:
        held = {work.item: task for task, work in self.held.items()}
        pairs = [(work.item, work.fence) for work in self.held.values()]
        for item in await asyncio.to_thread(self.ledger.renew, pairs, self.limits.lease):
            if (task := held.get(item)) is not None and not task.done():
                task.cancel()  # another poller has it now

    async def _tell(self) -> None:
        urgent, self.desk.urgent = self.desk.urgent, []
        ready, self.desk.ready = [*self.desk.ready, *self.desk.receive.ready, *self.desk.poll.ready], []
        self.desk.receive.ready.clear()
        self.desk.poll.ready.clear()
        try:
            for rids, front in ((urgent, True), (ready, False)):
                if rids:
                    tell = partial(queue.submit, self.queue, rids, front)
                    await asyncio.to_thread(self.desk.store.ask, tell)
        except ServerAway:  # telling twice does no harm
            self.desk.urgent, self.desk.ready = urgent + self.desk.urgent, ready + self.desk.ready
            raise

    async def _list(self) -> None:
        self.desk.beat()
        feeds = self.desk.feeds()
        wanted = {fid: about(feed) for fid, feed in feeds.items()}
        wanted |= {fid: about_wire(wire) for fid, wire in self.desk.wires().items()}
        if wanted != self.listed:
            await asyncio.to_thread(self.ledger.enlist, wanted)
            self.listed = wanted

    async def _release(self) -> None:
        self.desk.urgent += await asyncio.to_thread(self.ledger.release)  # they have waited for a moment, not in a line

    async def _report(self) -> None:
        if said := self.desk.poll.reach.report():
            log.warning("feeds_unreachable", **said)

    async def _give_back(self) -> None:
        """Unfinished fetches go back to the line at once, without counting as attempts."""
        held = dict(self.held)
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        for work in held.values():
            await self._guarded(partial(asyncio.to_thread, self.ledger.give_back, work), 0)
