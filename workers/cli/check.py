"""`wiredesk check`: everything that is wrong, at once, each with what to do."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

import click

from config.settings import Settings, SettingsError, secret
from config.taggers import taggers
from ingest import server
from ingest.account import Account
from ingest.errors import Trouble
from ingest.store import Store
from ingest.wires import dialects
from workers.cli import place
from workers.watch import PREFIX as DRIFT

LEAST_DISK = 500 * 10**6  # bytes
MOST_SKEW = 5.0  # seconds between our clock and the server's


@click.command("check")
def command() -> None:
    """Check settings, feeds, server, folders and clock, and recount the ledger."""
    settings = place.settings("check")
    said = list(findings(settings))
    wrong = [line for line in said if not line.startswith("note: ")]
    for line in said:
        if line not in wrong:
            place.say(line)
    for line in wrong:
        place.say("WRONG " + line)
    if not wrong:
        place.say("all is well")
    sys.exit(1 if wrong else 0)


def findings(settings: Settings) -> Iterator[str]:
    """Every line there is to say."""
    yield from _folders(settings)
    yield from _files(settings)
    if settings.proxy:
        yield "note: WIREDESK_PROXY is set: the proxy must itself refuse private addresses, wiredesk cannot see them"
    if settings.redis_url is None and not server.answers(settings.data):
        yield from _attempt(server.binary)
        yield f"note: no server runs on {settings.data}; `wiredesk run` starts one"
        return
    try:
        yield from _server(settings)
    except Trouble as error:
        yield str(error)


def _attempt(step: Callable[[], object]) -> Iterator[str]:
    """What is wrong with a step, if anything."""
    try:
        step()
    except (Trouble, SettingsError) as error:
        yield from str(error).splitlines()


def _folders(settings: Settings) -> Iterator[str]:
    if not settings.config.is_dir():
        yield f"{settings.config}: no such folder; set WIREDESK_CONFIG to the folder of feeds.toml"
    if settings.redis_url is None:
        folder = settings.data if settings.data.exists() else settings.data.absolute().parent
        if not os.access(folder, os.W_OK):
            yield f"{settings.data}: cannot be written; set WIREDESK_DATA to a folder that can"
        elif (free := shutil.disk_usage(folder).free) < LEAST_DISK:
            yield f"{settings.data}: only {free // 10**6} MB of disk are free; make room or the server stops writing"


def _files(settings: Settings) -> Iterator[str]:
    yield from _attempt(partial(taggers, place.taggers_file(settings)))
    yield from _attempt(partial(dialects, settings.config / "dialects"))
    try:
        listed = place.listed(place.feeds_file(settings))
    except SettingsError as error:
        yield from str(error).splitlines()
        return
    if not listed.feeds and not listed.wires:
        yield f"{place.feeds_file(settings)}: lists no feed; add one with `wiredesk feeds add URL`"
    named = [feed.headers.values() for feed in listed.feeds] + [wire.secrets() for wire in listed.wires]
    for value in chain.from_iterable(named):
        yield from _attempt(partial(secret, value))
    if settings.proxy and any(wire.transport in ("sftp", "ftp") for wire in listed.wires):
        yield "note: WIREDESK_PROXY is for HTTP; wires by sftp and ftp connect directly"


def _server(settings: Settings) -> Iterator[str]:
    found: Store = place.store(settings)
    skew = time.time() - found.now()
    if abs(skew) > MOST_SKEW:
        yield f"the server's clock is {skew:+.0f} s from ours; set both by NTP"
    info = found.ask(found.client.info)
    assert isinstance(info, dict)
    if info.get("maxmemory_policy") not in ("noeviction", None):
        yield f"the server evicts data (maxmemory-policy {info['maxmemory_policy']}); set it to noeviction"
    if not info.get("aof_enabled"):
        yield "the server keeps nothing across a restart; start it with appendonly yes"
    account = Account(found)
    yield from account.wrong()
    yield from (_alarm(name, text) for name, text in account.alarms().items())
    for role, start in (("poller", "poll"), ("worker", "work")):
        if not account.beats(role):
            yield f"note: no {role} is running; `wiredesk {start}` starts one"


def _alarm(name: str, text: str) -> str:
    """An alarm, and what to do about a site that drifts."""
    hint = "; compare that page with what `wiredesk extract` makes of it" if name.startswith(DRIFT) else ""
    return f"alarm {name}: {text}{hint}"
