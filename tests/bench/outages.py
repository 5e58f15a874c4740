"""What is done to the service beside killing it: the server away or full, answers lost, sleepers past their lease."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

from ingest.ledger import Ledger, record_id
from ingest.links import clean, host
from tests.bench.orders import Order
from tests.bench.stage import LEASE

if TYPE_CHECKING:
    from tests.bench.drill import Run


def away(run: Run) -> None:
    """The server is killed and stays away for 20 seconds."""
    run.until(lambda: bool(run.watch.held), 10)
    held = set(run.watch.held)
    run.stage.away_until = time.monotonic() + 20
    run.stage.kill("server")
    run.until(lambda: time.monotonic() > run.stage.away_until and run.watch.up, 40)
    run.watch.held |= held
    run.watch.blow("server away for 20 s")


def answers(run: Run) -> None:
    """Answers lost, halved, stalled, requests delivered late: each for a while, on every connection."""
    for mode, each, seconds, lasts in (
        ("drop", 13, 0.0, 8.0),
        ("half", 13, 0.0, 6.0),
        ("late", 17, 1.5, 8.0),
        ("late", 17, LEASE + 1.5, 8.0),
        ("stall", 60, 11.0, 14.0),  # longer than the client waits
    ):
        _line(run, mode=mode, each=each, seconds=seconds)
        end = time.monotonic() + lasts
        run.until(lambda end=end: time.monotonic() > end, lasts + 5)  # type: ignore[misc]
    _line(run, mode="", each=1, seconds=0)
    run.kills["answers lost"] = int((run.stage.folder / "suffered").read_text())
    run.watch.blow("answers lost")


def _line(run: Run, **rule: Any) -> None:
    draft = run.stage.folder / "line.new"
    draft.write_text(json.dumps(rule))
    draft.rename(run.stage.folder / "line.json")


def full(run: Run) -> None:
    """No memory left, three times for some seconds; nothing may be given up."""
    for lasts in (3.0, 6.0, 4.0):
        client = run.stage.client()
        client.config_set("maxmemory", 1_500_000)  # less than an empty server needs
        end = time.monotonic() + lasts
        run.until(lambda end=end: time.monotonic() > end, lasts + 5)  # type: ignore[misc]
        client.config_set("maxmemory", 0)
        run.watch.look()
        run.watch.blow("server full")
        end = time.monotonic() + 4
        run.until(lambda end=end: time.monotonic() > end, 10)  # type: ignore[misc]


def paused(run: Run) -> None:
    """A worker and a poller wake up long after others took their work over, with an old text in hand."""
    _overtaken(run, "worker:before:commit", 0)
    _overtaken(run, "poller:before:fetched", 1)
    for role in ("worker", "poller", "worker"):
        pid = run.stage.find(role)
        if pid:
            os.kill(pid, signal.SIGSTOP)
            run.watch.blow(f"{role} asleep")
            end = time.monotonic() + LEASE + 2
            run.until(lambda end=end: time.monotonic() > end, 10)  # type: ignore[misc]
            os.kill(pid, signal.SIGCONT)


def _overtaken(run: Run, point: str, which: int) -> None:
    """One falls asleep with the first text of a page; when it wakes, others are looking at the second text."""
    address = _revised(run, which)
    run.asked.append(address)
    rid = record_id("enqueue", clean(address))
    first = _asleep(run, point, address, rid)
    if not run.until(lambda: _ended(run, rid), LEASE + 15):
        run.notes.append(f"{point}: nobody took over from the sleeper")
    if not run.until(lambda: _second(run, address), 40):
        run.notes.append(f"{address}: no second text appeared")
    second = _asleep(run, point, address, rid)
    for pid in (first, second):
        os.kill(pid, signal.SIGCONT)
        end = time.monotonic() + 0.7
        run.until(lambda end=end: time.monotonic() > end, 5)  # type: ignore[misc]
    run.watch.blow(f"{point} overtaken")


def _asleep(run: Run, point: str, address: str, rid: str) -> int:
    """Ask for the page by hand and put whoever reaches the point with it to sleep; its process id."""
    run.stage.orders.arm(Order(point, "stop", 1, rid))
    Ledger(run.stage.store()).enqueue([(clean(address), host(clean(address)))])
    found: list[int] = []
    end = time.monotonic() + 15
    while not found and time.monotonic() < end:
        found = [order["pid"] for order in run.tick() if order["action"] == "stop"]
    if not found:
        raise RuntimeError(f"nobody reached {point} for {address}")
    run.kills[f"{point} asleep"] += 1
    return found[0]


def _log(run: Run) -> list[dict[str, Any]]:
    text = run.stage.site_log.read_text()
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def _revised(run: Run, which: int) -> str:
    """The address of the n-th article shown that will get a second text, and has not got it yet."""
    found: list[str] = []

    def seen() -> bool:
        told = [x for x in _log(run) if x["what"] == "version" and x["kind"] == "revised"]
        old = {x["piece"] for x in told if x["version"] > 1}
        found[:] = [x["addresses"][0] for x in told if x["piece"] not in old and x["addresses"][0] not in run.asked]
        return bool(found)

    if not run.until(seen, 30):
        raise RuntimeError("no article with two texts was shown")
    return found[-1]


def _second(run: Run, address: str) -> bool:
    return any(x["what"] == "version" and x["version"] == 2 and address in x["addresses"] for x in _log(run))


def _ended(run: Run, rid: str) -> bool:
    found = run.stage.client().hget(f"wiredesk:record:{rid}", "st")
    return found not in (None, b"pending")
