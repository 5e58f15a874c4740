"""A real service beside a site on loopback, and its commands, for the tests that run the whole of it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import structlog

from config.settings import PREFIX, inherited
from ingest import server
from ingest.account import Account
from ingest.store import Store


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its JSON Lines."""
        assert not self.err.startswith("wiredesk: "), self.err
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def harmless(self) -> bool:
        """Whether it printed nothing a terminal obeys but the ends of its own lines."""
        return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", self.out + self.err)

    @property
    def row(self) -> dict[str, Any]:
        """Its one JSON line."""
        (found,) = self.rows
        return found


class Service:
    """One data and config folder, what runs on it, and the commands called on it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.config, self.data = folder / "config", folder / "data"
        self.config.mkdir(parents=True, exist_ok=True)
        self.settings = {
            "CONFIG": str(self.config),
            "DATA": str(self.data),
            "ALLOW_HOSTS": "127.0.0.1",
            "HOST_DELAY": "0",
            "MIN_INTERVAL": "1",
            "LEASE": "4",
            "WORKERS": "1",
            "FSYNC": "no",
            **settings,
        }
        self.running: list[subprocess.Popen[bytes]] = []
        self.log = folder / "service.log"
        self._store: Store | None = None

    def feeds(self, *urls: str, **more: Any) -> None:
        """Write feeds.toml: every feed with the same further keys."""
        keys = "".join(f"{name} = {json.dumps(value)}\n" for name, value in more.items())
        self.write("feeds.toml", "".join(f'[[feed]]\nurl = "{url}"\n{keys}\n' for url in urls))

    def write(self, name: str, text: str) -> None:
        """Put a file of the config folder in its place at once, as a careful editor does."""
        beside = self.config / f".{name}.new"
        beside.write_text(text, "utf-8")
        beside.replace(self.config / name)

    def environ(self, **more: str) -> dict[str, str]:
        return inherited() | {PREFIX + k: v for k, v in {**self.settings, **more}.items() if v}

    def start(self, *words: str, **settings: str) -> subprocess.Popen[bytes]:
        """Start a command that stays (default: run); what it logs goes to `log`."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers.cli", *(words or ("run",))],
                env=self.environ(**settings),
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def up(self) -> None:
        """Start `run` and wait until its server, poller and worker show life."""
        before = self.said().count('"event": "started"')
        self.start()
        until(lambda: self.said().count('"event": "started"') > before, 20, self.said)
        until(lambda: server.answers(self.data), 20, self.said)
        until(lambda: all(self.account.beats(role) for role in ("poller", "worker")), 20, self.said)

    def stop(self, process: subprocess.Popen[bytes], seconds: float = 15) -> int:
        """SIGTERM, and the exit code."""
        process.send_signal(signal.SIGTERM)
        return process.wait(seconds)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
        for process in reversed(self.running):
            if process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    self.stop(process)
            if process.poll() is None:
                process.kill()
                process.wait()
        if server.answers(self.data):  # its minder was killed
            left = server.Embedded(self.data)
            left.start()
            left.stop()

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-6000:] if self.log.exists() else ""

    @property
    def store(self) -> Store:
        if self._store is None:
            self._store = Store(self.settings.get("REDIS_URL") or server.url(self.data), 14 * 86400.0)
        return self._store

    @property
    def account(self) -> Account:
        return Account(self.store)

    def call(self, *words: str, given: str = "", **settings: str) -> Done:
        """Run a command to its end in this process, through the same door as the shell."""
        from workers.cli.main import main

        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        code: Any = 0
        with (
            mock.patch.dict(os.environ, self.environ(**settings), clear=True),
            mock.patch.object(sys, "argv", ["wiredesk", *words]),
            mock.patch.object(sys, "stdin", io.StringIO(given)),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as ending:
                code = ending.code
        structlog.reset_defaults()
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
        return Done(int(code or 0), *texts)

    def shell(self, *words: str, given: str = "", **settings: str) -> Done:
        """Run a command to its end as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "workers.cli", *words],
            env=self.environ(**settings),
            input=given.encode(),
            capture_output=True,
            timeout=60,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def events(self) -> list[dict[str, Any]]:
        """The whole stream, as `documents --json` prints it."""
        return self.call("documents", "--json").rows

    def events_of(self, url: str) -> list[dict[str, Any]]:
        return [e for e in self.events() if e.get("url") == url]

    def state(self, url: str) -> dict[str, Any]:
        """What `why` says of an address; empty while it is not known."""
        done = self.call("why", url, "--json")
        return done.row if done.code == 0 else {}

    def ended(self, url: str, seconds: float = 12) -> dict[str, Any]:
        """What `why` says of an address once its record is at an end."""
        until(lambda: self.state(url).get("state") not in (None, "pending"), seconds, self.said)
        return self.state(url)


def until(condition: Callable[[], Any], seconds: float = 10, why: Callable[[], str] = str) -> Any:
    """Wait for something to come true, and return it."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"not within {seconds} s; {why()}"
        time.sleep(0.05)
    return found


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[Service]:
    """A service that is stopped at the end; nothing runs yet."""
    found = Service(folder, **settings)
    try:
        yield found
    finally:
        found.close()
