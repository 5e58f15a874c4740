"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import Any

from ingest import elements, tidy
from ingest.body import Body, Unreadable
from ingest.model import Entry, FeedDocument


def recognises(body: Body) -> bool:
    """Whether this is JSON at all: no other reader takes it."""
    return body.is_json


def is_feed(thing: dict[str, Any]) -> bool:
    """Whether an object says it is a JSON Feed."""
    return "jsonfeed.org" in (_text(thing, "version") or "")


def parse(body: Body) -> FeedDocument:
    """Return the feed's items; members of a wrong type count as absent. Raises Unreadable for JSON that is no feed."""
    feed = body.value
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise Unreadable("JSON, but no JSON Feed: it has no list of items")
    if not is_feed(feed):
        raise Unreadable("JSON, but no JSON Feed: its version does not say so")
    items = [item for item in feed["items"] if isinstance(item, dict)]
    wrong = len(feed["items"]) - len(items)
    return FeedDocument(
        format="jsonfeed",
        entries=tuple(_entry(item, body) for item in items),
        title=_text(feed, "title"),
        language=tidy.language(_text(feed, "language")),
        notes=(f"{wrong} items that are no objects left out",) if wrong else (),
    )


def _entry(item: dict[str, Any], body: Body) -> Entry:
    return Entry(
        guid=_text(item, "id"),
        link=tidy.join(body.url, _text(item, "url") or _text(item, "external_url")),
        title=tidy.line(_text(item, "title") or "") or None,
        published=body.when(_text(item, "date_published")),
        updated=body.when(_text(item, "date_modified")),
        authors=_people(item),
        summary=elements.escaped(_text(item, "summary")),
        content=_text(item, "content_html") or elements.escaped(_text(item, "content_text")),
        language=tidy.language(_text(item, "language")),
        keywords=tuple(tidy.scrubbed(tag) for tag in _list(item, "tags") if isinstance(tag, str)),
        picture=tidy.join(body.url, _picture(item)),
    )


def _text(thing: dict[str, Any], name: str) -> str | None:
    """The member as text; numbers are read as their digits (the specification asks so for id)."""
    value = thing.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return tidy.scrubbed(value).strip() or None if isinstance(value, str) else None


def _list(thing: dict[str, Any], name: str) -> list[Any]:
    value = thing.get(name)
    return value if isinstance(value, list) else []


def _people(item: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(item, "authors"), item.get("author")]
    return tuple(name for person in people if isinstance(person, dict) and (name := _text(person, "name")))


def _picture(item: dict[str, Any]) -> str | None:
    if own := _text(item, "image") or _text(item, "banner_image"):
        return own
    for attachment in _list(item, "attachments"):
        if isinstance(attachment, dict) and (_text(attachment, "mime_type") or "").startswith("image/"):
            return _text(attachment, "url")
    return None
