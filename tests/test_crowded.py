"""What must not stop the service: runs chosen to crowd one bucket of the index, and a RETENTION of nothing."""

from __future__ import annotations

import random

import pytest

from ingest import keys
from ingest.relations import Relations
from ingest.store import Store
from tests.test_relations import Desk, did, text
from workers.sketch import ALL, NAMED, Sketch

BUCKETS, LOAD = 256, 64


def crowding(number: int) -> bytes:
    """A sketch whose runs all lie in the index's first bucket, and leave it together when it is split."""
    dice = random.Random(number)
    names = tuple((dice.randrange(2**22) * 2 + 1) * BUCKETS for _ in range(NAMED))
    runs = tuple(number * NAMED + at for at in range(NAMED))
    return Sketch(400, ALL, runs, names, (), 2**11 - 1).pack()


def test_a_bucket_that_strangers_crowded_is_split_like_any_other(store: Store) -> None:
    relations, desk = Relations(store), Desk(store)
    for number in range(BUCKETS * LOAD // NAMED + 40):
        relations.relate(did(f"crowding {number}"), crowding(number))
    (meta,) = store.client.scan_iter(keys.RELATED + "*")
    postings, buckets = (int(v) for v in store.client.hmget(meta, "p", "b"))
    assert buckets > BUCKETS
    assert postings == sum(store.client.hlen(key) - 1 for key in store.client.scan_iter(keys.POSTING + "*"))
    desk.put("a", text("one"))
    assert desk.put("b", text("one")).of == did("a")
    assert relations.relate(did("again"), crowding(7)).of == did("crowding 7")


@pytest.mark.parametrize("retention", [0.0, 0.5])
def test_however_short_retention_is_the_index_is_neither_endless_nor_begun_at_every_text(
    server: str, store: Store, retention: float
) -> None:
    stores = [Store(server, retention, skew=seconds * 1000) for seconds in range(4)]
    for number, clock in enumerate(stores):
        Desk(clock).put(str(number), text("one"))
        clock.close()
    assert store.client.dbsize() < 2.5 * BUCKETS
