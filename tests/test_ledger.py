"""The ledger keeps its promise: every record in one state, every text one event, whoever repeats or dies."""

from __future__ import annotations

import time

import pytest

from ingest import keys
from ingest.account import Account
from ingest.ledger import Gone, Ledger, Limits, Setback, record_id
from ingest.model import Entry
from ingest.store import Store, word
from tests.records import (
    LIMITS,
    claim,
    commit,
    deliver,
    discovered,
    entry,
    event,
    feed_work,
    fetch,
    listed,
    pages,
    poll,
    taken,
)


@pytest.fixture(autouse=True)
def lawful(store: Store):
    """After every test the counters add up and agree with a recount."""
    yield
    assert Account(store).law().holds
    assert Account(store).wrong() == []


def events(store: Store) -> list[str]:
    return [word(fields[b"event"]) for _, fields in store.client.xrange(keys.STREAM)]


def rids(store: Store) -> list[str]:
    return [word(k).removeprefix(keys.RECORD) for k in store.client.scan_iter(keys.RECORD + "*")]


def state_of(store: Store, url: str) -> str:
    (rid,) = [
        r
        for r in (word(k).removeprefix(keys.RECORD) for k in store.client.scan_iter(keys.RECORD + "*"))
        if Account(store).record(r)["u"] == url
    ]
    return Account(store).record(rid)["st"]


def states(store: Store) -> dict[str, int]:
    return {k: v for k, v in Account(store).law().states.items() if v}


def test_a_new_entry_is_discovered_once_however_often_the_feed_shows_it(ledger: Ledger, store: Store) -> None:
    listed(ledger)
    work = feed_work(ledger)
    assert poll(ledger, work, entry(1), entry(2), due=0) == 2
    again = feed_work(ledger)
    assert poll(ledger, again, entry(1), entry(2), entry(3)) == 1
    assert Account(store).law().discovered == 3


def test_a_repeated_poll_commit_discovers_nothing_twice(ledger: Ledger, store: Store) -> None:
    listed(ledger)
    work = feed_work(ledger)
    assert poll(ledger, work, entry(1)) == 1
    assert poll(ledger, work, entry(1)) == 0
    assert states(store) == {"pending": 1}


def test_a_poller_that_lost_its_lease_changes_nothing(ledger: Ledger, store: Store) -> None:
    listed(ledger)
    old = ledger.claim([("f", 1)], Limits(lease=0.5, delay=0))[0]
    time.sleep(0.6)
    ledger.reconcile(10, 0, 0)
    new = feed_work(ledger)
    assert poll(ledger, old, entry(1)) < 0
    assert poll(ledger, new, entry(2)) == 1
    assert states(store) == {"pending": 1}


def test_an_entry_goes_from_feed_to_stream_with_one_event(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    assert deliver(ledger).word == "done"
    assert len(events(store)) == 1
    assert states(store) == {"delivered": 1}
    assert store.client.exists(keys.PAGE + record_id("x", "y")) == 0
    assert Account(store).law().waiting == 0


def test_a_repeated_commit_gets_an_answer_and_writes_nothing(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    held = taken(ledger, fetch(ledger, work))
    body = claim(work.url, "text")
    assert ledger.commit(held, body, event(body)).word == "done"
    assert ledger.commit(held, body, event(body)).word == "ended"
    assert len(events(store)) == 1


def test_a_worker_whose_lease_passed_to_another_is_fenced(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    rid = fetch(ledger, work)
    slow = ledger.take(rid, 0)
    time.sleep(0.01)
    assert ledger.reconcile(10, 0, 0) == [rid]
    quick = taken(ledger, rid)
    body = claim(work.url, "text")
    assert ledger.commit(slow, body, event(body)).word == "fenced"
    assert not ledger.refuse(slow, "rejected", "no-text", "")
    assert ledger.commit(quick, body, event(body)).word == "done"
    assert len(events(store)) == 1


def test_a_page_is_taken_by_one_worker_only(ledger: Ledger) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    rid = fetch(ledger, work)
    taken(ledger, rid)
    assert isinstance(ledger.take(rid, 30), Gone)


def test_the_same_text_under_another_address_of_the_host_is_merged(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1), entry(2))
    first, second = pages(ledger)
    one = commit(ledger, taken(ledger, fetch(ledger, first)), first.url, "same text")
    two = commit(ledger, taken(ledger, fetch(ledger, second)), second.url, "same text")
    assert (one.word, two.word) == ("done", "merged")
    assert len(events(store)) == 1
    assert states(store) == {"delivered": 1, "merged": 1}


def test_a_merged_address_whose_page_later_differs_becomes_its_own_document(ledger: Ledger, store: Store) -> None:
    test_the_same_text_under_another_address_of_the_host_is_merged(ledger, store)
    (merged,) = [u for u in ("http://news.test/1", "http://news.test/2") if state_of(store, u) == "merged"]
    ledger.enqueue([(merged, "news.test")])
    (work,) = pages(ledger)
    answer = commit(ledger, taken(ledger, fetch(ledger, work)), work.url, "another text now")
    assert answer.word == "done"
    assert answer.version == 1
    assert len(events(store)) == 2


def test_an_address_that_is_a_document_is_merged_without_a_fetch(ledger: Ledger, store: Store) -> None:
    listed(ledger, "feed1", "feed2")
    works = ledger.claim([("f", 2)], LIMITS)
    poll(ledger, works[0], entry(1))
    deliver(ledger)
    poll(ledger, works[1], entry(1))
    assert states(store) == {"delivered": 1, "merged": 1}
    assert pages(ledger) == []


def test_two_feeds_that_show_one_address_at_once_cost_one_fetch(ledger: Ledger, store: Store) -> None:
    listed(ledger, "feed1", "feed2")
    works = ledger.claim([("f", 2)], LIMITS)
    poll(ledger, works[0], entry(1))
    poll(ledger, works[1], entry(1))
    assert len(pages(ledger)) == 1


def test_a_changed_text_at_the_same_address_is_a_new_version_and_a_returning_one_too(
    ledger: Ledger, store: Store
) -> None:
    discovered(ledger)
    answers = [deliver(ledger, text="one")]
    for text in ("two", "one", "one"):
        ledger.enqueue([("http://news.test/1", "news.test")])
        answers.append(deliver(ledger, text=text))
    assert [a.word for a in answers] == ["done", "done", "done", "same"]
    assert [a.version for a in answers[:3]] == [1, 2, 3]
    assert len({a.document for a in answers}) == 1
    assert len(events(store)) == 3


def test_a_fresh_look_at_a_delivered_record_leaves_it_delivered(ledger: Ledger, store: Store) -> None:
    ledger.enqueue([("http://news.test/9", "news.test")])
    deliver(ledger, text="one")
    assert ledger.enqueue([("http://news.test/9", "news.test")]) == ["again"]
    assert states(store) == {"delivered": 1}
    (work,) = pages(ledger)
    ledger.later(work, Setback("gone", "", 1, state="failed"))
    assert states(store) == {"delivered": 1}


def test_another_extractor_alone_makes_no_version(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    deliver(ledger, text="one")
    ledger.enqueue([("http://news.test/1", "news.test")])
    (work,) = pages(ledger)
    held = taken(ledger, fetch(ledger, work))
    assert commit(ledger, held, work.url, "one, read better", ex="2").word == "rebased"
    assert len(events(store)) == 1


def test_a_text_that_another_extractor_confirmed_is_compared_with_from_then_on(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    deliver(ledger, text="one")
    assert looked_at(ledger, 1, "one", ex="2") == "merged"
    assert looked_at(ledger, 1, "two", ex="2") == "done"
    assert len(events(store)) == 2


def test_a_re_based_text_is_the_one_later_looks_are_compared_with(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    deliver(ledger, text="one")
    assert looked_at(ledger, 1, "one, read better", ex="2") == "rebased"
    assert looked_at(ledger, 1, "one, read better", ex="2") == "same"
    assert looked_at(ledger, 1, "two", ex="2") == "done"
    assert len(events(store)) == 2


def test_a_merged_address_read_by_another_extractor_founds_no_document_until_its_page_differs(
    ledger: Ledger, store: Store
) -> None:
    merged = merged_address(ledger, store)
    for _ in range(2):
        assert looked_at(ledger, merged, "same text, read better", ex="2") == "rebased"
    assert len(events(store)) == 1
    assert looked_at(ledger, merged, "another text now", ex="2") == "done"
    assert len(events(store)) == 2


def test_a_merged_address_stays_merged_when_its_document_is_re_based_to_another_text(
    ledger: Ledger, store: Store
) -> None:
    merged = merged_address(ledger, store)
    assert looked_at(ledger, merged, "same text, read better", ex="2") == "rebased"
    assert looked_at(ledger, 3 - merged, "same text, without its caption", ex="2") == "rebased"
    assert looked_at(ledger, merged, "same text, read better", ex="2") == "rebased"
    assert len(events(store)) == 1


def looked_at(ledger: Ledger, number: int, text: str, **more: str) -> str:
    """Look at a page once more; what the commit decided."""
    url = f"http://news.test/{number}"
    ledger.enqueue([(url, "news.test")])
    (work,) = pages(ledger)
    return commit(ledger, taken(ledger, fetch(ledger, work)), url, text, **more).word


def merged_address(ledger: Ledger, store: Store) -> int:
    """Two addresses with one text; which of them is merged into the other's document."""
    test_the_same_text_under_another_address_of_the_host_is_merged(ledger, store)
    (found,) = [n for n in (1, 2) if state_of(store, f"http://news.test/{n}") == "merged"]
    return found


def test_a_canonical_address_claimed_with_another_text_is_not_believed(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1), entry(2))
    first, second = pages(ledger)
    home = "http://news.test/canonical"
    one = commit(ledger, taken(ledger, fetch(ledger, first)), first.url, "text one", home)
    two = commit(ledger, taken(ledger, fetch(ledger, second)), second.url, "text two", home)
    assert one.document != two.document
    assert states(store) == {"delivered": 2}


def test_pages_that_share_a_canonical_address_and_text_are_one_document(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1), entry(2))
    first, second = pages(ledger)
    home = "http://news.test/canonical"
    commit(ledger, taken(ledger, fetch(ledger, first)), first.url, "text", home, tk="")
    assert commit(ledger, taken(ledger, fetch(ledger, second)), second.url, "text", home, tk="").word == "merged"


def test_a_failed_fetch_waits_and_then_ends_with_its_reason(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    assert ledger.later(work, Setback("timeout", "slow", 1, wait=0))
    (work,) = pages(ledger)
    assert work.tries == 1
    ledger.later(work, Setback("not-found", "", 2, state="failed"))
    (row,) = Account(store).ended("failed")
    assert (row["url"], row["reason"], row["attempts"]) == ("http://news.test/1", "not-found", 2)


def test_a_failed_record_can_be_put_back(ledger: Ledger, store: Store) -> None:
    test_a_failed_fetch_waits_and_then_ends_with_its_reason(ledger, store)
    (row,) = Account(store).ended("failed")
    assert ledger.retry([row["record"], row["record"]]) == 1
    assert deliver(ledger).word == "done"


def test_a_fetch_whose_holder_died_is_handed_out_again(ledger: Ledger) -> None:
    discovered(ledger)
    (dead,) = ledger.claim([("p", 1)], Limits(lease=0.5, delay=0))
    assert pages(ledger) == []
    time.sleep(0.6)
    ledger.reconcile(10, 0, 0)
    (work,) = pages(ledger)
    assert work.id == dead.id
    assert ledger.fetched(dead, b"x", "[]") is False


def test_renewed_work_stays_with_its_holder(ledger: Ledger) -> None:
    discovered(ledger)
    (work,) = ledger.claim([("p", 1)], Limits(lease=0.5, delay=0))
    for _ in range(4):
        time.sleep(0.2)
        assert ledger.renew([(work.item, work.fence)], 0.5) == []
    ledger.reconcile(10, 0, 0)
    assert pages(ledger) == []


def test_waiting_pages_without_a_job_are_told_again(ledger: Ledger) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    fetch(ledger, work)
    assert ledger.reconcile(10, 1, 0) == [work.id]


def test_one_host_is_asked_no_faster_than_its_delay(ledger: Ledger) -> None:
    discovered(ledger, *(entry(n) for n in range(5)))
    limits = Limits(lease=30, delay=0.3)
    assert len(ledger.claim([("p", 5)], limits)) == 1
    assert ledger.claim([("p", 5)], limits) == []
    assert 0 < ledger.admit("news.test", 0.3) <= 0.3
    time.sleep(0.65)
    assert len(ledger.claim([("p", 5)], limits)) == 1


def test_one_host_has_no_more_requests_in_flight_than_allowed(ledger: Ledger) -> None:
    discovered(ledger, *(entry(n) for n in range(5)))
    assert len(ledger.claim([("p", 5)], Limits(lease=30, delay=0, each=2))) == 2
    assert ledger.claim([("p", 5)], Limits(lease=30, delay=0, each=2)) == []


def test_a_host_that_asked_us_to_wait_is_left_alone_for_feeds_and_pages(ledger: Ledger) -> None:
    discovered(ledger, entry(1), entry(2))
    (work,) = ledger.claim([("p", 1)], LIMITS)
    ledger.later(work, Setback("limited", "", 1, wait=0, hold=5))
    assert ledger.claim([("u", 5), ("f", 5), ("p", 5)], LIMITS) == []
    assert 4 < ledger.admit("news.test", 0) <= 5


def test_pages_wait_when_workers_have_enough_but_addresses_by_hand_do_not(ledger: Ledger) -> None:
    discovered(ledger, entry(1), entry(2))
    (work,) = ledger.claim([("p", 1)], LIMITS)
    fetch(ledger, work, b"x" * 100)
    full = Limits(lease=30, delay=0, waiting_bytes=10)
    assert ledger.claim([("p", 5)], full) == []
    ledger.enqueue([("http://news.test/urgent", "news.test")])
    assert [w.url for w in ledger.claim([("u", 5), ("p", 5)], full)] == ["http://news.test/urgent"]


def test_enqueue_comes_before_everything_that_waits(ledger: Ledger) -> None:
    discovered(ledger, *(entry(n) for n in range(200)))
    ledger.enqueue([("http://news.test/urgent", "news.test")])
    (work,) = ledger.claim([("u", 1), ("f", 0), ("p", 0)], LIMITS)
    assert work.url == "http://news.test/urgent"


def test_a_page_that_keeps_killing_its_process_ends_on_record(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    rid = fetch(ledger, work)
    assert ledger.stumble(taken(ledger, rid), "page-crashed", 2, "signal 9")
    assert not ledger.stumble(taken(ledger, rid), "page-crashed", 2, "signal 9")
    (row,) = Account(store).ended("failed")
    assert row["reason"] == "page-crashed"
    assert row["stage"] == "extract"


def test_records_age_and_the_law_still_holds(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1), entry(2))
    deliver_one = pages(ledger)
    commit(ledger, taken(ledger, fetch(ledger, deliver_one[0])), deliver_one[0].url, "text")
    later = Store(store.url, 14 * 86400.0, skew=17 * 86400 * 1000)
    while int(later.run("age", 100)):
        pass
    assert Account(store).law().aged["delivered"] == 1
    assert states(store) == {"delivered": 1, "pending": 1}


def test_what_ended_after_the_clock_was_set_back_ages_as_well(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1), entry(2))
    first, second = pages(ledger)
    store._skew = 2 * 86400 * 1000
    commit(ledger, taken(ledger, fetch(ledger, first)), first.url, "one")
    store._skew = 0
    commit(ledger, taken(ledger, fetch(ledger, second)), second.url, "two")
    later = Store(store.url, 14 * 86400.0, skew=20 * 86400 * 1000)
    while int(later.run("age", 100)):
        pass
    assert Account(store).law().aged["delivered"] == 2


def test_sixty_days_later_nothing_a_feed_still_lists_is_found_again(store: Store, ledger: Ledger) -> None:
    discovered(ledger, *(entry(n) for n in range(3)))
    for work in pages(ledger):
        commit(ledger, taken(ledger, fetch(ledger, work)), work.url, work.url)
    later = Ledger(Store(store.url, 14 * 86400.0, skew=60 * 86400 * 1000))
    for key in store.client.scan_iter("wiredesk:*"):
        if store.client.pttl(key) > 0:
            store.client.delete(key)  # what the server itself would have let go by then
    later.store.run("age", 100)
    work = feed_work(later)
    assert poll(later, work, *(entry(n) for n in range(3)), due=0) == 0
    assert poll(later, feed_work(later), *(entry(n) for n in range(4))) == 1


def test_marks_of_entries_that_left_are_forgotten_after_retention_only(store: Store, ledger: Ledger) -> None:
    discovered(ledger, entry(1), entry(2))
    for days, left in ((1, 2), (10, 2), (16, 1)):
        later = Ledger(Store(store.url, 14 * 86400.0, skew=days * 86400 * 1000))
        work = feed_work(later)
        poll(later, work, entry(2), due=0)
        assert len(later.seen(work.id)) == left


def test_a_story_is_found_by_address_guid_and_event(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    answer = deliver(ledger)
    account = Account(store)
    (rid,) = account.find("http://news.test/1")
    document = account.document(answer.document)
    assert account.find("id-1") == [rid]
    assert account.find(document["e"]) == [rid]
    assert account.find("urn:wiredesk:" + answer.document) == [rid]
    assert account.find("http://news.test/unknown") == []


def test_a_fresh_look_that_comes_to_nothing_says_why_and_keeps_the_story(ledger: Ledger, store: Store) -> None:
    ledger.enqueue([("http://news.test/9", "news.test")])
    deliver(ledger, text="one")
    ledger.enqueue([("http://news.test/9", "news.test")])
    (work,) = pages(ledger)
    ledger.later(work, Setback("timeout", "slow", 1, wait=0))
    (work,) = pages(ledger)
    ledger.later(work, Setback("not-found", "", 2, state="failed"))
    record = Account(store).record(work.id)
    assert (record["st"], record["r"], record["lr"]) == ("delivered", "created", "not-found")


def test_an_entry_without_an_address_cannot_be_fetched_again(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1), Entry(guid="g", title="no link", summary="word " * 3))
    found = {Account(store).record(r)["st"]: Account(store).retriable(r) for r in rids(store)}
    assert found == {"pending": True, "rejected": False}


def test_a_crawl_delay_slows_its_host_for_every_poller(ledger: Ledger) -> None:
    discovered(ledger, entry(1), entry(2))
    ledger.slow("news.test", 0.4)
    assert len(ledger.claim([("p", 5)], LIMITS)) == 1
    assert ledger.claim([("p", 5)], LIMITS) == []
    time.sleep(0.45)
    assert len(ledger.claim([("p", 5)], LIMITS)) == 1
