"""`wiredesk why`: the story of one record, from where it was found to which taggers have it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from config.settings import SettingsError
from config.taggers import taggers
from ingest import intake
from ingest.account import Account, name_of
from ingest.links import shown
from workers import changes
from workers.changes import Change
from workers.claims import unpacked
from workers.cli import lineage, place
from workers.trim import Trim, order
from workers.wanted import wanted

_GIVEN = {"tagger": "given", "group": "acknowledged"}


@click.command("why")
@click.argument("name", metavar="URL|GUID|EVENT-ID")
@click.option("--json", "as_json", is_flag=True)
@click.option("--diff", is_flag=True, help="Show the sentences that came and went between versions.")
def command(name: str, as_json: bool, diff: bool) -> None:
    """Tell the story of an address, a guid or an event."""
    settings = place.settings("why")
    store = place.store(settings)
    account = Account(store)
    rids = account.find(name)
    if not rids:
        click.echo(f"wiredesk: nothing is known of {name}", err=True)
        sys.exit(1)
    told = story(account, rids, Readers(Trim(store, settings), _wants(place.taggers_file(settings))), diff)
    place.emit(told) if as_json else _print(told)


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads the stream, how far they are, and which relations each tagger wants (none named: all)."""

    trim: Trim
    wants: Mapping[str, tuple[str, ...]]


def _wants(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        return {tagger.name: tagger.relations for tagger in taggers(path)}
    except SettingsError:  # `check` says what is wrong with the file; the story can be told
        return {}


def story(account: Account, rids: list[str], readers: Readers, diff: bool = False) -> dict[str, Any]:
    """The ledger of the first record and of all that found the same document."""
    known = {rid: record for rid in rids if (record := account.record(rid))}
    records = list(known.values())
    first = records[0] if records else {}
    did = first.get("d", "")
    document = account.document(did) if did else {}
    kept = _kept(account, document)
    return {
        "url": _address(first) or first.get("g") or name_of(first),
        "subject": f"urn:wiredesk:{did}" if did else None,
        "state": first.get("st"),
        "stage": first.get("sg"),
        "outcome": first.get("st"),
        "reason": first.get("r"),
        "detail": first.get("x"),
        **_held(account, records),
        "found": [_found(account, r) for r in records],
        "fetches": [_fetch(r) for r in records if "fx" in r],
        "looks": _looks(account, known),
        "fields": unpacked(document.get("fl", "")),
        "relation": lineage.lineage(account, did) if document else None,
        "events": [
            {"id": event, "stream": sid or None, "type": told.get("type"), "time": told.get("time")}
            for event, sid, told in kept
        ],
        **({"diff": lineage.versions([told for _, _, told in kept])} if diff else {}),
        "taggers": _taggers(account, readers, kept[-1] if kept else ("", "", {})),
    }


def _address(record: Mapping[str, str]) -> str:
    """Where a record's page is; of what is held nothing is told that may say what it is about."""
    return "" if record.get("sg") == "held" else shown(record.get("u", ""))


def _held(account: Account, records: list[dict[str, str]]) -> dict[str, str]:
    """Until when a version is held, and nothing of what it says."""
    held = next((record for record in records if record.get("sg") == "held"), None)
    until = account.held(held) if held else 0.0
    return {"held": f"until {place.iso(until)}" if until else "until its agency frees it"} if held else {}


def _looks(account: Account, known: dict[str, dict[str, str]]) -> dict[str, Any]:
    """When the delivered page was looked at last and will be next, and why the last look came to nothing."""
    for rid, record in known.items():
        if due := account.next_look(rid, record):
            last = place.iso(int(record["la"])) if "la" in record else None
            told = {"next": place.iso(due), "last": last, "reason": record.get("lr")}
            return {name: value for name, value in told.items() if value}
    return {}


def _found(account: Account, record: dict[str, str]) -> dict[str, Any]:
    feeds = {f["id"]: f for f in account.feeds()} if record.get("f", "-") != "-" else {}
    feed = feeds.get(record.get("f", ""), {})
    return {
        "source": shown(feed["u"]) if feed else _source(record),
        "guid": record.get("g"),
        "url": _address(record),
        "at": place.iso(int(record.get("t", 0)) / 1000),
        "state": record.get("st"),
        "reason": record.get("r"),
    }


def _source(record: Mapping[str, str]) -> str | None:
    """What showed a record whose source is not listed: a person, a wire by its name, a feed by its key."""
    wire = record.get("h", "").partition(intake.host_of(""))[2]
    known = intake.Source("", wire).uri if wire else record.get("f")
    return "urn:wiredesk:enqueue" if record.get("f") == "-" else known


def _fetch(record: dict[str, str]) -> dict[str, Any]:
    at, outcome, size, *hops = json.loads(record["fx"])
    return {
        "url": shown(record.get("u", "")),
        "at": place.iso(at),
        "outcome": outcome,
        "bytes": size,
        "redirects": hops,
    }


def _kept(account: Account, document: dict[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
    """Id, stream id and content of a document's events, oldest first; without the last two where no longer kept."""
    names = [*document.get("ev", "").split(), *([document["e"]] if document else [])]
    places = [account.position(name) for name in names]
    return [(name, sid, account.at(sid)) for name, sid in zip(names, places, strict=True)]


def _taggers(account: Account, readers: Readers, last: tuple[str, str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Which readers have the document's last event; a tagger is not given what its filter leaves out."""
    _, sid, event = last
    rows: list[dict[str, Any]] = []
    for reader in readers.trim.readers() if sid else ():
        passed = order(reader.position) >= order(sid)
        if reader.kind == "tagger":
            passed = passed and wanted(event, readers.wants.get(reader.name, ()), account.event)
        rows.append({"name": reader.name, "kind": reader.kind, _GIVEN[reader.kind]: passed})
    return rows


def _print(told: dict[str, Any]) -> None:
    place.say(f"{told['url']}\n".strip())
    place.say(f"  {told['state']}{': ' + told['reason'] if told['reason'] else ''} {told['detail'] or ''}".rstrip())
    if "held" in told:
        place.say(f"  held {told['held']}")
    for name in ("found", "fetches", "events", "taggers"):
        for row in told[name]:
            place.say(f"  {name}: " + ", ".join(f"{k} {v}" for k, v in row.items() if v not in (None, [], "")))
    if told["looks"]:
        place.say("  looks: " + ", ".join(f"{k} {v}" for k, v in told["looks"].items()))
    for line in lineage.lines(told["relation"]):
        place.say(line)
    for step in told.get("diff", []):
        place.say(f"  diff: {step['previous']} to {step['event']}")
        for line in changes.lines(Change(tuple(step["added"]), tuple(step["removed"]), 0)):
            place.say(f"    {line}")
    if told["fields"]:
        place.say("  fields: " + ", ".join(f"{k} from {v}" for k, v in told["fields"].items()))
