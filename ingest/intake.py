"""What the items of one message do, decided: records, versions of documents, embargoes, kills (pure).

An item's document is named by its wire and its guid, its version by what it says; the same item sent again is the same
record. docs/wires.md tells the rules.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from pydantic import TypeAdapter

from ingest import tidy
from ingest.errors import GiveUp
from ingest.item import Item, Link, Signal, Status
from ingest.ledger import address_key, record_id
from ingest.links import URN, clean, digest, subject
from ingest.model import Failed, Rejected, State, When
from ingest.parcel import Parcel, pack

WEST = timedelta(hours=12)  # the last place on earth where a clock without a zone may hang
KILL = "kill "  # begins the name of an alarm
AHEAD = 3600.0  # seconds a version may be younger than now; a clock further ahead would hide every later version
LONGEST = 80  # characters of a version's number that count
PACKAGES = 50  # of one message that an item is said to belong to
_SHOWN = frozenset("composite picture graphic video audio".split())  # what a text is taken for that has lost its words
_ITEMS = TypeAdapter(Item)
_CHUNK = 100  # items stored in one step


@dataclass(frozen=True, slots=True)
class Source:
    """The wire that items came by."""

    id: str  # its key among the feeds
    name: str

    @property
    def uri(self) -> str:
        """What events call it."""
        return f"{URN}wire:{quote(self.name, safe='')}"


@dataclass(frozen=True, slots=True)
class Intake:
    """What one message changes in the server: rows as receive.lua takes them, and the items that go to workers."""

    items: list[dict[str, Any]] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)

    def parts(self) -> list[tuple[dict[str, Any], list[bytes]]]:
        """The same in steps of bounded size; each may be repeated."""
        found = []
        for start in range(0, len(self.items), _CHUNK):
            rows, packed = [], []
            for row in self.items[start : start + _CHUNK]:
                if "blob" in row:
                    packed.append(self.packed[row["blob"] - 1])
                    rows.append({**row, "blob": len(packed)})
                else:
                    rows.append(row)
            found.append(({"items": rows}, packed))
        return found


def wire_id(name: str) -> str:
    """The key of a wire among the feeds."""
    return digest("wire", name, size=8)


def document(source: Source, guid: str) -> str:
    """The document of a guid of a wire, as 24 hex digits."""
    return subject(f"{source.uri}\n{guid}").removeprefix(URN)


def identity(item: Item) -> str:
    """The item's guid; of one that has none, a digest of what it says, so that the same words are one document."""
    return item.guid or "words:" + digest(item.headline or "", item.body)


def order(item: Item, now: float) -> str:
    """By which versions of one document compare, as text: when they were made, then numbers, and words after those."""
    at = min(max(_made(item, item.published, now), 0.0), now + AHEAD) if item.published else now
    version = (item.version or "")[:LONGEST]
    if version.isascii() and version.isdigit():
        number = version.lstrip("0")
        return f"{int(at * 1000):015d} {len(number):02d}{number}"
    return f"{int(at * 1000):015d} {version and 'v' + version}"


def decide(source: Source, items: Sequence[Item], now: float) -> Intake:
    """The rows of one message's items, in its order; `now` in seconds since 1970."""
    found = Intake()
    for item in _related(items, now):
        row, ending = _row(source, item, now), _ending(item)
        why: dict[str, Any] = {"reason": ending[0], "x": ending[1]} if ending else {}
        if killed(item) and (not ending or item.kind in _SHOWN):
            row |= {"act": "kill", **(why or {"alarm": _unmatched(source, item, now)})}
        elif ending:
            row |= {"act": "end", "state": State.REJECTED, **why}
        else:
            row |= {"act": "text", **_held(item)}
        if row["act"] != "end":
            found.packed.append(packed(source, item, now))
            row["blob"] = len(found.packed)
        found.items.append(row)
    return found


def unreadable(source: Source, said: bytes, why: str, reason: Failed = Failed.UNREADABLE) -> Intake:
    """The row of a message that could not be read; `said` are its bytes, or what tells it apart where it has none."""
    name = "message " + hashlib.blake2b(said, digest_size=16).hexdigest()
    row = {"rid": record_id(source.id, name), "u": source.uri, "k": address_key(name), "h": host_of(source.name)}
    return Intake([{**row, "act": "end", "state": State.FAILED, "reason": reason, "x": why[:300]}])


def host_of(name: str) -> str:
    """What stands where a record of the web has its host; no host name holds a space."""
    return f"wire {name}"


def killed(item: Item) -> bool:
    """Whether the agency withdraws the document."""
    return item.status is Status.CANCELED or item.signal is Signal.KILL


def packed(source: Source, item: Item, now: float) -> bytes:
    """An item on its way to a worker."""
    body = _ITEMS.dump_json(item, exclude_defaults=True)
    return pack(Parcel(item.link or "", body, now, inline=True, killed=killed(item), wire=source.name))


def item(body: bytes) -> Item:
    """The item in the body of a parcel that `packed` made."""
    return _ITEMS.validate_json(body)


def text(item: Item) -> str:
    """What the document says: the body; of an alert that is nothing but its headline, that; "" where nothing shows."""
    return next((said for said in (item.body, item.summary, item.headline) if said and _shows(said)), "")


def left(known: Mapping[str, str], listed: frozenset[str], today: int, keep: int) -> tuple[list[str], list[str]]:
    """Marks to set (flat pairs) and to forget of messages that no longer lie at the other side; `keep` in days."""
    marks, old = [], []
    for mark, since in known.items():
        if mark in listed:
            marks += [mark, ""] if since else []
        elif not since:
            marks += [mark, str(today)]
        elif today - int(since) > keep:
            old.append(mark)
    return marks, old


def _shows(text: str) -> bool:
    """Whether a reader sees anything of a text."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def _unmatched(source: Source, item: Item, now: float) -> tuple[str, str]:
    """Name and text of the alarm that rings if nobody knows what a kill withdraws."""
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    name = tidy.line(f"{KILL}{source.name}: {item.guid or item.slugline or 'without id'}"[:200])
    return name, f"{at} its agency withdraws what never came by this wire; look who has the text by another way"


def _row(source: Source, item: Item, now: float) -> dict[str, Any]:
    guid = identity(item)
    said = replace(item, notes=(), format="")
    rid = record_id(source.id, digest(guid, _ITEMS.dump_json(said, exclude_defaults=True).decode()))
    row: dict[str, Any] = {"rid": rid, "did": document(source, guid), "u": item.link or "", "o": order(item, now)}
    if not item.published:
        row["undated"] = True
    if replaced := [document(source, link.target) for link in item.links if link.rel == "replaces"]:
        row["rp"] = replaced[:20]
    row |= {"k": address_key(f"{source.uri}\n{guid}"), "h": host_of(source.name)}
    if page := _page(item):
        row["uk"] = address_key(page)
    if item.guid:
        row |= {"g": item.guid[:500], "gk": digest("guid", item.guid, size=8)}
    return row


def _page(item: Item) -> str:
    """The cleaned address of the item's page on the web; empty where it has none that could be asked for."""
    try:
        return clean(item.link) if item.link else ""
    except GiveUp:
        return ""


def _ending(item: Item) -> tuple[Rejected, str] | None:
    """Why an item is no document and touches none."""
    if item.kind == "composite":
        return Rejected.PACKAGE, f"a package of {sum(link.rel == 'member' for link in item.links)} items"
    if item.kind != "text" and not (item.kind == "advisory" and killed(item)):  # it tells editors to take a text back
        return Rejected.NOT_TEXT, item.kind
    if not killed(item) and not text(item):
        return Rejected.NO_TEXT, "neither headline nor text"
    return None


def _held(item: Item) -> dict[str, Any]:
    """Until when an item is held: an embargo counts whatever the status says."""
    if killed(item):
        return {}
    if item.embargoed:
        return {"till": math.ceil(_latest(item.embargoed) * 1000)}
    return {"withheld": True} if item.status is Status.WITHHELD else {}


def _latest(when: When) -> float:
    """The last moment that may be meant, in seconds since 1970: nothing under embargo goes out early."""
    if when.at:
        return when.at.timestamp()
    if when.wall:
        return (datetime.fromisoformat(when.wall).replace(tzinfo=UTC) + WEST).timestamp()
    return _seconds(when) + 86400 + WEST.total_seconds()


def _made(item: Item, when: When, now: float) -> float:
    """When a version was made; a kill that names no more than its day comes after what was made on that day so far."""
    day = when.at is None and when.wall is None
    return min(_latest(when), now) if day and killed(item) else _seconds(when)


def _seconds(when: When) -> float:
    if when.at:
        return when.at.timestamp()
    if when.wall:
        return datetime.fromisoformat(when.wall).replace(tzinfo=UTC).timestamp()
    return (when.day.toordinal() - 719163) * 86400.0


def _related(items: Sequence[Item], now: float) -> list[Item]:
    """The items, those that a package of the same message lists with a link to it.

    A package that is held names nothing: its headline is under embargo as well.
    """
    packages: dict[str, dict[str, Link]] = {}
    for item in items:
        if item.kind == "composite" and item.guid and not _hidden(item, now):
            link = Link("package", item.guid, item.headline, "composite")
            for target in (each.target for each in item.links if each.rel == "member"):
                known = packages.setdefault(target, {})
                if len(known) < PACKAGES:
                    known.setdefault(item.guid, link)
    return [replace(i, links=(*i.links, *packages[i.guid].values())) if i.guid in packages else i for i in items]


def _hidden(item: Item, now: float) -> bool:
    """Whether nothing of an item may be told now."""
    held = _held(item)
    return killed(item) or "withheld" in held or held.get("till", 0) > now * 1000
