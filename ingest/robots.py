"""Ask robots.txt before a page is fetched (RFC 9309), once per host and day."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from config.settings import Settings
from ingest import links
from ingest.errors import TryLater, Verdict
from ingest.fetch import Admit, Ask, fetch
from ingest.model import Failed, Rejected
from ingest.web import Web

LIMIT = 500 * 1024  # bytes read of one file, the least RFC 9309 section 2.5 asks for
AGE = 86400.0  # seconds an answer is believed, the most section 2.4 allows
_SHELF_AGE = 3600.0  # seconds of them without asking the shared cache again
AWAY = 300.0  # seconds before a host whose robots.txt could not be had is asked for it again
LONGEST_DELAY = 30.0  # seconds of Crawl-delay that are honoured
_FILES = 1_000  # parsed files kept
_CHARS = 1_000_000  # characters of them; parsed they take some twenty times as much
# Section 2.3.1.3: a file that is "unavailable" forbids nothing. A chain of redirects that ends nowhere counts as that.
_UNAVAILABLE = (
    *(Failed.FORBIDDEN, Failed.NOT_FOUND, Failed.GONE, Failed.CLIENT),
    *(Failed.REDIRECTS, Failed.BAD_URL, Rejected.CHALLENGE),
)


class Cache(Protocol):
    """Where the text of a robots.txt is kept for every process; `host` is scheme and authority."""

    async def get(self, host: str) -> str | None:
        """The text kept for this host, "" where nothing is forbidden, None where nothing is known."""

    async def put(self, host: str, text: str, ttl: float) -> None:
        """Keep this text for `ttl` seconds."""


class Robots:
    """The rules of every host asked lately. Concurrent questions about one host fetch its file once."""

    def __init__(self, web: Web, cache: Cache, settings: Settings) -> None:
        self._web = web
        self._cache = cache
        self._deadline = settings.fetch_deadline
        self._name = product(settings.user_agent)
        self._rules = _Shelf()
        self._away: OrderedDict[str, _Away] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def allowed(self, url: str, admit: Admit) -> bool:
        """Whether this cleaned address may be fetched. Raises TryLater(ROBOTS_AWAY) while that cannot be known.

        When robots.txt has to be fetched, `admit` is awaited before it and once more after it: the caller has a
        turn in hand for its own request in any case.
        """
        origin = _origin(url)
        rules = self._rules.get(origin)
        if rules is None:
            lock = self._asking.setdefault(origin, asyncio.Lock())
            async with lock:
                rules = self._rules.get(origin) or await self._learn(origin, url, admit)
        return bool(rules.can_fetch(url, self._name))

    def delay(self, url: str) -> float | None:
        """The host's Crawl-delay for us in seconds, at most LONGEST_DELAY; None where none is known."""
        rules = self._rules.get(_origin(url))
        asked = rules.crawl_delay(self._name) if rules else None
        return None if asked is None else min(max(float(asked), 0.0), LONGEST_DELAY)

    async def _learn(self, origin: str, url: str, admit: Admit) -> Protego:
        away = self._away.get(origin)
        if away and away.until > time.monotonic():
            raise away.about(url)
        text = await self._cache.get(origin)
        if text is None:
            await admit(links.host(origin))
            text = await self._fetch(origin, url, admit)
            await self._cache.put(origin, text, AGE - _SHELF_AGE)
            await admit(links.host(origin))
        return self._rules.put(origin, text)

    async def _fetch(self, origin: str, url: str, admit: Admit) -> str:
        ask = Ask(origin + "/robots.txt", LIMIT, self._deadline, accept="text/plain, */*;q=0.1", cut=True)
        try:
            got = await fetch(self._web, ask, admit)
        except Verdict as error:
            if error.reason in _UNAVAILABLE:
                return ""
            if error.reason == Failed.ADDRESS and links.host(error.url) == links.host(origin):
                raise type(error)(error.reason, links.shown(url), error.detail) from error  # as the page would be
            raise self._put_off(origin, error).about(url) from error
        return relevant(got.body.decode("utf-8-sig", "replace"), self._name)

    def _put_off(self, origin: str, error: Verdict) -> _Away:
        after = getattr(error, "after", None)
        until = time.monotonic() + max(AWAY, after or 0.0)
        self._away[origin] = away = _Away(until, f"{error.reason}: {error.detail}", after)
        if len(self._away) > _FILES:
            self._away.popitem(last=False)
        return away


@dataclass(frozen=True, slots=True)
class _Away:
    """A host whose robots.txt cannot be had for now."""

    until: float  # of the monotonic clock: not asked again before
    why: str
    after: float | None  # seconds, only where the host itself named a time

    def about(self, url: str) -> TryLater:
        """The verdict on one of its pages."""
        return TryLater(Failed.ROBOTS_AWAY, links.shown(url), self.why, self.after)


class _Shelf:
    """Parsed files, the ones used last, bounded by number and by length."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, int, Protego]] = OrderedDict()
        self._chars = 0

    def get(self, origin: str) -> Protego | None:
        found = self._kept.get(origin)
        if found is None or found[0] < time.monotonic():
            return None
        self._kept.move_to_end(origin)
        return found[2]

    def put(self, origin: str, text: str) -> Protego:
        rules = Protego.parse(text)
        self._drop(origin)
        self._kept[origin] = (time.monotonic() + _SHELF_AGE, len(text), rules)
        self._chars += len(text)
        while len(self._kept) > 1 and (len(self._kept) > _FILES or self._chars > _CHARS):
            self._drop(next(iter(self._kept)))
        return rules

    def _drop(self, origin: str) -> None:
        if origin in self._kept:
            self._chars -= self._kept.pop(origin)[1]


def product(agent: str) -> str:
    """The product token of a user agent (RFC 9309 section 2.2.1): what robots.txt may name us by."""
    match = re.match(r"[A-Za-z_-]+", agent)
    return match[0].lower() if match else "*"


_AGENT = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*([^#]*)", re.I)
_NO_RULE = re.compile(r"\s*(#|sitemap|site-map|host\s*:|$)", re.I)  # stands outside of groups
_RULE = re.compile(r"[^#]*:|\s*(dis)?allow\s", re.I)


def relevant(text: str, name: str) -> str:
    """Only the groups of a robots.txt that speak to `name` or to everybody: less to keep, and few agents.

    A parser that gives each agent of a group its own copy of the rules is quadratic in a file made of agents.
    """
    return "".join(line + "\n" for line in _kept(text, name))


def _kept(text: str, name: str) -> Iterator[str]:
    agents: set[str] = set()
    in_agents = False
    for line in text.splitlines():
        if match := _AGENT.match(line):
            if not in_agents:
                agents, in_agents = set(), True
            agent = _agent(match[1])
            if agent in (name, "*") and agent not in agents:
                agents.add(agent)
                yield f"User-agent: {agent}"
        elif _RULE.match(line) and not _NO_RULE.match(line):
            in_agents = False
            if agents:
                yield line.partition("#")[0].strip()


def _agent(value: str) -> str:
    """The product token of a User-agent line; a version or a wildcard after it is common and means nothing."""
    word = value.partition("/")[0].strip().lower()
    return word if word == "*" else word.replace("*", "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
