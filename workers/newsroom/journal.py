"""The site's own log of what it showed: JSON Lines, numbered, flushed line by line, so that a judge can trust it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class JournalError(Exception):
    """The site's log cannot be believed; the message says which line and why."""


def fingerprint(paragraph: str) -> str:
    """A short name for a paragraph, whatever its white space and normal form."""
    text = " ".join(unicodedata.normalize("NFC", paragraph).split())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Journal:
    """Appends to the log file; one process writes, any number read."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._line = 0

    def write(self, what: str, **facts: Any) -> None:
        """Add one line that is on its way to the disk when this returns."""
        self._file.write(json.dumps({"line": self._line, "what": what, **facts}, ensure_ascii=False) + "\n")
        self._line += 1

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def read(path: Path) -> list[dict[str, Any]]:
    """Every line of a site's log, checked to be whole and without a gap.

    Raises JournalError where a line is missing, doubled or unreadable.
    """
    return checked(path.read_text("utf-8").splitlines(), str(path))


def checked(lines: Iterable[str], name: str = "log") -> list[dict[str, Any]]:
    """The lines as objects, in order. Raises JournalError as `read` does."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise JournalError(f"{name} line {number + 1}: {error}") from None
        if not isinstance(entry, dict) or entry.get("line") != number:
            raise JournalError(
                f"{name} line {number + 1}: expected line number {number}, so a line is missing or doubled"
            )
        found.append(entry)
    if not found or found[0].get("what") != "opened":
        raise JournalError(f"{name}: does not begin with the opening of a site")
    return found
