"""The ledger's verbs: everything pollers and workers do to a record, each one atomic script that may be repeated."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ingest import keys
from ingest.links import digest
from ingest.look import Look, Unread
from ingest.store import Store, hash_of, word, words

WAITING_BYTES = 64 * 2**20  # of pages and items waiting for workers, beyond which no more are fetched
WAITING_PAGES = 4000  # likewise


@dataclass(frozen=True, slots=True)
class Limits:
    """What one claim may hand out."""

    lease: float  # seconds
    delay: float  # seconds between requests to one host
    each: int = 4  # requests in flight per host
    waiting_bytes: int = WAITING_BYTES
    waiting_pages: int = WAITING_PAGES
    looks: int = 0  # at delivered pages, a minute, over all pollers
    first: float = 900.0  # seconds between two looks at one page at least


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work held under a lease: a feed to poll or a page to fetch."""

    kind: str  # "f" feed, "p" page
    id: str
    fence: str
    host: str
    url: str = ""  # of a page
    feed: str = ""  # of a page: the feed that showed it, "-" by hand
    tries: int = 0  # failed attempts so far
    found: int = 0  # ms since 1970
    about: dict[str, str] = field(default_factory=dict)  # of a feed: u address, name
    look: Look | None = None  # of a page that was delivered before

    @property
    def item(self) -> str:
        """Its name among the leases."""
        return self.kind + self.id


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message of a wire."""

    new: int  # records
    full: bool  # so much waits for workers that the next message had better stay where it is
    ready: tuple[str, ...] = ()  # records that need a job


NOTHING: dict[str, Any] = {"items": [], "marks": [], "old": [], "keep": [], "last": False}
ENDING: dict[str, Any] = {"state": [], "drop": [], "due": 0, "hold": 0}


@dataclass(frozen=True, slots=True)
class Setback:
    """How an attempt at a page failed, and what happens next."""

    reason: str
    detail: str
    tries: int
    wait: float = 0.0  # seconds until the next attempt
    hold: float = 0.0  # seconds the whole host is left alone
    state: str | None = None  # the record ends in this state instead of waiting
    fetch: str | None = None  # JSON of the fetch, for `why`


@dataclass(frozen=True, slots=True)
class Taken:
    """A page in a worker's hands."""

    rid: str
    record: dict[str, str]
    feed: dict[str, str]  # empty by hand, or when the feed is no longer listed
    page: bytes

    @property
    def fence(self) -> str:
        """The token every write for this page must carry."""
        return self.record["fe"]

    @property
    def lease(self) -> float:
        """Seconds it is held for, until it is renewed: short for wire copy, so that a dead worker is noticed soon."""
        return int(self.record["lease"]) / 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a commit decided; see ingest/scripts/commit.lua for the words."""

    word: str
    document: str
    last: str
    version: int
    first: str = ""  # of `again`: the record that found the document first
    position: str = ""  # of `again`: the stream id of the last event
    page: str = ""  # of `again`: digest of the title as the page alone said it then
    feed: str = ""  # of `again`: the same of the title that a feed gave


class Ledger:
    """All changes of records. Every method is one round trip and raises ServerAway."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def enlist(self, feeds: dict[str, dict[str, str]]) -> int:
        """Make the schedule match {feed id: {u, name, h}}; returns how many are new."""
        return int(self.store.run("enlist", json.dumps(feeds)))

    def claim(self, lanes: list[tuple[str, int]], limits: Limits) -> list[Work]:
        """Take due work, at most the given number from each lane: "u" by hand, "f" feeds, "p" pages, "r" looks."""
        ask = {
            "lease": _ms(limits.lease),
            "delay": _ms(limits.delay),
            "each": limits.each,
            "lanes": lanes,
            "bytes": limits.waiting_bytes,
            "pages": limits.waiting_pages,
            "looks": limits.looks,
            "first": _ms(limits.first),
        }
        return [_work(w) for w in json.loads(self.store.run("claim", json.dumps(ask)))]

    def admit(self, host: str, delay: float) -> float:
        """Reserve the host's next slot for one more request; seconds to wait for it."""
        return int(self.store.run("admit", host, _ms(delay))) / 1000

    def slow(self, host: str, delay: float) -> None:
        """Keep a host's Crawl-delay (seconds), which lengthens the delay between requests to it for a day."""
        key, client = keys.HOST + host, self.store.client
        if self.store.ask(lambda: client.hget(key, "delay")) != str(_ms(delay)).encode():
            self.store.ask(lambda: client.hset(key, "delay", _ms(delay)))

    def renew(self, held: list[tuple[str, str]], lease: float) -> list[str]:
        """Keep (item, fence) pairs; returns the items that are no longer ours."""
        if not held:
            return []
        flat = [part for pair in held for part in pair]
        return [word(w) for w in self.store.run("renew", _ms(lease), *flat)]

    def discover(self, feed: str, fence: str, part: dict[str, Any], pages: list[bytes]) -> int:
        """Store one part of a poll; the number of new records, -1 when the lease was lost."""
        return int(self.store.run("discover", feed, fence, json.dumps(part), *pages))

    def receive(self, wire: str, fence: str, part: dict[str, Any], packed: list[bytes]) -> Received | None:
        """Take what one message of a wire holds, or end a visit to it; None when the lease was lost."""
        ask = {"bytes": WAITING_BYTES, "pages": WAITING_PAGES, **NOTHING, **part}
        found = self.store.run("receive", wire, fence, json.dumps(ask), *packed)
        if not found:
            return None
        told = json.loads(found)
        return Received(int(told["new"]), bool(told["full"]), tuple(told.get("ready", ())))

    def release(self, most: int = 200) -> list[str]:
        """Let go what was embargoed until now; the records that need a job."""
        return [word(w) for w in self.store.run("release", most)]

    def following(self, did: str) -> str:
        """The version of a wire's document that waits first; empty when none does."""
        first = self.store.ask(lambda: self.store.client.lindex(keys.VERSIONS + did, 0))
        return word(first) if first else ""

    def enqueue(self, urls: list[tuple[str, str]], tags: str = "") -> list[str]:
        """Put (cleaned address, host) pairs at the head of the line; one word each: new, again, waiting."""
        rows = [_by_hand(url, host, tags) for url, host in urls]
        return [word(w) for w in self.store.run("enqueue", json.dumps(rows))]

    def retry(self, rids: list[str]) -> int:
        """Put ended records back to the start; how many were."""
        return int(self.store.run("retry", *rids)) if rids else 0

    def fetched(self, work: Work, parcel: bytes, fetch: str, gone: bool = False) -> bool:
        """Leave a fetched page, or word that it is gone, for a worker; False when the lease was lost."""
        return bool(self.store.run("fetched", work.id, work.fence, parcel, fetch, int(gone)))

    def looked(self, work: Work, end: Unread) -> bool:
        """End a look that has nothing for a worker; False when the lease was lost."""
        return bool(self.store.run("looked", work.id, work.fence, json.dumps(end.said())))

    def later(self, work: Work, setback: Setback) -> bool:
        """Record a failed attempt; False when the lease was lost."""
        ask = {
            "wait": _ms(setback.wait),
            "hold": _ms(setback.hold),
            "tries": setback.tries,
            "reason": setback.reason,
            "detail": setback.detail[:300],
        }
        if setback.state:
            ask["state"] = setback.state
        if setback.fetch:
            ask["fetch"] = setback.fetch
        return bool(self.store.run("later", work.id, work.fence, json.dumps(ask)))

    def give_back(self, work: Work) -> bool:
        """Put unfinished work back to the line at once, without counting an attempt."""
        if work.kind == "p":
            return self.later(work, Setback("stopped", "", work.tries))
        if work.about.get("lane"):
            return self.receive(work.id, work.fence, {**ENDING, "host": work.host, "last": True}, []) is not None
        part = {"entries": [], "marks": [], "old": [], **ENDING, "host": work.host, "last": True}
        return self.discover(work.id, work.fence, part, []) >= 0

    def take(self, rid: str, lease: float) -> Taken | Gone:
        """Take a waiting page for parsing, or learn that there is nothing to do."""
        found = self.store.run("take", rid, _ms(lease))
        if not found:
            return Gone(rid)
        record, feed, page = found
        return Taken(rid, words(json.loads(record)), json.loads(feed) if feed else {}, page)

    def stumble(self, taken: Taken, reason: str, allowed: int, detail: str) -> bool:
        """Count a failure of the page's process; True when it is ready for another attempt."""
        return bool(self.store.run("stumble", taken.rid, taken.fence, reason, allowed, detail[:300]))

    def refuse(self, taken: Taken, state: str, reason: str, detail: str, seen: tuple[str, ...] = ()) -> bool:
        """End a record without a document; `seen`: its page's site, sample, extractor. False when it was not ours."""
        return bool(self.store.run("refuse", taken.rid, taken.fence, state, reason, detail[:300], *seen))

    def withdraw(self, taken: Taken, claim: dict[str, Any], event: str) -> Answer:
        """Say that a document is gone for good, or learn why not; see withdraw.lua for the words."""
        found = self.store.run("withdraw", taken.rid, taken.fence, json.dumps(claim), event)
        return Answer(word(found[0]), word(found[1]), word(found[2]), int(found[3]))

    def commit(self, taken: Taken, claim: dict[str, Any], event: str | bytes, sketch: bytes = b"") -> Answer:
        """Hand a document off, or learn which one it is; see commit.lua. Without a sketch it is related to nothing."""
        found = self.store.run("commit", taken.rid, taken.fence, json.dumps(claim), event, sketch)
        return Answer(word(found[0]), word(found[1]), word(found[2]), int(found[3]), *map(word, found[4:]))

    def reconcile(self, most: int, jobless: int, waited: float) -> list[str]:
        """Take up what outlived its lease; the records that need a job."""
        return [word(w) for w in self.store.run("reconcile", most, jobless, _ms(waited))]

    def feed_state(self, feed: str) -> dict[str, str]:
        """What is remembered of a feed: validators, interval, failures."""
        return hash_of(self.store.ask(lambda: self.store.client.hgetall(keys.FEED + feed)))

    def seen(self, feed: str) -> dict[str, str]:
        """The marks of a feed: digest of an entry -> digest of its guid and title, with @day once it left the feed."""
        return hash_of(self.store.ask(lambda: self.store.client.hgetall(keys.SEEN + feed)))


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing to do for this record: another worker has it, or it has ended."""

    rid: str


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _work(raw: dict[str, Any]) -> Work:
    about = raw.pop("feed", None)
    if raw["kind"] == "f":
        return Work(about=about, **raw)
    look = Look.read(raw.pop("look")) if "look" in raw else None
    return Work(feed=about, look=look, **raw)


def address_key(url: str) -> str:
    """The digest an address is filed under."""
    return digest("url", url)


def record_id(source: str, entry: str) -> str:
    """The name of a record: one entry of one source, for ever."""
    return digest("record", source, entry)


def _by_hand(url: str, host: str, tags: str) -> dict[str, str]:
    row = {"rid": record_id("enqueue", url), "u": url, "k": address_key(url), "h": host}
    return {**row, "tags": tags} if tags else row
