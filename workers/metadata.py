"""Gather what feed, JSON-LD, meta elements, HTML and address say about a page, and choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from ingest.model import Entry
from workers import jsonld, meta, values, visible
from workers.claims import Chosen, Said, choose, house


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
    nodes, metas, links = jsonld.nodes(tree), meta.read(tree), meta.links(tree)
    claims = {
        "feed": feed(known.entry),
        "json-ld": jsonld.said(nodes, known.url, known.zone),
        "opengraph": meta.said(metas, known.url, known.zone),
        "html": visible.said(tree, links, known.url, known.zone),
        "url": Said(published=visible.dated(known.url)),
    }
    claims["html"] = _last_resort(tree, claims)
    claims = _with_rights(_without_site(claims), known.headers)
    return Metadata(choose(claims, known.now), claims, nodes, visible.heading(tree), visible.title(tree))


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
    )


def _last_resort(tree: HtmlElement, claims: dict[str, Said]) -> Said:
    """The HTML's claims, with its <title> and bylines where no other source has a title or names."""
    others = [said for origin, said in claims.items() if origin != "html"]
    html = claims["html"]
    if not html.title and not any(said.title for said in others):
        html = replace(html, title=visible.title(tree))
    people = any(said.authors and not house(said.authors, claims) for said in others)
    return html if people else replace(html, authors=visible.authors(tree))


def _without_site(claims: dict[str, Said]) -> dict[str, Said]:
    """Titles without the site's name, which any of the sources may give."""
    sites = [said.publisher for said in claims.values() if said.publisher]
    for origin, said in claims.items():
        if said.title:
            title = said.title
            for site in sites:
                title = visible.without_site(title, site)
            claims[origin] = replace(said, title=title)
    return claims


def _with_rights(claims: dict[str, Said], headers: Mapping[str, str]) -> dict[str, Said]:
    """Add the reservations of the answer's header fields to those of the HTML."""
    found = set(claims["html"].rights) | meta.reserved(headers.get("x-robots-tag", ""))
    if headers.get("tdm-reservation", "").strip() == "1":
        found.add("tdm-reservation")
    return {**claims, "html": replace(claims["html"], rights=tuple(sorted(found)))}
