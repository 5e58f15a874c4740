"""The watch over sites: pages counted once, alarms rung and ended, little kept, old things let go."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from config.settings import load
from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger
from ingest.links import host
from ingest.model import Article, Rejected
from ingest.parcel import Parcel
from ingest.store import Store
from tests.records import claim, discovered, entry, event, fetch, pages, taken
from workers import drift, handoff
from workers.cli import status
from workers.cli.check import findings
from workers.framing import Refusal
from workers.handoff import Handoff
from workers.keeper import Keeper
from workers.survey import Survey
from workers.watch import PREFIX, Watch, ringing

SITE = "news.test"
DAY = 86400.0


@pytest.fixture(autouse=True)
def lawful(store: Store) -> Iterator[None]:
    structlog.reset_defaults()
    yield
    assert Account(store).wrong() == []


class Press:
    """A site whose pages are put into a worker's hands one by one and ended as a worker ends them."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self.ledger, self.handoff, self.number = ledger, Handoff(ledger, store.now), 0
        self.dice = random.Random(4)

    def page(self, url: str = "") -> Any:
        self.number += 1
        address = url or f"http://{SITE}/{self.number}"
        self.ledger.enqueue([(address, host(address))])
        (work,) = pages(self.ledger)
        return taken(self.ledger, fetch(self.ledger, work))

    def parcel(self, page: Any, **more: Any) -> Parcel:
        return Parcel(page.record["u"], b"", 1_800_000_000.0, {}, (page.record["u"],), **more)

    def articles(self, number: int, words: int, **more: Any) -> None:
        for _ in range(number):
            page = self.page()
            parts = [f"{self.dice.random()} " + "word " * 40] * max(1, int(words * self.dice.uniform(0.6, 1.4)) // 40)
            self.handoff.deliver(page, self.parcel(page), Article(text="\n\n".join(parts)[: words * 8], **more))

    def refusals(self, number: int, reason: Rejected = Rejected.SCRIPT_ONLY) -> None:
        for _ in range(number):
            page = self.page()
            self.handoff.refuse(page, self.parcel(page), Refusal(reason, "empty"))


@pytest.fixture
def press(store: Store, ledger: Ledger) -> Press:
    return Press(store, ledger)


@pytest.fixture
def drifted(press: Press, store: Store) -> Press:
    """A site whose text has collapsed, and whose alarm rings."""
    press.articles(30, 600)
    press.articles(10, 40)
    Watch(store).run()
    assert ringing(store)
    return press


def kept(store: Store, site: str = SITE) -> dict[str, str]:
    return {k.decode(): v.decode() for k, v in store.client.hgetall(keys.SITE + site).items()}


def counted(store: Store, site: str = SITE) -> int:
    return int(kept(store, site).get("n", 0))


def alarms(store: Store) -> dict[str, str]:
    return {k: v for k, v in Account(store).alarms().items() if k.startswith(PREFIX)}


# --- what is counted ---


def test_a_commit_that_is_repeated_counts_its_page_once(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1))
    (work,) = pages(ledger)
    held = taken(ledger, fetch(ledger, work))
    body = claim(work.url, "text", site=SITE, sm="0A0B")
    for _ in range(3):
        ledger.commit(held, body, event(body))
    assert kept(store)["m"] == "0A0B"
    assert counted(store) == 1


def test_a_refusal_that_is_repeated_counts_its_page_once(press: Press, store: Store) -> None:
    page = press.page()
    done = [press.handoff.refuse(page, press.parcel(page), Refusal(Rejected.NO_TEXT, "")) for _ in range(3)]
    assert done == [True, False, False]
    assert drift.history(kept(store)["m"]).reasons == ["no-text"]


def test_a_commit_that_must_be_built_again_counts_its_page_once(press: Press, store: Store) -> None:
    press.articles(1, 100)
    page = press.page(f"http://{SITE}/1?utm_source=x")
    parcel = press.parcel(page)
    answer = press.handoff.deliver(page, Parcel(f"http://{SITE}/1", b"", parcel.at), Article(text="another " * 30))
    assert (answer.word, answer.version) == ("done", 2)
    assert counted(store) == 2


def test_a_look_at_a_page_that_was_counted_is_not_counted_again(press: Press, store: Store) -> None:
    press.articles(2, 100)
    for text in ("first " * 50, "second " * 50):
        page = press.page(f"http://{SITE}/1")
        press.handoff.deliver(page, press.parcel(page), Article(text=text))
    assert counted(store) == 2


def test_pages_that_all_have_one_text_are_counted_though_they_are_merged(press: Press, store: Store) -> None:
    for _ in range(3):
        page = press.page()
        press.handoff.deliver(page, press.parcel(page), Article(text="We value your privacy. " * 20))
    assert Account(store).law().states["merged"] == 2
    assert counted(store) == 3


def test_a_page_counts_for_the_host_that_showed_it_in_the_end(press: Press, store: Store) -> None:
    page = press.page("http://short.test/x")
    press.handoff.deliver(page, Parcel("http://News.test/long#top", b"", 0.0), Article(text="a " * 50))
    assert [counted(store, s) for s in (SITE, "short.test")] == [1, 0]


def test_texts_that_stand_in_a_feed_are_another_template_than_the_pages(press: Press, store: Store) -> None:
    page = press.page()
    press.handoff.deliver(page, press.parcel(page, inline=True), Article(text="a " * 50))
    assert [counted(store, s) for s in (SITE, f"{SITE} feed")] == [0, 1]


def test_an_address_that_cannot_be_asked_for_is_a_site_too() -> None:
    assert handoff.site(Parcel("urn:x", b"", 0.0, inline=True)) == "unknown feed"


def test_what_never_became_a_page_is_not_counted(press: Press, ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1))
    (work,) = pages(ledger)
    held = taken(ledger, fetch(ledger, work))
    assert ledger.refuse(held, "rejected", "robots", "")
    ledger.stumble(press.page(), "page-crashed", 1, "")
    assert store.client.exists(keys.SITES) == 0


# --- how much is kept ---


def test_a_site_keeps_a_bounded_history(press: Press, store: Store) -> None:
    key = keys.SITE + SITE
    store.client.hset(key, mapping={"m": "0A0B" * 400, "ex": handoff.READER, "r": ("r" * 16 + " ") * 20, "n": 5000})
    press.articles(3, 50)
    assert len(kept(store)["m"]) == 1600
    assert len(kept(store)["r"].split()) == 20
    assert counted(store) == 5003
    assert store.client.memory_usage(key) < 3000
    assert 0 < store.client.pttl(key) <= 15 * DAY * 1000


def test_of_many_sites_the_least_recent_goes(press: Press, store: Store) -> None:
    store.client.zadd(keys.SITES, {f"site{i}": i for i in range(10_000)})
    store.client.hset(keys.SITE + "site0", "m", "0A0B")
    press.articles(1, 50)
    assert store.client.zcard(keys.SITES) == 10_000
    assert store.client.exists(keys.SITE + "site0") == 0
    assert store.client.zscore(keys.SITES, SITE)


def test_another_extractor_starts_a_site_anew(press: Press, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    press.articles(30, 600)
    monkeypatch.setattr(handoff, "READER", "anotherX")
    press.articles(12, 40)
    assert len(drift.history(kept(store)["m"]).reasons) == 12
    Watch(store).run()
    assert alarms(store) == {}


# --- alarms ---


def test_a_collapse_is_told_by_status_check_and_log_within_twenty_articles(press: Press, store: Store) -> None:
    watch = Watch(store)
    press.articles(30, 600)
    watch.run()
    assert alarms(store) == {}
    with capture_logs() as logged:
        for _ in range(20):
            press.articles(1, 40)
            watch.run()
    (text,) = alarms(store).values()
    assert "characters of text went from about" in text
    (row,) = Survey(store, load({})).status()["drift"]
    assert row["site"] == SITE
    (change, *_) = row["changes"]
    assert change["name"] == "characters"
    assert change["before"] > 4 * change["after"]
    assert row["since"] in text
    assert int(row["example"].rpartition("/")[2]) > 30, "a page from after the change"
    assert Account(store).find(row["example"])
    assert [(line["event"], line["log_level"]) for line in logged][:1] == [("site_drift", "error")]
    assert logged[0]["example"] == row["example"]
    assert sum(line["event"] == "site_drift" for line in logged) <= 3, "once for each thing that changed"
    said = status.lines(Survey(store, load({})).status())
    assert any(line.startswith(f"ALARM      drift {SITE}: ") and row["example"] in line for line in said)
    found = list(findings(load({"WIREDESK_REDIS_URL": store.url})))
    assert any(f"alarm drift {SITE}" in line and "wiredesk extract" in line for line in found)


def test_refused_pages_are_told_with_an_example_that_was_refused(press: Press, store: Store) -> None:
    press.articles(30, 300)
    press.refusals(9)
    Watch(store).run()
    (row,) = ringing(store)
    assert row["changes"] == [{"name": "refused", "before": 0, "after": 100, "reason": "script-only"}]
    (rid,) = Account(store).find(row["example"])
    assert Account(store).record(rid)["r"] == "script-only"
    assert "pages refused went from 0 % to 100 %, mostly script-only" in alarms(store)[PREFIX + SITE]


def test_since_when_is_the_first_page_that_shows_it(press: Press, store: Store) -> None:
    press.articles(30, 300)
    press.refusals(9)
    Watch(store).run()
    first = int(Account(store).record(kept(store)["r"].split()[8])["e"]) / 1000
    assert json.loads(kept(store)["al"])["since"] == first


def test_an_alarm_rings_once_however_often_the_site_is_looked_at(drifted: Press, store: Store) -> None:
    before = alarms(store)
    with capture_logs() as logged:
        for _ in range(3):
            Watch(store).run()
    assert [line for line in logged if line["event"].startswith("site_drift")] == []
    assert alarms(store) == before


def test_an_alarm_ends_when_the_text_is_back_and_rings_again_when_it_goes(drifted: Press, store: Store) -> None:
    watch = Watch(store)
    with capture_logs() as logged:
        drifted.articles(12, 600)
        watch.run()
    assert alarms(store) == {}
    assert [(x["event"], x["how"]) for x in logged if "how" in x] == [("site_drift_over", "returned")]
    assert not {"al", "old"} & kept(store).keys()
    for _ in range(10):
        drifted.articles(1, 600)
        watch.run()
    assert alarms(store) == {}, "the time between is forgotten, so that coming back is no drift"
    drifted.articles(12, 40)
    watch.run()
    assert len(alarms(store)) == 1


def test_an_alarm_ends_when_the_new_level_has_become_the_usual_one(drifted: Press, store: Store) -> None:
    drifted.articles(drift.SETTLED, 40)
    Watch(store).run()
    assert len(alarms(store)) == 1
    later = Store(store.url, 14 * DAY, skew=int((DAY + 60) * 1000))
    Watch(later).run()
    assert alarms(store) == {}
    assert len(drift.history(kept(store)["m"]).reasons) == 100
    drifted.articles(5, 40)
    Watch(later).run()
    assert alarms(store) == {}
    later.close()


def test_an_alarm_outlives_a_new_extractor_and_ends_when_that_mends_the_text(
    drifted: Press, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handoff, "READER", "anotherX")
    drifted.articles(9, 40)
    Watch(store).run()
    assert len(alarms(store)) == 1
    drifted.articles(12, 600)
    Watch(store).run()
    assert alarms(store) == {}
    assert len(drift.history(kept(store)["m"]).reasons) == 12


def test_two_keepers_ring_one_alarm(press: Press, store: Store) -> None:
    press.articles(30, 600)
    press.articles(10, 40)
    for _ in range(2):
        Watch(store).run()
    assert len(alarms(store)) == 1
    old = kept(store)["old"]
    assert 30 <= len(drift.history(old).reasons) <= 31


def test_a_site_is_looked_at_only_when_a_page_of_it_has_ended(press: Press, store: Store) -> None:
    watch = Watch(store)
    press.articles(3, 50)
    assert [watch.run(), watch.run()] == [1, 0]
    store.client.zadd(keys.SITES, {f"site{i}": 5.0 for i in range(500)})
    fresh = Watch(store)
    assert sum(fresh.run() for _ in range(10)) == 501, "many sites of one instant are each looked at"
    press.articles(1, 50)
    assert [watch.run(), fresh.run(), fresh.run()] == [1, 1, 0]


def test_the_alarm_of_a_site_that_shows_nothing_any_more_ends_with_its_retention(drifted: Press, store: Store) -> None:
    later = Store(store.url, 14 * DAY, skew=int(15 * DAY * 1000))
    watch = Watch(later)
    watch.tidy(16 * DAY)
    assert len(alarms(store)) == 1
    watch.tidy(14 * DAY)
    assert alarms(store) == {}
    assert store.client.zcard(keys.SITES) == 0
    later.close()


def test_the_keeper_watches(press: Press, store: Store) -> None:
    press.articles(30, 600)
    press.articles(10, 40)
    Keeper(load({}), store, list).round(1e9)
    assert len(alarms(store)) == 1


def test_many_alarms_do_not_fill_a_screen() -> None:
    found: dict[str, Any] = {
        "discovered": 0, "law": True, "events": {}, "oldest_pending_s": 0, "queues": {}, "taggers": [], "tail": None,
        "feeds": {"counts": {}, "trouble": []}, "memory": {}, "processes": {}, "relations": {"documents": 0},
        "alarms": {"paused": "x", **{f"{PREFIX}site{i}": "text" for i in range(50)}},
    } | dict.fromkeys(("pending", "delivered", "merged", "rejected", "failed"), 0)  # fmt: skip
    rung = [line for line in status.lines(found) if line.startswith("ALARM")]
    assert len(rung) == status.SITES + 2
    assert "30 more sites" in rung[-1]
