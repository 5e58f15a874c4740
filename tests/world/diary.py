"""Answer for a site whose articles change once they have been looked at, and write down every state and look."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from math import floor

from tests.world.changes import EVENTS, Order, State, Step, lives
from tests.world.noise import noisy
from tests.world.press import FORMATS, HTML, NOT_FOUND, TEXT
from workers.newsroom import pages, render
from workers.newsroom.desk import Answer
from workers.newsroom.journal import Journal, fingerprint
from workers.newsroom.plan import Channel

CHANNEL = Channel("site", FORMATS["rss"], "rss")
VALIDATORS = ("none", "etag", "date")  # what an article's page may be asked for again with, in turn
GONE = Answer(410, HTML, b"<title>Gone</title><h1>This article is no longer here</h1>")


@dataclass(slots=True)
class _Live:
    """One article as it is now."""

    number: int
    states: list[State]
    since: float  # epoch seconds
    place: int = 0  # in the states
    looks: int = 0  # at this state
    served: int = field(default=0)  # pages in all

    @property
    def state(self) -> State:
        return self.states[self.place]

    @property
    def path(self) -> str:
        return f"/{self.state.told.language}/{self.number:04d}-story.html"

    @property
    def last(self) -> bool:
        return self.place == len(self.states) - 1


class Diary:
    """The one desk of the site; moments are epoch seconds and passed in."""

    def __init__(self, order: Order, bases: tuple[str, ...], journal: Journal, opened: float) -> None:
        self.order, self.bases, self.opened = order, bases, opened
        self._journal = journal
        self.live = [_Live(n, states, opened) for n, states in enumerate(lives(order))]
        self._ways = {one.path: one for one in self.live}
        journal.write("opened", seed=order.seed, bases=bases)
        for one in self.live:
            for place, state in enumerate(one.states):
                self._tell(one, place, state)

    def _tell(self, one: _Live, place: int, state: State) -> None:
        gone = state.step is Step.GONE
        self._journal.write(
            "state",
            number=one.number,
            place=place,
            step=state.step,
            event=EVENTS.get(state.step),
            address=self.bases[0] + one.path,
            title=None if gone else state.told.title,
            paragraphs=[] if gone else [fingerprint(p.text) for p in state.told.paragraphs],
        )

    def answer(self, host: int, target: str, headers: Mapping[str, str], now: float) -> Answer:
        """What a GET for `target` (path and query) is answered with."""
        path = target.partition("?")[0]
        if path == CHANNEL.path:
            return self._feed(headers, now)
        if path in self._ways:
            one = self._ways[path]
            self._move(one, now)
            return self._page(one, headers, now)
        if path == "/feeds.toml":
            return Answer(200, TEXT, f'[[feed]]\nurl = "{self.bases[0]}{CHANNEL.path}"\n'.encode())
        if path == "/finished":
            return Answer(200, TEXT, b"yes\n" if self.finished() else b"not yet\n")
        return NOT_FOUND

    def finished(self) -> bool:
        """Whether every article is in its last state, and that was looked at often enough."""
        return all(one.last and one.looks >= one.state.looks(self.order) for one in self.live)

    def _move(self, one: _Live, now: float) -> None:
        """Take the next step once this one was looked at and has lasted."""
        if one.last or one.looks < one.state.looks(self.order) or now - one.since < self.order.dwell:
            return
        one.place, one.looks, one.since = one.place + 1, 0, now
        self._journal.write("changed", number=one.number, place=one.place)

    def _looked(self, one: _Live, place: int, status: int) -> None:
        one.looks += one.place == place
        self._journal.write("looked", number=one.number, place=place, status=status)

    # --- answers ---

    def _page(self, one: _Live, headers: Mapping[str, str], now: float) -> Answer:
        place, state = one.place, one.state
        if state.step is Step.GONE:
            return Answer(410, GONE.headers, GONE.body, sent=lambda: self._looked(one, place, 410))
        given = HTML | self._validators(one)
        if _same(headers, given):
            return Answer(304, given, sent=lambda: self._looked(one, place, 304))
        one.served += 1
        return Answer(200, given, self._rendered(one, now).encode(), sent=lambda: self._looked(one, place, 200))

    def _validators(self, one: _Live) -> dict[str, str]:
        """They follow the article, not what surrounds it; the steps of churn have those of the state before."""
        place = max(p for p, s in enumerate(one.states[: one.place + 1]) if s.step is not Step.CHURN)
        match VALIDATORS[one.number % len(VALIDATORS)]:
            case "etag":
                name = hashlib.sha256(f"{self.order.seed}:{one.number}:{place}".encode()).hexdigest()
                return {"etag": f'W/"{name[:16]}"'}
            case "date":
                return {"last-modified": format_datetime(self._moment(one.number, place), usegmt=True)}
        return {}

    def _moment(self, number: int, place: int) -> datetime:
        """When a state says it was made: some minutes apart, all before the opening."""
        return datetime.fromtimestamp(floor(self.opened) - 86_400 + number * 60 + place * 900, UTC)

    def _rendered(self, one: _Live, now: float) -> str:
        seed = f"{self.order.seed}:{one.number}:{one.served}"
        turn = one.served % len(self.live)
        others = [o.states[0].told for o in (*self.live[turn:], *self.live[:turn]) if o is not one][:5]
        later = datetime.fromtimestamp(floor(now), UTC) if one.number % 2 else self._moment(one.number, one.place)
        sheet = pages.Sheet(self.bases[0] + one.path, self._moment(one.number, 0), later, others)
        return noisy(pages.article(one.state.told, sheet, one.number).decode(), seed)

    def _feed(self, headers: Mapping[str, str], now: float) -> Answer:
        for one in self.live:
            self._move(one, now)
        items = [self._item(one) for one in self.live if one.state.step is not Step.GONE]
        body = render.body(CHANNEL, items, self.bases[0])
        given = {"content-type": "application/rss+xml", "etag": f'"{hashlib.sha256(body).hexdigest()[:16]}"'}
        return Answer(304, given) if _same(headers, given) else Answer(200, given, body)

    def _item(self, one: _Live) -> render.Item:
        """Half of the articles show in the feed that they changed."""
        place = one.place if one.number % 2 else 0
        told, born = one.states[place].told, self._moment(one.number, 0)
        link = self.bases[0] + one.path
        updated = self._moment(one.number, place)
        return render.Item(link, link, told.title, told.teaser, told.language, told.author, born, updated)


def _same(asked: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether the reader has it (RFC 9110, 13.2.2)."""
    if "if-none-match" in asked:
        return given.get("etag", "") in [tag.strip() for tag in asked["if-none-match"].split(",")]
    return "last-modified" in given and asked.get("if-modified-since") == given["last-modified"]
