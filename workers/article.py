"""The path of one page, on one screen.

take | unpack | extract in the page process | dedupe and hand off in one commit
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from config.settings import Settings
from ingest.account import Account
from ingest.ledger import Gone, Ledger, Taken
from ingest.links import shown
from ingest.model import Article, Failed
from ingest.parcel import Parcel, unpack
from workers import hints, wire
from workers.extract import Page
from workers.framing import Refusal
from workers.handoff import Handoff
from workers.page import Bug, Child, Died, Overdue
from workers.withdraw import withdraw

log = structlog.get_logger()
LARGE = 200_000  # bytes of an item whose event takes more than some milliseconds
CRASHES, OVERRUNS, BUGS = 5, 2, 2  # attempts a page may spoil before it ends on record


@dataclass(frozen=True, slots=True)
class Desk:
    """What one worker holds."""

    settings: Settings
    ledger: Ledger
    child: Child
    handoff: Handoff


def work(desk: Desk, rid: str) -> str:
    """Take one page or item to its end. Returns the record to work at next, "" for none: this one again where it must
    be tried again, the next version of a wire's document. Raises ServerAway."""
    taken = desk.ledger.take(rid, desk.settings.lease)
    if isinstance(taken, Gone):
        return ""
    about = {"url": shown(taken.record["u"])} if taken.record.get("u") else {}
    with structlog.contextvars.bound_contextvars(**about):
        if read(desk, taken):
            return rid
    return desk.ledger.following(taken.record["wd"]) if "wd" in taken.record else ""


def read(desk: Desk, taken: Taken) -> bool:
    """Read what was taken and hand it off; True when it must be tried again. Raises ServerAway."""
    parcel = unpack(taken.page)
    if parcel.gone:
        answer = withdraw(desk.handoff, taken, parcel)
        log.info("page_gone", outcome=answer.word, document=answer.document, version=answer.version)
        return False
    if parcel.killed:
        return wire.killed(desk.handoff, taken, parcel)
    pulse = renewal(desk, taken, taken.lease)
    try:
        found = desk.child.run(page(taken, parcel, desk), desk.settings.page_deadline, pulse, taken.lease / 3)
    except (Overdue, Died, Bug) as error:
        return stumbled(desk, taken, error)
    return ended(desk, taken, parcel, found)


def ended(desk: Desk, taken: Taken, parcel: Parcel, answer: Article | Refusal) -> bool:
    """Hand an article off, or record why there is none."""
    if isinstance(answer, Refusal):
        desk.handoff.refuse(taken, parcel, answer)
        log.info("page_rejected", reason=str(answer.reason), detail=answer.detail[:200])
        return False
    if parcel.wire:
        if len(parcel.body) > LARGE:  # packed, it may look small: the lease of its page does not reach
            desk.ledger.renew([("w" + taken.rid, taken.fence)], desk.settings.lease)
        return wire.handed(desk.handoff, taken, parcel, answer)
    outcome = desk.handoff.deliver(taken, parcel, answer)
    log.info("page_handed_off", outcome=outcome.word, document=outcome.document, version=outcome.version)
    return False


def stumbled(desk: Desk, taken: Taken, error: Overdue | Died | Bug) -> bool:
    """Count a page that spoiled its process; it is tried again at once, a bounded number of times."""
    reason, allowed = {
        Overdue: (Failed.DEADLINE, OVERRUNS),
        Died: (Failed.CRASHED, CRASHES),
        Bug: (Failed.BUG, BUGS),
    }[type(error)]
    log.warning("page_stumbled", reason=str(reason), detail=str(error)[-1500:])
    return desk.ledger.stumble(taken, str(reason), allowed, str(error)[-300:])


def renewal(desk: Desk, taken: Taken, lease: float) -> Any:
    """Keeps the lease while the page is read; another holder's work is not ours to go on with."""
    item = ("w" + taken.rid, taken.fence)

    def tick() -> None:
        desk.ledger.renew([item], lease)

    return tick


def page(taken: Taken, parcel: Parcel, desk: Desk) -> Page:
    """What the extractor is given: the page, and what its feed entry says or, at another look, said; or an item."""
    if parcel.wire:
        return Page(parcel.body, parcel.url, datetime.now(UTC), html=desk.settings.html, wire=True)
    zone = taken.feed.get("timezone")
    hint = hints.listed(taken) or hints.remembered(Account(desk.ledger.store), taken)
    return Page(
        body=parcel.body,
        url=parcel.url,
        now=datetime.now(UTC),
        content_type=parcel.headers.get("content-type"),
        headers=parcel.headers,
        entry=hints.entry(hint, taken),
        zone=ZoneInfo(zone) if zone else None,
        whole=parcel.inline,
        html=desk.settings.html,
    )
