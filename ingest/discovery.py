"""Find the feeds of a site: the address itself, the feeds its page names, then the usual places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from config.settings import Settings
from ingest.body import Unreadable
from ingest.errors import GiveUp, TryLater, Verdict
from ingest.fetch import Ask, fetch
from ingest.links import clean, shown
from ingest.model import Failed, Fetched
from ingest.referee import Judge
from ingest.web import Web

USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
MOST = 10  # feeds looked at
_LINK = re.compile(rb"<link\b[^>]{0,2000}>", re.IGNORECASE)
_TYPE = re.compile(r"type\s*=\s*[\"']?application/(rss\+xml|atom\+xml|feed\+json|json)\b", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was read."""

    url: str
    format: str
    entries: int
    newest: str | None  # RFC 3339, of the newest dated entry


async def find(url: str, settings: Settings) -> list[Found]:
    """The feeds at or behind an address, best first. Raises TryLater or GiveUp when the address cannot be had."""
    async with Web(settings) as web:
        judge = Judge(1)
        try:
            got = await _get(web, url, settings, {})
            try:
                return [await _read(judge, url, got)]
            except Unreadable:
                return await _named(web, judge, settings, got)
        finally:
            await judge.close()


async def look(url: str, settings: Settings, headers: Mapping[str, str]) -> Found:
    """Read one feed now. Raises TryLater or GiveUp with what is wrong."""
    async with Web(settings) as web:
        judge = Judge(1)
        try:
            got = await _get(web, url, settings, headers)
            return await _read(judge, url, got)
        except Unreadable as error:
            raise TryLater(Failed.PROTOCOL, shown(url), f"no feed: {error}") from error
        finally:
            await judge.close()


async def _get(web: Web, url: str, settings: Settings, headers: Mapping[str, str]) -> Fetched:
    async def at_once(_host: str) -> None:
        return None

    return await fetch(web, Ask(url, settings.max_feed_bytes, settings.fetch_deadline, headers), at_once)


async def _read(judge: Judge, url: str, got: Fetched) -> Found:
    document = await judge.read(got.body, got.url, got.headers.get("content-type"))
    dates = [e.published.at for e in document.entries if e.published and e.published.at]
    return Found(url, document.format, len(document.entries), max(dates).isoformat() if dates else None)


async def _named(web: Web, judge: Judge, settings: Settings, page: Fetched) -> list[Found]:
    named = links(page.body, page.url)
    found = []
    for url in [*named, *(urljoin(page.url, path) for path in USUAL if not named)][:MOST]:
        try:
            found.append(await _read(judge, url, await _get(web, url, settings, {})))
        except (Unreadable, Verdict):
            continue  # named, but no feed: the next one may be
    return found


def links(page: bytes, base: str) -> list[str]:
    """The feeds a page names in <link rel="alternate"> elements, in its order."""
    found: dict[str, None] = {}
    for tag in _LINK.findall(page):
        text = tag.decode("utf-8", "replace")
        href = _HREF.search(text)
        if href and _TYPE.search(text) and "alternate" in text.lower():
            try:
                found[clean(unescape(href[1] or href[2] or href[3] or ""), base)] = None
            except GiveUp:
                continue
    return list(found)
