"""The relation of a document to those before it: original, copy, excerpt, extends, version (docs/relations.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from ingest import keys
from ingest.store import Store, hash_of, word

ORIGINAL = "original"
SAMPLE = 8  # buckets of each kind whose size is asked for
SIXTEEN = 16  # members in a bucket


@dataclass(frozen=True, slots=True)
class Relation:
    """What one document is to an earlier one."""

    word: str  # original, copy, excerpt, extends, version
    of: str  # the earlier document, 24 hex digits; "" for an original
    here: int  # percent of this text that stands in the other
    back: int  # percent of the other text that stands in this one
    story: str  # the document that founded the story


def relation(answer: Sequence[bytes | str | int]) -> Relation:
    """What the script relations.lua answered."""
    said, of, here, back, story = answer[:5]
    return Relation(word(said), word(of), int(here), int(back), word(story))


_WORDS = (ORIGINAL, "copy", "excerpt", "extends", "version")


def known(document: str, raw: bytes) -> Relation:
    """What a document's record keeps of its relation; members.lua, pack_known."""
    said = _WORDS[raw[0] - 1]
    if len(raw) == 6:
        return Relation(said, "", 0, 0, document)
    return Relation(said, raw[18:30].hex(), raw[35], raw[36], raw[6:18].hex())


@dataclass(frozen=True, slots=True)
class Size:
    """How large the index is; an estimate from a sample of its buckets."""

    documents: int  # entered in the epochs kept; one that lives on from an older epoch is counted again
    bytes: int  # of the server's memory


@dataclass(frozen=True, slots=True)
class Relations:
    """The index of what texts hold, for those who have no records: one round trip a document."""

    store: Store

    def relate(self, document: str, sketch: bytes) -> Relation:
        """Relate one document (24 hex digits) by its packed sketch to those before, and enter it. Raises ServerAway."""
        return relation(self.store.run("relate", document, sketch))

    def size(self) -> Size:
        """Documents in the index, and its memory. Raises ServerAway."""
        client = self.store.client
        documents, total = 0, 0.0
        for name in self.store.ask(lambda: list(client.scan_iter(keys.RELATED + "*", count=1000))):
            epoch = word(name).removeprefix(keys.RELATED)
            meta = {k: int(v) for k, v in hash_of(self.store.ask(partial(client.hgetall, name))).items()}
            if not meta:  # its time was up
                continue
            documents += meta.get("d", 0)
            members = -(-meta["n"] // SIXTEEN)
            total += self._bytes(f"{keys.POSTING}{epoch}:", meta["b"]) + self._bytes(f"{keys.MEMBER}{epoch}:", members)
        return Size(documents, int(total))

    def _bytes(self, prefix: str, buckets: int) -> float:
        """What so many buckets take, from a few of them evenly apart."""
        asked = list(islice(range(0, buckets, max(1, buckets // SAMPLE)), SAMPLE))
        sizes = [self.store.ask(partial(self.store.client.memory_usage, f"{prefix}{n}")) or 0 for n in asked]
        return buckets * sum(map(int, sizes)) / max(1, len(sizes))
