"""Every setting on one page, with its unit; the only file that reads the environment."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

PREFIX = "WIREDESK_"
VERSION = "0.1.0"

_UNITS = {
    "s": 1, "m": 60, "h": 3600, "d": 86400,
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30, "b": 1,
}  # fmt: skip
_LONG = {
    "sec": "s", "second": "s", "seconds": "s", "min": "m", "minute": "m", "minutes": "m",
    "hour": "h", "hours": "h", "day": "d", "days": "d", "bytes": "b",
}  # fmt: skip


class SettingsError(Exception):
    """The settings are wrong; the message lists every mistake, one a line."""


def _measure(bare: str, allowed: str) -> BeforeValidator:
    """Accept "90", "90 s", "1.5 h", "10 MB"; a bare number counts in the unit `bare`."""

    def read(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(f"expected a number with a unit ({allowed})")
        match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)\s*", str(value))
        if not match:
            raise ValueError(f"expected a number with a unit ({allowed})")
        unit = match[2].lower() or bare
        unit = _LONG.get(unit, unit)
        if unit not in allowed.split():
            raise ValueError(f"unknown unit {match[2]!r} (use {allowed})")
        return float(match[1]) * _UNITS[unit]

    return BeforeValidator(read)


Seconds = Annotated[float, _measure("s", "s m h d")]
Days = Annotated[float, _measure("d", "s m h d"), Field(le=3650 * 86400.0)]  # bare numbers are days; held in seconds
Bytes = Annotated[int, _measure("b", "b kb mb gb kib mib gib"), Field(ge=1)]


def _hosts(value: Any) -> Any:
    return tuple(h.strip().lower() for h in value.split(",") if h.strip()) if isinstance(value, str) else value


class Settings(BaseModel):
    """What an operator may set. Times are seconds, sizes are bytes once they are read."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    config: Path = Path("config")  # folder of feeds.toml, taggers.toml and wiredesk.toml
    data: Path = Path("data")  # folder of the embedded server
    redis_url: str | None = Field(None, pattern=r"^(rediss?|unix)://")  # None: the embedded server
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    allow_hosts: Annotated[tuple[str, ...], BeforeValidator(_hosts)] = ()  # host, host:port or *.suffix
    proxy: str | None = Field(None, pattern=r"^https?://")  # one egress proxy for every request
    user_agent: str = Field(f"wiredesk/{VERSION}", pattern=r"^[\x20-\x7e]+$")
    min_interval: Seconds = Field(60.0, gt=0)  # between polls of one feed
    host_delay: Seconds = Field(1.0, ge=0)  # between requests to one host
    fetch_deadline: Seconds = Field(30.0, gt=0)  # one whole fetch
    page_deadline: Seconds = Field(10.0, gt=0)  # parsing and extracting one page
    lease: Seconds = Field(60.0, ge=0.5)  # work whose holder stopped renewing is taken up after this
    max_page_bytes: Bytes = 10 * 10**6
    max_feed_bytes: Bytes = 10 * 10**6
    revisits: int = Field(600, ge=0, le=60_000)  # looks at delivered pages a minute, over all pollers; 0: none
    revisit_after: Seconds = Field(900.0, gt=0)  # shortest time until a delivered page is looked at again
    since: Days = 7.0
    retention: Days = 14.0
    stream_bytes: Bytes = 10**9
    fsync: str = Field("everysec", pattern=r"^(always|everysec|no)$")  # the embedded server's
    html: bool = False  # add the clean HTML body to events
    log: str = Field("info", pattern=r"^(debug|info|warning|error)$")


def load(environ: dict[str, str] | None = None) -> Settings:
    """Read the environment over wiredesk.toml over defaults.

    Raises SettingsError naming every bad value and every unknown name at once.
    """
    environ = dict(os.environ) if environ is None else environ
    given = {k[len(PREFIX) :].lower(): v for k, v in environ.items() if k.startswith(PREFIX) and v != ""}
    if "redis_url" not in given and environ.get("REDIS_URL"):
        given["redis_url"] = environ["REDIS_URL"]
    folder = Path(given.get("config", "config"))
    written = _file(folder / "wiredesk.toml")
    if "config" in written:
        raise SettingsError("wiredesk.toml: config cannot be set inside the folder it names; use WIREDESK_CONFIG")
    values = {**written, **given}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(e, given) for e in error.errors())) from None


def inherited() -> dict[str, str]:
    """The environment without our own settings, for a child that gets others."""
    return {k: v for k, v in os.environ.items() if not k.startswith(PREFIX) and k != "REDIS_URL"}


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from None


def _line(error: Any, given: dict[str, str]) -> str:
    name = str(error["loc"][0])
    shown = f"{PREFIX}{name.upper()}" if name in given else f"wiredesk.toml: {name}"
    if error["type"] == "extra_forbidden":
        return f"{shown}: no such setting (known: {', '.join(sorted(Settings.model_fields))})"
    value = "" if name in ("redis_url", "proxy") else f" (given: {error.get('input')!r})"
    return f"{shown}: {error['msg'].removeprefix('Value error, ')}{value}"


def secret(value: str) -> str:
    """Resolve `env:NAME` or `file:PATH` to the secret it names; other values are returned as they are.

    Raises SettingsError naming the variable or file that is missing, never its content.
    """
    kind, _, name = value.partition(":")
    if kind == "env":
        if name not in os.environ:
            raise SettingsError(f"environment variable {name} is not set")
        return os.environ[name].strip()
    if kind == "file":
        try:
            return Path(name).read_text("utf-8").strip()
        except OSError as error:
            raise SettingsError(f"cannot read the secret file {name}: {error.strerror}") from None
    return value
