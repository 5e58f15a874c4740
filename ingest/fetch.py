"""Fetch one address to its end: redirects, one deadline around them all, and what each status means."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime

from ingest import links
from ingest.errors import GiveUp, TryLater, Verdict
from ingest.model import Failed, Fetched, Rejected
from ingest.web import Answer, Hop, Web, basic

REDIRECTS = 10
LONGEST_WAIT = 2 * 86400.0  # seconds; a Retry-After beyond it is taken as this
_MOVED = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_FORBIDDEN = (401, 402, 403, 407, 451)
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1024}")

Admit = Callable[[str], Awaitable[None]]
"""Waits until a request may be sent to this host (as links.host spells it)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What to fetch, and within which bounds."""

    url: str
    limit: int  # decoded bytes
    deadline: float  # seconds for the whole chain, waiting for admission not counted
    headers: Mapping[str, str] = field(default_factory=dict)  # the operator's, secret
    etag: str | None = None
    modified: str | None = None
    accept: str = "*/*"
    home: str = ""  # the address that headers and userinfo were configured for; empty: url
    cut: bool = False  # over the limit: keep the beginning instead of refusing
    missing: bool = False  # 404 and 410 are answers, too


async def fetch(web: Web, ask: Ask, admit: Admit) -> Fetched:
    """Follow an address to a complete 2xx or 304 answer, or one the question allows. Raises TryLater or GiveUp else.

    The caller has been admitted for the first hop; `admit` is awaited before each further one.
    """
    trail = _Trail(ask)
    left = ask.deadline
    while True:
        if len(trail.hops) > 1:
            await admit(links.host(trail.url))
        began = time.monotonic()
        answer = await _within(left, web, trail.hop())
        left -= time.monotonic() - began
        if answer.status in _MOVED:
            trail.follow(answer)
            continue
        wrong = verdict(answer.status, answer.headers, answer.url, time.time())
        if wrong and not (ask.missing and wrong.reason in (Failed.NOT_FOUND, Failed.GONE)):
            raise wrong
        if answer.status == 304 and not trail.conditional:
            raise TryLater(Failed.STATUS, links.shown(answer.url), "304 to a question without validators")
        hops = tuple(trail.hops)
        return Fetched(answer.url, answer.status, answer.headers, answer.body, hops, trail.permanent)


async def _within(seconds: float, web: Web, hop: Hop) -> Answer:
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            return await web.get(hop)
    except TimeoutError as error:
        raise TryLater(Failed.TIMEOUT, links.shown(hop.url), "the deadline of the whole fetch passed") from error


class _Trail:
    """The hops of one fetch so far, and what may be told to the next one."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.url = links.clean(ask.url)
        self.hops = [self.url]
        self.permanent: str | None = None
        self._leading = True  # every redirect so far was permanent
        self._home = links.clean(ask.home) if ask.home else self.url
        login = basic(ask.home or ask.url)
        given = {name.lower(): value for name, value in ask.headers.items()}
        self._secrets = ({"authorization": login} if login else {}) | given
        self._conditions = _conditions(ask)
        self._trusted = _keeps(self._home, self.url)

    @property
    def conditional(self) -> bool:
        return bool(self._conditions)

    def hop(self) -> Hop:
        """The request to send next."""
        secrets = self._secrets if self._trusted else {}
        headers = {"accept": self._ask.accept, **self._conditions, **secrets}
        return Hop(self.url, self._ask.limit, headers, self._ask.cut)

    def follow(self, answer: Answer) -> None:
        """Go on to where a redirect points. Raises TryLater for a chain to nowhere, GiveUp for a bad address."""
        where = answer.headers.get("location", "").strip()
        if not where:
            raise self._lost(f"{answer.status} without a place to go")
        if len(self.hops) > REDIRECTS:
            raise self._lost(f"more than {REDIRECTS} redirects")
        target = links.clean(where, self.url)
        if target in self.hops:
            raise self._lost(f"a circle back to {links.shown(target)}")
        self._leading = self._leading and answer.status in _FOR_GOOD
        if self._leading:
            self.permanent = target
        # Once a chain has left home it may have been steered from outside: it does not get the secrets again.
        self._trusted = self._trusted and _keeps(self._home, target)
        self.url = target
        self.hops.append(target)

    def _lost(self, detail: str) -> TryLater:
        return TryLater(Failed.REDIRECTS, links.shown(self.url), detail)


def _keeps(home: str, url: str) -> bool:
    """Whether secrets configured for `home` may go to `url`: the same host and port, and never from https to http."""
    if home.startswith("https:") and not url.startswith("https:"):
        return False
    return links.host(home) == links.host(url)


def _conditions(ask: Ask) -> dict[str, str]:
    """Conditional headers; a validator that could not be sent is left out, so that it cannot stop the feed."""
    given = {"if-none-match": ask.etag, "if-modified-since": ask.modified}
    return {name: value for name, value in given.items() if value and _VALIDATOR.fullmatch(value)}


def verdict(status: int, headers: Mapping[str, str], url: str, now: float) -> Verdict | None:
    """What a final status means (RFC 9110 section 15): None for a usable 2xx or 304, else the error to raise.

    `headers` have lower-case names, `now` is in epoch seconds.
    """
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return GiveUp(Rejected.CHALLENGE, links.shown(url), f"status {status}, cf-mitigated: challenge")
    if status == 304 or (200 <= status < 300 and status != 206):  # nobody asked for a part
        return None
    if status == 410:
        return GiveUp(Failed.GONE, links.shown(url), "status 410")
    after = retry_after(headers.get("retry-after", ""), now) if status == 429 or 500 <= status < 600 else None
    return TryLater(_failed(status), links.shown(url), f"status {status}", after)


def _failed(status: int) -> Failed:
    named = {404: Failed.NOT_FOUND, 429: Failed.LIMITED, **dict.fromkeys(_FORBIDDEN, Failed.FORBIDDEN)}
    if status in named:
        return named[status]
    if 400 <= status < 500:
        return Failed.CLIENT
    return Failed.SERVER if 500 <= status < 600 else Failed.STATUS


def retry_after(value: str, now: float) -> float | None:
    """Seconds to wait by a Retry-After field (RFC 9110 section 10.2.3), a number or a date; None where it is neither.

    `now` is in epoch seconds. The answer lies between 0 and LONGEST_WAIT.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(text)
        at = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(at - now, 0.0), LONGEST_WAIT)
