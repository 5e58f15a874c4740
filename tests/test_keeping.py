"""What is kept and for how long: RETENTION for everybody, STREAM_BYTES with a loud pause, and who holds it up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from config.settings import Settings
from config.taggers import Tagger
from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger
from ingest.store import Store
from tests.records import LIMITS, commit, entry, fetch, listed, pages, poll, taken
from workers.dispatch import Dispatch
from workers.survey import Survey
from workers.trim import Trim

DAY = 86400.0
RETENTION = 14 * DAY
TEXTS = 10


@pytest.fixture(autouse=True)
def lawful(store: Store) -> Iterator[None]:
    """Whatever is let go, the counters add up."""
    yield
    assert Account(store).wrong() == []


@pytest.fixture
def stream(store: Store, ledger: Ledger) -> list[str]:
    """TEXTS documents, committed one by one; their stream ids."""
    listed(ledger)
    (work,) = ledger.claim([("f", 1)], LIMITS)
    poll(ledger, work, *(entry(i) for i in range(TEXTS)))
    for found in pages(ledger, TEXTS):
        commit(ledger, taken(ledger, fetch(ledger, found)), found.url, f"text of {found.url}")
    return [sid.decode() for sid, _ in store.client.xrange(keys.STREAM)]


def trim(store: Store, after: float = 0.0, stream_bytes: int = 10**9) -> Trim:
    """The trimming as it will be some seconds later."""
    later = Store(store.url, RETENTION, skew=int(after * 1000))
    return Trim(later, Settings(retention=RETENTION / DAY, stream_bytes=stream_bytes))


def group(store: Store, name: str, upto: str = "", acknowledged: bool = True) -> None:
    """A consumer group that has read as far as a stream id."""
    client = store.client
    client.xgroup_create(keys.STREAM, name, "0")
    ids = [sid for sid, _ in client.xrange(keys.STREAM, "-", upto)] if upto else []
    if ids:
        client.xreadgroup(name, "c", {keys.STREAM: ">"}, len(ids))
        if acknowledged:
            client.xack(keys.STREAM, name, *ids)


def left(store: Store) -> int:
    return int(store.client.xlen(keys.STREAM))


def unread(store: Store) -> int:
    return int(store.client.hget(keys.COUNTERS, "unread") or 0)


def one_event(store: Store) -> int:
    return len(store.client.xrange(keys.STREAM, count=1)[0][1][b"event"])


# --- RETENTION ---


def test_events_are_kept_for_retention_whoever_has_read_them(store: Store, stream: list[str]) -> None:
    group(store, "quick", stream[-1])
    trim(store, RETENTION - 60).run()
    assert left(store) == TEXTS
    trim(store, RETENTION + 60).run()
    assert left(store) == 0
    assert Account(store).law().stream == 0
    assert Account(store).law().trimmed == TEXTS


def test_events_that_expire_unread_are_counted_each(store: Store, stream: list[str]) -> None:
    group(store, "quick", stream[-1])
    group(store, "slow", stream[3])
    trim(store, RETENTION + 60).run()
    assert left(store) == 0
    assert unread(store) == TEXTS - 4


def test_events_read_and_not_acknowledged_count_as_unread(store: Store, stream: list[str]) -> None:
    group(store, "dead", stream[3], acknowledged=False)
    trim(store, RETENTION + 60).run()
    assert unread(store) == TEXTS


def test_a_reader_that_has_read_everything_loses_nothing_in_a_quiet_month(store: Store, stream: list[str]) -> None:
    group(store, "quick", stream[-1])
    trim(store, 3 * RETENTION).run()
    assert left(store) == 0
    assert unread(store) == 0


def test_a_reader_still_sees_its_true_lag_after_trimming(store: Store, stream: list[str]) -> None:
    group(store, "slow", stream[1])
    group(store, "none")
    trim(store, stream_bytes=1).run()
    assert left(store) == TEXTS, "nobody has acknowledged the oldest"
    store.client.xgroup_setid(keys.STREAM, "none", stream[1])
    store.run("trim", stream[1], 100)
    lags = {r.name: r.lag for r in trim(store).readers()}
    assert lags["slow"] == TEXTS - 2
    group(store, "new")
    assert {r.name: r.lag for r in trim(store).readers()}["new"] == TEXTS - 2


def test_a_reader_that_lost_events_never_looks_as_if_it_were_done(store: Store, stream: list[str]) -> None:
    group(store, "slow", stream[1])
    group(store, "none")
    store.run("trim", stream[5], 100)
    assert all(r.lag >= TEXTS - 6 for r in trim(store).readers())  # a server may count the lost ones or not


def test_a_new_event_is_readable_after_everything_expired(store: Store, ledger: Ledger, stream: list[str]) -> None:
    group(store, "quick", stream[-1])
    trim(store, RETENTION + 60).run()
    ledger.enqueue([("http://news.test/new", "news.test")])
    (found,) = pages(ledger)
    commit(ledger, taken(ledger, fetch(ledger, found)), found.url, "a new text")
    ((_, rows),) = store.client.xreadgroup("quick", "c", {keys.STREAM: ">"})
    assert len(rows) == 1


# --- STREAM_BYTES ---


def test_over_its_bytes_the_stream_lets_acknowledged_events_go_first(store: Store, stream: list[str]) -> None:
    group(store, "quick", stream[-1])
    group(store, "slow", stream[3])
    trim(store, stream_bytes=one_event(store) * 8).run()
    kept = [sid.decode() for sid, _ in store.client.xrange(keys.STREAM)]
    assert set(stream[4:]) <= set(kept)
    assert Account(store).alarms() == {}
    assert unread(store) == 0


def test_over_its_bytes_with_unread_events_intake_pauses_loudly_and_resumes(
    store: Store, ledger: Ledger, stream: list[str]
) -> None:
    group(store, "quick", stream[-1])
    group(store, "slow", stream[3])
    most = one_event(store) * 3
    trim(store, stream_bytes=most).run()
    assert left(store) == TEXTS - 4, "unread events stay"
    alarm = Account(store).alarms()["paused"]
    assert "group slow holds the tail" in alarm
    assert "intake paused" in Survey(store, Settings()).status()["alarms"]["paused"]

    (work,) = ledger.claim([("f", 1)], LIMITS) or (None,)
    assert work is None, "no feed is polled"
    store.client.xreadgroup("slow", "c", {keys.STREAM: ">"})
    store.client.xack(keys.STREAM, "slow", *stream[4:])
    trim(store, stream_bytes=most).run()
    assert Account(store).alarms() == {}
    assert Account(store).law().stream <= most


def test_pages_and_feeds_wait_out_a_pause_and_addresses_by_hand_do_not(
    store: Store, ledger: Ledger, stream: list[str]
) -> None:
    listed(ledger, "feed1", "feed2")
    group(store, "slow")
    trim(store, stream_bytes=1).run()
    assert ledger.claim([("u", 9), ("f", 9), ("p", 9)], LIMITS) == []
    ledger.enqueue([("http://news.test/hand", "news.test")])
    assert [w.url for w in ledger.claim([("u", 9), ("f", 9), ("p", 9)], LIMITS)] == ["http://news.test/hand"]


def test_with_nobody_to_acknowledge_a_full_stream_pauses_and_says_so(store: Store, stream: list[str]) -> None:
    trim(store, stream_bytes=1).run()
    assert left(store) == TEXTS
    assert "nobody acknowledges" in Account(store).alarms()["paused"]


def test_unread_events_leave_a_full_stream_only_past_retention(store: Store, stream: list[str]) -> None:
    group(store, "dead")
    trim(store, stream_bytes=1).run()
    assert left(store) == TEXTS
    trim(store, RETENTION + 60, stream_bytes=1).run()
    assert left(store) == 0
    assert unread(store) == TEXTS
    assert Account(store).alarms() == {}


def test_an_rq_tagger_holds_the_tail_as_a_group_does(store: Store, stream: list[str]) -> None:
    group(store, "quick", stream[-1])
    Dispatch(store).cursor(Tagger("places", "a.b", "beginning"))
    status = Survey(store, Settings()).status()
    assert status["tail"] == {"kind": "tagger", "name": "places", "position": "0-0"}
    lags = {t["name"]: t["lag"] for t in status["taggers"]}
    assert lags == {"quick": 0, "places": TEXTS}
    trim(store, stream_bytes=1).run()
    assert left(store) == TEXTS
    assert "tagger places holds the tail" in Account(store).alarms()["paused"]


# --- records and marks ---


def test_records_documents_and_addresses_age_with_their_events(store: Store, ledger: Ledger, stream: list[str]) -> None:
    later = Store(store.url, RETENTION, skew=int((RETENTION + 3 * DAY) * 1000))
    while later.run("age", 100):
        pass
    assert list(store.client.scan_iter(keys.RECORD + "*")) == []
    law = Account(store).law()
    assert (law.discovered, law.states["delivered"], law.aged["delivered"]) == (TEXTS, TEXTS, TEXTS)
    for prefix in (keys.DOC, keys.URL, keys.TEXT, keys.EVENT):
        lives = [store.client.pttl(k) for k in store.client.scan_iter(prefix + "*")]
        assert lives
        assert all(0 < ms <= (RETENTION + DAY) * 1000 for ms in lives), prefix
    later.close()


def test_a_pending_record_never_ages(store: Store, ledger: Ledger) -> None:
    listed(ledger)
    (work,) = ledger.claim([("f", 1)], LIMITS)
    poll(ledger, work, entry(1))
    later = Store(store.url, RETENTION, skew=int(10 * RETENTION * 1000))
    while later.run("age", 100):
        pass
    assert Account(store).law().states["pending"] == 1
    assert len(list(store.client.scan_iter(keys.RECORD + "*"))) == 1
    later.close()


def test_a_mark_and_a_record_are_small(store: Store, stream: list[str]) -> None:
    """Bytes of a delivered record without its event, and of a seen mark."""
    size: Any = store.client.memory_usage
    per = {
        prefix: sum(size(k) for k in store.client.scan_iter(prefix + "*")) / TEXTS
        for prefix in (keys.RECORD, keys.DOC, keys.URL, keys.GUID, keys.TEXT, keys.EVENT)
    }
    print(json.dumps(per))
    assert sum(per.values()) <= 1400  # small documents of one test: the benchmark holds the promise of 1 KB
