"""Which news agencies an article is credited to: by its datelines, bylines and endings, and by its metadata.

A mention ("Reuters reported", "told AFP") is no credit, nor is that of a picture: place and form decide. The text is
only looked at where credits stand, so the cost does not grow with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ingest.model import Article
from workers import agency, dateline, signoff
from workers.agency import Named, Trust

HEAD, TAIL = 5, 8  # paragraphs at either end of a text in which credits are looked for
MAX_WORDS = 160  # characters of evidence that are kept
_NOTICE = re.compile(r"\W*(?:©|\(c\)|copyright|\d{4}(?:[-–]\d{2,4})?|by|the|[\s,])*", re.IGNORECASE)


class Place(StrEnum):
    """Where a credit was found."""

    DATELINE = "dateline"  # "BERLIN (dpa) -"
    BYLINE = "byline"  # "By Jane Roe, AP"
    ENDING = "sign-off"  # "(Reuters)", "With files from The Canadian Press"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Credit:
    """One agency, and what says so."""

    agency: str  # its name in agencies.toml
    place: Place
    source: str  # "text", or the source of the metadata: feed, json-ld, opengraph, html
    words: str  # the paragraph's edge or the value in which it stands


@dataclass(frozen=True, slots=True)
class Around:
    """What a page says beside an article: the lines about its text, and the names that sources state, as they came."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    names: Mapping[str, Iterable[str]] = field(default_factory=dict)  # by source: "Jane Roe (AFP)" is "Jane Roe" later


def credits(article: Article, around: Around | None = None) -> tuple[Credit, ...]:
    """Every agency an article is credited to, each once: by its text, then by the page, then by its metadata."""
    around = around or Around()
    found: dict[str, Credit] = {}
    for credit in (*told(article), *beside(article, around), *stated(article, around.names)):
        found.setdefault(credit.agency, credit)
    return tuple(found.values())


def sources(found: Iterable[Credit]) -> str:
    """Where credits come from, as `Article.fields` names it: "text", "json-ld", "text+json-ld"."""
    return "+".join(dict.fromkeys(credit.source for credit in found))


def told(article: Article) -> Iterator[Credit]:
    """The credits in the text of an article."""
    paragraphs = [part for part in article.text.split("\n\n") if part]
    dated = False
    for at, paragraph in enumerate(paragraphs[:HEAD]):
        words = paragraph[:MAX_WORDS]
        for found in _all(dateline.opening(paragraph, at), Credit("", Place.DATELINE, "text", words), article):
            dated = True
            yield found
        yield from _all(dateline.byline(paragraph, article.authors), Credit("", Place.BYLINE, "text", words), article)
    last = len(paragraphs) - 1
    for back, paragraph in enumerate(paragraphs[: -TAIL - 1 : -1]):
        found = signoff.closing(paragraph, back) or (dateline.byline(paragraph) if back < 2 <= last else ())
        found = found or (() if dated else signoff.edited(paragraph))
        yield from _all(found, Credit("", Place.ENDING, "text", paragraph[-MAX_WORDS:]), article)


def beside(article: Article, around: Around) -> Iterator[Credit]:
    """The credits on lines of the page that stand just before and after its text."""
    for line in around.before:
        yield from _all(dateline.byline(line, article.authors), Credit("", Place.BYLINE, "html", line), article)
    for line in around.after:
        found = signoff.line(line, bare=False) or dateline.byline(line)
        yield from _all(found, Credit("", Place.ENDING, "html", line), article)


def stated(article: Article, given: Mapping[str, Iterable[str]]) -> Iterator[Credit]:
    """The credits in what is known of an article beside its text."""
    fields = article.fields
    for source, values in (*given.items(), (fields.get("authors", "text"), article.authors)):
        for value in values:
            found = agency.believed(_people(value), article.language, byline=True)
            yield from (Credit(name, Place.METADATA, source, value[:MAX_WORDS]) for name in found)
    for field in ("publisher", "holder", "notice"):
        value = getattr(article, field) or ""
        named = _owner(value, field)
        if named and named.trust >= Trust.MARK:
            yield Credit(named.agency, Place.METADATA, fields.get(field, "text"), value[:MAX_WORDS])
    for word in article.keywords:
        if name := agency.table().keywords.get(word):
            yield Credit(name, Place.METADATA, fields.get("keywords", "text"), word)


def _all(found: Iterable[Named], like: Credit, article: Article) -> Iterator[Credit]:
    # A place in capitals makes a bracket a dateline: "LONDON (PA) -" is the agency, "Lancaster (PA) -" a state.
    shouted = like.place is Place.DATELINE and like.words.partition("(")[0].isupper()
    byline = like.place is Place.BYLINE or shouted
    return (replace(like, agency=name) for name in agency.believed(found, article.language, byline))


def _people(value: str) -> tuple[Named, ...]:
    """The agencies of one author's line; initials that others use count only where they stand alone or beside another."""
    if len(value) > 3 * agency.MAX_NAME:
        return ()
    said = dateline.BY.match(value)
    return agency.parts(value[said.end() :] if said else value)


def _owner(value: str, field: str) -> Named | None:
    """The agency that publishes, or holds or is named first in a copyright."""
    if field == "publisher":
        return agency.find(value)
    first = re.split(r"[.(|;]|,(?=\s)", _NOTICE.sub("", value[:300], count=1), maxsplit=1)[0]
    return agency.holder(first) if first else None
