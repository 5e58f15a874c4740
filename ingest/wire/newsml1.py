"""Read NewsML 1.0 to 1.2 (IPTC, 2000 to 2003): each NewsItem is an item, in each of its languages.

Rules of dialects (paths as in parts/paths.py, from the component that holds the text; "//" is anywhere in the item):
    guid                        paths to what identifies an item in all its versions, the first that does counts
    embargo                     paths to the moment before which nothing may be published
    link                        names of properties that hold the item's page on the web
    signals                     names of properties that tell how this version differs from the one before
    kill, correction, update    patterns a whole signal is
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Link, Signal, Status
from ingest.message import Message
from ingest.model import When
from ingest.wire.parts import leaves, newslines, paths, prose
from ingest.wire.parts.components import Part, Story, formal, stories
from ingest.wire.parts.signals import decided

MEDIA = ("xml",)
RULES = frozenset("guid link embargo signals kill correction update".split())

_GUIDS = ("PublicIdentifier", "NewsItemId")
_GONE = re.compile(r"cancel|kill|delet|withdr", re.IGNORECASE)
_HELD = re.compile(r"withh|embargo|held|hold", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A NewsItem and what its message says of all of them."""

    message: Message
    dialect: Dialect
    envelope: paths.Fields
    item: Part
    identifier: paths.Fields
    management: paths.Fields


def recognises(message: Message) -> bool:
    """Whether the root is a NewsML."""
    return message.is_xml and prose.local(message.root) == "newsml"


def parse(message: Message) -> tuple[Item, ...]:
    """The message's NewsItems, nested ones as well. Raises Unreadable with the item."""
    root = message.root
    dialect = message.speak("newsml1", lambda path: paths.values((root,), path))
    top = paths.fields(root)
    envelope = paths.fields(top["NewsEnvelope"][0]) if "NewsEnvelope" in top else {}
    found: list[Item] = []
    for number, element in enumerate(root.iter("{*}NewsItem"), 1):
        item = Part(element)
        management = item.inside("NewsManagement")
        identity = item.inside("Identification").get("NewsIdentifier", [])
        frame = _Frame(message, dialect, envelope, item, paths.fields(identity[0]) if identity else {}, management)
        if "Update" in item.fields:
            raise Unreadable(f"NewsItem {number}: changes to an earlier revision (Update), not a revision itself")
        if "TopicSet" in item.fields and not item.parts:
            message.notes.append("a TopicSet is left out: it is no news")
        else:
            found += _items(frame)
    if not found:
        raise Unreadable("NewsML without a NewsItem that holds news")
    return tuple(found)


def _items(frame: _Frame) -> Iterator[Item]:
    found = stories(frame.item)
    own = next((part.language for part in frame.item.outer if part.language), found[0].language)
    for story in found:
        guid, language = _guid(frame, story), story.language
        translated = guid and language and len(found) > 1 and language[:2].lower() != (own or language)[:2].lower()
        yield _item(frame, story, f"{guid}#{language}" if translated else guid)


def _item(frame: _Frame, story: Story, guid: str | None) -> Item:
    when, managed = frame.message.when, frame.management
    status, embargoed = _status(frame, story)
    signals = tuple(dict.fromkeys(_signals(frame, story)))
    signal = _signal(frame, signals, status)
    located, places = newslines.places(story)
    return Item(
        format="newsml1",
        guid=guid,
        version=leaves.first(frame.identifier, "RevisionId") or None,
        kind=story.kind,
        status=Status.CANCELED if signal is Signal.KILL else status,
        signal=signal,
        signals=signals,
        published=when(leaves.first(managed, "ThisRevisionCreated"))
        or when(leaves.first(frame.envelope, "DateAndTime")),
        created=when(leaves.first(managed, "FirstCreated")),
        embargoed=embargoed,
        headline=newslines.headline(story),
        body=prose.joined(story.paragraphs),
        summary=prose.joined(story.summary) or None,
        byline=newslines.line(story, "ByLine"),
        dateline=newslines.line(story, "DateLine") or newslines.head(story, ("dateline", "location")),
        language=story.language or newslines.base(story) or frame.message.language,
        urgency=_urgency(formal(managed, "Urgency")),
        slugline=newslines.line(story, "SlugLine"),
        usage_terms=newslines.terms(story),
        copyright_notice=newslines.line(story, "CopyrightLine"),
        copyright_holder=newslines.holder(story),
        credit=newslines.line(story, "CreditLine") or _party(frame, story),
        subjects=newslines.subjects(story),
        keywords=tuple(dict.fromkeys(newslines.keywords(story))),
        genres=tuple(dict.fromkeys(filter(None, (newslines.name(e) for e in newslines.described(story, "Genre"))))),
        places=places,
        located=located,
        link=next(newslines.properties(story, *frame.dialect.paths("link")), None),
        links=tuple(_links(frame, story)),
        words=newslines.words(story),
    )


def _guid(frame: _Frame, story: Story) -> str | None:
    """What identifies the item: its public identifier without the revision, else its own id, else nothing."""
    rule, revision = frame.dialect.paths("guid"), leaves.first(frame.identifier, "RevisionId")
    for value in _led(frame, story, *rule) if rule else (leaves.first(frame.identifier, name) for name in _GUIDS):
        if value.lower().startswith("urn:newsml:"):
            bare = _unversioned(value, revision)
            if bare.count(":") > 2:  # urn:newsml:PROVIDER names its sender alone
                return bare
        elif value.strip("0"):
            return value
    return None


def _unversioned(identifier: str, revision: str) -> str:
    """urn:newsml:PROVIDER:DATE:ID:REVISION without the revision and its flag (N, U or A; NewsML 1.2 section 5.5)."""
    bare, _, last = identifier.rpartition(":")
    number = last.rstrip("NUA").lstrip("0")
    if revision:
        return bare if last == revision or number == revision.lstrip("0") else identifier
    return bare if number.isdigit() and bare.count(":") > 3 else identifier


def _status(frame: _Frame, story: Story) -> tuple[Status, When | None]:
    """Whether it may be published, and from when on.

    A status that will change to usable is an embargo, whatever the status is now; an unreadable one never ends.
    """
    status, told = _named(formal(frame.management, "Status")), list(_embargo(frame, story))
    until = next(filter(None, map(frame.message.when, told)), None)
    if told and status is not Status.CANCELED:
        status = Status.USABLE if until else Status.WITHHELD
    return status, until


def _embargo(frame: _Frame, story: Story) -> Iterator[str]:
    yield from _led(frame, story, *frame.dialect.paths("embargo"))
    for element in frame.management.get("StatusWillChange", ()):
        change = paths.fields(element)
        if _named(formal(change, "FutureStatus")) is Status.USABLE and (moment := leaves.first(change, "DateAndTime")):
            yield moment


def _named(status: str) -> Status:
    """IPTC's Usable, Embargoed, Withheld and Canceled, however written; other words are states of production."""
    return Status.CANCELED if _GONE.search(status) else Status.WITHHELD if _HELD.search(status) else Status.USABLE


def _signals(frame: _Frame, story: Story) -> Iterator[str]:
    """The advisory lines, and what the dialect adds."""
    for kind, words in newslines.typed(story):
        if "advisory" in kind:
            yield words
    yield from newslines.properties(story, *frame.dialect.paths("signals"))


def _signal(frame: _Frame, signals: Iterable[str], status: Status) -> Signal | None:
    """What this version is to the one before; a revision that follows another is an update at least."""
    if status is Status.CANCELED:
        return Signal.KILL
    rules = {signal: known for signal in Signal if (known := frame.dialect.pattern(signal))}
    also = [signal for signal, known in rules.items() if any(map(known.fullmatch, signals))]
    earlier = next((e.get("PreviousRevision") or "0" for e in frame.identifier.get("RevisionId", ())), "0")
    return decided(signals, also=also) or (Signal.UPDATE if earlier.strip("0 ") else None)


def _party(frame: _Frame, story: Story) -> str | None:
    """Who provides the item, else who sent the message."""
    found = (element for part in story.path for element in part.administered.get("Provider", ()))
    for element in (*found, *frame.envelope.get("SentFrom", ())):
        if name := formal(paths.fields(element), "Party"):
            return name
    return None


def _links(frame: _Frame, story: Story) -> Iterator[Link]:
    """The items it belongs with or comes from, its members, and the files it comes with."""
    for rel in ("associatedWith", "derivedFrom"):
        for element in frame.management.get(rel[0].upper() + rel[1:], ()):
            if target := leaves.attribute(element, "NewsItem"):
                yield Link(rel, target)
    for part in frame.item.every():
        for element in part.fields.get("NewsItemRef", ()):
            if target := leaves.attribute(element, "NewsItem"):
                yield Link("member", target, leaves.first(part.lines, "HeadLine") or None)
    for content in story.contents:
        if content.address:
            yield Link(content.part.role or "content", content.address, None, content.kind or None)


def _urgency(words: str) -> int | None:
    return int(words) if len(words) == 1 and words in "123456789" else None


def _led(frame: _Frame, story: Story, *ways: str) -> Iterator[str]:
    """What the paths lead to, in their order: "//" looks in the item, others start at the story's own part."""
    part = next((part for part in story.path if "HeadLine" in part.lines), story.part)
    for path in ways:
        root = frame.item.element if path.startswith("//") else part.element
        yield from filter(None, paths.values((root,), path))
