"""Read a TOML file into tables that know their line, so that every mistake can be told at once and where it is."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.settings import SettingsError

_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*([\w-]+)[ \t]*\]\]", re.MULTILINE)
Kind = type | tuple[type, ...]


@dataclass(slots=True)
class Table:
    """One `[[name]]` table of a file. Mistakes are noted and raised together by `Tables.settle`."""

    name: str
    values: dict[str, Any]
    place: str  # "feeds.toml line 12", for messages
    mistakes: list[str] = field(repr=False)

    def wrong(self, message: str) -> None:
        """Note a mistake in this table."""
        self.mistakes.append(f"{self.place}: {message}")

    def only(self, known: dict[str, Kind]) -> dict[str, Any]:
        """The values whose names and types are known; every other one is noted."""
        kept: dict[str, Any] = {}
        for key, value in self.values.items():
            if key not in known:
                self.wrong(f"no such key {key!r} in [[{self.name}]] (known: {', '.join(known)})")
            elif not isinstance(value, known[key]) or (isinstance(value, bool) and known[key] is not bool):
                self.wrong(f"{key} has to be {_spoken(known[key])}, not {_spoken(type(value))}")
            else:
                kept[key] = value
        return kept

    def texts(self, key: str, values: list[Any]) -> tuple[str, ...]:
        """A list of strings as a tuple; anything else in it is noted."""
        for value in values:
            if not isinstance(value, str) or not value.strip() or not value.isprintable():
                self.wrong(f"{key} has to hold printable strings, not {value!r}")
        return tuple(value for value in values if isinstance(value, str))


@dataclass(slots=True)
class Tables:
    """All tables of one file, and the mistakes found so far."""

    path: Path
    found: list[Table] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Raise SettingsError with every mistake, one a line, if there is any."""
        if self.mistakes:
            raise SettingsError("\n".join(self.mistakes))


def read(path: Path, *names: str) -> Tables:
    """The file's tables called `names`, in the file's order by name; anything else in it is noted as a mistake.

    Raises SettingsError if the file cannot be read or is no TOML, FileNotFoundError if there is none.
    """
    try:
        text = path.read_text("utf-8")
        values = tomllib.loads(text)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from None
    tables = Tables(path)
    for key, rows in values.items():
        if key in names and isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            places = _places(path.name, text, key, len(rows))
            tables.found += [Table(key, row, place, tables.mistakes) for row, place in zip(rows, places, strict=True)]
        else:
            known = " and ".join(f"[[{name}]]" for name in names)
            tables.mistakes.append(f"{path.name}: {key!r} is not known here; the file holds {known}")
    return tables


def _places(file: str, text: str, key: str, count: int) -> list[str]:
    """Where each table begins: by line, or by number if the headings cannot be told from the text."""
    lines = [text.count("\n", 0, m.start()) + 1 for m in _HEADING.finditer(text) if m[1] == key]
    if len(lines) != count:
        return [f"{file} {key} number {number}" for number in range(1, count + 1)]
    return [f"{file} line {line}" for line in lines]


def _spoken(kind: Kind) -> str:
    names = {
        str: "a string",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return " or ".join(names.get(k, k.__name__) for k in kinds)
