"""Pages and answers as bytes, for the pipe between a worker and its page child: JSON and raw bytes, never pickle."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingest.model import Article, Entry, Picture, Precision, Rejected, When
from workers.extract import Page

SIZE = struct.Struct("!II")  # bytes of JSON, bytes of body; network order


@dataclass(frozen=True, slots=True)
class Refusal:
    """The page is no article, and why."""

    reason: Rejected
    detail: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Our own code failed on the page."""

    traceback: str


Answer = Article | Refusal | Failure


def request(page: Page) -> bytes:
    """One page as a frame."""
    head = {
        "url": page.url,
        "now": page.now.isoformat(),
        "content_type": page.content_type,
        "headers": dict(page.headers),
        "entry": None if page.entry is None else entry_to_json(page.entry),
        "zone": page.zone.key if page.zone else None,
        "whole": page.whole,
        "html": page.html,
        "wire": page.wire,
    }
    return frame(head, page.body)


def page(head: dict[str, Any], body: bytes) -> Page:
    """The page of a frame."""
    entry, zone = head["entry"], head["zone"]
    given = {**head, "now": datetime.fromisoformat(head["now"]), "zone": ZoneInfo(zone) if zone else None}
    return Page(**{**given, "entry": None if entry is None else entry_from_json(entry), "body": body})


def answer(result: Answer, last: bool = False) -> bytes:
    """One answer as a frame; `last` tells the parent that the child leaves after it."""
    if isinstance(result, Article):
        return frame({"last": last, "article": article_to_json(result)})
    if isinstance(result, Refusal):
        return frame({"last": last, "refused": result.reason.value, "detail": result.detail})
    return frame({"last": last, "failed": result.traceback})


def answered(head: dict[str, Any]) -> Answer:
    """The answer of a frame."""
    if "article" in head:
        return article_from_json(head["article"])
    if "refused" in head:
        return Refusal(Rejected(head["refused"]), head["detail"])
    return Failure(head["failed"])


def frame(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Sizes, JSON, bytes. Lone surrogates cannot travel as UTF-8 and are replaced."""
    packed = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return SIZE.pack(len(packed), len(body)) + packed + body


def article_to_json(article: Article) -> dict[str, Any]:
    """An article as a JSON object: moments as their own small objects, absent fields left out."""
    found = asdict(article)
    found["published"], found["modified"] = _moment(article.published), _moment(article.modified)
    return {k: v for k, v in found.items() if v not in (None, (), {})}


def article_from_json(found: dict[str, Any]) -> Article:
    """The article that article_to_json wrote."""
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}
    for name in ("published", "modified"):
        given[name] = _when(given.get(name))
    if given.get("picture"):
        given["picture"] = Picture(**found["picture"])
    return Article(**{"text": "", **given})


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """An entry as a JSON object, in the manner of articles."""
    found = asdict(entry)
    found["published"], found["updated"] = _moment(entry.published), _moment(entry.updated)
    return {k: v for k, v in found.items() if v not in (None, ())}


def entry_from_json(found: dict[str, Any]) -> Entry:
    """The entry that entry_to_json wrote."""
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}
    given |= {"published": _when(found.get("published")), "updated": _when(found.get("updated"))}
    return Entry(**given)


def _moment(when: When | None) -> dict[str, Any] | None:
    if when is None:
        return None
    found = {"precision": when.precision.value, "day": when.day.isoformat(), "wall": when.wall, "offset": when.offset}
    found["at"] = when.at.isoformat() if when.at else None
    return {k: v for k, v in found.items() if v is not None}


def _when(found: dict[str, Any] | None) -> When | None:
    if not found:
        return None
    at = datetime.fromisoformat(found["at"]) if "at" in found else None
    day = date.fromisoformat(found["day"])
    return When(Precision(found["precision"]), day, at, found.get("wall"), found.get("offset"))
