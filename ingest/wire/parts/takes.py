"""Texts that came in several messages (takes) as one item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ingest.item import Item, Signal, Status
from ingest.wire.parts import marks

JOINED = "takes joined"
_STRICTER = (Status.USABLE, Status.WITHHELD, Status.CANCELED)


def joined(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items of a file, those that are the next take of the one before joined to it; a lone one is only noted."""
    found: list[Item] = []
    for item in items:
        part = marks.part(item.signals) or 1
        before = found[-1] if found else None
        if part > 1 and before and before.slugline == item.slugline and part == (marks.part(before.signals) or 1) + 1:
            found[-1] = _with(before, item)
        else:
            found.append(replace(item, notes=(*item.notes, f"take {part} of a longer text")) if part > 1 else item)
    return tuple(found)


def _with(before: Item, take: Item) -> Item:
    """One item of both: the first one's headline and identity, what is stricter of each."""
    held = [when for when in (before.embargoed, take.embargoed) if when]
    return replace(
        before,
        body="\n\n".join(filter(None, (before.body, take.body))),
        signals=(*before.signals, *take.signals),
        signal=Signal.KILL if Signal.KILL in (before.signal, take.signal) else before.signal,
        status=max(before.status, take.status, key=_STRICTER.index),
        embargoed=max(held, key=lambda when: when.iso(), default=None),
        published=take.published or before.published,
        words=before.words + take.words if before.words and take.words else None,
        notes=tuple(dict.fromkeys((*before.notes, *take.notes, JOINED))),
    )
