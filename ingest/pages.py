"""One fetch of one article page: robots.txt, the page, and what happens next when it does not come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from config.settings import Settings
from ingest import revisit, schedule
from ingest.admission import Admission
from ingest.errors import GiveUp, ServerAway, TryLater, Verdict
from ingest.fetch import Ask, fetch
from ingest.ledger import Ledger, Setback, Work
from ingest.links import shown
from ingest.look import Unread
from ingest.model import Failed, Fetched, Rejected, State
from ingest.parcel import Parcel, pack
from ingest.reach import NETWORK, PAUSE, Reach
from ingest.robots import Robots
from ingest.web import Web

log = structlog.get_logger()
ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Pages:
    """What fetching a page needs."""

    settings: Settings
    ledger: Ledger
    web: Web
    robots: Robots
    reach: Reach
    now: Callable[[], float]

    async def run(self, work: Work, admit: Admission) -> bool:
        """Fetch one page and leave it for a worker; True when a worker has something to do. Raises ServerAway."""
        try:
            got = await self._get(work, admit)
        except Verdict as error:
            await self._setback(work, error)
            return False
        except ServerAway:
            raise
        except Exception as error:  # our fault, but the page is tried again, and ends on record
            log.exception("bug", url=shown(work.url))
            await self._setback(work, TryLater(Failed.BUG, work.url, repr(error)[:200]))
            return False
        self.reach.succeeded()
        at = self.now()
        parcel = Parcel(got.url, got.body, at, got.headers, got.hops)
        story = fetch_story(at, got.status, got.hops or (got.url,), len(got.body))
        if work.look:
            end = revisit.answered(work.look, got, revisit.terms(self.settings), story)
            if isinstance(end, Unread):
                return await self._unread(work, end)
            parcel = replace(end, at=at)
        return await asyncio.to_thread(self.ledger.fetched, work, pack(parcel), story, parcel.gone > 0)

    async def _get(self, work: Work, admit: Admission) -> Fetched:
        if (work.feed != "-" or work.look) and not await self.robots.allowed(work.url, admit):
            raise GiveUp(Rejected.ROBOTS, work.url)
        if delay := self.robots.delay(work.url):
            await asyncio.to_thread(self.ledger.slow, work.host, delay)
        admit.spend()
        ask = Ask(work.url, self.settings.max_page_bytes, self.settings.fetch_deadline, accept=ACCEPT)
        return await fetch(self.web, revisit.asking(ask, work.look) if work.look else ask, admit)

    async def _unread(self, work: Work, end: Unread) -> bool:
        """A look has nothing for a worker."""
        wait = None if end.wait == schedule.NEVER else round(end.wait)
        log.debug("looked_again", url=shown(work.url), found=end.reason or "unchanged", next_s=wait)
        await asyncio.to_thread(self.ledger.looked, work, end)
        return False

    async def _setback(self, work: Work, error: Verdict) -> None:
        self.reach.failed(work.host, error.reason)
        if work.look:
            story = fetch_story(self.now(), str(error.reason), (work.url,), 0)
            terms = revisit.terms(self.settings)
            await self._unread(work, revisit.failed(work.look, error, terms, story, self.reach.offline))
            return
        setback = after_failure(work, error, self.now(), self.reach.offline)
        log.info(
            "fetch_failed",
            url=shown(work.url),
            reason=str(error.reason),
            detail=error.detail[:200],
            next_s=None if setback.state else round(setback.wait),
        )
        await asyncio.to_thread(self.ledger.later, work, setback)


def after_failure(work: Work, error: Verdict, at: float, offline: bool = False) -> Setback:
    """What a failed attempt means for the record and its host; while we are offline it counts for neither."""
    story = fetch_story(at, str(error.reason), (work.url,), 0)
    if offline and error.reason in NETWORK and work.feed != "-":  # by hand somebody waits for an answer
        return Setback(str(error.reason), error.detail, work.tries, PAUSE, fetch=story)
    after = error.after if isinstance(error, TryLater) else None
    tries = work.tries + 1
    by_hand = work.feed == "-"
    wait = schedule.NEVER if isinstance(error, GiveUp) else schedule.next_try(error.reason, tries, after, by_hand)
    final = wait == schedule.NEVER
    state = State.REJECTED if isinstance(error.reason, Rejected) else State.FAILED
    return Setback(
        reason=str(error.reason),
        detail=error.detail,
        tries=tries,
        wait=0.0 if final else wait,
        hold=schedule.host_pause(error.reason, after) if error.reason != Failed.ADDRESS else 0.0,
        state=str(state) if final else None,
        fetch=story,
    )


def fetch_story(at: float, outcome: int | str, hops: tuple[str, ...], size: int) -> str:
    """One fetch for `why`, short: when, how it ended, where it led, how many bytes."""
    return json.dumps([round(at), outcome, size, *[shown(h)[:300] for h in hops[1:]]], ensure_ascii=False)
