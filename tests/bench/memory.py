"""Server memory per delivered article and wire item beyond its event, per seen mark, and the poller's with many feeds.

    python -m tests.bench.memory [--records 5000] [--marks 50000] [--feeds 10000]

Everything goes through the ledger's own steps on an embedded server of its own; addresses and guids have usual lengths.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from config.settings import PREFIX, inherited
from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger
from ingest.links import digest
from ingest.model import Entry
from ingest.server import Embedded
from ingest.store import Store
from tests.bench.pipeline import memory
from tests.dispatches import Desk, item
from tests.records import LIMITS, claim, event, feed_work, fetch, listed, pages, poll, taken

FIELDS = "title=j,published=f,authors=j,language=h,text=t"


def story(number: int, tail: str = "") -> Entry:
    link = f"http://news.test/world/europe/2026/11/22/a-headline-of-the-usual-length-{number:06}{tail}.html"
    return Entry(
        guid=f"https://news.test/?p={number:06}{tail}",
        link=link,
        title=f"A headline of the usual length, number {number}",
    )


def used(store: Store) -> int:
    info: Any = store.client.info("memory")
    return int(info["used_memory_dataset"])


def deliver(ledger: Ledger, body: str) -> int:
    done = 0
    while works := pages(ledger, 50):
        for work in works:
            held = taken(ledger, fetch(ledger, work, final=work.url))
            mine = claim(work.url, f"text {work.url}", fields=FIELDS, ex="AbCdEfGh")
            mine["hash"] = (mine["hash"] * 2)[:32]
            mine |= {
                "rv": [900_000, 900_000],
                "va": 'e"' + digest("etag", work.url) + '"',
                "vb": digest("body", work.url, size=6),
            }
            assert ledger.commit(held, mine, event(mine) + body).word == "done"
            done += 1
    return done


def records(store: Store, number: int) -> None:
    ledger = Ledger(store)
    listed(ledger, *(f"feed{n}" for n in range(20)))
    body = " " * 5000
    works = ledger.claim([("f", 20)], LIMITS)
    before, streamed = used(store), 0
    for n, work in enumerate(works):
        poll(ledger, work, *(story(i) for i in range(n, number, 20)))
    done = deliver(ledger, body)
    stream: Any = store.client.memory_usage(keys.STREAM, 0)
    streamed = int(stream)
    marks = sum(int(store.client.memory_usage(k, samples=0) or 0) for k in store.client.scan_iter(keys.SEEN + "*"))
    each = (used(store) - before - streamed) / done
    print(
        f"{done} delivered articles: {each:.0f} bytes each beyond the event (seen mark included); "
        f"{done / 20:.0f} marks a feed: {marks / done:.1f} bytes a mark; law holds: {Account(store).law().holds}"
    )
    shares(store, done)


def shares(store: Store, number: int) -> None:
    by_kind: dict[str, int] = {}
    for key in store.client.scan_iter("wiredesk:*", count=1000):
        kind = key.decode().split(":")[1]
        by_kind[kind] = by_kind.get(kind, 0) + int(store.client.memory_usage(key, samples=0) or 0)
    found = {k: round(v / number) for k, v in sorted(by_kind.items()) if k != "documents" and v > number}
    print("  by key, bytes each:", found)


def items(store: Store, number: int) -> None:
    """Items of a wire, each a document of its own with a text of its own; what relates them included."""
    store.client.flushall()
    desk = Desk(Ledger(store))
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 9))) for _ in range(20_000)]
    before = used(store)
    for start in range(0, number, 50):
        texts = [" ".join(dice.choices(words, k=300)) for _ in range(50)]
        desk.send(*(item(f"urn:newsml:hna.test:20260301:{start + n:06}", body=text) for n, text in enumerate(texts)))
        desk.work()
    stream: Any = store.client.memory_usage(keys.STREAM, 0)
    each = (used(store) - before - int(stream)) / number
    print(f"{number} delivered items of a wire: {each:.0f} bytes each beyond the event")
    shares(store, number)


def marks(store: Store, number: int) -> None:
    store.client.flushall()
    ledger = Ledger(store)
    listed(ledger)
    entries = [story(i, "x") for i in range(number)]
    poll(ledger, feed_work(ledger), *entries)
    size: Any = store.client.memory_usage(keys.SEEN + "feed1", samples=0)
    print(f"{number} marks in one feed: {int(size) / number:.1f} bytes a mark")


def poller(number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="wiredesk-bench-") as name:
        folder = Path(name)
        (folder / "config").mkdir()
        rows = "".join(f'[[feed]]\nurl = "http://host{n}.invalid/feed"\n\n' for n in range(number))
        (folder / "config" / "feeds.toml").write_text(rows)
        given = {"CONFIG": folder / "config", "DATA": folder / "data", "LOG": "error", "PROXY": "http://127.0.0.1:9"}
        embedded = Embedded(folder / "data")
        store = Store(embedded.start(), 86400.0)
        environ = inherited() | {PREFIX + k: str(v) for k, v in given.items()}
        process = subprocess.Popen([sys.executable, "-m", "workers.cli", "poll"], env=environ)
        account = Account(store)
        until, tried = time.monotonic() + 240, 0
        while tried < number and time.monotonic() < until:
            time.sleep(2)
            tried = sum("at" in f for f in account.feeds())
        print(f"{number} feeds scheduled, {tried} tried once: poller {max(memory(process.pid).values()):.0f} MB")
        process.terminate()
        process.wait(10)
        store.close()
        embedded.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--marks", type=int, default=50_000)
    parser.add_argument("--feeds", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wiredesk-bench-") as name:
        embedded = Embedded(Path(name), "no")
        store = Store(embedded.start(), 14 * 86400.0)
        records(store, given.records)
        items(store, given.records)
        marks(store, given.marks)
        store.close()
        embedded.stop()
    if given.feeds:
        poller(given.feeds)


if __name__ == "__main__":
    main()
