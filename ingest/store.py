"""The server: one connection, the scripts that change it, and its refusals turned into ServerAway."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import resources
from typing import Any

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.commands.core import Script
from redis.retry import Retry

from ingest import keys
from ingest.errors import ServerAway
from ingest.links import shown

# Answers that mean "not now": the server is loading, full, read-only or cannot write its file.
_REFUSALS = ("OOM", "MISCONF", "READONLY", "LOADING", "BUSY ", "NOREPLICAS", "MASTERDOWN", "CLUSTERDOWN")


def connect(url: str, timeout: float = 10.0) -> redis.Redis:
    """A client whose every call is bounded by `timeout` seconds; all our writes may be repeated, so it retries."""
    retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), 3)
    return redis.Redis.from_url(
        url, socket_timeout=timeout, socket_connect_timeout=5, retry=retry, health_check_interval=30
    )


class Store:
    """Runs the scripts of ingest/scripts by name. `skew` (ms) moves the clock the scripts see, for tests."""

    def __init__(self, url: str, retention: float, skew: int = 0) -> None:
        self.url = url
        self.client = connect(url)
        self._retention = int(retention * 1000)
        self._skew = skew
        self._scripts: dict[str, Script] = {}

    def run(self, name: str, *args: str | bytes | int) -> Any:
        """Run one script atomically and return its answer. Raises ServerAway."""
        script = self._scripts.get(name)
        if script is None:
            script = self._scripts[name] = self.client.register_script(keys.lua() + self._prelude + _whole(name))
        return self.ask(lambda: script(args=[self._skew, self._retention, *args]))

    def ask(self, question: Callable[[], Any]) -> Any:
        """Run any call to the server, turning its absence into ServerAway; the answer is as the server types it."""
        try:
            return question()
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise ServerAway(f"the server at {shown(self.url)} does not answer: {error}") from error
        except redis.ResponseError as error:
            if str(error).startswith(_REFUSALS) or "command not allowed when used memory" in str(error):
                raise ServerAway(f"the server at {shown(self.url)} refuses writes: {error}") from error
            raise

    @cached_property
    def _prelude(self) -> str:
        return _text("prelude")

    def now(self) -> float:
        """The server's clock in seconds since 1970, the only clock leases and schedules go by."""
        seconds, micros = self.ask(self.client.time)
        return float(seconds) + float(micros) / 1e6 + self._skew / 1000

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()


def _whole(name: str) -> str:
    """A script after those that its first line names: `-- with NAME ...`."""
    text = _text(name)
    first = text.partition("\n")[0]
    shared = first.removeprefix("-- with ").split() if first.startswith("-- with ") else []
    return "".join(map(_text, shared)) + text


def _text(name: str) -> str:
    return resources.files("ingest").joinpath("scripts", f"{name}.lua").read_text("utf-8") + "\n"


def word(value: Any) -> str:
    """One answer of the server as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def words(flat: list[Any]) -> dict[str, str]:
    """A flat list of fields and values (as a script returns a hash) as a dict of texts."""
    return dict(zip(map(word, flat[::2]), map(word, flat[1::2]), strict=True))


def hash_of(found: Any) -> dict[str, str]:
    """HGETALL's answer as a dict of texts."""
    return {word(k): word(v) for k, v in dict(found).items()}
