"""Where a command works: settings, the server in use, and the files of the config folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from config import logs
from config.settings import Settings, load
from ingest import server
from ingest.errors import ServerAway
from ingest.store import Store

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


def taggers_file(settings: Settings) -> Path:
    """The taggers."""
    return settings.config / "taggers.toml"


def emit(value: Any) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """One line for people on standard output; control characters of strangers are shown, not obeyed."""
    shown = "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode("ascii") for c in text)
    sys.stdout.write(shown + "\n")
    sys.stdout.flush()
