"""When to poll a feed next, when to try a page or look at it again: pure functions of what was seen so far."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.model import Failed, Reason, Rejected, When

FAST = 20 * 60.0  # seconds: memory of the burst rate
SLOW = 2 * 86400.0  # seconds: memory of the usual rate
COST = 240.0  # seconds of delay to one entry that one poll is worth: the budget of the square-root law
OVERLAP = 0.3  # share of a feed's window that may be new at a poll before entries could be missed
LONGEST = 3600.0  # seconds between polls of a feed that answers
NEVER = math.inf
DEAD = 86400.0  # seconds between polls of a feed that does not; it is never given up
WEIGHTS = {Failed.GONE: 2.0, Failed.NOT_FOUND: 0.5, Failed.SERVER: 0.5, Failed.LIMITED: 0.5, Failed.DNS: 0.5}


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of a feed's rhythm."""

    fast: float = 0.0  # new entries per second, exponential mean over FAST
    slow: float = 0.0  # the same over SLOW
    window: int = 0  # entries in the last body
    fails: float = 0.0  # weighted failures in a row
    interval: float = 0.0  # seconds chosen last


def observed(pace: Pace, new: int, window: int, elapsed: float) -> Pace:
    """The pace after a poll that found `new` entries, `elapsed` seconds after the one before."""
    span = max(elapsed, 1.0)
    rate = new / span
    fast, slow = (old + (rate - old) * (1 - math.exp(-span / t)) for old, t in ((pace.fast, FAST), (pace.slow, SLOW)))
    return replace(pace, fast=fast, slow=slow, window=window, fails=0.0)


def rate_of(dates: Iterable[When | None], now: float) -> float:
    """Entries per second as the dates of a first body tell it; one an hour where they tell nothing."""
    moments = sorted(w.at.timestamp() for w in dates if w is not None and w.at is not None)
    known = [m for m in moments if m <= now]
    if len(known) < 2:
        return 1 / 3600
    return (len(known) - 1) / max(now - known[0], 3600.0)  # some feeds date everything with the moment of asking


def interval(pace: Pace, shortest: float, hint: float = 0.0) -> float:
    """Seconds until the next poll: the square-root law under an overlap guard, a publisher's hint within reason.

    T = min(sqrt(2 C / rate), 0.3 window / rate): delay against cost, but never so long that the window rolls over.
    """
    rate = max(pace.fast, pace.slow, 1e-9)
    ideal = math.sqrt(2 * COST / rate)
    guard = OVERLAP * pace.window / rate if pace.window else ideal
    wanted = min(ideal, guard, LONGEST)
    hinted = min(hint, 4 * wanted, LONGEST)
    return max(wanted, hinted, shortest)


def failed(pace: Pace, reason: Reason) -> Pace:
    """The pace after a failed poll: kinds of failure weigh differently, none is final."""
    return replace(pace, fails=pace.fails + WEIGHTS.get(reason, 1.0) if isinstance(reason, Failed) else pace.fails + 1)


def retry(pace: Pace, shortest: float, after: float | None) -> float:
    """Seconds until a feed that failed is asked again: soon, then daily, never not; a server's own wait wins."""
    usual = interval(replace(pace, fails=0.0), shortest)
    backed = min(usual, 300.0) * 2 ** min(pace.fails, 12)
    wait = max(shortest, min(backed, DEAD))
    return max(wait, after or 0.0)


# Attempts at a page, and the seconds before each further one. A site that is down for a night loses nothing.
_PATIENT = (30.0, 120.0, 600.0, 1800.0, 7200.0, 14400.0, 21600.0, 21600.0)
_SHORT = (60.0, 600.0)
_BY_HAND = (5.0, 30.0)
_PATIENCE: dict[Reason, tuple[float, ...]] = {
    Failed.NOT_FOUND: (60.0, 900.0),
    Failed.FORBIDDEN: (900.0, 7200.0),
    Failed.CLIENT: _SHORT,
    Failed.STATUS: _SHORT,
    Failed.TOO_LARGE: (),
    Failed.REDIRECTS: _SHORT,
    Failed.ENCODING: (60.0, 600.0, 3600.0),
    Failed.BAD_URL: (),
    Failed.ADDRESS: (),
    Failed.GONE: (),
    Rejected.ROBOTS: (),
}
HOST_TROUBLE = frozenset({Failed.LIMITED, Failed.SERVER, Failed.CONNECT, Failed.TIMEOUT, Failed.DNS, Failed.TLS})


def next_try(reason: Reason, tries: int, after: float | None, by_hand: bool = False) -> float:
    """Seconds until attempt number `tries` + 1 at a page; NEVER when attempt `tries` was the last.

    An address entered by hand has somebody waiting for it: it is tried three times within a minute, and then put on
    record, from where it can be put back.
    """
    waits = _PATIENCE.get(reason, _PATIENT)
    waits = _BY_HAND[: len(waits)] if by_hand else waits
    if tries > len(waits):
        return NEVER
    if after and tries == 1:
        return after  # the site knows better than our first guess
    return max(waits[tries - 1], after or 0.0)


def host_pause(reason: Reason, after: float | None) -> float:
    """Seconds a whole host is left alone after this failure."""
    if after:
        return min(after, DEAD)
    if reason is Failed.LIMITED:
        return 30.0
    return 5.0 if reason in HOST_TROUBLE else 0.0


FAR = 4 * 86400.0  # seconds between two looks at a delivered page at most
OFTEN = 48  # looks a page may get within its age: one that always changes is looked at ever more seldom too
TRUST = 8  # looks of which one asks without validators, and all do after SURE
SURE = 2 * 86400.0  # seconds without a change, from which on looks are a day apart
CONFIRM = 3600.0  # seconds until a page that was not there is asked for again


def revisit(age: float, still: float, first: float, keep: float) -> float:
    """Seconds until a delivered page is looked at again; NEVER once it has not changed for `keep`.

    `age` and `still`: seconds since it was found and since it last changed. Twice as long after a change each time:
    first, 2 first, 4 first ..., at most FAR.
    """
    if still >= keep:
        return NEVER
    return max(first, min(max(still, age / OFTEN), FAR))


def blind(looks: int, still: float) -> bool:
    """Whether a look asks without validators: some servers say 304 whatever happens."""
    return looks % TRUST == TRUST - 1 or still >= SURE


@dataclass(frozen=True, slots=True)
class Absence:
    """How often a page was not there in a row."""

    times: int = 0  # answers 404 or 410
    gone: int = 0  # of them 410
    span: float = 0.0  # seconds since the first

    def seen(self, status: int) -> Absence:
        """With one more answer, 404 or 410."""
        return replace(self, times=self.times + 1, gone=self.gone + (status == 410))


def gone(seen: Absence, answered: bool, first: float) -> float:
    """Seconds until a missing page is asked for again; 0.0 when it is believed gone for good.

    That takes 410 twice, or three answers over a day, and a page of its host that was there meanwhile (`answered`).
    """
    sure = seen.gone >= 2 or (seen.times >= 3 and seen.span >= DEAD)
    if sure and answered:
        return 0.0
    if sure:
        wait = min(seen.span, DEAD)
    elif seen.gone:
        wait = first
    else:
        wait = CONFIRM if seen.times < 2 else max(CONFIRM, DEAD - seen.span)
    return max(wait, first)
