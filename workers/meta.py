"""Read a page's <meta> and <link> elements (OpenGraph, Dublin Core, Twitter and the like) to claims."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from ingest.model import Picture, When
from workers import byline, values
from workers.claims import Said

_TITLE = (
    "headline",
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "citation_title",
    "sailthru.title",
    "parsely-title",
    "title",
)
_AUTHOR = (
    "author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "byl",
    "cxenseparse:author",
    "article:author",
    "og:article:author",
    "og:author",
    "dc.contributor",
)
_SUPPLIER = ("articleauthor", "dc.source", "dcterms.source", "article:source", "news_source", "source", "agency")
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "published_time",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "sailthru.date",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "publication_date",
    "dcterms.created",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "article.published",
    "date.created",
    "originalpublicationdate",
    "citation_publication_date",
    "citation_date",
    "ptime",
    "article_date_original",
    "datecreated",
    "date",
)
_MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "lastmod",
    "last-modified",
    "revision_date",
    "modified_time",
    "utime",
)
# Names of their own that systems give to the same thing: published_on, article-publish-date, dateModifiedTime.
_PUBLISHED_LIKE = re.compile(
    r"publi(?:sh|cation)|(?:post|release|issue)[-_.:]?(?:date|time)|date[-_.:]?(?:posted|issued)"
)
_KEYWORDS = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
_SPLIT = re.compile(r"\s*[;|]\s*")

Metas = dict[str, list[str]]


def read(elements: Iterable[HtmlElement]) -> Metas:
    """Every non-empty meta value by lower-cased name, property, itemprop or http-equiv, in the page's order."""
    found: Metas = {}
    for element in elements:
        content = element.get("content")
        if not content or content.isspace():
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if key := element.get(attribute):
                found.setdefault(key.strip().lower(), []).append(content)
    return found


def links(elements: Iterable[HtmlElement]) -> dict[str, str]:
    """The first address of every link relation."""
    found: dict[str, str] = {}
    for element in elements:
        if (href := element.get("href")) is not None:
            for rel in (element.get("rel") or "").lower().split():
                found.setdefault(rel, href.strip())
    return found


def first(metas: Metas, names: tuple[str, ...]) -> str | None:
    """The first value of the first name that has one."""
    return next((metas[name][0] for name in names if name in metas), None)


def said(metas: Metas, url: str, zone: values.Zone) -> Said:
    """The claims of a page's meta elements."""
    publisher = values.plain(
        first(metas, ("og:site_name", "dc.publisher", "article:publisher_name", "application-name"))
    )
    return Said(
        title=values.plain(first(metas, _TITLE)),
        authors=_authors(metas, publisher),
        published=_first_date(metas, _PUBLISHED, zone),
        modified=_first_date(metas, _MODIFIED, zone),
        language=values.language(
            first(metas, ("og:locale", "dc.language", "dcterms.language", "language", "content-language", "inlanguage"))
        ),
        canonical=values.address(first(metas, ("og:url",)), url),
        publisher=publisher,
        section=values.plain(
            first(metas, ("article:section", "og:article:section", "parsely-section", "section", "articlesection"))
        ),
        keywords=_keywords(metas),
        description=values.plain(
            first(metas, ("og:description", "description", "twitter:description", "dc.description"))
        ),
        picture=_picture(metas, url),
        free=_free(metas),
        kinds=tuple(values.plain(v) or "" for v in metas.get("og:type", [])[:3]),
        credited=_credited(metas),
    )


def _credited(metas: Metas) -> tuple[str, ...]:
    """Who wrote or supplied the text, as it stands there."""
    given = (values.plain(value) for key in (*_AUTHOR, *_SUPPLIER) for value in metas.get(key, [])[:30])
    return tuple(dict.fromkeys(name for name in given if name))


def _authors(metas: Metas, publisher: str | None) -> tuple[str, ...]:
    for key in _AUTHOR:
        given = [part for value in metas.get(key, [])[:30] for part in _SPLIT.split(value)]
        if found := byline.listed(given, publisher):
            return found
    return ()


def named_alike(metas: Metas, zone: values.Zone) -> When | None:
    """The date under a name that only looks like one of publication; weaker than what the HTML marks as the date."""
    return _first_date(metas, [name for name in metas if _PUBLISHED_LIKE.search(name) and name not in _MODIFIED], zone)


def _first_date(metas: Metas, names: Iterable[str], zone: values.Zone) -> When | None:
    """The first date in the order of the names; one without a zone gives way to a later instant of the same day."""
    found = [when for name in names for value in metas.get(name, [])[:1] if (when := values.when(value, zone))]
    return next((w for w in found if w.at and w.day == found[0].day), found[0]) if found else None


def _keywords(metas: Metas) -> tuple[str, ...]:
    return next((found for key in _KEYWORDS if (found := values.keywords(list(metas.get(key, []))))), ())


def _picture(metas: Metas, url: str) -> Picture | None:
    found = values.address(
        first(metas, ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")), url
    )
    return Picture(found) if found else None  # og:image:alt describes it for those who do not see it: no caption


def _free(metas: Metas) -> bool | None:
    tier = (first(metas, ("article:content_tier", "og:article:content_tier")) or "").strip().lower()
    return {"free": True, "locked": False}.get(tier)
