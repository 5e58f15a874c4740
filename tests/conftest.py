"""Real parts for every test: one embedded server for each test process, emptied between tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.ledger import Ledger
from ingest.server import Embedded
from ingest.store import Store

RETENTION = 14 * 86400.0


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running embedded server."""
    embedded = Embedded(Path(tmp_path_factory.mktemp("server")), fsync="no")
    yield embedded.start()
    embedded.stop()


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    """An empty server."""
    found = Store(server, RETENTION)
    found.client.flushall()
    yield found
    found.close()


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """The ledger of an empty server."""
    return Ledger(store)
