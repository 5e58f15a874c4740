"""Withdraw a document whose page is gone for good: an event without text or title, once, under every name it had."""

from __future__ import annotations

from typing import Any

from ingest import schedule
from ingest.account import Account
from ingest.ledger import Answer, Taken, address_key
from ingest.links import URN, clean, shown
from ingest.look import wait_ms
from ingest.parcel import Parcel
from workers import event, ninjs
from workers.event import Facts, Kind
from workers.handoff import Handoff, moment, origin, origin_of

KIN = 200  # documents of a story that are looked at


def withdraw(handoff: Handoff, taken: Taken, parcel: Parcel) -> Answer:
    """Say that the document of this record is gone; what withdraw.lua decided. Raises ServerAway."""
    account = Account(handoff.ledger.store)
    did = taken.record.get("d", "")
    document = account.document(did)
    facts = Facts(
        kind=Kind.WITHDRAWN,
        subject=URN + did,
        time=moment(handoff.now()),
        version=int(document.get("v", 0)) + 1,
        previous=parcel.last,
        fetched=moment(parcel.at),
        alternatives=tuple(dict.fromkeys([*names(account, document), ("url", shown(taken.record["u"]))])),
        copies=kin(account, did),
        **first(account, document, taken),
    )
    built = event.build(facts)
    age = (float(taken.record["now"]) - float(taken.record["t"])) / 1000
    claim = {
        "keys": [address_key(clean(hop)) for hop in parcel.hops],
        "last": parcel.last,
        "id": built["id"],
        "wait": wait_ms(schedule.revisit(age, 0.0, handoff.terms.first, handoff.terms.keep)),
    }
    return handoff.ledger.withdraw(taken, claim, event.pack(built).decode())


def names(account: Account, document: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """(role, value) of every name that any version was handed out under, as far as its events are kept."""
    events = [account.event(e) for e in [*document.get("ev", "").split(), document.get("e", "")] if e]
    told = [(i["role"], i["value"]) for e in events for i in e.get("data", {}).get("altIds", [])]
    return tuple(dict.fromkeys(told))


def kin(account: Account, did: str) -> tuple[ninjs.Related, ...]:
    """The documents that hold its text as far as we know, each as what it is to it: copy, excerpt, extends, version."""
    related = account.related(did)
    members = account.story(related.story) if related else []
    found = []
    for other in members[:KIN]:
        known = account.related(other) if other != did else None
        if known is not None and known.of == did:
            event = account.at(account.document(other).get("s", ""))
            found.append(ninjs.Related(known.word, URN + other, event.get("url") or URN + other, "text"))
    return tuple(found)


def first(account: Account, document: dict[str, str], taken: Taken) -> dict[str, Any]:
    """What the event says of where the document came from: as its first version did."""
    rid = document.get("rs", "").partition(" ")[0]
    return origin_of(account, rid) or origin(taken.record, taken.feed)
