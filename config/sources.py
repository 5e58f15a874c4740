"""Read feeds.toml: the feeds to poll (and the wires to come), every mistake reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import TypeAdapter, ValidationError

from config import tables
from config.settings import Seconds, SettingsError
from config.tables import Kind, Table

_FEED: dict[str, Kind] = {
    "url": str, "name": str, "every": (int, float, str), "tags": list, "headers": dict,
    "language": str, "timezone": str, "full_text": bool,
}  # fmt: skip
_WIRE: dict[str, Kind] = {
    "name": str, "transport": str, "path": str, "url": str, "format": str,
    "timezone": str, "language": str, "tags": list, "headers": dict,
}  # fmt: skip
_SECRETIVE = re.compile(r"auth|cookie|key|token|secret|passw|credential|session", re.IGNORECASE)
_OURS = {
    "host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te", "upgrade", "range",
    "if-none-match", "if-modified-since", "user-agent",
}  # fmt: skip  # the service sets these itself
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47, loosely
_SECONDS: TypeAdapter[float] = TypeAdapter(Seconds)


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
    later: list[str]  # what is accepted and not read yet, one line each


def feeds(path: Path) -> list[Feed]:
    """The feeds of a file, in its order. Raises SettingsError naming every mistake and its line."""
    return sources(path).feeds


def sources(path: Path) -> Sources:
    """Everything a feeds.toml says. Raises SettingsError naming every mistake and its line."""
    try:
        found = tables.read(path, "feed", "wire")
    except FileNotFoundError:
        cure = "`wiredesk feeds add URL` makes one; WIREDESK_CONFIG names another folder"
        raise SettingsError(f"{path}: there is no such file ({cure})") from None
    listed = [(table, _feed(table)) for table in found.found if table.name == "feed"]
    later = [_wire(table) for table in found.found if table.name == "wire"]
    _unique("url", ((table, _comparable(feed.url)) for table, feed in listed))
    _unique("name", ((table, feed.name) for table, feed in listed if "name" in table.values))
    found.settle()
    return Sources([feed for _, feed in listed], later)


def _feed(table: Table) -> Feed:
    values = table.only(_FEED)
    url = values.get("url", "").strip()
    if url:
        _check_url(table, url)
    elif table.values.get("url", "") == url:
        table.wrong("a [[feed]] needs a url")
    return Feed(
        url,
        _name(table, values.get("name"), url),
        _every(table, values.get("every")),
        _tags(table, values.get("tags", [])),
        _headers(table, values.get("headers", {})),
        _language(table, values.get("language")),
        _timezone(table, values.get("timezone")),
        values.get("full_text", False),
    )


def _wire(table: Table) -> str:
    values = table.only(_WIRE)
    for key in ("name", "transport"):
        if key not in table.values:
            table.wrong(f"a [[wire]] needs a {key}")
    _tags(table, values.get("tags", []))
    _headers(table, values.get("headers", {}))
    _language(table, values.get("language"))
    _timezone(table, values.get("timezone"))
    return f"{table.place}: [[wire]] {values.get('name', '?')} is accepted; wires are not read yet"


def _check_url(table: Table, url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        table.wrong(f"url {_safe(url)!r}: {error}")
        return
    if parts.scheme.lower() not in ("http", "https") or not host:
        table.wrong(f"url {_safe(url)!r} has to begin with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        table.wrong('url holds a user name or password; write headers = { Authorization = "env:NAME" } instead')
    if not url.isprintable() or " " in url:
        table.wrong(f"url {_safe(url)!r} holds white space or control characters")


def _safe(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//...@", url)[:200]


def _name(table: Table, name: str | None, url: str) -> str:
    if name is None:
        parts = url.partition("?")[0].partition("://")
        return parts[2].rpartition("@")[2].rstrip("/") or url
    if not name.strip() or not name.isprintable() or len(name) > 100:
        table.wrong(f"name {name[:100]!r} has to be 1 to 100 printable characters")
    return name.strip()


def _every(table: Table, every: Any) -> float | None:
    if every is None:
        return None
    try:
        seconds = _SECONDS.validate_python(every)
    except ValidationError as error:
        table.wrong(f"every: {error.errors()[0]['msg'].removeprefix('Value error, ')} (given: {every!r})")
        return None
    if not 1 <= seconds <= 30 * 86400:
        table.wrong(f"every has to lie between 1 s and 30 d (given: {every!r})")
    return seconds


def _tags(table: Table, tags: list[Any]) -> tuple[str, ...]:
    found = table.texts("tags", tags)
    for tag in found:
        if "," in tag:
            table.wrong(f"tag {tag!r} holds a comma: events join tags with commas")
    return tuple(dict.fromkeys(tag.strip() for tag in found))


def _headers(table: Table, headers: dict[str, Any]) -> dict[str, str]:
    for name, value in headers.items():
        if not isinstance(value, str):
            table.wrong(f"header {name!r} has to be a string")
        elif not _TOKEN.fullmatch(name) or not value.isprintable():
            table.wrong(f"header {name!r}: no valid HTTP field")
        elif name.lower() in _OURS:
            table.wrong(f"header {name!r} is set by the service itself")
        elif value.startswith(("env:", "file:")) and not _REFERENCE.fullmatch(value):
            table.wrong(f"header {name!r}: write env:NAME or file:PATH")
        elif _SECRETIVE.search(name) and not _REFERENCE.fullmatch(value):
            table.wrong(f"header {name!r} holds a secret; write env:NAME or file:PATH and keep the value there")
    return {name: value for name, value in headers.items() if isinstance(value, str)}


def _language(table: Table, language: str | None) -> str | None:
    if language is not None and not _LANGUAGE.fullmatch(language):
        table.wrong(f"language {language!r} has to be a tag such as en or pt-BR (BCP 47)")
    return language


def _timezone(table: Table, timezone: str | None) -> str | None:
    if timezone is not None and timezone not in available_timezones():
        table.wrong(f"timezone {timezone!r} is not known; write one such as Europe/Madrid (IANA)")
    return timezone


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
