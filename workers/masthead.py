"""Read what stands around a page's headline: the lines before and after it, their dates and bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import cast

from lxml.html import HtmlElement

from workers import byline, normalise, stamps
from workers.stamps import Stamps
from workers.values import Zone

BEFORE, AFTER = 8, 30  # pieces of text that are looked at on either side
PROSE = 700  # characters of long pieces after which the article has begun
LONG = 100  # characters; metadata stands in shorter pieces
_CODE = {"script", "style", "noscript", "template", "svg", "select", "iframe", "textarea"}
_BLOCKS = {"p", "li", "td", "blockquote", "dd"}
_PERSON = re.compile(
    r"author|byline|by-line|writer|writtenby|written-by|contributor|journalist|reporter|columnist|autor|auteur|autore|"
    r"verfasser|forfatter|skribent|författare|kirjoittaja|yazar|penulis|редактор|автор|posted-?by|person-?(?:link|name)|"
    r"(?:^|[\s_-])vcard|(?:^|\s)fn(?:\s|$)|creator",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text node that is shown, and the element it stands in."""

    text: str
    element: HtmlElement


class Masthead:
    """The pieces around one headline; each side is read when it is asked for."""

    def __init__(self, heading: HtmlElement) -> None:
        self.heading = heading

    @cached_property
    def after(self) -> list[Piece]:
        """What follows the headline, up to another part of the page."""
        return _start(list(following(self.heading)))

    @cached_property
    def before(self) -> list[Piece]:
        """What stands just before the headline."""
        return list(preceding(self.heading))

    def stamps(self, region: str | None, zone: Zone) -> Stamps:
        """The dates after the headline, else those before it."""
        found = _stamps(self.after, region, zone)
        if found.published:
            return found
        earlier = _stamps(self.before, region, zone)
        return Stamps(earlier.published, found.modified or earlier.modified)

    def authors(self) -> tuple[str, ...]:
        """The names after the headline, else those before it."""
        return authors(self.after) or authors(self.before)


def following(start: HtmlElement) -> Iterator[Piece]:
    """The pieces of text after an element, in the page's order, until the article has clearly begun."""
    prose = 0
    for piece in islice(_after(start), AFTER):
        yield piece
        prose += len(piece.text) if len(piece.text) > LONG else 0
        if prose > PROSE:
            return


def preceding(start: HtmlElement) -> Iterator[Piece]:
    """The pieces of text before an element in its own part of the page, in the page's order."""
    near = start
    for _ in range(3):
        parent = near.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        near = parent
    pieces: list[Piece] = []
    for child in near.iter():
        if child is start:
            break
        pieces += _own(child)
    return iter(pieces[-BEFORE:])


def _start(pieces: list[Piece]) -> list[Piece]:
    """The pieces before what belongs to another part of the page."""
    for at, piece in enumerate(pieces):
        if any(a.tag in ("footer", "nav") for a in islice(piece.element.iterancestors(), 6)):
            return pieces[:at]
    return pieces


def _after(start: HtmlElement) -> Iterator[Piece]:
    """All text after an element: its tail, then what follows it and its ancestors."""
    element: HtmlElement | None = start
    while element is not None:
        parent = element.getparent()
        if parent is None or element.tag == "body":
            return
        if text := _clean(element.tail):
            yield Piece(text, parent)
        following = element.getnext()
        while following is not None:
            yield from _inside(following)
            if text := _clean(following.tail):
                yield Piece(text, parent)
            following = following.getnext()
        element = parent


def _inside(element: HtmlElement) -> Iterator[Piece]:
    """The text of an element and all in it, code and forms left out."""
    if element.tag in _CODE or not isinstance(element.tag, str):
        return
    if text := _clean(element.text):
        yield Piece(text, element)
    for child in element:
        yield from _inside(child)
        if text := _clean(child.tail):
            yield Piece(text, element)


def _own(element: HtmlElement) -> list[Piece]:
    if not isinstance(element.tag, str) or element.tag in _CODE:
        return []
    text = _clean(element.text)
    return [Piece(text, element)] if text else []


def _clean(text: str | None) -> str:
    return normalise.line(text) if text and not text.isspace() else ""


def _stamps(pieces: Sequence[Piece], region: str | None, zone: Zone) -> Stamps:
    return stamps.read((p.text for p in pieces if not _told(p)), region, zone)


def _told(piece: Piece) -> bool:
    """Whether a piece with a year in it stands in a paragraph of prose."""
    if not stamps.YEAR.search(piece.text):
        return False
    for element in (piece.element, *islice(piece.element.iterancestors(), 2)):
        if element.tag in _BLOCKS:
            return len(normalise.line(cast("str", element.text_content())[:1000])) > 2 * LONG
    return False


def authors(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The names that a byline among the pieces gives: after "by", or where markup speaks of an author."""
    short = (p for p in pieces if len(p.text) <= 4 * byline.MAX_NAME)
    return byline.read(byline.Part(p.text, byline.possible(p.text) and _personal(p), _group(p)) for p in short)


def _personal(piece: Piece) -> bool:
    """Whether the markup around a piece says that a person's name stands there."""
    for element in (piece.element, *islice(piece.element.iterancestors(), 2)):
        rel, prop = element.get("rel") or "", element.get("itemprop") or ""
        if rel == "author" or "author" in rel.split() or prop in ("author", "creator"):
            return True
        if _PERSON.search(f"{element.get('class') or ''} {element.get('id') or ''} {element.tag}"):
            return True
    return False


def _group(piece: Piece) -> str:
    """What pieces of one list of names have in common: the tag and classes of their elements."""
    return f"{piece.element.tag} {piece.element.get('class') or ''}"
