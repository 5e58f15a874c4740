"""Tell what a page is that does not declare itself an article: a short table of weighted signs, for any language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from ingest.model import Rejected
from workers import phrases, search
from workers.classwords import NAMES
from workers.outline import LANDMARKS, Block
from workers.signs import Signs

# Sign -> points against an article for each unit of it; fitted by `python -m tests.bench.gate --fit`, then rounded.
WEIGHTS: Mapping[str, float] = {
    "goods": 3.0,  # declares a product or an offer
    "section": 3.3,  # the address is a front page's, or ends in the name of a section
    "trade": 1.8,  # the address is a shop's, or speaks of services, prices or jobs
    "press": -1.9,  # the address speaks of a blog, of news or of guides, or has a year
    "forum": 1.1,  # logarithm of the links to threads and members
    "shared": -1.6,  # links that share the page elsewhere
    "boxes": 0.87,  # logarithm of the boxes (block elements) for each block of prose
    "fullest": -2.3,  # the share of the page's text that the prose of one box is
    "together": -2.1,  # the share of the page's prose that one box holds
    "inside": -2.2,  # the share of the page's prose that one <article> holds
    "headlines": 1.6,  # more than one h1
    "figures": -23.0,  # the share of text in figures, up to MOST
    "storied": -1.5,  # the share of text in boxes named article, post, story
    "labelled": 1.6,  # the share of text in boxes named tag, topic, category
    "priced": 1.7,  # the share of text in boxes named product, price, sponsor
    "sharing": -0.43,  # logarithm of the blocks in boxes named share, follow, print
}
BIAS = -2.1
DOUBT = 0.25  # points from which a page is refused
LISTED = 3.0  # points in favour of a page that a feed lists
CLAIMED = 2.0  # points in favour of a page whose og:type is article, which many templates say on every page
ENOUGH = 1000  # letters of prose; a share of less is no sign of an article
MOST = 0.1  # captions are a small part of any page: a larger share says no more
_TALK = re.compile(r"(?:DiscussionForumPosting|QAPage)$")
_GOODS = re.compile(r"(?:Product|ProductGroup|Offer|AggregateOffer|product(?:\.\w+)?)$")
_ADDRESSES = search.texts("//a/@href")
_SPLIT = re.compile(r"[-_.]")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How doubtful a page is, and what it would be refused as."""

    doubt: float
    reason: Rejected
    detail: str


def judge(signs: Signs) -> Verdict:
    """Weigh a page; one from DOUBT points on is no article. JSON-LD that declares an article settles it."""
    if signs.stated:
        return Verdict(-math.inf, Rejected.OTHER, "declares an article")
    facts = Facts(signs)
    if facts.talk and not signs.expected:
        return Verdict(math.inf, Rejected.FORUM, "a forum or a page of answers")
    if signs.article and not facts.suspect:
        return Verdict(-math.inf, Rejected.OTHER, "declares an article")
    points = sum(weight * _SIGNS[name](facts) for name, weight in WEIGHTS.items())
    return Verdict(BIAS + points - LISTED * signs.expected - CLAIMED * signs.article, *_kind(facts))


def _kind(facts: Facts) -> tuple[Rejected, str]:
    """What a page that is no article most likely is."""
    if facts.place.front or facts.linked > 0.6:
        return Rejected.LISTING, "a list of other pages"
    if _forum(facts) > 2:
        return Rejected.FORUM, "a forum or a page of answers"
    if facts.goods or facts.place.shop or _SIGNS["priced"](facts) > 0.25:
        return Rejected.PRODUCT, "goods for sale"
    if facts.linked > 0.4:
        return Rejected.LISTING, "a list of other pages"
    return Rejected.OTHER, "a page about a service, a firm or an offer"


def measured(signs: Signs) -> dict[str, float]:
    """Every sign and how strong it is on this page."""
    facts = Facts(signs)
    return {name: float(find(facts)) for name, find in _SIGNS.items()}


class Facts:
    """The signs' common ground on one page, each part read once."""

    def __init__(self, signs: Signs) -> None:
        self.signs = signs
        self.blocks, self.whole = signs.page.blocks, signs.page.boxes[0]

    @cached_property
    def place(self) -> Place:
        """What the address says."""
        return Place.of(self.signs.address)

    @cached_property
    def links(self) -> str:
        """All addresses linked to."""
        return "\n".join(_ADDRESSES(self.signs.tree)).lower()

    @property
    def talk(self) -> bool:
        """Whether types or address say forum."""
        return self.signs.kind(_TALK) or (self.place.forum and not self.place.press)

    @property
    def goods(self) -> bool:
        """Whether a product or an offer is declared."""
        return self.signs.kind(_GOODS)

    @property
    def suspect(self) -> bool:
        """Whether address or types speak against a page that only its og:type calls an article."""
        return self.goods or self.place.front or self.place.shop or self.place.service

    @property
    def linked(self) -> float:
        """The share of the text that is links."""
        return self.whole.linked / max(1, self.whole.size)

    @cached_property
    def fullest(self) -> int:
        """Letters of prose in the box that directly holds most of it."""
        held: Counter[int] = Counter()
        for block in self.blocks:
            if block.prose:
                held[id(block.box.group)] += block.size
        return max(held.values(), default=0)

    def share(self, chosen: Callable[[Block], int]) -> float:
        """The share of the page's text that stands in the chosen blocks."""
        return sum(block.size for block in self.blocks if chosen(block)) / max(1, self.whole.size)

    def often(self, chosen: Callable[[Block], int]) -> float:
        """The logarithm of how many blocks are chosen."""
        return math.log1p(sum(1 for block in self.blocks if chosen(block)))


@dataclass(frozen=True, slots=True)
class Place:
    """What an address says of the page behind it."""

    front: bool  # the site's front page, or a path that ends in a bare section's name
    forum: bool
    shop: bool
    service: bool
    press: bool  # blogs, news, guides

    @classmethod
    def of(cls, url: str) -> Place:
        """Read an address; an empty or broken one says nothing."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return cls(False, False, False, False, False)
        steps = [step for step in parts.path.lower().split("/") if step]
        plain = [_SPLIT.split(step)[0] if step.count(".") == 1 else step for step in steps]
        short = {word for step in steps if len(words := _SPLIT.split(step)) <= 3 for word in words}
        front = not steps or (len(steps) <= 3 and plain[-1] in phrases.SECTIONS)
        front = front and bool(parts.netloc) and not parts.query
        forum = bool(phrases.FORUM_HOST.search(parts.netloc)) or not phrases.FORUMS.isdisjoint(plain)
        shop = bool(phrases.SHOP_HOST.search(parts.netloc)) or not phrases.SHOPS.isdisjoint(plain)
        press = not phrases.PRESS.isdisjoint(short) or any(_YEAR.fullmatch(step) for step in steps)
        return cls(front, forum, shop, not phrases.SERVICES.isdisjoint(short), press and not front)


def _bit(names: tuple[str, ...], name: str) -> int:
    return 1 << names.index(name)


def _forum(facts: Facts) -> float:
    """Beyond twenty more links say no more: they may be comments'."""
    return math.log1p(min(20, sum(facts.links.count(piece) for piece in phrases.FORUM_LINKS)))


def _boxes(facts: Facts) -> float:
    prose = facts.whole.paragraphs
    return math.log((1 + len(facts.signs.page.boxes)) / (1 + prose))


def _inside(facts: Facts) -> float:
    held = max((box.prose for box in facts.signs.page.boxes if box.tag == "article"), default=0)
    return held / max(ENOUGH, facts.whole.prose)


_FIGURE = _bit(LANDMARKS, "figure")
_STORY, _TAG, _PRICE, _SHARE = (_bit(NAMES, name) for name in ("article", "tag", "ad", "share"))
_SIGNS: Mapping[str, Callable[[Facts], float]] = {
    "goods": lambda facts: facts.goods,
    "section": lambda facts: facts.place.front,
    "trade": lambda facts: facts.place.shop or facts.place.service,
    "press": lambda facts: facts.place.press,
    "forum": _forum,
    "shared": lambda facts: any(piece in facts.links for piece in phrases.SHARE_LINKS),
    "boxes": _boxes,
    "fullest": lambda facts: facts.fullest / max(1, facts.whole.size),
    "together": lambda facts: facts.fullest / max(ENOUGH, facts.whole.prose),
    "inside": _inside,
    "headlines": lambda facts: sum(block.box.tag == "h1" for block in facts.blocks) > 1,
    "figures": lambda facts: min(MOST, facts.share(lambda block: block.box.within & _FIGURE)),
    "storied": lambda facts: facts.share(lambda block: block.box.far & _STORY),
    "labelled": lambda facts: facts.share(lambda block: block.box.far & _TAG),
    "priced": lambda facts: facts.share(lambda block: block.box.far & _PRICE),
    "sharing": lambda facts: facts.often(lambda block: block.box.near & _SHARE),
}
