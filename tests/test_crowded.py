"""Runs of words that were chosen to crowd one bucket of the index: a stranger's pages must not stop the service."""

from __future__ import annotations

import random
import struct

from ingest import keys
from ingest.relations import Relations
from ingest.store import Store
from tests.test_relations import Desk, did, text

BUCKETS, LOAD = 256, 48


def crowding(number: int) -> bytes:
    """A sketch whose runs all lie in the index's first bucket, and leave it together when it is split."""
    dice = random.Random(number)
    names = [(dice.randrange(2**22) * 2 + 1) * BUCKETS for _ in range(32)]
    pairs = [value for at, name in enumerate(names) for value in (number * 32 + at, name)]
    return struct.pack(">HIBB", 400, 2**32 - 1, 0, 32) + struct.pack(">64I", *pairs)


def test_a_bucket_that_strangers_crowded_is_split_like_any_other(store: Store) -> None:
    relations, desk = Relations(store), Desk(store)
    for number in range(BUCKETS * LOAD // 32 + 40):
        relations.relate(did(f"crowding {number}"), crowding(number))
    (meta,) = store.client.scan_iter(keys.RELATED + "*")
    postings, buckets = (int(v) for v in store.client.hmget(meta, "p", "b"))
    assert buckets > BUCKETS
    assert postings == sum(store.client.hlen(key) - 1 for key in store.client.scan_iter(keys.POSTING + "*"))
    desk.put("a", text("one"))
    assert desk.put("b", text("one")).of == did("a")
    assert relations.relate(did("again"), crowding(7)).of == did("crowding 7")
