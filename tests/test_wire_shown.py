"""What commands show of wire items, and what only wires make events say."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from config.settings import load
from ingest.account import Account
from ingest.item import Link, Subject
from ingest.ledger import Ledger
from ingest.store import Store
from tests.dispatches import START, Desk, item
from tests.test_wire_copy import soon
from workers import event
from workers.cli import why
from workers.trim import Trim


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    return Desk(ledger)


def told(store: Store, name: str) -> dict[str, Any]:
    """What `why` says."""
    account = Account(store)
    return why.story(account, account.find(name), why.Readers(Trim(store, load({})), {}))


def test_of_what_is_held_no_address_is_shown(desk: Desk, store: Store) -> None:
    desk.told(item(embargoed=soon(store, 60), link="https://hna.test/council-votes-to-rebuild-swing-bridge"))
    found = told(store, "urn:hna:1")
    assert found["held"].startswith("until 20")
    assert "swing-bridge" not in repr(found)
    assert (found["url"], found["found"][0]["url"]) == ("urn:hna:1", "")


def test_an_update_that_is_held_shows_beside_the_version_that_is_out(desk: Desk, store: Store) -> None:
    desk.told(item(), item(minute=1, version="2", embargoed=soon(store, 60)))
    found = told(store, "urn:hna:1")
    assert (found["state"], len(found["events"]), [f["state"] for f in found["found"]]) == (
        "delivered",
        1,
        ["delivered", "pending"],
    )
    assert "held" in found


def test_a_wire_that_is_listed_no_more_keeps_its_name(desk: Desk, store: Store) -> None:
    desk.told(item())
    desk.ledger.enlist({})
    assert told(store, "urn:hna:1")["found"][0]["source"] == "urn:wiredesk:wire:harbour"


def test_fields_come_from_the_wire(desk: Desk, store: Store) -> None:
    desk.told(item())
    assert told(store, "urn:hna:1")["fields"]["title"] == "wire"


def test_a_refused_item_without_a_guid_goes_by_its_document(desk: Desk, store: Store) -> None:
    desk.told(item(guid=None, kind="picture", body=""))
    (row,) = Account(store).ended("rejected")
    assert row["url"].startswith("urn:wiredesk:")


def test_an_item_that_says_everything_fits_the_schema_of_events(desk: Desk) -> None:
    names = ("Ada Venn", "Ilse Marten")
    said = item(
        byline="By Ada Venn",
        dateline="HARBOUR CITY (HNA) -",
        summary="The bridge is to be rebuilt.",
        created=item().published,
        urgency=2,
        slugline="bridge",
        usage_terms="None.",
        copyright_notice="(c) HNA",
        copyright_holder="HNA",
        credit="HNA",
        subjects=(Subject("medtop:20000763", "transport"), Subject("hna:9"), Subject(None, "bridges")),
        keywords=("bridge",),
        genres=("Current",),
        services=("home",),
        people=names,
        places=names,
        organisations=names,
        located="Harbour City",
        link="https://hna.test/bridge",
        links=(Link("seeAlso", "urn:hna:2", "Barge hits pier", "text"), Link("photo", "urn:hna:p", None, "picture")),
        signals=("sig:update",),
    )
    assert desk.told(said) == ["created"]
    (found,) = desk.events()
    Draft202012Validator(event.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(found)
    assert found["published"].startswith(START.date().isoformat())
    assert found["data"]["genres"] == [{"name": "Current"}]
