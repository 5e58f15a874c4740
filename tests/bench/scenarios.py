"""The crash runs by name: who is killed at which points, and the outages that are no kill."""

from __future__ import annotations

from dataclasses import replace

from tests.bench import outages
from tests.bench.drill import Drill
from tests.bench.orders import Order
from tests.bench.stage import Plan

RATE = 3.0  # articles a second


def _at(*points: str, action: str = "kill", nth: int = 1, bait: str = "") -> tuple[Order, ...]:
    return tuple(Order(p, action, nth, bait=bait) for p in points)


def _some(role: str) -> Order:
    """A random moment."""
    return Order(f"{role}:random")


def _both(role: str, *steps: str) -> list[str]:
    return [f"{role}:{when}:{step}" for step in steps for when in ("before", "after")]


POLLER = [*_both("poller", "claim", "discover", "fetched", "later", "submit"), "poller:before:renew"]
WORKER = _both("worker", "take", "commit", "refuse")
KEEPER = _both("keeper", "reconcile", "dispatch")
RETOLD = _both("keeper", "submit")
PAGE = _both("page", "extract")
CENTRE = [
    "poller:after:claim",
    "poller:after:discover",
    "poller:after:fetched",
    "worker:after:take",
    "worker:after:commit",
]
SEAMS = ["poller:before:discover", "poller:before:fetched", "worker:before:commit", "keeper:after:dispatch"]

WHOLE = ("all", "run", "server", "poller", "parent")
QUIET = Plan(articles=60, seconds=0, revise_after=20)

SCENARIOS: dict[str, Drill] = {
    d.name: d
    for d in (
        Drill("poller", (*_at(*POLLER), _some("poller"))),
        Drill("quiet", _at("poller:before:discover", "poller:after:discover"), gap=(0, 0), plan=QUIET, cold=True),
        Drill("parent", (*_at("parent:after:fork", nth=2), *_at(*WORKER, action="parent"), _some("parent"))),
        Drill("worker", (*_at(*WORKER), _some("worker"))),
        Drill("page", (*_at(*PAGE), _some("page"))),
        Drill("keeper", (*_at(*KEEPER), *_at(*RETOLD, bait="worker:after:take"), _some("keeper"))),
        Drill("server", (*_at(*CENTRE, *SEAMS, action="server"), _some("server"))),
        Drill("all", (*_at(*CENTRE, *SEAMS, action="all"), _some("all")), gap=(1.5, 3.0)),
        Drill("run", tuple(map(_some, WHOLE)), gap=(5.0, 7.0), plan=Plan(whole=True)),
        Drill("away", plan=Plan(seconds=40, articles=120), script=outages.away),
        Drill("answers", plan=Plan(seconds=45, articles=140, proxy=True, pollers=2), script=outages.answers),
        Drill("full", plan=Plan(seconds=30, articles=90), script=outages.full),
        Drill("paused", plan=Plan(seconds=50, articles=150, pollers=2, revise_after=14), script=outages.paused),
    )
}
SPACING = {"all": 4.2, "run": 7.5, "parent": 2.0, "poller": 2.2}  # seconds from one kill to the next, about


def planned(name: str, kills: int, mutation: str = "") -> Drill:
    """A scenario with so many kills, and articles appearing as long as they last."""
    drill = SCENARIOS[name]
    plan = replace(drill.plan, mutation=mutation)
    if drill.cold:
        return replace(drill, plan=plan, kills=kills)
    if drill.script is None:
        seconds = kills * SPACING.get(name, 1.6) + 4
        plan = replace(plan, seconds=seconds, articles=int(seconds * RATE))
        drill = replace(drill, kills=kills)
    return replace(drill, plan=plan)
