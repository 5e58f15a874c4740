"""Short ways to bring records into a state, for tests of the ledger: each one the real step, on the real server."""

from __future__ import annotations

import json
from typing import Any

from ingest.findings import Listing, decide, parts
from ingest.ledger import Answer, Ledger, Limits, Taken, Work, address_key
from ingest.links import digest, host
from ingest.links import subject as subject_of
from ingest.model import Entry, FeedDocument
from ingest.parcel import Parcel, pack

FEED = "feed1"
FEED_URL = "http://news.test/feed"
LIMITS = Limits(lease=30, delay=0, each=50)


def listed(ledger: Ledger, *feeds: str) -> None:
    ledger.enlist({f: {"u": f"http://news.test/{f}", "name": f, "h": "news.test"} for f in feeds or (FEED,)})


def feed_work(ledger: Ledger) -> Work:
    (work,) = ledger.claim([("f", 1)], LIMITS)
    return work


def poll(
    ledger: Ledger,
    work: Work,
    *entries: Entry,
    first: bool = False,
    now: float | None = None,
    again: float = 0.0,
    **ending: Any,
) -> int:
    """Store what a poll found, as the poller does."""
    when = ledger.store.now() if now is None else now
    listing = Listing(work.id, FEED_URL, first, 7 * 86400, 14 * 86400, again=again)
    found = decide(listing, FeedDocument("rss", entries), ledger.seen(work.id), when)
    last = {"state": ["etag", "x"], "drop": [], "due": 60_000, "hold": 0, "host": work.host, **ending}
    return sum(ledger.discover(work.id, work.fence, part, pages) for part, pages in parts(found, last))


def entry(number: int | str, **more: Any) -> Entry:
    return Entry(guid=f"id-{number}", link=f"http://news.test/{number}", title=f"Title {number}", **more)


def discovered(ledger: Ledger, *entries: Entry) -> None:
    listed(ledger)
    poll(ledger, feed_work(ledger), *(entries or (entry(1),)))


def pages(ledger: Ledger, most: int = 10) -> list[Work]:
    return ledger.claim([("u", most), ("p", most)], LIMITS)


def fetch(ledger: Ledger, work: Work, body: bytes = b"<p>x", final: str = "") -> str:
    assert ledger.fetched(work, pack(Parcel(final or work.url, body, 0.0)), "[0,200,4]")
    return work.id


def taken(ledger: Ledger, rid: str) -> Taken:
    found = ledger.take(rid, 30)
    assert isinstance(found, Taken)
    return found


def of(identity: str) -> str:
    return subject_of(identity).removeprefix("urn:wiredesk:")


def claim(final: str, text: str, canonical: str = "", did: str = "", last: str = "", **more: Any) -> dict[str, Any]:
    """What a worker claims for a page with this final address and text."""
    subject, of_canonical = of(final), of(canonical) if canonical else ""
    content = digest("text", text)
    document = did or of_canonical or subject
    kind = "updated" if last else "created"
    return {
        "fk": address_key(final),
        "ck": address_key(canonical) if canonical else "",
        "ks": [],
        "sf": subject,
        "sc": of_canonical,
        "hash": content,
        "tk": digest("text", host(final), content),
        "ex": "1",
        "fields": "{}",
        "did": document,
        "last": last,
        "id": digest(document, kind, content, last, size=20),
        "type": kind,
        **more,
    }


def commit(ledger: Ledger, held: Taken, final: str, text: str, canonical: str = "", **more: Any) -> Answer:
    """Commit as a worker does: when the document is another one than thought, build the event again."""
    body = claim(final, text, canonical, **more)
    answer = ledger.commit(held, body, event(body))
    if answer.word == "again":
        body = claim(final, text, canonical, did=answer.document, last=answer.last, **more)
        answer = ledger.commit(held, body, event(body))
    return answer


def event(body: dict[str, Any]) -> str:
    return json.dumps({"id": body["id"], "type": body["type"], "subject": body["did"]})


def deliver(ledger: Ledger, number: int | str = 1, text: str = "some text", canonical: str = "") -> Answer:
    """Take the one waiting page to its end."""
    (work,) = pages(ledger)
    return commit(ledger, taken(ledger, fetch(ledger, work)), work.url, text, canonical)
