"""Agencies on loopback for the tests of transports: a folder, HTTP servers, an SFTP and an FTP server, all real ones.

Each is a Side: what the tests of every transport need to do at the other side, whatever it is.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncssh

from config.wires import Wire

USER, WORD, WRONG = "desk", "hunter2-right", "hunter2-wrong"
ENVIRONMENT = {"WIRE_WORD": WORD, "WIRE_WRONG": WRONG}


def message(n: int) -> bytes:
    """A small message that every transport can carry."""
    return json.dumps({"uri": f"urn:example:{n:03}", "body": f"text {n} " + "x" * 200}).encode()


class Side:
    """What a test does at the other side."""

    wire: Wire
    denied: Wire | None = None  # the same with wrong credentials, where there are any

    def put(self, n: int) -> None:
        """Bring message n, complete; higher numbers are younger."""
        raise NotImplementedError

    def half(self, n: int) -> Callable[[], None] | None:
        """Begin to write message n; the answer finishes it. None: this does not happen here."""
        return None

    def break_off(self, broken: bool) -> bool:
        """Break off in the middle of every answer from now on, or no more; False where there is nothing to break."""
        return False


# --- spool ---


class Drop(Side):
    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.wire = Wire("spool wire", "spool", path=str(path))

    def put(self, n: int) -> None:
        settled(self.path / f"{n:03}.json", message(n), n)

    def half(self, n: int) -> Callable[[], None]:
        path = self.path / f"{n:03}.json"
        path.write_bytes(message(n)[:50])

        def finish() -> None:
            with path.open("ab") as file:
                file.write(message(n)[50:])
            os.utime(path, (time.time() - 3600 + n,) * 2)

        return finish


def settled(path: Path, body: bytes, n: int) -> None:
    """A file that was written, as number n, an hour ago."""
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(body)
    os.utime(beside, (time.time() - 3600 + n,) * 2)
    beside.replace(path)


# --- over HTTP ---


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Server:
    """A small HTTP server; `respond` decides."""

    respond: Callable[[Request], Answer]
    port: int = 0
    broken: bool = False
    asked: list[Request] = field(default_factory=list)
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while True:
                    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
                    method, target, _ = head[0].split(" ", 2)
                    parts = urlsplit(target)
                    fields = dict(line.split(": ", 1) for line in head[1:] if line)
                    named = {name.lower(): value for name, value in fields.items()}
                    request = Request(method, parts.path, parse_qs(parts.query), named)
                    self.asked.append(request)
                    if self.send(writer, *self.respond(request)):
                        return
                    await writer.drain()
        finally:
            self.open.discard(writer)
            with suppress(ConnectionError):
                writer.close()

    def send(self, writer: asyncio.StreamWriter, status: int, headers: dict[str, str], body: bytes) -> bool:
        """Write an answer; whether the connection is to be broken off then."""
        lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
        writer.write(body[: len(body) // 2] if self.broken else body)
        return self.broken


@asynccontextmanager
async def serving(respond: Callable[[Request], Answer]) -> AsyncIterator[Server]:
    server = Server(respond)
    running = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.port = running.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        running.close()
        for writer in server.open:
            writer.close()
        await asyncio.sleep(0.01)  # they end in the next turns of the loop


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    fields = {name.replace("_", "-"): text for name, text in headers.items()}
    return status, {"Content-Type": "application/json", **fields}, json.dumps(value).encode()


@dataclass
class Queue(Side):
    """A wireQ whose receipts do not outlive the next question."""

    most: int = 50
    retry: tuple[str, str, str] = ("0", "50", "3600")  # more is waiting, the queue is empty, too many requests
    limited: bool = False
    entries: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=itertools.count)
    server: Server = field(default_factory=lambda: Server(lambda _: (500, {}, b"")))

    def put(self, n: int) -> None:
        self.entries.append(json.loads(message(n)))

    def break_off(self, broken: bool) -> bool:
        self.server.broken = broken
        return True

    def respond(self, request: Request) -> Answer:
        if request.headers.get("authorization") != WORD:
            return 401, {}, f"not {request.headers.get('authorization')}".encode()
        if self.limited:
            return 429, {"retry-after": self.retry[2]}, b"{}"
        if (request.method, request.path) == ("GET", "/q/entries.json"):
            return self.hand_out()
        if request.method == "DELETE" and request.path.startswith("/q/entry/"):
            return self.forget(request.path.removeprefix("/q/entry/"))
        return 403, {}, b""

    def hand_out(self) -> Answer:
        self.entries = [*self.receipts.values(), *self.entries]
        self.gone |= set(self.receipts)
        batch, self.entries = self.entries[: self.most], self.entries[self.most :]
        self.receipts = {f"r/{next(self.numbers)}": entry for entry in batch}
        rows = [{**entry, "_wireq_receipt": receipt} for receipt, entry in self.receipts.items()]
        return as_json({"entries": rows}, retry_after=self.retry[0] if batch else self.retry[1])

    def forget(self, quoted: str) -> Answer:
        receipt = quoted.replace("%2F", "/")
        if receipt in self.gone:
            return 410, {}, b""
        if receipt not in self.receipts:
            return 404, {}, b""
        self.deleted.append(self.receipts.pop(receipt)["uri"])
        self.gone.add(receipt)
        return 204, {}, b""


@asynccontextmanager
async def wireq(_: Path) -> AsyncIterator[Queue]:
    queue = Queue()
    async with serving(queue.respond) as queue.server:
        url = queue.server.url("/q/")
        queue.wire = Wire("dpa", "wireq", url=url, headers={"Authorization": "env:WIRE_WORD"})
        queue.denied = replace(queue.wire, headers={"Authorization": "env:WIRE_WRONG"})
        yield queue


@dataclass
class Feed(Side):
    """A feed like AP's: entries in data.items, and always a next_page; each entry's text lies elsewhere."""

    most: int = 3
    entries: list[dict[str, Any]] = field(default_factory=list)
    server: Server = field(default_factory=lambda: Server(lambda _: (500, {}, b"")))

    def put(self, n: int) -> None:
        self.entries.append(json.loads(message(n)))

    def break_off(self, broken: bool) -> bool:
        self.server.broken = broken
        return True

    def respond(self, request: Request) -> Answer:
        if request.headers.get("x-api-key") != WORD:
            return 403, {}, f"not {request.headers.get('x-api-key')}".encode()
        if request.path.startswith("/text/"):
            return 200, {"Content-Type": "text/xml"}, b"<nitf/>"
        start = int(request.query.get("seq", ["0"])[0])
        batch = self.entries[start : start + self.most]
        following = self.server.url(f"/feed?seq={start + len(batch)}")
        return as_json({"data": {"items": batch, "next_page": following, "current_item_count": len(batch)}})


@asynccontextmanager
async def http(_: Path) -> AsyncIterator[Feed]:
    feed = Feed()
    async with serving(feed.respond) as feed.server:
        feed.wire = Wire("ap", "http", url=feed.server.url("/feed"), headers={"x-api-key": "env:WIRE_WORD"})
        feed.denied = replace(feed.wire, headers={"x-api-key": "env:WIRE_WRONG"})
        yield feed


# --- folders elsewhere ---


class Shelf(Side):
    """A folder that an SFTP or FTP server of this process shows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.broken = False
        path.mkdir(parents=True, exist_ok=True)

    def put(self, n: int) -> None:
        settled(self.path / f"{n:03}.json", message(n), n)

    def half(self, n: int) -> Callable[[], None]:
        path = self.path / f"{n:03}.json"
        size = itertools.count(10)

        def grow() -> None:
            if not task.cancelled():
                path.write_bytes(message(n)[: next(size)])
                asyncio.get_running_loop().call_later(0.01, grow)

        task: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        grow()

        def finish() -> None:
            task.cancel()
            settled(path, message(n), n)

        return finish

    def break_off(self, broken: bool) -> bool:
        self.broken = broken
        return True


HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
OUR_KEY = asyncssh.generate_private_key("ssh-ed25519")


class _Door(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, WORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key.get_fingerprint() == OUR_KEY.get_fingerprint()


@asynccontextmanager
async def sftp(folder: Path) -> AsyncIterator[Shelf]:
    shelf = Shelf(folder / "root" / "out")

    class Files(asyncssh.SFTPServer):
        def __init__(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(chan, chroot=os.fsencode(folder / "root"))
            self.chan = chan

        def read(self, file_obj: object, offset: int, size: int) -> Any:
            if shelf.broken:
                self.chan.get_connection().abort()
            return super().read(file_obj, offset, size)

    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=_Door, server_host_keys=[HOST_KEY], sftp_factory=Files, encoding=None
    )
    shelf.wire = Wire(
        "files",
        "sftp",
        url=f"sftp://127.0.0.1:{server.get_port()}/out",
        user=USER,
        password="env:WIRE_WORD",
        host_key=HOST_KEY.get_fingerprint(),
    )
    shelf.denied = replace(shelf.wire, password="env:WIRE_WRONG")
    try:
        yield shelf
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def ftp(folder: Path) -> AsyncIterator[Shelf]:
    from tests.ftpd import running

    shelf = Shelf(folder / "root" / "out")
    with running(folder / "root", USER, WORD, lambda: shelf.broken) as port:
        shelf.wire = Wire("drop", "ftp", url=f"ftp://127.0.0.1:{port}/out", user=USER, password="env:WIRE_WORD")
        shelf.denied = replace(shelf.wire, password="env:WIRE_WRONG")
        yield shelf


@asynccontextmanager
async def spool(folder: Path) -> AsyncIterator[Drop]:
    yield Drop(folder / "spool")


SIDES: dict[str, Callable[[Path], Any]] = {"spool": spool, "http": http, "wireq": wireq, "sftp": sftp, "ftp": ftp}
