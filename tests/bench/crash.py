"""Kill the service in every way, everywhere, with work in flight; judge from the site's log and the stream alone.

    python tests/bench/crash.py [--kills 50] [--only NAME ...] [--mutations [NAME ...]]

One row a scenario. law: samples breaking it / samples taken. worst: longest time in seconds until all that was in hand
at a blow had ended, counted from the last blow that fell on it (gated); through: from the first one (not gated). Exit 1
if anything was lost, doubled or wrong, the law broke, or recovery took longer than allowed. With --mutations each guard
is taken out in turn (tests/bench/mutate.py), and the run fails if the loss of one stays unnoticed.
"""

from __future__ import annotations

import argparse
import signal
import sys

from tests.bench.drill import ALLOWED, Result, hold
from tests.bench.scenarios import SCENARIOS, planned

HEAD = ("scenario", "kills", "events", "lost", "doubled", "wrong", "law", "worst", "through", "took")
ROW = "{:24} {:>5} {:>6} {:>5} {:>7} {:>5} {:>10} {:>6} {:>7} {:>6}  {}"
# Where the loss of a guard must show.
NOTICED = {
    "fences": ("paused",),
    "validators": ("quiet",),
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
    parser.add_argument("--mutations", nargs="*", choices=NOTICED, metavar="NAME")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave nothing running
    print(ROW.format(*HEAD, ""), flush=True)
    if given.mutations is not None:
        return mutations(given.mutations or list(NOTICED), given.kills)
    failed = [name for name in given.only if not show(hold(planned(name, given.kills)))]
    return 1 if failed else 0


def mutations(names: list[str], kills: int) -> int:
    """Each mutation: it works as long as nothing dies, and one of its scenarios notices it."""
    unseen = []
    for name in names:
        if not show(hold(planned("page", 0, name)), f"{name}/nobody killed"):
            unseen.append(f"{name} (does not even work)")
        elif all(show(hold(planned(where, kills, name)), f"{name}/{where}") for where in NOTICED[name]):
            unseen.append(name)
    print(f"not noticed: {', '.join(unseen) or 'none'}")
    return 1 if unseen else 0


def show(result: Result, name: str = "") -> bool:
    """One row, and what is wrong below it; whether it passed."""
    v, w = result.verdict, result.watch
    cells = (name or result.drill.name, sum(result.kills.values()), v.events, len(v.lost), len(v.doubled), len(v.wrong))
    times = (f"{w.worst:.1f}", f"{w.through:.1f}", f"{result.took:.0f}")
    print(ROW.format(*cells, f"{len(w.broken)}/{w.samples}", *times, "" if result.passed else "FAILED"), flush=True)
    late = [f"{b.what}: recovered after {b.seconds:.1f} s" for b in w.blows if b.seconds > ALLOWED and not b.overtaken]
    for line in [*v.lost[:5], *v.doubled[:5], *v.wrong[:5], *w.broken[:3], *result.faults, *late[:5]]:
        print(f"    {line}")
    if not result.passed or sys.stdout.isatty():
        print("    kills:", ", ".join(f"{k} {n}" for k, n in sorted(result.kills.items())))
    return result.passed


if __name__ == "__main__":
    sys.exit(main())
