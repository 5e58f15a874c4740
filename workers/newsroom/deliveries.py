"""Judge a stream from outside against what an agency dropped: versions once, in order, none early or killed (pure).

lost     a version that nothing stopped has no event, a kill of what went out is not told, a file is in no folder
doubled  a version or a kill is told twice, a guid has two documents
wrong    an event of another type, out of order, for a version that was stopped or overtaken while it was held
early    an event before its version's embargo was over
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Event = Mapping[str, Any]
Row = Mapping[str, Any]
LATE = 2.0  # seconds after the end of an embargo


@dataclass(slots=True)
class Deliveries:
    """What a stream says of an agency's messages."""

    files: int
    events: int = 0
    held: int = 0  # versions that went out after an embargo
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)  # seconds from the end of an embargo to its event

    @property
    def passed(self) -> bool:
        """Whether all is as it must be; how late is a matter of who was dead meanwhile."""
        return self.events > 0 and not (self.lost or self.doubled or self.wrong or self.early)

    @property
    def late(self) -> list[float]:
        """The delays beyond what is allowed while everybody lives."""
        return [delay for delay in self.delays if delay > LATE]

    def summary(self) -> str:
        """One line for people."""
        worst = max(self.delays, default=0.0)
        told = f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.wrong)} wrong"
        late = f"{len(self.early)} early, {len(self.late)} later than {LATE:g} s, worst {worst:.2f} s"
        return (
            f"the agency sent {self.files} files; the stream holds {self.events} events of them: {told}; "
            f"{self.held} embargoes: {late}"
        )


def judge(record: Sequence[Row], events: Sequence[Event]) -> Deliveries:
    """Compare an agency's record with the events of a stream, in the stream's order."""
    sent = [row for row in record if row["what"] == "sent"]
    found = Deliveries(len(sent), len(events))
    heard: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        heard[_guid(event)].append(event)
    found.doubled += [f"event {name}" for name, times in Counter(e["id"] for e in events).items() if times > 1]
    lives: dict[str, list[Row]] = defaultdict(list)
    for row in sent:
        lives[row["guid"]].append(row)
    found.wrong += [f"{guid}: was never sent" for guid in heard if guid not in lives]
    for guid, rows in lives.items():
        _follow(found, guid, rows, heard.get(guid, []))
    _folders(found, record, sent)
    return found


def _follow(found: Deliveries, guid: str, rows: Sequence[Row], events: Sequence[Event]) -> None:
    takes = [row for row in rows if row["step"] == "take"]
    killed = any(row["step"] == "kill" for row in rows)
    told = [_mark(event) for event in events if not _withdraws(event)]
    if len({event["subject"] for event in events}) > 1:
        found.doubled.append(f"{guid}: two documents")
    found.doubled += [f"{guid}: {mark}" for mark, times in Counter(told).items() if times > 1]
    for row in takes:
        stopped = bool(row["until"]) and any(later["at"] > row["at"] and later["step"] != "again" for later in rows)
        if stopped and row["mark"] in told:
            found.wrong.append(f"{guid}: take {row['take']} was overtaken or killed while it was held")
        if not stopped and not killed and row["mark"] not in told:
            found.lost.append(f"{guid}: take {row['take']}")
    order = [row["mark"] for row in takes if row["mark"] in told]
    if told != order:
        found.wrong.append(f"{guid}: told as {told}, not {order}")
    ends = [event for event in events if _withdraws(event)]
    if killed and told and not ends:
        found.lost.append(f"{guid}: its kill")
    if len(ends) > 1 or (ends and not _withdraws(events[-1])) or (ends and not killed):
        found.wrong.append(f"{guid}: {len(ends)} withdrawals, the last event is {events[-1]['type']}")
    _types(found, guid, takes, events)
    _times(found, guid, takes, events)


def _types(found: Deliveries, guid: str, takes: Sequence[Row], events: Sequence[Event]) -> None:
    signals = {row["mark"]: row["signal"] for row in takes}
    before = None
    for event in events:
        kind = event["type"].split(".")[2]
        after = "corrected" if signals.get(_mark(event)) == "correction" else "updated"
        wanted = "withdrawn" if _withdraws(event) else after if before else "created"
        if kind != wanted or event.get("previous") != before:
            found.wrong.append(f"{guid}: {kind} after {before}, {wanted} was due")
        before = event["id"]


def _times(found: Deliveries, guid: str, takes: Sequence[Row], events: Sequence[Event]) -> None:
    ends = {row["mark"]: row["until"] for row in takes if row["until"]}
    for event in events:
        until = ends.get(_mark(event))
        if until:
            after = int(event["stream"].partition("-")[0]) / 1000 - until
            found.held += 1
            found.delays.append(after)
            if after < 0 or datetime.fromisoformat(event["time"]).timestamp() < until - 0.001:
                found.early.append(f"{guid}: {-after:.3f} s")


def _folders(found: Deliveries, record: Sequence[Row], sent: Sequence[Row]) -> None:
    """Every whole file is in done/, every broken one in failed/ with a reason beside it."""
    left = {row["folder"]: set(row["names"]) for row in record if row["what"] == "left"}
    for row in sent:
        folder = "failed" if row["step"] == "broken" else "done"
        if row["name"] not in left.get(folder, ()):
            found.lost.append(f"{row['name']}: is not in {folder}/")
    broken = {row["name"] for row in sent if row["step"] == "broken"}
    for name in broken:
        if not any(other.startswith(name) and other != name for other in left.get("failed", ())):
            found.wrong.append(f"{name}: no reason beside it")
    if len(left.get("failed", ())) != 2 * len(broken):
        found.wrong.append(f"failed/ holds {len(left.get('failed', ()))} files for {len(broken)} broken ones")


def _guid(event: Event) -> str:
    return next((i["value"] for i in event["data"]["altIds"] if i["role"] == "guid"), "?")


def _withdraws(event: Event) -> bool:
    return ".withdrawn." in event["type"]


def _mark(event: Event) -> str:
    bodies = event["data"].get("bodies") or [{"value": ""}]
    return str(bodies[0]["value"].rpartition("\n\n")[2])
