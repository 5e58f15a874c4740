"""Judge a stream's versions from outside: a site's own record of every change against a plain list of events (pure).

lost      a state that was looked at and is a change has no event
doubled   an event for what is no change: the state before once more, a second document, the same event twice
wrong     an event of another type than the change, out of order, not chained to the one before by `previous`, with
          a text or title the site never had, or about an address it does not know
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from workers.newsroom.journal import fingerprint

Event = Mapping[str, Any]
_PREFIX, _SUFFIX = "wiredesk.document.", ".v1"


@dataclass(frozen=True, slots=True)
class History:
    """What a stream says of a site's changes, against the site's own record."""

    changes: int  # that were looked at, beginnings included
    events: int
    churned: int  # pages served that differed from the one before in nothing that matters
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether something changed, every change has its one event, and nothing else has one."""
        return self.changes > 0 and self.events == self.changes and not (self.lost or self.doubled or self.wrong)

    def summary(self) -> str:
        """One line for people."""
        return (
            f"{self.changes} changes, {self.events} events, {self.churned} looks at what had not changed: "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.wrong)} wrong"
        )


@dataclass(frozen=True, slots=True)
class _State:
    """One state of an article as the record tells it."""

    step: str
    event: str | None  # the type it must have, shortened; None: no change
    title: str | None
    marks: tuple[str, ...]


@dataclass(slots=True)
class _Life:
    """One article as the record tells it."""

    address: str
    states: list[_State] = field(default_factory=list)
    looked: Counter[int] = field(default_factory=Counter)  # place of a state -> times

    def changes(self) -> list[_State]:
        """The states that were looked at and are a change, in order."""
        return [state for place, state in enumerate(self.states) if state.event and self.looked[place]]

    def churned(self) -> int:
        """Looks that found what the look before had found."""
        return self.looked.total() - len(self.changes())


def judge(record: Sequence[Mapping[str, Any]], events: Iterable[Event]) -> History:
    """Compare a site's record (see journal.read) with the events of a stream in the stream's order."""
    lives = _told(record)
    found = list(events)
    lost: list[str] = []
    wrong: list[str] = []
    doubled = [f"event {name} twice" for name, times in Counter(e["id"] for e in found).items() if times > 1]
    homes: dict[str, str] = {}  # subject -> way; an event of a page that is gone need not say where it was
    by_way: dict[str, list[Event]] = {}
    for event in found:
        way = homes.setdefault(event["subject"], _way(str(event.get("url"))))
        by_way.setdefault(way, []).append(event)
    for way, heard in by_way.items():
        if way not in lives:
            wrong += [f"event {e['id']}: no such page: {e.get('url')}" for e in heard]
    for way, life in lives.items():
        _follow(life, by_way.get(way, []), lost, doubled, wrong)
    changes = sum(len(life.changes()) for life in lives.values())
    return History(changes, len(found), sum(life.churned() for life in lives.values()), lost, doubled, wrong)


def _told(record: Sequence[Mapping[str, Any]]) -> dict[str, _Life]:
    lives: dict[int, _Life] = {}
    for row in record:
        if row["what"] == "state":
            life = lives.setdefault(row["number"], _Life(row["address"]))
            life.states.append(_State(row["step"], row["event"], row["title"], tuple(row["paragraphs"])))
        elif row["what"] == "looked":
            lives[row["number"]].looked[row["place"]] += 1
    return {_way(life.address): life for life in lives.values()}


def _follow(life: _Life, events: Sequence[Event], lost: list[str], doubled: list[str], wrong: list[str]) -> None:
    """Walk through one article's events and the changes they tell, side by side."""
    subjects = {e["subject"] for e in events}
    if len(subjects) > 1:
        doubled.append(f"{life.address}: {len(subjects)} documents")
    changes = life.changes()
    at = 0
    before: Event | None = None
    for event in events:
        where = f"event {event['id']}: {life.address}"
        place = next((p for p in range(at, len(changes)) if _tells(event, changes[p])), None)
        if place != at and at and _tells(event, changes[at - 1]):
            doubled.append(f"{where}: {_type(event)} tells {changes[at - 1].step} once more")
        elif place is None:
            wrong.append(f"{where}: {_said(event, life)}")
        else:
            lost += [f"{life.address}: {state.step}: no event" for state in changes[at:place]]
            if _type(event) != changes[place].event:
                wrong.append(f"{where}: {changes[place].step} is told as {_type(event)}")
            at = place + 1
        if event.get("previous") != (before["id"] if before else None):
            wrong.append(f"{where}: previous is {event.get('previous')}, not {before['id'] if before else None}")
        before = event
    lost += [f"{life.address}: {state.step}: no event" for state in changes[at:]]


def _said(event: Event, life: _Life) -> str:
    """What an event that tells no further change says instead."""
    steps = [state.step for state in life.states if _tells(event, state)]
    if steps:
        return f"{_type(event)} tells the state {'/'.join(steps)} once more"
    titles = [state.step for state in life.states if state.title == _title(event)]
    texts = [state.step for state in life.states if state.marks == _marks(event)]
    told = f"the title of {'/'.join(titles) or 'no state'} over the text of {'/'.join(texts) or 'no state'}"
    return f"{_type(event)} with {told}"


def _tells(event: Event, state: _State) -> bool:
    """Whether an event has the text and title of a state; one that withdraws has neither."""
    return (_title(event), _marks(event)) == (state.title, state.marks)


def _title(event: Event) -> str | None:
    return " ".join(str(event["title"]).split()) if "title" in event else None


def _marks(event: Event) -> tuple[str, ...]:
    bodies = event["data"].get("bodies") or [{}]
    return tuple(fingerprint(p) for p in bodies[0].get("value", "").split("\n\n") if p.strip())


def _type(event: Event) -> str:
    return str(event["type"]).removeprefix(_PREFIX).removesuffix(_SUFFIX)


def _way(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"
