"""`wiredesk demo`: a bundled newsroom and an agency, run through the real service, judged from their own logs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import click

from config.settings import PREFIX, inherited
from workers.cli import place

MOST = 90.0  # seconds
LIVES = "plain,corrected,embargoed,killed,broken"  # of the agency's items, in turn
WIRE = "urn:wiredesk:wire:"
SETTLE = 3.0  # seconds without a new event after which the run may be over


@click.command("demo")
@click.option("--count", type=click.IntRange(1, 10_000), default=30, show_default=True, help="Documents to see.")
@click.option("--json", "as_json", is_flag=True, help="Print the events as JSON Lines.")
def command(count: int, as_json: bool) -> None:
    """Run a small newsroom through the real service in a temporary folder; needs no network."""
    with tempfile.TemporaryDirectory(prefix="wiredesk-demo-") as folder:
        demo = Demo(Path(folder), count)
        try:
            demo.open()
            demo.watch(as_json)
        finally:
            demo.close()
        verdicts = demo.verdicts()
    for verdict in verdicts:
        click.echo(verdict.summary(), err=as_json)
        for fault in [*verdict.lost, *verdict.doubled, *verdict.wrong, *getattr(verdict, "early", [])]:
            click.echo(f"  {fault}", err=True)
    sys.exit(0 if all(verdict.passed for verdict in verdicts) else 1)


@dataclass
class Demo:
    """One run: a site, an agency, the service beside them, and what came out."""

    folder: Path
    count: int
    events: list[dict[str, Any]] = field(default_factory=list)
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def open(self) -> None:
        """Start the newsroom, list its feeds and the agency's wire, start the service and the agency."""
        words = [
            "--articles",
            str(self.count - self.wired),
            "--seconds",
            str(min(20, self.count / 5)),
            "--log",
            str(self.log),
        ]
        site = self._start([sys.executable, "-m", "workers.newsroom", *words], stdout=subprocess.PIPE)
        assert site.stdout is not None
        self.base = site.stdout.readline().strip()
        config = self.folder / "config"
        config.mkdir()
        listed = self._ask("/feeds.toml").replace("[[feed]]", "[[feed]]\nevery = 1")
        spool = self.folder / "spool"
        wire = f'[[wire]]\nname = "agency"\ntransport = "spool"\npath = {json.dumps(str(spool))}\n'
        (config / "feeds.toml").write_text(listed + wire, "utf-8")
        spool.mkdir()
        self.service = self._start(
            [sys.executable, "-m", "workers.cli", "run"], env=self._environ(), stderr=self._log_file()
        )

        given = ["--stories", str(self.wired), "--seconds", "8", "--gap", "4", "--hold", "3", "--lives", LIVES]
        self._start([sys.executable, "-m", "workers.newsroom.agency", str(spool), str(self.sent), *given])

    @property
    def wired(self) -> int:
        """How many of the documents come by wire."""
        return self.count // 5

    def _ask(self, path: str) -> str:
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:  # noqa: S310  # our own site on loopback
            return str(answer.read().decode())

    @property
    def log(self) -> Path:
        """What the site says it showed."""
        return self.folder / "site.jsonl"

    @property
    def sent(self) -> Path:
        """What the agency says it sent."""
        return self.folder / "agency.jsonl"

    def _log_file(self) -> TextIO:
        return (self.folder / "service.log").open("w", encoding="utf-8")

    def _environ(self) -> dict[str, str]:
        return inherited() | {
            f"{PREFIX}CONFIG": str(self.folder / "config"),
            f"{PREFIX}DATA": str(self.folder / "data"),
            f"{PREFIX}ALLOW_HOSTS": "127.0.0.1",
            f"{PREFIX}HOST_DELAY": "0",
            f"{PREFIX}MIN_INTERVAL": "1",
            f"{PREFIX}LEASE": "5",
        }

    def _start(self, words: list[str], **how: Any) -> subprocess.Popen[str]:
        process = subprocess.Popen(words, text=True, start_new_session=True, **{"stdout": subprocess.DEVNULL, **how})  # noqa: S603  # our own programs
        self.running.append(process)
        return process

    def watch(self, as_json: bool) -> None:
        """Print events as they come, until all of them are there and nothing is left to do."""
        from ingest import keys, server
        from ingest.account import Account
        from ingest.store import Store
        from workers.cli.events import line, read

        until = time.monotonic() + MOST
        while not server.answers(self.folder / "data"):
            if time.monotonic() > until or self.service.poll() is not None:
                raise click.ClickException((self.folder / "service.log").read_text("utf-8")[-2000:])
            time.sleep(0.05)
        store = Store(server.url(self.folder / "data"), 86400.0)
        last, quiet = "0", time.monotonic()
        while time.monotonic() < until:
            rows: Any = store.client.xrange(keys.STREAM, f"({last}", "+", 100)
            for row in rows:
                last, quiet = row[0].decode(), time.monotonic()
                self.events.append({**json.loads(row[1][b"event"]), "stream": last})
                place.emit(read(row)) if as_json else place.say(line(read(row)))
            if time.monotonic() - quiet > SETTLE and self._done(Account(store)):
                break
            time.sleep(0.1)
        store.close()

    def _done(self, account: Any) -> bool:
        over = not self.wired or '"closed"' in self.sent.read_text("utf-8")
        done = over and len(self.events) >= self.count and not account.busy()
        return done and self._ask("/finished").startswith("yes")

    def verdicts(self) -> list[Any]:
        """The judges' words, from the logs of site and agency and the events alone."""
        from workers.newsroom import deliveries, journal
        from workers.newsroom.judge import judge

        wired = [e for e in self.events if e["source"].startswith(WIRE)]
        found: list[Any] = [judge(journal.read(self.log), [e for e in self.events if e not in wired])]
        return found + ([deliveries.judge(journal.read(self.sent), wired)] if self.wired else [])

    def close(self) -> None:
        """Stop the service, then the site."""
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
