"""Versions that wait while clocks step back, workers fall silent and documents go: none is stranded or let out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ingest import intake, keys
from ingest.account import Account
from ingest.item import Item, Link, Status
from ingest.ledger import Ledger, Taken
from ingest.store import Store
from tests.dispatches import Desk, finish, item
from tests.test_wire_copy import LATER, at, soon


@pytest.fixture
def desk(ledger: Ledger) -> Iterator[Desk]:
    found = Desk(ledger)
    yield found
    law = Account(ledger.store).law()
    assert Account(ledger.store).wrong() == []
    assert law.states["pending"] or law.waiting == 0


def taken(ledger: Ledger, rid: str) -> Taken:
    found = ledger.take(rid, 30)
    assert isinstance(found, Taken)
    return found


def spoilt(desk: Desk, rid: str) -> str:
    """An item that fails for good."""
    for _ in range(2):
        desk.ledger.stumble(taken(desk.ledger, rid), "bug", 2, "x")
    return rid


def types(desk: Desk) -> list[str]:
    return [e["type"].split(".")[2] for e in desk.events()]


def lasts(store: Store, key: str) -> bool:
    """Whether a key is there and never goes."""
    return bool(store.client.pttl(key) == -1)


def document(desk: Desk, guid: str) -> str:
    return intake.document(desk.source, guid)


# --- a clock that is set back ---


def test_what_waits_behind_a_version_that_is_held_again_goes_out(desk: Desk, store: Store) -> None:
    (rid,) = desk.send(item()).ready
    spoilt(desk, rid)
    held = item(minute=1, version="2", embargoed=soon(store, 60))
    desk.send(held)
    at(store, 61).release()
    desk.ledger.retry([rid])
    assert desk.work() == 1  # by the clock that was set back
    assert (desk.state(item()), desk.state(held)) == ("delivered:created", "pending:held")
    at(store, 61).release()
    Desk(at(store, 61)).work()
    assert types(desk) == ["created", "updated"]


@pytest.mark.parametrize("later", [{}, {"embargoed": 120.0}])
def test_a_version_that_would_be_held_again_gives_way_to_a_later_one(
    desk: Desk, store: Store, later: dict[str, Any]
) -> None:
    held = item(embargoed=soon(store, 60))
    desk.send(held)
    at(store, 61).release()
    desk.send(item(minute=1, version="2", body=LATER, **{name: soon(store, s) for name, s in later.items()}))
    desk.work()
    assert desk.state(held) == "merged:superseded"
    late = at(store, 121)
    late.release()
    Desk(late).work()
    assert types(desk) == ["created"]
    assert "two years" in desk.events()[0]["data"]["bodies"][0]["value"]


def test_a_silent_worker_cannot_hand_off_what_is_held_again(desk: Desk, store: Store) -> None:
    held = item(embargoed=soon(store, 60))
    desk.send(held)
    later = at(store, 61)
    (rid,) = later.release()
    silent = taken(later, rid)
    assert at(store, 100).reconcile(10, 0, 0.0) == [rid]
    assert desk.work() == 0  # it is held again
    finish(later, silent)
    assert (types(desk), desk.state(held)) == ([], "pending:held")
    later.release()
    assert Desk(later).work() == 1
    assert types(desk) == ["created"]


# --- kills that wait ---


def test_a_kill_that_failed_does_not_withdraw_what_returned_meanwhile(desk: Desk) -> None:
    desk.told(item())
    kill = item(minute=1, version="2", status=Status.CANCELED)
    rid = spoilt(desk, *desk.send(kill).ready)
    assert desk.told(item(minute=2, version="3", body=LATER)) == ["created", "updated"]
    desk.ledger.retry([rid])
    desk.work()
    assert (types(desk), desk.state(kill)) == (["created", "updated"], "merged:superseded")


def test_a_kill_that_waits_until_its_document_is_forgotten_says_nothing(desk: Desk, store: Store) -> None:
    desk.told(item())
    kill = item(minute=1, version="2", status=Status.CANCELED)
    desk.send(kill)
    store.client.delete(keys.DOC + document(desk, "urn:hna:1"))
    desk.work()
    assert (types(desk), desk.state(kill)) == (["created"], "rejected:nothing-out")


# --- names, and how long they last ---


def test_a_version_that_comes_after_the_one_that_replaces_it_is_no_document_of_its_own(desk: Desk) -> None:
    second = item("urn:hna:1b", 5, body=LATER, links=(Link("replaces", "urn:hna:1"),))
    assert desk.told(second, item()) == ["created"]
    assert desk.state(item()) == "merged:superseded"
    assert desk.told(item(minute=9)) == ["created", "updated"]


def held_by_another_name(store: Store) -> Item:
    return item("urn:hna:1b", 5, links=(Link("replaces", "urn:hna:1"),), embargoed=soon(store, 60))


def test_a_held_version_is_known_by_all_its_names_as_long_as_it_is_held(desk: Desk, store: Store) -> None:
    desk.told(item(), held_by_another_name(store), replace(item("urn:hna:1b", 1), body="An older one."))
    desk.send(item("urn:hna:1b", kind="picture", body=""))
    account = Account(store)
    guid = intake.decide(desk.source, [item("urn:hna:1b")], 0.0).items[0]["gk"]
    named = [keys.WIRE + document(desk, name) for name in ("urn:hna:1", "urn:hna:1b")] + [keys.GUID + guid]
    assert all(lasts(store, key) for key in named)
    assert [account.record(r).get("sg") for r in account.find("urn:hna:1b")].count("held") == 1
    later = at(store, 61)
    later.release()
    Desk(later).work()
    assert not any(lasts(store, key) for key in named)


def test_a_held_version_is_found_by_a_name_of_an_earlier_one(desk: Desk, store: Store) -> None:
    desk.told(item(), held_by_another_name(store))
    account = Account(store)
    for name in ("urn:hna:1", desk.events()[0]["subject"]):
        assert "held" in [account.record(r).get("sg") for r in account.find(name)]


def test_what_is_known_of_a_document_lasts_while_a_version_of_it_waits(desk: Desk, store: Store) -> None:
    desk.send(item())
    key = keys.WIRE + document(desk, "urn:hna:1")
    assert lasts(store, key)
    desk.work()
    assert not lasts(store, key)


def test_another_name_lasts_as_long_as_it_is_used(desk: Desk, store: Store) -> None:
    desk.told(item(), item("urn:hna:1b", 5, links=(Link("replaces", "urn:hna:1"),)))
    key = keys.WIRE + document(desk, "urn:hna:1b")
    store.client.pexpire(key, 1000)
    desk.told(item("urn:hna:1b", 6, body=LATER))
    assert store.client.pttl(key) > 86_400_000
    assert len({e["subject"] for e in desk.events()}) == 1


# --- which version is later ---


@pytest.mark.parametrize(
    ("one", "other"),
    [(None, "0"), ("9", "10"), ("0009", "10"), ("9" * 30, "1" + "0" * 30), ("10", "b"), ("a", "b")],
)
def test_versions_of_one_moment_compare_by_their_numbers(one: str | None, other: str) -> None:
    assert intake.order(item(version=one), 2e9) < intake.order(item(version=other), 2e9)


def test_zeros_before_a_number_count_for_nothing() -> None:
    assert intake.order(item(version="7"), 2e9) == intake.order(item(version="007"), 2e9)


# --- texts that nobody sees ---


def test_a_body_of_marks_that_nothing_shows_of_is_none(desk: Desk) -> None:
    assert desk.told(item(body="\u200b \u2060")) == ["created"]
    assert desk.events()[0]["data"]["bodies"][0]["value"] == "Council votes to rebuild swing bridge"
    empty = item("urn:hna:2", body="\u200b", headline="\u200b")
    assert desk.told(empty) == ["created"]
    assert desk.state(empty) == "rejected:no-text"
