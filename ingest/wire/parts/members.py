"""Members of JSON objects by their names; one of a wrong type counts as absent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ingest import tidy
from ingest.item import Signal

Thing = Mapping[str, Any]

_URI = re.compile(r"(?:https?://|urn:|tag:)\S", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,9}(?:\.0*)?")


def text(thing: Thing, *names: str) -> str | None:
    """The first of the members that is text and not empty, line breaks kept; numbers as their digits."""
    for name in names:
        value = thing.get(name)
        if value is None:
            continue
        if isinstance(value, str):
            found = value.strip() if value.isprintable() else tidy.scrubbed(value).strip()
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = str(value)
        else:
            continue
        if found:
            return found
    return None


def line(thing: Thing, *names: str) -> str | None:
    """As text(), on one line with white space collapsed."""
    found = text(thing, *names)
    if found is None or (found.isprintable() and "  " not in found):
        return found
    return tidy.line(found) or None


def until(thing: Thing, *names: str) -> str | None:
    """As line(), of an embargo: what is there and no text is not absent, but tells no moment."""
    return line(thing, *names) or next(
        (str(said) for name in names if not isinstance(said := thing.get(name), str) and said), None
    )


def plain(thing: Thing, *names: str) -> str | None:
    """As line(), without the tags and entities that systems leave in titles."""
    found = text(thing, *names)
    return tidy.plain(found) or None if found else None


def whole(thing: Thing, *names: str) -> int | None:
    """The first of the members that is a whole number, or the digits of one."""
    found = line(thing, *names)
    return int(float(found)) if found and _DIGITS.fullmatch(found) else None


def urgency(thing: Thing, *names: str) -> int | None:
    """The first of the members that is a whole number, where it is 1 to 9."""
    found = whole(thing, *names)
    return found if found and 1 <= found <= 9 else None


def inside(thing: Thing, *names: str) -> Thing:
    """The first of the members that is an object, else an empty one."""
    for name in names:
        if isinstance(value := thing.get(name), dict):
            return value
    return {}


def things(thing: Thing, *names: str) -> list[dict[str, Any]]:
    """The objects of the first of the members that is an array, or the one object that a member is."""
    for name in names:
        value = thing.get(name)
        if isinstance(value, list | dict) and value:
            return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    return []


def words(thing: Thing, *names: str) -> tuple[str, ...]:
    """The texts of the first of the members that is an array or a text, each once, on one line."""
    for name in names:
        value = thing.get(name)
        if isinstance(value, str | list) and value:
            listed = value if isinstance(value, list) else [value]
            return each(tidy.line(tidy.scrubbed(word)).strip() for word in listed if isinstance(word, str))
    return ()


def each(found: Iterable[str | None]) -> tuple[str, ...]:
    """What there is of some texts, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, found)))


def is_uri(name: str) -> bool:
    """Whether a name is one for the whole world: an address, a URN or a tag."""
    return _URI.match(name) is not None


def signal(said: Iterable[str], meanings: Mapping[str, str]) -> Signal | None:
    """The gravest of what signals mean; a meaning is a word of Signal, by the lower-cased signal without scheme."""
    meant = {meanings.get(word.rpartition(":")[2].lower()) for word in said}
    return next((one for one in (Signal.KILL, Signal.CORRECTION, Signal.UPDATE) if one.value in meant), None)
