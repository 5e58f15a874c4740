"""False alarms and delays of the drift alarm over simulated sites, and what it costs in the server.

    python -m tests.bench.drift [--days 30] [--sites 10]

even: log-normal lengths, each like the last to some degree | runs: briefs and long reads in runs | night: mostly briefs
at night. Spreads of ln(length) .3 to 1.0, 5 to 300 pages a day, up to a tenth of them films that are refused, in runs.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ingest import keys
from ingest.ledger import Ledger
from ingest.model import Article, Rejected
from ingest.server import Embedded
from ingest.store import Store
from tests.records import LIMITS, claim, discovered, entry, event, fetch, taken
from workers import drift

KEPT = 400 * drift.SAMPLE
DAY = 86400.0
REFUSED, FILM = drift.refusal(Rejected.NO_TEXT), drift.refusal(Rejected.VIDEO)
KINDS = ("even", "runs", "night")
CHANGES: dict[str, Callable[[int, float, random.Random], str]] = {
    "collapse to 30 %": lambda n, middle, dice: sample(n * 3 // 10, dice),
    "teaser only": lambda n, middle, dice: sample(int(math.exp(dice.gauss(5.2, 0.3))), dice),
    "menu of 1.5 medians": lambda n, middle, dice: sample(n + int(1.5 * middle), dice),
    "half refused": lambda n, middle, dice: REFUSED if dice.random() < 0.5 else sample(n, dice),
    "all refused": lambda n, middle, dice: REFUSED,
    "one paragraph": lambda n, middle, dice: sample(n, dice, 1),
}


def sample(length: int, dice: random.Random, paragraphs: int = 0) -> str:
    """An article of so many characters, in paragraphs of about 230."""
    count = paragraphs or max(1, round(length / max(80.0, dice.gauss(230, 50))))
    body = "x" * max(1, length - 2 * (count - 1))
    return drift.article(
        Article(text=body[count - 1 :] + "\n\nx" * (count - 1), confidence=80 if length < 480 else 100)
    )


class Site:
    """A simulated site; `clock` in seconds."""

    def __init__(self, kind: str, seed: str) -> None:
        self.kind, self.dice, self.clock = kind, random.Random(seed), 0.0
        pick = self.dice.choice
        self.middle, self.spread = self.dice.gauss(8.2, 0.5), pick((0.3, 0.5, 0.6, 0.7, 0.8, 1.0))
        self.like, self.rate = pick((0.0, 0.0, 0.2, 0.4)), pick((5, 10, 20, 40, 80, 150, 300))
        self.briefs, self.run = pick((0.1, 0.2, 0.3, 0.5)), pick((1, 2, 3, 6))
        self.films = pick((0.0, 0.01, 0.03, 0.1))
        self.brief = self.film = False
        self.last = 0.0

    def length(self) -> int:
        night = self.clock % DAY < DAY / 3
        self.clock += self.dice.expovariate(self.rate * (0.4 if night else 1.3) / DAY)
        if self.dice.random() < 0.5:
            self.film = self.dice.random() < self.films
        if self.kind == "even":
            noise = self.dice.gauss(0, self.spread)
            self.last = self.like * self.last + math.sqrt(1 - self.like**2) * noise
            return int(math.exp(self.middle + self.last))
        share = (0.7 if night else 0.15) if self.kind == "night" else self.briefs
        if self.dice.random() < 1 / self.run:
            self.brief = self.dice.random() < share
        return int(math.exp(self.dice.gauss(6.6, 0.3) if self.brief else self.dice.gauss(self.middle + 0.3, 0.5)))

    def page(self) -> str:
        length = self.length()
        return FILM if self.film else sample(length, self.dice)


def peace(kind: str, sites: int, days: int) -> None:
    """False alarms: each is let ring for twenty pages."""
    rung: Counter[str] = Counter()
    count, began = 0, time.process_time()
    judged = 0.0
    for number in range(sites):
        site, found, quiet = Site(kind, f"peace {kind} {number}"), "", 0
        while site.clock < days * DAY:
            found, count, quiet = (found + site.page())[-KEPT:], count + 1, quiet - 1
            start = time.process_time()
            told = drift.changes(found) if quiet < 0 else []
            judged += time.process_time() - start
            if told:
                quiet = 20
                rung.update(["alarms", *(change.name for change in told)])
    per = {name: round(1000 * n / (sites * days), 1) for name, n in rung.most_common()}
    print(f"{kind:6} {count} pages, {sites * days} site-days; of 1000 site-days {per or 'none'};", end=" ")
    print(f"{1e6 * judged / count:.0f} us to judge ({time.process_time() - began:.0f} s)")


def delays(kind: str, sites: int, known: int) -> None:
    """After how many pages a change is told."""
    for name, change in CHANGES.items():
        told = []
        for number in range(sites):
            site = Site(kind, f"delay {kind} {number}")
            found = "".join(site.page() for _ in range(known))
            middle = 2 ** (statistics.median(drift.history(found).values["characters"] or [700]) / 64)
            told.append(1000)
            for after in range(1, 41):
                found = (found + change(site.length(), middle, site.dice))[-KEPT:]
                if drift.changes(found):
                    told[-1] = after
                    break
        told.sort()
        shares = ", ".join(f"{sum(t <= n for t in told) / sites:.0%} within {n}" for n in (10, 20, 40))
        print(f"{kind:6} {known} pages known, {name:20} median {told[sites // 2]:4}, {shares}")


def costs(number: int = 2000) -> None:
    """Bytes of a site, and microseconds that observing adds to a commit."""
    with tempfile.TemporaryDirectory(prefix="wiredesk-bench-") as name:
        embedded = Embedded(Path(name), "no")
        store = Store(embedded.start(), 14 * DAY)
        ledger = Ledger(store)
        discovered(ledger, *(entry(n) for n in range(number)))
        spent: dict[bool, list[float]] = {True: [], False: []}
        while works := ledger.claim([("p", 50)], LIMITS):
            for work in works:
                seen = len(spent[True]) <= len(spent[False])
                more = {"site": "news.test", "sm": "0A0B"} if seen else {}
                held = taken(ledger, fetch(ledger, work))
                body = claim(work.url, f"text {work.url}", **more)
                start = time.perf_counter()
                ledger.commit(held, body, event(body))
                spent[seen].append(time.perf_counter() - start)
        for pages_kept in (20, 100, 400):
            store.client.hset(keys.SITE + "news.test", "m", "0A0B" * pages_kept)
            print(f"a site of {pages_kept} pages: {store.client.memory_usage(keys.SITE + 'news.test')} bytes")
        extra = statistics.median(spent[True]) - statistics.median(spent[False])
        print(f"a commit: {1e6 * statistics.median(spent[False]):.0f} us, with its sample {1e6 * extra:+.0f} us")
        store.close()
        embedded.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--sites", type=int, default=10)
    given = parser.parse_args()
    costs()
    for kind in KINDS:
        peace(kind, given.sites, given.days)
    for kind in KINDS:
        delays(kind, 4 * given.sites, 150)


if __name__ == "__main__":
    main()
