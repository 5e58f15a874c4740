"""What a feed says of an article, beside what its page says: from the entry, or as the last event remembers it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from ingest.account import Account
from ingest.ledger import Taken
from ingest.model import Entry, Precision, State, When
from workers.claims import unpacked

Hint = dict[str, Any]  # see ingest/findings.py, hints


def listed(taken: Taken) -> Hint:
    """What the entry said that led to this look; empty if none did."""
    found: Hint = json.loads(taken.record.get("hint") or "{}")
    return found


def remembered(account: Account, taken: Taken) -> Hint:
    """What the feed said of a delivered document, as far as its last event with a text has it. Raises ServerAway.

    Without it a scheduled look would read another title or date than the first one, although nothing changed.
    """
    if taken.record.get("st") != State.DELIVERED or "d" not in taken.record:
        return {}
    document = account.document(taken.record["d"])
    said = {name for name, source in unpacked(document.get("fl", "")).items() if source == "feed"}
    event = _told(account, document) if said else {}
    data = event.get("data", {})
    found = {
        "title": event.get("title"),
        "published": event.get("published"),
        "authors": [one["name"] for one in data.get("infoSources", []) if one.get("role") == "author"],
        "keywords": [one["literal"] for one in data.get("subjects", []) if "literal" in one and "rel" not in one],
    }
    kept = {name: value for name, value in found.items() if value and name in said}
    if "published" in kept:
        kept |= {"precision": event["precision"], "wall": event.get("publishedlocal")}
    return kept


def _told(account: Account, document: dict[str, str]) -> dict[str, Any]:
    """The last event; of a withdrawn document, which has lost its words, the one before."""
    if document.get("w") == "1":
        return account.event(document.get("ev", "").rpartition(" ")[2])
    return account.at(document.get("s", ""))


def entry(hint: Hint, taken: Taken) -> Entry | None:
    """The feed entry behind a record, rebuilt from its hints."""
    if not hint:
        return None
    return Entry(
        guid=taken.record.get("g"),
        link=taken.record.get("u"),
        title=hint.get("title"),
        published=_when(hint),
        updated=_instant(hint["modified"]) if hint.get("modified") else None,
        authors=tuple(hint.get("authors", ())),
        language=hint.get("language") or taken.feed.get("language") or None,
        keywords=tuple(hint.get("keywords", ())),
        picture=hint.get("picture"),
    )


def _when(hint: Hint) -> When | None:
    if not hint.get("published"):
        return None
    if hint.get("precision") == Precision.INSTANT:
        return _instant(hint["published"])
    return When(Precision(hint["precision"]), date.fromisoformat(hint["published"]), None, hint.get("wall"))


def _instant(text: str) -> When:
    return When.instant(datetime.fromisoformat(text))
