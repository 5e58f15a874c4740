"""Plan a world of outlets that copy, cut and edit each other's stories: what appears where and when, of what (pure)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from tests.world import rework, voices
from workers.newsroom.invent import Story, story

# English is every second one, so that five stories of one language are there for a digest early.
LANGUAGES = ("en", "zh", "en", "ja", "en", "th", "en", "ar", "en", "ru", "de", "zh", "fr", "ja", "es", "th", "ru", "ar")
AGENCY = 0  # its host
DIGEST = 5  # stories
_OWN, _ROBOT, _PAGE = 10_000, 20_000, 30_000  # where the numbers of stories of other makings begin


class Kind(StrEnum):
    """How an article was made."""

    BASE = "base"  # the agency's
    WORD = "word"  # word for word, with the house's headline, byline and boilerplate
    CUT80 = "cut80"
    CUT50 = "cut50"
    CUT30 = "cut30"
    EXTENDED = "extended"  # two paragraphs of the house's own under it
    EDITED = "edited"  # a fifth of the sentences reworded
    REWRITTEN = "rewritten"  # half of them
    OWN = "own"  # an outlet's own story
    ROBOT = "robot"  # a machine's text, a story of its own
    DIGEST = "digest"  # five stories whole on one page


# (kind, place in this list of what it is made of; -1: the agency's), for one story after the other
_WAYS = (
    ((Kind.WORD, -1), (Kind.CUT50, -1), (Kind.EXTENDED, -1), (Kind.CUT80, 0)),
    ((Kind.EDITED, -1), (Kind.CUT30, -1), (Kind.WORD, 0), (Kind.EXTENDED, 2)),
    ((Kind.EXTENDED, -1), (Kind.CUT80, 0), (Kind.REWRITTEN, -1)),
    ((Kind.CUT80, -1), (Kind.CUT50, 0), (Kind.WORD, -1), (Kind.EDITED, 2)),
)
_AT_ONCE = ((Kind.WORD, -1), (Kind.CUT80, -1), (Kind.EXTENDED, -1), (Kind.WORD, -1))
_FRAMED = {Kind.WORD, Kind.CUT80, Kind.EXTENDED, Kind.EDITED}
_SHARES = {Kind.CUT80: 0.8, Kind.CUT50: 0.5, Kind.CUT30: 0.3}
_REWORDED = {Kind.EDITED: 0.2, Kind.REWRITTEN: 0.55}


@dataclass(frozen=True, slots=True)
class Order:
    """How large a world is asked for."""

    stories: int = 12
    outlets: int = 5  # beside the agency
    seconds: float = 8.0  # over which the agency's stories appear
    lag: float = 1.5  # seconds from what was copied to its copy
    seed: int = 1
    wait: float = 2.0  # seconds more to the page that holds several stories: what it was made of is there by then
    instant: int = 5  # every so many stories one appears everywhere at once; 1: all of them

    @property
    def hosts(self) -> int:
        """The agency's and the outlets'."""
        return self.outlets + 1

    def at_once(self, story: int) -> bool:
        """Whether a story of the agency appears everywhere at one instant."""
        return story < self.stories and story % self.instant == self.instant - 1


@dataclass(frozen=True, slots=True)
class Article:
    """One page of one house."""

    number: int
    story: int
    kind: Kind
    source: int  # number of the article it was made of; -1: none
    host: int
    at: float  # seconds after the opening
    told: Story

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/{self.told.language}/{self.number:05d}-{self.kind}.html"

    @property
    def text(self) -> str:
        """Its paragraphs, apart by blank lines."""
        return "\n\n".join(p.text for p in self.told.paragraphs)

    @property
    def frame(self) -> list[str]:
        """Boilerplate of this house, and of one it copied: what a reader of pages may drop."""
        known = voices.boilers(self.told.language)
        return [p.text for p in self.told.paragraphs if p in known]


def articles(order: Order) -> list[Article]:
    """Everything that will appear, by number."""
    found: list[Article] = []
    heaps: dict[str, list[Article]] = defaultdict(list)  # by language: bases not yet in a digest
    for number in range(order.stories):
        begun = number * order.seconds / max(1, order.stories)
        base, *rest = _spread(order, number, begun, len(found))
        found += [base, *rest]
        found += _beside(order, number, begun, len(found))
        heap = heaps[base.told.language]
        heap.append(base)
        if len(heap) == DIGEST:
            found.append(_digest(order, number, heap, len(found)))
            heap.clear()
    return found


def _spread(order: Order, number: int, begun: float, first: int) -> Iterator[Article]:
    """The agency's article and all that is made of it."""
    base = _plain(story(order.seed, number, LANGUAGES[number % len(LANGUAGES)]))
    made = [Article(first, number, Kind.BASE, -1, AGENCY, begun, base)]
    at_once = order.at_once(number)
    hosts = random.Random(f"{order.seed}:{number}:hosts").sample(range(1, order.hosts), min(4, order.outlets))
    for (kind, place), host in zip(_AT_ONCE if at_once else _WAYS[number % len(_WAYS)], hosts, strict=False):
        source = made[place + 1]
        at = begun if at_once else source.at + order.lag
        told = _made(order.seed, source, kind, first + len(made), host)
        made.append(Article(first + len(made), number, kind, source.number, host, at, told))
    return iter(made)


def _plain(told: Story) -> Story:
    """Without subheadings, which a reader of pages may keep or not."""
    return replace(told, paragraphs=tuple(p for p in told.paragraphs if not p.head))


def _made(seed: int, source: Article, kind: Kind, number: int, host: int) -> Story:
    told = source.told
    if kind in _SHARES:
        told = rework.cut(told, _SHARES[kind])
    elif kind in _REWORDED:
        told = rework.edited(told, random.Random(f"{seed}:{number}:edit"), _REWORDED[kind])
    elif kind is Kind.EXTENDED:
        told = rework.extended(told, seed, _OWN * 5 + number, 2)
    return rework.dressed(told, seed, host, kind in _FRAMED)


def _beside(order: Order, number: int, begun: float, first: int) -> Iterator[Article]:
    """An outlet's own story, and a machine's text of a kind that returns."""
    language = LANGUAGES[number % len(LANGUAGES)]
    host = 1 + number % order.outlets
    if number % 2 == 0:
        own = _plain(story(order.seed, _OWN + number, language))
        yield Article(first, _OWN + number, Kind.OWN, -1, host, begun, own)
        first += 1
    for turn in range(2):  # two of one kind, one of them framed by a house
        name = _ROBOT + 2 * number + turn
        told = voices.robot(order.seed, name, language, 1 + number // 8)
        framed = replace(told, paragraphs=(*told.paragraphs, voices.boiler(language, host)))
        yield Article(first + turn, name, Kind.ROBOT, -1, *((host, begun, framed) if turn else (AGENCY, begun, told)))


def _digest(order: Order, number: int, bases: list[Article], name: int) -> Article:
    host = 1 + number % order.outlets
    told = voices.digest(order.seed, _PAGE + number, host, [b.told for b in bases])
    return Article(name, _PAGE + number, Kind.DIGEST, -1, host, bases[-1].at + order.lag + order.wait, told)
