"""A folder that an agency's program, or a person, drops files into. The moves themselves are in parts/folder.py."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from config.wires import Wire
from ingest.errors import TryLater
from ingest.model import Failed
from ingest.transport import Delivery, Session, Tools, misfits
from ingest.transports.parts import aside, folder, writers
from ingest.transports.parts.folder import DONE, FAILED, Folder, Found
from ingest.transports.parts.pinned import Pinned
from ingest.transports.parts.writers import Writers

log = structlog.get_logger()
LOOK = 1.0  # seconds between two looks
FRESH = 60.0  # seconds after which a file that cannot be read is no longer thought half written
STALLED = 600.0  # seconds without a change after which a file is taken although somebody still has it open
SURE = 10.0  # the same where the system says that nobody has it open: some writers open, add and close by turns
BATCH = 16_000_000  # bytes of one batch, from which on it is full


def wrong(wire: Wire) -> list[str]:
    """The mistakes in a wire."""
    found = misfits(wire, ["path"], ["done"])
    if wire.path and Path(wire.path).exists() and not Path(wire.path).is_dir():
        found.append(f"path {wire.path!r} is no folder")
    if wire.done not in ("keep", "delete"):
        found.append(f"done {wire.done!r}: a spool keeps files in done/, or deletes them")
    return found


@asynccontextmanager
async def open(wire: Wire, tools: Tools, state: Mapping[str, str], seen: frozenset[str]) -> AsyncIterator[Session]:
    """Begin a visit; the folders are made where they are missing."""
    visit = Visit(wire, tools, Folder(Path(wire.path or "")), Pinned(wire, tools))
    await visit.begin()
    yield visit


class Busy(Exception):
    """Somebody still writes to a file."""


@dataclass
class Visit:
    """One visit to a spool."""

    wire: Wire
    tools: Tools
    folder: Folder
    pinned: Pinned
    held: dict[str, str] = field(default_factory=dict)  # token -> claim, neither accepted nor refused yet
    rest: set[str] = field(default_factory=set)  # names that this visit leaves alone
    old: deque[str] = field(default_factory=deque)  # claims of a process that ended before it was done with them
    line: deque[Found] = field(default_factory=deque)  # listed and not looked at
    stuck: OSError | None = None  # why a file could not be claimed
    given: int = 0  # messages so far
    asks: bool = False  # whether the file system knows who writes

    async def begin(self) -> None:
        """Make the folders and see what was left over. Raises TryLater."""
        try:
            await asyncio.to_thread(self.folder.prepare)
            self.old.extend(await asyncio.to_thread(self.folder.claimed))
            self.asks = await asyncio.to_thread(writers.are_known, self.folder.path)
        except OSError as error:
            raise self._away(error) from error

    async def batch(self) -> list[Delivery]:
        """What an earlier process left over, then the oldest files."""
        try:
            return await asyncio.to_thread(self._batch)
        except OSError as error:
            raise self._away(error) from error

    async def accept(self, delivery: Delivery) -> None:
        """Into done/, or away."""
        if (claim := self.held.get(delivery.token)) is None:
            return
        if self.wire.done == "delete":
            await self._step(self.folder.drop, claim)
        else:
            await self._step(self.folder.put_away, claim, DONE)
        self.held.pop(delivery.token, None)

    async def refuse(self, delivery: Delivery, reason: str) -> None:
        """Into failed/, the reason beside it before it is there for good."""
        if (claim := self.held.get(delivery.token)) is None:
            return
        await self._step(self.folder.put_away, claim, FAILED, lambda place: explain(place, reason))
        self.held.pop(delivery.token, None)

    async def leave(self, delivery: Delivery) -> None:
        """Back under its name, for whoever still writes to it."""
        if claim := self.held.pop(delivery.token, None):
            self.rest.add(folder.original(claim))
            await self._step(self.folder.give_back, claim)

    async def more(self, url: str) -> bytes:
        """From the hosts of the wire."""
        return await self.pinned.more(url)

    def state(self) -> dict[str, str]:
        """Nothing: the folders are the state."""
        return {}

    def listed(self) -> frozenset[str] | None:
        """None: nothing stays."""
        return None

    def wait(self) -> float:
        """Until the next look."""
        return self.wire.every or LOOK

    async def _step(self, step: Callable[..., None], *given: object) -> None:
        try:
            await asyncio.to_thread(step, *given)
        except OSError as error:
            raise self._away(error) from error

    def _away(self, error: OSError) -> TryLater:
        about = f": {folder.shown(Path(str(error.filename)).name)}" if error.filename else ""
        return TryLater(Failed.FOLDER, str(self.folder.path), f"{error.strerror or type(error).__name__}{about}")

    def _batch(self) -> list[Delivery]:
        found: list[Delivery] = []
        size = 0
        while self.old and len(found) < self.tools.most and size < BATCH:
            for delivery in self._read(self.old.popleft()):
                found.append(delivery)
                size += len(delivery.body)
        listed = False
        while len(found) < self.tools.most and size < BATCH:
            if not self.line:
                if listed or found:
                    break
                self.line.extend(f for f in self.folder.ready(self.tools.now()) if f.name not in self.rest)
                listed = True
                continue
            for delivery in self._take(self.line.popleft()):
                found.append(delivery)
                size += len(delivery.body)
        self.given += len(found)
        if self.stuck and not self.given:
            raise self.stuck
        return found

    def _take(self, listed: Found) -> list[Delivery]:
        """Claim a file, unless it is gone, in use, or not to be had yet."""
        try:
            if listed.regular and not self._free(listed):
                return []
            claim = self.folder.claim(listed.name)
        except FileNotFoundError:
            return []
        except OSError as error:  # of the folder, not of this file; others may still be had
            self.rest.add(listed.name)
            self.stuck = error
            log.warning("file_not_claimed", file=folder.shown(listed.name), detail=error.strerror)
            return []
        return self._read(claim)

    def _free(self, listed: Found) -> bool:
        """Whether nobody writes to a file, and it can be read or is old enough to be refused for that."""
        try:
            handle = os.open(self.folder.path / listed.name, writers.READ)
        except FileNotFoundError:
            raise
        except OSError:
            return self.tools.now() - listed.changed >= FRESH
        try:
            return self._writers(handle, listed) is not Writers.SOME
        finally:
            os.close(handle)

    def _writers(self, handle: int, found: Found) -> Writers:
        there = writers.of(handle) if self.asks else Writers.UNKNOWN
        stalled = there is Writers.SOME and self.tools.now() - found.changed >= STALLED
        return Writers.UNKNOWN if stalled else there

    def _read(self, claim: str) -> list[Delivery]:
        """The message of a claimed file; none where it went away or its writer came back."""
        try:
            found = self.folder.look(claim)
            return [self._delivery(claim, found)]
        except FileNotFoundError:
            return []
        except Busy:
            self.rest.add(folder.original(claim))
            with suppress(OSError):
                self.folder.give_back(claim)
            return []

    def _delivery(self, claim: str, found: Found) -> Delivery:
        token, name = claim, folder.shown(found.name)
        self.held[token] = claim
        if not found.regular:
            return Delivery(name, b"", token, wrong="no file, but a link, pipe or device")
        if found.size > self.tools.limit:
            return Delivery(name, b"", token, at=found.changed, wrong=f"more than {self.tools.limit} bytes")
        try:
            body, sure = self._bytes(claim, found)
        except FileNotFoundError:
            raise
        except OSError as error:
            return Delivery(name, b"", token, at=found.changed, wrong=f"cannot be read: {error.strerror}")
        age = self.tools.now() - found.changed
        return Delivery(name, body, token, at=found.changed, fresh=age < (SURE if sure and body else FRESH))

    def _bytes(self, claim: str, found: Found) -> tuple[bytes, bool]:
        """A file's content, and whether it is certain that nobody writes to it. Raises Busy, OSError."""
        handle = self.folder.open(claim)
        with os.fdopen(handle, "rb", buffering=0) as file:
            before = os.fstat(handle)
            there = self._writers(handle, found)
            body = b""
            while len(body) <= before.st_size and (more := file.read(before.st_size + 1 - len(body))):
                body += more
            after = os.fstat(handle)
        if there is Writers.SOME or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise Busy
        return body, there is Writers.NONE


def explain(place: Path, reason: str) -> None:
    """Write why a file was refused beside it; a full disk keeps only the reason from being there."""
    beside = place.with_name(folder.fit(place.name, aside.REASON))
    try:
        with beside.open("x", encoding="utf-8") as file:
            file.write(f"{reason}\n")
    except FileExistsError:
        log.info("reason_not_written", file=folder.shown(place.name), detail="one is there", reason=reason[:300])
    except OSError as error:
        log.warning("reason_not_written", file=folder.shown(place.name), detail=error.strerror, reason=reason[:300])
