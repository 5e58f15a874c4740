"""Read Ritzau's own XML (RBNews): a message holds one item, or a queue of them; its texts are escaped HTML.

It has no rules. Its clocks name no zone; the dialect says where they hang. What is meant for desks (TilRedaktionen,
telephone numbers, addresses) is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from ingest.body import Unreadable
from ingest.item import Item, Link, Signal, Status, Subject
from ingest.message import Message
from ingest.wire.parts import leaves, paths, prose

MEDIA = ("xml",)
RULES: frozenset[str] = frozenset()

_FLAGS = {"Annuleret": Signal.KILL, "Korrektion": Signal.CORRECTION, "NyVersion": Signal.UPDATE}  # the gravest first


def recognises(message: Message) -> bool:
    """Whether the root, or what lies in it, is an RBNews."""
    return message.is_xml and "rbnews" in map(prose.local, (message.root, *islice(message.root, 1)))


def parse(message: Message) -> tuple[Item, ...]:
    """The items of the message. Raises Unreadable where one has neither id nor text."""
    message.speak("ritzau", lambda path: paths.values((message.root,), path))
    return tuple(_item(element, number, message) for number, element in enumerate(message.root.iter("{*}RBNews"), 1))


def _item(element: etree._Element, number: int, message: Message) -> Item:
    found = paths.fields(element)
    flags = [name for name in _FLAGS if leaves.first(found, name).lower() in ("true", "1")]
    signal = _FLAGS[flags[0]] if flags else None
    guid, body = leaves.first(found, "NewsID"), prose.fragment(leaves.raw(found, "content"))
    if not guid and not body:
        raise Unreadable(f"RBNews {number}: neither NewsID nor content")
    town = leaves.first(found, "town") or None
    return Item(
        format="ritzau",
        guid=guid or None,
        version=leaves.first(found, "version") or None,
        status=Status.CANCELED if signal is Signal.KILL else Status.USABLE,
        signal=signal,
        signals=tuple(flags),
        published=message.when(leaves.first(found, "PublishDate")),
        headline=leaves.first(found, "headline") or None,
        body=prose.joined(body),
        summary=leaves.first(found, "subtitle") or None,
        byline=leaves.first(found, "byLine") or None,
        dateline=town,
        language=message.language,
        slugline=leaves.first(found, "strapline") or None,
        credit=leaves.first(found, "origin").strip("/ ") or None,
        subjects=tuple(_subjects(found)),
        keywords=tuple(filter(None, (leaves.first(found, "section"), *_inner(found, "SubjectKeyword")))),
        genres=tuple(filter(None, [leaves.first(found, "format")])),
        located=town,
        links=tuple(_links(found)),
    )


def _subjects(found: paths.Fields) -> Iterator[Subject]:
    """IPTC subject codes, which come as numbers and so without their first zero."""
    for number in _inner(found, "IPTCList"):
        if number.isascii() and number.isdigit() and len(number) <= 8:
            yield Subject(f"subj:{number:0>8}")


def _links(found: paths.Fields) -> Iterator[Link]:
    """The items it replaces; an id of nothing but zeros stands for none."""
    targets = (leaves.first(found, "Replaces"), leaves.first(found, "replacedID"))
    return (Link("replaces", target) for target in dict.fromkeys(targets) if target.strip("0-"))


def _inner(found: paths.Fields, name: str) -> Iterator[str]:
    """The texts of the elements of a list."""
    for element in found.get(name, ()):
        yield from filter(None, map(leaves.text, element))
