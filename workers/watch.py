"""Watches the sites whose pages ended lately: rings the alarm when one drifts, ends it when that is over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

from ingest import keys
from ingest.account import Account
from ingest.links import shown
from ingest.store import Store, word
from workers import drift
from workers.drift import Change

log = structlog.get_logger()
PREFIX = "drift "  # of the alarms' names; ingest/scripts/drift.lua spells it too
STEP = 200  # sites looked at in one round


@dataclass(frozen=True, slots=True)
class Site:
    """What the server keeps of one site; see ingest/scripts/prelude.lua, observe."""

    name: str
    samples: str
    records: tuple[str, ...]  # of the newest pages, newest first
    pages: int  # ever counted
    old: str  # the samples from before what rings
    alarm: dict[str, Any]  # what rings: changes, since, rung, pages, example; empty if nothing does


@dataclass
class Watch:
    """Looks at each site again whenever a page of it has ended; a stale holder of the chore does no harm."""

    store: Store
    _seen: float = 0.0  # score up to which all sites were looked at
    _last: frozenset[str] = field(default_factory=frozenset)  # sites looked at with that very score

    def run(self) -> int:
        """Judge what moved since the last look; how many sites that were."""
        moved = self._moved()
        for site in self._read([name for name, _ in moved]):
            if not (site.alarm and self._end(site)):
                self._ring(site)
        if moved:
            self._seen = moved[-1][1]
            self._last = frozenset(name for name, score in moved if score == self._seen) | (
                self._last if moved[0][1] == self._seen else frozenset()
            )
        return len(moved)

    def tidy(self, retention: float) -> None:
        """Forget sites without a page for so long (seconds), and the alarms of forgotten ones."""
        client, horizon = self.store.client, (self.store.now() - retention) * 1000
        self.store.ask(lambda: client.zremrangebyscore(keys.SITES, "-inf", horizon))
        for row in ringing(self.store):
            if self.store.ask(partial(client.zscore, keys.SITES, row["site"])) is None:
                self.store.run("drift", row["site"], "gone")

    def _moved(self) -> list[tuple[str, float]]:
        client = self.store.client
        rows = self.store.ask(
            lambda: client.zrangebyscore(keys.SITES, self._seen, "+inf", 0, STEP + len(self._last), withscores=True)
        )
        found = [(word(name), float(score)) for name, score in rows]
        return [(name, score) for name, score in found if score > self._seen or name not in self._last]

    def _read(self, names: Sequence[str]) -> Iterator[Site]:
        pipe = self.store.client.pipeline(transaction=False)
        for name in names:
            pipe.hmget(keys.SITE + name, "m", "r", "n", "old", "al")
        for name, row in zip(names, self.store.ask(pipe.execute), strict=True):
            samples, records, pages, old, alarm = (word(part or b"") for part in row)
            yield Site(name, samples, tuple(records.split()), int(pages or 0), old, json.loads(alarm or "{}"))

    def _ring(self, site: Site) -> None:
        """Ring for what changed; an alarm that rings learns what else changed by the same pages."""
        known = _changes(site.alarm) if site.alarm else []
        if known and site.pages - int(site.alarm["pages"]) > drift.RECENT:
            return
        changes = [c for c in drift.changes(site.samples) if c.name not in {k.name for k in known}]
        if not changes:
            return
        alarm = {**(site.alarm or self._alarm(site, changes)), "changes": [astuple(c) for c in (*known, *changes)]}
        old = site.old or site.samples[: -max(change.pages for change in changes) * drift.SAMPLE]
        log.error("site_drift", site=site.name, **told(alarm))
        self.store.run("drift", site.name, "rings", json.dumps(alarm), said(alarm), old)

    def _alarm(self, site: Site, changes: list[Change]) -> dict[str, Any]:
        account, now = Account(self.store), self.store.now()
        since = _ended(account, site, max(change.pages for change in changes)) or now
        return {"since": since, "rung": now, "pages": site.pages, "example": _example(account, site, changes[0])}

    def _end(self, site: Site) -> bool:
        since = site.pages - int(site.alarm["pages"]), self.store.now() - float(site.alarm["rung"])
        how = drift.over(_changes(site.alarm), site.samples, *since)
        if how:
            log.warning("site_drift_over", site=site.name, how=how, **told(site.alarm))
            self.store.run("drift", site.name, how)
        return bool(how)


def _changes(alarm: dict[str, Any]) -> list[Change]:
    return [Change(*row) for row in alarm["changes"]]


def _ended(account: Account, site: Site, pages: int) -> float:
    """When the first page since the change ended, seconds since 1970; 0 where its record is gone."""
    first = site.records[pages - 1] if 0 < pages <= len(site.records) else ""
    return int(account.record(first).get("e", 0)) / 1000 if first else 0.0


def _example(account: Account, site: Site, change: Change) -> str:
    """The address of the newest page that shows the change."""
    newest = reversed(drift.history(site.samples).reasons)
    for rid, reason in zip(site.records[: change.pages], newest, strict=False):
        if reason == change.reason and (url := account.record(rid).get("u")):
            return shown(url)
    return ""


def told(alarm: dict[str, Any]) -> dict[str, Any]:
    """An alarm for programs: changes with name, before, after, reason; since when; an example."""
    changes = [
        {"name": c.name, "before": c.before, "after": c.after} | ({"reason": c.reason} if c.reason else {})
        for c in _changes(alarm)
    ]
    since = datetime.fromtimestamp(alarm["since"], UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"changes": changes, "since": since, "example": alarm["example"]}


def said(alarm: dict[str, Any]) -> str:
    """An alarm for people, one line."""
    row = told(alarm)
    changes = "; ".join(_phrase(change) for change in _changes(alarm))
    return f"{changes}; since {row['since']}, for example {row['example'] or 'a page that is gone'}"


def _phrase(change: Change) -> str:
    if change.name == drift.REFUSED.name:
        return f"pages refused went from {change.before} % to {change.after} %, mostly {change.reason}"
    unit = " %" if change.name == drift.CONFIDENCE.name else ""
    what = change.name if unit else f"{change.name} of text"
    return f"{what} went from about {change.before}{unit} to {change.after}{unit}"


def ringing(store: Store) -> list[dict[str, Any]]:
    """The drift alarms that ring: site and what told() says of each."""
    names = [n.removeprefix(PREFIX) for n in Account(store).alarms() if n.startswith(PREFIX)]
    rows = [(name, store.ask(partial(store.client.hget, keys.SITE + name, "al"))) for name in names]
    return [{"site": name, **(told(json.loads(raw)) if raw else {})} for name, raw in rows]
