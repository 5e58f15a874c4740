"""The end of the path of one item of a wire: dedupe and hand off in one commit, or withdraw what its agency killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog

from ingest import intake
from ingest.account import Account
from ingest.errors import ServerAway
from ingest.intake import Source
from ingest.item import Item, Signal
from ingest.ledger import Answer, Taken
from ingest.links import URN, digest
from ingest.model import Article, Failed
from ingest.parcel import Parcel
from workers import copy, event, ninjs
from workers.claims import packed
from workers.event import Facts, Kind
from workers.handoff import ROUNDS, Handoff, moment, origin
from workers.normalise import content_hash
from workers.revision import renewed
from workers.sketch import sketch
from workers.withdraw import kin, names

log = structlog.get_logger()
BUGS = 2  # attempts an item may spoil before it ends on record
READER = "wiredesk-wire-1"  # what reads items, with the format behind it


@dataclass(frozen=True, slots=True)
class Copy:
    """One item on its way out."""

    taken: Taken
    parcel: Parcel
    item: Item

    @property
    def did(self) -> str:
        """Its document."""
        return self.taken.record["wd"]

    @property
    def wire(self) -> ninjs.Wire:
        """What only wire items say."""
        return copy.wire(self.item, Source(self.taken.record["f"], self.parcel.wire))


def handed(handoff: Handoff, taken: Taken, parcel: Parcel, article: Article) -> bool:
    """Hand one version off; True when it must be tried again. Raises ServerAway."""
    return _told(handoff, taken, parcel, lambda found: deliver(handoff, found, article))


def killed(handoff: Handoff, taken: Taken, parcel: Parcel) -> bool:
    """Withdraw a document; True when that must be tried again. Raises ServerAway."""
    return _told(handoff, taken, parcel, lambda found: withdraw(handoff, found))


def _told(handoff: Handoff, taken: Taken, parcel: Parcel, step: Callable[[Copy], Answer]) -> bool:
    try:
        answer = step(Copy(taken, parcel, intake.item(parcel.body)))
    except ServerAway:
        raise
    except Exception as error:  # our fault: it is tried again, then it fails on record with all it needs to be retried
        log.exception("bug", wire=parcel.wire, record=taken.rid)
        return handoff.ledger.stumble(taken, str(Failed.BUG), BUGS, repr(error)[-300:])
    log.info("item_handed_off", wire=parcel.wire, outcome=answer.word, document=answer.document)
    return False


def deliver(handoff: Handoff, found: Copy, article: Article) -> Answer:
    """Commit one version; what the ledger decided. Raises ServerAway."""
    facts = first = _facts(handoff, found, article)
    account = Account(handoff.ledger.store)
    drawn = sketch(article.text).pack()
    last = ""
    for _ in range(ROUNDS):
        built = event.build(facts)
        raw = event.pack(built)
        claim = _claim(found, facts, built, last) | event.seam(raw)
        answer = handoff.ledger.commit(found.taken, claim, raw, drawn)
        if answer.word != "again":
            return answer
        last = answer.last
        following = replace(first, version=answer.version + 1, previous=last)
        facts = renewed(following, account.at(answer.position), found.item.signal is Signal.CORRECTION)
    raise RuntimeError(f"document {found.did} changed {ROUNDS} times during one commit")


def withdraw(handoff: Handoff, found: Copy) -> Answer:
    """Say once that a document is withdrawn by its agency; what withdraw.lua decided. Raises ServerAway."""
    account = Account(handoff.ledger.store)
    for _ in range(ROUNDS):
        document = account.document(found.did)
        facts = replace(
            _said(handoff, found),
            kind=Kind.WITHDRAWN,
            version=int(document.get("v", 0)) + 1,
            previous=document.get("e"),
            alternatives=tuple(dict.fromkeys([*names(account, document), *copy.names(found.item)])),
            copies=kin(account, found.did),
        )
        built = event.build(facts)
        claim = {"wire": True, "keys": [], "last": document.get("e"), "id": built["id"], "wait": 0}
        answer = handoff.ledger.withdraw(found.taken, claim, event.pack(built).decode())
        if answer.word != "again":
            return answer
    raise RuntimeError(f"document {found.did} changed {ROUNDS} times during one withdrawal")


def _said(handoff: Handoff, found: Copy) -> Facts:
    """What every event of an item says."""
    come = origin(found.taken.record, found.taken.feed)
    named = {"source": Source("", found.parcel.wire).uri, "feed": found.parcel.wire}
    return Facts(
        kind=Kind.CREATED,
        subject=URN + found.did,
        time=moment(handoff.now()),
        version=1,
        fetched=moment(found.parcel.at),
        signal=str(found.item.signal) if found.item.signal else None,
        alternatives=copy.names(found.item),
        wire=found.wire,
        **{**come, **named},
    )


def _facts(handoff: Handoff, found: Copy, article: Article) -> Facts:
    return replace(
        _said(handoff, found),
        article=article,
        contenthash=content_hash(article.text),
        extractor=f"{READER}/{found.item.format}",
    )


def _claim(found: Copy, facts: Facts, built: dict[str, Any], last: str) -> dict[str, Any]:
    """What commit.lua is told; of a wire's document nothing is believed but what its agency says."""
    assert facts.article is not None and facts.wire is not None
    return {
        "fk": found.taken.record["k"],
        "ck": "",
        "ks": [],
        "sf": found.did,
        "sc": "",
        "hash": built["contenthash"].partition(":")[2][:32],
        "tk": "",
        "ex": digest("extractor", READER, size=6),
        "fields": packed(facts.article.fields),
        "did": found.did,
        "last": last,
        "id": built["id"],
        "type": built["type"].split(".")[2],
        "stamp": digest("stamp", facts.wire.stamp(), size=9),
        "ti": "",
        "tf": "",
    }
