"""What a NewsML 1 story says of itself: its lines, rights, subjects, keywords and places.

The nearest component that says something counts, the item's outermost last (see ingest/wire/parts/components.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.item import Subject
from ingest.wire.parts import leaves, paths
from ingest.wire.parts.components import Story, formal

_CODE = re.compile(r"\d{8}", re.ASCII)  # IPTC subject codes
_PLACES = ("City", "CountryArea", "Area", "Country")  # the finest first


def line(story: Story, name: str) -> str | None:
    """The nearest line of that name."""
    return next((words for part in story.path if (words := leaves.first(part.lines, name))), None)


def headline(story: Story) -> str | None:
    """The head line, else a content in the role of one, else that of the text's own head.

    The item's own, which is the outermost, goes before its text's; a translation has the nearest.
    """
    parts = reversed(story.path) if story.whole else story.path
    own = next((words for part in parts if (words := leaves.first(part.lines, "HeadLine"))), None)
    return own or " ".join(story.title) or head(story, ("hedline", "hl1"))


def typed(story: Story) -> Iterator[tuple[str, str]]:
    """The lines of types of their own: type, lower-cased, and text."""
    for part in story.path:
        for element in part.lines.get("NewsLine", ()):
            found = paths.fields(element)
            if words := leaves.first(found, "NewsLineText"):
                yield formal(found, "NewsLineType").lower(), words


def properties(story: Story, *names: str) -> Iterator[str]:
    """The values of the properties of these names."""
    for part in story.path:
        for element in part.properties:
            if element.get("FormalName") in names and (words := leaves.attribute(element, "Value")):
                yield words


def terms(story: Story) -> str | None:
    """What the rights metadata say of usage, else the rights line."""
    for part in story.path:
        rights = (paths.fields(element) for element in part.inside("RightsMetadata").get("UsageRights", ()))
        names = ("UsageType", "Geography", "Limitations")
        said = [words for found in rights for name in names if (words := leaves.first(found, name))]
        if said:
            return " ".join(said)
    return line(story, "RightsLine")


def holder(story: Story) -> str | None:
    """Who holds the copyright."""
    for part in story.path:
        for element in part.inside("RightsMetadata").get("Copyright", ()):
            if words := leaves.first(paths.fields(element), "CopyrightHolder"):
                return words
    return None


def subjects(story: Story) -> tuple[Subject, ...]:
    """The subject codes; eight digits are IPTC's, whose scheme is told by "subj:"."""
    codes: dict[str, None] = {}
    for element in described(story, "SubjectCode"):
        for level, elements in paths.fields(element).items():
            if level in ("Subject", "SubjectMatter", "SubjectDetail"):
                codes.update(dict.fromkeys(filter(None, map(name, elements))))
    return tuple(Subject(f"subj:{code}" if _CODE.fullmatch(code) else code) for code in codes)


def keywords(story: Story) -> Iterator[str]:
    """The keyword lines, and the properties that are called keywords."""
    for part in story.path:
        yield from filter(None, map(leaves.text, part.lines.get("KeywordLine", ())))
        for element in part.properties:
            if "keyword" in (element.get("FormalName") or "").lower() and (words := leaves.attribute(element, "Value")):
                yield words


def places(story: Story) -> tuple[str | None, tuple[str, ...]]:
    """Where the item was written, and where it plays."""
    origin, others = None, []
    older = (e for e in described(story, "Property") if e.get("FormalName") == "Location")  # as AFP's pictures have it
    for element in (*described(story, "Location"), *older):
        values = {p.get("FormalName"): p.get("Value") or "" for p in paths.fields(element).get("Property", ())}
        given = [words for name in _PLACES if (words := " ".join(values.get(name, "").split()))]
        if values.get("City") and (element.get("HowPresent") or "Origin").lower() == "origin":
            origin = origin or given[0]
        else:
            others += given[:1]
    return origin or None, tuple(dict.fromkeys(others))


def words(story: Story) -> int | None:
    """How many words the text is said to have."""
    said = story.main.characteristic("Words") if story.main else ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 8 else None


def base(story: Story) -> str | None:
    """The language the text itself names."""
    data = story.main.data if story.main else None
    return None if data is None else next((e.get("baselang") for e in data.iter("{*}nitf")), None)


def head(story: Story, names: tuple[str, str]) -> str | None:
    """What the head of a NITF text says."""
    data = story.main.data if story.main else None
    if data is None or not len(data):
        return None
    return next(filter(None, paths.values((data,), f"//body.head/{'/'.join(names)}")), None)


def described(story: Story, name: str) -> Iterator[etree._Element]:
    """The descriptive elements of that name, nearest first."""
    return (element for part in story.path for element in part.described.get(name, ()))


def name(element: etree._Element) -> str:
    """The element's formal name; empty where it has none."""
    return leaves.attribute(element, "FormalName")
