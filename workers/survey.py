"""The state of the whole service as one object, for `status` and for alarms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

import redis

from config.settings import Settings
from ingest import keys
from ingest.account import Account
from ingest.links import shown
from ingest.relations import Relations
from ingest.store import Store, word
from workers.dispatch import Dispatch
from workers.trim import Trim, order
from workers.watch import ringing

SAMPLE = 200  # keys looked at to estimate memory by purpose
SILENT = 3 * 86400.0  # seconds without an answer after which a feed is called silent
PURPOSES = {
    keys.STREAM: "events",
    keys.RECORD: "records",
    keys.DOC: "documents",
    keys.URL: "addresses",
    keys.GUID: "guids",
    keys.TEXT: "texts",
    keys.EVENT: "event index",
    keys.SEEN: "seen marks",
    keys.PAGE: "waiting pages",
    keys.HELD: "held items",
    **dict.fromkeys((keys.WIRE, keys.VERSIONS), "wires"),
    keys.QUEUE: "lines",
    keys.FEED: "feeds",
    keys.SITE: "sites",
    **dict.fromkeys((keys.RELATED, keys.POSTING, keys.MEMBER, keys.STORY), "relations"),
    "rq:": "jobs",
}


@dataclass(frozen=True, slots=True)
class Survey:
    """Looks at everything; changes nothing."""

    store: Store
    settings: Settings

    def status(self) -> dict[str, Any]:
        """What `wiredesk status --json` prints."""
        account = Account(self.store)
        law = account.law()
        readers = Trim(self.store, self.settings).readers(counted=True)
        tail = min(readers, key=lambda r: order(r.position), default=None)
        return {
            "discovered": law.discovered,
            **law.states,
            "law": law.holds,
            "events": law.events,
            "oldest_pending_s": round(account.oldest_pending(), 1),
            "queues": self._queues(law.waiting),
            "reasons": account.reasons(),
            "feeds": self._feeds(account),
            "taggers": [self._tagger(r.name, r.kind, r.lag) for r in readers],
            "tail": {"kind": tail.kind, "name": tail.name, "position": tail.position} if tail else None,
            "memory": self._memory(law.stream),
            "relations": self._relations(),
            "processes": {role: account.beats(role) for role in ("poller", "worker")},
            "alarms": self._alarms(account, law.holds),
            "drift": ringing(self.store),
        }

    def _queues(self, waiting: int) -> dict[str, int]:
        client = self.store.client
        lanes = {"by_hand": "u", "wires": "w", "feeds": "f", "pages": "p"}
        found = {f"hosts_{name}": int(self._count(client.zcard, keys.LANE + lane)) for name, lane in lanes.items()}
        return {
            **found,
            "leased": int(self._count(client.zcard, keys.LEASES)),
            "ready": int(self._count(client.zcard, keys.READY)),
            "held": int(self._count(client.zcard, keys.EMBARGO)),
            "jobs": int(self._count(client.llen, f"rq:queue:{keys.JOBS}")),
            "page_bytes": waiting,
            **Account(self.store).looks(),
        }

    def _count(self, command: Any, key: str) -> Any:
        return self.store.ask(lambda: command(key))

    def _feeds(self, account: Account) -> dict[str, Any]:
        now = self.store.now()
        by_health: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for feed in account.feeds():
            by_health[health(feed, now)].append(feed)
        sick = [
            {
                "url": shown(f["u"]),
                "health": kind,
                "error": f.get("error"),
                "errors": int(f.get("errors", 0)),
                "last_ok_s": round(now - float(f["ok"])) if "ok" in f else None,
            }
            for kind, feeds in by_health.items()
            if kind not in ("ok", "new")
            for f in feeds
        ]
        return {"counts": {k: len(v) for k, v in sorted(by_health.items())}, "trouble": sick}

    def _tagger(self, name: str, kind: str, lag: int) -> dict[str, Any]:
        row: dict[str, Any] = {"name": name, "kind": kind, "lag": lag}
        if kind == "tagger":
            dispatch = Dispatch(self.store)
            row["queued"] = self.store.ask(lambda: int(dispatch.queue(name).count))
            row["dead_letters"] = self.store.ask(lambda: int(dispatch.failed(name).count))
        return row

    def _relations(self) -> dict[str, int]:
        """The index of what texts hold: documents in it, its bytes, bytes for each."""
        size = Relations(self.store).size()
        each = size.bytes // size.documents if size.documents else 0
        return {"documents": size.documents, "bytes": size.bytes, "bytes_per_document": each}

    def _memory(self, stream: int) -> dict[str, Any]:
        client = self.store.client
        info: Any = self.store.ask(lambda: client.info("memory"))
        total: Any = self.store.ask(client.dbsize)
        sums: dict[str, int] = defaultdict(int)
        names = [self.store.ask(client.randomkey) for _ in range(min(SAMPLE, int(total)))]
        for name in {n for n in names if n and word(n) != keys.STREAM}:
            size: Any = self.store.ask(partial(client.memory_usage, name))
            purpose = next((p for prefix, p in PURPOSES.items() if word(name).startswith(prefix)), "other")
            sums[purpose] += int(size or 0)
        scale = int(total) / max(1, len({n for n in names if n}))
        estimate = {purpose: int(size * scale) for purpose, size in sorted(sums.items())}
        return {"used": info["used_memory"], "limit": info.get("maxmemory", 0), "events": stream, **estimate}

    def _alarms(self, account: Account, holds: bool) -> dict[str, str]:
        alarms = account.alarms()
        if not holds:
            alarms["law"] = "the counters do not add up; run `wiredesk check`"
        try:
            info: Any = self.store.ask(lambda: self.store.client.info("memory"))
        except redis.ResponseError:
            return alarms
        limit = int(info.get("maxmemory", 0))
        if limit and int(info["used_memory"]) > 0.9 * limit:
            alarms["memory"] = f"the server uses {info['used_memory']} of {limit} bytes"
        return alarms


def health(feed: dict[str, str], now: float) -> str:
    """A feed's health in a word: new, ok, failing, gone, silent."""
    if "ok" not in feed:
        return "failing" if "error" in feed else "new"
    if "error" not in feed:
        return "ok"
    if ": gone" in feed["error"]:
        return "gone"
    return "silent" if now - float(feed["ok"]) > SILENT else "failing"
