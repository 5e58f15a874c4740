"""Reading events from the stream, for the commands that print them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import click

from ingest.account import Account
from ingest.store import Store, word
from workers.event import with_text


def read(entry: tuple[bytes, dict[bytes, bytes]]) -> dict[str, Any]:
    """A stream entry as `documents --json` shows it: the event, its stream id, its text."""
    sid, fields = entry
    return {**with_text(json.loads(fields[b"event"])), "stream": word(sid)}


def by_id(store: Store, sid: str) -> dict[str, Any]:
    """The event at a stream id; empty when it is no longer kept."""
    event = Account(store).at(sid)
    return {**with_text(event), "stream": sid} if event else {}


def line(event: dict[str, Any]) -> str:
    """An event as one line for people."""
    kind = event["type"].split(".")[2]
    words = len(event.get("text", "").split())
    title = event.get("title") or event.get("url") or event["subject"]
    relation = event.get("relation", "original")
    about = f"{words} words" + (f", {relation}" if relation != "original" else "")
    return f"{event['time'][:19]} {kind:9} {event.get('feed', '-')[:20]:20} {title} ({about})"


def start(store: Store, where: str | None) -> str:
    """The stream id just before which reading starts: from a stream id, an event id, a time, `now`, or the oldest."""
    if where is None:
        return "-"
    if where == "now":
        return "$"
    head, _, tail = where.partition("-")
    if head.isdigit() and (not tail or tail.isdigit()):
        return where
    if position := Account(store).position(where):
        return position
    try:
        moment = datetime.fromisoformat(where)
    except ValueError:
        raise click.BadParameter(f"{where!r} is no stream id, no kept event id, no time and not `now`") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{int(aware.timestamp() * 1000)}-0"


def before(sid: str) -> str:
    """The stream id just before this one: cursors and groups name what was handed on last."""
    ms, _, seq = sid.partition("-")
    return f"{ms}-{int(seq) - 1}" if int(seq or 0) else f"{max(int(ms) - 1, 0)}-{2**63}"
