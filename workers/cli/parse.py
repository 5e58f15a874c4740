"""`wiredesk parse`: feed files or addresses to entries, one line each, without a server."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from config.settings import Settings, SettingsError
from ingest.model import Entry, Fetched, When
from workers.cli import place


@click.command("parse")
@click.argument("names", nargs=-1, required=True, metavar="FILE|URL...")
@click.option("--format", "wanted", help="Read as this format (default: recognised by content).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per entry.")
def command(names: tuple[str, ...], wanted: str | None, as_json: bool) -> None:
    """Read feeds into entries, in the feed's order."""
    settings = place.settings("parse")
    if wanted and wanted not in formats():
        raise SettingsError(f"--format {wanted}: no such format (known: {', '.join(formats())})")
    from ingest.referee import Child

    bad = False
    with Child() as judge:
        for name in names:
            for row in rows(name, judge, settings, wanted):
                bad |= "error" in row
                place.emit(row) if as_json else place.say(line(row))
    sys.exit(1 if bad else 0)


def formats() -> dict[str, Any]:
    """The formats by name: a format is a module, and its file's name is its own."""
    from ingest import feeds

    return {str(getattr(f, "__name__", "")).rpartition(".")[2]: f for f in feeds.fast()}


def rows(name: str, judge: Any, settings: Settings, wanted: str | None) -> list[dict[str, Any]]:
    """The lines of one file or address; a single one with `error` when it cannot be read."""
    from ingest import feeds
    from ingest.body import Odd, Unreadable
    from ingest.errors import Verdict

    try:
        body, url, kind = content(name, settings)
        document = formats()[wanted].parse(feeds.prepared(body, url, kind)) if wanted else judge.read(body, url, kind)
    except (Verdict, Unreadable, Odd, OSError) as error:
        return [{"file": name, "error": str(error)}]
    return [row(name, document.format, entry) for entry in document.entries]


def content(name: str, settings: Settings) -> tuple[bytes, str, str | None]:
    """The bytes behind a name, the address they count as, and their content type."""
    if name.startswith(("http://", "https://")):
        got = live(name, settings, settings.max_feed_bytes)
        return got.body, got.url, got.headers.get("content-type")
    return Path(name).read_bytes(), "", None


def live(url: str, settings: Settings, limit: int) -> Fetched:
    """Fetch one address now, with the service's own care. Raises TryLater or GiveUp."""
    from ingest.fetch import Ask, fetch
    from ingest.links import clean
    from ingest.web import Web

    async def at_once(_host: str) -> None:
        return None

    async def get() -> Fetched:
        async with Web(settings) as web:
            return await fetch(web, Ask(clean(url), limit, settings.fetch_deadline), at_once)

    return asyncio.run(get())


def moment(when: When | None) -> str | None:
    """A date as the source gave it: an instant, a wall clock without zone, or a day."""
    return None if when is None else when.wall or when.iso()


def row(name: str, kind: str, entry: Entry) -> dict[str, Any]:
    """One entry as a line of JSON: what it does not say is absent."""
    raw = {
        "id": entry.guid,
        "link": entry.link,
        "title": entry.title,
        "published": moment(entry.published or entry.updated),
        "precision": str(when.precision) if (when := entry.published or entry.updated) else None,
        "updated": moment(entry.updated),
        "authors": list(entry.authors),
        "language": entry.language,
        "keywords": list(entry.keywords),
        "picture": entry.picture,
        "summary": entry.summary,
        "content": entry.content,
    }
    return {"file": name, "format": kind, **{k: v for k, v in raw.items() if v}}


def line(found: dict[str, Any]) -> str:
    """One entry for people."""
    if "error" in found:
        return f"{found['file']}: {found['error']}"
    return f"{found.get('published', '-'):25} {found.get('title', '-')}  {found.get('link', found.get('id', '-'))}"
