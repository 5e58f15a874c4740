"""`wiredesk status`: counters, feeds, taggers, memory and alarms at one look."""

from __future__ import annotations

from typing import Any

import click

from workers.cli import place
from workers.survey import Survey
from workers.watch import PREFIX as DRIFT

SITES = 20  # drifting sites shown to people


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(as_json: bool) -> None:
    """Show how the service stands."""
    settings = place.settings("status")
    found = Survey(place.store(settings), settings).status()
    if as_json:
        place.emit(found)
        return
    for line in lines(found):
        place.say(line)


def lines(found: dict[str, Any]) -> list[str]:
    """The same for people."""
    states = ("pending", "delivered", "merged", "rejected", "failed")
    law = " + ".join(f"{found[s]} {s}" for s in states)
    out = [f"discovered {found['discovered']} = {law}" + ("" if found["law"] else "   DOES NOT ADD UP")]
    out.append("events     " + (", ".join(f"{n} {k}" for k, n in found["events"].items()) or "none"))
    out.append(f"pending    oldest for {found['oldest_pending_s']:.0f} s")
    out.append("queues     " + ", ".join(f"{k} {v}" for k, v in found["queues"].items()))
    out.append("feeds      " + (", ".join(f"{n} {k}" for k, n in found["feeds"]["counts"].items()) or "none"))
    out += [f"           {f['health']}: {f['url']}: {f['error']}" for f in found["feeds"]["trouble"][:20]]
    for tagger in found["taggers"]:
        more = "".join(f", {k} {tagger[k]}" for k in ("queued", "dead_letters") if k in tagger)
        out.append(f"{tagger['kind']:10} {tagger['name']}: lag {tagger['lag']}{more}")
    if found["tail"]:
        out.append(f"tail       held by {found['tail']['kind']} {found['tail']['name']} at {found['tail']['position']}")
    out.append("memory     " + ", ".join(f"{k} {v / 1e6:.1f} MB" for k, v in found["memory"].items() if v))
    index = found["relations"]
    if index["documents"]:
        out.append(
            f"relations  {index['documents']} documents in {index['bytes'] / 1e6:.1f} MB, "
            f"{index['bytes_per_document']} bytes each"
        )
    out.append("processes  " + ", ".join(f"{n} {k}" for k, n in found["processes"].items()))
    out += [f"ALARM      {name}: {text}" for name, text in found["alarms"].items() if not name.startswith(DRIFT)]
    drifting = [f"ALARM      {name}: {text}" for name, text in found["alarms"].items() if name.startswith(DRIFT)]
    out += drifting[:SITES]
    if len(drifting) > SITES:
        out.append(f"ALARM      {len(drifting) - SITES} more sites drift; `wiredesk status --json` lists all")
    return out
