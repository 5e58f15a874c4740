"""Write feed bodies: RSS 2.0, RSS 1.0, Atom, JSON Feed 1.1 and a Google News sitemap from the same items (pure)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from workers.newsroom.plan import Channel


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as a feed lists it; both moments are aware and in UTC."""

    guid: str
    link: str
    title: str
    teaser: str
    language: str
    author: str
    published: datetime
    updated: datetime


TYPES = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "sitemap": "application/xml",
}


def body(channel: Channel, items: Sequence[Item], base: str) -> bytes:
    """The feed's body in the channel's format and charset; `base` is the site's address without a slash at its end."""
    text = _WRITERS[channel.format](channel, items, base)
    if channel.format == "json":
        return text.encode()
    declared = f'<?xml version="1.0" encoding="{channel.charset}"?>\n{text}'
    return declared.encode(channel.charset, "xmlcharrefreplace")


def _rss(channel: Channel, items: Sequence[Item], base: str) -> str:
    rows = "".join(
        f"<item><title>{escape(i.title)}</title><link>{escape(i.link)}</link>"
        f'<guid isPermaLink="false">{escape(i.guid)}</guid><pubDate>{format_datetime(i.published)}</pubDate>'
        f"<dc:creator>{escape(i.author)}</dc:creator><description>{escape(f'<p>{escape(i.teaser)}</p>')}</description>"
        f"</item>\n"
        for i in items
    )
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>The Demo Gazette: {channel.name}</title><link>{base}/</link>"
        f"<description>News that nobody made</description>\n{rows}</channel></rss>\n"
    )


def _rdf(channel: Channel, items: Sequence[Item], base: str) -> str:
    index = "".join(f"<rdf:li rdf:resource={quoteattr(i.link)}/>" for i in items)
    rows = "".join(
        f"<item rdf:about={quoteattr(i.link)}><title>{escape(i.title)}</title><link>{escape(i.link)}</link>"
        f"<description>{escape(i.teaser)}</description><dc:date>{_iso(i.published)}</dc:date>"
        f"<dc:creator>{escape(i.author)}</dc:creator><dc:language>{i.language}</dc:language></item>\n"
        for i in items
    )
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{base}{channel.path}">'
        f"<title>The Demo Gazette: {channel.name}</title><link>{base}/</link><description>News</description>"
        f"<items><rdf:Seq>{index}</rdf:Seq></items></channel>\n{rows}</rdf:RDF>\n"
    )


def _atom(channel: Channel, items: Sequence[Item], base: str) -> str:
    rows = "".join(
        f"<entry xml:lang={quoteattr(i.language)}><id>{escape(i.guid)}</id><title>{escape(i.title)}</title>"
        f'<link rel="alternate" type="text/html" href={quoteattr(i.link.removeprefix(base))}/>'
        f"<published>{_iso(i.published)}</published><updated>{_iso(i.updated)}</updated>"
        f"<author><name>{escape(i.author)}</name></author><summary>{escape(i.teaser)}</summary></entry>\n"
        for i in items
    )
    newest = max((_iso(i.updated) for i in items), default="1970-01-01T00:00:00Z")
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}/"><id>{base}{channel.path}</id>'
        f'<title>The Demo Gazette: {channel.name}</title><updated>{newest}</updated><link href="/"/>\n{rows}</feed>\n'
    )


def _json(channel: Channel, items: Sequence[Item], base: str) -> str:
    rows = [
        {
            "id": i.guid,
            "url": i.link,
            "title": i.title,
            "summary": i.teaser,
            "language": i.language,
            "authors": [{"name": i.author}],
            "date_published": _iso(i.published),
            "date_modified": _iso(i.updated),
        }
        for i in items
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": f"The Demo Gazette: {channel.name}"}
    return json.dumps(head | {"home_page_url": f"{base}/", "items": rows}, ensure_ascii=False)


def _sitemap(channel: Channel, items: Sequence[Item], base: str) -> str:
    rows = "".join(
        f"<url><loc>{escape(i.link)}</loc><lastmod>{_iso(i.updated)}</lastmod><news:news><news:publication>"
        f"<news:name>The Demo Gazette</news:name><news:language>{i.language}</news:language></news:publication>"
        f"<news:publication_date>{_iso(i.published)}</news:publication_date>"
        f"<news:title>{escape(i.title)}</news:title></news:news></url>\n"
        for i in items
    )
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<urlset {spaces}>\n<!-- {channel.name} of {base} -->\n{rows}</urlset>\n"


_WRITERS = {"rss": _rss, "rdf": _rdf, "atom": _atom, "json": _json, "sitemap": _sitemap}


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
