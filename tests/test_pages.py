"""Fetching one page after the other, on a clock that can be moved: what is tried again, and how each one ends."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.account import Account
from ingest.admission import Admission, Memory
from ingest.errors import GiveUp, TryLater
from ingest.ledger import Ledger, Limits, Work
from ingest.links import host
from ingest.model import Entry, Failed, Rejected
from ingest.pages import Pages, after_failure
from ingest.reach import HOSTS, Reach
from ingest.robots import Robots
from ingest.store import Store
from ingest.web import Web
from tests.loopback import settings
from tests.records import discovered
from tests.site import Site, article, site

RETENTION = 14 * 86400.0


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


class Fetcher:
    """Claims due work and fetches it, as a poller does, without waiting for anything."""

    def __init__(self, store: Store, delay: float = 0.0, **more: Any) -> None:
        self.store = store
        self.skew = 0.0
        self.limits = Limits(lease=30, delay=delay)
        self.settings = settings("127.0.0.1", fetch_deadline=3, host_delay=delay, **more)
        self.reach = Reach()

    def later(self, seconds: float) -> Ledger:
        """The ledger as it will be."""
        self.skew += seconds
        return Ledger(Store(self.store.url, RETENTION, skew=int(self.skew * 1000)))

    def go(self, after: float = 0.0, most: int = 10, also: tuple[tuple[str, int], ...] = ()) -> list[Work]:
        """Do what is due some seconds after the last time."""
        ledger = self.later(after)
        works = ledger.claim([("u", most), ("p", most), *also], self.limits)

        async def run() -> None:
            async with Web(self.settings) as web:
                robots = Robots(web, Memory(self.store), self.settings)
                pages = Pages(self.settings, ledger, web, robots, self.reach, time.time)
                turns = [Admission(ledger, w.host, self.limits.delay) for w in works]
                await asyncio.gather(*(pages.run(w, turn) for w, turn in zip(works, turns, strict=True)))

        asyncio.run(run())
        ledger.store.close()
        return works

    def enqueue(self, *urls: str) -> None:
        Ledger(self.store).enqueue([(u, host(u)) for u in urls])

    def record(self, url: str) -> dict[str, str]:
        (rid, *_) = Account(self.store).find(url)
        return Account(self.store).record(rid)


@pytest.fixture
def fetcher(store: Store) -> Fetcher:
    return Fetcher(store)


def shown(fetcher: Fetcher, web: Site, *paths: str) -> None:
    """Entries of a feed at these paths."""
    ledger = Ledger(fetcher.store)
    discovered(ledger, *(Entry(guid=p, link=web.url(p), title=p) for p in paths))


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "not-found"), (410, "gone"), (403, "forbidden"), (500, "http-5xx"), (418, "http-4xx")]
)
def test_an_address_by_hand_ends_within_a_minute_with_its_reason(
    fetcher: Fetcher, web: Site, status: int, reason: str
) -> None:
    url = web.show("/x", "no", status)
    fetcher.enqueue(url)
    for wait in (0.0, 6.0, 31.0):
        fetcher.go(wait)
    record = fetcher.record(url)
    assert (record["st"], record["r"]) == ("failed", reason)
    assert f"status {status}" in record["x"]
    (row,) = Account(fetcher.store).ended("failed")
    assert (row["reason"], row["stage"], row["attempts"]) == (reason, "fetch", web.times("/x"))


def test_an_entrys_page_is_tried_for_a_night_and_comes_at_last(fetcher: Fetcher, web: Site) -> None:
    web.show("/slow", "away", 503)
    shown(fetcher, web, "/slow")
    for _ in range(6):
        fetcher.go(2 * 3600)
        assert fetcher.record(web.url("/slow"))["st"] == "pending"
    web.show("/slow", article("slow"))
    fetcher.go(6 * 3600)
    assert fetcher.record(web.url("/slow"))["sg"] == "ready"


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_holds_every_page_of_the_host_and_no_other(fetcher: Fetcher, web: Site, status: int) -> None:
    with site() as other:
        web.show("/one", "", status, Retry_After="90")
        web.show("/two", article("two"))
        other.show("/three", article("three"))
        fetcher.enqueue(web.url("/one"))
        fetcher.go()
        fetcher.enqueue(web.url("/two"), other.url("/three"))
        assert [w.url for w in fetcher.go(1)] == [other.url("/three")]
        assert fetcher.go(80) == []
        assert web.url("/two") in [w.url for w in fetcher.go(10)]


def test_a_page_robots_forbid_is_rejected_without_being_asked(fetcher: Fetcher, web: Site) -> None:
    web.show("/robots.txt", "User-agent: wiredesk\nDisallow: /no", content_type="text/plain")
    web.show("/no", article("no"))
    web.show("/yes", article("yes"))
    shown(fetcher, web, "/no", "/yes")
    for _ in range(3):
        fetcher.go(5)
    assert (fetcher.record(web.url("/no"))["st"], fetcher.record(web.url("/no"))["r"]) == ("rejected", "robots")
    assert fetcher.record(web.url("/yes"))["sg"] == "ready"
    assert web.times("/no") == 0
    assert web.times("/robots.txt") == 1, "asked once, and kept in the server"


def test_while_robots_cannot_be_had_a_page_waits(fetcher: Fetcher, web: Site) -> None:
    web.show("/robots.txt", "", 503)
    web.show("/page", article("page"))
    shown(fetcher, web, "/page")
    fetcher.go()
    record = fetcher.record(web.url("/page"))
    assert (record["st"], record["r"], web.times("/page")) == ("pending", "robots-away", 0)
    web.show("/robots.txt", "", 404)
    fetcher.go(301)
    assert fetcher.record(web.url("/page"))["sg"] == "ready"


def test_a_cut_body_is_tried_again_and_not_taken_for_half_an_article(fetcher: Fetcher, web: Site) -> None:
    packed = gzip.compress(article("cut").encode())
    web.show("/cut", packed[: len(packed) // 2], Content_Encoding="gzip")
    fetcher.enqueue(web.url("/cut"))
    fetcher.go()
    assert (fetcher.record(web.url("/cut"))["r"], fetcher.record(web.url("/cut"))["sg"]) == ("encoding", "queue")
    web.show("/cut", packed, Content_Encoding="gzip")
    fetcher.go(10)
    assert fetcher.record(web.url("/cut"))["sg"] == "ready"


def test_hosts_take_turns_however_many_pages_one_of_them_has(fetcher: Fetcher, web: Site) -> None:
    with site() as other:
        fetcher.enqueue(*(web.url(f"/{i}") for i in range(50)), other.url("/only"))
        first = fetcher.go(most=8)
        assert other.url("/only") in [w.url for w in first]
        assert len(first) <= 1 + fetcher.limits.each


# --- no network ---


def missed(reach: Reach, count: int) -> None:
    for i in range(count):
        reach.failed(f"h{i}.test", Failed.DNS, f"feed {i}")


def test_one_dead_site_is_its_own_trouble_and_all_dead_at_once_is_ours() -> None:
    reach = Reach()
    missed(reach, HOSTS - 1)
    assert not reach.offline
    missed(reach, HOSTS)
    assert reach.offline
    reach.succeeded()
    assert not reach.offline


def test_without_a_network_feeds_are_named_in_one_line_with_what_still_works() -> None:
    reach = Reach()
    missed(reach, 60)
    said = reach.report()
    assert said["count"] == 60
    assert "feed 0 (dns)" in str(said["feeds"])
    assert "demo" in str(said["works"])
    assert reach.report() == {}


def _work(feed: str) -> Work:
    return Work("p", "r", "1", "h.test", url="http://h.test/", feed=feed)


def test_without_a_network_an_entrys_page_loses_no_attempt_and_one_by_hand_still_ends() -> None:
    error = TryLater(Failed.DNS, "http://h.test/", "no such name")
    waiting = after_failure(_work("feed1"), error, 0.0, offline=True)
    assert (waiting.state, waiting.tries) == (None, 0)
    by_hand = after_failure(_work("-"), error, 0.0, offline=True)
    assert by_hand.tries == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (GiveUp(Rejected.ROBOTS, "u"), "rejected"),
        (GiveUp(Rejected.CHALLENGE, "u"), "rejected"),
        (GiveUp(Failed.GONE, "u"), "failed"),
        (GiveUp(Failed.BAD_URL, "u"), "failed"),
        (TryLater(Failed.TOO_LARGE, "u"), "failed"),
        (TryLater(Failed.TIMEOUT, "u"), None),
    ],
)
def test_what_will_not_change_ends_a_record_at_once(error: Any, state: str | None) -> None:
    assert after_failure(_work("feed1"), error, 0.0).state == state
