"""Read NewsML-G2 (IPTC, all 2.x): news items and packages, bare or several in a newsMessage.

Concepts, events and plannings of the same family become items of those kinds, so that they are recorded.

Rules of dialects (paths as in ingest/wire/parts/paths.py, from the item; "//" is anywhere in it):
    headline, byline, dateline  paths that go before the properties of these names
    main                        class tokens of the parts of a body that are its text (["main"])
    omit, skip                  class tokens and names of elements in a body that are none of its text
    swap                        what stands in bodies by mistake -> what is meant
    void                        names that mean there is none
    signal                      code of a signal -> correction, update or kill; any other word: none of these
    signal_in                   [path, pattern found in what stands there, correction, update or kill]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from ingest.body import Unreadable
from ingest.item import Item, Link, Signal, Status, Subject
from ingest.message import Message
from ingest.model import When
from ingest.wire.parts import paths, prose, signals
from ingest.wire.parts.g2 import Parts, code, last

MEDIA = ("xml",)
RULES = ("main", "omit", "skip", "swap", "void", "signal", "signal_in", "byline", "dateline", "headline")

_ITEMS = {  # element -> kind, where its itemClass does not say more
    "newsItem": "text",
    "packageItem": "composite",
    "conceptItem": "concept",
    "knowledgeItem": "concept",
    "planningItem": "planning",
    "catalogItem": "catalog",
}
_ROOTS = frozenset(("newsMessage", *_ITEMS))
_KINDS = {  # last part of ninature (http://cv.iptc.org/newscodes/ninature/) and its like -> ours
    "text": "text",
    "picture": "picture",
    "photo": "picture",
    "image": "picture",
    "graphic": "graphic",
    "graphics": "graphic",
    "animated": "graphic",
    "animation": "graphic",
    "audio": "audio",
    "video": "video",
    "composite": "composite",
}
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[T ]")  # Reuters writes a moment into dateline
_MINOR = re.compile(r"sub|kick|over|short|alt|second|mobile|seo|social|push")  # roles of headlines that are not the one
_SUMMARIES = ("teaser", "summary", "abstract", "lead", "intro", "synopsis", "")  # roles of descriptions, best first
_MEDIA = ("picture", "graphic", "video", "audio")
_CAPTIONS = ("caption", "videocaption", "shotlist", "dopesheet", "script")
_HIDDEN = ("np-nonpublic", "notepad")  # class tokens of sections that are not for publication


def recognises(message: Message) -> bool:
    """Whether the root is a newsMessage or one of the items of NewsML-G2, in whichever namespace."""
    return message.is_xml and paths.name(message.root) in _ROOTS


def parse(message: Message) -> tuple[Item, ...]:
    """The items in the message's order. Raises Unreadable for a message without one."""
    root = message.root
    name = paths.name(root)
    sets = [root] if name in _ITEMS else [part for part in root if paths.name(part) == "itemSet"]
    items = [root] if name in _ITEMS else [item for part in sets for item in part if paths.name(item) in _ITEMS]
    if not items:
        raise Unreadable(f"{name} without an item (line {root.sourceline})")
    known = [Parts.of(element, message) for element in items]
    dialect = message.speak("newsmlg2", lambda path: _values(root, known, path))
    return tuple(_item(parts.spoken(dialect)) for parts in known)


def _values(root: etree._Element, known: list[Parts], path: str) -> Iterator[str]:
    """What stands at a path from any item, or from the message around them."""
    for parts in known:
        yield from parts.values(path)
    if root is not known[0].element:
        yield from paths.values((root,), path)


def _item(parts: Parts) -> Item:
    kind = _kind(parts)
    body, words = _body(parts) if kind == "text" else ([], None)
    codes = tuple(filter(None, map(code, parts.meta.get("signal", ()))))
    told = next(filter(None, map(code, parts.meta.get("pubStatus", ()))), None)
    embargoed, status = _embargo(parts, Status.told(told))
    signal = _signal(parts, codes, status)
    return Item(
        format="newsmlg2",
        guid=_squeezed(parts.element.get("guid")),
        version=_squeezed(parts.element.get("version")),
        kind=kind,
        status=Status.CANCELED if signal is Signal.KILL else status,
        signal=signal,
        signals=codes,
        published=parts.when("versionCreated", "contentModified", "firstCreated", "contentCreated"),
        created=parts.when("firstCreated", "contentCreated"),
        embargoed=embargoed,
        body=_swapped(prose.joined(body), parts.dialect.rules.get("swap", {})),
        words=words,
        elsewhere=_elsewhere(parts) if kind == "text" and not body else None,
        links=tuple(_links(parts, kind)),
        notes=tuple(parts.notes),
        **_described(parts, kind),
        **_owned(parts),
    )


def _described(parts: Parts, kind: str) -> dict[str, Any]:
    """What contentMeta says of the content (specification, "Content Metadata")."""
    content, subjects = parts.content, parts.subjects()
    dateline = parts.ruled("dateline") or parts.said(content.get("dateline", ())) or _inside(parts, "dateline")
    return {
        "headline": parts.ruled("headline") or _headline(parts),
        "summary": _summary(parts, kind),
        "byline": parts.ruled("byline") or parts.said(content.get("by", ())) or _inside(parts, "byline"),
        "dateline": None if dateline and _CLOCK.match(dateline) else dateline,
        "language": parts.language,
        "urgency": _number(content.get("urgency", ())),
        "slugline": parts.said(content.get("slugline", ())),
        "subjects": _unique(subject for subject, _ in subjects),
        "keywords": _unique(map(prose.words, content.get("keyword", ()))),
        "genres": _unique(parts.named(part) or code(part) for part in content.get("genre", ())),
        "services": _unique(code(part) or parts.named(part) for part in parts.meta.get("service", ())),
        "people": _natured(subjects, "person"),
        "places": _natured(subjects, "geoarea", "poi"),
        "organisations": _natured(subjects, "organisation", "organization"),
        "located": next(filter(None, (parts.named(part) for part in content.get("located", ()))), None),
    }


def _natured(subjects: list[tuple[Subject, str]], *natures: str) -> tuple[str, ...]:
    """The names of the subjects of some natures."""
    return _unique(subject.name for subject, nature in subjects if nature in natures)


def _owned(parts: Parts) -> dict[str, Any]:
    """Rights and credits (specification, "Rights Information")."""
    rights, holders = parts.rights, parts.rights.get("copyrightHolder", ())
    credit = parts.said(parts.content.get("creditline", ()))
    providers = (parts.named(part) for part in parts.meta.get("provider", ()))
    return {
        "usage_terms": parts.said(rights.get("usageTerms", ())),
        "copyright_notice": parts.said(rights.get("copyrightNotice", ())),
        "copyright_holder": next(filter(None, (parts.named(part) for part in holders)), None),
        "credit": (credit or "").strip(" -–—") or next(filter(None, providers), None),
    }


def _kind(parts: Parts) -> str:
    """By the item's class, else by the media type of what it points to, else by the element."""
    kind = _ITEMS[paths.name(parts.element)]
    if kind == "text":
        classes = [last(code(part) or "") for part in parts.meta.get("itemClass", ())]
        if not parts.inside.keys() & {"inlineXML", "inlineData"}:
            remote = parts.inside.get("remoteContent", ())
            classes += ((part.get("contenttype") or "").partition("/")[0].lower() for part in remote)
        return next((_KINDS[each] for each in classes if each in _KINDS), kind)
    if kind == "concept" and any(True for _ in parts.element.iter("{*}eventDetails")):
        return "event"
    return kind


def _body(parts: Parts) -> tuple[list[str], int | None]:
    """The first inline content that holds paragraphs, and how many words it says it has."""
    rules = parts.dialect.rules
    skips = {"skip": prose.skipped(rules.get("skip", ())), "omit": (*_HIDDEN, *rules.get("omit", ()))}
    for part in parts.articles():
        if "html" in (part.get("contenttype") or "").lower() and not len(part):
            found = prose.fragment(part.text or "", **skips)
        else:
            found = prose.article(part, rules.get("main", ("main",)), **skips)
        if found:
            return found, _number((part,), "wordcount") or None
    return [], None


def _swapped(text: str, swap: dict[str, str]) -> str:
    for wrong, right in swap.items():
        text = text.replace(wrong, right)
    return text


def _elsewhere(parts: Parts) -> str | None:
    """Where the text lies that the item only points to."""
    for part in parts.inside.get("remoteContent", ()):
        kind = (part.get("contenttype") or "").lower()
        if part.get("href") and (kind.startswith("text") or "xml" in kind or "html" in kind):
            return part.get("href")
    return None


def _embargo(parts: Parts, status: Status) -> tuple[When | None, Status]:
    """The embargo, which holds whatever pubStatus says; one without a moment withholds (specification, embargoed)."""
    for part in parts.meta.get("embargoed", ()):
        if moment := parts.message.when(part.text):
            return moment, status
        parts.notes.append("embargoed without a moment")
        return None, Status.WITHHELD if status is Status.USABLE else status
    return None, status


def _signal(parts: Parts, codes: tuple[str, ...], status: Status) -> Signal | None:
    """The signal by the item's codes, its status and the words its dialect looks for."""
    if status is Status.CANCELED:
        return Signal.KILL
    rules = parts.dialect.rules
    words = (
        word
        for path, pattern, word in rules.get("signal_in", ())
        if any(re.search(pattern, value[:1000]) for value in parts.values(path))
    )
    return signals.decided(codes, rules.get("signal"), words)


def _headline(parts: Parts) -> str | None:
    """The headline of the highest rank that is no kicker or subtitle, else the item's title."""
    found = []
    for at, part in enumerate(parts.content.get("headline", ())):
        if text := prose.words(part):
            minor = bool(_MINOR.search(last(part.get("role") or part.get("roleuri") or "")))
            found.append((minor, not parts.speaks(part), _number((part,), "rank") or 0, at, text))
    if found:
        return min(found)[-1]
    title = parts.said([part for part in parts.meta.get("title", ()) if not part.get("role")])
    return title or _inside(parts, "hl1") or _concept(parts)


def _summary(parts: Parts, kind: str) -> str | None:
    found: dict[str, list[etree._Element]] = {}
    for part in parts.content.get("description", ()):
        found.setdefault(last(part.get("role") or part.get("roleuri") or ""), []).append(part)
    order = (*_CAPTIONS, *_SUMMARIES) if kind in _MEDIA else _SUMMARIES
    return next(filter(None, (parts.said(found.get(role, ())) for role in order)), None)


def _concept(parts: Parts) -> str | None:
    """The name of what a concept item is about."""
    concept = next(iter(parts.item.get("concept", ())), None)
    return None if concept is None else parts.said(paths.fields(concept).get("name", ()))


def _inside(parts: Parts, name: str) -> str | None:
    """What NITF carried within says in its own head, where the item's metadata are silent."""
    for content in parts.inside.get("inlineXML", ()):
        for head in content.iter("{*}body.head"):
            return next((text for part in head.iter(f"{{*}}{name}") if (text := prose.words(part))), None)
    return None


def _links(parts: Parts, kind: str) -> Iterable[Link]:
    """The links of the item, then the members of a package, or where pictures, films and sounds lie."""
    for part in parts.meta.get("link", ()):
        rel = last(part.get("rel") or part.get("reluri") or "", lower=False)
        yield from _link(parts, part, rel or ("replaces" if part.get("guidref") else "link"))
    for group in (g for groups in parts.item.get("groupSet", ()) for g in groups.iter("{*}itemRef")):
        yield from _link(parts, group, "member")
    if kind in _MEDIA:
        for part in parts.inside.get("remoteContent", ()):
            if href := part.get("href"):
                yield Link("rendition", href, None, kind)


def _link(parts: Parts, part: etree._Element, rel: str) -> Iterable[Link]:
    target = part.get("residref") or part.get("guidref") or part.get("href")
    if target:
        found = paths.fields(part)
        kind = next((_KINDS.get(last(code(each) or "")) for each in found.get("itemClass", ())), None)
        yield Link(rel, target, parts.said([*found.get("title", ()), *found.get("headline", ())]), kind)


def _number(elements: Iterable[etree._Element], attribute: str = "") -> int | None:
    """A small whole number: the attribute, else the text, which is an urgency (1 to 9)."""
    for element in elements:
        text = ((element.get(attribute) if attribute else element.text) or "").strip()
        if text.isascii() and text.isdigit() and len(text) < 7 and (attribute or 1 <= int(text) <= 9):
            return int(text)
    return None


def _squeezed(value: str | None) -> str | None:
    """The value of an attribute without the white space that some set around it."""
    return " ".join(value.split()) or None if value else None


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(filter(None, values)))
