"""`wiredesk run`: the embedded server, one poller and the workers as one process tree, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

import click
import structlog

from config.settings import Settings
from ingest.errors import ServerAway
from ingest.server import Embedded
from workers.cli import forks, place, pulse
from workers.cli.work import GRACE, backoff, in_a_row


@dataclass
class Program:
    """One child: another wiredesk command."""

    name: str
    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0

    def tend(self, log: structlog.stdlib.BoundLogger) -> None:
        """Start it, or start it again once its back-off is over."""
        now = time.monotonic()
        if self.process is not None and (code := self.process.poll()) is not None:
            log.error("process_died", process=self.name, status=code)
            self.failures = in_a_row(self.failures, now - self.started)
            self.process = None
        if self.process is None and now >= self.started + backoff(self.failures):
            self.started = now
            self.process = subprocess.Popen(  # noqa: S603  # our own program
                [sys.executable, "-m", "workers.cli", *self.words],
                preexec_fn=_with_parent,  # noqa: PLW1509  # the supervisor has no threads
            )


def _with_parent() -> None:
    forks.die_with_parent()


@dataclass
class House:
    """The supervisor's view: the server and the programs."""

    settings: Settings
    programs: list[Program]
    server: Embedded | None
    log: structlog.stdlib.BoundLogger = field(default_factory=structlog.get_logger)

    def round(self) -> None:
        """Start whatever is not running."""
        if self.server is not None and self.server.died():
            self.log.error("process_died", process="server")
            try:
                self.server.restart()
            except ServerAway as error:
                self.log.error("server_away", detail=str(error))
                time.sleep(1)
                return
        for program in self.programs:
            program.tend(self.log)

    def stop(self) -> None:
        """Drain: SIGTERM to all, then wait for the longest page; the server goes last."""
        running = [p.process for p in self.programs if p.process is not None and p.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + self.settings.page_deadline + GRACE + 1
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        if self.server is not None:
            self.server.stop()


@click.command("run")
def command() -> None:
    """Run everything. SIGTERM or Ctrl-C drains and exits 0."""
    settings = place.settings("run")
    place.read_files(settings)
    stopping = forks.stop_flag()
    server = None
    if settings.redis_url is None:
        server = Embedded(settings.data, settings.fsync)
        server.start()
    else:
        pulse.reach(settings).close()
    programs = [Program("poll", ["poll"]), Program("work", ["work", "-n", str(settings.workers)])]
    if sys.stdout.isatty():
        programs.append(Program("documents", ["documents", "--follow", "--from", "now"]))
    house = House(settings, programs, server)
    house.log.info(
        "started", server=place.address(settings).rpartition("@")[2], workers=settings.workers, pid=os.getpid()
    )
    try:
        while not stopping():
            house.round()
            time.sleep(0.1)
    finally:
        house.stop()
    house.log.info("stopped")
    sys.exit(0)
