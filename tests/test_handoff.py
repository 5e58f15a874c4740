"""Hand-off: which document a page is, and events that are the same for the same history, whoever commits when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest import keys
from ingest.account import Account
from ingest.ledger import Answer, Ledger, Taken, Work, address_key
from ingest.links import host, subject
from ingest.model import Article, Entry
from ingest.parcel import Parcel
from ingest.store import Store
from tests.records import FEED, FEED_URL, feed_work, fetch, listed, pages, poll, taken
from workers.handoff import BY_HAND, Handoff, identity

SITE = "http://news.test"
LONG = "A text that is long enough to be merged. " * 6


@pytest.fixture(autouse=True)
def lawful(store: Store) -> Iterator[None]:
    yield
    assert Account(store).wrong() == []


@pytest.fixture
def handoff(ledger: Ledger) -> Handoff:
    return Handoff(ledger)


def events(store: Store) -> list[dict[str, Any]]:
    return [json.loads(fields[b"event"]) for _, fields in store.client.xrange(keys.STREAM)]


def by_hand(ledger: Ledger, url: str) -> Taken:
    """A page entered by hand, in a worker's hands."""
    ledger.enqueue([(url, host(url))], "a,b")
    (work,) = [w for w in pages(ledger) if w.url == url]
    return held(ledger, work)


def held(ledger: Ledger, work: Work) -> Taken:
    return taken(ledger, fetch(ledger, work))


def shown(ledger: Ledger, *entries: Entry) -> list[Taken]:
    """Entries of a feed, in a worker's hands."""
    listed(ledger)
    poll(ledger, feed_work(ledger), *entries)
    return [held(ledger, work) for work in pages(ledger)]


def deliver(handoff: Handoff, page: Taken, text: str = LONG, canonical: str | None = None, *hops: str) -> Answer:
    """Hand a page off that was reached over these hops, its own address if there are none."""
    way = hops or (page.record["u"],)
    parcel = Parcel(way[-1], b"", 1_800_000_000.0, {}, way)
    return handoff.deliver(page, parcel, Article(text=text, title="T", canonical=canonical, language="en"))


def ids(event: dict[str, Any]) -> set[tuple[str, str]]:
    return {(i["role"], i["value"]) for i in event["data"]["altIds"]}


# --- identity ---


def of(url: str, final: str = "", canonical: str | None = None, **more: str) -> Any:
    record = {"u": url, "k": address_key(url), "f": FEED, **more}
    return identity(Taken("r", record, {}, b""), Parcel(final or url, b"", 0.0, {}, (url, final or url)), canonical)


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        ("/a", True),
        (f"{SITE}/a?utm_source=x", True),
        ("https://news.test/a", True),
        (f"{SITE}/", False),
        (f"{SITE}", False),
        ("http://other.test/a", False),
        ("http://news.test.evil.test/a", False),
        ("http://news.test:8080/a", False),
        ("javascript:alert(1)", False),
        ("http://[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_a_canonical_address_is_believed_on_the_same_host_and_not_as_the_front_page(
    canonical: str | None, believed: bool
) -> None:
    assert bool(of(f"{SITE}/a?print=1", canonical=canonical).home) is believed


def test_a_front_page_on_the_way_is_no_alias() -> None:
    """A site that sends readers over its front page would otherwise have one document at that address."""
    assert of(f"{SITE}/", final=f"{SITE}/a").others == (address_key(f"{SITE}/a"),)


def test_an_entry_without_a_link_is_named_by_its_guid_within_its_feed_only() -> None:
    one, two = (of(FEED_URL, k="x", f=feed, g="guid-1") for feed in ("feed1", "feed2"))
    assert one.own != two.own
    assert one.names == (("guid", "guid-1"),)
    assert of(FEED_URL, k="y", g="guid-1").own == one.own


# --- events ---


def test_the_same_history_gives_the_same_events_on_another_server(
    handoff: Handoff, ledger: Ledger, store: Store
) -> None:
    def history() -> list[tuple[str, ...]]:
        store.client.flushall()
        for text in (LONG, LONG + "two", LONG):
            deliver(handoff, by_hand(ledger, f"{SITE}/a"), text)
        return [(e["id"], e["subject"], e["type"], e.get("previous", "")) for e in events(store)]

    first = history()
    assert first == history()
    assert len(set(first)) == 3
    assert [previous for *_, previous in first[1:]] == [event_id for event_id, *_ in first[:-1]]


def test_a_page_that_outlived_its_worker_is_committed_once(handoff: Handoff, ledger: Ledger, store: Store) -> None:
    page = by_hand(ledger, f"{SITE}/a")
    assert deliver(handoff, page).word == "done"
    assert deliver(handoff, page).word == "ended"
    assert len(events(store)) == 1


def test_a_version_keeps_the_source_feed_and_address_that_showed_it_first(
    handoff: Handoff, ledger: Ledger, store: Store
) -> None:
    (page,) = shown(ledger, Entry(guid="g1", link=f"{SITE}/a", title="T"))
    deliver(handoff, page)
    deliver(handoff, by_hand(ledger, f"{SITE}/a"), LONG + "changed")
    first, second = events(store)
    assert second["type"] == "wiredesk.document.updated.v1"
    assert [second[k] for k in ("source", "feed", "url", "discovered")] == [
        first[k] for k in ("source", "feed", "url", "discovered")
    ]
    assert first["source"] == f"{SITE}/{FEED}"
    assert ("guid", "g1") in ids(first)


def test_what_a_person_entered_first_says_so(handoff: Handoff, ledger: Ledger, store: Store) -> None:
    deliver(handoff, by_hand(ledger, f"{SITE}/a"))
    (event,) = events(store)
    assert (event["source"], event["tags"], "feed" in event) == (BY_HAND, "a,b", False)


def test_every_hop_leads_to_the_document_and_costs_no_further_fetch(
    handoff: Handoff, ledger: Ledger, store: Store
) -> None:
    hops = (f"{SITE}/short", f"{SITE}/middle", f"{SITE}/long")
    deliver(handoff, by_hand(ledger, hops[0]), LONG, None, *hops)
    assert shown(ledger, *(Entry(guid=u, link=u, title=u) for u in hops)) == []
    assert Account(store).law().states["merged"] == 3
    assert {tuple(Account(store).find(u)) for u in hops} == {tuple(Account(store).find(hops[0]))}


def test_a_canonical_address_founds_the_document_its_copies_are_merged_with(
    handoff: Handoff, ledger: Ledger, store: Store
) -> None:
    deliver(handoff, by_hand(ledger, f"{SITE}/a?print=1"), canonical="/a")
    (event,) = events(store)
    assert event["subject"] == subject(f"{SITE}/a")
    assert ("canonical", f"{SITE}/a") in ids(event)
    assert deliver(handoff, by_hand(ledger, f"{SITE}/a?mobile=1"), canonical="/a").word == "merged"
    assert deliver(handoff, by_hand(ledger, f"{SITE}/a")).word == "merged"


def test_another_text_that_claims_the_same_canonical_address_is_its_own_document(
    handoff: Handoff, ledger: Ledger, store: Store
) -> None:
    answers = [deliver(handoff, by_hand(ledger, f"{SITE}/{i}"), f"{LONG} {i}", canonical="/all") for i in range(3)]
    assert len({a.document for a in answers}) == 3
    again = [deliver(handoff, by_hand(ledger, f"{SITE}/{i}"), f"{LONG} {i}", canonical="/all") for i in range(3)]
    assert [a.word for a in again] == ["same"] * 3
    assert {e["type"] for e in events(store)} == {"wiredesk.document.created.v1"}


def test_a_short_text_is_never_merged_with_another_page(handoff: Handoff, ledger: Ledger, store: Store) -> None:
    for i in range(3):
        assert deliver(handoff, by_hand(ledger, f"{SITE}/{i}"), "Live: updates follow.").word == "done"
    assert len(events(store)) == 3


def test_a_text_counts_as_the_same_whatever_its_spaces_and_composition(
    handoff: Handoff, ledger: Ledger, store: Store
) -> None:
    deliver(handoff, by_hand(ledger, f"{SITE}/1"), "Caf\u00e9 au lait. " + LONG)
    assert deliver(handoff, by_hand(ledger, f"{SITE}/2"), "Cafe\u0301  au lait.\u00a0" + LONG).word == "merged"


def test_two_pages_of_one_text_decided_at_once_make_one_document(
    handoff: Handoff, ledger: Ledger, store: Store
) -> None:
    """Both workers have built their event before either commits."""
    one, two = by_hand(ledger, f"{SITE}/1"), by_hand(ledger, f"{SITE}/2")
    assert [deliver(handoff, p).word for p in (one, two)] == ["done", "merged"]
    assert len(events(store)) == 1


def test_secrets_of_an_address_stay_out_of_its_url_attribute(handoff: Handoff, ledger: Ledger, store: Store) -> None:
    deliver(handoff, by_hand(ledger, f"{SITE}/a?id=1&api_key=hush"))
    (event,) = events(store)
    assert event["url"] == f"{SITE}/a?id=1&api_key=..."
