"""How messages come from an agency: what every transport offers to the one who receives them (ingest/receive.py).

    batch ──> read ──> discover: the items are durable ──> accept: the other side may forget the message
                  └──> no message we know: recorded as failed ──> refuse: it is kept aside

A process may die between any two of these steps. Then the message comes again, and its items are known already.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from config.settings import Settings
from config.wires import Wire
from ingest import transports
from ingest.web import Web
from ingest.wires import formats


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it came."""

    name: str  # what the other side calls it: for people, never a path on this machine
    body: bytes
    token: str = ""  # what the transport accepts or refuses it by
    mark: str = ""  # by which one that stays at the other side is known again, also if it was refused; "": none
    at: float = 0.0  # seconds since 1970 when it was written, 0 where nobody says
    fresh: bool = False  # its writer may not be done: leave it for now if it cannot be read
    wrong: str = ""  # why it cannot be had (too large, no file): it is refused unread


@dataclass(frozen=True, slots=True)
class Tools:
    """What a transport may use."""

    settings: Settings
    web: Web
    now: Callable[[], float]  # seconds since 1970
    failed: Path  # folder for what could not be read and has no place of its own; made when needed
    most: int = 200  # messages of one batch
    limit: int = 5_000_000  # bytes of one message


class Session(Protocol):
    """One visit to the other side. Every method raises Verdict where it does not answer as it should."""

    async def batch(self) -> list[Delivery]:
        """The next messages, oldest first, at most `most` and some megabytes; empty when this visit brings no more."""
        ...

    async def accept(self, delivery: Delivery) -> None:
        """Its items are durable, or were before: the other side may forget it."""
        ...

    async def refuse(self, delivery: Delivery, reason: str) -> None:
        """It could not be read, which is on record: keep its bytes aside with the reason, and go on."""
        ...

    async def leave(self, delivery: Delivery) -> None:
        """It cannot be read and is fresh: put it back as it was; it is not given out again in this visit."""
        ...

    async def more(self, url: str) -> bytes:
        """The body of an item that lies elsewhere; only from hosts the operator named. Raises Verdict."""
        ...

    def state(self) -> dict[str, str]:
        """What is to be remembered once everything given out so far is accepted: a cursor, validators."""
        ...

    def listed(self) -> frozenset[str] | None:
        """The marks of all messages that lie at the other side now; None where nothing stays there."""
        ...

    def wait(self) -> float:
        """Seconds until the next visit: 0 where more is known to lie ready and the other side asks for no pause."""
        ...


class Transport(Protocol):
    """What every file in ingest/transports offers."""

    def wrong(self, wire: Wire) -> list[str]:
        """The mistakes in what the operator wrote, one line each."""
        ...

    def open(
        self, wire: Wire, tools: Tools, state: Mapping[str, str], seen: frozenset[str]
    ) -> AbstractAsyncContextManager[Session]:
        """Begin a visit; `seen` are the marks of messages that were accepted or refused before.

        `state` may hold the caller's fields as well. Raises Verdict, SettingsError.
        """
        ...


@cache
def known() -> dict[str, Transport]:
    """The transports by name: a transport is a module, and its file's name is its own."""
    names = sorted(module.name for module in pkgutil.iter_modules(transports.__path__) if not module.ispkg)
    return {name: cast("Transport", importlib.import_module(f"{transports.__name__}.{name}")) for name in names}


def mistakes(wire: Wire) -> list[str]:
    """What is wrong with a wire as the operator wrote it, one line each: names nobody offers, keys that do not fit."""
    found = []
    if wire.transport and wire.transport not in known():
        found.append(f"transport {wire.transport!r} is not known (known: {', '.join(known())})")
    elif wire.transport:
        found += known()[wire.transport].wrong(wire)
    if wire.format and wire.format not in formats():
        found.append(f"format {wire.format!r} is not known (known: {', '.join(formats())})")
    return found


_EVERYWHERE = frozenset({"name", "transport", "format", "every", "tags", "headers", "language", "timezone", "hosts"})


def misfits(wire: Wire, needs: Collection[str], may: Collection[str] = ()) -> list[str]:
    """The keys a transport needs and does not get, and those that mean nothing to it."""
    missing = [f"transport {wire.transport!r} needs a {key}" for key in needs if getattr(wire, key) is None]
    idle = [
        f"{rest.name} means nothing to transport {wire.transport!r}"
        for rest in fields(wire)
        if rest.name not in {*_EVERYWHERE, *needs, *may} and getattr(wire, rest.name) != rest.default
    ]
    return missing + idle
