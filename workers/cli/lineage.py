"""Where a document's text came from and where it went: the part of `wiredesk why` about relations and versions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Any

from ingest.account import Account
from ingest.links import URN, shown
from ingest.relations import Relation
from workers import changes
from workers.cli import place
from workers.event import with_text

MEMBERS = 200  # documents of a story that are told


def lineage(account: Account, did: str) -> dict[str, Any] | None:
    """What a document is to earlier ones, and the whole story in the order it came; None if it was never compared.

    {relation, story, relatedto, withdrawn, containment, back, added, documents}: `withdrawn` is there and true if the
    document it came from was withdrawn, `back` is how much of the other text stands in
    this one (percent), `added` are the sentences that the other has not (none if its text is no longer kept),
    `documents` the story's, each {subject, url, source, at, agency, relation, relatedto, containment, back}.
    """
    related = account.related(did)
    if related is None:
        return None
    members = (_member(account, one, related.story) for one in account.story(related.story))
    other = _text(account, related.of) if related.of else ""
    added = changes.compare(other, _text(account, did)).added if other else ()
    gone = bool(related.of) and account.document(related.of).get("w") == "1"
    return {
        **_said(related),
        **({"withdrawn": True} if gone else {}),
        "added": list(added),
        "documents": list(islice(filter(None, members), MEMBERS)),
    }


def _said(related: Relation) -> dict[str, Any]:
    said = {"relation": related.word, "story": URN + related.story}
    other = {"relatedto": URN + related.of, "containment": related.here, "back": related.back}
    return {**said, **(other if related.of else {})}


def _member(account: Account, did: str, story: str) -> dict[str, Any]:
    """One document of a story; empty when it is no longer kept, or has left the story since."""
    document = account.document(did)
    related = account.related(did)
    if not document or related is None or related.story != story:
        return {}
    first = account.record(document.get("rs", "").partition(" ")[0])
    event = account.at(document.get("s", ""))
    told = {
        "subject": URN + did,
        "url": shown(first.get("u", "")) or event.get("url"),
        "source": event.get("source"),
        "at": place.iso(int(first["t"]) / 1000) if "t" in first else None,
        "agency": event.get("agency"),
        "withdrawn": document.get("w") == "1" or None,
        **_said(related),
    }
    return {name: value for name, value in told.items() if value not in (None, "") and name != "story"}


def _text(account: Account, did: str) -> str:
    """The text of a document's last event; "" when that is no longer kept, or has none."""
    event = account.at(account.document(did).get("s", ""))
    return str(with_text(event).get("text", "")) if event else ""


def versions(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What changed from each event to the next: {event, previous, added, removed}; only between those still kept."""
    kept = [with_text(event) for event in events if event]
    return [
        {"event": after["id"], "previous": before["id"], "added": list(change.added), "removed": list(change.removed)}
        for before, after in pairwise(kept)
        if after.get("previous") == before["id"]
        for change in [changes.compare(before.get("text", ""), after.get("text", ""))]
    ]


def lines(found: dict[str, Any] | None) -> list[str]:
    """The lineage for people: the story's documents, and what this one added."""
    if found is None:
        return []
    out = []
    urls = {one["subject"]: one.get("url", one["subject"]) for one in found["documents"]}
    for one in found["documents"]:
        other = one.get("relatedto")
        of = f" of {urls.get(other, other)} ({one['containment']} % of it from there)" if other else ""
        credit = f", {one['agency']}" if "agency" in one else ""
        gone = ", withdrawn" if one.get("withdrawn") else ""
        out.append(
            f"  story: {one.get('at', '')} {one['relation']}{of}: {one.get('url', one['subject'])}{credit}{gone}"
        )
    if found.get("withdrawn"):
        out.append(f"  its original was withdrawn: {urls.get(found['relatedto'], found['relatedto'])}")
    if found.get("relatedto"):
        out += [f"  added: {sentence}" for sentence in found["added"]]
    return out
