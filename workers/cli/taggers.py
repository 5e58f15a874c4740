"""`wiredesk taggers`: the RQ taggers of taggers.toml."""

from __future__ import annotations

import click

from config.settings import Settings, SettingsError
from config.taggers import Tagger, taggers
from workers.cli import place
from workers.cli.events import before, start
from workers.dispatch import Dispatch
from workers.survey import Survey


@click.group("taggers")
def command() -> None:
    """List and replay RQ taggers, see their dead letters."""


def _one(settings: Settings, name: str) -> Tagger:
    listed = {t.name: t for t in taggers(place.taggers_file(settings))}
    if name not in listed:
        raise SettingsError(
            f"{place.taggers_file(settings)}: no tagger {name!r} (known: {', '.join(listed) or 'none'})"
        )
    return listed[name]


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
def show(as_json: bool) -> None:
    """Every tagger with the relations it wants, its lag and dead letters."""
    settings = place.settings("taggers")
    running = {
        t["name"]: t for t in Survey(place.store(settings), settings).status()["taggers"] if t["kind"] == "tagger"
    }
    for tagger in taggers(place.taggers_file(settings)):
        state = running.get(tagger.name, {"lag": None, "queued": 0, "dead_letters": 0})
        found = {
            "name": tagger.name,
            "function": tagger.function,
            "relations": list(tagger.relations),
            **{k: state[k] for k in ("lag", "queued", "dead_letters")},
        }
        said = {**found, "relations": " ".join(tagger.relations) or "all"}
        place.emit(found) if as_json else place.say(", ".join(f"{k} {v}" for k, v in said.items()))


@command.command("replay")
@click.argument("name")
@click.option("--from", "where", required=True, metavar="X", help="A stream id, an event id, a time, or `now`.")
def replay(name: str, where: str) -> None:
    """Hand events on again from X."""
    settings = place.settings("taggers")
    _one(settings, name)
    store = place.store(settings)
    first = start(store, where)
    dispatch = Dispatch(store)
    dispatch.replay(name, dispatch.end() if first == "$" else before(first))
    place.say(f"{name} goes on from {where}")


@command.command("failed")
@click.argument("name")
@click.option("--retry", is_flag=True, help="Put all of them back.")
@click.option("--json", "as_json", is_flag=True)
def failed(name: str, retry: bool, as_json: bool) -> None:
    """The dead letters of one tagger."""
    settings = place.settings("taggers")
    _one(settings, name)
    dispatch = Dispatch(place.store(settings))
    letters = dispatch.failed(name)
    for job_id in letters.get_job_ids():
        if retry:
            letters.requeue(job_id)
        place.emit({"job": job_id, "retried": retry}) if as_json else place.say(job_id + (" put back" if retry else ""))
