"""`wiredesk documents`: the event stream, printed."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib import resources
from typing import Any

import click
import redis

from ingest import keys
from ingest.account import Account
from ingest.errors import ServerAway
from ingest.store import Store, word
from workers.cli import place
from workers.cli.events import before, line, read, start
from workers.wanted import ORIGINALS, wanted

BATCH = 100
CONSUMER = "wiredesk-documents"


@click.command("documents")
@click.option("--follow", is_flag=True, help="Wait for more.")
@click.option("--from", "where", metavar="X", help="A stream id, an event id, a time, or `now`.")
@click.option("--count", type=click.IntRange(1), help="Stop after this many.")
@click.option("--group", help="Read as this consumer group, acknowledging what was written out.")
@click.option("--originals", is_flag=True, help="Leave copies and excerpts of other documents out.")
@click.option("--json", "as_json", is_flag=True, help="One event per line, with `stream` and `text` added.")
@click.option("--schema", is_flag=True, help="Print the event's JSON Schema and end.")
def command(  # noqa: PLR0913, PLR0917  # one parameter per option
    follow: bool, where: str | None, count: int | None, group: str | None, originals: bool, as_json: bool, schema: bool
) -> None:
    """Print documents from the oldest kept to the last."""
    if schema:
        click.echo(resources.files("workers").joinpath("event.schema.json").read_text("utf-8"))
        return
    store = place.store(place.settings("documents"))
    done, account = Acknowledge(store, group), Account(store)
    source = grouped(store, group, where, follow) if group else plain(store, start(store, where), follow)
    shown = 0
    with contextlib.suppress(KeyboardInterrupt):
        for entry in source:
            event = read(entry)
            if wanted(event, ORIGINALS if originals else (), account.event):
                place.emit(event) if as_json else place.say(line(event))
                shown += 1
            sys.stdout.flush()
            done(entry[0])
            if shown == count:
                break


class Acknowledge:
    """Acknowledges an entry to its group once it has been written out; without a group it does nothing."""

    def __init__(self, store: Store, group: str | None) -> None:
        self.store, self.group = store, group

    def __call__(self, sid: bytes) -> None:
        """This entry has been written out."""
        group = self.group
        if group:
            self.store.ask(lambda: self.store.client.xack(keys.STREAM, group, sid))


def plain(store: Store, first: str, follow: bool) -> Iterator[Any]:
    """Entries from an id on; a lost server is waited for when following."""
    last = first
    if first == "$":
        last = "(" + _end(store)
    while True:
        rows: Any = _patient(partial(store.client.xrange, keys.STREAM, last, "+", BATCH), store, follow)
        for row in rows:
            yield row
            last = "(" + word(row[0])
        if not rows:
            if not follow:
                return
            sys.stdout.flush()
            time.sleep(0.2)


def grouped(store: Store, name: str, where: str | None, follow: bool) -> Iterator[Any]:
    """Entries as a consumer group: first what was read and never acknowledged, then new ones."""
    client = store.client
    first = start(store, where) if where else "0"
    first = first if first in ("0", "$") else before(first)
    with contextlib.suppress(redis.ResponseError):  # the group exists: it goes on where it was
        store.ask(lambda: client.xgroup_create(keys.STREAM, name, first, mkstream=True))
    position = "0"
    while True:
        found: Any = _patient(
            partial(client.xreadgroup, name, CONSUMER, {keys.STREAM: position}, BATCH),
            store,
            follow,
        )
        rows = found[0][1] if found else []
        for sid, fields in rows:
            if fields:
                yield sid, fields
            else:  # trimmed before it was acknowledged
                Acknowledge(store, name)(sid)
        if position == "0" and not rows:
            position = ">"
        elif not rows:
            if not follow:
                return
            time.sleep(0.2)


def _patient(question: Any, store: Store, follow: bool) -> Any:
    while True:
        try:
            return store.ask(question)
        except ServerAway:
            if not follow:
                raise
            time.sleep(1)


def _end(store: Store) -> str:
    last: Any = store.ask(lambda: store.client.xrevrange(keys.STREAM, "+", "-", 1))
    return word(last[0][0]) if last else "0-0"
