"""Pages at addresses, handed off as workers do it: for tests of what the stream says of them."""

from __future__ import annotations

import json
from typing import Any

from ingest import keys
from ingest.ledger import Answer, Ledger
from ingest.links import host
from ingest.model import Article
from ingest.parcel import Parcel
from tests.records import fetch, pages, taken
from workers.handoff import Handoff

SENTENCES = [
    f"In the {place} of the harbour town the {body} {verb} a plan for the {thing} after long talks with its neighbours."
    for place, body, verb, thing in (
        ("north", "council", "rejected", "bridge"),
        ("west", "union", "praised", "ferry"),
        ("old quarter", "mayor", "signed", "tunnel"),
        ("market", "court", "stopped", "clinic"),
        ("suburbs", "ministry", "paid", "museum"),
        ("east", "club", "built", "stadium"),
        ("hills", "farmers", "cancelled", "dam"),
        ("docks", "guild", "postponed", "crane"),
    )
]
TEXT = "\n\n".join(SENTENCES)


class Site:
    """Pages at addresses, handed off as workers do it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.handoff, self.store = ledger, Handoff(ledger), ledger.store

    def show(self, url: str, text: str, title: str = "A plan", **more: Any) -> Answer:
        """The page as it is now, looked at by hand."""
        self.ledger.enqueue([(url, host(url))])
        (work,) = [w for w in pages(self.ledger) if w.url == url]
        page = taken(self.ledger, fetch(self.ledger, work))
        article = Article(text=text, title=title, headline=title, language="en", **more)
        return self.handoff.deliver(page, Parcel(url, b"", 1_800_000_000.0, {}, (url,)), article)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(fields[b"event"]) for _, fields in self.store.client.xrange(keys.STREAM)]
