"""CPU of one poll beyond its fetch: a 304, the same bytes again, and a body with one new entry.

    python -m tests.bench.polling [--feeds 300] [--rounds 5]

The site is another process; what is counted is this process alone, polls with their ledger steps against bare fetches.
"""

from __future__ import annotations

import argparse
import asyncio
import http.server
import multiprocessing
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

from config.settings import Settings
from config.sources import Feed
from ingest.admission import Admission
from ingest.fetch import Ask, fetch
from ingest.ledger import Ledger, Limits
from ingest.poll import Poll
from ingest.poller import about, feed_id
from ingest.reach import Reach
from ingest.referee import Judge
from ingest.server import Embedded
from ingest.store import Store
from ingest.web import Web

ENTRIES = 40
LIMITS = Limits(lease=600, delay=0, each=10_000)


def body(extra: int) -> bytes:
    items = "".join(
        f"<item><guid>g{n}</guid><title>Entry {n} of this feed</title><link>http://127.0.0.1/{n}</link>"
        f"<description>{'word ' * 60}</description></item>"
        for n in range(extra, ENTRIES + extra)
    )
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: ClassVar[dict[str, int]] = {}

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        extra = 0
        if kind == "new":
            extra = self.asked[self.path] = self.asked.get(self.path, 0) + 1
        page = body(extra)
        if kind == "304" and self.headers.get("If-None-Match"):
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        if kind == "304":
            self.send_header("ETag", '"x"')
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        pass


def serve(pipe: multiprocessing.connection.Connection) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pipe.send(server.server_address[1])
    threading.Thread(target=server.serve_forever).start()
    pipe.recv()
    server.shutdown()


async def measure(port: int, store: Store, feeds: int, rounds: int) -> dict[str, float]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(16))
    settings = Settings(allow_hosts=("127.0.0.1",), host_delay=0)
    ledger = Ledger(store)
    spent: dict[str, float] = {}
    async with Web(settings) as web:
        judge = Judge(1)
        poll = Poll(settings, ledger, web, judge, Reach(), time.time)
        for kind in ("304", "same", "new"):
            listed = {feed_id(u): Feed(u, u) for u in (f"http://127.0.0.1:{port}/{kind}/{n}" for n in range(feeds))}
            for round_ in range(rounds + 1):
                ledger.enlist({})
                ledger.enlist({fid: about(f) for fid, f in listed.items()})
                works = []
                while claimed := ledger.claim([("f", feeds)], LIMITS):
                    works += [w for w in claimed if w.id in listed]
                began = time.process_time()
                await together(poll.run(w, listed[w.id], Admission(ledger, w.host, 0)) for w in works)
                if round_:
                    spent[kind] = spent.get(kind, 0) + (time.process_time() - began) / len(works) / rounds
                etag = '"x"' if kind == "304" else None
                began = time.process_time()
                await together(bare(web, f.url, etag) for f in listed.values())
                if round_:
                    spent["fetch " + kind] = (
                        spent.get("fetch " + kind, 0) + (time.process_time() - began) / feeds / rounds
                    )
        await judge.close()
    return spent


async def bare(web: Web, url: str, etag: str | None) -> None:
    async def at_once(_host: str) -> None:
        return None

    await fetch(web, Ask(url, 10**7, 30, etag=etag), at_once)


async def together(tasks: object) -> None:
    gate = asyncio.Semaphore(50)

    async def one(task: object) -> None:
        async with gate:
            await task  # type: ignore[misc]

    await asyncio.gather(*(one(t) for t in tasks))  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    site = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    site.start()
    with tempfile.TemporaryDirectory(prefix="wiredesk-bench-") as name:
        embedded = Embedded(Path(name), "no")
        store = Store(embedded.start(), 86400.0)
        import logging

        import structlog

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        spent = asyncio.run(measure(ours.recv(), store, given.feeds, given.rounds))
        store.close()
        embedded.stop()
    ours.send("stop")
    for kind in ("304", "same", "new"):
        fetched, polled = 1000 * spent["fetch " + kind], 1000 * spent[kind]
        print(f"{kind:5} fetch {fetched:.2f} ms, poll {polled:.2f} ms: {polled - fetched:.2f} ms beyond the fetch")
    sys.exit(0)


if __name__ == "__main__":
    main()
