"""One crash run from start to verdict: kill on a schedule while articles appear, let it drain, judge from outside."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest import keys
from tests.bench.orders import Order
from tests.bench.stage import LEASE, Plan, Stage
from tests.bench.watch import Watch
from workers.newsroom import journal
from workers.newsroom.judge import Verdict, judge

ALLOWED = LEASE + 15.0  # seconds until everything that was in hand is dealt with
PATIENCE = 4.0  # seconds for a point to be reached, before its target is killed without one
TICK = 0.03
MEANT = ("failed:not-found", "failed:unreadable")  # sites and agencies of these runs do that on purpose


@dataclass(frozen=True)
class Drill:
    """A named run: who is killed where, and what else is done to the service."""

    name: str
    points: tuple[Order, ...] = ()  # taken in turn
    kills: int = 0
    gap: tuple[float, float] = (0.3, 1.2)  # seconds between a kill and the next order
    plan: Plan = field(default_factory=Plan)
    script: Callable[[Run], None] | None = None  # instead of kills
    cold: bool = False  # the first kill waits for nothing


@dataclass
class Result:
    """What came of it."""

    drill: Drill
    kills: Counter[str]
    verdict: Verdict
    watch: Watch
    faults: list[str]
    took: float

    @property
    def passed(self) -> bool:
        """Nothing lost, doubled or wrong, the law unbroken, everything back in time, and as often killed as meant."""
        sound = self.verdict.passed and not self.faults and not self.watch.broken
        return sound and self.watch.worst <= ALLOWED and sum(self.kills.values()) >= self.drill.kills


@dataclass
class Run:
    """One drill under way."""

    drill: Drill
    stage: Stage
    watch: Watch
    kills: Counter[str] = field(default_factory=Counter)
    asked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def tick(self) -> list[dict[str, Any]]:
        """Keep everything up, look once, and note the orders that were obeyed."""
        self.stage.tend()
        self.watch.look()
        fired = self.stage.orders.fired()
        for order in fired:
            if order["action"] != "stop":
                self._struck(order["point"], time.monotonic() - (time.time() - order["at"]))
        time.sleep(TICK)
        return fired

    def _struck(self, what: str, at: float) -> None:
        self.kills[what] += 1
        self.watch.blow(what, at)

    def until(self, done: Callable[[], bool], most: float) -> bool:
        """Tick until something is so; False when it never was."""
        end = time.monotonic() + most
        while not done():
            if time.monotonic() > end:
                return False
            self.tick()
        return True

    def strike(self, order: Order) -> None:
        """One kill: at its point, or, where that is not reached, at a random moment with work in hand."""
        if order.bait:
            self._at(Order(order.bait))
        if order.point.endswith(":random") or not self._at(order):
            self.until(lambda: bool(self.watch.held), PATIENCE)
            if self.until(lambda: self.stage.kill(order.victim), 15):
                self._struck(f"{order.victim}:random", time.monotonic())

    def _at(self, order: Order) -> bool:
        """Put an order out until it is obeyed; False when nobody reached the point in time."""
        before = sum(self.kills.values())
        name = self.stage.orders.arm(order)
        self.until(lambda: sum(self.kills.values()) > before, PATIENCE)
        return not self.stage.orders.withdraw(name) and self.until(lambda: sum(self.kills.values()) > before, 2)

    def series(self, most: float) -> None:
        """All kills of the drill, round its points."""
        end = time.monotonic() + most
        for number in range(self.drill.kills):
            if time.monotonic() > end:
                return
            self.strike(self.drill.points[number % len(self.drill.points)])
            pause = time.monotonic() + self.stage.dice.uniform(*self.drill.gap)
            self.until(lambda end=pause: time.monotonic() > end, 10)  # type: ignore[misc]

    def drain(self, most: float) -> bool:
        """Until the site has no more to show, every feed was polled after that, and nothing is left to do."""
        if not self.until(lambda: self.stage.ask("/finished").startswith("yes"), self.drill.plan.seconds + most):
            return False
        since = time.time() + 1
        return self.until(lambda: self.watch.settled() and self.watch.polled(since), most)


def hold(drill: Drill) -> Result:
    """Run a drill in a temporary folder; what came of it."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        stage = Stage(Path(folder), drill.plan)
        try:
            return _held(drill, stage, started)
        finally:
            stage.close()


def _held(drill: Drill, stage: Stage, started: float) -> Result:
    run, events = perform(drill, stage)
    verdict = judge(journal.read(stage.site_log), events, run.asked)
    return Result(drill, run.kills, verdict, run.watch, run.notes, time.monotonic() - started)


def perform(drill: Drill, stage: Stage) -> tuple[Run, list[dict[str, Any]]]:
    """The drill without its verdict: what was done, with its faults as notes, and the stream's events."""
    stage.open()
    run = Run(drill, stage, Watch(stage))
    faults = run.notes
    if not drill.cold and not run.until(lambda: run.watch.ended >= 3, 30):
        faults.append("nothing came out in 30 s")
    if drill.script is not None:
        drill.script(run)
    run.series(drill.kills * 8 + 20)
    if not run.drain(ALLOWED + 25):
        faults.append(f"not drained: {run.watch.state()}")
    faults += _recounted(run)
    events = _events(stage)
    if not drill.plan.mutation:
        faults += [f"{name} did not stop on SIGTERM" for name in stage.stop()]
    return run, [{**json.loads(raw), "stream": sid.decode()} for sid, raw in events]


def _recounted(run: Run) -> list[str]:
    if not run.until(run.watch.look, 10):
        return ["the server does not answer at the end"]
    holds, wrong, left = run.watch.law()
    faults = [] if holds else ["the law does not hold at the end"]
    if left["waiting"]:
        faults.append(f"{left['waiting']} page bytes are said to wait, and no page does")
    faults += [f"{n} records ended as {r}" for r, n in left.items() if r.startswith("failed:") and r not in MEANT]
    faults += [f"record {rid} pends, held by nobody, in no line" for rid in run.watch.stranded()]
    return faults + wrong + _tagged(run.stage)


def _events(stage: Stage) -> list[tuple[bytes, bytes]]:
    rows: Any = stage.client().xrange(keys.STREAM)
    return [(row[0], row[1][b"event"]) for row in rows]


def _tagged(stage: Stage) -> list[str]:
    """Every event must have become exactly one job of the tagger, in the stream's order."""
    client: Any = stage.client()
    wanted = [f"places-{json.loads(raw)['id']}" for _, raw in _events(stage)]
    until = time.monotonic() + 15
    jobs: list[str] = []
    while time.monotonic() < until:
        jobs = [j.decode() for j in client.lrange("rq:queue:tagger-places", 0, -1)]
        if len(jobs) >= len(wanted):
            break
        time.sleep(0.3)
    if jobs == wanted:
        return []
    missing, twice = set(wanted) - set(jobs), [j for j, n in Counter(jobs).items() if n > 1]
    return [
        f"the tagger's queue: {len(missing)} missing, {len(twice)} twice, {len(jobs)} jobs for {len(wanted)} events"
    ]
