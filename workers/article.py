"""The path of one page, on one screen.

take | unpack | extract in the page process | dedupe and hand off in one commit
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from config.settings import Settings
from ingest.ledger import Gone, Ledger, Taken
from ingest.links import shown
from ingest.model import Article, Entry, Failed, Precision, When
from ingest.parcel import Parcel, unpack
from workers.extract import Page
from workers.framing import Refusal
from workers.handoff import Handoff
from workers.page import Bug, Child, Died, Overdue
from workers.withdraw import withdraw

log = structlog.get_logger()
CRASHES, OVERRUNS, BUGS = 5, 2, 2  # attempts a page may spoil before it ends on record


@dataclass(frozen=True, slots=True)
class Desk:
    """What one worker holds."""

    settings: Settings
    ledger: Ledger
    child: Child
    handoff: Handoff


def work(desk: Desk, rid: str) -> bool:
    """Take one page to its end; True when it must be tried again. Raises ServerAway."""
    taken = desk.ledger.take(rid, desk.settings.lease)
    if isinstance(taken, Gone):
        return False
    with structlog.contextvars.bound_contextvars(url=shown(taken.record.get("u", ""))):
        parcel = unpack(taken.page)
        if parcel.gone:
            answer = withdraw(desk.handoff, taken, parcel)
            log.info("page_gone", outcome=answer.word, document=answer.document, version=answer.version)
            return False
        try:
            found = desk.child.run(
                page(taken, parcel, desk.settings),
                desk.settings.page_deadline,
                renewal(desk, taken),
                desk.settings.lease / 3,
            )
        except (Overdue, Died, Bug) as error:
            return stumbled(desk, taken, error)
        return ended(desk, taken, parcel, found)


def ended(desk: Desk, taken: Taken, parcel: Parcel, answer: Article | Refusal) -> bool:
    """Hand an article off, or record why there is none."""
    if isinstance(answer, Refusal):
        desk.handoff.refuse(taken, parcel, answer)
        log.info("page_rejected", reason=str(answer.reason), detail=answer.detail[:200])
        return False
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


def renewal(desk: Desk, taken: Taken) -> Any:
    """Keeps the lease while the page is read; another holder's work is not ours to go on with."""
    item = ("w" + taken.rid, taken.fence)

    def tick() -> None:
        desk.ledger.renew([item], desk.settings.lease)

    return tick


def page(taken: Taken, parcel: Parcel, settings: Settings) -> Page:
    """What the extractor is given: the page, and what its feed entry says."""
    zone = taken.feed.get("timezone")
    return Page(
        body=parcel.body,
        url=parcel.url,
        now=datetime.now(UTC),
        content_type=parcel.headers.get("content-type"),
        headers=parcel.headers,
        entry=entry(json.loads(taken.record.get("hint") or "{}"), taken),
        zone=ZoneInfo(zone) if zone else None,
        whole=parcel.inline,
        html=settings.html,
    )


def entry(hint: dict[str, Any], taken: Taken) -> Entry | None:
    """The feed entry behind a record, rebuilt from its hints."""
    if not hint:
        return None
    return Entry(
        guid=taken.record.get("g"),
        link=taken.record.get("u"),
        title=hint.get("title"),
        published=_when(hint),
        updated=_instant(hint["modified"]) if hint.get("modified") else None,
        authors=tuple(hint.get("authors", ())),
        language=hint.get("language") or taken.feed.get("language") or None,
        keywords=tuple(hint.get("keywords", ())),
        picture=hint.get("picture"),
    )


def _when(hint: dict[str, Any]) -> When | None:
    if not hint.get("published"):
        return None
    if hint.get("precision") == Precision.INSTANT:
        return _instant(hint["published"])
    return When(Precision(hint["precision"]), date.fromisoformat(hint["published"]), None, hint.get("wall"))


def _instant(text: str) -> When:
    return When.instant(datetime.fromisoformat(text))
