"""Read dpa digitalwires (JSON, 0.5 to 0.9): an entry, a list of them, or the `entries` of a wireQ answer.

Field names as in github.com/dpa-newslab (dpa-digitalwires-wireq-example and -to-newsmlg2). The text is `article_html`
and nothing else: notepad, ednotes, boxes and captions have members of their own and stay there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest import tidy
from ingest.body import Unreadable
from ingest.item import Item, Link, Status, Subject
from ingest.message import Message
from ingest.wire.parts import members, prose
from ingest.wire.parts.members import Thing

MEDIA = ("json",)
RULES: tuple[str, ...] = ()

_SUBJECTS = ("dpasubject", "geosubject", "subject")
_SERVICES = ("wire", "rubric", "desk")
_SIGNALS = {"correction": "correction", "update": "update", "kill": "kill"}
_KINDS = {"image": "picture"}
_ANCHOR = re.compile(r"<a\s([^<>]*+)>([^<>]*+)", re.IGNORECASE)
_HREF = re.compile(r"\bhref=\"([^\"]*+)\"", re.IGNORECASE)


def recognises(message: Message) -> bool:
    """Whether some entry names the format, or has the two members that only this one has."""
    return any(_is_entry(thing) for thing in _entries(message))


def parse(message: Message) -> tuple[Item, ...]:
    """The entries; what is none among them is left out, which is noted. Raises Unreadable where there is none."""
    found = list(_entries(message))
    known = [entry for entry in found if _is_entry(entry)]
    if not known:
        raise Unreadable("digitalwires without an entry")
    if wrong := len(found) - len(known):
        message.notes.append(f"{wrong} entries that are none left out")
    return tuple(_item(entry, message) for entry in known)


def _entries(message: Message) -> Iterator[Thing]:
    for thing in message.objects:
        listed = thing.get("entries")
        yield from (entry for entry in listed if isinstance(entry, dict)) if isinstance(listed, list) else (thing,)


def _is_entry(thing: Thing) -> bool:
    named = thing.get("format")
    return (isinstance(named, str) and named.startswith("digitalwires@")) or {"urn", "article_html"} <= thing.keys()


def _item(entry: Thing, message: Message) -> Item:
    told = _categories(entry)
    said = members.each([members.line(entry, "signal"), *_codes(told, "signal")])
    body = prose.joined(prose.fragment(members.text(entry, "article_html") or "", omit=("dateline",)))  # it is a field
    embargo = members.until(entry, "embargoed")
    until = message.when(embargo)
    status = Status.told(members.line(entry, "pubstatus") or next(_codes(told, "pubstatus"), None))
    return Item(
        format="digitalwires",
        guid=members.line(entry, "urn"),
        version=members.line(entry, "version"),
        kind="text" if body else _kind(entry),
        status=status.held(embargo, until),
        signal=members.signal(said, _SIGNALS),
        signals=said,
        published=message.when(members.line(entry, "version_created")),
        created=message.when(members.line(entry, "content_created")),
        embargoed=until,
        headline=members.plain(entry, "headline"),
        body=body,
        summary=members.line(entry, "teaser") or members.line(next(iter(_descriptions(entry)), {}), "description"),
        byline=members.line(entry, "byline"),
        dateline=members.line(entry, "dateline"),
        language=members.line(entry, "language") or message.language,
        urgency=members.urgency(entry, "urgency"),
        usage_terms=members.line(entry, "usageterms"),
        copyright_notice=members.line(entry, "copyrightnotice"),
        credit=members.line(entry, "creditline") or next(_names(told, "provider"), None),
        subjects=tuple(_subjects(told)),
        keywords=members.each(_names(told, "keyword")),
        genres=members.each(_names(told, "genre")),
        services=members.each(_codes(told, *_SERVICES)),
        people=members.each(_names(told, "person")),
        places=members.each(_names(told, "geosubject")),
        organisations=members.each(_names(told, "organisation")),
        located=next(_names(told, "located"), None),
        links=(*_associations(entry), *_anchors(entry)),
    )


def _categories(entry: Thing) -> dict[str, list[dict[str, Any]]]:
    """The categories by their type without its scheme."""
    found: dict[str, list[dict[str, Any]]] = {}
    for category in members.things(entry, "categories"):
        found.setdefault((members.line(category, "type") or "").rpartition(":")[2], []).append(category)
    return found


def _names(told: dict[str, list[dict[str, Any]]], kind: str) -> Iterator[str]:
    return (name for category in told.get(kind, ()) if (name := members.line(category, "name")))


def _codes(told: dict[str, list[dict[str, Any]]], *kinds: str) -> Iterator[str]:
    categories = (category for kind in kinds for category in told.get(kind, ()))
    return (code for category in categories if (code := members.line(category, "qcode", "name")))


def _subjects(told: dict[str, list[dict[str, Any]]]) -> Iterator[Subject]:
    for category in (category for kind in _SUBJECTS for category in told.get(kind, ())):
        code, name = members.line(category, "qcode"), members.line(category, "name")
        if code or name:
            yield Subject(code, name)


def _descriptions(entry: Thing) -> list[dict[str, Any]]:
    """What the entry is described by, those without a scheme of the agency's own first."""
    return sorted(members.things(entry, "descriptions"), key=lambda one: members.line(one, "role") != "drol:caption")


def _kind(entry: Thing) -> str:
    """An entry without a text is the picture or sound that goes by its urn; what others go with is a mere headline."""
    own = (members.line(entry, "urn"), None)
    listed = (one for one in members.things(entry, "associations") if members.line(one, "urn") in own)
    kinds = {members.line(one, "type") or "" for one in listed}
    if len(kinds) > 1:
        return "composite"
    return next((_KINDS.get(kind, kind) for kind in kinds if kind), "text")


def _associations(entry: Thing) -> Iterator[Link]:
    own = members.line(entry, "urn")
    for one in members.things(entry, "associations"):
        rendition = next(iter(members.things(one, "renditions")), {})
        urn, kind = members.line(one, "urn"), members.line(one, "type")
        target = members.line(rendition, "url") if urn == own else urn or members.line(rendition, "url")
        if target:
            rel = "rendition" if urn == own else "featureimage" if one.get("is_featureimage") is True else "association"
            yield Link(rel, target, members.plain(one, "headline"), _KINDS.get(kind or "", kind))


def _anchors(entry: Thing) -> Iterator[Link]:
    for attributes, title in _ANCHOR.findall(members.text(entry, "linkbox_html") or ""):
        if (href := _HREF.search(attributes)) and (target := tidy.plain(href[1])):
            yield Link("linkbox", target, tidy.plain(title) or None)
