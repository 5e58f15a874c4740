"""The right to send requests to hosts, and the server's memory of their robots.txt: what several pollers must share."""

from __future__ import annotations

import asyncio

from ingest import keys
from ingest.ledger import Ledger
from ingest.store import Store, word


class Admission:
    """Turns at hosts for one piece of work: the claim's own turn first, then one reserved after the other."""

    def __init__(self, ledger: Ledger, at: str, delay: float) -> None:
        self._ledger, self._delay = ledger, delay
        self._in_hand: str | None = at

    async def __call__(self, at: str) -> None:
        """Wait until one request may be sent to this host."""
        if at == self._in_hand:
            self._in_hand = None
            return
        wait = await asyncio.to_thread(self._ledger.admit, at, self._delay)
        if wait > 0:
            await asyncio.sleep(wait)

    def spend(self) -> None:
        """The turn in hand is being used: every further request waits for its own."""
        self._in_hand = None


class Memory:
    """robots.txt files kept in the server, so that every poller of every machine asks a host once a day."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, host: str) -> str | None:
        """The file kept for an origin, None where none is."""
        client = self._store.client
        value = await asyncio.to_thread(self._store.ask, lambda: client.get(keys.ROBOTS + host))
        return None if value is None else word(value)

    async def put(self, host: str, text: str, ttl: float) -> None:
        """Keep a file for `ttl` seconds."""
        client = self._store.client
        await asyncio.to_thread(
            self._store.ask, lambda: client.set(keys.ROBOTS + host, text.encode(), px=int(ttl * 1000))
        )
