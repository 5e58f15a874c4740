"""Run a loopback world through the real service while it is killed; judge the stream against the world's own record.

    python -m tests.bench.world [outlets] [--stories 60] [--kills 20] [--outlets 8] [--at-once] [--seed 1] [--whole]
    python -m tests.bench.world changes [--stories 42] [--kills 20] [--seed 1] [--whole] [--verbose]
    python -m tests.bench.world wires [--stories 60] [--kills 20] [--seed 1] [--lives A,B] [--seconds S] [--slow S]

outlets: houses that copy, cut and edit each other's stories in nine languages (tests/world/plan.py); what is judged
stands in tests/world/kinship.py. --at-once: everything appears at one instant. changes: a site that edits, retitles,
corrects, deletes and brings back its articles while it is looked at again (tests/world/changes.py, what is judged in
tests/world/history.py). wires: an agency drops messages into a spool, under embargo, corrected, killed, twice, broken
(workers/newsroom/agency.py, workers/newsroom/deliveries.py); --mutation takes one of its guards out, and must fail;
workers are slow then, so that what it guards against happens.

Kills fall on workers, their parent, the page process, poller, server, and all at once, at random moments and round the
commit. --whole runs `wiredesk run` instead of its parts. Exit 1 if the verdict is bad, the ledger's law broke, or fewer
kills fell than meant.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from tests.bench.drill import ALLOWED, Drill, Run, perform
from tests.bench.orders import Order
from tests.bench.stage import Plan, Stage
from tests.world import history, kinship
from workers.newsroom import agency, deliveries, journal

POINTS = (
    Order("worker:after:commit"),
    Order("worker:before:commit", "all"),
    Order("poller:random"),
    Order("server:random"),
    Order("page:random"),
    Order("worker:before:commit"),
    Order("worker:after:take", "parent"),
    Order("all:random"),
)
DESK = (
    *(order for order in POINTS if not order.point.startswith("page")),
    Order("poller:before:receive"),
    Order("poller:after:receive"),
    Order("poller:after:release"),
    Order("keeper:after:release"),
)
WHOLE = tuple(Order(f"{role}:random") for role in ("run", "server", "poller", "parent"))
GAPS = {False: (0.3, 1.0), True: (5.0, 7.0)}  # seconds between kills: of parts, and of the whole
STATES = 6  # that the longest life of an article has
SPACING = 2.0  # seconds from one kill to the next, about
LAGS = 8.0  # seconds from the last story to the last that is made of it
SLOW = 1.2  # seconds, longer than the lease of an item of a wire
NEEDED = {  # what has to become of items for a guard to be needed, often enough to be sure that it is
    "unordered": ("burst", "updated", "plain"),
    "unstopped": ("caught", "killed", "caught", "plain"),
}
RATE = 1.5  # stories of the outlets a second, with all that is made of them


class Judgement(Protocol):
    """What a world's judge says."""

    @property
    def passed(self) -> bool: ...

    def summary(self) -> str: ...


Judge = Callable[[Sequence[Mapping[str, Any]], list[dict[str, Any]]], Judgement]


@dataclass(frozen=True)
class World:
    """A drill in another world than the newsroom, and who judges it."""

    drill: Drill
    judge: Judge


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    verdict: Judgement
    run: Run
    drill: Drill
    took: float

    @property
    def faults(self) -> list[str]:
        """What was wrong beside the verdict."""
        late = [f"recovered after {self.run.watch.worst:.1f} s"] if self.run.watch.worst > ALLOWED else []
        few = sum(self.run.kills.values()) < self.drill.kills
        return [*self.run.notes, *self.run.watch.broken, *late, *(["too few kills"] if few else [])]

    def told(self, most: int) -> str:
        """All of it, for people, with so many lines of each kind of fault."""
        verdict: Any = self.verdict
        kills = dict(sorted(self.run.kills.items()))
        lines = [verdict.summary(), f"{sum(kills.values())} kills {kills}, {self.took:.0f} s"]
        for name in ("lost", "doubled", "wrong", "early", "split", "missed"):
            lines += [f"  {name}: {line}" for line in getattr(verdict, name, [])[:most]]
        if false := getattr(getattr(verdict, "figures", None), "false", None):
            worst = sorted(false.items(), key=lambda pair: -pair[1])[:most]
            lines.append(f"  false pairs: {', '.join(f'{a} + {b} {n}' for (a, b), n in worst)}")
        lines += [f"  fault: {fault}" for fault in self.faults[:most]]
        return "\n".join([*lines, "passed" if self.passed else "FAILED"])

    @property
    def passed(self) -> bool:
        """Whether the verdict is good and nothing else went wrong."""
        return self.verdict.passed and not self.faults


def dropped(world: World) -> World:
    """The same agency, but every file lies there at once, all versions of an item one after another."""
    plan = world.drill.plan
    return replace(
        world, drill=replace(world.drill, plan=replace(plan, site=(*plan.site, "--seconds", "0", "--gap", "0")))
    )


def at_once(world: World, stories: int) -> World:
    """The same world of outlets, but everything appears at one instant, digests once the rest should be through."""
    plan = world.drill.plan
    wait = 5 + stories * 0.4
    words = ("--instant", "1", "--seconds", "0", "--lag", "0", "--wait", f"{wait:.0f}")
    plan = replace(plan, seconds=plan.seconds + wait, site=(*plan.site, *words))
    return replace(world, drill=replace(world.drill, plan=plan))


def outlets(stories: int, kills: int, houses: int, seed: int = 1, whole: bool = False) -> World:
    """The world of outlets, its stories appearing as long as the kills last."""
    seconds = max(stories / RATE, kills * SPACING)
    words = ("tests.world.serve", "outlets", "--stories", str(stories), "--outlets", str(houses))
    site = (*words, "--seconds", f"{seconds:.1f}", "--seed", str(seed))
    plan = Plan(seconds=seconds + LAGS, workers=2, whole=whole, site=site)
    return World(Drill("outlets", WHOLE if whole else POINTS, kills, GAPS[whole], plan), kinship.judge)


def changes(stories: int, kills: int, seed: int = 1, whole: bool = False) -> World:
    """The site that changes its articles; with kills a state stays for three looks: one may die with its reader."""
    words = ("tests.world.serve", "changes", "--stories", str(stories), "--seed", str(seed))
    site = (*words, "--looks", "3" if kills else "1")
    seconds = STATES * 3.0 + kills * SPACING + stories * (3.0 if kills else 0.5)  # at most
    plan = Plan(seconds=seconds, workers=2, whole=whole, site=site, settings=(("REVISIT_AFTER", "1"),))
    return World(Drill("changes", WHOLE if whole else POINTS, kills, GAPS[whole], plan), history.judge)


def wires(order: agency.Order, kills: int, whole: bool = False) -> World:
    """The agency, its items beginning as long as the kills last or as the order says."""
    seconds = max(order.seconds, kills * (SPACING if not whole else GAPS[True][1]))
    words = ("tests.world.serve", "wires", "--stories", str(order.stories), "--seconds", f"{seconds:.1f}")
    more = ("--gap", str(order.gap), "--hold", str(order.hold), "--seed", str(order.seed))
    site = (*words, *more, "--lives", ",".join(order.lives))
    plan = Plan(seconds=seconds + 4 * order.gap + 2 * order.hold, workers=2, whole=whole, site=site)
    return World(Drill("wires", WHOLE if whole else DESK, kills, GAPS[whole], plan), deliveries.judge)


def mutated(world: World, name: str, slow: float) -> World:
    """The same with slow workers, or with a guard taken out of the service, and slow workers that need it."""
    plan = replace(world.drill.plan, mutation=name, slow=slow or (SLOW if name else 0.0))
    points = (Order("poller:before:receive"), *world.drill.points[:2]) if name == "accepted" else world.drill.points
    return replace(world, drill=replace(world.drill, plan=plan, points=points))


def hold(world: World) -> Outcome:
    """Run a world in a temporary folder; what came of it."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="world-") as folder:
        stage = Stage(Path(folder), world.drill.plan)
        try:
            run, events = perform(world.drill, stage)
        finally:
            stage.close()
        verdict = world.judge(journal.read(stage.site_log), events)
        return Outcome(verdict, run, world.drill, time.monotonic() - started)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", nargs="?", choices=("outlets", "changes", "wires"), default="outlets")
    parser.add_argument("--stories", type=int, default=60)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--outlets", type=int, default=8)
    parser.add_argument("--lives", help="what becomes of a wire's items, in turn")
    parser.add_argument("--hold", type=float, default=agency.Order().hold, help="seconds of a wire's embargoes")
    parser.add_argument("--mutation", default="", help="a guard of wires that is taken out (tests/bench/mutate.py)")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds a worker of a wire falls asleep now and then")
    parser.add_argument("--seconds", type=float, default=30.0, help="over which a wire's items begin")
    parser.add_argument("--at-once", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave nothing running
    if given.world == "changes":
        world = changes(given.stories, given.kills, given.seed, given.whole)
    elif given.world == "wires":
        lives = tuple(given.lives.split(",")) if given.lives else NEEDED.get(given.mutation, agency.LIVES)
        order = agency.Order(given.stories, given.seconds, hold=given.hold, seed=given.seed, lives=lives)
        world = mutated(wires(order, given.kills, given.whole), given.mutation, given.slow)
    else:
        world = outlets(given.stories, given.kills, given.outlets, given.seed, given.whole)
    if given.at_once and given.world != "changes":
        world = at_once(world, given.stories) if given.world == "outlets" else dropped(world)
    outcome = hold(world)
    print(outcome.told(10_000 if given.verbose else 8), flush=True)
    return 0 if outcome.passed else 1


if __name__ == "__main__":
    sys.exit(main())
