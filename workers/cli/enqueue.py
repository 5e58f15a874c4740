"""`wiredesk enqueue`: put addresses at the head of the line, and follow them to their end if asked."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import click

from config.settings import SettingsError
from ingest.account import Account
from ingest.errors import GiveUp
from ingest.ledger import Ledger
from ingest.links import clean, host
from ingest.model import State
from ingest.store import Store
from workers.cli import place
from workers.cli.events import by_id, line

PACE = 0.1  # seconds between looks


@click.command("enqueue")
@click.argument("urls", nargs=-1, required=True, metavar="URL|- ...")
@click.option("--wait", is_flag=True, help="Follow each to its end; exit 1 if any did not become a document.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.option("--tags", default="", help="Comma-separated tags for the documents.")
def command(urls: tuple[str, ...], wait: bool, as_json: bool, tags: str) -> None:
    """Fetch these addresses next (`-` reads them from standard input)."""
    settings = place.settings("enqueue")
    given = [u for url in urls for u in (sys.stdin.read().split() if url == "-" else [url])]
    cleaned = _cleaned(given)
    store = place.store(settings)
    answers: list[str] = []
    given_tags = ",".join(t for tag in tags.split(",") if (t := " ".join(tag.split())))
    for i in range(0, len(cleaned), 200):
        answers += Ledger(store).enqueue([(u, host(u)) for u in cleaned[i : i + 200]], given_tags)
    if not wait:
        for url, word in zip(cleaned, answers, strict=True):
            place.emit({"url": url, "enqueued": word}) if as_json else place.say(f"{word:8} {url}")
        return
    sys.exit(0 if Wait(store, as_json).follow(cleaned) else 1)


def _cleaned(urls: list[str]) -> list[str]:
    good, bad = [], []
    for url in urls:
        try:
            good.append(clean(url))
        except GiveUp as error:
            bad.append(str(error))
    if bad:
        raise SettingsError("\n".join(bad))
    return list(dict.fromkeys(good))


@dataclass(frozen=True, slots=True)
class Wait:
    """Follows records to their end and prints how each ended."""

    store: Store
    as_json: bool

    def follow(self, urls: list[str]) -> bool:
        """True when every address became a document."""
        account = Account(self.store)
        left = {account.by_hand(url): url for url in urls}
        good, told = True, 0.0
        while left:
            for rid, url in list(left.items()):
                record = account.record(rid)
                if record.get("st") != State.PENDING and record.get("rk") != "1":
                    good &= self._print(url, record)
                    del left[rid]
            if left and time.monotonic() - told > 10:
                told = self._tell(account, told)
            time.sleep(PACE if left else 0)
        return good

    def _tell(self, account: Account, told: float) -> float:
        missing = [role for role in ("poller", "worker") if not account.beats(role)]
        if missing:
            click.echo(f"waiting: no {' and no '.join(missing)} is running", err=True)
        elif told:
            click.echo("waiting", err=True)
        return time.monotonic()

    def _print(self, url: str, record: dict[str, str]) -> bool:
        document = Account(self.store).document(record.get("d", "")) if record.get("d") else {}
        event = by_id(self.store, document.get("s", "")) if document else {}
        if not document or "lr" in record:  # also a fresh look at a document that came to nothing
            reason = record.get("lr") or record.get("r")
            out = {"url": url, "state": record.get("st"), "reason": reason, "detail": record.get("x")}
            place.emit(out) if self.as_json else place.say(
                f"{out['state']:8} {url}: {out['reason']} {out['detail'] or ''}"
            )
            return False
        place.emit(event) if self.as_json else place.say(line(event) if event else url)
        if not self.as_json and event:
            click.echo(f"\n{event['text']}\n")
        return True
