"""Which news agencies an article is credited to: by its datelines, bylines and endings, and by its metadata.

A mention ("Reuters reported", "told AFP") is no credit, nor is that of a picture: place and form decide. The text is
only looked at where credits stand, so the cost does not grow with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ingest.model import Article
from workers import agency, dateline, signoff
from workers.agency import Named, Trust

HEAD, TAIL = 5, 6  # paragraphs at either end of a text in which credits are looked for
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


def told(article: Article) -> list[Credit]:
    """The credits in the text of an article."""
    found: list[Credit] = []
    for at, paragraph in enumerate(article.text.split("\n\n", HEAD)[:HEAD]):
        found += _credits(dateline.opening(paragraph, at), Place.DATELINE, paragraph, article)
        named = dateline.byline(paragraph, article.authors) or signoff.files(paragraph)
        found += _credits(named, Place.BYLINE, paragraph, article)
    dated = any(credit.place is Place.DATELINE for credit in found)
    for back, paragraph in enumerate(article.text.rsplit("\n\n", TAIL)[: -TAIL - 1 : -1]):
        named = signoff.closing(paragraph, back) or (dateline.byline(paragraph) if back < 2 else ())
        named = named or (() if dated else signoff.edited(paragraph))
        found += _credits(named, Place.ENDING, paragraph, article)
    return found


def beside(article: Article, around: Around) -> list[Credit]:
    """The credits on lines of the page that stand just before and after its text."""
    found: list[Credit] = []
    for line in around.before:
        found += _credits(dateline.byline(line, article.authors), Place.BYLINE, line, article)
    for line in around.after:
        found += _credits(signoff.line(line, bare=False) or dateline.byline(line), Place.ENDING, line, article)
    return [replace(credit, source="html") for credit in found]


def stated(article: Article, given: Mapping[str, Iterable[str]]) -> Iterator[Credit]:
    """The credits in what is known of an article beside its text."""
    fields = article.fields
    for source, values in (*given.items(), (fields.get("authors", "text"), article.authors)):
        for value in values:
            found = agency.believed(_people(value), article.language, byline=True)
            yield from (Credit(one, Place.METADATA, source, value[:MAX_WORDS]) for one in found)
    for name in ("publisher", "holder", "notice"):
        value = getattr(article, name)
        named = _owner(value, name) if value else None
        if named and named.trust >= Trust.MARK:
            yield Credit(named.agency, Place.METADATA, fields.get(name, "text"), value[:MAX_WORDS])
    known = agency.table().keywords
    for word in article.keywords:
        if found_as := known.get(word):
            yield Credit(found_as, Place.METADATA, fields.get("keywords", "text"), word)


def _credits(named: Sequence[Named], place: Place, words: str, article: Article) -> Iterable[Credit]:
    if not named:
        return ()
    # A place in capitals makes a bracket a dateline: "LONDON (PA) -" is the agency, "Lancaster (PA) -" a state.
    shouted = place is Place.DATELINE and words.partition("(")[0].isupper()
    found = agency.believed(named, article.language, place is Place.BYLINE or shouted)
    edge = words[-MAX_WORDS:] if place is Place.ENDING else words[:MAX_WORDS]
    return [Credit(name, place, "text", edge) for name in found]


def _people(value: str) -> tuple[Named, ...]:
    """The agencies of one author's line; "PA" is one where it stands alone, and a title in "Jane Roe, PA"."""
    if len(value) > 3 * agency.MAX_NAME:
        return ()
    said = dateline.BY.match(value)
    found = agency.parts(value[said.end() :] if said else value)
    return found if agency.find(value) else tuple(one for one in found if one.trust > Trust.BYLINE)


def _owner(value: str, field: str) -> Named | None:
    """The agency that publishes, or holds or is named first in a copyright."""
    if field == "publisher":
        return agency.find(value)
    first = re.split(r"[.(|;]|,(?=\s)", _NOTICE.sub("", value[:300], count=1), maxsplit=1)[0]
    return agency.holder(first) if first else None
