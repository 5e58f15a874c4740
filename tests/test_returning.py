"""What a document is to itself: nothing. Addresses that tell other things in turn, and texts that come back."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ingest import keys
from ingest.ledger import Ledger
from ingest.relations import Relation
from ingest.store import Store
from tests.conftest import RETENTION
from tests.pressroom import SENTENCES, TEXT, Site
from tests.test_relations import DAY, Desk, did, text

A, B, C = "http://agency.test/a", "http://paper.test/b", "http://late.test/c"
COOKS = "\n\n".join(f"Chapter {n} of the cookbook tells how {n} onions are fried in butter." for n in "abcdefghij")
EPOCH = 7 * DAY
FLASH = "The dam has broken, the council says. More soon."


def said(event: dict[str, Any]) -> tuple[str, str | None]:
    return event["relation"], event.get("relatedto")


@pytest.fixture
def site(ledger: Ledger) -> Site:
    return Site(ledger)


def test_a_text_that_returns_after_another_is_no_copy_of_itself(site: Site) -> None:
    for told in (TEXT, COOKS, TEXT, COOKS):
        site.show(A, told)
    assert [said(event) for event in site.events] == [("original", None)] * 4
    assert {event["story"] for event in site.events} == {site.events[0]["subject"]}


def test_a_copy_whose_text_returns_is_a_copy_of_the_same_again(site: Site) -> None:
    site.show(A, TEXT)
    more = "\n\n".join(f"The paper asked {n} neighbours of the harbour, and {n} of them said no." for n in "abcdefgh")
    for told in (TEXT + "\n\n" + more, COOKS, TEXT + "\n\n" + more):
        site.show(B, told)
    first, copy, cooks, again = site.events
    assert cooks["relation"] == "original"
    assert said(again) == said(copy) == (copy["relation"], first["subject"])


def test_a_document_found_again_after_it_was_forgotten_is_no_copy_of_itself(server: str) -> None:
    begun = EPOCH - int(time.time() * 1000) % EPOCH + 1000  # an epoch is known longest at its beginning
    early, late = (Site(Ledger(Store(server, RETENTION, skew=begun + days * DAY))) for days in (0, 16))
    early.store.client.flushall()
    early.show(A, TEXT)
    for kind in (keys.DOC, keys.URL, keys.TEXT):
        for key in early.store.client.scan_iter(kind + "*"):
            assert 0 < early.store.client.pttl(key) <= 15 * DAY
            early.store.client.delete(key)
    late.show(A, TEXT)
    assert [said(event) for event in late.events] == [("original", None)] * 2
    for store in (early.store, late.store):
        store.close()


def test_a_call_that_is_sent_again_gives_its_first_answer(store: Store) -> None:
    desk = Desk(store)
    for name in ("a", "b"):
        assert desk.put(name, text("one")) == desk.put(name, text("one"))
    assert desk.put("c", text("one")).of == did("a")


def test_the_text_that_follows_a_flash_is_known_to_the_index(site: Site) -> None:
    site.show(A, FLASH)
    site.show(A, TEXT)
    site.show(B, TEXT)
    assert said(site.events[-1]) == ("copy", site.events[0]["subject"])


def test_a_flash_that_becomes_another_text_is_a_copy_of_it(site: Site) -> None:
    site.show(A, TEXT)
    site.show(B, FLASH)
    site.show(B, TEXT)
    assert [said(event) for event in site.events[1:]] == [("original", None), ("copy", site.events[0]["subject"])]


def test_an_excerpt_keeps_what_it_is_when_the_other_is_forgotten(server: str) -> None:
    early, late = (Site(Ledger(Store(server, RETENTION, skew=int(day * DAY)))) for day in (0, 10))
    early.store.client.flushall()
    early.show(A, TEXT)
    own = "\n\n".join(f"The paper asked {n} neighbours of the harbour, and {n} of them said no." for n in "abcdefgh")
    late.show(B, TEXT + "\n\n" + own)
    for key in early.store.client.scan_iter(keys.MEMBER + "*"):
        if early.store.client.pttl(key) < 23 * DAY:
            early.store.client.delete(key)
    late.show(B, TEXT + "\n\n" + own + "\n\n" + SENTENCES[0].replace("bridge", "school"))
    first, copy, again = late.events
    assert said(copy) == said(again) and said(again)[1] == first["subject"]
    assert again["containment"] == copy["containment"] and again["story"] == first["subject"]
    for store in (early.store, late.store):
        store.close()


def test_a_story_goes_on_when_its_founder_is_forgotten(server: str) -> None:
    stores = [Store(server, RETENTION, skew=int(day * DAY)) for day in (0, 8, 16, 23)]
    stores[0].client.flushall()
    for number, store in enumerate(stores[:3]):
        found = Desk(store).put(str(number), text("stock", 300) + " " + text(f"part {number}", 200))
        assert found.story == did("0")
    oldest = min(stores[0].client.scan_iter(keys.MEMBER + "*"), key=stores[0].client.pttl)
    assert stores[0].client.pttl(oldest) < 23 * DAY
    stores[0].client.delete(oldest)
    found = Desk(stores[3]).put("copy", text("stock", 300) + " " + text("part 2", 200))
    assert (found.word, found.of, found.story) == ("copy", did("2"), did("0"))
    for store in stores:
        store.close()


def test_an_updated_text_is_known_for_retention_after_its_update(server: str) -> None:
    stores = [Store(server, RETENTION, skew=int(day * DAY)) for day in (0, 13, 24)]
    stores[0].client.flushall()
    first, second, third = map(Site, map(Ledger, stores))
    first.show(A, TEXT)
    second.show(A, TEXT.replace("long talks", "short talks", 1))
    third.show(B, TEXT.replace("long talks", "short talks", 1))
    assert said(third.events[-1]) == ("copy", third.events[0]["subject"])
    for store in stores:
        store.close()


def test_who_is_left_alone_of_a_story_begins_one_of_its_own(server: str) -> None:
    stores = [Store(server, RETENTION, skew=days * DAY) for days in (0, 8, 23)]
    stores[0].client.flushall()
    own = text("one", 300) + " " + text("added", 100)
    Desk(stores[0]).put("a", text("one", 300))
    assert Desk(stores[1]).put("b", own).story == did("a")
    oldest = min(stores[0].client.scan_iter(keys.MEMBER + "*"), key=stores[0].client.pttl)
    stores[0].client.delete(oldest)
    assert Desk(stores[2]).put("b", own) == Relation("original", "", 0, 0, did("b"))
    for store in stores:
        store.close()
