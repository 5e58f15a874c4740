"""Read the XML of The Canadian Press's system Jimi (Publish/ContentItem): texts, as escaped HTML, and pictures.

It has no rules. Clocks hang in Greenwich unless they name another zone; only an embargo's hangs where the dialect
says. Notes to editors (EditorNote) are not read. The year 1 stands for no moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.body import Unreadable
from ingest.item import Item, Link, Signal, Status, Subject
from ingest.message import Message
from ingest.model import When
from ingest.wire.parts import leaves, paths, prose

MEDIA = ("xml",)
RULES: frozenset[str] = frozenset()

_LANGUAGES = {"1": "en", "2": "fr"}
_KINDS = {"text": "text", "photo": "picture", "graphic": "graphic", "audio": "audio", "video": "video"}
_NEVER = "0001-"
_CORRECTS = re.compile(r"\W*(?:correct|corrig|rectif)", re.IGNORECASE)  # begins notes of what is new, kinds of takes


def recognises(message: Message) -> bool:
    """Whether the root is a Publish that holds a ContentItem."""
    return message.is_xml and prose.local(message.root) == "publish" and "ContentItem" in paths.fields(message.root)


def parse(message: Message) -> tuple[Item, ...]:
    """The items of the message. Raises Unreadable where one has nothing that identifies it."""
    message.speak("jimi", lambda path: paths.values((message.root,), path))
    return tuple(_item(element, message) for element in paths.fields(message.root).get("ContentItem", ()))


def _item(element: etree._Element, message: Message) -> Item:
    found = paths.fields(element)

    def said(*names: str) -> str | None:
        return leaves.first(found, *names) or None

    if not (guid := said("SystemSlug", "NewsCompID")):
        raise Unreadable("ContentItem with neither SystemSlug nor NewsCompID")
    status, embargoed = _status(found, message)
    kind = _KINDS.get((said("ContentType") or "text").lower(), "composite")
    language = _LANGUAGES.get(said("Language") or "", message.language)
    captions = ("EnglishCaption", "FrenchCaption")
    return Item(
        format="jimi",
        guid=guid,
        version=said("ContentItemID"),
        kind=kind,
        status=status,
        signal=_signal(found, status),
        signals=tuple(_signals(found)),
        published=_when(message, said("UpdatedDateTime", "CreatedDateTime")),
        created=_when(message, said("CreatedDateTime")),
        embargoed=embargoed,
        headline=said("Headline", "Headline2"),
        body=prose.joined(prose.fragment(leaves.raw(found, "ContentText"))),
        summary=said(*(reversed(captions) if language == "fr" else captions)),
        byline=said("Byline"),
        dateline=", ".join(filter(None, map(str.strip, (said("Placeline") or "").split(";")))) or None,
        language=language,
        urgency=_number(said("RankingValue"), 9),
        slugline=said("SlugProper"),
        usage_terms=said("SpecialInstructions"),
        copyright_notice=said("Copyright"),
        credit=said("Credit", "Source"),
        subjects=tuple(Subject(name=name) for name in _listed(said("IndexCode"))),
        keywords=tuple(_listed(said("Keyword"))),
        located=said("City"),
        links=tuple(Link("file", target, None, kind) for target in [said("ViewFile", "ContentRef")] if target),
        words=_number(said("WordCount"), 1_000_000),
    )


def _status(found: paths.Fields, message: Message) -> tuple[Status, When | None]:
    """Whether it may be published, and from when on; an embargo that cannot be read never ends."""
    told = leaves.first(found, "EmbargoTime")
    until = message.when(told) if told and not told.startswith(_NEVER) else None
    held = bool(told and not told.startswith(_NEVER) and not until) or _is(found, "HoldFlag")
    return Status.CANCELED if _is(found, "TrashFlag") else Status.WITHHELD if held else Status.USABLE, until


def _signals(found: paths.Fields) -> Iterator[str]:
    """Which writethru it is, and what is said to be new or corrected."""
    take = (leaves.first(found, "WritethruNum"), leaves.first(found, "WriteThruType"))
    yield from filter(
        None, (" ".join(filter(None, take)), *(leaves.first(found, n) for n in ("UpdateNote", "Corrections")))
    )


def _signal(found: paths.Fields, status: Status) -> Signal | None:
    if status is Status.CANCELED:
        return Signal.KILL
    told = (leaves.first(found, name) for name in ("UpdateNote", "WriteThruType"))
    if leaves.first(found, "Corrections") or any(map(_CORRECTS.match, told)):
        return Signal.CORRECTION
    return Signal.UPDATE if leaves.first(found, "WritethruNum", "UpdateNote") else None


def _when(message: Message, text: str | None) -> When | None:
    """A moment of Jimi's own clock, which hangs in Greenwich."""
    if not text or text.startswith(_NEVER):
        return None
    zoned = text.endswith("Z") or "+" in text or text.count("-") > 2
    return message.when(text if zoned or "T" not in text else f"{text}Z")


def _is(found: paths.Fields, flag: str) -> bool:
    return leaves.first(found, flag).lower() == "true"


def _listed(text: str | None) -> Iterator[str]:
    return filter(None, (part.strip() for part in (text or "").split(",")))


def _number(text: str | None, most: int) -> int | None:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0
    return number if 0 < number <= most else None
