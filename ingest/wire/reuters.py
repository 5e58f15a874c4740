"""Read answers of the newer Reuters Connect API (GraphQL, JSON): one item, or the items of a search."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.body import Unreadable
from ingest.item import Item, Link, Status, Subject
from ingest.message import Message
from ingest.wire.parts import members, prose
from ingest.wire.parts.members import Thing

MEDIA = ("json",)
RULES: tuple[str, ...] = ()

_MARKS = frozenset(("bodyXhtml", "headLine", "byLine", "usn", "versionedGuid"))  # two of them make it one of these
_KINDS = ("text", "picture", "graphic", "video", "audio", "composite")


def recognises(message: Message) -> bool:
    """Whether some object has the API's names."""
    return any(True for _ in _items(message))


def parse(message: Message) -> tuple[Item, ...]:
    """The items of an answer. Raises Unreadable where there is none."""
    found = tuple(_item(item, message) for item in _items(message))
    if not found:
        raise Unreadable("a Reuters answer without an item")
    return found


def _items(message: Message) -> Iterator[Thing]:
    for answer in message.objects:
        data = members.inside(answer, "data")
        for one in (answer, *members.things(data, "item"), *members.things(members.inside(data, "search"), "items")):
            if len(_MARKS & one.keys()) > 1:
                yield one


def _item(item: Thing, message: Message) -> Item:
    kind = (members.line(item, "type") or "text").lower()
    paragraphs = prose.fragment(members.text(item, "bodyXhtml", "body") or "")
    embargo = members.until(item, "embargoed", "embargo")
    until = message.when(embargo)
    status = Status.told(members.line(item, "pubStatus", "pubStatusQcode"))
    guid, version = _identity(item)
    return Item(
        format="reuters",
        guid=guid,
        version=version,
        kind=kind if kind in _KINDS else "text",
        status=status.held(embargo, until),
        published=message.when(members.line(item, "versionCreated", "contentTimestamp")),
        created=message.when(members.line(item, "firstCreated")),
        embargoed=until,
        headline=members.plain(item, "headLine", "headline"),
        body=prose.joined(paragraphs) if kind in ("text", "composite") else "",
        summary=members.plain(item, "intro", "fragment", "caption"),
        byline=members.plain(item, "byLine"),
        dateline=members.line(item, "dateLine"),
        language=members.line(item, "language") or message.language,
        urgency=members.urgency(item, "urgency"),
        slugline=members.line(item, "slug"),
        usage_terms=members.line(item, "usageTerms"),
        copyright_notice=members.line(item, "copyrightNotice"),
        credit=members.line(item, "credit"),
        subjects=tuple(_subjects(item)),
        keywords=members.words(item, "keyword"),
        located=members.line(item, "located"),
        links=tuple(_associations(item)),
    )


def _identity(item: Thing) -> tuple[str | None, str | None]:
    """(guid, version): the uri, or the versioned guid, whose version stands after the last colon of its tag."""
    guid, version = members.line(item, "uri", "guid"), members.line(item, "version")
    head, _, tail = (members.line(item, "versionedGuid") or "").rpartition(":")
    if tail.isdigit() and ":" in head:
        return head if guid in (None, f"{head}:{tail}") else guid, version or tail
    return guid or members.line(item, "versionedGuid", "usn"), version


def _subjects(item: Thing) -> Iterator[Subject]:
    for one in members.things(item, "subject", "subjects"):
        code, name = members.line(one, "code"), members.line(one, "name")
        if code or name:
            yield Subject(code, name)


def _associations(item: Thing) -> Iterator[Link]:
    for one in members.things(item, "associations"):
        if target := _identity(one)[0]:
            yield Link("association", target, members.plain(one, "headLine"), members.line(one, "type"))
