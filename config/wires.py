"""What an operator says of one wire: a [[wire]] table of feeds.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from config import values
from config.tables import Kind, Table

_KEYS: dict[str, Kind] = {
    "name": str, "transport": str, "path": str, "url": str, "format": str, "every": (int, float, str), "tags": list,
    "headers": dict, "language": str, "timezone": str, "user": str, "password": str, "key": str, "host_key": str,
    "done": str, "hosts": list,
}  # fmt: skip
_SCHEMES = ("http", "https", "sftp", "ftp", "ftps")
_NAME = re.compile(r"[^\W_][\w .-]{0,99}")  # it becomes part of a URN and of the name of a folder
_HOST = re.compile(r"((\*\.)?[\w-]+(\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
_HOST_KEY = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_DONE = re.compile(r"keep|delete|move:[^\s].*")


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire an operator listed. Secrets stand as `env:NAME` or `file:PATH`: settings.secret resolves them."""

    name: str
    transport: str  # name of a module in ingest/transports
    path: str | None = None  # folder of a spool
    url: str | None = None  # of the other transports: http(s)://, sftp://, ftp://, ftps://; a secret one as a reference
    format: str | None = None  # name of a module in ingest/wire; None: recognised by content
    every: float | None = None  # seconds between two looks; None: the transport decides
    tags: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict, repr=False)  # of http, wireq and second fetches
    language: str | None = None  # of items that name none (BCP 47)
    timezone: str | None = None  # IANA name of the zone its zoneless clocks mean
    user: str | None = None  # of sftp and ftp
    password: str | None = field(default=None, repr=False)  # likewise, a reference; opens `key` where that is locked
    key: str | None = field(default=None, repr=False)  # private key of sftp, a reference
    host_key: str | None = None  # of the sftp server: "SHA256:..." as ssh-keygen -lf prints it
    done: str = "keep"  # what happens to a fetched remote file: keep, delete, or move:FOLDER
    hosts: tuple[str, ...] = ()  # further hosts whose second fetches get the headers

    @property
    def zone(self) -> ZoneInfo | None:
        """The timezone as an object."""
        return ZoneInfo(self.timezone) if self.timezone else None

    def secrets(self) -> tuple[str, ...]:
        """The references that have to lead somewhere, and the plain values between them."""
        return tuple(value for value in (self.url, self.password, self.key, *self.headers.values()) if value)


def wire(table: Table) -> Wire:
    """The wire of a table; its mistakes are noted there. What only its transport knows is not looked at."""
    given = table.only(_KEYS)
    for key in ("name", "transport"):
        if key not in table.values:
            table.wrong(f"a [[wire]] needs a {key}")
    return Wire(
        _name(table, given.get("name", "?")),
        given.get("transport", ""),
        _path(table, given.get("path")),
        _url(table, given.get("url")),
        given.get("format"),
        values.every(table, given.get("every")),
        values.tags(table, given.get("tags", [])),
        values.headers(table, given.get("headers", {})),
        values.language(table, given.get("language")),
        values.timezone(table, given.get("timezone")),
        _user(table, given.get("user")),
        values.reference(table, "password", given.get("password")),
        values.reference(table, "key", given.get("key")),
        _host_key(table, given.get("host_key")),
        _done(table, given.get("done", "keep")),
        _hosts(table, given.get("hosts", [])),
    )


def _name(table: Table, name: str) -> str:
    if "name" in table.values and not _NAME.fullmatch(name):
        table.wrong(
            f"name {name[:100]!r} has to be 1 to 100 letters, digits, spaces, dots, _ and -, a letter or digit first"
        )
    return name


def _path(table: Table, path: str | None) -> str | None:
    if path is not None and (not path.strip() or "\0" in path):
        table.wrong(f"path {path!r} names no folder")
    return path


def _url(table: Table, url: str | None) -> str | None:
    if url is not None and not values.is_reference(url):
        values.address(table, url, _SCHEMES, 'user = "NAME", password = "env:NAME", or headers')
    return url


def _user(table: Table, user: str | None) -> str | None:
    if user is not None and (not user or not user.isprintable()):
        table.wrong(f"user {user!r} has to be printable")
    return user


def _host_key(table: Table, key: str | None) -> str | None:
    if key is not None and not _HOST_KEY.fullmatch(key):
        table.wrong(f"host_key {key[:100]!r} has to be SHA256: and 43 characters, as ssh-keygen -lf prints it")
    return key


def _done(table: Table, done: str) -> str:
    if not _DONE.fullmatch(done) or not done.isprintable():
        table.wrong(f"done {done[:100]!r} has to be keep, delete or move:FOLDER")
    return done


def _hosts(table: Table, hosts: list[Any]) -> tuple[str, ...]:
    found = table.texts("hosts", hosts)
    for host in found:
        match = _HOST.fullmatch(host)
        if not match or not 0 < int((match[4] or ":1")[1:]) < 65536:
            table.wrong(f"hosts: {host!r} is neither host, host:port nor *.suffix")
    return found
