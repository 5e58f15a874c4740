"""Signs of life: in the server for `status`, in a file for health checks; and waiting for a server at the start."""

from __future__ import annotations

import os
import socket
import time

import structlog

from config.settings import Settings
from ingest import keys, server
from ingest.errors import ServerAway
from ingest.store import Store
from workers.cli import beat as file
from workers.cli import place

EVERY = 5.0  # seconds between beats
LIFE = 15  # seconds a beat is believed
_last: dict[str, float] = {}


def beat(store: Store, role: str) -> None:
    """Show that this process lives and reaches its server; at most once in EVERY. Raises ServerAway."""
    now = time.monotonic()
    if now - _last.get(role, -EVERY) < EVERY:
        return
    name = f"{keys.BEAT}{role}:{socket.gethostname()}-{os.getpid()}"
    store.ask(lambda: store.client.set(name, "1", ex=LIFE))
    file.beat(role, time.time())
    _last[role] = now


def reach(settings: Settings) -> Store:
    """The server in use. A configured one that is away is waited for; an embedded one must be running."""
    log = structlog.get_logger()
    if settings.redis_url is None and not server.answers(settings.data):
        raise ServerAway(place.NO_SERVER.format(data=settings.data))
    found = Store(place.address(settings), settings.retention)
    while True:
        try:
            found.now()
            return found
        except ServerAway as error:
            log.error("server_away", detail=str(error)[:300])
            time.sleep(2)
