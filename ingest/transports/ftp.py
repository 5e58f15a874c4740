"""A folder of an FTP server: ftp://, or ftps:// for TLS after the welcome (RFC 4217)."""

from __future__ import annotations

import asyncio
import ftplib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from config.values import is_reference
from config.wires import Wire
from ingest.errors import TryLater, Verdict
from ingest.model import Failed
from ingest.transport import Session, Tools, misfits
from ingest.transports.parts import listing, remote
from ingest.transports.parts.dial import dial
from ingest.transports.parts.ftp import Sealed, Talk
from ingest.transports.parts.hush import Hush
from ingest.transports.parts.pinned import Pinned
from ingest.transports.parts.remote import Forbidden, Missing, Remote, Site

T = TypeVar("T")
LISTING = 10  # times FETCH_DEADLINE, for a folder of many files
_LOGIN = ("430", "530", "532")
_SEALING = ("431", "534", "535", "536", "537")
_UNKNOWN = ("500", "501", "502", "504")
_BUSY = ("450", "451")  # not now: it is still there at the next visit
_WRONG = (ftplib.Error, OSError, EOFError, ValueError, AssertionError)


def wrong(wire: Wire) -> list[str]:
    """The mistakes in a wire."""
    found = misfits(wire, ["url"], ["user", "password", "done"]) + remote.ill(wire, ("ftp", "ftps"))
    if bool(wire.user) != bool(wire.password):
        found.append("user and password belong together; without both the login is anonymous")
    if wire.url and not is_reference(wire.url) and re.match(r"ftps://[^/]*:990(/|$)", wire.url.lower()):
        found.append("url: TLS from the first byte (port 990) is not spoken, only TLS after the welcome (port 21)")
    return found


@asynccontextmanager
async def open(wire: Wire, tools: Tools, state: Mapping[str, str], seen: frozenset[str]) -> AsyncIterator[Session]:
    """Log in."""
    site = remote.site(wire, {"ftp": 21, "ftps": 21})
    pinned = Pinned(wire, tools)
    seconds = tools.settings.fetch_deadline
    talk: Talk = Sealed(context=tools.web.trust) if site.scheme == "ftps" else Talk()
    shelf = Shelf(site, talk, seconds, tools.now)
    link = await dial(site.host, site.port, seconds)
    try:
        await shelf.ask(shelf.login, link)
        yield remote.Visit(wire, tools, shelf, seen, pinned)
    finally:
        shelf.end(link)


class Shelf:
    """The folder of one server; every exchange in a thread."""

    def __init__(self, site: Site, talk: Talk, seconds: float, now: Callable[[], float]) -> None:
        self._site, self._talk, self._seconds, self._now = site, talk, seconds, now
        self._hush = Hush([site.password])
        self._facts = True  # whether the server knows MLSD

    def login(self, link: socket.socket) -> None:
        """Blocking: the welcome, TLS, user and password, the folder, and bytes as they are."""
        self._talk.begin(link, self._site.host, self._seconds)
        if isinstance(self._talk, Sealed):
            self._talk.seal()
        self._talk.login(self._site.user, self._site.password)
        with suppress(ftplib.error_perm):
            self._talk.voidcmd("OPTS UTF8 ON")
        if self._site.folder:
            self._talk.voidcmd(f"CWD {self._site.folder}")
        self._talk.voidcmd("TYPE I")

    def end(self, link: socket.socket) -> None:
        """Go, without waiting for an answer."""
        with suppress(*_WRONG, AttributeError):
            self._talk.putline("QUIT")
        self._talk.cut()
        for line in (self._talk.data, self._talk.file, self._talk.sock, link):
            with suppress(*_WRONG):
                if line is not None:
                    line.close()

    async def files(self) -> list[Remote]:
        """By MLSD, else by LIST."""
        return await self.ask(self._list, seconds=self._seconds * LISTING)

    async def read(self, name: str, limit: int) -> bytes:
        """The beginning of a file."""
        return await self.ask(self._about, name, lambda: self._talk.fetch(f"RETR {name}", limit))

    async def look(self, name: str) -> Remote | None:
        """By MLST, else by LIST of the one file."""
        return await self.ask(self._about, name, lambda: self._look(name))

    async def delete(self, name: str) -> None:
        """Delete it."""
        await self.ask(self._about, name, lambda: self._talk.voidcmd(f"DELE {name}"))

    async def move(self, name: str, folder: str, spare: str) -> None:
        """Rename it, to a name that is not taken: many servers would overwrite."""
        await self.ask(self._about, name, lambda: self._move(name, folder, spare))

    async def ask(self, work: Callable[..., T], *given: object, seconds: float = 0) -> T:
        """Do a blocking exchange in a thread; past the deadline both lines are cut, so that the thread ends."""
        try:
            async with asyncio.timeout(seconds or self._seconds):
                return await asyncio.to_thread(work, *given)
        except asyncio.CancelledError:
            self._talk.cut()
            raise
        except _WRONG as error:
            self._talk.cut()
            raise self._judge(error) from None

    def _list(self) -> list[Remote]:
        if self._facts:
            try:
                return listing.facts(self._talk.lines("MLSD"))
            except ftplib.error_perm as error:
                if _code(error) not in _UNKNOWN:
                    raise
                self._facts = False
        return listing.plain(self._talk.lines("LIST"), self._now())

    def _look(self, name: str) -> Remote | None:
        if self._facts:
            found = listing.facts(self._talk.sendcmd(f"MLST {name}").splitlines())
        else:
            found = listing.plain(self._talk.lines(f"LIST {name}"), self._now())
        return Remote(name, found[0].size, found[0].stamp, found[0].at) if len(found) == 1 else None

    def _move(self, name: str, folder: str, spare: str) -> None:
        taken = self._size(f"{folder}/{name}") is not None
        target = f"{folder}/{spare if taken else name}"
        try:
            self._talk.rename(name, target)
        except ftplib.error_perm:
            self._make(folder)
            self._talk.rename(name, target)

    def _make(self, folder: str) -> None:
        """Make a folder and those above it. What is there already is refused too: using it tells which it was."""
        for each in remote.upwards(folder):
            with suppress(ftplib.error_perm):
                self._talk.voidcmd(f"MKD {each}")

    def _about(self, name: str, work: Callable[[], T]) -> T:
        """Tell a file that is gone from one that is not ours to touch: the protocol has one code for both."""
        try:
            return work()
        except (ftplib.error_perm, ftplib.error_temp) as error:
            if _code(error) in _BUSY:
                raise Missing from None
            if _code(error)[:1] == "4" or _code(error) in (*_LOGIN, *_SEALING):
                raise
            if self._size(name) is None:
                raise Missing from None
            raise Forbidden(self._hush.error(error)) from None

    def _size(self, name: str) -> int | None:
        """The size of a file, None where there is none."""
        try:
            return self._talk.size(name)
        except ftplib.error_perm as error:
            return 0 if _code(error) in _UNKNOWN else None

    def _judge(self, error: BaseException) -> Verdict:
        """What a failure means for the visit."""
        code = _code(error) if isinstance(error, ftplib.Error) else ""
        reason = Failed.PROTOCOL
        if isinstance(error, TimeoutError):
            return TryLater(Failed.TIMEOUT, self._site.where, "no answer within FETCH_DEADLINE")
        if isinstance(error, ssl.SSLError) or code in _SEALING:
            reason = Failed.TLS
        elif code in _LOGIN:
            reason = Failed.FORBIDDEN
        elif code == "550":
            reason = Failed.NOT_FOUND
        elif isinstance(error, OSError) or code == "421":
            reason = Failed.CONNECT
        said = "the connection ended" if isinstance(error, EOFError) else self._hush.error(error)
        return TryLater(reason, self._site.where, said)


def _code(error: Exception) -> str:
    return str(error)[:3]
