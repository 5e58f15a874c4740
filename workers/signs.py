"""What can be seen of one page that tells an article from everything else; computed when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from workers import normalise, search
from workers.metadata import Metadata

LONG = 30  # words; paragraphs of prose reach it, teasers, cards and menus do not
_LINKED = search.texts("//a//text()[not(parent::script or parent::style)]")
_SHOWN = search.texts("//body//text()[not(parent::script or parent::style or parent::noscript or parent::template)]")
_END = re.compile("[.!?。！？।؟…»”\"'’)]$")
ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review|article)$")


@dataclass
class Signs:
    """What the rules look at; the costly signs are computed only when a rule asks."""

    tree: HtmlElement
    source: str
    found: Metadata
    headers: Mapping[str, str]
    url: str
    expected: bool = False  # a feed listed the page as one of its entries
    parts: tuple[str, ...] = ()  # the extracted paragraphs, once there are any

    @cached_property
    def visible(self) -> str:
        """All text of the page that is not code."""
        return "\n".join(_SHOWN(self.tree))

    @cached_property
    def seen(self) -> int:
        """How many words the page shows in all."""
        return normalise.words(self.visible)

    @cached_property
    def words(self) -> int:
        """How many words the extracted text has."""
        return normalise.words("\n".join(self.parts))

    @cached_property
    def linked(self) -> float:
        """The share of the page's words that are links."""
        return normalise.words("\n".join(_LINKED(self.tree))) / max(1, self.seen)

    @cached_property
    def prose(self) -> int:
        """How many words stand in long paragraphs of the extracted text."""
        return sum(n for part in self.parts if (n := normalise.words(part)) >= LONG)

    @cached_property
    def sentences(self) -> float:
        """The share of the extracted paragraphs that are sentences: eight words or more, ended as sentences are."""
        ended = sum(1 for part in self.parts if _END.search(part) and normalise.words(part) >= 8)
        return ended / max(1, len(self.parts))

    @cached_property
    def heads(self) -> list[str]:
        """Title and headline: where an error page or a wall says what it is."""
        said = (self.found.title, self.found.heading, self.found.claims["opengraph"].title)
        return list(dict.fromkeys(s for s in said if s))

    def headed(self, pattern: re.Pattern[str]) -> bool:
        """Whether a title or headline matches."""
        return any(pattern.search(head) for head in self.heads)

    def holds(self, code: tuple[str, ...]) -> bool:
        """Whether the page's source has one of these strings."""
        return any(piece in self.source for piece in code)

    def kind(self, pattern: re.Pattern[str]) -> bool:
        """Whether the page declares itself to be of such a schema.org or OpenGraph type."""
        claims = self.found.claims
        return any(pattern.match(k) for origin in ("json-ld", "opengraph") for k in claims[origin].kinds)

    @cached_property
    def article(self) -> bool:
        """Whether the page says it is an article."""
        return self.kind(ARTICLE)
