"""Stories with very many documents, and documents that left their story: what `why` tells of them."""

from __future__ import annotations

import pytest

from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger
from ingest.links import URN
from ingest.store import Store
from tests.pressroom import TEXT, Site
from tests.test_relations import Desk, did, text
from workers.cli.lineage import lineage

A, B, C = "http://agency.test/a", "http://paper.test/b", "http://late.test/c"
COOKS = "\n\n".join(f"Chapter {n} of the cookbook tells how {n} onions are fried in butter." for n in "abcdefghij")


@pytest.fixture
def site(ledger: Ledger) -> Site:
    return Site(ledger)


def of(site: Site, number: int) -> str:
    return str(site.events[number]["subject"].removeprefix(URN))


def test_a_story_of_two_thousand_documents_keeps_its_founder_and_the_last(store: Store) -> None:
    desk, told = Desk(store), text("one")
    for n in range(2000):
        found = desk.put(f"copy {n}", told)
    assert found.of == did("copy 0")
    listed = Account(store).story(did("copy 0"))
    assert len(listed) == 1000
    assert (listed[0], listed[1], listed[-1]) == (did("copy 0"), did("copy 1001"), did("copy 1999"))


def test_a_document_that_returns_to_its_story_is_told_once(site: Site) -> None:
    site.show(A, TEXT)
    for told in (TEXT, COOKS, TEXT):
        site.show(B, told)
    found = lineage(Account(site.store), of(site, 0))
    assert found is not None
    assert [one["url"] for one in found["documents"]] == [A, B]


def test_a_document_that_left_is_told_no_more(site: Site) -> None:
    site.show(A, TEXT)
    site.show(B, TEXT)
    site.show(C, TEXT)
    site.show(B, COOKS)
    found = lineage(Account(site.store), of(site, 2))
    assert found is not None
    assert [one["url"] for one in found["documents"]] == [A, C]


@pytest.mark.parametrize("lost", ["withdrawn", "trimmed"])
def test_nothing_is_called_added_to_a_text_that_is_no_longer_kept(site: Site, lost: str) -> None:
    site.show(A, TEXT)
    site.show(B, TEXT + "\n\nNobody was hurt, the police said.")
    before = lineage(Account(site.store), of(site, 1))
    assert before is not None and len(before["added"]) == 1
    copy = of(site, 1)
    if lost == "trimmed":
        site.store.client.xtrim(keys.STREAM, 1)
    else:
        event = '{"specversion":"1.0","data":{"pubStatus":"canceled"}}'
        sid = site.store.client.xadd(keys.STREAM, {"event": event})
        site.store.client.hset(keys.DOC + of(site, 0), mapping={"s": sid, "w": 1})
    found = lineage(Account(site.store), copy)
    assert found is not None and found["added"] == []
