"""Small, rude or plain HTTP servers on loopback for the tests of fetching."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from config.settings import Settings

Reply = bytes | AsyncIterator[bytes]


@dataclass
class Site:
    """A running server: where it is and what it was asked."""

    port: int
    connections: int = 0
    asked: list[str] = field(default_factory=list)  # request heads

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def allowed(self) -> str:
        return f"127.0.0.1:{self.port}"


def answer(body: bytes = b"", status: str = "200 OK", *fields: str) -> bytes:
    """A whole response, its length stated unless the fields say something else."""
    names = {line.partition(":")[0].lower() for line in fields}
    lines = [f"HTTP/1.1 {status}", *fields]
    if not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def moved(to: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, f"Location: {to}")


@asynccontextmanager
async def serve(respond: Callable[[str], Reply], host: str = "127.0.0.1") -> AsyncIterator[Site]:
    """Serve `respond(path)`, one answer per connection, then the connection ends."""
    site = Site(0)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                site.asked.append(head)
                await send(answered(head.split(" ")[1]), writer)
        finally:  # whatever happens: before Python 3.11.5 nobody else closes it
            with suppress(ConnectionError):
                writer.close()

    def answered(path: str) -> Reply:
        try:
            return respond(path)
        except ValueError:  # a path this site does not know
            return answer(b"", "404 Not Found")

    async def send(reply: Reply, writer: asyncio.StreamWriter) -> None:
        if isinstance(reply, bytes):
            writer.write(reply)
            await writer.drain()
            return
        async for part in reply:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)  # the client lives in the same loop

    server = await asyncio.start_server(talk, host, 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


@asynccontextmanager
async def canary() -> AsyncIterator[Site]:
    """A listener on IPv4 and, where there is one, IPv6 loopback that answers everything; nobody should call."""
    async with serve(lambda _: answer(b"touched")) as site, AsyncExitStack() as also:

        async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            site.connections += 1
            writer.close()

        with suppress(OSError):
            six = await asyncio.start_server(count, "::1", site.port)
            also.callback(six.close)
        yield site


def settings(*allowed: str, **more: Any) -> Settings:
    return Settings(allow_hosts=allowed, **more)


def run(test: Coroutine[Any, Any, Any], seconds: float = 20) -> Any:
    """Run one asynchronous test to its end, bounded."""

    async def bounded() -> Any:
        async with asyncio.timeout(seconds):
            return await test

    return asyncio.run(bounded())


async def no_wait(_: str) -> None:
    """Admission that is always granted."""
