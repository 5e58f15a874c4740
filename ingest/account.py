"""What the ledger says: the law of the counters, the story of a record, the lists of what did not become a document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest import keys
from ingest.errors import GiveUp
from ingest.ledger import address_key, record_id
from ingest.links import URN, clean, digest, shown
from ingest.model import State
from ingest.relations import Relation, known
from ingest.store import Store, hash_of, word

STATES = tuple(str(s) for s in State)


@dataclass(frozen=True, slots=True)
class Law:
    """The counters at one instant: discovered = pending + delivered + merged + rejected + failed."""

    discovered: int
    states: dict[str, int]
    events: dict[str, int]
    aged: dict[str, int]  # records forgotten after RETENTION, by the state they ended in
    waiting: int  # page bytes waiting for workers
    stream: int  # bytes of the events kept
    trimmed: int

    @property
    def holds(self) -> bool:
        """Whether every record is counted in exactly one state."""
        return self.discovered == sum(self.states.values())


class Account:
    """Reads the ledger; changes nothing."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def law(self) -> Law:
        """All counters, read in one step."""
        raw = {k: int(v) for k, v in self._hash(keys.COUNTERS).items()}
        return Law(
            raw.get("discovered", 0),
            {s: raw.get(s, 0) for s in STATES},
            {k.partition(":")[2]: v for k, v in raw.items() if k.startswith("events:")},
            {s: raw.get(f"aged:{s}", 0) for s in STATES},
            raw.get("waiting", 0),
            raw.get("stream", 0),
            raw.get("trimmed", 0),
        )

    def recount(self) -> Counter[str]:
        """Count the records themselves by state: what the counters should say, less what has aged."""
        client = self.store.client
        found = {word(k) for k in self.store.ask(lambda: list(client.scan_iter(keys.RECORD + "*", count=1000)))}
        counts: Counter[str] = Counter()
        names = sorted(found)
        for i in range(0, len(names), 500):
            pipe = client.pipeline(transaction=False)
            for name in names[i : i + 500]:
                pipe.hget(name, "st")
            counts.update(word(s) for s in self.store.ask(pipe.execute) if s)
        return counts

    def wrong(self) -> list[str]:
        """The counters against a recount; records move while we count, so only what neither end explains is wrong."""
        before = self.law()
        counted = self.recount()
        after = self.law()
        lines = [] if before.holds else [f"discovered {before.discovered} is not the sum of {before.states}"]
        for state in STATES:
            said = sorted((before.states[state] - before.aged[state], after.states[state] - after.aged[state]))
            if not said[0] <= counted[state] <= said[1]:
                lines.append(f"{state}: the counters say {said[1]}, the records {counted[state]}")
        return lines

    def record(self, rid: str) -> dict[str, str]:
        """One record's fields; empty when there is none."""
        return self._hash(keys.RECORD + rid)

    def feed(self, fid: str) -> dict[str, str]:
        """What the feed list says of a feed; empty when it is not listed."""
        about = self.store.ask(lambda: self.store.client.hget(keys.FEEDS, fid))
        return dict(json.loads(about)) if about else {}

    def retriable(self, rid: str) -> bool:
        """Whether there is anything to try again: an address to fetch (an entry without a link has none), wire copy."""
        record = self.record(rid)
        return "wd" in record or (bool(record.get("u")) and record.get("k") == address_key(record["u"]))

    def held(self, record: dict[str, str]) -> float:
        """Until when a held item of a wire waits, in seconds since 1970; 0.0 where nobody said, or it is not held."""
        return int(record["em"]) / 1000 if record.get("sg") == "held" and "em" in record else 0.0

    def find(self, name: str) -> list[str]:
        """The records an address, guid, event id or document uri leads to, first finder first."""
        if did := self._subject(name).removeprefix(URN):
            return self._finders(did)
        for key in self._keys(name):
            value = self._get(keys.URL + key)
            if value.startswith("d"):
                return self._hash(keys.DOC + value[1:]).get("rs", "").split()
            if value:
                return [value[1:]]
        by_guid = self._get(keys.GUID + digest("guid", name, size=8))
        if not by_guid:
            return []
        record = self.record(by_guid)
        did = record.get("d") or record.get("wd") or ""
        return list(dict.fromkeys([*(self._finders(did) if did else []), by_guid]))

    def _finders(self, did: str) -> list[str]:
        """The records that found a document, and the one of its versions that is held."""
        held = self._hash(keys.WIRE + did).get("h")
        return [*self._hash(keys.DOC + did).get("rs", "").split(), *([held] if held else [])]

    def _subject(self, name: str) -> str:
        if name.startswith(URN):
            return name
        return str(self.event(name).get("subject", ""))

    def _keys(self, name: str) -> Iterator[str]:
        try:
            yield address_key(clean(name))
        except GiveUp:
            return

    def by_hand(self, url: str) -> str:
        """The record of an address entered by hand."""
        return record_id("enqueue", clean(url))

    def document(self, did: str) -> dict[str, str]:
        """A document's fields; see commit.lua."""
        return self._hash(keys.DOC + did)

    def related(self, did: str) -> Relation | None:
        """What a document is to earlier ones; None for one that was never compared."""
        raw = self.store.ask(lambda: self.store.client.hget(keys.DOC + did, "rl"))
        return known(did, raw) if raw else None

    def story(self, did: str) -> list[str]:
        """The documents of the story that a document founded, in the order they came; at least itself."""
        raw = self.store.ask(lambda: self.store.client.lrange(keys.STORY + did, 0, -1))
        return [bytes(one).hex() for one in raw] or [did]

    def position(self, event: str) -> str:
        """The stream id of an event; empty when it is not kept."""
        return self._get(keys.EVENT + event[:16])

    def at(self, position: str) -> dict[str, Any]:
        """The event at a stream id; empty when it is no longer kept."""
        rows = self.store.ask(lambda: self.store.client.xrange(keys.STREAM, position, position)) if position else []
        return dict(json.loads(rows[0][1][b"event"])) if rows else {}

    def event(self, name: str) -> dict[str, Any]:
        """An event by its id; empty when it is not kept."""
        return self.at(self.position(name))

    def next_look(self, rid: str, record: dict[str, str]) -> float:
        """When a delivered page is looked at again, in seconds since 1970; 0.0 for never."""
        queue = f"{keys.QUEUE}r:{record.get('h', '')}"
        due = self.store.ask(lambda: self.store.client.zscore(queue, "p" + rid))
        return float(due) / 1000 if due else 0.0

    def looks(self) -> dict[str, int]:
        """How many pages wait for another look, and about how many were looked at in the last hour."""
        now, spent = self.store.now(), self._hash(keys.LOOKS)
        behind = int(now // 3600) - int(spent.get("hour", 0))
        n, before = int(spent.get("n", 0)), int(spent.get("before", 0))
        this, last = (n, before) if behind == 0 else (0, n if behind == 1 else 0)
        planned = self._hash(keys.COUNTERS).get("planned", 0)
        return {"looks": int(planned), "looks_an_hour": this + round(last * (1 - now % 3600 / 3600))}

    def ended(self, state: str) -> Iterator[dict[str, Any]]:
        """The records that ended as rejected or failed, oldest first."""
        client = self.store.client
        rids = [word(r) for r in self.store.ask(lambda: client.zrange(keys.ENDS + state, 0, -1))]
        for i in range(0, len(rids), 500):
            pipe = client.pipeline(transaction=False)
            for rid in rids[i : i + 500]:
                pipe.hgetall(keys.RECORD + rid)
            for rid, raw in zip(rids[i : i + 500], self.store.ask(pipe.execute), strict=True):
                if raw:
                    yield failure(rid, hash_of(raw))

    def feeds(self) -> list[dict[str, str]]:
        """Every listed feed with its state."""
        listed = self._hash(keys.FEEDS)
        pipe = self.store.client.pipeline(transaction=False)
        for fid in listed:
            pipe.hgetall(keys.FEED + fid)
        states = self.store.ask(pipe.execute)
        return [
            {"id": fid, **json.loads(about), **hash_of(state)}
            for (fid, about), state in zip(listed.items(), states, strict=True)
        ]

    def reasons(self) -> dict[str, int]:
        """How many records ended as `state:reason`."""
        return {k: int(v) for k, v in self._hash(keys.REASONS).items()}

    def alarms(self) -> dict[str, str]:
        """What rings now, for people: {name: text}."""
        return self._hash(keys.ALARMS)

    def oldest_pending(self) -> float:
        """Age in seconds of the record pending longest; 0 when none is."""
        first = self.store.ask(lambda: self.store.client.zrange(keys.PENDING, 0, 0, withscores=True))
        return max(0.0, self.store.now() - float(first[0][1]) / 1000) if first else 0.0

    def busy(self, ahead: float = 2.0) -> bool:
        """Whether any page is being worked on, or due within `ahead` seconds (feeds, always due, do not count).

        One look at one instant: a page that moves from a line into a hand meanwhile would be seen in neither.
        """
        soon = int((self.store.now() + ahead) * 1000)
        pipe = self.store.client.pipeline(transaction=True)
        pipe.zrange(keys.LEASES, 0, -1)
        pipe.zcard(keys.READY)
        for lane in "up":
            pipe.zcount(keys.LANE + lane, "-inf", soon)
        held, ready, *due = self.store.ask(pipe.execute)
        return any(word(item)[0] != "f" for item in held) or bool(ready) or any(due)

    def beats(self, role: str) -> int:
        """How many processes of a role showed life in the last seconds."""
        return len(self.store.ask(lambda: list(self.store.client.scan_iter(f"{keys.BEAT}{role}:*", count=1000))))

    def _hash(self, key: str) -> dict[str, str]:
        return hash_of(self.store.ask(lambda: self.store.client.hgetall(key)))

    def _get(self, key: str) -> str:
        value = self.store.ask(lambda: self.store.client.get(key))
        return word(value) if value else ""


def name_of(record: Mapping[str, str]) -> str:
    """What a record without an address and a guid goes by: its wire's document."""
    return f"{URN}{record['wd']}" if "wd" in record else ""


def failure(rid: str, record: dict[str, str]) -> dict[str, Any]:
    """One line of `failures`."""
    reason = record.get("r", "")
    parsing = reason in ("page-deadline", "page-crashed", "bug") or record.get("st") == State.REJECTED
    stage = "extract" if parsing and reason not in ("older", "robots", "no-link") else "fetch"
    return {
        "url": shown(record.get("u", "") or record.get("g", "")) or name_of(record),
        "reason": reason,
        "stage": "read" if record.get("h", "").startswith("wire ") else stage,
        "attempts": max(1, int(record.get("n", 0)), int(record.get("c", 0))),
        "at": int(record.get("e", 0)) / 1000,
        "detail": record.get("x", ""),
        "record": rid,
    }
