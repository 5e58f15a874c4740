"""Keep a message that could not be read, and why, where a person finds it: on disk before anyone may forget it."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path

import structlog

from ingest.errors import TryLater
from ingest.model import Failed

log = structlog.get_logger()
REASON = ".reason.txt"


def keep(folder: Path, name: str, body: bytes, reason: str) -> Path:
    """Write body and reason, durably; the same message again goes to the same place. Returns the body's path.

    `name` is the other side's word and becomes no path: only its harmless letters do. A message that was never had has
    no body, and only its reason is written. Raises TryLater where the disk does not take it.
    """
    place = folder / plain(name, body)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if body:
            _write(place, body)
    except OSError as error:
        raise TryLater(Failed.FOLDER, str(folder), f"cannot keep {place.name}: {error.strerror}") from error
    try:
        _write(place.with_name(place.name + REASON), f"{name!a}: {reason}\n".encode())
    except OSError as error:
        log.warning("reason_not_written", file=str(place), detail=error.strerror, reason=reason[:300])
    return place


def plain(name: str, body: bytes) -> str:
    """A file name of our own for a message: what is harmless in the other side's word, and a digest that is unique."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass") + b"\0" + body, digest_size=8).hexdigest()
    stem, dot, kind = name.rpartition(".")
    kind = "." + kind.lower() if dot and re.fullmatch(r"[A-Za-z0-9]{1,8}", kind) else ""
    words = re.sub(r"[^A-Za-z0-9_-]+", "-", stem if kind else name).strip("-_")[:60]
    return f"{words or 'message'}-{digest}{kind}"


def _write(path: Path, content: bytes) -> None:
    """Beside, then in its place: no half of it is ever seen under its name."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync(path.parent)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
