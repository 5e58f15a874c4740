"""Withdrawing a document: an event without text under every name it was handed out by, once, and valid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from ingest import keys
from ingest.account import Account
from ingest.ledger import Answer, Ledger, Limits, Taken, Work
from ingest.links import host
from ingest.model import Article, Entry
from ingest.parcel import Parcel, pack, unpack
from ingest.revisit import Terms
from ingest.store import Store
from tests.records import feed_work, listed, pages, poll, taken
from workers.event import event_id, schema
from workers.handoff import Handoff
from workers.withdraw import withdraw

RETENTION = 14 * 86400.0
URL = "http://news.test/a"
LONG = "A text that is long enough to be merged. " * 6
TERMS = Terms(900.0, RETENTION)
LOOKS = Limits(lease=30, delay=0, each=50, looks=6000, first=900.0)


class Desk:
    """The ledger on a clock that can be moved, and what a poller and a worker do with it."""

    def __init__(self, store: Store) -> None:
        self.store, self.skew = store, 0.0
        self.ledger = Ledger(store)

    def pass_time(self, seconds: float) -> None:
        self.skew += seconds
        self.close()
        self.ledger = Ledger(Store(self.store.url, RETENTION, skew=int(self.skew * 1000)))

    def close(self) -> None:
        if self.ledger.store is not self.store:
            self.ledger.store.close()

    @property
    def handoff(self) -> Handoff:
        return Handoff(self.ledger, self.ledger.store.now, TERMS)

    def come(self, work: Work, *hops: str, **more: Any) -> tuple[Taken, Parcel]:
        """A page that came over these hops, in a worker's hands."""
        way = hops or (work.url,)
        assert self.ledger.fetched(work, pack(Parcel(way[-1], b"x", 0.0, {}, way, **more)), "[]", "gone" in more)
        held = taken(self.ledger, work.id)
        return held, unpack(held.page)

    def deliver(self, work: Work, text: str = LONG, *hops: str) -> Answer:
        held, parcel = self.come(work, *hops)
        return self.handoff.deliver(held, parcel, Article(text=text, title="T", language="en"))

    def first(self, *hops: str) -> Work:
        """The entry of a feed, delivered."""
        listed(self.ledger)
        poll(self.ledger, feed_work(self.ledger), Entry(guid="g1", link=URL, title="T"))
        (work,) = pages(self.ledger)
        assert self.deliver(work, LONG, *hops).word == "done"
        return work

    def look(self, after: float = 901.0) -> Work:
        self.pass_time(after)
        (work,) = self.ledger.claim([("r", 9)], LOOKS)
        return work

    def gone(self, work: Work, *hops: str) -> Answer:
        assert work.look is not None
        held, parcel = self.come(work, *hops, gone=410, last=work.look.last)
        return withdraw(self.handoff, held, parcel)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(fields[b"event"]) for _, fields in self.store.client.xrange(keys.STREAM)]


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    found = Desk(store)
    yield found
    assert Account(store).wrong() == []
    found.close()


def names(event: dict[str, Any]) -> set[tuple[str, str]]:
    return {(i["role"], i["value"]) for i in event["data"]["altIds"]}


def test_a_withdrawn_document_says_what_it_was_called_and_nothing_of_what_it_said(desk: Desk) -> None:
    desk.first()
    assert desk.gone(desk.look()).word == "done"
    created, last = desk.events()
    jsonschema.validate(last, schema(), format_checker=jsonschema.FormatChecker())
    assert last["type"] == "wiredesk.document.withdrawn.v1"
    assert last["id"] == event_id(created["subject"], last["type"], None, created["id"])
    assert last["previous"] == created["id"]
    assert set(last["data"]) == {"uri", "type", "version", "pubStatus", "altIds"}
    assert (last["data"]["uri"], last["data"]["version"]) == (created["subject"], "2")
    assert not {"title", "language", "contenthash", "published", "extractor", "confidence"} & set(last)
    assert [last[k] for k in ("source", "feed", "url", "discovered")] == [
        created[k] for k in ("source", "feed", "url", "discovered")
    ]


def test_it_bears_the_names_of_every_version(desk: Desk) -> None:
    moved = "http://news.test/a-b"
    desk.first(URL, moved)
    desk.ledger.enqueue([(f"{moved}?x=1", host(moved))])
    (by_hand,) = pages(desk.ledger)
    assert desk.deliver(by_hand, LONG + " and more", f"{moved}?x=1", moved).version == 2
    work = desk.look()
    assert desk.gone(work, work.url, moved).word == "done"
    *versions, last = desk.events()
    assert set().union(*map(names, versions)) <= names(last)
    assert ("guid", "g1") in names(last)
    assert ("url", f"{moved}?x=1") in names(last)


def test_versions_that_are_no_longer_kept_leave_it_at_least_its_address(desk: Desk) -> None:
    desk.first()
    desk.store.run("trim", "9999999999999-0", 100)
    assert desk.gone(desk.look()).word == "done"
    (last,) = desk.events()
    assert ("url", URL) in names(last)


def test_the_same_history_gives_the_same_event(desk: Desk) -> None:
    ids = []
    for _ in range(2):
        desk.store.client.flushall()
        desk.skew = 0.0
        desk.pass_time(0)
        desk.first()
        desk.gone(desk.look())
        ids.append([e["id"] for e in desk.events()])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


def test_a_page_that_returns_with_another_text_follows_its_withdrawal(desk: Desk) -> None:
    desk.first()
    desk.gone(desk.look())
    work = desk.look()
    assert work.look is not None
    assert work.look.withdrawn
    assert desk.deliver(work, LONG + " again").word == "done"
    created, gone, back = desk.events()
    assert (gone["previous"], back["previous"]) == (created["id"], gone["id"])
    assert (back["type"], back["data"]["version"]) == ("wiredesk.document.updated.v1", "3")


def test_a_page_that_goes_again_is_withdrawn_again(desk: Desk) -> None:
    desk.first()
    desk.gone(desk.look())
    desk.deliver(desk.look(), LONG + " again")
    desk.gone(desk.look())
    assert [e["type"].split(".")[2] for e in desk.events()] == ["created", "withdrawn", "updated", "withdrawn"]
    assert len({e["id"] for e in desk.events()}) == 4


def test_the_address_of_a_print_edition_does_not_take_the_article_away(desk: Desk) -> None:
    desk.first()
    work = desk.look()
    assert desk.gone(work, f"{URL}?print=1").word == "kept"
    assert len(desk.events()) == 1


def test_a_withdrawn_document_is_looked_at_until_it_is_forgotten(desk: Desk) -> None:
    desk.first()
    desk.gone(desk.look())
    looked = 0
    while looked < 40:
        desk.pass_time(86400.0)
        works = desk.ledger.claim([("r", 9)], LOOKS)
        if not works:
            break
        looked += 1
        assert desk.gone(works[0]).word == "withdrawn"
    assert 13 <= looked <= 14
