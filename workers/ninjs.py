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
_URN = re.compile(
    r"urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:[A-Za-z0-9()+,.:=@;$_!*'/~-]+|tag:[\w.-]+,\d{4}(?:-\d\d){0,2}:[A-Za-z0-9:/._~!$&'()*+,;=@-]+",
    re.ASCII,
)


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
    dateline: str | None = None
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    usage: str | None = None
    copyright_notice: str | None = None
    copyright_holder: str | None = None

    def stamp(self) -> str:
        """What stands in for the content hash in the event's id."""
        return "\n".join((self.guid, self.version, self.created, self.status))


def document(
    uri: str, version: int, article: Article | None, alternatives: tuple[tuple[str, str], ...], wire: Wire | None = None
) -> dict[str, Any]:
    """The data of one event; without an article a withdrawn document: uri, version, status and every known id."""
    found: dict[str, Any] = {"uri": uri, "type": "text", "version": str(version)}
    if article is None:
        return {**found, "pubStatus": "canceled", "altIds": _ids(alternatives)}
    found |= {"pubStatus": wire.status if wire else "usable", "language": article.language}
    found |= {"headlines": _values("main", "text/plain", _line(article.title)), "bodies": _bodies(article)}
    found |= {"descriptions": _values("summary", "text/plain", _line(article.description))}
    found |= {"by": ", ".join(article.authors), "infoSources": _sources(article), **_dates(article)}
    found |= {"subjects": _subjects(article), "altIds": _ids(alternatives)}
    found |= _stated(article, wire)
    found |= _wire(wire) if wire else {}
    found |= {"associations": _pictures(article.picture)}  # last: the server adds the relation (commit.lua)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _wire(wire: Wire) -> dict[str, Any]:
    return {
        "embargoedUntil": _instant(wire.embargoed),
        "contentCreated": _instant(wire.content_created),
        "urgency": wire.urgency,
        "slugline": _line(wire.slugline),
        "located": _line(wire.dateline),
        "people": [{"name": name} for name in wire.people],
        "places": [{"name": name} for name in wire.places],
        "organisations": [{"name": name} for name in wire.organisations],
    }


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


def _sources(article: Article) -> list[dict[str, Any]]:
    found = [{"name": name, "role": "author"} for name in article.authors]
    found += [{"name": name, "role": "agency"} for name in article.agencies]
    return found + ([{"name": article.publisher, "role": "publisher"}] if article.publisher else [])


def _dates(article: Article) -> dict[str, str | None]:
    """firstCreated and versionCreated: instants only, since the schema wants date-time."""
    first, last = _moment(article.published), _moment(article.modified)
    return {"firstCreated": first, "versionCreated": last or first}


def _moment(when: When | None) -> str | None:
    return _instant(when.at) if when else None


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _subjects(article: Article) -> list[dict[str, Any]]:
    section = [{"literal": article.section, "rel": "section"}] if article.section else []
    return section + [{"literal": word} for word in article.keywords]


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
