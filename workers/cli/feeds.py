"""`wiredesk feeds`: the feed list, and what its feeds say."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from config import edit
from config.settings import Settings, SettingsError, secret
from config.sources import Feed, feeds
from ingest import discovery, opml
from ingest.errors import Verdict
from ingest.links import clean, shown
from workers.cli import place


@click.group("feeds")
def command() -> None:
    """List, add, remove, import, export and check feeds."""


def _listed(settings: Settings) -> list[Feed]:
    return feeds(place.feeds_file(settings))


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
def show(as_json: bool) -> None:
    """Every feed and every wire of feeds.toml."""
    listed = place.listed(place.feeds_file(place.settings("feeds")))
    for feed in listed.feeds:
        row = {"url": shown(feed.url), "name": feed.name, "every": feed.every, "tags": list(feed.tags)}
        place.emit(row) if as_json else place.say(f"{feed.name:30} {row['url']}")
    for wire in listed.wires:
        row = {"name": wire.name, "transport": wire.transport, "every": wire.every, "tags": list(wire.tags)}
        place.emit(row) if as_json else place.say(f"{wire.name:30} wire by {wire.transport}")


@command.command("add")
@click.argument("url")
@click.option("--name")
@click.option("--tags", default="", help="Comma-separated.")
def add(url: str, name: str | None, tags: str) -> None:
    """Add a feed; on a site's address, find its feeds first."""
    settings = place.settings("feeds")
    try:
        found = asyncio.run(discovery.find(clean(url), settings))
    except Verdict as error:
        raise SettingsError(f"nothing added: {error}") from None
    if not found:
        raise SettingsError(f"nothing added: {shown(url)} is no feed and names none")
    given = {"name": name, "tags": [t for t in tags.split(",") if t]}
    row: dict[str, Any] = {"url": found[0].url, **{k: v for k, v in given.items() if v}}
    edit.add(place.feeds_file(settings), row)
    place.say(f"added {shown(found[0].url)} ({found[0].format}, {found[0].entries} entries)")
    for other in found[1:]:
        place.say(f"also there: {shown(other.url)}")


@command.command("remove")
@click.argument("which", metavar="URL|NAME")
def remove(which: str) -> None:
    """Take a feed out; what it showed is remembered for RETENTION."""
    settings = place.settings("feeds")
    edit.remove(place.feeds_file(settings), which)
    place.say(f"removed {shown(which)}")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Add the feeds of an OPML file that are not listed yet."""
    settings = place.settings("feeds")
    try:
        outlines = opml.read(file.read_bytes())
    except opml.OpmlError as error:
        raise SettingsError(f"{file}: {error}") from None
    path = place.feeds_file(settings)
    known = feeds(path) if path.exists() else []
    urls, names = {f.url for f in known}, {f.name for f in known}
    new = []
    for outline in outlines:
        if outline.url not in urls:
            named = {"name": outline.name} if outline.name and outline.name not in names else {}
            names.add(outline.name or "")
            new.append({"url": outline.url, **named, **({"tags": list(outline.tags)} if outline.tags else {})})
    if new:
        edit.add(path, *new)
    place.say(f"{len(new)} added, {len(outlines) - len(new)} were listed already")


@command.command("export")
def export() -> None:
    """Print the feed list as OPML."""
    listed = _listed(place.settings("feeds"))
    sys.stdout.buffer.write(opml.write(opml.Outline(shown(f.url), f.name, f.tags) for f in listed))


@command.command("check")
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """Fetch each feed once and say what it found; exit 1 if any cannot be read."""
    settings = place.settings("feeds")
    rows = asyncio.run(_check(_listed(settings), settings))
    for row in rows:
        if as_json:
            place.emit(row)
        elif "error" in row:
            place.say(f"BAD  {row['url']}: {row['error']}")
        else:
            newest = row["newest"] or "undated"
            place.say(f"ok   {row['url']}: {row['format']}, {row['entries']} entries, newest {newest}")
    for wire in place.listed(place.feeds_file(settings)).wires if not as_json else ():
        place.say(f"-    {wire.name}: a wire, which only the service asks; `wiredesk status` tells how it does")
    sys.exit(1 if any("error" in r for r in rows) else 0)


async def _check(listed: list[Feed], settings: Settings) -> list[dict[str, Any]]:
    gate = asyncio.Semaphore(20)

    async def one(feed: Feed) -> dict[str, Any]:
        async with gate:
            try:
                headers = {k: secret(v) for k, v in feed.headers.items()}
                found = await discovery.look(feed.url, settings, headers)
            except (Verdict, SettingsError) as error:
                return {"url": shown(feed.url), "error": str(error)}
        return {"url": shown(feed.url), "format": found.format, "entries": found.entries, "newest": found.newest}

    return list(await asyncio.gather(*(one(f) for f in listed)))
