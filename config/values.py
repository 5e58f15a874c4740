"""What single values of feeds.toml may be; a mistake is noted in its table, with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import TypeAdapter, ValidationError

from config.settings import Seconds
from config.tables import Table

_SECRETIVE = re.compile(r"auth|cookie|key|token|secret|passw|credential|session", re.IGNORECASE)
_OURS = {
    "host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te", "upgrade", "range",
    "if-none-match", "if-modified-since", "user-agent",
}  # fmt: skip  # the service sets these itself
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47, loosely
_SECONDS: TypeAdapter[float] = TypeAdapter(Seconds)


def is_reference(value: str) -> bool:
    """Whether a value names where it is kept (env:NAME, file:PATH) instead of being it."""
    return bool(_REFERENCE.fullmatch(value))


def reference(table: Table, key: str, value: str | None) -> str | None:
    """A secret, which may only be named."""
    if value is not None and not is_reference(value):
        table.wrong(f"{key} is a secret; write env:NAME or file:PATH and keep the value there")
        return None
    return value


def address(table: Table, url: str, schemes: Collection[str], login: str) -> None:
    """An address in one of these schemes; `login` says where user name and password belong instead."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        table.wrong(f"url {_safe(url)!r}: {error}")
        return
    if parts.scheme.lower() not in schemes or not host:
        begins = " or ".join(f"{scheme}://" for scheme in schemes)
        table.wrong(f"url {_safe(url)!r} has to begin with {begins} and a host")
    if parts.username is not None or parts.password is not None:
        table.wrong(f"url holds a user name or password; write {login} instead")
    if not url.isprintable() or " " in url:
        table.wrong(f"url {_safe(url)!r} holds white space or control characters")


def _safe(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//...@", url)[:200]


def every(table: Table, given: Any) -> float | None:
    """The time between two looks, in seconds."""
    if given is None:
        return None
    try:
        seconds = _SECONDS.validate_python(given)
    except ValidationError as error:
        table.wrong(f"every: {error.errors()[0]['msg'].removeprefix('Value error, ')} (given: {given!r})")
        return None
    if not 1 <= seconds <= 30 * 86400:
        table.wrong(f"every has to lie between 1 s and 30 d (given: {given!r})")
    return seconds


def tags(table: Table, given: list[Any]) -> tuple[str, ...]:
    """Tags without repetition, in their order."""
    found = table.texts("tags", given)
    for tag in found:
        if "," in tag:
            table.wrong(f"tag {tag!r} holds a comma: events join tags with commas")
    return tuple(dict.fromkeys(tag.strip() for tag in found))


def headers(table: Table, given: dict[str, Any]) -> dict[str, str]:
    """HTTP fields as written: secrets are named, not given."""
    for name, value in given.items():
        if not isinstance(value, str):
            table.wrong(f"header {name!r} has to be a string")
        elif not _TOKEN.fullmatch(name) or not value.isprintable():
            table.wrong(f"header {name!r}: no valid HTTP field")
        elif name.lower() in _OURS:
            table.wrong(f"header {name!r} is set by the service itself")
        elif value.startswith(("env:", "file:")) and not is_reference(value):
            table.wrong(f"header {name!r}: write env:NAME or file:PATH")
        elif _SECRETIVE.search(name) and not is_reference(value):
            table.wrong(f"header {name!r} holds a secret; write env:NAME or file:PATH and keep the value there")
    return {name: value for name, value in given.items() if isinstance(value, str)}


def language(table: Table, given: str | None) -> str | None:
    """A language tag."""
    if given is not None and not _LANGUAGE.fullmatch(given):
        table.wrong(f"language {given!r} has to be a tag such as en or pt-BR (BCP 47)")
    return given


def timezone(table: Table, given: str | None) -> str | None:
    """A zone's name."""
    if given is not None and given not in available_timezones():
        table.wrong(f"timezone {given!r} is not known; write one such as Europe/Madrid (IANA)")
    return given
