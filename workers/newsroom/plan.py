"""Plan what the newsroom publishes: articles, their oddities, when, under which addresses, in which feeds (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is odd about an article. The second group shows pages that are no article."""

    PLAIN = "plain"
    SHARED = "shared"  # listed in two feeds, with other guids and tracking parameters
    MOVED = "moved"  # the listed address redirects once, for now
    RENAMED = "renamed"  # the listed address redirects twice, the first time for good
    TWIN = "twin"  # the same text under two addresses, both listed
    CANONICAL = "canonical"  # two addresses listed, the second names the first as canonical
    RESTLESS = "restless"  # its guid is another one each time the feed changes
    SLOW = "slow"  # the page takes a while
    BUSY = "busy"  # the first request is answered 503 with Retry-After
    LATIN = "latin"  # the page is in windows-1252
    REVISED = "revised"  # its text changes after a while
    COPY = "copy"  # an earlier article, word for word, on the other host

    PDF = "pdf"
    CONSENT = "consent"
    SOFT_404 = "soft-404"
    MISSING = "missing"
    HIDDEN = "hidden"  # robots.txt asks not to fetch it


# What the page of a kind that is no article should be refused as.
REFUSED = {
    Kind.PDF: "not-html",
    Kind.CONSENT: "consent",
    Kind.SOFT_404: "soft-404",
    Kind.MISSING: "not-found",
    Kind.HIDDEN: "robots",
}
_P = Kind.PLAIN
_CYCLE = (
    _P, Kind.SHARED, _P, Kind.MOVED, _P, Kind.PDF, Kind.TWIN, _P, Kind.SLOW, _P, Kind.SOFT_404, Kind.LATIN, _P,
    Kind.REVISED, _P, Kind.CONSENT, Kind.CANONICAL, Kind.SHARED, _P, Kind.MISSING, Kind.RESTLESS, _P, Kind.BUSY,
    Kind.COPY, _P, Kind.HIDDEN, Kind.RENAMED, _P,
)  # fmt: skip
COPY_LAG = 23  # a copy repeats the article so many places before it: the first of its cycle, a plain one


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed of the newsroom."""

    name: str
    path: str
    format: str  # rss, atom, json, rdf, sitemap
    validators: str = "both"  # both; etag; date (Last-Modified alone); stuck (one ETag for ever, never a 304)
    host: int = 0  # 0 the newsroom, 1 the agency beside it
    charset: str = "utf-8"


CHANNELS = (
    Channel("world", "/feeds/world.rss", "rss"),
    Channel("city", "/feeds/city.atom", "atom"),
    Channel("economy", "/feeds/economy.rss", "rss", "date"),
    Channel("science", "/feeds/science.json", "json", "stuck"),
    Channel("sport", "/feeds/sport.rdf", "rdf", "etag"),
    Channel("culture", "/feeds/culture.rss", "rss", charset="windows-1252"),
    Channel("sitemap", "/sitemap-news.xml", "sitemap"),
    Channel("top", "/feeds/top.rss", "rss"),
    Channel("agency", "/feeds/agency.rss", "rss", host=1),
)
# Some feeds get their articles as they come; the others publish a batch at once and are then quiet for longer than an
# entry stays. A reader who loses what one body of theirs showed never sees it again, so that the loss shows.
_DRIP = ("city", "science", "economy")
_BATCH = ("world", "sport", "culture", "sitemap")
_RUN = 4  # articles in a row that go to one feed, or to the batches


@dataclass(frozen=True, slots=True)
class Order:
    """How large a newsroom is asked for."""

    articles: int = 100  # pages that are articles; those that are none come on top
    seconds: float = 30.0  # over which they appear; 0: all at once
    seed: int = 1
    window: int = 30  # entries a feed keeps at least
    stay: float = 45.0  # seconds an entry stays listed after it was first shown, whatever the window
    revise_after: float = 10.0  # seconds until an article that is revised gets its second text
    odd: bool = True  # False: plain articles only


@dataclass(frozen=True, slots=True)
class Piece:
    """One planned article: where and when it appears."""

    number: int
    kind: Kind
    at: float  # seconds after the opening
    text: int  # number of the story it tells (its own, or that of the article it copies)
    host: int
    path: str  # where the page is
    listed: tuple[tuple[str, str], ...]  # (feed name, path and query as listed there)

    @property
    def document(self) -> bool:
        """Whether its page is an article."""
        return self.kind not in REFUSED

    def versions(self, elapsed: float, order: Order) -> int:
        """How many versions of the text exist `elapsed` seconds after the opening."""
        return 2 if self.kind is Kind.REVISED and elapsed >= self.at + order.revise_after else 1

    def paths(self) -> tuple[str, ...]:
        """Every path that leads to it, the page's own first."""
        ways = [self.path, *(_path(address) for _, address in self.listed)]
        if self.kind is Kind.RENAMED:
            ways.append(f"/go/{self.number}")
        return tuple(dict.fromkeys(ways))


def _path(address: str) -> str:
    return address.partition("?")[0]


def pieces(order: Order) -> list[Piece]:
    """Every piece by its number, as many documents as ordered."""
    kinds: list[Kind] = []
    documents = 0
    for kind in _kinds(order):
        if documents == order.articles:
            break
        kinds.append(kind)
        documents += kind not in REFUSED
    step = order.seconds / max(len(kinds), 1)
    return [_piece(number, kind, number * step, order) for number, kind in enumerate(kinds)]


def _kinds(order: Order) -> Iterator[Kind]:
    while True:
        yield from _CYCLE if order.odd else (Kind.PLAIN,)


def _turn(number: int, at: float, order: Order) -> tuple[str, float]:
    """The feed that lists an article first, and the moment it does, for one that would be ready at `at`."""
    turn = number // _RUN
    if turn % 2 == 0:
        return _DRIP[turn // 2 % len(_DRIP)], at
    part = min(order.stay * 1.5, order.seconds) / len(_BATCH)  # seconds that one batch gathers
    batch = int(at / part) if part else turn // 2
    return _BATCH[batch % len(_BATCH)], min((batch + 1) * part, order.seconds)


def _piece(number: int, kind: Kind, ready: float, order: Order) -> Piece:
    feed, at = _turn(number, ready, order)
    if kind is Kind.COPY:
        path = f"/wire/{number}.html"
        return Piece(number, kind, at, number - COPY_LAG, 1, path, (("agency", path),))
    folder = "internal" if kind is Kind.HIDDEN else feed
    path = f"/{folder}/{number}.pdf" if kind is Kind.PDF else f"/{folder}/{number:05d}-report.html"
    return Piece(number, kind, at, number, 0, path, _listed(kind, number, feed, path))


def _listed(kind: Kind, number: int, feed: str, path: str) -> tuple[tuple[str, str], ...]:
    match kind:
        case Kind.SHARED:
            return (feed, path), ("top", f"{path}?utm_source=top&utm_medium=rss")
        case Kind.MOVED:
            return ((feed, f"/go/{number}"),)
        case Kind.RENAMED:
            return ((feed, f"/old/{number}"),)
        case Kind.TWIN | Kind.CANONICAL:
            return (feed, path), ("top", f"/compact/{number:05d}-report.html")
        case _:
            return ((feed, path),)
