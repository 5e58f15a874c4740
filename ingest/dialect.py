"""Dialects: how one agency writes a format that others write too. A dialect is a TOML file, never code.

    format = "newsml1"                  which reader it is for
    timezone = "Europe/Brussels"        where zoneless clocks hang (IANA)
    language = "fr"                     of items that name none (BCP 47)

    [match]                             all must hold: a path of the format -> a pattern that one of its values is
    "//NewsIdentifier/ProviderId" = 'belga\\.be'

    [rules]                             what the reader of the format does otherwise; docs/wires.md lists them
    guid = ["@Duid"]

Ours lie in ingest/dialects; an operator's own lie in the folder dialects beside feeds.toml, and go first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.settings import SettingsError
from ingest.item import Signal

_PATTERNS = ("signoff", "footer", "headline_end", "end", "correction", "update", "kill")  # rules, in whichever format
_KNOWN = {"format", "timezone", "language", "match", "rules"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One dialect; what it does not say is as in every other message of its format."""

    name: str
    format: str = ""
    match: dict[str, re.Pattern[str]] = field(default_factory=dict)  # path -> what one of its values is in full
    rules: dict[str, Any] = field(default_factory=dict)
    zone: ZoneInfo | None = None
    language: str | None = None

    def fits(self, find: Callable[[str], Iterable[str]]) -> bool:
        """Whether every path leads to a value of the wanted pattern; `find` gives the values of a path, trimmed."""
        return all(any(map(known.fullmatch, find(path))) for path, known in self.match.items())

    def paths(self, rule: str, *otherwise: str) -> tuple[str, ...]:
        """A rule that is a path or a list of paths, to be tried in this order."""
        given = self.rules.get(rule)
        return otherwise if given is None else (given,) if isinstance(given, str) else tuple(given)

    def pattern(self, rule: str) -> re.Pattern[str] | None:
        """A rule that is a pattern."""
        given = self.rules.get(rule)
        return re.compile(given) if given else None


PLAIN = Dialect("plain")


@cache
def ours() -> tuple[Dialect, ...]:
    """The dialects that come with the service, by name."""
    files = (file for file in resources.files("ingest").joinpath("dialects").iterdir() if file.name.endswith(".toml"))
    return tuple(
        parsed(file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in sorted(files, key=lambda f: f.name)
    )


def listed(folder: Path) -> tuple[Dialect, ...]:
    """The operator's dialects, then ours; files are read again when they change.

    Raises SettingsError naming every file that is wrong or cannot be had, and its mistake.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):  # the operator has none
        return ours()
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror}") from None
    try:
        marks = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    except OSError as error:  # without it messages would be read otherwise: better later than wrong
        raise SettingsError(f"{error.filename}: {error.strerror}") from None
    return (*_own(marks), *ours())


@lru_cache(4)
def _own(marks: tuple[tuple[Path, int, int], ...]) -> tuple[Dialect, ...]:
    found, wrong = [], []
    for path, *_ in marks:
        try:
            found.append(parsed(path.stem, path.read_text("utf-8")))
        except (SettingsError, OSError, UnicodeError) as error:
            wrong.append(f"{path}: {error}")
    if wrong:
        raise SettingsError("\n".join(wrong))
    return tuple(found)


def parsed(name: str, text: str) -> Dialect:
    """One dialect from its TOML. Raises SettingsError."""
    try:
        values = tomllib.loads(text)
        if unknown := ", ".join(sorted(values.keys() - _KNOWN)):
            raise ValueError(f"no such key: {unknown} (known: {', '.join(sorted(_KNOWN))})")
        match = {path: re.compile(known) for path, known in values.get("match", {}).items()}
        zone = ZoneInfo(values["timezone"]) if "timezone" in values else None
        _compile(values.get("rules", {}))
        return Dialect(name, values["format"], match, values.get("rules", {}), zone, values.get("language"))
    except (ValueError, KeyError, OSError, TypeError, AttributeError, re.error) as error:
        raise SettingsError(f"dialect {name}: {type(error).__name__}: {error}") from None


def _compile(rules: dict[str, Any]) -> None:
    """Raises re.error, TypeError or ValueError for rules that would fail on every message."""
    for name in _PATTERNS:
        re.compile(rules.get(name, ""))
    for _, pattern, word in rules.get("signal_in", ()):
        re.compile(pattern)
        Signal(word)
    guid = rules.get("guid")
    if isinstance(guid, str) and "(?P<" in guid:
        re.compile(guid)
