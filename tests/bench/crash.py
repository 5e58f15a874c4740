"""Kill the service in every way, everywhere, with work in flight; the verdict comes from the site's log and the stream alone.

    python tests/bench/crash.py [--kills 50] [--only NAME ...] [--mutations [NAME ...]]

Prints one row a scenario. Exit 1 if anything was lost, doubled or wrong, the law broke, or recovery took longer than allowed.
With --mutations each guard is taken out in turn (tests/bench/mutate.py), and the run fails if the loss of one stays unnoticed.
"""

from __future__ import annotations

import argparse
import sys

from tests.bench.drill import ALLOWED, Result, hold
from tests.bench.mutate import MUTATIONS
from tests.bench.scenarios import SCENARIOS, planned

HEAD = f"{'scenario':22} {'kills':>5} {'events':>6} {'lost':>4} {'dbl':>4} {'wrong':>5} {'law':>12} {'worst s':>7} {'took s':>6}"
# Where the loss of a guard must show.
NOTICED = {
    "fences": ("paused",),
    "validators": ("poller",),
    "event-after": ("worker", "parent"),
    "event-before": ("worker", "parent"),
    "reconciler": ("worker", "poller"),
    "unleased": ("worker",),
    "marks": ("answers",),
    "counted": ("answers",),
    "cursor": ("keeper",),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50, help="of each kind")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS))
    parser.add_argument("--mutations", nargs="*", choices=MUTATIONS, metavar="NAME")
    given = parser.parse_args()
    print(HEAD, flush=True)
    if given.mutations is not None:
        return mutations(given.mutations or list(MUTATIONS), given.kills)
    return 0 if all([show(hold(planned(name, given.kills))) for name in given.only]) else 1


def mutations(names: list[str], kills: int) -> int:
    """Each mutation in its scenarios, until one notices it."""
    unseen = []
    for name in names:
        if all(show(hold(planned(where, kills, name)), f"{name}/{where}") for where in NOTICED[name]):
            unseen.append(name)
    print(f"not noticed: {', '.join(unseen) or 'none'}")
    return 1 if unseen else 0


def show(result: Result, name: str = "") -> bool:
    """One row, and what is wrong below it; whether it passed."""
    v, w = result.verdict, result.watch
    law = f"{len(w.broken)}/{w.samples}"
    print(
        f"{name or result.drill.name:22} {sum(result.kills.values()):5} {v.events:6} {len(v.lost):4} {len(v.doubled):4} "
        f"{len(v.wrong):5} {law:>12} {w.worst:7.1f} {result.took:6.0f}  {'' if result.passed else 'FAILED'}",
        flush=True,
    )
    late = [f"{b.what}: {b.recovered:.1f} s" for b in w.blows if not 0 <= b.recovered <= ALLOWED]
    for line in [*v.lost[:5], *v.doubled[:5], *v.wrong[:5], *w.broken[:3], *result.faults, *late[:5]]:
        print(f"    {line}")
    if not result.passed or sys.stdout.isatty():
        print("    kills:", ", ".join(f"{k} {n}" for k, n in sorted(result.kills.items())))
    return result.passed


if __name__ == "__main__":
    sys.exit(main())
