"""The crash runs by name: who is killed at which points, and the outages that are no kill."""

from __future__ import annotations

from dataclasses import replace

from tests.bench import outages
from tests.bench.drill import Drill
from tests.bench.orders import Order
from tests.bench.stage import Plan

RATE = 3.0  # articles a second


def _at(*points: str, action: str = "kill", nth: int = 1) -> tuple[Order, ...]:
    return tuple(Order(p, action, nth) for p in points)


def _both(role: str, *steps: str) -> list[str]:
    return [f"{role}:{when}:{step}" for step in steps for when in ("before", "after")]


POLLER = _both("poller", "claim", "discover", "fetched", "later", "submit") + ["poller:before:renew"]
WORKER = _both("worker", "take", "commit", "refuse")
KEEPER = _both("keeper", "reconcile", "dispatch") + ["keeper:before:submit", "keeper:after:submit"]
PAGE = _both("page", "extract")
CENTRE = ["poller:after:claim", "poller:after:discover", "poller:after:fetched", "worker:after:take", "worker:after:commit"]
SEAMS = ["poller:before:discover", "poller:before:fetched", "worker:before:commit", "keeper:after:dispatch"]

SCENARIOS: dict[str, Drill] = {
    d.name: d
    for d in (
        Drill("poller", "poller", _at(*POLLER)),
        Drill("parent", "parent", _at("parent:after:fork", nth=2) + _at(*WORKER, action="parent")),
        Drill("worker", "worker", _at(*WORKER)),
        Drill("page", "page", _at(*PAGE)),
        Drill("keeper", "keeper", _at(*KEEPER)),
        Drill("server", "server", _at(*CENTRE, *SEAMS, action="server")),
        Drill("all", "all", _at(*CENTRE, *SEAMS, action="all"), gap=(1.5, 3.0)),
        Drill("run", "all", (), gap=(5.0, 7.0), plan=Plan(whole=True)),
        Drill("away", "server", plan=Plan(seconds=40, articles=120), script=outages.away),
        Drill("answers", "server", plan=Plan(seconds=45, articles=140, proxy=True, pollers=2), script=outages.answers),
        Drill("full", "server", plan=Plan(seconds=30, articles=90), script=outages.full),
        Drill("paused", "server", plan=Plan(seconds=50, articles=150, pollers=2, revise_after=14), script=outages.paused),
    )
}
SPACING = {"all": 4.2, "run": 7.5, "parent": 2.0, "poller": 2.2}  # seconds from one kill to the next, about


def planned(name: str, kills: int, mutation: str = "") -> Drill:
    """A scenario with so many kills, and articles appearing as long as they last."""
    drill = SCENARIOS[name]
    plan = replace(drill.plan, mutation=mutation)
    if drill.script is None:
        seconds = kills * SPACING.get(name, 1.6) + 4
        plan = replace(plan, seconds=seconds, articles=int(seconds * RATE))
        drill = replace(drill, kills=kills)
    return replace(drill, plan=plan)
