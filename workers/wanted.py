"""Decide whether a reader who wants some relations gets an event: its relation counts, and what it was given before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, Any]

ORIGINALS = ("original", "version", "extends")  # what is left when copies and excerpts are
STEPS = 20  # earlier versions that are looked at
_WITHDRAWN = "wiredesk.document.withdrawn."


def wanted(event: Event, relations: tuple[str, ...], earlier: Callable[[str], Event]) -> bool:
    """Whether the event goes to a reader of these relations (none named: of all).

    It does if its relation is among them, or if an earlier version of the document did: so an update or a withdrawal
    reaches everyone who has the document. A withdrawal says nothing new, so that only earlier versions count.
    `earlier` gives the event of an id, empty where it is no longer kept: then, and beyond twenty steps, nobody can
    say that it was not given, and the reader gets the event.
    """
    if not relations or _fits(event, relations):
        return True
    for _ in range(STEPS):
        previous = event.get("previous")
        if not previous:
            return False
        event = earlier(previous)
        if not event or _fits(event, relations):
            return True
    return True


def _fits(event: Event, relations: tuple[str, ...]) -> bool:
    """Whether the relation of this event alone is enough; one without a relation is an original."""
    withdrawn = str(event.get("type", "")).startswith(_WITHDRAWN)
    return not withdrawn and event.get("relation", "original") in relations
