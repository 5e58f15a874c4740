"""Read a feed (RSS, Atom, JSON Feed) that an agency sends as its wire, the full text in each entry."""

from __future__ import annotations

import re

from ingest import feeds, referee
from ingest.body import Odd
from ingest.formats import jsonfeed
from ingest.item import Item, Link, Subject
from ingest.message import Message
from ingest.model import Entry, FeedDocument
from ingest.wire.parts import prose

MEDIA = ("xml", "json")
RULES: tuple[str, ...] = ()

_HEAD = 4_000  # bytes within which the root of a feed opens
_ROOT = re.compile(
    rb"(?:<[?!][^>]*+>\s*+)*+<(?:rss|feed|channel|rdf:RDF|RDF|atom:feed|atom10:feed)[\s>]", re.IGNORECASE
)


def recognises(message: Message) -> bool:
    """Whether the first element is a feed's root, or a JSON object says it is a JSON Feed."""
    if message.is_json:
        return any(jsonfeed.is_feed(thing) for thing in message.objects[:1])
    head = message.raw[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return _ROOT.match(head.replace(b"\0", b"") if b"\0" in head else head) is not None  # UTF-16 has zeros


def parse(message: Message) -> tuple[Item, ...]:
    """The entries, as items. Raises Unreadable for what is no feed, or needs more time or memory than one may."""
    document = _read(message)
    message.notes += document.notes
    return tuple(_item(entry, document.language or message.language) for entry in document.entries)


def paragraphs(entry: Entry) -> list[str]:
    """The text of an entry: its content, else its summary."""
    return prose.fragment(entry.content or entry.summary or "")


def _read(message: Message) -> FeedDocument:
    """What the feed says; where that takes feedparser, from a process with bounds that lives for this question only."""
    try:
        if len(message.raw) <= referee.SMALL:
            return feeds.read(message.raw, "", None, message.zone)
    except Odd:
        pass
    with referee.Child() as judge:
        return judge.ask(message.raw, "", None, message.zone)


def _item(entry: Entry, language: str | None) -> Item:
    full = bool(entry.content and entry.summary)
    return Item(
        format="feed",
        guid=entry.guid,
        published=entry.updated or entry.published,
        created=entry.published,
        headline=entry.title,
        body=prose.joined(paragraphs(entry)),
        summary=(" ".join(prose.fragment(entry.summary or "")) or None) if full else None,
        byline=", ".join(entry.authors) or None,
        language=entry.language or language,
        subjects=tuple(Subject(name=word) for word in entry.keywords),
        keywords=entry.keywords,
        link=entry.link,
        links=(Link("mainPicture", entry.picture, kind="picture"),) if entry.picture else (),
    )
