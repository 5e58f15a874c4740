"""Read feeds.toml: the feeds to poll and the wires to receive, every mistake reported at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from config import tables, values
from config.settings import SettingsError
from config.tables import Kind, Table
from config.wires import Wire, wire

_FEED: dict[str, Kind] = {
    "url": str, "name": str, "every": (int, float, str), "tags": list, "headers": dict,
    "language": str, "timezone": str, "full_text": bool,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed an operator listed."""

    url: str
    name: str
    every: float | None = None  # seconds between polls; None: the service decides
    tags: tuple[str, ...] = ()
    headers: dict[str, str] = field(
        default_factory=dict, repr=False
    )  # values as written: settings.secret resolves them
    language: str | None = None  # BCP 47
    timezone: str | None = None  # IANA name of the zone its zoneless dates mean
    full_text: bool = False  # the entry's body is the article

    @property
    def zone(self) -> ZoneInfo | None:
        """The timezone as an object."""
        return ZoneInfo(self.timezone) if self.timezone else None


@dataclass(frozen=True, slots=True)
class Sources:
    """All of feeds.toml."""

    feeds: list[Feed]
    wires: list[Wire]


def feeds(path: Path) -> list[Feed]:
    """The feeds of a file, in its order. Raises SettingsError naming every mistake and its line."""
    return sources(path).feeds


def sources(path: Path, further: Callable[[Wire], Iterable[str]] | None = None) -> Sources:
    """Everything a feeds.toml says. Raises SettingsError naming every mistake and its line.

    `further` tells the mistakes in a wire that only its transport can see: ingest.transport.mistakes.
    """
    try:
        found = tables.read(path, "feed", "wire")
    except FileNotFoundError:
        cure = "`wiredesk feeds add URL` makes one; WIREDESK_CONFIG names another folder"
        raise SettingsError(f"{path}: there is no such file ({cure})") from None
    listed = [(table, _feed(table)) for table in found.found if table.name == "feed"]
    wired = [(table, wire(table)) for table in found.found if table.name == "wire"]
    for table, one in wired:
        for mistake in further(one) if further else ():
            table.wrong(mistake)
    _unique("url", ((table, _comparable(feed.url)) for table, feed in listed))
    _unique("name", ((table, feed.name) for table, feed in listed if "name" in table.values))
    _unique("name", ((table, one.name) for table, one in wired if "name" in table.values))
    _unique("path", ((table, os.path.realpath(one.path)) for table, one in wired if one.path and "\0" not in one.path))
    found.settle()
    return Sources([feed for _, feed in listed], [one for _, one in wired])


def _feed(table: Table) -> Feed:
    given = table.only(_FEED)
    url = given.get("url", "").strip()
    if url:
        values.address(table, url, ("http", "https"), 'headers = { Authorization = "env:NAME" }')
    elif table.values.get("url", "") == url:
        table.wrong("a [[feed]] needs a url")
    return Feed(
        url,
        _name(table, given.get("name"), url),
        values.every(table, given.get("every")),
        values.tags(table, given.get("tags", [])),
        values.headers(table, given.get("headers", {})),
        values.language(table, given.get("language")),
        values.timezone(table, given.get("timezone")),
        given.get("full_text", False),
    )


def _name(table: Table, name: str | None, url: str) -> str:
    if name is None:
        parts = url.partition("?")[0].partition("://")
        return parts[2].rpartition("@")[2].rstrip("/") or url
    if not name.strip() or not name.isprintable() or len(name) > 100:
        table.wrong(f"name {name[:100]!r} has to be 1 to 100 printable characters")
    return name.strip()


def _comparable(url: str) -> str:
    """The address as another spelling of it would also give it: case of scheme and host, the fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def _unique(key: str, values: Iterable[tuple[Table, str]]) -> None:
    first: dict[str, Table] = {}
    for table, value in values:
        if value and first.setdefault(value, table) is not table:
            table.wrong(f"the same {key} as in {first[value].place}")
