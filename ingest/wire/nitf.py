"""Read NITF (IPTC, 3.x): one text with its document data.

Rules of dialects (paths as in ingest/wire/parts/paths.py, from the root; "meta/NAME" is the content of that <meta>):
    guid                            pattern of doc-id, its group `guid` is what stays the same in all versions
    byline, summary, slugline       paths, instead of the elements that NITF has for them; [] for none
    subjects                        paths to further eight-digit IPTC subject codes
    omit, skip                      class tokens and names of elements in a body that are none of its text
    signal_in                       [path, pattern found in what stands there, correction, update or kill]
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from itertools import chain
from typing import Any

from lxml import etree

from ingest import tidy
from ingest.dialect import PLAIN
from ingest.item import Item, Link, Signal, Status, Subject
from ingest.message import Message
from ingest.model import When
from ingest.wire.parts import paths, prose, signals
from ingest.wire.parts.flow import line

MEDIA = ("xml",)
RULES = ("guid", "byline", "summary", "slugline", "subjects", "omit", "skip", "signal_in")

_NOTES = (("ed-msg", "info"), ("revision-history", "comment"))  # where English notes to editors say what a version is
_URGENCIES = frozenset("123456789")
_MEDIA = {"image": "picture", "photo": "picture", "graphic": "graphic", "video": "video", "audio": "audio"}


def recognises(message: Message) -> bool:
    """Whether the root is <nitf>, in whichever namespace."""
    return message.is_xml and prose.local(message.root) == "nitf"


def parse(message: Message) -> tuple[Item, ...]:
    """The one item of the message."""
    root = message.root
    parts = _Parts(root, message)
    parts.dialect = message.speak("nitf", parts.values)
    return (_item(parts),)


class _Parts:
    """The message taken apart: fields by name, whichever of head and docdata they stand in."""

    def __init__(self, root: etree._Element, message: Message) -> None:
        top = paths.fields(root)
        head = paths.fields(*top.get("head", ()))
        bodies = [paths.fields(body) for body in top.get("body", ())]
        self.root, self.message, self.dialect = root, message, PLAIN
        self.data = head | paths.fields(*head.get("docdata", ()))
        self.data["urgency"] = [*self.data.get("urgency", ()), *head.get("urgency", ())]
        self.status = next((each.get("management-status", "") for each in head.get("docdata", ())), "").strip().lower()
        self.head = paths.fields(*(each for body in bodies for each in body.get("body.head", ())))
        found = (body["body.content"] for body in bodies if "body.content" in body)
        self.contents = next(found, []) or prose.contents(root, root.iter("{*}body"))
        self.notes: list[str] = []

    def values(self, path: str) -> Iterable[str]:
        """What stands at a path of a dialect: "meta/NAME" is the content of that <meta>, else see paths.values()."""
        if path.startswith("meta/"):
            named = (each for each in self.data.get("meta", ()) if each.get("name") == path.removeprefix("meta/"))
            return filter(None, (each.get("content") for each in named))
        for around, fields in (("head/docdata/", self.data), ("body/body.head/", self.head)):  # taken apart already
            if path.startswith(around):
                name, _, rest = path.removeprefix(around).partition("/")
                return paths.values(fields.get(name, ()), rest)
        return paths.values((self.root,), path)

    def attribute(self, name: str, attribute: str) -> str | None:
        """The first value of an attribute among the document data of a name."""
        for each in self.data.get(name, ()):
            if value := tidy.line(each.get(attribute) or "").strip():
                return value
        return None

    def ruled(self, rule: str, *otherwise: str | None) -> str | None:
        """The first text at the paths that the dialect gives for a field; else the first that is otherwise found."""
        if rule not in self.dialect.rules:
            return next(filter(None, otherwise), None)
        found = (value for path in self.dialect.paths(rule) for value in self.values(path))
        return next(filter(None, found), None)

    def texts(self, name: str) -> list[str]:
        """The texts of a name in body.head."""
        return [text for each in self.head.get(name, ()) if (text := prose.words(each))]


def _item(parts: _Parts) -> Item:
    message, rules = parts.message, parts.dialect.rules
    skip, omit = prose.skipped(rules.get("skip", ())), rules.get("omit", ())
    body = [text for each in parts.contents for text in _paragraphs(each, skip, omit)]
    media = [each for content in parts.contents for each in content.iter("{*}media")]
    issued, release = _moments(parts)
    embargoed, status = _embargo(parts, issued, release)
    signal = _signal(parts, status)
    kinds = [_MEDIA.get((each.get("media-type") or "").lower()) for each in media]
    return Item(
        format="nitf",
        guid=_guid(parts),
        version=parts.attribute("du-key", "version"),
        kind=next(filter(None, kinds), "text") if not body else "text",
        status=Status.CANCELED if signal is Signal.KILL else status,
        signal=signal,
        published=issued
        or message.when(next(iter(paths.values(parts.head.get("dateline", ()), "story.date/@norm")), None)),
        embargoed=embargoed,
        body=prose.joined(body),
        words=_words(parts),
        links=tuple(link for each, kind in zip(media, kinds, strict=True) for link in _link(each, kind)),
        notes=tuple(parts.notes),
        **_described(parts),
    )


def _paragraphs(content: etree._Element, skip: Container[str] = prose.NEVER, omit: Container[str] = ()) -> list[str]:
    """The paragraphs of a body.content or an abstract; some hold escaped HTML and no element."""
    if not len(content) and content.text:
        return prose.loose(content.text, skip, omit)
    return prose.paragraphs(content, skip, omit)


def _described(parts: _Parts) -> dict[str, Any]:
    data, topics = parts.data, paths.fields(*parts.data.get("tobject", ()))
    urgency = parts.attribute("urgency", "ed-urg")
    terms = (parts.attribute("doc.rights", name) for name in ("type", "limitations"))
    abstracts = [prose.joined(_paragraphs(each)) for each in parts.head.get("abstract", ())]
    dateline = _dateline(parts)
    located, played = _located(parts, dateline), parts.attribute("evloc", "city")
    return {
        "headline": _headline(parts),
        "summary": parts.ruled("summary", *abstracts),
        "byline": parts.ruled("byline", ", ".join(parts.texts("byline"))),
        "dateline": dateline,
        "language": parts.root.get("baselang") or parts.root.get(paths.LANG) or parts.message.language,
        "urgency": int(urgency) if urgency in _URGENCIES else None,
        "slugline": parts.ruled("slugline", parts.attribute("du-key", "key"), *parts.values("meta/anpa-keyword")),
        "usage_terms": " ".join(filter(None, terms)) or None,
        "copyright_holder": next(filter(None, _holders(parts)), None),
        "credit": next(iter(parts.texts("distributor")), None),
        "subjects": _unique(_subjects(parts, topics)),
        "keywords": _unique(
            each.get("key") or prose.words(each)
            for each in data.get("key-list", ())
            for each in each.iter("{*}keyword")
        ),
        "genres": _unique(each.get("tobject.property.type") for each in topics.get("tobject.property", ())),
        "people": _identified(parts, "person"),
        "places": _unique((*_identified(parts, "location"), played if played != located else None)),
        "organisations": _identified(parts, "org"),
        "located": located,
    }


def _guid(parts: _Parts) -> str | None:
    """doc-id/@id-string; a dialect's pattern tells its group `guid` from what changes with the version."""
    guid, pattern = parts.attribute("doc-id", "id-string"), parts.dialect.pattern("guid")
    match = pattern.fullmatch(guid) if guid and pattern else None
    return match["guid"] if match else guid


def _headline(parts: _Parts) -> str | None:
    """The first rank of the headline, else what it holds itself, else the title."""
    around = (*parts.head.get("hedline", ()), *parts.head.get("headline", ()))
    ranks = map(prose.words, paths.fields(*around).get("hl1", ()))
    bare = (line(each.text) for each in around if each.text)
    return next(filter(None, chain(ranks, bare, map(prose.words, parts.data.get("title", ())))), None)


def _dateline(parts: _Parts) -> str | None:
    """The place alone: story.date is no text."""
    found: list[str] = []
    for each in parts.head.get("dateline", ()):
        for node in each.iter():
            if paths.name(node) not in ("story.date", ""):
                found.append(node.text or "")
            if node is not each:
                found.append(node.tail or "")
    clean = (" ".join(text.split()).strip(" ,") for text in found)
    return ", ".join(filter(None, clean)) or None


def _located(parts: _Parts, dateline: str | None) -> str | None:
    """The city of the dateline. That of evloc is where the event was (NITF 3.x), so it counts where no dateline is."""
    cities = filter(None, paths.values(parts.head.get("dateline", ()), "//city"))
    return next(cities, None if dateline else parts.attribute("evloc", "city"))


def _holders(parts: _Parts) -> Iterable[str | None]:
    """Who holds the copyright: as document data, else the owner of the rights, else as a meta of that name."""
    yield parts.attribute("doc.copyright", "holder")
    yield from paths.values(parts.head.get("rights", ()), "rights.owner")
    yield from parts.values("meta/copyright")


def _moments(parts: _Parts) -> tuple[When | None, When | None]:
    """When it was issued, and when it is released, which many write down as the same."""
    issue, until = (parts.attribute(name, "norm") for name in ("date.issue", "date.release"))
    issued = parts.message.when(issue)
    release = issued if until == issue else parts.message.when(until)
    return issued or parts.message.when(parts.attribute("pubdata", "date.publication")) or release, release


def _embargo(parts: _Parts, issued: When | None, release: When | None) -> tuple[When | None, Status]:
    """date.release, where the status says embargoed or it lies after the issue; without a moment it is withheld."""
    if parts.status == "embargoed" and release is None:
        parts.notes.append("embargoed without a moment")
        return None, Status.WITHHELD
    later = parts.status == "embargoed" or bool(release and issued and _after(release, issued))
    return release if later else None, Status.USABLE if parts.status == "embargoed" else Status.told(parts.status)


def _after(one: When, other: When) -> bool:
    if one.at and other.at:
        return one.at > other.at
    return bool(one.wall and other.wall and one.wall > other.wall) or (one.day > other.day)


def _signal(parts: _Parts, status: Status) -> Signal | None:
    """Killed by its status, else by the notes to editors and the places its dialect knows."""
    if status is Status.CANCELED:
        return Signal.KILL
    words = [
        word
        for path, pattern, word in parts.dialect.rules.get("signal_in", ())
        if any(re.search(pattern, value[:1000]) for value in parts.values(path))
    ]
    for name, attribute in _NOTES:
        words += filter(None, (signals.noted(each.get(attribute) or "") for each in parts.data.get(name, ())))
    return signals.decided((), None, words)


def _subjects(parts: _Parts, topics: paths.Fields) -> Iterable[Subject]:
    """Subject codes: IPTC's eight digits are "subj:", those of another owner carry its name in lower case."""
    for each in topics.get("tobject.subject", ()):
        if number := (each.get("tobject.subject.refnum") or "").strip():
            owner = (each.get("tobject.subject.ipr") or "IPTC").strip().lower()
            number = number.zfill(8) if len(number) == 7 and owner == "iptc" else number  # sent as a number
            names = (each.get(f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
            yield Subject(f"{'subj' if owner == 'iptc' else owner}:{number}", next(filter(None, names), None))
    for path in parts.dialect.paths("subjects"):
        yield from (Subject(f"subj:{value}") for value in parts.values(path) if re.fullmatch(r"\d{8}", value))


def _identified(parts: _Parts, name: str) -> tuple[str, ...]:
    """What the document data, and not the text, say the item is about."""
    contents = parts.data.get("identified-content")
    if not contents:
        return ()
    return _unique(prose.words(each) or each.get("value") for part in contents for each in part.iter(f"{{*}}{name}"))


def _words(parts: _Parts) -> int | None:
    length = (parts.attribute("pubdata", "item-length") or "").strip()
    counted = (parts.attribute("pubdata", "unit-of-measure") or "").lower() in ("word", "words")
    return int(length) if counted and length.isascii() and length.isdigit() and 0 < len(length) < 7 else None


def _link(media: etree._Element, kind: str | None) -> Iterable[Link]:
    """What the medium is: the widest of its references, which show the same in several sizes."""
    given = [each for each in media.iter("{*}media-reference") if each.get("source") or each.get("data-location")]
    if given:
        widest = max(given, key=_width)
        captions = (prose.words(part) for part in media.iter("{*}media-caption"))
        target = widest.get("source") or widest.get("data-location") or ""
        yield Link("media", target, next(filter(None, captions), None), kind)


def _width(reference: etree._Element) -> int:
    width = (reference.get("width") or "").strip()
    return int(width) if width.isascii() and width.isdigit() and len(width) < 7 else 0


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(filter(None, values)))
