"""Gather what feed, JSON-LD, meta elements, HTML and address say about a page, and choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingest.model import Entry
from workers import headline, jsonld, masthead, meta, normalise, pictures, rights, search, values, visible
from workers.claims import Chosen, Said, believable, choose, nobody
from workers.stamps import Stamps

SAME = 0.6  # the likeness from which a lesser heading is the headline


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page before it is read."""

    url: str  # of the last hop
    now: datetime
    headers: Mapping[str, str]  # of the answer, names lower-cased
    entry: Entry | None = None
    zone: values.Zone = None  # of dates that name none, if an operator gave it


@dataclass(frozen=True, slots=True)
class Metadata:
    """The chosen claims, and what gate and extraction need of the raw ones."""

    chosen: Chosen
    claims: Mapping[str, Said]
    nodes: list[dict[str, Any]]  # the JSON-LD objects
    heading: str | None  # the page's own headline
    title: str | None  # its <title>


def read(tree: HtmlElement, known: Known) -> Metadata:
    """All claims about a page, and the choice between them."""
    marked = search.marked(tree)
    nodes, metas, links = jsonld.nodes(marked.scripts), meta.read(marked.metas), meta.links(marked.links)
    claims = {
        "feed": feed(known.entry),
        "json-ld": jsonld.said(nodes, known.url, known.zone),
        "opengraph": meta.said(metas, known.url, known.zone),
        "html": visible.said(tree, None, links, known.url),
        "answer": rights.answer(known.headers, known.url),
        "url": Said(published=visible.dated(known.url)),
    }
    claims["html"] = _reserved(claims["html"], rights.html(metas, links, known.url))
    whole = visible.whole(marked.titles)
    claims, at = _titled(claims, marked, whole, site(claims, nodes, known.url))
    claims = _shown(claims, _Page(tree, marked, metas, at), known)
    claims = _pictured(claims, marked.figures, known.url)
    heading = visible.heading(at) if at is not None and at.tag == "h1" else None
    return Metadata(choose(claims, known.now), claims, nodes, heading, whole)


@dataclass(frozen=True, slots=True)
class _Page:
    """The tree, its marked elements, and where its headline stands."""

    tree: HtmlElement
    marked: search.Marked
    metas: meta.Metas
    at: HtmlElement | None


def feed(entry: Entry | None) -> Said:
    """The claims of the feed entry that led to the page."""
    if entry is None:
        return Said()
    return Said(
        title=values.plain(entry.title),
        authors=entry.authors,
        published=entry.published,
        modified=entry.updated,
        language=entry.language,
        keywords=entry.keywords,
        picture=values.picture(entry.picture, entry.link or ""),
        credited=entry.authors,
    )


def site(claims: Mapping[str, Said], nodes: list[dict[str, Any]], url: str) -> headline.Site:
    """The names of the site: of publisher, of its own JSON-LD objects, of its host."""
    named = [
        n.get("name") for n in nodes if {"WebSite", "Organization", "NewsMediaOrganization"} & set(jsonld.kinds(n))
    ]
    names = [said.publisher for said in claims.values()] + [values.plain(name) for name in named]
    addresses = (url, *(said.canonical for said in claims.values()))
    return headline.site(names, (_host(address) for address in addresses if address))


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _reserved(html: Said, stated: Said) -> Said:
    return replace(html, rights=stated.rights, usage=stated.usage, notice=stated.notice, holder=stated.holder)


def _titled(
    claims: dict[str, Said], marked: search.Marked, whole: str | None, known: headline.Site
) -> tuple[dict[str, Said], HtmlElement | None]:
    """The claims with titles free of the site's name, the page's own heading among them, and its element."""
    cleaned = {
        origin: replace(said, title=headline.without_site(said.title, known)) if said.title else said
        for origin, said in claims.items()
    }
    whole = headline.without_site(whole, known) if whole else None
    others = [t for t in (*(said.title for said in cleaned.values()), whole) if t]
    headings = marked.headings[:20]
    texts = [visible.heading(element) for element in headings]
    which = headline.heading(texts, others, known)
    if which is not None:
        title = headline.without_site(texts[which], known)
        return {**cleaned, "html": replace(cleaned["html"], title=title)}, headings[which]
    return {**cleaned, "text": Said(title=whole)}, _lesser(marked, others, known)


def _lesser(marked: search.Marked, others: list[str], known: headline.Site) -> HtmlElement | None:
    """The h2 or h3 that repeats a title where no h1 does; it only says where to look for dates and names."""
    found = [e for e in marked.lesser[:40] if len(e) < 10]
    which = headline.heading([visible.heading(e) for e in found], others, known, SAME) if others else None
    return found[which] if which is not None else next(iter(marked.headings), None)


def _shown(claims: dict[str, Said], page: _Page, known: Known) -> dict[str, Said]:
    """The claims with the dates and names that readers see, searched for where no better source has them."""
    stated = [said for origin, said in claims.items() if origin != "url"]
    undated = not any(said.published and believable(said.published, known.now) for said in stated)
    unnamed = not any(said.authors and not nobody(origin, claims) for origin, said in claims.items())
    if not undated and not unnamed:
        return claims
    html, text, named = claims["html"], claims.get("text", Said()), claims["opengraph"]
    near = masthead.Masthead(page.at) if page.at is not None else None
    if undated:
        first, last = visible.dates(page.tree, known.zone)
        html = replace(html, published=first or visible.timed(page.marked.times, known.zone), modified=last)
        alike = None if html.published else meta.named_alike(page.metas, known.zone)
        if alike:
            named = replace(named, published=alike)
        elif not html.published:
            seen = _seen(page, near, _region(claims), known.zone)
            text = replace(text, published=seen.published, modified=seen.modified)
    if unnamed:
        html = replace(html, authors=(near.authors() if near else ()) or visible.authors(page.tree))
    return {**claims, "opengraph": named, "html": html, "text": text}


def _seen(page: _Page, near: masthead.Masthead | None, region: str | None, zone: values.Zone) -> Stamps:
    """The dates that readers see: around the headline, else in elements anywhere that a class calls a date."""
    seen = near.stamps(region, zone) if near else Stamps()
    if seen.published:
        return seen
    found = visible.stamped(page.tree, region, zone)
    return Stamps(found.published, seen.modified or found.modified)


def _region(claims: Mapping[str, Said]) -> str | None:
    """The page's language tag, rather one with a country: it decides which number of 03/04/2026 is the month."""
    tags = [tag for origin in ("html", "opengraph", "json-ld") if (tag := claims[origin].language)]
    return next((tag for tag in tags if "-" in tag), tags[0] if tags else None)


def _pictured(claims: dict[str, Said], figures: list[HtmlElement], url: str) -> dict[str, Said]:
    """The claims with captions and credits of the figures that show the pictures named; else the first figure."""
    for origin in ("feed", "json-ld", "opengraph"):
        said = claims[origin]
        if said.picture:
            found = pictures.described(said.picture, figures, url)
            titles = {normalise.bare(other.title) for other in claims.values() if other.title}
            if normalise.bare(found.caption or "") in titles:  # the name of a file, not a caption
                found = replace(found, caption=None)
            return {**claims, origin: replace(said, picture=found)}
    return {**claims, "html": replace(claims["html"], picture=pictures.first(figures, url))}
