"""What an operator says of one wire: a [[wire]] table of feeds.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire an operator listed. Secrets stand as `env:NAME` or `file:PATH`: settings.secret resolves them."""

    name: str
    transport: str  # name of a module in ingest/transports
    path: str | None = None  # folder of a spool
    url: str | None = None  # of the other transports: http(s)://, sftp://, ftp://, ftps://
    format: str | None = None  # name of a module in ingest/wire; None: recognised by content
    every: float | None = None  # seconds between two looks; None: the transport decides
    tags: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict, repr=False)  # of http and wireq
    language: str | None = None  # of items that name none (BCP 47)
    timezone: str | None = None  # IANA name of the zone its zoneless clocks mean
    user: str | None = None  # of sftp and ftp
    password: str | None = field(default=None, repr=False)  # likewise, a reference
    key: str | None = field(default=None, repr=False)  # private key of sftp, a reference
    host_key: str | None = None  # of the sftp server: "SHA256:..." as ssh-keygen -lf prints it
    done: str = "keep"  # what happens to a fetched remote file: keep, delete, or move:FOLDER
    hosts: tuple[str, ...] = ()  # further hosts whose second fetches get the headers

    @property
    def zone(self) -> ZoneInfo | None:
        """The timezone as an object."""
        return ZoneInfo(self.timezone) if self.timezone else None
