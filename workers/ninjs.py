"""Write an article as a ninjs 3.1 object (IPTC, ninjs-schema_3.1.json), strictly valid with format checks on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingest import links
from ingest.errors import GiveUp
from ingest.model import Article, Picture, When
from workers import normalise

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
TYPES = ("text", "audio", "video", "picture", "graphic", "composite")
Names = tuple[tuple[str, str], ...]  # (role, value): guid, url, final, canonical
_URN = re.compile(  # Belga's namespaces hold dots, Superdesk's tags no date: a URI may
    r"(?:urn:[A-Za-z0-9][A-Za-z0-9.-]{0,31}|tag:[\w.-]+(?:,\d{4}(?:-\d\d){0,2})?):[A-Za-z0-9()+,.:=@;$_!*'/~&-]+",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Related:
    """Another object, and what it is to this one."""

    rel: str
    uri: str
    name: str
    kind: str | None = None  # a type of ninjs; None where nobody says


@dataclass(frozen=True, slots=True)
class Concept:
    """What a document is about."""

    uri: str | None
    literal: str | None  # a code that stands for no address
    name: str | None


@dataclass(frozen=True, slots=True)
class Wire:
    """What only wire items say."""

    guid: str
    version: str = ""
    created: str = ""  # versionCreated as it came
    status: str = "usable"  # usable, withheld, canceled
    embargoed: datetime | None = None
    content_created: datetime | None = None
    urgency: int | None = None  # 1 to 9
    slugline: str | None = None
    dateline: str | None = None  # the place it names
    subjects: tuple[Concept, ...] = ()
    genres: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    usage: str | None = None
    copyright_notice: str | None = None
    copyright_holder: str | None = None
    credit: str | None = None  # who is to be named
    related: tuple[Related, ...] = ()

    def stamp(self) -> str:
        """What stands in for the content hash in the event's id."""
        return "\n".join((self.guid, self.version, self.created, self.status))


def withdrawn(uri: str, version: int, alternatives: Names, copies: tuple[Related, ...] = ()) -> dict[str, Any]:
    """The data of a document that is withdrawn: no word of it, every name it had, and the copies of it we know."""
    found = {"uri": uri, "type": "text", "version": str(version), "pubStatus": "canceled", "altIds": _ids(alternatives)}
    return {**found, "associations": _related(copies)} if copies else found


def document(uri: str, version: int, article: Article, alternatives: Names, wire: Wire | None = None) -> dict[str, Any]:
    """The data of one version."""
    found: dict[str, Any] = {"uri": uri, "type": "text", "version": str(version)}
    found |= {"pubStatus": wire.status if wire else "usable", "language": article.language}
    found |= {"headlines": _values("main", "text/plain", _line(article.title)), "bodies": _bodies(article)}
    found |= {"descriptions": _values("summary", "text/plain", _line(article.description))}
    found |= {"by": ", ".join(article.authors), "infoSources": _sources(article, wire), **_dates(article)}
    found |= {"subjects": _subjects(article, wire), "altIds": _ids(alternatives)}
    found |= _stated(article, wire)
    found |= _wire(wire) if wire else {}
    associated = _pictures(article.picture) + _related(wire.related if wire else ())
    found |= {"associations": associated}  # last: the server adds the relation (commit.lua)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _wire(wire: Wire) -> dict[str, Any]:
    return {
        "embargoedUntil": _instant(wire.embargoed),
        "contentCreated": _instant(wire.content_created),
        "urgency": wire.urgency,
        "slugline": _line(wire.slugline),
        "located": _line(wire.dateline),
        "genres": [_genre(name) for name in wire.genres],
        "people": [{"name": name} for name in wire.people],
        "places": [{"name": name} for name in wire.places],
        "organisations": [{"name": name} for name in wire.organisations],
    }


def _genre(word: str) -> dict[str, str]:
    """By its name, or by its address where that is all there is."""
    known = address(word) if "://" in word else None
    return {"uri": known} if known else {"name": word}


def _stated(article: Article, wire: Wire | None) -> dict[str, Any]:
    """Terms and copyright: the wire's where it says any, else the page's."""
    return {
        "usageTerms": _line((wire and wire.usage) or article.usage),
        "copyrightNotice": _line((wire and wire.copyright_notice) or article.notice),
        "copyrightHolder": _line((wire and wire.copyright_holder) or article.holder),
    }


def _line(text: str | None) -> str | None:
    return normalise.line(text) if text else None


def _values(role: str, kind: str, text: str | None) -> list[dict[str, Any]]:
    return [{"role": role, "contentType": kind, "value": text}] if text else []


def _bodies(article: Article) -> list[dict[str, Any]]:
    plain = {
        "role": "main",
        "contentType": "text/plain",
        "charCount": len(article.text),
        "wordCount": normalise.words(article.text),
    }
    found = [{**plain, "value": article.text}]
    return found + ([{"role": "main", "contentType": "text/html", "value": article.html}] if article.html else [])


def _sources(article: Article, wire: Wire | None) -> list[dict[str, Any]]:
    found = [{"name": name, "role": "author"} for name in article.authors]
    found += [{"name": name, "role": "agency"} for name in article.agencies]
    found += [{"name": name, "role": "provider"}] if wire and (name := _line(wire.credit)) else []
    return found + ([{"name": article.publisher, "role": "publisher"}] if article.publisher else [])


def _dates(article: Article) -> dict[str, str | None]:
    """firstCreated and versionCreated: instants only, since the schema wants date-time."""
    first, last = _moment(article.published), _moment(article.modified)
    return {"firstCreated": first, "versionCreated": last or first}


def _moment(when: When | None) -> str | None:
    return _instant(when.at) if when else None


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _subjects(article: Article, wire: Wire | None) -> list[dict[str, Any]]:
    section = [{"literal": article.section, "rel": "section"}] if article.section else []
    coded = [_subject(concept) for concept in wire.subjects] if wire else []
    return section + [one for one in coded if one] + [{"literal": word} for word in article.keywords]


def _subject(concept: Concept) -> dict[str, Any]:
    known = address(concept.uri) if concept.uri else None
    literal = _line(concept.literal or (concept.uri if known is None else None))
    told = {"uri": known, "literal": literal, "name": _line(concept.name)}
    if not known and not literal:
        told = {"literal": told["name"]}  # a word is all there is
    return {name: value for name, value in told.items() if value}


def _related(others: tuple[Related, ...]) -> list[dict[str, Any]]:
    """Each once, by a uri the schema takes; what goes by no uri cannot be named here."""
    found = {}
    for other in others:
        if uri := address(other.uri):
            told = {"name": _line(other.name) or uri, "uri": uri, "rel": other.rel}
            found[uri, other.rel] = {**told, "type": other.kind} if other.kind in TYPES else told
    return list(found.values())


def _ids(alternatives: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """Other names of the document, each once, as they came: a guid need not be a URI."""
    return [
        {"role": role, "value": clean}
        for role, value in dict.fromkeys(alternatives)
        if (clean := normalise.line(value))
    ]


def _pictures(picture: Picture | None) -> list[dict[str, Any]]:
    uri = address(picture.url) if picture else None
    if picture is None or uri is None:
        return []
    found: dict[str, Any] = {"name": "mainPicture", "uri": uri, "type": "picture", "rel": "mainPicture"}
    caption = _values("caption", "text/plain", _line(picture.caption))
    return [{k: v for k, v in {**found, "by": _line(picture.credit), "descriptions": caption}.items() if v}]


def address(url: str) -> str | None:
    """A URI in the letters RFC 3986 allows, or None."""
    if _URN.fullmatch(url):
        return url
    try:
        return (
            re.sub(r"[\[\]|^`{}\\]", lambda m: f"%{ord(m[0]):02X}", links.clean(url))
            if "[" in url or "|" in url
            else links.clean(url)
        )
    except GiveUp:
        return None
