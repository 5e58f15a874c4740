"""Build the event of one version: a CloudEvents 1.0 object whose data is a strictly valid ninjs 3.1 object."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import resources
from typing import Any

from ingest import links
from ingest.model import Article, Precision, When
from workers import changes, ninjs, normalise
from workers.changes import Change

Event = dict[str, Any]


class Kind(StrEnum):
    """What happened to the document."""

    CREATED = "wiredesk.document.created.v1"
    UPDATED = "wiredesk.document.updated.v1"
    CORRECTED = "wiredesk.document.corrected.v1"
    WITHDRAWN = "wiredesk.document.withdrawn.v1"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one event says; what does not apply is None or empty."""

    kind: Kind
    subject: str  # the document's uri
    source: str  # feed's address, urn:wiredesk:wire:<name> or urn:wiredesk:enqueue
    url: str  # as the source showed it first; "" where it showed none
    time: datetime  # aware: when it was handed off
    version: int  # 1, 2, ... of the document
    article: Article | None = None  # None: withdrawn
    contenthash: str | None = None
    previous: str | None = None  # id of the event this one replaces
    change: Change | None = None  # of the text since the event before, where that is still kept
    feed: str | None = None  # name of the feed or wire
    tags: tuple[str, ...] = ()
    discovered: datetime | None = None
    fetched: datetime | None = None
    extractor: str | None = None
    signal: str | None = None  # from wires
    alternatives: tuple[
        tuple[str, str], ...
    ] = ()  # (role, value): guid, url, final, canonical of every version handed out
    wire: ninjs.Wire | None = None  # what only wires say
    copies: tuple[ninjs.Related, ...] = ()  # of a withdrawn document, as far as we know


def event_id(subject: str, kind: str, contenthash: str | None, previous: str | None) -> str:
    """The first 40 hex digits of sha256 over the four, `-` for what is absent: the same history gives the same id."""
    words = "\n".join((subject, kind, contenthash or "-", previous or "-"))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def build(facts: Facts) -> Event:
    """The event in its written order, absent attributes left out. Raises ValueError for a datetime without zone."""
    article = facts.article
    event = {
        "specversion": "1.0",
        "id": event_id(facts.subject, facts.kind.value, _stamp(facts), facts.previous),
        "source": links.shown(facts.source),
        "type": facts.kind.value,
        "subject": facts.subject,
        "time": instant(facts.time),
        "datacontenttype": "application/json",
        "dataschema": ninjs.SCHEMA,
        "feed": facts.feed,
        "tags": ",".join(facts.tags),
        "url": links.shown(facts.url) if facts.url else None,
        "title": normalise.line(article.title) if article and article.title else None,
        "language": article.language if article else None,
        "agency": ",".join(article.agencies) if article else None,
        **_published(article.published if article else None),
        "discovered": instant(facts.discovered) if facts.discovered else None,
        "fetched": instant(facts.fetched) if facts.fetched else None,
        "contenthash": facts.contenthash if article else None,
        "previous": facts.previous,
        **_changed(facts.change),
        "signal": facts.signal,
        "extractor": facts.extractor if article else None,
        "confidence": article.confidence if article else None,
        "rights": ",".join(article.rights) if article else None,
        "data": _data(facts),
    }
    return {name: value for name, value in event.items() if value not in (None, "")}


def _data(facts: Facts) -> dict[str, Any]:
    if facts.article is None:
        return ninjs.withdrawn(facts.subject, facts.version, facts.alternatives, facts.copies)
    return ninjs.document(facts.subject, facts.version, facts.article, facts.alternatives, facts.wire)


def with_text(event: Event) -> Event:
    """The event with the plain body as `text` on top, for those who want nothing else; without a body, as it is."""
    bodies = event["data"].get("bodies", [])
    main = next((b["value"] for b in bodies if b.get("role") == "main" and b.get("contentType") == "text/plain"), None)
    return event if main is None else {**event, "text": main}


def pack(event: Event) -> bytes:
    """The event as the bytes of its stream entry: compact JSON in UTF-8, the same for the same event."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def seam(packed: bytes) -> dict[str, Any]:
    """Where the server writes the relation into a packed event: the bytes before its data, whether that ends in a list.

    A quote inside a JSON text is escaped, so the first `"data":` is the attribute.
    """
    return {"at": packed.index(b'"data":'), "pic": packed.endswith(b"]}}") and b'"associations":[' in packed}


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of our events."""
    found: dict[str, Any] = json.loads(resources.files("workers").joinpath("event.schema.json").read_text("utf-8"))
    return found


def instant(when: datetime) -> str:
    """RFC 3339 in UTC. Raises ValueError if the datetime hangs in no zone."""
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _stamp(facts: Facts) -> str | None:
    """What tells this version from others: its text, or what a wire's version consists of."""
    return facts.wire.stamp() if facts.wire else facts.contenthash


def _changed(change: Change | None) -> dict[str, Any]:
    """How many sentences came and went, and as many of them as fit, a line each: attributes hold no lists."""
    if change is None:
        return {}
    told = changes.summary(change)
    lines = changes.lines(Change(tuple(told["plus"]), tuple(told["minus"]), told["kept"]))
    return {"added": told["added"], "removed": told["removed"], "diff": "\n".join(lines)}


def _published(when: When | None) -> dict[str, str | None]:
    if when is None:
        return {}
    return {
        "published": when.local(),
        "precision": when.precision.value,
        "publishedlocal": when.wall if when.precision is Precision.ZONELESS else None,
    }
