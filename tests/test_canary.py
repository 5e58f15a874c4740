"""Nothing that is neither public nor allowed is connected to, by whatever way an address comes into the service."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.service import Service, service, until
from tests.site import Page, Site, article, rss, site


@dataclass
class Canary:
    """A listener on loopback, over IPv4 and IPv6, that counts who knocks."""

    port: int = 0
    knocks: list[object] = field(default_factory=list)

    def listen(self) -> None:
        v6 = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port = v6.getsockname()[1]
        threading.Thread(target=self._count, args=(v6,), daemon=True).start()

    def _count(self, listener: socket.socket) -> None:
        while True:
            connection, at = listener.accept()
            self.knocks.append(at)
            connection.close()

    def spellings(self) -> list[str]:
        hosts = (
            "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0",
            "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]", "127。0。0。1", "public.example@127.0.0.1", "127.0.0.1.",
        )  # fmt: skip
        return [f"http://{host}:{self.port}/x" for host in hosts]


@pytest.fixture(scope="module")
def canary() -> Canary:
    found = Canary()
    found.listen()
    return found


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def rude() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def house(web: Site, rude: Site, canary: Canary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("canary")
    with service(folder, ALLOW_HOSTS=f"127.0.0.1:{web.port},127.0.0.1:{rude.port}") as found:
        web.show("/feed", rss(), content_type="application/rss+xml")
        feeds = [u.replace("public.example@", "") for u in canary.spellings()[:6]]
        web.pages["/moved-feed"] = redirect(f"http://127.0.0.1:{canary.port}/feed")
        found.feeds(web.url("/feed"), web.url("/moved-feed"), *feeds, every=1)
        found.up()
        yield found
        assert canary.knocks == [], "whatever was tried, nobody knocked"


def redirect(to: str) -> Page:
    return Page(b"", 302, {"Location": to})


def test_no_address_entered_by_hand_reaches_it(house: Service, canary: Canary) -> None:
    done = house.call("enqueue", *canary.spellings(), "--wait", "--json")
    assert done.code == 1
    assert done.rows
    assert {row["state"] for row in done.rows} == {"failed"}
    assert {row["reason"] for row in done.rows} <= {"address", "dns", "connect"}
    assert canary.knocks == []


def test_no_redirect_reaches_it_at_any_hop(house: Service, web: Site, canary: Canary) -> None:
    web.pages["/one"] = redirect(web.url("/two"))
    web.pages["/two"] = redirect(f"http://127.0.0.1:{canary.port}/inside")
    (row,) = house.call("enqueue", web.url("/one"), "--wait", "--json").rows
    assert row["reason"] == "address"
    assert canary.knocks == []


def test_no_feed_entry_and_no_feed_reaches_it(house: Service, web: Site, canary: Canary) -> None:
    items = [{"guid": f"c{n}", "title": f"t{n}", "link": url} for n, url in enumerate(canary.spellings())]
    good = web.show("/good", article("good"))
    web.show("/feed", rss(*items, {"guid": "good", "title": "good", "link": good}), content_type="application/rss+xml")
    until(lambda: house.events_of(good), 15, house.said)
    until(lambda: not house.account.busy(), 15, house.said)
    refused = {row["url"] for row in house.account.ended("failed") if row["reason"] == "address"}
    assert len(refused) > 5
    assert len(house.events()) == 1
    assert all("ok" not in f for f in house.account.feeds() if str(canary.port) in f["u"] or "moved" in f["u"])
    assert canary.knocks == []


def test_no_robots_file_reaches_it(house: Service, web: Site, rude: Site, canary: Canary) -> None:
    rude.pages["/robots.txt"] = redirect(f"http://127.0.0.1:{canary.port}/robots.txt")
    url = rude.show("/asks-robots", article("asks-robots"))
    web.show("/feed", rss({"guid": "r", "title": "r", "link": url}), content_type="application/rss+xml")
    until(lambda: rude.times("/robots.txt"), 15, house.said)
    until(lambda: house.state(url)["reason"], 15, house.said)
    assert rude.times("/asks-robots") == 0
    assert canary.knocks == []
