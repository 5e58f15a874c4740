"""Decide what the newsroom answers: which bytes stand behind each address at a moment, and what was shown by them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from math import floor
from typing import Any

from workers.newsroom import pages, render
from workers.newsroom.invent import Story, revised, story
from workers.newsroom.journal import Journal, fingerprint
from workers.newsroom.plan import CHANNELS, REFUSED, Channel, Kind, Order, Piece, pieces

_LONGEST = 3000  # entries of a feed nobody reads; beyond it the oldest go although they were never shown
_SLOW = 1.5  # seconds
_HTML = {"content-type": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `sent` is called once all its bytes have left."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0  # seconds before it is given
    sent: Callable[[], None] = lambda: None


_NO_ARTICLE = {
    Kind.PDF: Answer(200, {"content-type": "application/pdf"}, pages.PDF),
    Kind.MISSING: Answer(404, _HTML, pages.fixed("missing")),
    Kind.SOFT_404: Answer(200, _HTML, pages.fixed("missing")),
    Kind.CONSENT: Answer(200, _HTML, pages.fixed("consent")),
}
Listing = tuple[tuple[Piece, str, int], ...]  # (piece, address as listed, version), oldest first


@dataclass(slots=True)
class _Shelf:
    """What one feed lists, and what a reader has seen of it."""

    pieces: list[tuple[Piece, str]]  # all that will ever be listed, in order
    revisions: list[float]  # seconds after the opening at which texts of it change, ascending
    begin: int = 0
    end: int = 0
    stand: tuple[int, ...] = ()  # what the body was made of: begin, end, revisions passed
    first_shown: dict[int, float] = field(default_factory=dict)  # piece number -> seconds after the opening
    changed: float = 0.0  # epoch seconds of the last change
    etag: str = ""
    body: bytes = b""
    listing: Listing = ()


class Desk:
    """Answers for the newsroom's hosts; moments are epoch seconds and passed in."""

    def __init__(self, order: Order, bases: tuple[str, str], journal: Journal, opened: float) -> None:
        self.order, self.bases, self.opened = order, bases, opened
        self.pieces = pieces(order)
        self._journal = journal
        self._ways = {(p.host, way): p for p in self.pieces for way in p.paths()}
        self._shelves = {c.path: self._shelf(c) for c in CHANNELS}
        self._channels = {(c.host, c.path): c for c in CHANNELS}
        self._logged: set[Any] = set()
        self._excused: set[int] = set()  # busy pieces that have answered 503 once
        journal.write("opened", seed=order.seed, articles=order.articles, pieces=len(self.pieces), bases=bases)

    def _shelf(self, channel: Channel) -> _Shelf:
        planned = [(p, address) for p in self.pieces for feed, address in p.listed if feed == channel.name]
        planned.sort(key=lambda entry: (entry[0].at, entry[0].number))
        changes = [p.at + self.order.revise_after for p, _ in planned if p.kind is Kind.REVISED]
        return _Shelf(planned, sorted(changes))

    def feeds(self) -> list[str]:
        """The addresses of the feeds that will list anything."""
        return [self.bases[c.host] + c.path for c in CHANNELS if self._shelves[c.path].pieces]

    def answer(self, host: int, target: str, headers: Mapping[str, str], now: float) -> Answer:
        """What a GET for `target` (path and query) on that host is answered with."""
        path = target.partition("?")[0]
        if channel := self._channels.get((host, path)):
            return self._feed(channel, headers, now)
        piece = self._ways.get((host, path))
        if piece is not None and piece.at <= now - self.opened:
            return self._page(piece, path, now)
        return self._other(path, now)

    # --- feeds ---

    def _feed(self, channel: Channel, headers: Mapping[str, str], now: float) -> Answer:
        if channel.validators == "date":
            now = floor(now)  # a feed that dates its changes to the second changes at full seconds only
        shelf = self._shelves[channel.path]
        self._restock(channel, shelf, now)
        given = {
            "content-type": f"{render.TYPES[channel.format]}; charset={channel.charset}",
            "cache-control": "max-age=1",
        }
        if channel.validators != "date":
            given["etag"] = '"always"' if channel.validators == "stuck" else shelf.etag
        if channel.validators in ("both", "date"):
            given["last-modified"] = format_datetime(datetime.fromtimestamp(shelf.changed, UTC), usegmt=True)
        if _unchanged(channel, headers, given):
            return Answer(304, given)
        listing = shelf.listing
        return Answer(200, given, shelf.body, sent=lambda: self._shown(channel, shelf, listing, now))

    def _restock(self, channel: Channel, shelf: _Shelf, now: float) -> None:
        self._move(shelf, now - self.opened)
        stand = shelf.begin, shelf.end, bisect_right(shelf.revisions, now - self.opened)
        if stand == shelf.stand:
            return
        listing = tuple(self._listing(channel, shelf, now - self.opened))
        told = "|".join(f"{p.number}.{v}" for p, _, v in listing)
        shelf.stand, shelf.listing, shelf.changed = stand, listing, now
        shelf.etag = f'"{hashlib.sha256(f"{channel.name}|{told}".encode()).hexdigest()[:16]}"'
        items = [self._item(channel, shelf, entry) for entry in reversed(listing)]
        shelf.body = render.body(channel, items, self.bases[channel.host])

    def _move(self, shelf: _Shelf, elapsed: float) -> None:
        while shelf.end < len(shelf.pieces) and shelf.pieces[shelf.end][0].at <= elapsed:
            shelf.end += 1
        while shelf.end - shelf.begin > self.order.window and self._may_go(shelf, elapsed):
            shelf.begin += 1

    def _listing(self, channel: Channel, shelf: _Shelf, elapsed: float) -> Iterator[tuple[Piece, str, int]]:
        base = self.bases[channel.host]
        for piece, address in shelf.pieces[shelf.begin : shelf.end]:
            yield piece, base + address, piece.versions(elapsed, self.order)

    def _may_go(self, shelf: _Shelf, elapsed: float) -> bool:
        shown = shelf.first_shown.get(shelf.pieces[shelf.begin][0].number)
        stayed = shown is not None and elapsed >= shown + self.order.stay
        return stayed or shelf.end - shelf.begin > _LONGEST

    def _item(self, channel: Channel, shelf: _Shelf, entry: tuple[Piece, str, int]) -> render.Item:
        piece, link, version = entry
        told = self._story(piece, version)
        guid = f"{shelf.etag[1:9]}-{piece.number}" if piece.kind is Kind.RESTLESS else f"{channel.name}-{piece.number}"
        published, updated = self._dates(piece, version)
        return render.Item(
            f"tag:gazette.example,2026:{guid}",
            link,
            told.title,
            told.teaser,
            told.language,
            told.author,
            published,
            updated,
        )

    def _shown(self, channel: Channel, shelf: _Shelf, listing: Listing, now: float) -> None:
        for piece, address, version in listing:
            shelf.first_shown.setdefault(piece.number, now - self.opened)
            self._declare(piece, version)
            self._once(("shown", channel.name, address, version), piece, "shown", feed=channel.name, address=address)

    # --- pages ---

    def _page(self, piece: Piece, path: str, now: float) -> Answer:
        base = self.bases[piece.host]
        if path.startswith("/old/"):
            return Answer(301, {"location": f"{base}/go/{piece.number}"})
        if path.startswith("/go/"):
            return Answer(302, {"location": base + piece.path})
        if piece.kind is Kind.BUSY and piece.number not in self._excused:
            self._excused.add(piece.number)
            return Answer(503, {"retry-after": "1"}, b"one moment, please")
        return _NO_ARTICLE.get(piece.kind) or self._article(piece, path, now)

    def _article(self, piece: Piece, path: str, now: float) -> Answer:
        version = piece.versions(now - self.opened, self.order)
        base = self.bases[piece.host]
        canonical = base + (piece.path if piece.kind is Kind.CANONICAL else path)
        charset = "windows-1252" if piece.kind is Kind.LATIN else "utf-8"
        others = [story(self.order.seed, max(piece.text - back, 0)) for back in (1, 2, 3, 5, 8)]
        sheet = pages.Sheet(canonical, *self._dates(piece, version), others, charset)
        return Answer(
            200,
            {"content-type": f"text/html; charset={charset}"},
            pages.article(self._story(piece, version), sheet, piece.number),
            _SLOW if piece.kind is Kind.SLOW else 0.0,
            lambda: self._served(piece, version, base + path),
        )

    def _other(self, path: str, now: float) -> Answer:
        if path == "/robots.txt":
            return Answer(200, {"content-type": "text/plain"}, b"User-agent: *\nDisallow: /internal/\n")
        if path == "/feeds.toml":
            return Answer(200, {"content-type": "text/plain"}, self.feeds_toml().encode())
        if path == "/finished":
            done = now - self.opened >= self.order.seconds + self.order.revise_after
            return Answer(200, {"content-type": "text/plain"}, b"yes\n" if done else b"not yet\n")
        return Answer(404, _HTML, b"<title>Not found</title><h1>Not found</h1>")

    def feeds_toml(self) -> str:
        """The newsroom's feeds as a config/feeds.toml."""
        names = {self.bases[c.host] + c.path: c.name for c in CHANNELS}
        return "".join(f'[[feed]]\nname = "{names[url]}"\nurl = "{url}"\ntags = ["demo"]\n\n' for url in self.feeds())

    # --- the log ---

    def _story(self, piece: Piece, version: int) -> Story:
        return revised(self.order.seed, piece.text, version) if version > 1 else story(self.order.seed, piece.text)

    def _dates(self, piece: Piece, version: int) -> tuple[datetime, datetime]:
        first = datetime.fromtimestamp(floor(self.opened + piece.at), UTC)
        later = self.opened + piece.at + (self.order.revise_after if version > 1 else 0)
        return first, datetime.fromtimestamp(floor(later), UTC)

    def _served(self, piece: Piece, version: int, address: str) -> None:
        self._declare(piece, version)
        self._journal.write("served", piece=piece.number, version=version, address=address)

    def _declare(self, piece: Piece, version: int) -> None:
        """Log what an article says, before the first line that refers to it."""
        for number in range(1, version + 1):
            told = self._story(piece, number)
            texts = [(fingerprint(p.text), len(p.text.split()), p.head) for p in told.paragraphs if piece.document]
            facts = {
                "kind": piece.kind,
                "expect": "document" if piece.document else "refused",
                "reason": REFUSED.get(piece.kind),
                "addresses": [self.bases[piece.host] + way for way in piece.paths()],
                "title": told.title,
                "language": told.language,
                "paragraphs": texts,
            }
            self._once(("version", piece.number, number), piece, "version", **facts, version=number)

    def _once(self, key: tuple[Any, ...], piece: Piece, what: str, **facts: Any) -> None:
        if key not in self._logged:
            self._logged.add(key)
            self._journal.write(what, piece=piece.number, **facts)


def _unchanged(channel: Channel, asked: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether the reader has this very body (RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since)."""
    if channel.validators == "stuck":
        return False
    if "if-none-match" in asked:
        tags = [tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")]
        return given.get("etag") in tags
    return channel.validators == "date" and asked.get("if-modified-since") == given["last-modified"]
