"""Messages behind an address: a document that changes, a list, or a feed that leads from page to page.

A feed that names a next page even when there is nothing new (AP) is read by that cursor. A list that ends is asked from
its start again, down to a page without news that holds something of its top at the last time; and its last page as
well, because some lists grow at their end.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog

from config.values import is_reference
from config.wires import Wire
from ingest import links
from ingest.errors import Verdict
from ingest.fetch import retry_after
from ingest.model import Failed, Fetched
from ingest.transport import Delivery, Session, Tools, misfits
from ingest.transports.parts import answers, aside, pinned
from ingest.transports.parts.answers import Page
from ingest.transports.parts.pinned import Pinned

log = structlog.get_logger()
SIZE = 16_000_000  # bytes of one batch, from which on it is full
PAGES = 1000  # asked for in one visit
ENDS, ENDLESS = "ends", "endless"  # kinds of lists; "" as long as neither has shown
TOP = 20  # messages of the first page by which it is known how far down a list was read
_KEPT = ("home", "page", "tail", "kind", "top", "etag", "modified", "asked")
_LOST = (Failed.NOT_FOUND, Failed.GONE, Failed.CLIENT)


def wrong(wire: Wire) -> list[str]:
    """The mistakes in a wire."""
    return misfits(wire, ["url"]) + ill(wire)


def ill(wire: Wire) -> list[str]:
    """Whether its address is none of HTTP's."""
    if wire.url and not is_reference(wire.url) and urlsplit(wire.url).scheme.lower() not in ("http", "https"):
        return [f"url of transport {wire.transport!r} has to begin with http:// or https://"]
    return []


@asynccontextmanager
async def open(wire: Wire, tools: Tools, state: Mapping[str, str], seen: frozenset[str]) -> AsyncIterator[Session]:
    """Begin a visit where the last one ended, unless the address is another one now."""
    web = Pinned(wire, tools, pinned.address(wire))
    home = links.digest(web.url)
    kept = {key: state[key] for key in _KEPT if state.get(key)} if state.get("home") == home else {"home": home}
    if not all(web.allows(kept[key]) for key in ("page", "tail") if kept.get(key)):
        kept |= {"page": "", "tail": "", "top": ""}  # the visit led there failed; this one may be led elsewhere
    yield Visit(wire, tools, web, kept, seen)


@dataclass
class Visit:
    """One visit to an address."""

    wire: Wire
    tools: Tools
    web: Pinned
    kept: dict[str, str]  # what may be remembered now
    seen: frozenset[str]
    then: dict[str, str] = field(default_factory=dict)  # what may be once the line is given out
    line: deque[Delivery] = field(default_factory=deque)
    steps: deque[tuple[str, bool]] = field(default_factory=deque)  # pages to ask; whether each continues the last page
    asked: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)  # of everything on the pages of this visit
    stay: set[str] = field(default_factory=set)  # those of pages that will be asked again
    first: dict[str, str] = field(default_factory=dict)  # what the first page says of itself: its top, validators
    whole: bool = True  # every page was shown: none was "not modified"
    pause: float = 0.0  # seconds the other side asks for
    top: frozenset[str] = frozenset()  # marks of what stood on the first page when the list was last read through

    def __post_init__(self) -> None:
        """Where to begin."""
        self.then, self.top = dict(self.kept), frozenset(self.kept.get("top", "").split())
        self.steps.append((self.kept.get("page") or self.web.url, False))
        if tail := self.kept.get("tail"):
            self.steps.append((tail, True))

    async def batch(self) -> list[Delivery]:
        """The rest of a page, or the next page that brings something."""
        while not self.line and self.steps and len(self.asked) < PAGES:
            await self._ask(*self.steps.popleft())
        found: list[Delivery] = []
        while self.line and len(found) < self.tools.most and sum(len(d.body) for d in found) < SIZE:
            found.append(self.line.popleft())
        if not self.line:
            self.kept = dict(self.then)
        return found

    async def accept(self, delivery: Delivery) -> None:
        """Nothing to say to the other side: the cursor goes on."""

    async def refuse(self, delivery: Delivery, reason: str) -> None:
        """Keep its bytes."""
        await asyncio.to_thread(aside.keep, self.tools.failed, delivery.name, delivery.body, reason)

    async def leave(self, delivery: Delivery) -> None:
        """What came over HTTP is complete: this does not happen."""

    async def more(self, url: str) -> bytes:
        """From the wire's own host, or one of its `hosts`."""
        return await self.web.more(url)

    def state(self) -> dict[str, str]:
        """Where to go on, and validators."""
        return {key: self.kept.get(key, "") for key in _KEPT}

    def listed(self) -> frozenset[str] | None:
        """The marks of what is shown again and again; pages of an endless list are not."""
        return frozenset(self.stay) if self.whole else self.seen | self.stay

    def wait(self) -> float:
        """As the operator or the other side wants it, whichever is longer."""
        if self.pause <= 0 and (self.line or self.steps):
            return 0.0
        return max(self.wire.every or self.tools.settings.min_interval, self.pause)

    async def _ask(self, url: str, tail: bool) -> None:
        if url in self.asked:
            return
        self.asked.add(url)
        mine = self.kept.get("asked") == links.digest(url)
        try:
            got = await self.web.get(url, {k: self.kept.get(k, "") for k in ("etag", "modified")} if mine else None)
        except Verdict as error:
            if url == self.web.url or error.reason not in _LOST:
                raise
            self._restart(error)
            return
        self.pause = retry_after(got.headers.get("retry-after", ""), self.tools.now()) or 0.0
        if got.status == 304:
            self.whole = False
            return
        page = await asyncio.to_thread(answers.page, got.body, got.url, got.headers)
        news = self._take(page, self.then.get("kind") != ENDLESS or page.next == url)
        fresh = news if self.then.get("kind") == ENDS else bool(page.parts)
        self._remember(url, page, got)
        self._go_on(url, page, fresh, tail)

    def _restart(self, error: Verdict) -> None:
        """A page that is no longer there: begin at the beginning; what comes again is known."""
        log.warning("page_lost", wire=self.wire.name, detail=str(error)[:300])
        self.then |= {"page": "", "tail": "", "top": ""}
        self.whole = False
        self.steps.append((self.web.url, False))

    def _take(self, page: Page, stays: bool) -> bool:
        """Line up what is new on a page; whether anything is."""
        count = len(self.line)
        for part, mark in zip(page.parts, _marks(page), strict=True):
            if mark not in self.marks and mark not in self.seen:
                large = len(part.body) > self.tools.limit
                said = f"more than {self.tools.limit} bytes" if large else ""
                name, stay = self.web.named(part.name), mark if stays else ""
                self.line.append(Delivery(name, part.body, mark, stay, wrong=said))
            self.marks.add(mark)
            self.stay |= {mark} if stays else set()
        return len(self.line) > count

    def _remember(self, url: str, page: Page, got: Fetched) -> None:
        """Validators and top of a page that the next visit may begin with."""
        etag, modified = got.headers.get("etag", "")[:500], got.headers.get("last-modified", "")[:100]
        tags = {"etag": etag, "modified": modified, "asked": links.digest(url)}
        if url == self.web.url:
            self.first = {**tags, "top": " ".join(_marks(page)[:TOP])}
            if self.then.get("kind") != ENDS:
                self.then["top"] = self.first["top"]
        elif url == page.next:
            self.then |= tags

    def _go_on(self, url: str, page: Page, fresh: bool, tail: bool) -> None:
        """Decide what to ask next, in this visit and in the next one.

        Marks are durable before the state is. So a page without news may be one of a visit that died on it: only where
        the top of the last complete reading is met, everything below is known.
        """
        onward = bool(page.next) and page.next not in self.asked
        kind = self.then.get("kind")
        ended = tail or not self.then.get("tail")  # here the list ended when it was seen last
        if not page.next:
            self.then |= {"kind": ENDS, "page": "", "tail": url if url != self.web.url else ""}
        elif kind != ENDS:
            self.then |= {"page": page.next, "kind": kind or ("" if onward and fresh else ENDLESS)}
        met = bool(self.top.intersection(_marks(page)))
        if onward and (fresh or (kind == ENDS and (ended or not met))):
            self.steps.appendleft((page.next, tail))
        elif not tail and self.then.get("kind") == ENDS:
            self.then |= self.first


def _marks(page: Page) -> list[str]:
    return [links.digest(part.body.decode("latin-1")) for part in page.parts]
