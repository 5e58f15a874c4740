"""Wire items as `wiredesk parse` prints them."""

from __future__ import annotations

from typing import Any

from ingest.item import Item
from ingest.model import When


def moment(when: When | None) -> str | None:
    """A date as the source gave it: an instant, a wall clock without zone, or a day."""
    return None if when is None else when.wall or when.local()


def row(name: str, item: Item) -> dict[str, Any]:
    """One item as a line of JSON: what it does not say is absent, except its body."""
    raw = {
        "guid": item.guid,
        "version": item.version,
        "type": item.kind,
        "headline": item.headline,
        "byline": item.byline,
        "dateline": item.dateline,
        "language": item.language,
        "urgency": item.urgency,
        "embargoed": moment(item.embargoed),
        "pubstatus": str(item.status),
        "published": moment(item.published),
        "created": moment(item.created),
        "slugline": item.slugline,
        "usage_terms": item.usage_terms,
        "copyright": item.copyright_notice or item.copyright_holder,
        "credit": item.credit,
        "located": item.located,
        "subjects": [subject.code or subject.name for subject in item.subjects],
        "signals": list(item.signals),
        "signal": item.signal,
        "keywords": list(item.keywords),
        "genres": list(item.genres),
        "services": list(item.services),
        "people": list(item.people),
        "places": list(item.places),
        "organisations": list(item.organisations),
        "summary": item.summary,
        "link": item.link,
        "links": [{"rel": link.rel, "target": link.target} for link in item.links],
        "words": item.words,
        "elsewhere": item.elsewhere,
        "notes": list(item.notes),
    }
    said = {key: value for key, value in raw.items() if value not in (None, "", [])}
    return {"file": name, "format": item.format, **said, "body": item.body}


def line(found: dict[str, Any]) -> str:
    """One item for people."""
    told = (found.get("published", "-"), found.get("headline", "-"), found.get("guid", "-"))
    held = f" (embargoed until {found['embargoed']})" if "embargoed" in found else ""
    return f"{told[0]:25} {told[1]}  {told[2]}{held}"
