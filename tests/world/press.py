"""Answer for the outlets of a planned world, and write down what they showed and how their stories hang together."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import combinations
from math import floor

from tests.shares import Runs, runs, shares
from tests.world.plan import Article, Kind, Order, articles
from workers.newsroom import pages, render
from workers.newsroom.desk import Answer
from workers.newsroom.journal import Journal, fingerprint
from workers.newsroom.plan import Channel

FORMATS = {"rss": "/news.rss", "atom": "/news.atom", "json": "/news.json", "rdf": "/news.rdf"}
HTML = {"content-type": "text/html; charset=utf-8"}
TEXT = {"content-type": "text/plain; charset=utf-8"}
LISTED = 400  # entries a feed keeps
NOT_FOUND = Answer(404, HTML, b"<title>Not found</title><h1>Not found</h1>")


@dataclass(slots=True)
class _House:
    """One host: its feed, its articles in the order they appear."""

    channel: Channel
    articles: list[Article] = field(default_factory=list)

    def out(self, elapsed: float) -> list[Article]:
        """What has appeared, newest first."""
        end = bisect_right([a.at for a in self.articles], elapsed)
        return self.articles[max(0, end - LISTED) : end][::-1]


class Press:
    """The desks of all houses; moments are epoch seconds and passed in."""

    def __init__(self, order: Order, bases: tuple[str, ...], journal: Journal, opened: float) -> None:
        self.order, self.bases, self.opened = order, bases, opened
        self.articles = articles(order)
        self._journal = journal
        formats = list(FORMATS)
        kinds = [formats[host % len(formats)] for host in range(order.hosts)]
        self._houses = [_House(Channel(f"house{h}", FORMATS[kind], kind, host=h)) for h, kind in enumerate(kinds)]
        for article in sorted(self.articles, key=lambda a: (a.at, a.number)):
            self._houses[article.host].articles.append(article)
        self._ways = {(a.host, a.path): a for a in self.articles}
        self._logged: set[tuple[str, int]] = set()
        self._record()

    def _record(self) -> None:
        """Say first of all what there is: every article, and what its story's articles share with each other."""
        self._journal.write("opened", seed=self.order.seed, bases=self.bases)
        for article in self.articles:
            self._journal.write(
                "article",
                number=article.number,
                story=article.story,
                kind=article.kind,
                source=article.source,
                at_once=self.order.at_once(article.story),
                address=self.bases[article.host] + article.path,
                title=article.told.title,
                language=article.told.language,
                paragraphs=[fingerprint(p.text) for p in article.told.paragraphs],
                frame=[fingerprint(text) for text in article.frame],
            )
        for one, other, a, b in kinship(self.articles):
            self._journal.write("shares", of=one, to=other, a=round(a, 4), b=round(b, 4))

    def feeds(self) -> list[str]:
        """The addresses of all feeds."""
        return [self.bases[h] + house.channel.path for h, house in enumerate(self._houses)]

    def answer(self, host: int, target: str, headers: Mapping[str, str], now: float) -> Answer:
        """What a GET for `target` (path and query) on that host is answered with."""
        path, house = target.partition("?")[0], self._houses[host]
        if path == house.channel.path:
            return self._feed(house, headers, now)
        article = self._ways.get((host, path))
        if article is not None and article.at <= now - self.opened:
            return self._page(article, now)
        if path == "/feeds.toml":
            return Answer(200, TEXT, "".join(f'[[feed]]\nurl = "{url}"\n\n' for url in self.feeds()).encode())
        if path == "/finished":
            done = now - self.opened >= max(a.at for a in self.articles)
            return Answer(200, TEXT, b"yes\n" if done else b"not yet\n")
        return NOT_FOUND

    def _feed(self, house: _House, headers: Mapping[str, str], now: float) -> Answer:
        listed = house.out(now - self.opened)
        told = "|".join(str(a.number) for a in listed)
        etag = f'"{hashlib.sha256(told.encode()).hexdigest()[:16]}"'
        given = {"content-type": render.TYPES[house.channel.format], "etag": etag, "cache-control": "max-age=1"}
        if headers.get("if-none-match") == etag:
            return Answer(304, given)
        base = self.bases[house.channel.host]
        body = render.body(house.channel, [self._item(a, base) for a in listed], base)
        return Answer(200, given, body, sent=lambda: self._once("shown", *listed))

    def _item(self, article: Article, base: str) -> render.Item:
        told, when = article.told, self._moment(article)
        guid = f"{base}/?p={article.number}"
        return render.Item(guid, base + article.path, told.title, told.teaser, told.language, told.author, when, when)

    def _moment(self, article: Article) -> datetime:
        return datetime.fromtimestamp(floor(self.opened + article.at), UTC)

    def _page(self, article: Article, now: float) -> Answer:
        when = self._moment(article)
        house = self._houses[article.host]
        others = [a.told for a in house.out(now - self.opened) if a.told.language == article.told.language][:5]
        sheet = pages.Sheet(self.bases[article.host] + article.path, when, when, others)
        body = pages.article(article.told, sheet, article.host)
        dated = {"last-modified": format_datetime(when, usegmt=True)}
        return Answer(200, HTML | dated, body, sent=lambda: self._once("served", article))

    def _once(self, what: str, *about: Article) -> None:
        for article in about:
            if (what, article.number) not in self._logged:
                self._logged.add((what, article.number))
                self._journal.write(what, number=article.number)


def kinship(made: list[Article]) -> list[tuple[int, int, float, float]]:
    """(later, earlier, share of the later in the earlier, and the reverse) of all pairs of a story, and of digests."""
    told: dict[int, Runs] = {a.number: runs(a.text) for a in made}
    stories: dict[int, list[Article]] = defaultdict(list)
    for article in made:
        stories[article.story].append(article)
    pairs = [(two, one) for members in stories.values() for one, two in combinations(members, 2)]
    for page in (a for a in made if a.kind is Kind.DIGEST):
        pairs += [(page, a) for a in made if a.source >= 0 or a.kind is Kind.BASE]
    return [(p.number, q.number, *shares(told[p.number], told[q.number])) for p, q in pairs]
