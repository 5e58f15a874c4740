"""Looks at delivered pages in the ledger, on clocks that can be moved: who is looked at, when, what a look leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest import keys
from ingest.account import Account
from ingest.ledger import Answer, Ledger, Limits, Setback, Taken, Work, address_key
from ingest.look import Unread
from ingest.model import Entry
from ingest.parcel import Parcel, pack, unpack
from ingest.schedule import NEVER, Absence
from ingest.store import Store
from tests.records import FEED, commit, discovered, entry, feed_work, listed, pages, poll, taken

RETENTION = 14 * 86400.0
DAY = 86400.0
FIRST = 900.0
LOOKS = Limits(lease=30, delay=0, each=50, looks=600, first=FIRST)
PLAN = {"rv": [int(FIRST * 1000), 1_800_000], "va": 'e"1"', "vb": "body"}


@pytest.fixture(autouse=True)
def lawful(store: Store) -> Iterator[None]:
    """After every test the counters add up and agree with a recount, and every planned look is counted."""
    yield
    assert Account(store).wrong() == []
    lines = [store.client.zcard(k) for k in store.client.scan_iter(keys.QUEUE + "r:*")]
    assert int(store.client.hget(keys.COUNTERS, "planned") or 0) == sum(lines)


@pytest.fixture
def clock(store: Store) -> Iterator[Any]:
    """The ledger as it will be some seconds from now."""
    opened: list[Store] = []

    def at(seconds: float) -> Ledger:
        opened.append(Store(store.url, RETENTION, skew=int(seconds * 1000)))
        return Ledger(opened[-1])

    yield at
    for found in opened:
        found.close()


def looks(ledger: Ledger, limits: Limits = LOOKS, most: int = 100) -> list[Work]:
    return ledger.claim([("u", 0), ("p", 0), ("r", most)], limits)


def kept(ledger: Ledger, work: Work, body: bytes = b"<p>x", **more: Any) -> Taken:
    """A page that came, in a worker's hands."""
    parcel = pack(Parcel(work.url, body, 0.0, hops=(work.url,), **more))
    assert ledger.fetched(work, parcel, "[0,200,4]", bool(more.get("gone")))
    return taken(ledger, work.id)


def deliver(ledger: Ledger, work: Work, text: str = "some text", **more: Any) -> Answer:
    return commit(ledger, kept(ledger, work), work.url, text, **{**PLAN, **more})


def delivered(ledger: Ledger, *entries: Entry) -> list[Work]:
    """Entries of a feed, delivered; their pages' works."""
    discovered(ledger, *entries)
    done: list[Work] = []
    while works := pages(ledger, 100):
        for work in works:
            assert deliver(ledger, work, f"text of {work.url}").word == "done"
        done += works
    return done


def one(found: list[Work]) -> Work:
    (work,) = found
    return work


def unchanged(ledger: Ledger, work: Work, wait: float = 1800.0, **more: Any) -> bool:
    return ledger.looked(work, Unread(wait, "[0,304,0]", **more))


def missing(ledger: Ledger, work: Work, seen: Absence, wait: float = 3600.0) -> bool:
    return ledger.looked(work, Unread(wait, '[0,"gone",0]', "gone", absent=seen))


def record(ledger: Ledger, work: Work) -> dict[str, str]:
    return Account(ledger.store).record(work.id)


def outs(store: Store) -> list[dict[str, Any]]:
    return [json.loads(fields[b"event"]) for _, fields in store.client.xrange(keys.STREAM)]


# --- when, and who ---


def test_a_delivered_page_is_due_when_its_wait_has_passed_and_knows_its_validator(ledger: Ledger, clock: Any) -> None:
    first = one(delivered(ledger, entry(1)))
    assert looks(clock(FIRST - 5)) == []
    work = one(looks(clock(FIRST + 1)))
    assert work.look is not None
    assert (work.id, work.url, work.look.validator, work.look.body) == (first.id, first.url, 'e"1"', "body")
    assert FIRST <= work.look.still <= FIRST + 5
    assert work.look.own == (address_key(first.url),)


def test_a_page_is_looked_at_by_one_poller_at_a_time(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    assert [len(looks(later)) for _ in range(3)] == [1, 0, 0]


def test_an_unchanged_page_stays_delivered_waits_and_costs_no_worker(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    assert unchanged(later, work, validator='e"2"')
    assert not unchanged(later, work), "the answer to a repeated call changes nothing"
    found = record(ledger, work)
    assert (found["st"], found["ln"], found["va"], "rk" in found) == ("delivered", "1", 'e"2"', False)
    assert store.client.zcard(keys.READY) == 0
    assert looks(clock(FIRST + 1700)) == []
    assert len(looks(clock(FIRST + 1900))) == 1


def test_a_look_lengthens_no_records_life_and_a_change_does(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1), entry(2))
    later = clock(2 * DAY)
    works = looks(later)
    before = {w.id: record(ledger, w)["e"] for w in works}
    unchanged(later, works[0])
    deliver(later, works[1], "another text")
    assert record(ledger, works[0])["e"] == before[works[0].id]
    assert int(record(ledger, works[1])["e"]) - int(before[works[1].id]) >= DAY * 1000
    old = clock(RETENTION + 1.2 * DAY)
    while old.store.run("age", 100):
        pass
    assert record(ledger, works[0]) == {}
    assert record(ledger, works[1]) != {}


def test_nothing_is_looked_at_that_did_not_change_for_retention(ledger: Ledger, store: Store, clock: Any) -> None:
    work = one(delivered(ledger, entry(1)))
    assert looks(clock(RETENTION + 1)) == []
    assert Account(store).next_look(work.id, record(ledger, work)) == 0.0


def test_a_changed_text_is_a_version_and_starts_the_waits_anew(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    answer = deliver(later, work, "another text", va='e"2"')
    assert (answer.word, answer.version) == ("done", 2)
    assert Account(store).law().states["delivered"] == 1
    assert Account(store).law().events == {"created": 1, "updated": 1}
    assert len(looks(clock(2 * FIRST + 5))) == 1


def test_the_same_text_on_another_page_waits_twice_as_long(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    assert deliver(later, work, f"text of {work.url}", vb="other").word == "same"
    assert record(ledger, work)["vb"] == "other"
    assert looks(clock(2 * FIRST)) == []
    assert len(looks(clock(FIRST + 1900))) == 1


def test_a_document_is_looked_at_through_the_record_that_made_its_last_event(
    ledger: Ledger, store: Store, clock: Any
) -> None:
    first = one(delivered(ledger, entry(1)))
    ledger.enqueue([(first.url, first.host)])
    by_hand = one(pages(ledger))
    assert deliver(ledger, by_hand, "another text").word == "done"
    assert [w.id for w in looks(clock(FIRST + 5))] == [by_hand.id]
    assert Account(store).law().states == {"pending": 0, "delivered": 2, "merged": 0, "rejected": 0, "failed": 0}


def test_a_merged_record_is_never_looked_at(ledger: Ledger, clock: Any) -> None:
    discovered(ledger, entry(1), entry(2))
    words = {deliver(ledger, work, "the same text").word for work in pages(ledger)}
    assert words == {"done", "merged"}
    assert len(looks(clock(DAY))) == 1


def test_a_look_by_hand_goes_first_and_the_other_one_comes_later(ledger: Ledger, clock: Any) -> None:
    work = one(delivered(ledger, entry(1)))
    later = clock(FIRST + 1)
    assert later.enqueue([(work.url, work.host)]) == ["new"]
    later = clock(FIRST + 2)
    assert looks(later) == [], "what is new goes first at a host"


def test_a_page_already_looked_at_is_not_looked_at_twice(ledger: Ledger, store: Store, clock: Any) -> None:
    ledger.enqueue([("http://news.test/1", "news.test")])
    deliver(ledger, one(pages(ledger)))
    later = clock(FIRST + 1)
    assert later.enqueue([("http://news.test/1", "news.test")]) == ["again"]
    again = one(pages(later))
    assert looks(clock(FIRST + 2)) == []
    later.later(again, Setback("timeout", "", 1, state="failed"))
    assert len(looks(clock(FIRST + 2 + FIRST))) == 1, "it came to nothing, and the schedule goes on"
    assert record(ledger, again)["lr"] == "timeout"


# --- bounds ---


def test_the_budget_holds_over_all_pollers(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, *(entry(i) for i in range(100)))
    limits = Limits(lease=30, delay=0, each=200, looks=60, first=FIRST)
    times = [FIRST + 5 + t / 5 for t in range(300)]
    given = [len(looks(clock(t), limits)) for t in times]
    assert 58 <= sum(given) <= 62
    assert max(given) == 1, "spread, not at once"
    assert Account(clock(times[-1]).store).looks()["looks_an_hour"] == sum(given)


def test_without_a_budget_nothing_is_looked_at(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    assert looks(clock(DAY), Limits(lease=30, delay=0, looks=0)) == []


@pytest.mark.parametrize("bound", ["paused", "full"])
def test_no_page_is_looked_at_while_intake_is_paused_or_pages_pile_up(
    ledger: Ledger, store: Store, clock: Any, bound: str
) -> None:
    delivered(ledger, entry(1))
    limits = LOOKS
    if bound == "paused":
        store.client.hset(keys.ALARMS, "paused", "x")
    else:
        limits = Limits(lease=30, delay=0, looks=600, waiting_pages=0)
    assert looks(clock(DAY), limits) == []
    store.client.delete(keys.ALARMS)
    assert len(looks(clock(DAY))) == 1


def test_looks_keep_a_hosts_delay(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1), entry(2))
    limits = Limits(lease=30, delay=5, looks=600, first=FIRST)
    assert [len(looks(clock(FIRST + 10 + t), limits)) for t in (0, 1, 6)] == [1, 0, 1]


# --- whoever dies ---


def test_a_look_whose_poller_died_is_taken_up_again(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    lost = one(looks(clock(FIRST + 1)))
    later = clock(FIRST + 60)
    later.reconcile(10, 0, 1)
    again = one(looks(later))
    assert again.id == lost.id
    assert not unchanged(later, lost), "its fence is old"
    assert unchanged(later, again)


def test_a_look_given_back_is_due_at_once_and_counts_for_nothing(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    assert later.give_back(one(looks(later)))
    again = one(looks(clock(FIRST + 2)))
    assert again.look is not None
    assert again.look.looks == 0


def test_a_look_nobody_ended_is_followed_by_another(ledger: Ledger, clock: Any) -> None:
    """Its page kept killing its process, or was refused: neither knows of schedules."""
    work = one(delivered(ledger, entry(1)))
    later = clock(FIRST + 1)
    held = kept(later, one(looks(later)))
    assert later.refuse(held, "rejected", "consent", "")
    found = record(ledger, work)
    assert (found["st"], found["lr"], found["va"]) == ("delivered", "consent", 'e"1"')
    assert looks(clock(FIRST + 800)) == []
    assert len(looks(clock(2 * FIRST + 5))) == 1


def test_a_failed_look_fails_nobody(ledger: Ledger, store: Store, clock: Any) -> None:
    work = one(delivered(ledger, entry(1)))
    later = clock(FIRST + 1)
    assert later.looked(one(looks(later)), Unread(FIRST, "[]", "timeout", hold=60.0))
    found = record(ledger, work)
    assert (found["st"], found["lr"], "ln" in found) == ("delivered", "timeout", False)
    assert list(Account(store).ended("failed")) == []
    later.enqueue([("http://news.test/2", "news.test")])
    assert pages(clock(FIRST + 30)) == [], "the whole host rests"
    assert len(pages(clock(FIRST + 65))) == 1


def test_a_look_may_be_the_last(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    unchanged(later, one(looks(later)), NEVER)
    assert looks(clock(13 * DAY)) == []
    assert Account(store).looks()["looks"] == 0


# --- validators ---


def test_a_host_whose_validator_stays_while_the_text_changes_is_not_believed_again(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1), entry(2))
    later = clock(FIRST + 1)
    works = looks(later)
    assert all(w.look and w.look.validator for w in works)
    deliver(later, works[0], "another text")
    unchanged(later, works[1])
    later = clock(FIRST + 2000)
    assert {w.look.validator for w in looks(later) if w.look} == {""}


# --- gone ---


def gone(ledger: Ledger, work: Work) -> Taken:
    assert work.look is not None
    return kept(ledger, work, b"", gone=410, last=work.look.last)


def withdraw(ledger: Ledger, held: Taken, work: Work, **more: Any) -> Answer:
    assert work.look is not None
    body = {"keys": [address_key(work.url)], "last": work.look.last, "id": "f" * 40, "wait": 1000, **more}
    return ledger.withdraw(held, body, json.dumps({"id": body["id"], "type": "withdrawn"}))


def test_how_often_a_page_was_missing_is_remembered_and_forgotten_when_it_answers(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1), entry(2))
    later = clock(FIRST + 1)
    first, second = looks(later)
    missing(later, first, Absence(1, 1), 100)
    later = clock(FIRST + 200)
    found = one(looks(later))
    assert found.look is not None
    assert (found.look.absent.times, found.look.absent.gone, found.look.answered) == (1, 1, False)
    assert 195 <= found.look.absent.span <= 205
    missing(later, found, Absence(2, 2), 100)
    unchanged(later, second)
    later = clock(FIRST + 400)
    found = one(looks(later))
    assert found.look is not None
    assert found.look.answered, "another page of the host was there"
    assert found.look.absent.span > 390
    unchanged(later, found, 100)
    again = [w.look for w in looks(clock(FIRST + 600)) if w.id == found.id]
    assert [a.absent.times for a in again if a] == [0]


def test_a_feed_bears_witness_for_its_host_unless_another_page_is_missing_too(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1), entry(2))
    later = clock(FIRST + 1)
    first, second = looks(later)
    unchanged(later, second, 10 * FIRST)
    missing(later, first, Absence(1, 1), 100)
    later = clock(FIRST + 90)
    poll(later, feed_work(later), entry(1), entry(2), answered=True)
    found = one(looks(clock(FIRST + 200)))
    assert found.look is not None and found.look.answered
    later = clock(FIRST + 200)
    missing(later, found, Absence(2, 2), 100)
    later = clock(11 * FIRST + 10)
    both = {w.id: w for w in looks(later)}
    missing(later, both[second.id], Absence(1, 1), 100)
    missing(later, both[first.id], Absence(3, 3), 100)
    poll(later, feed_work(later), entry(1), entry(2), answered=True)
    assert [w.look.answered for w in looks(clock(11 * FIRST + 200)) if w.look] == [False, False]


def test_a_page_that_answers_is_there_whatever_the_worker_thinks_of_it(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    missing(later, one(looks(later)), Absence(1, 1), 100)
    later = clock(FIRST + 200)
    later.refuse(kept(later, one(looks(later))), "rejected", "soft-404", "")
    again = one(looks(clock(DAY))).look
    assert again is not None
    assert again.absent == Absence()


def test_word_that_a_page_is_gone_is_no_answer_of_its_host(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    before = store.client.hget(keys.HOST + "news.test", "ok")
    later = clock(FIRST + 1)
    gone(later, one(looks(later)))
    assert store.client.hget(keys.HOST + "news.test", "ok") == before


def test_a_page_gone_for_good_is_withdrawn_once_and_its_record_stays_delivered(
    ledger: Ledger, store: Store, clock: Any
) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    held = gone(later, work)
    assert withdraw(later, held, work).word == "done"
    assert withdraw(later, held, work).word == "ended"
    document = Account(store).document(record(ledger, work)["d"])
    assert (document["w"], document["v"], document["e"], document["ev"]) == ("1", "2", "f" * 40, work.look.last)  # type: ignore[union-attr]
    assert Account(store).law().events == {"created": 1, "withdrawn": 1}
    assert Account(store).law().stream == sum(len(f[b"event"]) for _, f in store.client.xrange(keys.STREAM))
    assert Account(store).event("f" * 40)["type"] == "withdrawn"
    again = one(looks(clock(FIRST + 60)))
    assert again.look is not None
    assert (again.look.withdrawn, again.look.validator, again.look.body) == (True, "", "")
    held = gone(clock(FIRST + 60), again)
    assert withdraw(later, held, again).word == "withdrawn"
    assert len(outs(store)) == 2


def test_a_document_that_changed_since_the_look_is_kept(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    held = gone(later, work)
    later.enqueue([(work.url, work.host)])
    by_hand = one(pages(later))
    assert deliver(later, by_hand, "it is there, and new").word == "done"
    assert withdraw(later, held, work).word == "kept"
    assert [e["type"] for e in outs(store)] == ["created", "updated"]


def test_an_address_that_is_not_the_documents_own_withdraws_nothing(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    alias = [address_key("http://news.test/alias")]
    assert withdraw(later, gone(later, work), work, keys=alias).word == "kept"
    assert len(outs(store)) == 1
    assert len(looks(clock(FIRST + 60))) == 1


def test_a_worker_whose_lease_passed_to_another_withdraws_nothing(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    slow = gone(later, work)
    much = clock(FIRST + 100)
    assert much.reconcile(10, 0, 0) == [work.id]
    quick = taken(much, work.id)
    assert withdraw(much, slow, work).word == "fenced"
    assert withdraw(much, quick, work).word == "done"
    assert len(outs(store)) == 2


def test_a_new_version_ends_the_withdrawal(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    withdraw(later, gone(later, work), work)
    later = clock(FIRST + 60)
    back = one(looks(later))
    assert deliver(later, back, "a text again, and another").word == "done"
    assert "w" not in Account(store).document(record(ledger, back)["d"])


# --- feeds that say a page has changed ---


def said(ledger: Ledger, *entries: Entry) -> None:
    """The next poll of the feed."""
    poll(ledger, one(ledger.claim([("f", 1)], LOOKS)), *entries, again=FIRST)


def test_a_changed_entry_makes_its_page_due(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1), entry(2))
    later = clock(FIRST + 1)
    for work in looks(later):
        unchanged(later, work, DAY)
    said(clock(3600), entry(1), Entry(guid="id-2", link="http://news.test/2", title="Corrected: title 2"))
    assert [w.url for w in looks(clock(3601))] == ["http://news.test/2"]


def test_a_changed_entry_hurries_nobody(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    unchanged(later, one(looks(later)), DAY)
    said(clock(FIRST + 100), Entry(guid="id-1", link="http://news.test/1", title="Corrected"))
    assert looks(clock(FIRST + 200)) == []
    assert len(looks(clock(2 * FIRST + 5))) == 1


def test_a_feed_whose_words_come_to_nothing_is_heard_less_and_less(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    at, times = 61.0, []
    for n in range(400):
        later = clock(at)
        said(later, Entry(guid="id-1", link="http://news.test/1", title=f"stamped {n}"))
        for work in looks(later):
            times.append(at)
            unchanged(later, work, DAY)
        at += 300
    assert len(times) < 12, times
    assert int(store.client.hget(keys.FEED + FEED, "lies")) > 3


def test_what_a_feed_says_while_a_page_is_in_hand_is_said_of_the_next_look(ledger: Ledger, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    work = one(looks(later))
    held = kept(later, work)
    said(clock(FIRST + 2), Entry(guid="id-1", link="http://news.test/1", title="Another title"))
    assert "hint" not in record(ledger, work), "the page in hand is of an earlier state"
    assert commit(clock(FIRST + 3), held, work.url, f"text of {work.url}", **PLAN).word == "same"
    assert looks(clock(FIRST + 10)) == []
    again = one(looks(clock(2 * FIRST + 10)))  # sooner than the doubled wait
    assert "Another title" in record(ledger, again)["hint"]


def test_words_that_come_true_are_believed_again(ledger: Ledger, store: Store, clock: Any) -> None:
    delivered(ledger, entry(1))
    later = clock(FIRST + 1)
    unchanged(later, one(looks(later)), DAY)
    store.client.hset(keys.FEED + FEED, "lies", 3)
    at = clock(4 * 3600)
    said(at, Entry(guid="id-1", link="http://news.test/1", title="Changed"))
    deliver(at, one(looks(clock(4 * 3600 + 1))), "another text")
    assert store.client.hget(keys.FEED + FEED, "lies") == b"1"


def body(word: str) -> str:
    return "<p>" + " ".join(f"{word}{i}" for i in range(80)) + "</p>"


def test_a_changed_text_in_a_feed_is_a_page_for_a_worker(ledger: Ledger, store: Store, clock: Any) -> None:
    listed(ledger)
    poll(ledger, feed_work(ledger), Entry(guid="g", title="T", content=body("a")), again=FIRST)
    rid = store.client.zrange(keys.READY, 0, -1)[0].decode()
    held = taken(ledger, rid)
    assert commit(ledger, held, "http://news.test/feed", "a", rv=[0, 0]).word == "done"
    later = clock(FIRST + 100)
    said(later, Entry(guid="g", title="T", content=body("b")))
    again = taken(later, rid)
    assert b"b7" in unpack(again.page).body
    assert commit(later, again, "http://news.test/feed", "b", rv=[0, 0]).word == "done"
    assert Account(store).law().events == {"created": 1, "updated": 1}
    assert looks(clock(DAY)) == [], "no page is fetched for it"


def test_a_text_that_changes_while_a_worker_has_it_is_read_at_the_next_poll(
    ledger: Ledger, store: Store, clock: Any
) -> None:
    listed(ledger)
    poll(ledger, feed_work(ledger), Entry(guid="g", title="T", content=body("a")), again=FIRST)
    rid = store.client.zrange(keys.READY, 0, -1)[0].decode()
    held = taken(ledger, rid)
    news = Entry(guid="g", title="T", content=body("b"))
    said(clock(61), news)
    assert "etag" not in ledger.feed_state(FEED), "the next poll must not be told that nothing changed"
    commit(ledger, held, "http://news.test/feed", "a", rv=[0, 0])
    said(clock(FIRST + 200), news)
    assert taken(clock(FIRST + 200), rid).page
    assert "etag" in ledger.feed_state(FEED)


def test_a_text_that_changes_before_a_worker_has_it_replaces_the_waiting_one(
    ledger: Ledger, store: Store, clock: Any
) -> None:
    listed(ledger)
    poll(ledger, feed_work(ledger), Entry(guid="g", title="T", content=body("a")), again=FIRST)
    said(clock(61), Entry(guid="g", title="T", content=body("b")))
    (rid,) = (r.decode() for r in store.client.zrange(keys.READY, 0, -1))
    assert Account(store).law().waiting == store.client.strlen(keys.PAGE + rid)
    assert b"b7" in unpack(taken(ledger, rid).page).body


def test_what_an_entry_says_of_a_record_that_is_no_document_changes_nothing(
    ledger: Ledger, store: Store, clock: Any
) -> None:
    discovered(ledger, Entry(guid="g", title="no link"))
    said(clock(61), Entry(guid="g", title="no link", summary="more"))
    assert Account(store).law().states["rejected"] == 1
    assert looks(clock(DAY)) == []


def test_a_page_delivered_by_an_older_version_is_looked_at_once_its_entry_changes(
    ledger: Ledger, store: Store, clock: Any
) -> None:
    discovered(ledger, entry(1))
    work = one(pages(ledger))
    held = kept(ledger, work)
    assert commit(ledger, held, work.url, "text").word == "done"
    assert looks(clock(DAY)) == []
    said(clock(DAY), Entry(guid="id-1", link="http://news.test/1", title="Corrected"))
    later = clock(DAY + 1)
    again = one(looks(later))
    assert deliver(later, again, "text").word == "same"
    assert len(looks(clock(DAY + 1900))) == 1
