"""`wiredesk failures`: what failed or was refused, and putting it back."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from ingest.account import Account
from ingest.errors import GiveUp
from ingest.ledger import Ledger
from ingest.links import clean
from workers.cli import place


@click.command("failures")
@click.argument("urls", nargs=-1)
@click.option("--rejected", is_flag=True, help="What was refused, not what failed.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--retry", is_flag=True, help="Put all of them back, or the addresses given.")
def command(urls: tuple[str, ...], rejected: bool, as_json: bool, retry: bool) -> None:
    """List what did not become a document, oldest first."""
    if urls and not retry:
        raise click.UsageError("addresses are only taken with --retry")
    store = place.store(place.settings("failures"))
    wanted = {_clean(u) for u in urls}
    rows = [
        r
        for r in Account(store).ended("rejected" if rejected else "failed")
        if not wanted or _clean(r["url"]) in wanted
    ]
    if retry:
        rids = [r["record"] for r in rows if Account(store).retriable(r["record"])]
        done = sum(Ledger(store).retry(rids[i : i + 500]) for i in range(0, len(rids), 500))
        place.emit({"retried": done}) if as_json else place.say(f"{done} put back{_left(len(rows) - len(rids))}")
        return
    for row in rows:
        if as_json:
            place.emit({**row, "at": datetime.fromtimestamp(row["at"], UTC).isoformat(timespec="seconds")})
        else:
            when = datetime.fromtimestamp(row["at"], UTC).isoformat(timespec="seconds")
            place.say(f"{when} {row['reason']:14} {row['stage']:8} {row['attempts']:2}x {row['url']} {row['detail']}")


def _left(count: int) -> str:
    """What is said of those that nobody can ask for again."""
    how = "a wire's message comes again when its file is moved back into the spool, or sent anew"
    return f"; {count} cannot be asked for again ({how})" if count else ""


def _clean(url: str) -> str:
    try:
        return clean(url)
    except GiveUp:
        return url
