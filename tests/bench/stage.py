"""The processes of one crash run: site, server, bad line, pollers and workers, started again when they have died."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.settings import PREFIX, inherited
from ingest.server import Embedded, url
from ingest.store import Store
from tests.bench import tagged
from tests.bench.orders import Orders

ROOT = Path(__file__).parents[2]
LEASE = 2.0
RETENTION = 14 * 86400.0
TAGGER = '[[tagger]]\nname = "places"\nfunction = "newsroom.places.tag"\nstart = "beginning"\nahead = 100000\n'


@dataclass(frozen=True)
class Plan:
    """What is put on the stage."""

    articles: int = 100
    seconds: float = 30.0  # over which they appear
    revise_after: float = 10.0
    pollers: int = 1
    workers: int = 2
    proxy: bool = False
    whole: bool = False  # `wiredesk run`, with its own server, instead of the parts
    mutation: str = ""
    slow: float = 0.0  # seconds that a worker falls asleep before two commits of five
    site: tuple[str, ...] = ()  # module and words of another site than the newsroom
    settings: tuple[tuple[str, str], ...] = ()  # further ones of the service


@dataclass
class Part:
    """One supervised process."""

    name: str
    words: list[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0

    @property
    def pid(self) -> int:
        return self.process.pid if self.process and self.process.poll() is None else 0


@dataclass
class Stage:
    """Starts everything, keeps it up, and knows who is who."""

    folder: Path
    plan: Plan
    parts: list[Part] = field(default_factory=list)
    away_until: float = 0.0  # the server stays down until then (monotonic)
    site: subprocess.Popen[str] | None = None
    line: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        self.orders = Orders(self.folder)
        self.dice = random.Random(7)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.server = Embedded(self.data)

    @property
    def socket(self) -> str:
        """The server's own socket, without the bad line."""
        return url(self.data).removeprefix("unix://")

    def open(self) -> None:
        """Site, feed list, server, and the service."""
        self._open_site()
        config = self.folder / "config"
        config.mkdir()
        (config / "feeds.toml").write_text(self.ask("/feeds.toml").replace("[[feed]]", "[[feed]]\nevery = 1"))
        (config / "taggers.toml").write_text(TAGGER)
        if self.plan.whole:
            self.parts.append(Part("run", ["run"]))
        else:
            self.server.start()
            self._note_server(self.server.pid)
            self._open_line()
            self.parts += [Part(f"poller-{n}", ["poll"]) for n in range(self.plan.pollers)]
            self.parts.append(Part("parent", ["work", "-n", str(self.plan.workers)]))
        self.tend()

    def _open_site(self) -> None:
        words = [*(self.plan.site or self._newsroom()), "--log", str(self.site_log)]
        self.site = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.site.stdout is not None
        self.base = self.site.stdout.readline().strip()

    def _newsroom(self) -> list[str]:
        words = ["--articles", self.plan.articles, "--seconds", self.plan.seconds]
        return ["workers.newsroom", *map(str, words), "--revise-after", str(self.plan.revise_after)]

    def _open_line(self) -> None:
        if self.plan.proxy:
            (self.folder / "server.sock").symlink_to(self.socket)
            self.line = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.proxy", str(self.folder)], cwd=ROOT, text=True
            )
            while not (self.folder / "line.sock").exists():
                time.sleep(0.02)

    @property
    def site_log(self) -> Path:
        return self.folder / "site.jsonl"

    def ask(self, path: str) -> str:
        """One page of the site."""
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:
            return str(answer.read().decode())

    def environ(self) -> dict[str, str]:
        """What the service is told."""
        lines = {
            "CONFIG": str(self.folder / "config"), "DATA": str(self.data), "ALLOW_HOSTS": "127.0.0.1",
            "HOST_DELAY": "0", "MIN_INTERVAL": "0.5", "LEASE": str(LEASE), "WORKERS": str(self.plan.workers),
        }  # fmt: skip
        if not self.plan.whole:
            lines["REDIS_URL"] = f"unix://{self.folder / 'line.sock'}" if self.plan.proxy else url(self.data)
        lines |= dict(self.plan.settings)
        own = {"CRASH_FOLDER": str(self.folder), "TMPDIR": str(self.folder)}
        own |= {"CRASH_MUTATION": self.plan.mutation, "CRASH_SLOW": str(self.plan.slow)}
        return inherited() | {PREFIX + name: value for name, value in lines.items()} | own

    def tend(self) -> None:
        """Start again what has died, as a supervisor would."""
        now = time.monotonic()
        if not self.plan.whole and self.server.died() and now >= self.away_until:
            self.server.restart()
            self._note_server(self.server.pid)
        for part in self.parts:
            if not part.pid and now - part.started > 0.2:
                part.started = now
                with (self.folder / "service.log").open("a") as log:
                    part.process = subprocess.Popen(
                        [sys.executable, "-m", "tests.bench.launch", *part.words],
                        env=self.environ(), cwd=ROOT, stdout=log, stderr=log, text=True, start_new_session=True,
                    )  # fmt: skip

    def _note_server(self, pid: int) -> None:
        draft = self.folder / "server.pid.new"
        draft.write_text(str(pid))
        draft.rename(self.folder / "server.pid")

    def client(self) -> redis.Redis:
        """A connection past the bad line that neither waits nor repeats."""
        return redis.Redis(unix_socket_path=self.socket, socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def store(self) -> Store:
        """The server as the service sees it, past the bad line."""
        return Store(url(self.data), RETENTION)

    def find(self, role: str) -> int:
        """A living process of a role, 0 if there is none now."""
        if role == "server":
            return self._server()
        if role in ("run", "parent", "poller"):
            return self._main(role)
        forked = [int(p.name) for p in (self.folder / "roles").iterdir() if self._named(p, role)]
        if role == "page":
            workers = [int(p.name) for p in (self.folder / "roles").iterdir() if self._named(p, "worker")]
            forked = [child for pid in workers for child in tagged.children(pid)]
        living = [pid for pid in forked if tagged.alive(pid)]
        return self.dice.choice(living) if living else 0

    def _named(self, path: Path, role: str) -> bool:
        if not tagged.alive(int(path.name)):
            path.unlink(missing_ok=True)
            return False
        return path.read_text() == role

    def _main(self, role: str) -> int:
        if self.plan.whole and role != "run":
            word = {"parent": "work", "poller": "poll"}[role]
            found = [p for p in tagged.children(self._main("run")) if word in tagged.words(p)]
        else:
            found = [part.pid for part in self.parts if part.name.startswith(role) and part.pid]
        return self.dice.choice(found) if found else 0

    def _server(self) -> int:
        with suppress(redis.RedisError):
            pid = int(self.client().info("server")["process_id"])
            self._note_server(pid)
            return pid
        return 0

    def kill(self, role: str) -> bool:
        """SIGKILL one process of a role, or all of them at once; whether there was one."""
        if role == "all":
            return self.find("server") > 0 and tagged.kill(self.folder) > 1
        pid = self.find(role)
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return pid > 0

    def stop(self) -> list[str]:
        """End the service as an operator would; what did not end by itself in time."""
        slow = []
        for part in self.parts:
            if part.pid:
                os.kill(part.pid, signal.SIGTERM)
        for part in self.parts:
            try:
                assert part.process is not None
                part.process.wait(20)
            except subprocess.TimeoutExpired:
                slow.append(part.name)
        return slow

    def close(self) -> None:
        """Leave nothing running."""
        tagged.kill(self.folder)
        for part in self.parts:
            if part.process:
                part.process.wait(10)
        self.server.stop()
        others: list[Any] = [self.site, self.line]
        for process in others:
            if process:
                process.kill()
                process.wait(10)
            if process and process.stdout:
                process.stdout.close()
