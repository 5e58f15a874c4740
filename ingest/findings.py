"""What a poll found, decided: which entries are new, which marks change, what is stored (pure)."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ingest.errors import GiveUp
from ingest.ledger import address_key, record_id
from ingest.links import clean, digest, host
from ingest.model import Entry, FeedDocument, Rejected
from ingest.parcel import Parcel, pack

SECOND = 8  # characters of a mark's second digest; a stamp follows it
CHUNK = 200  # entries stored in one step: keeps the server's longest step near 5 ms
INLINE_WORDS = 60  # an entry body shorter than this is a teaser, whatever the feed list says
_TAG = re.compile("<[^<>]*>")
# Scripts that put no space between words: every second character counts as one.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Listing:
    """How a feed is to be read, from the feed list and its state."""

    id: str
    url: str
    first: bool  # it was never polled to the end before
    since: float  # seconds; older entries of a first poll are recorded as rejected
    retention: float  # seconds
    full_text: bool = False
    language: str | None = None  # the operator's word, else the feed's
    again: float = 0.0  # seconds between two looks at one entry that says something new; 0: never
    looks: bool = True  # whether pages are looked at; a text that the feed itself carries needs none


@dataclass(frozen=True, slots=True)
class Findings:
    """What a poll changes in the server."""

    entries: list[dict[str, Any]] = field(default_factory=list)  # as discover.lua takes them
    changed: list[dict[str, Any]] = field(default_factory=list)  # known entries that say something new, likewise
    pages: list[bytes] = field(default_factory=list)  # parcels of entries that carry their text
    marks: dict[str, str] = field(default_factory=dict)  # marks to set
    old: list[str] = field(default_factory=list)  # marks to forget


def mark_of(entry: Entry, base: str) -> tuple[str, str]:
    """The two digests an entry is known by: of its address (or guid, or text), and of its guid with its title.

    Either one being known makes it a known entry: a guid that changes at each poll keeps its address, an address that
    changes keeps guid and title; a guid that all entries share keeps neither.
    """
    title = " ".join((entry.title or "").split())
    try:
        first = "link " + clean(entry.link, base) if entry.link else ""
    except GiveUp:
        first = "bad " + (entry.link or "")
    first = first or ("guid " + entry.guid if entry.guid else "text " + title + " " + (entry.summary or "")[:1000])
    second = (entry.guid or entry.link or "") + "\n" + title
    return digest(first, size=8), digest(second, size=6)


def stamp_of(entry: Entry, body: str = "") -> str:
    """Four characters that change when what an entry says of its article does; `body`: the text it carries."""
    dates = ((w.iso() + (w.wall or "")) if w else "" for w in (entry.published, entry.updated))
    return digest(entry.title or "", *dates, " ".join(_TAG.sub(" ", body).split()), size=3)


def decide(listing: Listing, document: FeedDocument, known: dict[str, str], now: float) -> Findings:
    """Compare a feed's entries with its marks: `known` maps first digests to second ones, stamp, @day once it left.

    Marks of earlier versions have no stamp: theirs is noted, and nothing is said of it.
    """
    today = int(now // 86400)
    seconds = {value[:SECOND] for value in known.values()}
    marks = [mark_of(e, listing.url) for e in document.entries]
    twins = Counter(second for _, second in marks)
    found = Findings()
    listed: set[str] = set()
    for entry, (first, second) in zip(document.entries, marks, strict=True):
        if first in listed:
            continue
        listed.add(first)
        value = stamp_of(entry, _carried(listing, entry))
        if first in known:
            _known(found, listing, entry, (first, known[first], value), now)
        elif second in seconds and twins[second] == 1 and (entry.guid or entry.link):
            found.marks[first] = second + value  # the same entry under another address
        else:
            _add(found, listing, entry, (first, second + value), now)
    _leave(found, known, listed, today, int(listing.retention // 86400))
    return found


def _known(found: Findings, listing: Listing, entry: Entry, mark: tuple[str, str, str], now: float) -> None:
    first, old, value = mark
    before, _, left = old.partition("@")
    second, stamp = before[:SECOND], before[SECOND:]
    body = _carried(listing, entry)
    if listing.again and (listing.looks or body) and stamp and stamp != value:
        row = {"m": first, "v": second + value, "rid": record_id(listing.id, first), "again": 1}
        row |= {"gap": int(listing.again * 1000), "hint": _hint(listing, entry)}
        if body:
            row["blob"] = _parcel(found, _address(listing, entry) or listing.url, body, now)
        found.changed.append(row)
    elif left or stamp != value:  # it came back, or is known from an earlier version
        found.marks[first] = second + value


def _hint(listing: Listing, entry: Entry) -> str:
    return json.dumps(hints(entry, listing.language), ensure_ascii=False)


def _address(listing: Listing, entry: Entry) -> str:
    try:
        return clean(entry.link, listing.url) if entry.link else ""
    except GiveUp:
        return ""


def _carried(listing: Listing, entry: Entry) -> str:
    """The text an entry carries, where that is the article; else ""."""
    body = entry.content or entry.summary or ""
    wanted = listing.full_text or not _address(listing, entry)
    return body if wanted and _words(body) >= INLINE_WORDS else ""


def _parcel(found: Findings, address: str, body: str, now: float) -> int:
    parcel = Parcel(address, body.encode(), now, {"content-type": "text/html; charset=utf-8"}, inline=True)
    found.pages.append(pack(parcel))
    return len(found.pages)


def _leave(found: Findings, known: dict[str, str], listed: set[str], today: int, keep: int) -> None:
    for first, value in known.items():
        second, _, left = value.partition("@")
        if first in listed:
            continue
        if not left:
            found.marks[first] = f"{second}@{today}"  # it was listed until now
        elif today - int(left) > keep:
            found.old.append(first)


def _add(found: Findings, listing: Listing, entry: Entry, mark: tuple[str, str], now: float) -> None:
    row: dict[str, Any] = {"m": mark[0], "v": mark[1], "rid": record_id(listing.id, mark[0])}
    if entry.guid and entry.guid != entry.link:
        row |= {"g": entry.guid[:500], "gk": digest("guid", entry.guid, size=8)}
    url, body = _address(listing, entry), _carried(listing, entry)
    address = url or listing.url
    key = address_key(url) if url else address_key(f"{listing.id} {mark[0]}")
    row |= {"u": address, "k": key, "h": host(clean(address)), "hint": _hint(listing, entry)}
    if _older(listing, entry, now):
        row["end"] = Rejected.OLDER
    elif body:
        row["blob"] = _parcel(found, address, body, now)
    elif not url:
        row["end"] = Rejected.NO_LINK
    if "end" in row:
        del row["hint"]
    found.entries.append(row)


def _words(markup: str) -> int:
    spaced = len(markup.split())
    return spaced if markup.isascii() or spaced >= INLINE_WORDS else spaced + len(_UNSPACED.findall(markup)) // 2


def _older(listing: Listing, entry: Entry, now: float) -> bool:
    when = entry.published or entry.updated
    if not listing.first or when is None:
        return False
    moment = when.at.timestamp() if when.at else (when.day.toordinal() - 719162) * 86400.0 + 86400
    return moment < now - listing.since


def hints(entry: Entry, language: str | None) -> dict[str, Any]:
    """What the feed says of an article, kept beside the record until its page is read."""
    raw = {
        "title": entry.title,
        "published": entry.published.local() if entry.published else None,
        "precision": str(entry.published.precision) if entry.published else None,
        "wall": entry.published.wall if entry.published else None,
        "modified": entry.updated.local() if entry.updated and entry.updated.at else None,
        "authors": list(entry.authors),
        "language": entry.language or language,
        "keywords": list(entry.keywords)[:30],
        "picture": entry.picture,
    }
    return {k: v for k, v in raw.items() if v}


def parts(found: Findings, last: dict[str, Any]) -> list[tuple[dict[str, Any], list[bytes]]]:
    """Cut findings into steps of CHUNK entries; only the last carries the validators: a crash re-reads all."""
    steps = []
    marks = [list(pair) for pair in found.marks.items()]
    rows = found.entries + found.changed
    count = max(1, -(-max(len(rows), len(marks), len(found.old)) // CHUNK))
    for i in range(count):
        entries, pages = [], []
        for row in rows[i * CHUNK : (i + 1) * CHUNK]:
            if "blob" in row:
                pages.append(found.pages[row["blob"] - 1])
                entries.append({**row, "blob": len(pages)})
            else:
                entries.append(row)
        step = {
            "entries": entries,
            "marks": [x for pair in marks[i * CHUNK : (i + 1) * CHUNK] for x in pair],
            "old": found.old[i * CHUNK : (i + 1) * CHUNK],
            "last": False,
        }
        steps.append(({**step, **last, "last": True} if i == count - 1 else step, pages))
    return steps
