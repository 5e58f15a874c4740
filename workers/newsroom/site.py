"""Serve the newsroom on loopback: a small HTTP/1.1 server, cheap enough for a thousand requests a second."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Self

from workers.newsroom.desk import Answer, Desk
from workers.newsroom.journal import Journal
from workers.newsroom.plan import Order

_WORTH_PACKING = 600  # bytes
_LONGEST_HEAD = 64 * 1024

Ask = Callable[[int, str, Mapping[str, str], float], Answer]


class Site:
    """A running newsroom: `async with Site(order, log) as site`. Two hosts, told apart by their ports."""

    def __init__(self, order: Order, log: Path, port: int = 0) -> None:
        self._order, self._log, self._port = order, log, port

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        main = await loop.create_server(lambda: Talk(0, self._ask), "127.0.0.1", self._port)
        agency = await loop.create_server(lambda: Talk(1, self._ask), "127.0.0.1", 0)
        self._servers = (main, agency)
        bases = base(main), base(agency)
        self._journal = Journal(self._log)
        self.desk = Desk(self._order, bases, self._journal, time.time())
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        self._journal.close()

    def _ask(self, host: int, target: str, headers: Mapping[str, str], now: float) -> Answer:
        return self.desk.answer(host, target, headers, now)

    @property
    def url(self) -> str:
        """The newsroom's address, without a slash at its end."""
        return self.desk.bases[0]


def base(server: asyncio.Server) -> str:
    """The address of a running server, without a slash at its end."""
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class Talk(asyncio.Protocol):
    """One connection to one of a site's hosts: requests are answered in turn, kept alive as RFC 9112 says."""

    def __init__(self, host: int, ask: Ask) -> None:
        self._host, self._ask = host, ask
        self._waiting = b""
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102  # asyncio's
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:  # noqa: D102  # asyncio's
        self._waiting += data
        self._go_on()

    def _go_on(self) -> None:
        while not self._busy and not self._transport.is_closing() and b"\r\n\r\n" in self._waiting:
            head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            self._one(head)
        if len(self._waiting) > _LONGEST_HEAD:
            self._transport.close()

    def _one(self, head: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, _, target = first.partition(" ")
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        target = target.rpartition(" ")[0]
        if method in ("GET", "HEAD"):
            answer = self._ask(self._host, target, headers, time.time())
        else:
            answer = Answer(405, {"allow": "GET, HEAD"})
            headers["connection"] = "close"  # its body, if any, is not read
        if answer.delay:
            self._busy = True
            asyncio.get_running_loop().call_later(answer.delay, self._late, method, headers, answer)
        else:
            self._reply(method, headers, answer)

    def _late(self, method: str, headers: dict[str, str], answer: Answer) -> None:
        self._busy = False
        if not self._transport.is_closing():
            self._reply(method, headers, answer)
            self._go_on()

    def _reply(self, method: str, asked: dict[str, str], answer: Answer) -> None:
        body, headers = answer.body, dict(answer.headers)
        if len(body) > _WORTH_PACKING and "gzip" in asked.get("accept-encoding", ""):
            body = gzip.compress(body, 1)
            headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
        if answer.status != HTTPStatus.NOT_MODIFIED:
            headers["content-length"] = str(len(body))
        closing = asked.get("connection", "").lower() == "close"
        headers["connection"] = "close" if closing else "keep-alive"
        rows = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n{rows}\r\n".encode("latin-1")
        self._transport.write(head if method == "HEAD" else head + body)
        if method == "GET":
            answer.sent()
        if closing:
            self._transport.close()
