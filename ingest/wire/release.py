"""Read the press releases of agencies' release services (<release>, as made by Solita's platform for NTB and others).

It has no rules. Clocks name no zone; the dialect says where they hang. The persons to contact are not read, nor what
the publisher says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.item import Item, Link, Status, Subject
from ingest.message import Message
from ingest.wire.parts import leaves, paths, prose

MEDIA = ("xml",)
RULES: frozenset[str] = frozenset()

_PARTING = re.compile(r"[,;]")


def recognises(message: Message) -> bool:
    """Whether the root is a release with a title and a body."""
    if not message.is_xml or prose.local(message.root) != "release":
        return False
    return {"title", "body", "publicationDate"} <= paths.fields(message.root).keys()


def parse(message: Message) -> tuple[Item, ...]:
    """The one item of the message."""
    root = message.root
    message.speak("release", lambda path: paths.values((root,), path))
    found = paths.fields(root)
    lead, told = prose.fragment(leaves.raw(found, "leadtext")), leaves.first(found, "embargo")
    until = message.when(told)
    publisher = paths.fields(found["publisher"][0]) if "publisher" in found else {}
    item = Item(
        format="release",
        guid=leaves.attribute(root, "id") or None,
        status=Status.WITHHELD if told and not until else Status.USABLE,
        published=message.when(leaves.first(found, "publicationDate")),
        embargoed=until,
        headline=leaves.first(found, "title") or None,
        body=prose.joined([*lead, *prose.fragment(leaves.raw(found, "body"))]),
        summary=prose.joined(lead) or None,
        language=leaves.attribute(root, "lang") or message.language,
        credit=leaves.first(publisher, "name") or None,
        subjects=tuple(Subject(name=name) for name in paths.values((root,), "categories/category/label")),
        keywords=tuple(_keywords(leaves.first(found, "keywords"))),
        genres=tuple(paths.values((root,), "type/label")),
        link=leaves.first(found, "longurl") or None,
        links=tuple(_links(found)),
    )
    return (item,)


def _keywords(text: str) -> Iterator[str]:
    """Words apart by commas, or by spaces where there are none."""
    parts = _PARTING.split(text) if _PARTING.search(text) else text.split()
    return filter(None, (part.strip() for part in parts))


def _links(found: paths.Fields) -> Iterator[Link]:
    """Its pictures and documents, and the pages it names."""
    for around, inner, rel in (
        ("images", "image", "picture"),
        ("documents", "document", "document"),
        ("links", "link", "link"),
    ):
        for element in (e for outer in found.get(around, ()) for e in paths.fields(outer).get(inner, ())):
            said = paths.fields(element)
            if target := leaves.first(said, "url"):
                kind = "picture" if rel == "picture" else None
                yield Link(rel, target, leaves.first(said, "caption", "title", "description") or None, kind)
