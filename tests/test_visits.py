"""Delivered pages on a site that edits, keeps and deletes them: what is asked, what a worker gets, what is said."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import redis

from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger, Work, address_key
from ingest.model import Entry
from ingest.parcel import unpack
from ingest.revisit import digest, validator
from ingest.store import Store, word
from tests.bench.orders import Order
from tests.bench.stage import Part, Plan, Stage
from tests.records import claim, discovered, event, taken
from tests.service import Service, service, until
from tests.site import Page, Site, article, prose, rss, site
from tests.test_pages import Fetcher

HOUR = 3600.0


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


# --- one fetch after the other, on a clock that can be moved ---


class Visitor(Fetcher):
    """A poller, and a worker that commits whatever text a page has."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.limits = replace(self.limits, looks=60_000, first=900.0)

    def go(self, after: float = 0.0, most: int = 10, also: tuple[tuple[str, int], ...] = (("r", 10),)) -> list[Work]:
        return super().go(after, most, also)

    def work(self) -> list[tuple[str, int]]:
        """Take every waiting page to its end; their addresses and what they say of being gone."""
        ledger, found = self.later(0), []
        for rid in self.store.client.zrange(keys.READY, 0, -1):
            held = taken(ledger, word(rid))
            parcel = unpack(held.page)
            found.append((held.record["u"], parcel.gone))
            if parcel.gone:
                body = {"keys": [address_key(u) for u in parcel.hops], "last": parcel.last, "id": "f" * 40, "wait": 1}
                assert ledger.withdraw(held, body, "{}").word == "done"
                continue
            more: dict[str, Any] = {
                "rv": [900_000, 1_800_000],
                "va": validator(parcel.headers),
                "vb": digest(parcel.body),
            }
            did, last = "", ""
            while True:
                made = claim(parcel.url, parcel.body.decode(), did=did, last=last, **more)
                answer = ledger.commit(held, made, event(made))
                if answer.word != "again":
                    break
                did, last = answer.document, answer.last
        ledger.store.close()
        return found


@pytest.fixture
def visitor(store: Store) -> Iterator[Visitor]:
    yield Visitor(store)
    assert Account(store).wrong() == []


def delivered(visitor: Visitor, web: Site, *paths: str) -> None:
    discovered(Ledger(visitor.store), *(Entry(guid=p, link=web.url(p), title=p) for p in paths))
    visitor.go()
    assert len(visitor.work()) == len(paths)


def tagged(text: str) -> Callable[[dict[str, str]], Page]:
    """A page with an ETag, by a server that keeps to the rules."""
    raw = article(text).encode()

    def answer(asked: dict[str, str]) -> Page:
        tag = f'"{text}"'
        return Page(b"", 304, {"ETag": tag}) if asked.get("if-none-match") == tag else Page(raw, 200, {"ETag": tag})

    return answer


def test_an_unchanged_page_answers_304_and_costs_no_worker(visitor: Visitor, web: Site) -> None:
    web.pages["/a"] = tagged("a")
    delivered(visitor, web, "/a")
    for wait in (901, 1000, 1950):
        assert len(visitor.go(wait)) == 1
        assert visitor.work() == []
    asked = [fields.get("if-none-match") for _, path, fields in web.asked if path == "/a"]
    assert asked == [None, '"a"', '"a"', '"a"']
    assert visitor.record(web.url("/a"))["fx"].split(", ")[1] == "304"


def test_the_same_bytes_without_a_validator_cost_no_worker_either(visitor: Visitor, web: Site) -> None:
    web.show("/a", article("a"))
    delivered(visitor, web, "/a")
    visitor.go(900)
    assert (visitor.work(), web.times("/a")) == ([], 2)


def test_a_changed_page_reaches_a_worker(visitor: Visitor, web: Site) -> None:
    web.pages["/a"] = tagged("a")
    delivered(visitor, web, "/a")
    web.pages["/a"] = tagged("b")
    visitor.go(900)
    assert visitor.work() == [(web.url("/a"), 0)]
    assert Account(visitor.store).law().events == {"created": 1, "updated": 1}


def test_a_server_that_always_says_304_is_found_out(visitor: Visitor, web: Site) -> None:
    liar = tagged("a")
    web.pages["/a"] = liar
    delivered(visitor, web, "/a")
    web.pages["/a"] = lambda asked: (
        liar(asked) if "if-none-match" in asked else Page(article("b").encode(), 200, {"ETag": '"a"'})
    )
    reached = []
    for n in range(12):
        visitor.go(900 * 2**n)
        reached += visitor.work()
    assert reached == [(web.url("/a"), 0)]
    asked = [fields for _, path, fields in web.asked if path == "/a"]
    assert "if-none-match" not in asked[-1]


def test_a_page_whose_worker_died_before_its_end_is_not_taken_for_known(visitor: Visitor, web: Site) -> None:
    web.pages["/a"] = tagged("a")
    delivered(visitor, web, "/a")
    web.pages["/a"] = tagged("b")
    visitor.go(900)
    ledger = visitor.later(0)
    (rid,) = visitor.store.client.zrange(keys.READY, 0, -1)
    assert not ledger.stumble(taken(ledger, word(rid)), "page-crashed", 1, "")
    visitor.go(2 * HOUR)
    assert visitor.work() == [(web.url("/a"), 0)], "its validator stands for the text before"


def test_a_page_that_robots_forbid_by_now_is_left_alone(visitor: Visitor, web: Site) -> None:
    web.show("/a", article("a"))
    visitor.enqueue(web.url("/a"))
    visitor.go()
    visitor.work()
    web.show("/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
    visitor.go(900)
    assert web.times("/a") == 1
    assert (visitor.record(web.url("/a"))["st"], visitor.record(web.url("/a"))["lr"]) == ("delivered", "robots")


def test_a_page_that_is_missing_for_a_day_while_others_answer_is_gone(visitor: Visitor, web: Site) -> None:
    for path in ("/a", "/b"):
        web.show(path, article(path))
    delivered(visitor, web, "/a", "/b")
    web.show("/a", "no", 404)
    said = []
    for _ in range(30):
        visitor.go(HOUR)
        said += visitor.work()
    assert said == [(web.url("/a"), 404)]
    assert Account(visitor.store).law().events == {"created": 2, "withdrawn": 1}
    assert web.times("/a") < 12


def test_a_page_that_is_missing_while_its_whole_host_is_down_is_not_gone(visitor: Visitor, web: Site) -> None:
    for path in ("/a", "/b"):
        web.show(path, article(path))
    delivered(visitor, web, "/a", "/b")
    web.show("/a", "no", 404)
    web.show("/b", "down", 503)
    for _ in range(60):
        visitor.go(HOUR)
        assert visitor.work() == []
    web.show("/a", article("/a"))
    for _ in range(30):
        visitor.go(HOUR)
        assert visitor.work() == []
    assert "gn" not in visitor.record(web.url("/a"))


def test_a_page_that_returns_after_it_was_withdrawn_reaches_a_worker_even_with_its_old_bytes(
    visitor: Visitor, web: Site
) -> None:
    for path in ("/a", "/b"):
        web.pages[path] = tagged(path)
    delivered(visitor, web, "/a", "/b")
    web.show("/a", "no", 410)
    said = []
    for _ in range(6):
        visitor.go(HOUR / 2)
        said += visitor.work()
    assert said == [(web.url("/a"), 410)]
    web.pages["/a"] = tagged("/a")
    visitor.go(30 * HOUR)
    assert (web.url("/a"), 0) in visitor.work()


@pytest.mark.parametrize("to", ["/", "/b"])
def test_a_redirect_is_no_page_that_is_gone(visitor: Visitor, web: Site, to: str) -> None:
    web.show("/", "<h1>front</h1>")
    for path in ("/a", "/b"):
        web.show(path, article(path))
    delivered(visitor, web, "/a", "/b")
    web.pages["/a"] = Page(b"", 302, {"Location": to})
    for _ in range(4):
        visitor.go(HOUR)
        assert all(not gone for _, gone in visitor.work())
    assert Account(visitor.store).law().events.get("withdrawn", 0) == 0


# --- the whole service ---

QUICK = {"REVISIT_AFTER": "0.5", "REVISITS": "6000"}


def feed_of(web: Site, *names: str) -> str:
    rows = ({"title": n, "link": web.url(f"/{n}"), "guid": n} for n in names)
    return web.show("/feed", rss(*rows), content_type="application/rss+xml")


def types(house: Service, url: str) -> list[str]:
    return [e["type"].split(".")[2] for e in house.events_of(url)]


@pytest.mark.timeout(90)
def test_edits_and_deletions_of_a_site_are_told_once_each(tmp_path: Path, web: Site) -> None:
    names = ("still", "edited", "deleted", "other")
    for name in names:
        web.pages[f"/{name}"] = tagged(name)
    with service(tmp_path, **QUICK) as house:
        house.feeds(feed_of(web, *names), every=600)
        house.up()
        until(lambda: house.account.law().states["delivered"] == 4, 20, house.said)
        web.pages["/edited"] = tagged("edited-again")
        web.show("/deleted", "gone", 410)
        edited, deleted = web.url("/edited"), web.url("/deleted")
        until(lambda: len(house.events_of(edited)) == 2 and len(house.events_of(deleted)) == 2, 40, house.said)
        until(lambda: web.times("/still") >= 4, 40, house.said)
        assert types(house, edited) == ["created", "updated"]
        assert types(house, deleted) == ["created", "withdrawn"]
        first, last = house.events_of(deleted)
        assert last["previous"] == first["id"]
        assert not {"title", "contenthash", "text"} & set(last)
        assert (last["data"]["pubStatus"], last["data"]["version"]) == ("canceled", "2")
        assert {(i["role"], i["value"]) for i in first["data"]["altIds"]} <= {
            (i["role"], i["value"]) for i in last["data"]["altIds"]
        }
        assert house.state(deleted)["state"] == "delivered"
        assert len(house.events_of(web.url("/still"))) == 1
        asked = [f.get("if-none-match") for _, p, f in web.asked if p == "/still"]
        assert asked[1:4] == ['"still"'] * 3
        said = house.log.read_text("utf-8")
        assert said.count("page_handed_off") == 5, "four pages and one edit; nothing else reached a worker"
        queues = house.call("status", "--json").row["queues"]
        assert (queues["looks"], queues["looks_an_hour"] >= 8) == (4, True)
        assert house.call("check").code == 0


def stamp(minutes: int, seconds: int = 0) -> str:
    """A date of a feed, so long after yesterday: what is old when a feed is polled first is no news."""
    return format_datetime(
        datetime.now(UTC) - timedelta(days=1) + timedelta(minutes=minutes, seconds=seconds), usegmt=True
    )


def text_feed(web: Site, minutes: int, words: str) -> str:
    """A feed of one whole text."""
    row = {
        "title": "T",
        "link": web.url("/page"),
        "guid": "g",
        "pubDate": stamp(minutes),
        "description": f"<p>{words}</p>",
    }
    return web.show("/feed", rss(row), content_type="application/rss+xml")


@pytest.mark.timeout(60)
def test_a_text_that_changes_in_its_feed_is_a_version_and_its_page_is_never_asked_for(
    tmp_path: Path, web: Site
) -> None:
    one, two = (" ".join(prose(seed)) for seed in ("one", "two"))
    with service(tmp_path, **QUICK) as house:
        house.feeds(text_feed(web, 0, one), every=1, full_text=True)
        house.up()
        until(lambda: len(house.events()) == 1, 20, house.said)
        text_feed(web, 60, one)
        time.sleep(3)
        assert len(house.events()) == 1, "another date over the same text"
        text_feed(web, 120, two)
        until(lambda: len(house.events()) == 2, 20, house.said)
        assert types(house, web.url("/page")) == ["created", "updated"]
        assert house.events()[1]["text"].startswith(two[:40])
        assert web.times("/page") == 0
        assert house.call("check").code == 0


@pytest.mark.timeout(60)
def test_a_feed_that_stamps_every_poll_cannot_make_us_hammer_its_pages(tmp_path: Path, web: Site) -> None:
    web.pages["/a"] = tagged("a")
    polls = iter(range(10**6))

    def stamped(_: dict[str, str]) -> Page:
        now = stamp(0, next(polls))
        return Page(
            rss({"title": "T", "link": web.url("/a"), "guid": "g", "pubDate": now}).encode(),
            200,
            {"Content-Type": "application/rss+xml"},
        )

    web.pages["/feed"] = stamped
    with service(tmp_path, **QUICK) as house:
        house.feeds(web.url("/feed"), every=1)
        house.up()
        until(lambda: web.times("/feed") > 20, 40, house.said)
        assert web.times("/a") <= 12
        assert len(house.events()) == 1


class Deserted(Stage):
    """The service beside a site of ours, its processes killed at named points and started again."""

    def __init__(self, folder: Path, feed: str) -> None:
        super().__init__(folder, Plan())
        self.feed = feed

    def environ(self) -> dict[str, str]:
        return super().environ() | {f"WIREDESK_{k}": v for k, v in QUICK.items()}

    def open(self) -> None:
        (self.folder / "config").mkdir()
        (self.folder / "config" / "feeds.toml").write_text(f'[[feed]]\nurl = "{self.feed}"\nevery = 600\n')
        self.server.start()
        self._note_server(self.server.pid)
        self.parts += [Part("poller-0", ["poll"]), Part("parent", ["work", "-n", "1"])]
        self.tend()

    def until(self, condition: Callable[[], Any], seconds: float) -> None:
        def tended() -> Any:
            self.tend()
            return condition()

        until(tended, seconds, lambda: (self.folder / "service.log").read_text()[-4000:])


@pytest.mark.timeout(180)
@pytest.mark.skipif(sys.platform != "linux", reason="finds its processes in /proc")
def test_whatever_is_killed_a_document_is_withdrawn_once(tmp_path: Path, web: Site) -> None:
    orders = (
        Order("poller:before:looked"),
        Order("poller:after:fetched"),
        Order("worker:after:take"),
        Order("worker:before:withdraw"),
        Order("worker:after:withdraw"),
        Order("worker:after:withdraw", "server"),
    )
    names = [f"p{n}" for n in range(len(orders))]
    for name in (*names, "other"):
        web.pages[f"/{name}"] = tagged(name)
    stage = Deserted(tmp_path, feed_of(web, *names, "other"))
    try:
        stage.open()
        account = Account(stage.store())
        stage.until(lambda: account.law().states["delivered"] == len(names) + 1, 30)
        rids = [account.find(web.url(f"/{name}"))[0] for name in names]
        armed = [stage.orders.arm(replace(o, about=rid)) for o, rid in zip(orders, rids, strict=True)]
        edits = iter(range(10**6))
        web.pages["/other"] = lambda _: Page(article(f"other {next(edits)}").encode())  # a page that is there meanwhile
        for name in names:
            web.show(f"/{name}", "gone", 410)
        stage.until(lambda: withdrawn(stage) == len(names), 60)
        assert not any(stage.orders.withdraw(order) for order in armed), "somebody came by every point"
        web.pages["/other"] = tagged("other")
        stage.until(lambda: not account.busy(), 30)
        time.sleep(2)
        kinds = [e["type"].split(".")[2] for e in outs(stage)]
        assert kinds.count("withdrawn") == len(names)
        assert kinds.count("created") == len(names) + 1
        assert account.wrong() == []
        assert account.law().waiting == 0
        account.store.close()
    finally:
        stage.close()


def outs(stage: Stage) -> list[dict[str, Any]]:
    rows: Any = stage.client().xrange(keys.STREAM)
    return [json.loads(fields[b"event"]) for _, fields in rows]


def withdrawn(stage: Stage) -> int:
    try:
        return len({e["subject"] for e in outs(stage) if e["type"].endswith("withdrawn.v1")})
    except redis.RedisError:
        return 0
