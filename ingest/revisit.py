"""One look at a delivered page: what is asked, and what the answer means (pure)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.settings import Settings
from ingest import schedule
from ingest.errors import TryLater, Verdict
from ingest.fetch import Ask
from ingest.ledger import address_key
from ingest.links import clean
from ingest.look import Look, Unread, wait_ms
from ingest.model import Failed, Fetched
from ingest.parcel import Parcel
from ingest.reach import NETWORK, PAUSE

_SENT = re.compile(r"[\x20-\x7e]{1,200}")  # a validator that can be sent, and is worth keeping


@dataclass(frozen=True, slots=True)
class Terms:
    """How often pages are looked at."""

    first: float  # seconds between two looks at least
    keep: float  # seconds without a change after which a page is left alone

    def wait(self, look: Look) -> float:
        """Seconds until the next look after one that found nothing new; NEVER."""
        usual = schedule.revisit(look.age, look.still, self.first, self.keep)
        return max(self.first, min(usual, schedule.DEAD)) if look.withdrawn and usual < schedule.NEVER else usual


NEVER_AGAIN = Terms(0.0, 0.0)


def terms(settings: Settings) -> Terms:
    """How often an operator wants pages to be looked at."""
    return Terms(settings.revisit_after, settings.retention) if settings.revisits else NEVER_AGAIN


def validator(headers: Mapping[str, str]) -> str:
    """What a page's next version is told by: "e" and its ETag, or "m" and its Last-Modified; "" where it has neither.

    One is enough: who gets both must ignore the date (RFC 9110 section 13.1.3).
    """
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    if _SENT.fullmatch(etag):
        return "e" + etag
    return "m" + modified if _SENT.fullmatch(modified) else ""


def digest(body: bytes) -> str:
    """A body's short name: eight characters."""
    return base64.urlsafe_b64encode(hashlib.blake2b(body, digest_size=6).digest()).decode()


def later(terms: Terms, record: Mapping[str, str], parcel: Parcel, now: float) -> dict[str, Any]:
    """What a commit says of the next look at its page: see look_again in prelude.lua.

    A text that came with its feed, and an entry without an address of its own, are never looked at.
    """
    if terms == NEVER_AGAIN or parcel.inline or record["k"] != address_key(record["u"]):
        return {"rv": [0, 0]}
    at = float(record.get("now") or now * 1000)  # the server's clock, as t and e are
    age, still = ((at - float(record.get(name, at))) / 1000 for name in ("t", "e"))
    waits = (schedule.revisit(age, since, terms.first, terms.keep) for since in (0.0, still))
    return {"rv": [wait_ms(w) for w in waits], "va": validator(parcel.headers), "vb": digest(parcel.body)}


def asking(ask: Ask, look: Look) -> Ask:
    """The question for a page, as a look puts it."""
    ask = replace(ask, missing=True)
    if not look.validator or schedule.blind(look.looks, look.still):
        return ask
    value = look.validator[1:]
    return replace(ask, etag=value) if look.validator[0] == "e" else replace(ask, modified=value)


def answered(look: Look, got: Fetched, terms: Terms, story: str) -> Unread | Parcel:
    """What an answer means: the end of the look, or a parcel for a worker; its time is the caller's to fill in."""
    if got.status in (404, 410):
        return _missing(look, got, terms, story)
    if got.status == 304 or (look.body and digest(got.body) == look.body):
        return Unread(terms.wait(look), story, validator=validator(got.headers) if got.status != 304 else "")
    return Parcel(got.url, got.body, 0.0, got.headers, got.hops)


def _missing(look: Look, got: Fetched, terms: Terms, story: str) -> Unread | Parcel:
    reason = str(Failed.GONE if got.status == 410 else Failed.NOT_FOUND)
    if look.withdrawn or not set(look.own) & {address_key(clean(hop)) for hop in got.hops}:
        return Unread(terms.wait(look), story, reason)
    seen = look.absent.seen(got.status)
    wait = schedule.gone(seen, look.answered, terms.first)
    if not wait:
        return Parcel(got.url, b"", 0.0, hops=got.hops, gone=got.status, last=look.last)
    return Unread(wait if look.still < terms.keep else schedule.NEVER, story, reason, absent=seen)


def failed(look: Look, error: Verdict, terms: Terms, story: str, offline: bool = False) -> Unread:
    """What a failed look means: nothing for the document, a pause for its host, and another look.

    While nothing at all can be reached (`offline`) it counts for neither.
    """
    if offline and error.reason in NETWORK:
        return Unread(max(PAUSE, terms.first), story, str(error.reason))
    after = error.after if isinstance(error, TryLater) else None
    hold = schedule.host_pause(error.reason, after) if error.reason != Failed.ADDRESS else 0.0
    return Unread(max(terms.wait(look), after or 0.0), story, str(error.reason), hold)
