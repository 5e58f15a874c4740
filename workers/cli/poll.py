"""`wiredesk poll`: one poller, until SIGTERM."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import click

from config.settings import Settings
from config.sources import Feed, Sources
from config.watch import Watched
from config.wires import Wire
from ingest.admission import Memory
from ingest.intake import wire_id
from ingest.ledger import Ledger
from ingest.pages import Pages
from ingest.poll import Poll
from ingest.poller import Desk, Poller, feed_id
from ingest.reach import Reach
from ingest.receive import Receive
from ingest.referee import Judge
from ingest.robots import Robots
from ingest.store import Store
from ingest.web import Web
from workers.cli import place, pulse

THREADS = 16  # calls to the server at once


@click.command("poll")
def command() -> None:
    """Run one poller: claims due feeds and pages, fetches them, hands pages to the workers."""
    settings = place.settings("poller")
    store = pulse.reach(settings)
    asyncio.run(serve(settings, store))


async def serve(settings: Settings, store: Store) -> None:
    """Poll until a signal comes."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # connections kept alive outnumber the usual 1,024
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    ledger = Ledger(store)
    async with Web(settings) as web:
        judge = Judge()
        reach = Reach()
        poll = Poll(settings, ledger, web, judge, reach, time.time)
        pages = Pages(settings, ledger, web, Robots(web, Memory(store), settings), reach, time.time)
        receive = Receive(settings, ledger, web, time.time)
        feeds, wires = listing(settings)
        desk = Desk(settings, store, poll, pages, receive, feeds, wires, partial(pulse.beat, store, "poller"))
        poller = Poller(desk)
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, poller.stopping.set)
        await poller.run()
        await judge.close()
    sys.stderr.flush()
    os._exit(0)  # threads that still wait for a name server must not hold the process up


Feeds = Callable[[], dict[str, Feed]]
Wires = Callable[[], dict[str, Wire]]


def listing(settings: Settings) -> tuple[Feeds, Wires]:
    """The feeds and the wires by id, as functions: read again when the file changes, the last good one kept."""
    watched = Watched(place.feeds_file(settings), place.listed)
    built: list[Sources | None] = [None]
    known: list[tuple[dict[str, Feed], dict[str, Wire]]] = [({}, {})]

    def current() -> tuple[dict[str, Feed], dict[str, Wire]]:
        value = watched.current()
        if value is not built[0]:
            built[0] = value
            known[0] = {feed_id(f.url): f for f in value.feeds}, {wire_id(w.name): w for w in value.wires}
        return known[0]

    return lambda: current()[0], lambda: current()[1]
