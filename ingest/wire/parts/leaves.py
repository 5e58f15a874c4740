"""What the fields of an XML message say, on one line (see ingest/wire/parts/paths.py)."""

from __future__ import annotations

from lxml import etree

from ingest import tidy
from ingest.wire.parts.paths import Fields


def text(element: etree._Element) -> str:
    """All text inside on one line: white space collapsed, tags and entities resolved where they were escaped."""
    return tidy.plain("".join(map(str, element.itertext())) if len(element) else element.text or "")


def first(found: Fields, *names: str) -> str:
    """The first text that is not empty, in the order of the names; empty where there is none."""
    return next((words for name in names for element in found.get(name, ()) if (words := text(element))), "")


def raw(found: Fields, name: str) -> str:
    """The text right inside the elements of that name, as it is: for escaped markup."""
    return "".join(element.text or "" for element in found.get(name, ()))


def attribute(element: etree._Element, name: str) -> str:
    """The value of an attribute on one line; empty where there is none."""
    return tidy.line(element.get(name) or "").strip()
