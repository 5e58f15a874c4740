"""The relation of a document to those before it: original, copy, excerpt, extends, version (docs/relations.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.store import Store, word

ORIGINAL = "original"


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


@dataclass(frozen=True, slots=True)
class Relations:
    """The index of what texts hold, for those who have no records: one round trip a document."""

    store: Store

    def relate(self, document: str, sketch: bytes) -> Relation:
        """Relate one document (24 hex digits) by its packed sketch to those before, and enter it. Raises ServerAway."""
        return relation(self.store.run("relate", document, sketch))
