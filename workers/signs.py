"""What can be seen of one page that tells an article from everything else; computed when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from workers import normalise
from workers.metadata import Metadata
from workers.outline import Outline, outline

LONG = 30  # words; paragraphs of prose reach it, teasers, cards and menus do not
HEADS = 3  # headings in the page's order that are looked at
HEAD = 400  # characters of one that are looked at
END = 24  # characters of the text's end by which it is found again in the page
NEXT = 400  # characters after it that are looked at
WORD = 6  # letters, the space after it included
_WEB = re.compile(r"https?://", re.I)
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
    walked: Outline | None = None  # the page's outline, if the caller has it already

    @cached_property
    def page(self) -> Outline:
        """The page's boxes and blocks of text."""
        return self.walked or outline(self.tree)

    @cached_property
    def visible(self) -> str:
        """All text of the page, a block on a line."""
        return "\n".join(block.text for block in self.page.blocks)

    @property
    def seen(self) -> int:
        """About how many words the page shows in all."""
        return self.page.boxes[0].size // WORD

    @cached_property
    def text(self) -> str:
        """The extracted text."""
        return "\n".join(self.parts)

    @cached_property
    def after(self) -> str:
        """What the page shows right after the extracted text, on one line; empty if that end is not found."""
        shown, end = " ".join(self.visible.split()), " ".join(self.text.split())[-END:]
        at = shown.rfind(end) if end else -1
        return shown[at + len(end) :][:NEXT] if at >= 0 else ""

    @cached_property
    def words(self) -> int:
        """How many words the extracted text has."""
        return normalise.words(self.text)

    def under(self, words: int) -> bool:
        """Whether the extracted text has fewer words; a text that is long anyway is not counted."""
        return len(self.text) < 2 * WORD * words and self.words < words

    @cached_property
    def prose(self) -> int:
        """How many words stand in long paragraphs of the extracted text."""
        return sum(n for part in self.parts if (n := normalise.words(part)) >= LONG)

    @cached_property
    def heads(self) -> list[str]:
        """Titles and headlines: where an error page or a wall says what it is."""
        said = [self.found.title, self.found.heading, self.found.claims["opengraph"].title, *self.shown("h1")]
        return list(dict.fromkeys(s for s in said if s))

    def shown(self, tag: str) -> list[str]:
        """The page's first headings of a kind."""
        return [normalise.line(str(e.text_content()[:HEAD])) for e in islice(self.tree.iter(tag), HEADS)]

    def headed(self, pattern: re.Pattern[str]) -> bool:
        """Whether a title or headline matches."""
        return any(pattern.search(head[:HEAD]) for head in self.heads)

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

    @property
    def stated(self) -> bool:
        """Whether it says so in JSON-LD, which nobody writes by accident; og:type is often a template's default."""
        return any(ARTICLE.match(k) for k in self.found.claims["json-ld"].kinds)

    @property
    def address(self) -> str:
        """The page's address: the one it was fetched from, else the one it calls its own; empty if neither is known."""
        if _WEB.match(self.url):
            return self.url
        claims = self.found.claims
        return next((c for origin in ("html", "opengraph") if (c := claims[origin].canonical)), "")
