"""A folder on another machine: which of its files are new and complete, and what becomes of them.

Its files are told apart by name, size and time. What sftp and ftp differ in is a Shelf.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog

from config.settings import SettingsError, secret
from config.values import is_reference
from config.wires import Wire
from ingest import links
from ingest.errors import TryLater
from ingest.model import Failed
from ingest.transport import Delivery, Tools
from ingest.transports.parts import aside
from ingest.transports.parts.folder import shown, unfinished
from ingest.transports.parts.pinned import Pinned

log = structlog.get_logger()
SETTLE = 2.0  # seconds between the two listings in which a complete file is the same
LOOK, SOON = 60.0, 10.0  # seconds until the next visit, and where files were seen that are not complete
FRESH = 60.0  # seconds after which a file that cannot be read is no longer thought half written
MOST = 200_000  # files of one folder
TIDY = 500  # files of earlier visits that are deleted or moved in one visit
SIZE = 16_000_000  # bytes of one batch, from which on it is full
UNREAD = "!"  # before the mark of a file that was refused without having been had: it is never deleted


@dataclass(frozen=True, slots=True)
class Remote:
    """A file as a listing shows it. Bytes of its name that are no text are lone surrogates."""

    name: str
    size: int
    stamp: str  # its time as the server writes it
    at: float = 0.0  # the same in seconds since 1970 by the server's clock, 0 where it cannot be told

    @property
    def mark(self) -> str:
        """By which it is known again: another size or time makes it another message."""
        return links.digest(self.name, str(self.size), self.stamp)


class Missing(Exception):
    """The file is no longer there."""


class Forbidden(Exception):
    """This file, or this step, is not allowed to us."""


class Shelf(Protocol):
    """The other side. Methods raise Verdict where it does not answer, those for one file also Missing and Forbidden."""

    async def files(self) -> list[Remote]:
        """The regular files of the folder."""
        ...

    async def read(self, name: str, limit: int) -> bytes:
        """The first `limit` bytes of a file, or all if it has fewer."""
        ...

    async def look(self, name: str) -> Remote | None:
        """A file as it is now; None where the server does not say."""
        ...

    async def delete(self, name: str) -> None:
        """Delete a file."""
        ...

    async def move(self, name: str, folder: str, spare: str) -> None:
        """Move a file to a folder, under the name `spare` if its own is taken there; never over another."""
        ...


@dataclass
class Visit:
    """One visit to a folder."""

    wire: Wire
    tools: Tools
    shelf: Shelf
    seen: frozenset[str]
    pinned: Pinned
    line: deque[Remote] | None = None  # complete and new; None: not listed yet
    held: dict[str, Remote] = field(default_factory=dict)
    there: frozenset[str] | None = None  # the marks of the whole listing
    soon: bool = False
    refused: bool = False  # the other side let us delete or move nothing

    async def batch(self) -> list[Delivery]:
        """The next complete files, oldest first."""
        if self.line is None:
            self.line = deque(await self._list())
        found: list[Delivery] = []
        while self.line and len(found) < self.tools.most and sum(len(d.body) for d in found) < SIZE:
            if (delivery := await self._fetch(self.line.popleft())) is not None:
                found.append(delivery)
        return found

    async def accept(self, delivery: Delivery) -> None:
        """Let it lie, delete it or move it."""
        if remote := self.held.pop(delivery.token, None):
            await self._end(remote)

    async def refuse(self, delivery: Delivery, reason: str) -> None:
        """Keep its bytes, then as an accepted one; one that was never had is left where it is."""
        await asyncio.to_thread(aside.keep, self.tools.failed, delivery.name, delivery.body, reason)
        if delivery.wrong:
            self.held.pop(delivery.token, None)
        await self.accept(delivery)

    async def leave(self, delivery: Delivery) -> None:
        """It stays, and comes again."""
        self.held.pop(delivery.token, None)
        self.soon = True

    async def more(self, url: str) -> bytes:
        """From the hosts of the wire."""
        return await self.pinned.more(url)

    def state(self) -> dict[str, str]:
        """Nothing: the marks are the state."""
        return {}

    def listed(self) -> frozenset[str] | None:
        """Every file there, whether it was had or refused unread; before the first listing, all that were known."""
        return self.seen if self.there is None else self.there

    def wait(self) -> float:
        """Sooner where something was not complete."""
        if self.line:
            return 0.0
        return self.wire.every or (SOON if self.soon else LOOK)

    async def _list(self) -> list[Remote]:
        """The new files that two listings show alike, oldest first; meanwhile, what earlier visits left to be done."""
        first = await self._named()
        marks = {file.mark for file in first}
        self.there = frozenset(marks | {UNREAD + mark for mark in marks})
        new = [f for f in first if f.mark not in self.seen and UNREAD + f.mark not in self.seen]
        await self._tidy([file for file in first if file.mark in self.seen])
        if not new:
            return []
        await asyncio.sleep(SETTLE)
        still = {file.mark for file in await self._named()}
        same = [file for file in new if file.mark in still]
        self.soon = len(same) < len(new) or not still <= marks
        return sorted(same, key=lambda file: (file.at, file.name))

    async def _named(self) -> list[Remote]:
        found = await self.shelf.files()
        if len(found) > MOST:
            cure = 'let them be deleted or moved: done = "delete" or "move:FOLDER"'
            raise TryLater(Failed.TOO_LARGE, self.wire.url or "", f"more than {MOST} files in one folder; {cure}")
        odd = [file.name for file in found if not plain(file.name)]
        if odd:
            log.warning("names_not_taken", wire=self.wire.name, count=len(odd), first=shown(odd[0]))
        return [file for file in found if plain(file.name) and not unfinished(file.name)]

    async def _tidy(self, files: list[Remote]) -> None:
        """Delete or move what was accepted before, and could not be then."""
        for file in files[:TIDY] if self.wire.done != "keep" else []:
            await self._end(file)

    async def _fetch(self, file: Remote) -> Delivery | None:
        """The message of a file; None where it is gone or not complete."""
        name = shown(file.name)
        fresh = abs(self.tools.now() - file.at) < FRESH if file.at else False
        self.held[file.mark] = file
        if file.size > self.tools.limit:
            return _unread(file, f"more than {self.tools.limit} bytes")
        try:
            body = await self.shelf.read(file.name, self.tools.limit + 1)
        except Missing:
            return None
        except Forbidden as error:
            self.soon = self.soon or fresh
            return None if fresh else _unread(file, f"cannot be read: {error}")
        if len(body) != file.size:
            self.soon = True
            return None
        return Delivery(name, body, file.mark, file.mark, file.at, fresh)

    async def _end(self, file: Remote) -> None:
        """Do with a file as the operator wishes, if it still is the one that was had."""
        if self.wire.done == "keep" or self.refused:
            return  # what could not be deleted or moved is tried again at the next visit
        try:
            now = await self.shelf.look(file.name)
            if now is not None and now.mark != file.mark:
                return  # replaced meanwhile: it comes as a new one
            if self.wire.done == "delete":
                await self.shelf.delete(file.name)
            else:
                folder = self.wire.done.removeprefix("move:")
                await self.shelf.move(file.name, folder, f"{file.mark}-{file.name}")
        except Missing:
            return
        except Forbidden as error:
            log.warning("not_done", wire=self.wire.name, file=shown(file.name), done=self.wire.done, detail=str(error))
            self.refused = True


def _unread(file: Remote, why: str) -> Delivery:
    return Delivery(shown(file.name), b"", file.mark, UNREAD + file.mark, file.at, wrong=why)


def plain(name: str) -> bool:
    """Whether a name from the other side names a file of the folder, and can be sent back on one line."""
    return name not in ("", ".", "..") and not re.search(r"[/\x00\r\n]", name)


def upwards(folder: str) -> list[str]:
    """A folder and those it lies in, the outermost first."""
    return [folder[: end.start()] for end in re.finditer(r"(?<=[^/])(?=/|$)", folder)]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a folder is, and who we are there."""

    scheme: str
    host: str
    port: int
    folder: str  # "" where the login leads; absolute, or relative to there
    user: str
    password: str = field(repr=False)
    key: str = field(repr=False)
    where: str  # the address for people, without the path of one that is a secret


def site(wire: Wire, ports: dict[str, int]) -> Site:
    """The place a wire names, secrets resolved. Raises SettingsError."""
    url = secret(wire.url or "")
    try:
        parts = urlsplit(url)
        port = parts.port or ports[parts.scheme.lower()]
    except (KeyError, ValueError):
        raise SettingsError(f"wire {wire.name}: {_told(wire)} holds no address of {' or '.join(ports)}") from None
    path = unquote(parts.path, errors="surrogateescape")
    if not parts.hostname or "@" in parts.netloc or re.search(r"[\x00-\x1f\x7f]", path):
        raise SettingsError(f"wire {wire.name}: {_told(wire)} has no host, or holds a login or control characters")
    folder = path.removeprefix("/~/") if path.startswith("/~/") else path
    word, key = (secret(value) if value else "" for value in (wire.password, wire.key))
    scheme, folder = parts.scheme.lower(), folder if folder != "/" else ""
    told = "/" if is_reference(wire.url or "") else parts.path or "/"
    where = f"{scheme}://{parts.hostname}:{port}{shown(told)}"
    return Site(scheme, parts.hostname, port, folder, wire.user or "", word, key, where)


def _told(wire: Wire) -> str:
    return wire.url or "its url" if is_reference(wire.url or "") else "its url"


def ill(wire: Wire, schemes: tuple[str, ...]) -> list[str]:
    """Whether the address of a wire is in none of these schemes."""
    if not wire.url or is_reference(wire.url) or urlsplit(wire.url).scheme.lower() in schemes:
        return []
    return [f"url of transport {wire.transport!r} has to begin with {' or '.join(s + '://' for s in schemes)}"]
