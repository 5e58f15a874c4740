"""Read answers of the AP Media API (JSON, api.ap.org/media/v): one item, or the items of a feed or search.

The text is not in them: it lies behind `renditions.nitf.href`, as NITF. An item without the signal `newscontent` is for
editors and never to be published (AP, Identifying Publishable Content).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.body import Unreadable
from ingest.item import Item, Link, Signal, Status, Subject
from ingest.message import Message
from ingest.model import When
from ingest.wire.parts import members, prose
from ingest.wire.parts.members import Thing

MEDIA = ("json",)
RULES: tuple[str, ...] = ()

_CONTENT = re.compile(r"https?://[\w.:-]+/[\w/-]*?content/([0-9a-f]{32})\b")
_CORRECTS = re.compile(r"\b(?:CORRECTS|CORRECTION|Corrective|Correction)\b")
_KILL = re.compile(r"\b(?:BULLETIN KILL|Kill|Elimination)\b")
_LEAD = re.compile(r",\s*(?:[0-9]{1,3}(?:st|nd|rd|th)\s+)?(?:Ld(?:-Writethru)?|Writethru)\b", re.IGNORECASE)


def recognises(message: Message) -> bool:
    """Whether it is an answer of the API that holds items, or an item as AP's own client stores it."""
    return any(True for _ in _items(message))


def parse(message: Message) -> tuple[Item, ...]:
    """The items of an answer. Raises Unreadable where there is none."""
    found = tuple(_item(item, services, message) for item, services in _items(message))
    if not found:
        raise Unreadable("an AP answer without an item")
    return found


def _items(message: Message) -> Iterator[tuple[Thing, Thing]]:
    """Every item and what the answer says of it."""
    for answer in message.objects:
        data = members.inside(answer, "data")
        for one in (answer, data, *members.things(data, "items")):
            item = members.inside(one, "item")
            if item and members.line(members.inside(item, "altids"), "itemid"):
                yield item, members.inside(one, "meta")


def _item(item: Thing, meta: Thing, message: Message) -> Item:
    ids, story = members.inside(item, "altids"), members.inside(members.inside(item, "renditions"), "nitf")
    said, kind = members.words(item, "signals"), (members.line(item, "type") or "text").lower()
    embargo = members.until(item, "embargoed")
    until = message.when(embargo)
    return Item(
        format="apmedia",
        guid=members.line(ids, "itemid"),
        version=members.line(item, "version"),
        kind=kind if "newscontent" in said else "advisory",
        status=_status(members.line(item, "pubstatus"), embargo, until),
        signal=_signal(item),
        signals=said,
        published=message.when(members.line(item, "versioncreated")),
        created=message.when(members.line(item, "firstcreated")),
        embargoed=until,
        headline=members.plain(item, "headline"),
        summary=_summary(item),
        byline=_byline(item),
        dateline=members.line(item, "located"),
        language=members.line(item, "language") or message.language,
        urgency=members.urgency(item, "urgency"),
        slugline=members.line(item, "slugline"),
        usage_terms=" ".join(members.words(item, "usageterms")) or None,
        copyright_notice=members.line(item, "copyrightnotice"),
        credit=members.line(item, "description_creditline", "provider"),
        subjects=tuple(_subjects(item)),
        keywords=members.words(item, "keywords"),
        genres=members.words(item, "profile"),
        services=_names(meta, "products"),
        people=_names(item, "person"),
        places=_names(item, "place"),
        organisations=_names(item, "organisation"),
        located=members.line(members.inside(item, "datelinelocation"), "city", "countryname"),
        link=next((_href(one) for one in members.things(item, "links") if one.get("rel") == "canonical"), None),
        links=tuple(_associations(item)),
        words=members.whole(story, "words"),
        elsewhere=_href(story) if kind == "text" and "newscontent" in said else None,
    )


def _status(told: str | None, embargo: str | None, until: When | None) -> Status:
    """AP's own status "embargoed" is usable from a moment that another field tells; without one it is withheld."""
    if (told or "").lower() == "embargoed":
        return Status.USABLE if until else Status.WITHHELD
    return Status.told(told).held(embargo, until)


def _signal(item: Thing) -> Signal | None:
    """What a version is: by the types its editors gave it, its slugline ("1st Ld-Writethru") and their note."""
    slugline, note = members.line(item, "slugline") or "", members.line(item, "ednote") or ""
    types = " ".join((*members.words(item, "editorialtypes"), *members.words(item, "editorialrole")))
    if _KILL.search(types):
        return Signal.KILL
    if _CORRECTS.search(types) or _CORRECTS.search(slugline) or _CORRECTS.search(note):
        return Signal.CORRECTION
    return Signal.UPDATE if "Lead" in types.split() or _LEAD.search(slugline) else None


def _summary(item: Thing) -> str | None:
    markup = members.text(item, "description_summary", "description_caption", "headline_extended")
    return " ".join(prose.fragment(markup)) or None if markup else None


def _byline(item: Thing) -> str | None:
    """Bylines of texts; pictures name their photographer instead."""
    written = members.each(members.plain(one, "by") for one in members.things(item, "bylines"))
    return ", ".join(written) or members.plain(members.inside(item, "photographer"), "name")


def _subjects(item: Thing) -> Iterator[Subject]:
    """Codes of a scheme as addresses, AP's categories as their letters."""
    for one in members.things(item, "subject"):
        code = members.line(one, "code")
        if code or members.line(one, "name"):
            yield Subject((members.line(one, "scheme") or "") + code if code else None, members.line(one, "name"))


def _names(thing: Thing, name: str) -> tuple[str, ...]:
    return members.each(members.line(one, "name") for one in members.things(thing, name))


def _associations(item: Thing) -> Iterator[Link]:
    for one in members.inside(item, "associations").values():
        if isinstance(one, dict) and (target := _identity(one)):
            yield Link("association", target, members.plain(one, "headline"), members.line(one, "type"))


def _identity(one: dict[str, Any]) -> str | None:
    """The id of a text, by which it comes itself; the address of anything else, without who asks for it and how."""
    uri, known = members.line(one, "uri"), members.line(members.inside(one, "altids"), "itemid")
    content = _CONTENT.match(uri) if uri else None
    if content and members.line(one, "type") not in (None, "text"):
        return content[0]
    return known or (content[1] if content else uri)


def _href(one: Thing) -> str | None:
    return members.line(one, "href")
