"""One poll after the other against a real site and server: what is asked, what is stored, and when it comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import pytest

from config.sources import Feed
from ingest.account import Account
from ingest.admission import Admission
from ingest.ledger import Ledger, Limits
from ingest.links import host
from ingest.model import Failed
from ingest.poll import BLIND, BLIND_FOR, PROOF, Poll, hint, moves, validators
from ingest.poller import about, feed_id
from ingest.reach import Reach
from ingest.referee import Judge
from ingest.store import Store
from ingest.web import Web
from tests.loopback import settings
from tests.site import Page, Site, rss, site

DAY = 86400.0
START = 1_800_000_000.0


@dataclass
class Reader:
    """Polls one feed again and again, on a clock of its own."""

    site: Site
    ledger: Ledger
    feed: Feed
    now: float = START
    limits: Limits = field(default_factory=lambda: Limits(lease=30, delay=0))

    def poll(self, after: float = 600.0) -> int:
        """One poll, some seconds after the one before; the number of new records."""
        self.now += after
        fid = feed_id(self.feed.url)
        self.ledger.enlist({})
        self.ledger.store.client.hdel("wiredesk:host:" + host(self.feed.url), "free")
        self.ledger.enlist({fid: about(self.feed)})  # listed anew it is due at once
        return asyncio.run(self._poll())

    async def _poll(self) -> int:
        (work,) = self.ledger.claim([("f", 1)], self.limits)
        chosen = settings("127.0.0.1", fetch_deadline=5)
        async with Web(chosen) as web:
            judge = Judge(1)
            try:
                poll = Poll(chosen, self.ledger, web, judge, Reach(), lambda: self.now)
                return await poll.run(work, self.feed, Admission(self.ledger, work.host, 0))
            finally:
                await judge.close()

    @property
    def state(self) -> dict[str, str]:
        return self.ledger.feed_state(feed_id(self.feed.url))

    @property
    def asked(self) -> dict[str, str]:
        """The fields of the last request."""
        return self.site.asked[-1][2]

    def due(self) -> float:
        """Seconds until the feed is polled next."""
        key = f"wiredesk:queue:f:{host(self.feed.url)}"
        ((_, at),) = self.ledger.store.client.zrange(key, 0, -1, withscores=True)
        return float(at) / 1000 - self.ledger.store.now()


@pytest.fixture(scope="module")
def news() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def reader(news: Site, ledger: Ledger) -> Reader:
    news.pages = {}
    news.asked = []
    return Reader(news, ledger, Feed(url=news.url("/feed"), name="f"))


def items(*numbers: int, **more: str) -> str:
    return rss(*({"title": f"T{n}", "link": f"http://news.test/{n}", "guid": f"g{n}", **more} for n in numbers))


def tagged(body: str, tag: str) -> Any:
    """An honest page: 304 for whoever has it already."""

    def answer(fields: dict[str, str]) -> Page:
        if fields.get("if-none-match") == tag:
            return Page(b"", 304, {"ETag": tag})
        return Page(body.encode(), 200, {"ETag": tag, "Content-Type": "application/rss+xml"})

    return answer


def test_validators_are_sent_back_as_they_came(reader: Reader) -> None:
    reader.site.show("/feed", items(1), ETag='"a"', Last_Modified="Sun, 01 Mar 2026 08:00:00 GMT")
    reader.poll()
    assert "if-none-match" not in reader.asked
    reader.poll()
    assert reader.asked["if-none-match"] == '"a"'
    assert reader.asked["if-modified-since"] == "Sun, 01 Mar 2026 08:00:00 GMT"


def test_all_entries_are_taken_before_a_304_may_hide_them(reader: Reader) -> None:
    reader.site.pages["/feed"] = tagged(items(*range(500)), '"a"')
    assert reader.poll() == 500
    assert reader.poll() == 0
    assert reader.site.times("/feed") == 2


def test_an_unchanged_answer_is_not_parsed(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.site.pages["/feed"] = tagged(items(1), '"a"')
    reader.poll()
    read: list[str] = []
    whole = Judge.read

    async def counted(self: Judge, *args: Any) -> Any:
        read.append(args[1])
        return await whole(self, *args)

    monkeypatch.setattr(Judge, "read", counted)
    reader.poll()  # 304
    reader.site.show("/feed", items(1), ETag='"b"')
    reader.poll()  # the same bytes again
    assert read == []
    assert reader.state["etag"] == '"b"'
    reader.site.show("/feed", items(1, 2), ETag='"c"')
    assert reader.poll() == 1
    assert len(read) == 1


def test_an_etag_that_stays_while_the_body_changes_is_never_believed_again(reader: Reader) -> None:
    reader.site.show("/feed", items(1), ETag='"same"')
    reader.poll()
    reader.site.show("/feed", items(1, 2), ETag='"same"')
    assert reader.poll() == 1
    reader.site.pages["/feed"] = tagged(items(1, 2, 3), '"same"')
    assert reader.poll() == 1
    assert "if-none-match" not in reader.asked


def test_a_server_that_answers_304_for_ever_is_asked_without_validators_now_and_then(reader: Reader) -> None:
    reader.site.pages["/feed"] = tagged(items(1), '"a"')
    reader.poll()
    reader.site.pages["/feed"] = tagged(items(1, 2), '"a"')  # changed, and says it has not
    found = [reader.poll(BLIND_FOR / 4) for _ in range(BLIND + 2)]
    assert sum(found) == 1
    assert reader.poll() == 0


def test_a_validator_that_could_not_be_sent_does_not_stop_the_feed(reader: Reader) -> None:
    reader.site.show("/feed", items(1), ETag='"\x80\xff"')
    reader.poll()
    reader.site.show("/feed", items(1, 2))
    assert reader.poll() == 1


def test_validators_are_stored_only_with_the_last_entries(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """A poller that dies between the parts of a poll leaves nothing that could answer 304."""
    reader.site.pages["/feed"] = tagged(items(*range(450)), '"a"')
    whole, calls = Ledger.discover, []

    def dies(self: Ledger, *args: Any) -> int:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "discover", dies)
        with pytest.raises(KeyboardInterrupt):
            reader.poll()
    assert Account(reader.ledger.store).law().discovered == 400
    assert "etag" not in reader.state
    reader.ledger.store.client.delete("wiredesk:leases")
    assert reader.poll() == 50
    assert reader.state["etag"] == '"a"'


@pytest.mark.parametrize("value", ["900", "date"])
def test_a_retry_after_is_honoured_for_the_feed_and_its_whole_host(reader: Reader, value: str) -> None:
    wait = value if value.isdigit() else formatdate(time.time() + 900, usegmt=True)
    reader.site.show("/feed", "", 429, Retry_After=wait)
    reader.poll()
    assert 890 < reader.due() <= 901
    reader.ledger.enqueue([(reader.site.url("/page"), host(reader.site.url()))])
    assert reader.ledger.claim([("u", 1)], reader.limits) == []


def test_a_feed_that_fails_for_long_is_still_asked_every_day_and_comes_back(reader: Reader) -> None:
    reader.site.show("/feed", "", 410)
    for _ in range(12):
        reader.poll(DAY)
    assert reader.due() <= DAY + 1
    assert int(reader.state["errors"]) == 12
    assert ": gone" in reader.state["error"]
    reader.site.show("/feed", items(1))
    assert reader.poll(DAY) == 1
    assert "error" not in reader.state
    assert reader.due() <= 3601


def test_a_soft_404_is_a_failure_that_forgets_no_entry(reader: Reader) -> None:
    reader.site.show("/feed", items(1), ETag='"a"')
    reader.poll()
    reader.site.show("/feed", "<html><body><h1>Page not found</h1></body></html>", ETag='"b"')
    assert reader.poll() == 0
    assert "no feed" in reader.state["error"]
    assert "etag" not in reader.state
    reader.site.show("/feed", items(1, 2))
    assert reader.poll() == 1


def test_a_bot_check_is_no_feed(reader: Reader) -> None:
    reader.site.show("/feed", items(1), 403, cf_mitigated="challenge")
    assert reader.poll() == 0
    assert "challenge" in reader.state["error"]


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe garbage", b"{", b"<rss><channel><item>", b"\x1f\x8bbroken"])
def test_a_feed_of_garbage_fails_in_one_line_and_is_asked_again(reader: Reader, body: bytes) -> None:
    reader.site.show("/feed", body)
    reader.poll()
    state = reader.state
    if "error" in state:
        assert "\n" not in state["error"]
        assert reader.due() <= 3601
    assert reader.due() > 0


def test_a_random_guid_at_each_poll_finds_each_entry_once(reader: Reader) -> None:
    for poll in range(4):
        reader.site.show("/feed", items(1, 2, guid=f"random-{poll}"))
        assert reader.poll() == (2 if poll == 0 else 0)


def test_zones_queries_and_guids_reach_the_record_as_the_feed_gave_them(reader: Reader) -> None:
    link = "http://news.test/a.php?id=7&page=2"
    reader.site.show("/feed", rss({"title": "T", "link": link, "pubDate": "Wed, 13 Jan 2027 23:30:00 -0500"}))
    reader.poll()
    store = reader.ledger.store
    (rid,) = [k.rpartition(b":")[2].decode() for k in store.client.scan_iter("wiredesk:record:*")]
    record = Account(store).record(rid)
    assert record["u"] == link
    assert "2027-01-13T23:30:00-05:00" in record["hint"]


def test_an_operators_interval_wins_over_every_guess(reader: Reader) -> None:
    reader.feed = Feed(url=reader.feed.url, name="f", every=7.0)
    reader.site.show("/feed", items(1), Cache_Control="max-age=900")
    reader.poll()
    assert reader.due() == pytest.approx(7.0, abs=0.5)


def test_a_secret_that_is_missing_fails_its_feed_only_and_by_name(reader: Reader) -> None:
    reader.feed = Feed(url=reader.feed.url, name="f", headers={"X-Api-Key": "env:WIREDESK_TEST_NOT_SET"})
    reader.site.show("/feed", items(1))
    assert reader.poll() == 0
    assert "WIREDESK_TEST_NOT_SET is not set" in reader.state["error"]
    assert reader.site.asked == []


def test_a_feed_that_lost_its_lease_stores_nothing(reader: Reader, store: Store) -> None:
    reader.site.show("/feed", items(1), ETag='"a"')
    fid = feed_id(reader.feed.url)

    def steal(fields: dict[str, str]) -> Page:
        store.client.hincrby("wiredesk:feed:" + fid, "fe", 1)
        return Page(items(1).encode())

    reader.site.pages["/feed"] = steal
    assert reader.poll() == 0
    assert Account(store).law().discovered == 0
    assert "etag" not in reader.state


# --- permanent redirects ---


def sightings(times: int, every: float, to: str | None = "http://new.test/feed") -> dict[str, Any]:
    state: dict[str, Any] = {}
    for i in range(times):
        state |= {k: str(v) for k, v in moves(state, "http://old.test/feed", to, START + i * every).items()}
    return state


def test_a_permanent_redirect_is_believed_only_after_days_and_many_sightings() -> None:
    assert "moved" not in sightings(1, 0)
    assert "moved" not in sightings(500, 60)  # many, all within hours
    assert "moved" not in sightings(3, 4 * DAY)  # long, but few
    assert sightings(20, PROOF[0] / 15)["moved"] == "http://new.test/feed"


def test_one_sighting_of_another_place_begins_the_proof_anew() -> None:
    state = sightings(9, DAY)
    state |= {k: str(v) for k, v in moves(state, "http://old.test/feed", "http://evil.test/", START + 10 * DAY).items()}
    state |= {k: str(v) for k, v in moves(state, "http://old.test/feed", "http://new.test/feed", START).items()}
    assert int(state["moving_seen"]) == 1
    assert "moved" not in state


def test_a_redirect_that_goes_away_is_forgotten() -> None:
    state = sightings(9, DAY)
    state |= moves(state, "http://old.test/feed", None, START + 10 * DAY)
    assert state["moving"] == ""


def test_a_believed_place_that_stops_answering_is_left_for_the_listed_one(reader: Reader) -> None:
    reader.site.pages["/feed"] = Page(b"", 301, {"Location": "/new"})
    reader.site.show("/new", items(1))
    for _ in range(12):
        reader.poll(DAY)
    reader.poll(DAY)
    assert reader.site.asked[-1][1] == "/new"
    assert reader.site.asked[-2][1] != "/feed" or reader.state["moved"]
    assert reader.state["moved"] == reader.site.url("/new")
    reader.site.show("/new", "", 404)
    reader.site.show("/feed", items(1, 2))
    assert sum(reader.poll(DAY) for _ in range(4)) == 1
    assert "moved" not in reader.state


@pytest.mark.parametrize(
    ("control", "every", "seconds"),
    [("max-age=900", 0, 900), ("max-age=60, public", 300, 300), ("no-store", 0, 0), ("max-age=x", 0, 0)],
)
def test_hints_come_from_the_feed_and_its_headers(control: str, every: float, seconds: float) -> None:
    assert hint({"cache-control": control}, every) == seconds


def test_validators_that_are_gone_overwrite_the_old_ones() -> None:
    assert validators({}) == {"etag": "", "modified": ""}
    assert len(validators({"etag": "x" * 9999})["etag"]) == 500


def test_every_reason_of_a_failed_poll_leaves_a_time_to_come_back(reader: Reader) -> None:
    for status in (400, 401, 403, 404, 410, 418, 429, 500, 503, 304, 206):
        reader.site.show("/feed", "", status)
        reader.poll(DAY)
        assert 0 < reader.due() <= DAY + 1, status
    assert Failed.STATUS.value in reader.state["error"]
