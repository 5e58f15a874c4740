"""CPU per article of the whole pipeline, feed poll to event, against trafilatura alone over the same pages.

    python -m tests.bench.pipeline --pages DIR [--count N] [--workers 1 2] [--times K]

Every page of DIR (.html or .html.gz) is served once from loopback and listed in feeds. CPU time is that of the poller,
the workers with their page processes, and the server; the site's own is not counted. The reference runs before and
after, warm. With --times K the pages are served K times under other addresses: for memory, since those are merged.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from html import escape
from pathlib import Path
from typing import Any

from config.settings import PREFIX, inherited
from ingest import keys
from ingest.account import Account
from ingest.server import Embedded
from ingest.store import Store

TICK = os.sysconf("SC_CLK_TCK")
CLI = [sys.executable, "-m", "workers.cli"]
FEEDS = 8


def load(folder: Path, count: int) -> list[bytes]:
    files = sorted(p for p in folder.rglob("*") if p.name.endswith((".html", ".html.gz")))
    random.Random(1).shuffle(files)
    return [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files[:count]]


class Site:
    """Serves page n at /n.html and feed k at /feed/k, in a thread of its own."""

    def __init__(self, pages: list[bytes]) -> None:
        self.pages = pages
        self.open = False
        self.asked = 0
        started = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True).start()
        started.wait(10)

    async def _serve(self, started: threading.Event) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                kind, body = self._answer(head.split(b" ", 2)[1].decode())
                status = "200 OK" if kind else "404 Not Found"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind or 'text/plain'}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str) -> tuple[str, bytes]:
        if path.startswith("/feed/"):
            mine = range(int(path[6:]), len(self.pages), FEEDS) if self.open else ()
            items = "".join(
                f"<item><guid>g{n}</guid><title>Page {n}</title><link>http://127.0.0.1:{self.port}/{n}.html</link></item>"
                for n in mine
            )
            return (
                "application/rss+xml",
                f"<rss version='2.0'><channel><title>{escape(path)}</title>{items}</channel></rss>".encode(),
            )
        if path.endswith(".html"):
            self.asked += 1
            return "text/html", self.pages[int(path[1:-5])]
        return "", b"no"


def reference(pages: list[bytes]) -> float:
    """CPU seconds of trafilatura with metadata over the pages, in a warm process of its own."""
    code = (
        "import sys,time,pickle,logging;logging.disable(50);from trafilatura import bare_extraction as b\n"
        "pages=[p.decode('utf-8','replace') for p in pickle.load(sys.stdin.buffer)]\n"
        "[b(p,with_metadata=True) for p in pages[:5]];t=time.process_time()\n"
        "[b(p,with_metadata=True) for p in pages];print(time.process_time()-t)"
    )
    import pickle

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], input=pickle.dumps(pages), capture_output=True, check=True
    )
    return float(done.stdout)


def tree(root: int) -> list[int]:
    """A process and everything below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents.get(pid, [])
    return found


def cpu(root: int) -> float:
    """CPU seconds of a process tree, those of children already reaped included."""
    total = 0
    for pid in tree(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(f) for f in fields[11:15])
    return total / TICK


def memory(root: int) -> dict[int, float]:
    """Proportional set size in MB of every process of a tree."""
    sizes = {}
    for pid in tree(root):
        try:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes[pid] = next((int(r.split()[1]) / 1024 for r in rows if r.startswith("Pss:")), 0.0)
    return sizes


def run(pages: list[bytes], workers: int) -> dict[str, Any]:
    """One run of the service over the pages."""
    site = Site(pages)
    with tempfile.TemporaryDirectory(prefix="wiredesk-bench-") as name:
        folder = Path(name)
        (folder / "config").mkdir()
        rows = [f'[[feed]]\nurl = "http://127.0.0.1:{site.port}/feed/{k}"\nevery = 1\n' for k in range(FEEDS)]
        (folder / "config" / "feeds.toml").write_text("\n".join(rows))
        given = {"CONFIG": folder / "config", "DATA": folder / "data", "ALLOW_HOSTS": "127.0.0.1", "HOST_DELAY": 0}
        given |= {"MIN_INTERVAL": 1, "LOG": "warning"}
        environ = inherited() | {PREFIX + k: str(v) for k, v in given.items()}
        embedded = Embedded(folder / "data")
        store = Store(embedded.start(), 86400.0)
        parts = {
            n: subprocess.Popen([*CLI, *w], env=environ)
            for n, w in (("poller", ["poll"]), ("work", ["work", "-n", str(workers)]))
        }
        roots = {**{n: p.pid for n, p in parts.items()}, "server": embedded.pid}
        account = Account(store)
        while not (
            account.beats("poller")
            and account.beats("worker")
            and len(account.feeds()) == FEEDS
            and all("ok" in f for f in account.feeds())
        ):
            time.sleep(0.2)
        time.sleep(3)
        before = {n: cpu(pid) for n, pid in roots.items()}
        began = time.monotonic()
        site.open = True
        law = account.law()
        while law.discovered < len(pages) or law.states["pending"] > 0:
            time.sleep(0.25)
            law = account.law()
            if time.monotonic() - began > 20 + len(pages):
                break
        took = time.monotonic() - began
        spent = {n: cpu(pid) - before[n] for n, pid in roots.items()}
        sizes = {n: max(memory(pid).values(), default=0.0) for n, pid in roots.items()}
        sizes["work in all"] = sum(memory(roots["work"]).values())
        used = store.client.info("memory")["used_memory"]
        events = store.client.xlen(keys.STREAM)
        reasons = account.reasons()
        store.close()
        for part in parts.values():
            part.terminate()
            part.wait(20)
        embedded.stop()
    return {
        "law": law,
        "spent": spent,
        "took": took,
        "events": events,
        "sizes": sizes,
        "used": used,
        "reasons": reasons,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--times", type=int, default=1)
    given = parser.parse_args()
    pages = load(given.pages, given.count) * given.times
    sizes = [len(p) for p in pages]
    mean, median = statistics.mean(sizes) / 1000, statistics.median(sizes) / 1000
    print(f"{len(pages)} pages, mean {mean:.0f} kB, median {median:.0f} kB, largest {max(sizes) / 1e6:.1f} MB")
    references = [reference(pages)]
    results = []
    for workers in given.workers:
        results.append((workers, run(pages, workers)))
        references.append(reference(pages))
    usual = statistics.mean(references) / len(pages)
    runs = [round(r, 1) for r in references]
    print(
        f"reference, trafilatura.bare_extraction(with_metadata=True), warm: {1000 * usual:.2f} ms a page; runs {runs} s"
    )
    for workers, found in results:
        report(workers, found, len(pages), usual)


def report(workers: int, found: dict[str, Any], number: int, usual: float) -> None:
    """What one run cost."""
    each = sum(found["spent"].values()) / number
    parts = ", ".join(f"{n} {1000 * s / number:.2f}" for n, s in found["spent"].items())
    sizes = {n: round(s) for n, s in found["sizes"].items()}
    print(f"{workers} worker(s): {1000 * each:.2f} ms CPU an article ({parts}) = {each / usual:.2f} x the reference")
    print(f"  {found['took']:.1f} s of wall clock; {found['events']} events; largest process (PSS), MB: {sizes}")
    print(f"  {found['reasons']}")


if __name__ == "__main__":
    main()
