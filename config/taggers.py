"""Read taggers.toml: the Python functions that are called with each event, in RQ workers of their owners."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from config import tables
from config.tables import Kind, Table

_KEYS: dict[str, Kind] = {
    "name": str, "function": str, "start": str, "ahead": int, "retries": int, "relations": list,
}  # fmt: skip
_RELATIONS = ("original", "copy", "excerpt", "extends", "version")
_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_FUNCTION = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tagger:
    """One tagger an operator listed; its queue is `tagger-<name>`."""

    name: str
    function: str  # dotted, importable in the tagger's own worker; never imported here
    start: str = "now"  # or "beginning": where a new tagger begins
    ahead: int = 1000  # jobs that may wait in its queue
    retries: int = 3
    relations: tuple[str, ...] = ()  # which relations it wants; none named: all


def taggers(path: Path) -> list[Tagger]:
    """The taggers of a file, in its order; none if there is no file. Raises SettingsError naming every mistake."""
    try:
        found = tables.read(path, "tagger")
    except FileNotFoundError:
        return []
    listed = [_tagger(table) for table in found.found]
    for number, tagger in enumerate(listed):
        if tagger.name in [other.name for other in listed[:number]]:
            found.found[number].wrong(f"the name {tagger.name!r} is taken by a tagger above")
    found.settle()
    return listed


def _tagger(table: Table) -> Tagger:
    values = table.only(_KEYS)
    for key in ("name", "function"):
        if key not in table.values:
            table.wrong(f"a [[tagger]] needs a {key}")
    name, function = values.get("name", table.place), values.get("function", "")
    if "name" in values and not _NAME.fullmatch(name):
        table.wrong(f"name {name!r} has to be 1 to 64 of a-z, 0-9, _ and -")
    if "function" in values and not _FUNCTION.fullmatch(function):
        table.wrong(f"function {function!r} has to be a dotted name such as newsroom.places.tag")
    start = values.get("start", "now")
    if start not in ("now", "beginning"):
        table.wrong(f'start has to be "now" or "beginning" (given: {start!r})')
    return Tagger(
        name,
        function,
        start,
        _within(table, "ahead", values.get("ahead", 1000), (1, 1_000_000)),
        _within(table, "retries", values.get("retries", 3), (0, 100)),
        _relations(table, values.get("relations", [])),
    )


def _within(table: Table, key: str, value: int, bounds: tuple[int, int]) -> int:
    if not bounds[0] <= value <= bounds[1]:
        table.wrong(f"{key} has to lie between {bounds[0]} and {bounds[1]} (given: {value})")
    return value


def _relations(table: Table, relations: list[object]) -> tuple[str, ...]:
    for relation in relations:
        if relation not in _RELATIONS:
            table.wrong(f"relation {relation!r} is not known (known: {', '.join(_RELATIONS)})")
    return tuple(str(relation) for relation in relations)
