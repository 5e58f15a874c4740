"""`wiredesk parse`: files or addresses of feeds and wires to entries and items, one line each, without a server."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from config.settings import Settings, SettingsError
from ingest.model import Entry, FeedDocument, Fetched, When
from workers.cli import items, place


@click.command("parse")
@click.argument("names", nargs=-1, required=True, metavar="FILE|URL...")
@click.option("--format", "wanted", help="Read as this format (default: recognised by content).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per entry or item.")
def command(names: tuple[str, ...], wanted: str | None, as_json: bool) -> None:
    """Read feeds into entries and wire messages into items, in their order."""
    from ingest import wires
    from ingest.referee import Child

    settings = place.settings("parse")
    if wanted and wanted not in {**formats(), **wires.formats()}:
        known = ", ".join([*formats(), *wires.formats()])
        raise SettingsError(f"--format {wanted}: no such format (known: {known})")

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
    from ingest import feeds, wires
    from ingest.body import Odd, Unreadable
    from ingest.errors import Verdict

    also = ""
    try:
        body, url, kind = content(name, settings)
        if wanted in wires.formats() or (wanted is None and wires.is_wire(body)):
            return [items.row(name, item) for item in wires.read(body, name, manner(wanted, settings))]
        also = "" if wanted else f"; {_no_wire(len(body))}"
        document = formats()[wanted].parse(feeds.prepared(body, url, kind)) if wanted else judge.read(body, url, kind)
    except OSError as error:
        return [{"file": name, "error": f"cannot be read: {error.strerror or error}"}]
    except (Verdict, Unreadable, Odd) as error:
        return [{"file": name, "error": f"{error}{also}"}]
    return [row(name, document, entry) for entry in document.entries]


def _no_wire(size: int) -> str:
    from ingest.message import MAX_BYTES

    known = "no message of a wire we know either"
    return known if size <= MAX_BYTES else f"more than {MAX_BYTES} bytes, so no message of a wire either"


def manner(wanted: str | None, settings: Settings) -> Any:
    """How a wire's message is to be read: with the operator's dialects before ours."""
    from ingest import wires

    return wires.Manner(format=wanted, dialects=wires.dialects(settings.config / "dialects"))


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
    """A date as the source gave it: an instant in UTC, a wall clock without zone, or a day."""
    return None if when is None else when.wall or when.iso()


def row(name: str, document: FeedDocument, entry: Entry) -> dict[str, Any]:
    """One entry as a line of JSON: what it does not say is absent. The names of wire items are given as well."""
    from ingest.wire import feed
    from ingest.wire.parts import prose

    raw = {
        "id": entry.guid,
        "guid": entry.guid,
        "headline": entry.title,
        "byline": ", ".join(entry.authors),
        "subjects": list(entry.keywords),
        "link": entry.link,
        "title": entry.title,
        "published": moment(entry.published or entry.updated),
        "precision": str(when.precision) if (when := entry.published or entry.updated) else None,
        "updated": moment(entry.updated),
        "authors": list(entry.authors),
        "language": entry.language or document.language,
        "keywords": list(entry.keywords),
        "picture": entry.picture,
        "summary": entry.summary,
        "content": entry.content,
        "body": prose.joined(feed.paragraphs(entry)),
    }
    return {"file": name, "format": document.format, **{k: v for k, v in raw.items() if v}}


def line(found: dict[str, Any]) -> str:
    """One entry for people."""
    if "error" in found:
        return f"{found['file']}: {found['error']}"
    if "pubstatus" in found:
        return items.line(found)
    return f"{found.get('published', '-'):25} {found.get('title', '-')}  {found.get('link', found.get('id', '-'))}"
