"""Pollers on one server: each feed and page asked once, hosts never hurried, work never lost with its holder."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.ledger import Ledger, Limits
from ingest.server import Embedded
from ingest.store import Store
from tests.records import listed
from tests.service import Service, service, until
from tests.site import Page, Site, article, rss, site

RETENTION = 14 * 86400.0
DELAY = 0.3


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


def pages_of(web: Site, name: str, count: int) -> str:
    """A feed of as many articles; its address."""
    for i in range(count):
        web.show(f"/{name}/{i}", article(f"{name}-{i}"))
    rows = ({"title": f"{name} {i}", "link": web.url(f"/{name}/{i}"), "guid": f"{name}{i}"} for i in range(count))
    return web.show(f"/{name}", rss(*rows), content_type="application/rss+xml")


# --- two pollers ---


def test_two_pollers_share_feeds_and_keep_a_hosts_delay_together(tmp_path: Path, web: Site) -> None:
    """Measured at the site: every request to the host, robots.txt, feeds, pages and redirects alike."""
    urls = [pages_of(web, name, 4) for name in ("a", "b", "c")]
    web.pages["/a/0"] = Page(b"", 302, {"Location": "/a/moved"})
    web.show("/a/moved", article("moved"))
    embedded = Embedded(tmp_path / "data", fsync="no")
    embedded.start()
    try:
        with service(tmp_path, HOST_DELAY=str(DELAY)) as house:
            house.feeds(*urls, every=600)
            house.start("poll")
            house.start("poll")
            wanted = 3 + 12 + 1 + 1
            until(lambda: len(web.asked) >= wanted, 15, house.said)
            time.sleep(2 * DELAY)
            asked = Counter(path for _, path, _ in web.asked)
            gaps = [b - a for (a, _, _), (b, _, _) in pairwise(web.asked)]
            assert house.account.beats("poller") == 2
            assert [house.stop(p) for p in house.running] == [0, 0]
    finally:
        embedded.stop()
    assert asked.pop("/robots.txt") in (1, 2), "each poller asks at most once"
    assert set(asked.values()) == {1}
    assert len(asked) == wanted - 1
    assert min(gaps) >= DELAY - 0.05, gaps


def test_a_poller_that_was_killed_leaves_its_work_to_the_other(tmp_path: Path, web: Site) -> None:
    feed = pages_of(web, "a", 6)
    hang = [True]

    def hanging(_: dict[str, str]) -> Page:
        while hang[0]:
            time.sleep(0.05)
        return Page(article("hung").encode())

    web.pages["/a/0"] = hanging
    with service(tmp_path, LEASE="2") as house:
        house.feeds(feed, every=600)
        house.up()
        until(lambda: web.times("/a/0"), 10, house.said)
        pollers = [p for p in Path("/proc").iterdir() if p.name.isdigit() and is_poller(p, house)]
        for process in pollers:
            os.kill(int(process.name), 9)
        hang[0] = False
        until(lambda: house.account.law().states["delivered"] == 6, 14, house.said)
        assert len(house.events()) == 6
        assert house.call("check").code == 0


def is_poller(process: Path, house: Service) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return words[-2:] == [b"poll", b""] and os.fsencode(house.folder) in (process / "environ").read_bytes()
    except OSError:
        return False


# --- no network ---


def test_a_service_without_a_network_says_which_feeds_it_cannot_reach_in_one_line(tmp_path: Path) -> None:
    with service(tmp_path) as house:
        house.feeds(*(f"http://feed-{i}.invalid/rss" for i in range(12)))
        house.up()
        until(lambda: "feeds_unreachable" in house.said(), 12, house.said)
        lines = [line for line in house.log.read_text("utf-8").splitlines() if ".invalid" in line]
        assert len(lines) <= 2, lines
        assert "wiredesk demo" in lines[-1]
        assert house.call("status", "--json").row["feeds"]["counts"] == {"failing": 12}


# --- a late tick ---


def test_a_feed_whose_time_passed_while_nobody_polled_is_polled_and_not_skipped(store: Store) -> None:
    ledger = Ledger(store)
    listed(ledger)
    (work,) = ledger.claim([("f", 1)], Limits(lease=30, delay=0))
    ledger.discover(
        work.id,
        work.fence,
        {"entries": [], "marks": [], "old": [], "state": ["x", "1"], "drop": [], "due": 60_000, "hold": 0,
         "host": work.host, "last": True},
        [],
    )  # fmt: skip
    late = Ledger(Store(store.url, RETENTION, skew=86400 * 3 * 1000))
    claimed = [len(at.claim([("f", 1)], Limits(lease=30, delay=0))) for at in (ledger, late)]
    assert claimed == [0, 1]
    late.store.close()
