"""Where a command works: settings, the server in use, and the files of the config folder."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import logs
from config.settings import Settings, SettingsError, load
from config.sources import Sources, sources
from config.taggers import taggers
from ingest import server
from ingest.errors import ServerAway
from ingest.store import Store

# C1 controls, separators that end a line for some readers, marks that turn text around, lone surrogates.
_OBEYED = re.compile("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
NO_SERVER = "no server: start `wiredesk run` on this data folder ({data}), or set WIREDESK_REDIS_URL"


def settings(role: str = "") -> Settings:
    """The settings, with logging set up for this process."""
    found = load()
    logs.start(found.log, role)
    return found


def address(settings: Settings) -> str:
    """The address of the server in use: the configured one, or the embedded one of the data folder."""
    return settings.redis_url or server.url(settings.data)


def store(settings: Settings) -> Store:
    """The server in use, reached. Raises ServerAway with the cure."""
    if settings.redis_url is None and not server.answers(settings.data):
        raise ServerAway(NO_SERVER.format(data=settings.data))
    found = Store(address(settings), settings.retention)
    found.now()
    return found


def feeds_file(settings: Settings) -> Path:
    """The feed list."""
    return settings.config / "feeds.toml"


def listed(path: Path) -> Sources:
    """What a feed list says. Raises SettingsError with every mistake, also those that only a transport sees."""
    from ingest import transport

    return sources(path, transport.mistakes)


def taggers_file(settings: Settings) -> Path:
    """The taggers."""
    return settings.config / "taggers.toml"


def read_files(settings: Settings) -> None:
    """Read the files of the config folder once. Raises SettingsError with every mistake in them."""
    mistakes = []
    for read, path in ((listed, feeds_file(settings)), (taggers, taggers_file(settings))):
        try:
            read(path)
        except SettingsError as error:
            mistakes.append(str(error))
    if mistakes:
        raise SettingsError("\n".join(mistakes))


def emit(value: Any) -> None:
    """One line of JSON on standard output; what JSON leaves bare and a terminal obeys is written as an escape."""
    text = json.dumps(value, ensure_ascii=False)
    sys.stdout.write(_OBEYED.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n")


def iso(seconds: float) -> str:
    """A moment (seconds since 1970) in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def say(text: str) -> None:
    """One line for people on standard output; control characters of strangers are shown, not obeyed."""
    shown = "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode("ascii") for c in text)
    sys.stdout.write(shown + "\n")
    sys.stdout.flush()
