"""What each source says about a page, and the pure choice between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.model import Picture, When
from workers import headline, normalise

# In the order in which they are believed; "answer" is the header fields, "text" what readers see. Initials differ.
SOURCES = ("feed", "json-ld", "opengraph", "html", "answer", "text", "url")
WIRE = "wire"  # the source of every field that a wire's item gives
FIRST_DAY = 1900  # years before it are placeholders; archives put real pages of the last century on line
AHEAD = timedelta(hours=26)  # a day east of us and a clock that is off; what lies further ahead is not believed


@dataclass(frozen=True, slots=True)
class Said:
    """The claims of one source; empty where it is silent."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: When | None = None
    modified: When | None = None
    language: str | None = None
    canonical: str | None = None
    publisher: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    description: str | None = None
    picture: Picture | None = None
    rights: tuple[str, ...] = ()
    usage: str | None = None  # licence or terms of use
    notice: str | None = None  # copyright notice
    holder: str | None = None  # of the copyright
    free: bool | None = None  # whether the whole text is open to everyone (isAccessibleForFree)
    kinds: tuple[str, ...] = ()  # schema.org or og types of the page, as given
    newsroom: bool = False  # the JSON-LD is that of a news article
    credited: tuple[str, ...] = ()  # authors and suppliers as they came, for workers/credit.py


def packed(fields: Mapping[str, str]) -> str:
    """Which source won each field, short: `title=f,text=t`, by the sources' initials."""
    return ",".join(f"{name}={source[:1]}" for name, source in fields.items())


def unpacked(short: str) -> dict[str, str]:
    """The inverse of packed; of several sources the first."""
    sources = {source[0]: source for source in (*SOURCES, WIRE)}
    pairs = (pair.partition("=") for pair in short.split(",") if pair)
    return {name: sources.get(initial, initial) for name, _, initial in pairs}


FIELDS = tuple(field.name for field in fields(Said) if field.name not in ("newsroom", "credited"))
# The language of a feed is often its template's default; the page knows better.
_ORDER = {"language": ("html", "json-ld", "opengraph", "answer", "feed", "text")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The claims that won, and for each field that has one the source it came from."""

    said: Said
    fields: dict[str, str]
    headline: str | None = None  # the title as the page alone says it, whatever a feed says


def choose(claims: Mapping[str, Said], now: datetime) -> Chosen:
    """Take each field from the first source in order whose claim can be believed; rights add up over all sources.

    `claims` is source -> what it says; dates before 1900 or more than a day after `now` count as not said.
    """
    won: dict[str, object] = {}
    source: dict[str, str] = {}
    for name in FIELDS:
        if name in ("rights", "title"):
            continue
        if said := _said(name, claims, now):
            won[name], source[name] = said[0]
    newsroom = any(said.newsroom for said in claims.values())
    titles = {origin: said.title for origin, said in claims.items()}
    if best := headline.choose(titles, newsroom):
        won["title"], source["title"] = best
    alone = headline.choose({**titles, "feed": None}, newsroom)
    rights, stating = _rights(claims)
    if rights:
        source["rights"] = stating
    chosen = Said(**won, rights=rights)  # type: ignore[arg-type] # each value comes from the same field of a Said
    return replace(_in_order(chosen, source), headline=alone[0] if alone else None)


def _said(name: str, claims: Mapping[str, Said], now: datetime) -> list[tuple[Any, str]]:
    """The claims on one field that can be believed, best first, each with its source."""
    said = [(getattr(claims[o], name), o) for o in _ORDER.get(name, SOURCES) if o in claims]
    said = [(v, o) for v, o in said if v not in (None, ())]
    if name == "authors":
        said.sort(key=lambda claim: nobody(claim[1], claims))  # stable: the order of the sources stays
    if name in ("published", "modified"):
        said = [(v, o) for v, o in said if believable(v, now)]
        if said and said[0][0].at is None:
            # The same day told more exactly, with its zone, is the better answer.
            day = said[0][0].day
            said.sort(key=lambda claim: not (claim[0].at is not None and claim[0].day == day))
    return said


def nobody(origin: str, claims: Mapping[str, Said]) -> bool:
    """Whether a source names no person: the publisher or a login; then a lower source may know one."""
    said = claims[origin]
    houses = {normalise.bare(other.publisher) for other in claims.values() if other.publisher}
    return all(normalise.bare(name) in houses or _login(name) for name in said.authors)


def _login(name: str) -> bool:
    return " " not in name and name.islower() and name.isascii()


def believable(when: When, now: datetime) -> bool:
    """Whether a moment can be that of a page read at `now`."""
    if when.at is not None:
        return when.day.year >= FIRST_DAY and when.at <= now + AHEAD
    return when.day.year >= FIRST_DAY and when.day <= (now.astimezone(UTC) + AHEAD).date()


def _rights(claims: Mapping[str, Said]) -> tuple[tuple[str, ...], str]:
    """Every reservation that any source states, sorted, and the sources that state one."""
    stating = [origin for origin in SOURCES if origin in claims and claims[origin].rights]
    return _sorted(r for origin in stating for r in claims[origin].rights), "+".join(stating)


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _in_order(said: Said, source: dict[str, str]) -> Chosen:
    """Drop a modified date that lies before the published one: it belongs to a template or to another page."""
    first, last = said.published, said.modified
    if first and last and (last.day < first.day or (first.at and last.at and last.at < first.at)):
        kept = {name: getattr(said, name) for name in FIELDS if name != "modified"}
        return Chosen(Said(**kept), {k: v for k, v in source.items() if k != "modified"})
    return Chosen(said, source)
