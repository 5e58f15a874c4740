"""One poll of one feed, top to bottom.

fetch | unchanged? stop | read (odd ones by the judge) | decide what is new | discover, validators last | schedule
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from config.settings import Settings, SettingsError, secret
from config.sources import Feed
from ingest import schedule
from ingest.admission import Admission
from ingest.body import Unreadable
from ingest.errors import ServerAway, TryLater, Verdict
from ingest.fetch import Ask, fetch
from ingest.findings import Listing, decide, parts
from ingest.ledger import Ledger, Work
from ingest.links import host, shown
from ingest.model import Failed, FeedDocument, Fetched
from ingest.reach import NETWORK, PAUSE, Reach
from ingest.referee import Judge
from ingest.schedule import Pace
from ingest.web import Web

log = structlog.get_logger()
BLIND = 8  # 304 answers in a row, after which (and BLIND_FOR) one poll asks without validators: some servers lie
BLIND_FOR = 3 * 3600.0  # seconds
PROOF = (7 * 86400.0, 10)  # seconds and sightings until a permanent redirect is believed


@dataclass(frozen=True, slots=True)
class Polled:
    """How a poll ended: the fields of the feed's state to set and to drop, and when to come back."""

    state: dict[str, Any]
    drop: tuple[str, ...] = ()
    due: float = 60.0  # seconds
    hold: float = 0.0  # seconds the host is left alone


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll needs."""

    settings: Settings
    ledger: Ledger
    web: Web
    judge: Judge
    reach: Reach
    now: Callable[[], float]
    ready: list[str] = field(default_factory=list)  # records whose text came with the feed, not yet told to the workers

    async def run(self, work: Work, feed: Feed, admit: Admission) -> int:
        """Poll once and store what came of it; the number of new records. Raises ServerAway."""
        state = await asyncio.to_thread(self.ledger.feed_state, work.id)
        try:
            ask = self._ask(feed, state)
            if host(ask.url) != work.host:
                await admit(host(ask.url))
            admit.spend()
            got = await fetch(self.web, ask, admit)
            self.reach.succeeded()
            return await self._answered(work, feed, state, got)
        except (Verdict, SettingsError) as error:
            await self._failed(work, feed, state, error)
        except ServerAway:
            raise
        except Exception as error:  # our fault, but the feed must be asked again, later
            log.exception("bug", url=shown(feed.url))
            await self._failed(work, feed, state, TryLater(Failed.BUG, shown(feed.url), repr(error)[:200]))
        return 0

    def _ask(self, feed: Feed, state: Mapping[str, str]) -> Ask:
        blind = int(state.get("blind", 0)) >= BLIND and self.now() - float(state.get("full", 0)) > BLIND_FOR
        trusted = not blind and "liar" not in state
        return Ask(
            url=state.get("moved") or feed.url,
            limit=self.settings.max_feed_bytes,
            headers={name: secret(value) for name, value in feed.headers.items()},
            etag=state.get("etag") if trusted else None,
            modified=state.get("modified") if trusted else None,
            deadline=self.settings.fetch_deadline,
            home=feed.url,
            accept="application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
        )

    async def _answered(self, work: Work, feed: Feed, state: dict[str, str], got: Fetched) -> int:
        now = self.now()
        fields: dict[str, Any] = {"at": now, "ok": now, **moves(state, feed.url, got.permanent, now)}
        body = hashlib.blake2b(got.body, digest_size=12).hexdigest()
        if got.status == 304 or body == state.get("body"):
            if got.status == 304:
                fields |= {"blind": int(state.get("blind", 0)) + 1}
            else:  # the entries of this body are stored, so its newest validators may be
                fields |= {"blind": 0, "full": now, **validators(got.headers)}
            pace = schedule.observed(pace_of(state), 0, int(state.get("window", 0)), since(state, now))
            return await self._store(work, self._paced(feed, pace, fields, hint(got.headers, 0)))
        document = await self._read(feed, got)
        if got.headers.get("etag") and got.headers.get("etag") == state.get("etag"):
            fields["liar"] = "etag"  # the body changed and the validator did not: never believe it again
        known = await asyncio.to_thread(self.ledger.seen, work.id)
        settings, first = self.settings, "first" not in state
        language = feed.language or document.language
        listing = Listing(
            *(work.id, got.url, first, settings.since, settings.retention, feed.full_text, language),
            again=settings.revisit_after,
            looks=settings.revisits > 0,
        )
        found = decide(listing, document, known, now)
        window = len(document.entries)
        if first:
            dates = (entry.published or entry.updated for entry in document.entries)
            pace = Pace(slow=schedule.rate_of(dates, now), window=window)
        else:
            pace = schedule.observed(pace_of(state), len(found.entries), window, since(state, now))
        fields |= {"body": body, "full": now, "blind": 0, "first": state.get("first", now), "window": window}
        fields |= {"title": (document.title or "")[:200], "format": document.format}
        fields |= {"new": now} if found.entries else {}
        fields |= validators(got.headers)
        last = self._paced(feed, pace, fields, hint(got.headers, document.every or 0))
        new = 0
        for part, pages in parts(found, ending(last, host(got.url) if state.get("moved") else work.host)):
            stored = await asyncio.to_thread(self.ledger.discover, work.id, work.fence, part, pages)
            if stored < 0:
                log.info("poll_lost_lease", url=shown(feed.url))
                return new
            new += stored
            self.ready.extend(row["rid"] for row in part["entries"] if "blob" in row)
        log.info(
            "feed_polled",
            url=shown(feed.url),
            entries=window,
            new=new,
            changed=len(found.changed),
            next_s=round(last.due),
        )
        return new

    def _paced(self, feed: Feed, pace: Pace, fields: dict[str, Any], hinted: float) -> Polled:
        due = feed.every or schedule.interval(pace, self.settings.min_interval, hinted)
        fields |= {"fast": pace.fast, "slow": pace.slow, "fails": 0, "interval": due}
        return Polled(fields, ("error", "errors"), due)

    async def _read(self, feed: Feed, got: Fetched) -> FeedDocument:
        zone = ZoneInfo(feed.timezone) if feed.timezone else None
        try:
            return await self.judge.read(got.body, got.url, got.headers.get("content-type"), zone)
        except Unreadable as error:
            raise TryLater(Failed.PROTOCOL, shown(got.url), f"no feed: {error}") from error

    async def _store(self, work: Work, end: Polled) -> int:
        step = {"entries": [], "marks": [], "old": [], **ending(end, work.host), "last": True}
        return max(0, await asyncio.to_thread(self.ledger.discover, work.id, work.fence, step, []))

    async def _failed(self, work: Work, feed: Feed, state: dict[str, str], error: Verdict | SettingsError) -> None:
        reason = error.reason if isinstance(error, Verdict) else Failed.BUG
        after = getattr(error, "after", None)
        self.reach.failed(work.host, reason, feed.name)
        if self.reach.offline:
            pace, wait = pace_of(state), max(PAUSE, self.settings.min_interval)
        else:
            pace = schedule.failed(pace_of(state), reason)
            wait = schedule.retry(pace, self.settings.min_interval, after)
        errors = int(state.get("errors", 0)) + 1
        fields = {"at": self.now(), "fails": pace.fails, "error": str(error)[:300], "errors": errors, "interval": wait}
        drop: tuple[str, ...] = ("etag", "modified") if reason in (Failed.PROTOCOL, Failed.CLIENT) else ()
        if state.get("moved") and errors >= 3:
            drop += ("moved",)  # the new place does not hold: go back to the listed address
        say = log.debug if reason in NETWORK else log.warning  # those are reported together, in one line
        say("feed_failed", url=shown(feed.url), reason=str(reason), detail=str(error)[:300], next_s=round(wait))
        await self._store(work, Polled(fields, drop, wait, schedule.host_pause(reason, after)))


def ending(end: Polled, at: str) -> dict[str, Any]:
    """The last step of a poll as discover.lua takes it."""
    flat = [str(x) for pair in end.state.items() for x in pair]
    said = {"state": flat, "drop": list(end.drop), "due": int(end.due * 1000), "hold": int(end.hold * 1000), "host": at}
    return {**said, "answered": "ok" in end.state}


def pace_of(state: Mapping[str, str]) -> Pace:
    """The rhythm remembered in a feed's state."""
    names = ("fast", "slow", "fails", "interval")
    return Pace(window=int(state.get("window", 0)), **{n: float(state.get(n, 0)) for n in names})


def since(state: Mapping[str, str], now: float) -> float:
    """Seconds since the feed last answered; an hour for one that never did."""
    return now - float(state["ok"]) if "ok" in state else 3600.0


def hint(headers: Mapping[str, str], every: float) -> float:
    """The seconds a publisher asks us to wait: the feed's own words, or Cache-Control max-age (RFC 9111)."""
    match = re.search(r"max-age=(\d{1,9})", headers.get("cache-control", ""))
    return max(every, float(match[1]) if match else 0.0)


def validators(headers: Mapping[str, str]) -> dict[str, str]:
    """ETag and Last-Modified, to be stored with the entries they stand for; empty ones overwrite old ones."""
    return {"etag": headers.get("etag", "")[:500], "modified": headers.get("last-modified", "")[:100]}


def moves(state: Mapping[str, str], listed: str, to: str | None, now: float) -> dict[str, Any]:
    """Count sightings of a permanent redirect; after a week and ten sightings, ask at the new place."""
    if state.get("moved"):
        return {}
    if not to or to == listed:
        return {"moving": ""}
    if state.get("moving") != to:
        return {"moving": to, "moving_since": now, "moving_seen": 1}
    seen = int(state.get("moving_seen", 0)) + 1
    proven = now - float(state.get("moving_since", now)) >= PROOF[0] and seen >= PROOF[1]
    return {"moving_seen": seen, **({"moved": to} if proven else {})}
