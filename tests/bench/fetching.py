"""CPU of one fetch at many in flight over many hosts on loopback: `python -m tests.bench.fetching [count] [hosts]`.

The server runs in another process; only the client's CPU counts. Milliseconds are this machine's; the ratio is against
the same bytes over bare asyncio streams in the same run. Exit 1 if a fetch costs more than 2 ms or a 304 more than 1.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import resource
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from config.settings import Settings
from ingest.fetch import Ask, fetch
from ingest.web import Web

IN_FLIGHT = 300
PAUSE = 0.05  # seconds the server thinks, so that requests do pile up
BODY = "".join(f"<item><title>Story {n}</title><guid>{n * 7919 % 10007}</guid></item>\n" for n in range(1200)).encode()
ZIPPED = gzip.compress(BODY)
FIELDS = b'Content-Type: application/rss+xml; charset=utf-8\r\nETag: "v1"\r\nServer: bench\r\nVary: Accept-Encoding\r\n'
PLAIN = b"HTTP/1.1 200 OK\r\n" + FIELDS + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
CODED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + FIELDS + b"Content-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\n" + FIELDS + b"\r\n"

Fetch = Callable[[str, str | None], Awaitable[object]]


class Peer(asyncio.Protocol):
    """The server's side of one connection."""

    def connection_made(self, transport: Any) -> None:
        self.to, self.got = transport, b""

    def data_received(self, data: bytes) -> None:
        self.got += data
        while b"\r\n\r\n" in self.got:
            head, self.got = self.got.split(b"\r\n\r\n", 1)
            reply = UNCHANGED if b"if-none-match" in head.lower() else CODED if b"/gzip" in head else PLAIN
            asyncio.get_running_loop().call_later(PAUSE, self.send, reply)

    def send(self, reply: bytes) -> None:
        if not self.to.is_closing():
            self.to.write(reply)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Peer, "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def looked_up(host: str, port: int, *_: Any) -> list[Any]:
    """hN.bench leads to an address of its own in 127/8; the thread that asks is the real one."""
    number = int(host[1:].partition(".")[0])
    to = (f"127.{number // 62_500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}", port)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", to)]


async def bare(url: str, etag: str | None) -> None:
    """The yardstick: the same question and answer over bare streams, a new connection each."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(looked_up(name, 0)[0][4][0], int(port))
    extra = f"If-None-Match: {etag}\r\n" if etag else ""
    writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{extra}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not etag:
        await reader.readexactly(int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]))
    writer.close()


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    path: str
    etag: str | None
    most: float  # milliseconds


LINES = (Line("200", "plain", None, 2.0), Line("200 gzip", "gzip", None, 2.0), Line("304", "plain", '"v1"', 1.0))
_fresh = itertools.count(0, 100_000)


async def measure(get: Fetch, count: int, hosts: int, port: int, line: Line) -> float:
    """Client CPU in milliseconds per fetch; a warm-up of as many as are in flight is not counted."""
    first = next(_fresh)  # names never asked for before
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(n: int) -> None:
        async with gate:
            await get(f"http://h{first + n % hosts}.bench:{port}/{line.path}?{n}", line.etag)

    await asyncio.gather(*(one(n) for n in range(IN_FLIGHT)))
    before = cpu()
    await asyncio.gather(*(one(n) for n in range(IN_FLIGHT, IN_FLIGHT + count)))
    return (cpu() - before) / count * 1000


async def bench(count: int, hosts: int, port: int) -> bool:
    async def admit(_: str) -> None:
        return None

    within = True
    async with Web(Settings(allow_hosts=("*.bench",))) as web:

        async def get(url: str, etag: str | None) -> object:
            return await fetch(web, Ask(url, 10**7, 30.0, etag=etag), admit)

        yardstick = await measure(bare, count, hosts, port, LINES[0])
        print(f"bare streams, {len(BODY)} bytes: {yardstick:.2f} ms")
        for line in LINES:
            for words, spread in ((f"{hosts} hosts", hosts), ("a new host each", count + IN_FLIGHT)):
                cost = await measure(get, count, spread, port, line)
                within = within and cost <= line.most
                ratio = f"{cost / yardstick:.1f} x bare, at most {line.most} ms"
                print(f"{line.name:9} {words:16} {cost:.2f} ms  ({ratio})", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{IN_FLIGHT} in flight, {count} fetches a line; client peak {peak:.0f} MB")
    return within


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=3000)
    parser.add_argument("hosts", nargs="?", type=int, default=300)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
        return 0
    socket.getaddrinfo = looked_up  # type: ignore[assignment]
    command = [sys.executable, "-m", "tests.bench.fetching", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            return 0 if asyncio.run(bench(given.count, given.hosts, int(server.stdout.readline()))) else 1
        finally:
            server.kill()


if __name__ == "__main__":
    sys.exit(main())
