"""Serve a world on loopback, every house on a port of its own:

    python -m tests.world.serve outlets --log FILE [--stories N] [--outlets N] [--seconds S] [--lag S] [--instant N] ...
    python -m tests.world.serve changes --log FILE [--stories N] [--looks N] [--seed N]
    python -m tests.world.serve wires --log FILE [--stories N] [--seconds S] [--gap S] [--hold S] [--lives A,B]

prints the address of the first house, which also answers /feeds.toml and /finished, and serves until SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

from tests.world import changes, plan
from tests.world.diary import Diary
from tests.world.press import Press
from workers.newsroom import agency
from workers.newsroom.desk import Answer
from workers.newsroom.journal import Journal
from workers.newsroom.site import Talk, base


class Desk(Protocol):
    """Whoever answers for the houses."""

    bases: tuple[str, ...]

    def answer(self, host: int, target: str, headers: Mapping[str, str], now: float) -> Answer: ...


Make = Callable[[tuple[str, ...], Journal, float], Desk]  # (the houses' addresses, the record, the moment of opening)


class Houses(AsyncExitStack):
    """Running houses: `async with Houses() as houses: desk = await houses.open(2, make, log)`."""

    async def open(self, number: int, make: Make, log: Path) -> Desk:
        """Listen on so many ports, and let the desk that `make` gives answer on them."""
        loop = asyncio.get_running_loop()
        desks: list[Desk] = []  # filled before anybody knows the ports

        def ask(host: int, target: str, headers: Mapping[str, str], now: float) -> Answer:
            return desks[0].answer(host, target, headers, now)

        bases = []
        for host in range(number):
            server = await loop.create_server(partial(Talk, host, ask), "127.0.0.1", 0, backlog=300)
            self.callback(server.close)
            bases.append(base(server))
        journal = Journal(log)
        self.callback(journal.close)
        desks.append(make(tuple(bases), journal, time.time()))
        return desks[0]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.world.serve", description=__doc__)
    usual = plan.Order()
    parser.add_argument("world", choices=("outlets", "changes", "wires"))
    parser.add_argument("--log", type=Path, required=True, help="file for the world's own record")
    parser.add_argument("--stories", type=int, default=usual.stories)
    parser.add_argument("--outlets", type=int, default=usual.outlets)
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="over which the stories appear")
    parser.add_argument("--lag", type=float, default=usual.lag, help="seconds from a text to its copies")
    parser.add_argument("--looks", type=int, default=1, help="at a state before the next one comes")
    parser.add_argument("--wait", type=float, default=usual.wait, help="seconds more to a digest")
    parser.add_argument("--instant", type=int, default=usual.instant, help="every so many stories: everywhere at once")
    parser.add_argument("--gap", type=float, default=agency.Order().gap, help="seconds between versions of an item")
    parser.add_argument("--hold", type=float, default=agency.Order().hold, help="seconds of an embargo")
    parser.add_argument("--lives", default=",".join(agency.LIVES), help="what becomes of items, in turn")
    parser.add_argument("--seed", type=int, default=usual.seed)
    return parser.parse_args()


def _agency(order: agency.Order, spool: Path, bases: tuple[str, ...], journal: Journal, opened: float) -> Desk:
    return agency.Agency(order, spool, journal, bases, opened)


async def _serve(given: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    make: Make = partial(Diary, changes.Order(given.stories, given.seed, given.looks))
    hosts = 1
    if given.world == "outlets":
        times = (given.seconds, given.lag, given.seed, given.wait, given.instant)
        order = plan.Order(given.stories, given.outlets, *times)
        make, hosts = partial(Press, order), order.hosts
    if given.world == "wires":
        times = (given.seconds, given.gap, given.hold, given.seed, tuple(given.lives.split(",")))
        make = partial(_agency, agency.Order(given.stories, *times), given.log.parent / "spool")
    async with Houses() as houses:
        desk = await houses.open(hosts, make, given.log)
        sys.stdout.write(f"{desk.bases[0]}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
