"""Read sitemaps (sitemaps.org/protocol.html) and Google-News sitemaps."""

from __future__ import annotations

from itertools import islice

from lxml import etree

from ingest import elements, tidy
from ingest.body import Body, Index, Odd
from ingest.model import Entry, FeedDocument

MAX_SITEMAPS = 1_000  # addresses kept of an index


def recognises(body: Body) -> bool:
    """Whether the root is <urlset> or <sitemapindex>."""
    return not body.is_json and _plain_name(body.root) in ("urlset", "sitemapindex")


def parse(body: Body) -> FeedDocument:
    """Return one entry per <url>. Raises Index for a sitemap index: its sitemaps are feeds of their own."""
    root = body.root
    if _plain_name(root) == "sitemapindex":
        raise _index(body)
    return FeedDocument(format="sitemap", entries=tuple(_entry(url, body) for url in root if _plain_name(url) == "url"))


def _plain_name(element: etree._Element) -> str:
    return elements.named(element).rpartition(":")[2]


def _members(element: etree._Element) -> elements.Fields:
    """The children by name; those of the sitemap itself without a prefix, whatever namespace it was given."""
    found: elements.Fields = {}
    for child in element:
        name = elements.named(child)
        found.setdefault(name.removeprefix("sitemap:").removeprefix("?:"), []).append(child)
    return found


def _entry(url: etree._Element, body: Body) -> Entry:
    found = _members(url)
    news = next(map(_members, found.get("news:news", ())), {})
    paper = next(map(_members, news.get("news:publication", ())), {})
    image = next(map(_members, found.get("image:image", ())), {})
    words = (elements.first(news, "news:keywords") or "").split(",")
    link = elements.first(found, "loc")
    if not link:
        raise Odd("an address without <loc>")
    return Entry(
        link=tidy.join(body.url, link),
        title=tidy.plain(elements.first(news, "news:title") or "") or None,
        published=body.when(elements.first(news, "news:publication_date")),
        updated=body.when(elements.first(found, "lastmod")),
        language=tidy.language(elements.first(paper, "news:language")),
        keywords=tuple(tidy.plain(word) for word in words),
        picture=tidy.join(body.url, elements.first(image, "image:loc")),
    )


def _index(body: Body) -> Index:
    places = (elements.first(_members(child), "loc") for child in body.root)
    sitemaps = tuple(filter(None, (tidy.join(body.url, place) for place in islice(places, MAX_SITEMAPS))))
    news = [sitemap for sitemap in sitemaps if "news" in sitemap.lower()] or list(sitemaps)
    shown = ", ".join(tidy.line(sitemap)[:200] for sitemap in news[:3])
    return Index(
        f"a sitemap index of {len(body.root)} sitemaps: add the one with the news as a feed, for example {shown}",
        sitemaps,
    )
