"""What a feed said of an article is known at later looks, where it decided anything."""

from __future__ import annotations

import json
from dataclasses import replace

from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger, Taken
from ingest.links import URN
from ingest.model import Precision
from tests.pressroom import TEXT, Site
from workers import hints

URL = "http://paper.test/a"


def look(ledger: Ledger, **record: str) -> Taken:
    """Another look at the one document there is."""
    account = Account(ledger.store)
    (rid,) = account.find(URL)
    return Taken(rid, {**account.record(rid), **record}, {}, b"")


def delivered(ledger: Ledger, **fields: str) -> Site:
    site = Site(ledger)
    site.show(URL, TEXT, "The feed's title", keywords=("harbour",), authors=("Ada Roe",), fields=fields)
    return site


def test_what_the_feed_decided_is_remembered(ledger: Ledger) -> None:
    delivered(ledger, title="feed", keywords="feed", authors="html")
    assert hints.remembered(Account(ledger.store), look(ledger)) == {
        "title": "The feed's title",
        "keywords": ["harbour"],
    }


def test_what_the_feed_decided_is_remembered_when_a_withdrawn_page_returns(ledger: Ledger) -> None:
    site = delivered(ledger, title="feed")
    (event,) = site.events
    sid = site.store.client.xadd(keys.STREAM, {"event": json.dumps({"id": "0" * 40, "data": {}})})
    gone = {"w": 1, "e": "0" * 40, "s": sid, "ev": event["id"]}
    site.store.client.hset(keys.DOC + event["subject"].removeprefix(URN), mapping=gone)
    assert hints.remembered(Account(ledger.store), look(ledger)) == {"title": "The feed's title"}


def test_what_the_page_decided_is_left_to_the_page(ledger: Ledger) -> None:
    delivered(ledger, title="html", authors="json-ld")
    assert hints.remembered(Account(ledger.store), look(ledger)) == {}


def test_a_record_that_is_no_delivered_one_remembers_nothing(ledger: Ledger) -> None:
    delivered(ledger, title="feed")
    assert hints.remembered(Account(ledger.store), look(ledger, st="merged")) == {}


def test_the_entry_that_led_here_goes_before_what_is_remembered(ledger: Ledger) -> None:
    delivered(ledger, title="feed")
    hint = {"title": "New", "published": "2026-03-01T08:00:00+01:00", "precision": "instant"}
    taken = look(ledger, hint=json.dumps(hint))
    found = hints.entry(hints.listed(taken), taken)
    assert found is not None and found.title == "New"
    assert found.published is not None and found.published.precision is Precision.INSTANT
    assert found.published.local() == "2026-03-01T08:00:00+01:00"
    assert hints.entry({}, replace(taken, record={})) is None
