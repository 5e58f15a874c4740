"""Read ninjs of every generation (IPTC News in JSON 1.x, 2.x, 3.x), and what TT and Superdesk add to it.

1.x is flat (`body_html`, `subject`), 2.x has arrays in lower case (`bodies`, `subjects`), 3.x the same in camelCase and
events. Their names differ in nothing else, so they are read with all names lower-cased. Superdesk's `guid` goes before
its `uri`, which is an address of one version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest import tidy
from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Link, Status, Subject
from ingest.message import Message
from ingest.wire.parts import bodies, members, prose
from ingest.wire.parts.members import Thing

MEDIA = ("json",)
RULES = ("omit", "signals", "advisory")

_LISTS = ("item", "items", "_items")  # what APIs wrap several of them in
_MARKS = frozenset(("versioncreated", "firstcreated", "pubstatus", "headline", "body_html", "body_text"))
_FOREIGN = frozenset(("headLine", "bodyXhtml", "usn", "article_html", "data"))  # of other agencies' JSON
_MEDIA = frozenset(("picture", "graphic", "audio", "video"))
_KINDS = {"planning": "event", "event": "event", "component": "component", "advisory": "advisory"}
_SIGNALS = {"correction": "correction", "update": "update", "kill": "kill"}
_SUMMARIES = ("summary", "abstract", "lead", "teaser", "main", "text", "caption", "html")
_NOT_SUMMARIES = ("creditline", "writer", "usage", "ednote")  # roles of descriptions that are for editors


def recognises(message: Message) -> bool:
    """Whether some object has a uri, or Superdesk's guid beside a member of ninjs."""
    return any(_is_item(thing) for thing in _things(message))


def parse(message: Message) -> tuple[Item, ...]:
    """The objects; what is none among them is left out, which is noted. Raises Unreadable where there is none."""
    found = list(_things(message))
    known = [_lowered(thing) for thing in found if _is_item(thing)]
    if not known:
        raise Unreadable("ninjs without an object that has a uri")
    if wrong := len(found) - len(known):
        message.notes.append(f"{wrong} objects without a uri left out")
    dialect = message.speak("ninjs", lambda path: _values(known[0], path))
    return tuple(_item(thing, message, dialect) for thing in known)


def _things(message: Message) -> Iterator[Thing]:
    for thing in message.objects:
        listed = next((thing[name] for name in _LISTS if isinstance(thing.get(name), list)), None)
        if listed is None or "uri" in thing:
            yield thing
        else:
            yield from (one for one in listed if isinstance(one, dict))


def _is_item(thing: Thing) -> bool:
    if not _FOREIGN.isdisjoint(thing):
        return False
    if isinstance(thing.get("uri"), str):
        return True
    return bool(members.text(thing, "guid", "_id")) and not _MARKS.isdisjoint(thing)


def _lowered(thing: Thing) -> dict[str, Any]:
    return {name.lower(): value for name, value in thing.items()}


def _values(thing: Thing, path: str) -> list[str]:
    """The text at a path of names apart by dots, for dialects."""
    *outer, last = path.lower().split(".")
    for name in outer:
        thing = _lowered(members.inside(thing, name))
    return [found] if (found := members.line(thing, last)) else []


def _item(thing: Thing, message: Message, dialect: Dialect) -> Item:
    headline, chosen = _headline(thing), bodies.chosen(thing)
    kind = _kind(thing, chosen is not None, dialect)
    text = _without(headline, chosen.paragraphs(dialect.rules.get("omit", ()))) if chosen else []
    said = members.each(_signals(thing))
    embargo = _embargo(thing)
    until = message.when(embargo)
    status, described, dateline = _status(thing), _described(thing), members.inside(thing, "dateline")
    return Item(
        format="ninjs",
        guid=members.line(thing, "guid", "uri", "_id"),
        version=members.line(thing, "version"),
        kind=kind,
        status=status.held(embargo, until),
        signal=members.signal([*said, *(["update"] if thing.get("replacing") else [])], _meanings(dialect)),
        signals=said,
        published=message.when(members.line(thing, "versioncreated", "firstpublished")),
        created=message.when(members.line(thing, "firstcreated", "contentcreated")),
        embargoed=until,
        headline=headline or (members.plain(thing, "title") if kind == "event" else None),
        body="" if kind in _MEDIA else prose.joined(text),
        summary=_summary(described) or (" ".join(text) if kind in _MEDIA else None) or None,
        byline=members.plain(thing, "byline", "by") or _byline(thing),
        dateline=members.line(thing, "dateline") or members.line(dateline, "text"),
        language=members.line(thing, "language") or message.language,
        urgency=members.urgency(thing, "urgency"),
        slugline=members.line(thing, "slugline", "slug"),
        usage_terms=_terms(thing),
        copyright_notice=members.line(thing, "copyrightnotice"),
        copyright_holder=members.line(thing, "copyrightholder"),
        credit=_credit(thing, described),
        subjects=tuple(_subjects(thing)),
        keywords=members.words(thing, "keywords"),
        genres=_names(thing, "genre", "genres"),
        services=(*_names(thing, "service"), *_names(thing, "product", "products"), *members.words(thing, "sector")),
        people=_names(thing, "person", "people"),
        places=_names(thing, "place", "places"),
        organisations=_names(thing, "organisation", "organisations"),
        located=members.line(thing, "located") or members.line(members.inside(dateline, "located"), "city"),
        links=(*_associations(thing), *_revisions(thing)),
        words=chosen.words if chosen else None,
    )


def _embargo(thing: Thing) -> str | None:
    """Until when it is held; Superdesk's own clock hangs in a zone of its schedule, which tells it in UTC as well."""
    told = members.until(thing, "embargoed", "embargoeduntil")
    return (
        told
        or members.line(members.inside(thing, "schedule_settings"), "utc_embargo")
        or members.until(thing, "embargo")
    )


def _kind(thing: Thing, has_body: bool, dialect: Dialect) -> str:
    """What it is; one that holds a text is a text, whatever hangs on it, unless it is a picture's or for editors."""
    told = (members.line(thing, "type") or "").lower()
    flags = members.inside(thing, "flags")
    if flags.get("marked_for_not_publication") is True or members.line(thing, "profile") in dialect.rules.get(
        "advisory", ()
    ):
        return "advisory"
    if told in _KINDS or told in _MEDIA:
        return _KINDS.get(told, told)
    if thing.get("eventdetails") or thing.get("plannedcoverage"):
        return "event"
    return "composite" if told == "composite" and not has_body else "text"


def _status(thing: Thing) -> Status:
    """The publishing status; Superdesk tells a kill in the state as well."""
    state = (members.line(thing, "state") or "").lower()
    return Status.told(state if state in ("killed", "recalled") else members.line(thing, "pubstatus"))


def _headline(thing: Thing) -> str | None:
    """The main headline; 1.x may have further ones by other names, 2.x and 3.x by other roles."""
    if found := members.plain(thing, "headline", "headline_main"):
        return found
    listed = members.things(thing, "headlines")
    for one in sorted(listed, key=lambda one: one.get("role") not in (None, "main")):
        if found := members.plain(one, "value"):
            return found
    return members.plain(thing, *(name for name in thing if name.startswith("headline_")))


def _without(headline: str | None, paragraphs: list[str]) -> list[str]:
    """The paragraphs without the headline, which some repeat above the text."""
    same = bool(headline and paragraphs and paragraphs[0].casefold() == headline.casefold())
    return paragraphs[1:] if same else paragraphs


def _described(thing: Thing) -> dict[str, str]:
    """The descriptions by their roles: 1.x has further ones by other names, 2.x and 3.x by other roles."""
    found = {
        (members.line(one, "role") or "text").lower(): members.text(one, "value")
        for one in members.things(thing, "descriptions")
    }
    for name in thing:
        if name == "abstract" or name.startswith("description_"):
            found[name.removeprefix("description_")] = members.text(thing, name)
    return {role: value for role, value in found.items() if value}


def _summary(described: dict[str, str]) -> str | None:
    """The description of the likeliest role, else any that is not for editors."""
    told = (role for role in (*_SUMMARIES, *described) if role in described and role not in _NOT_SUMMARIES)
    return next((found for role in told if (found := " ".join(prose.fragment(described[role])))), None)


def _byline(thing: Thing) -> str | None:
    """Bylines of TT: those that are not for its own use."""
    listed = (one for one in members.things(thing, "bylines") if str(one.get("internal")).lower() != "true")
    return ", ".join(members.each(members.plain(one, "byline") for one in listed)) or None


def _credit(thing: Thing, described: dict[str, str]) -> str | None:
    source = next(iter(members.things(thing, "infosource", "infosources")), {})
    told = described.get("creditline")
    said = members.line(thing, "creditline") or (told and " ".join(prose.fragment(told)))
    return said or members.line(thing, "source") or members.line(source, "name")


def _terms(thing: Thing) -> str | None:
    """The terms of usage, which some write as HTML or in several parts, else where they lie."""
    told = members.plain(thing, "usageterms") or " ".join(members.words(thing, "usageterms"))
    return told or members.line(_lowered(members.inside(thing, "rightsinfo")), "linkedrights")


def _subjects(thing: Thing) -> Iterator[Subject]:
    for one in members.things(thing, "subject", "subjects"):
        code, name = _code(one), members.line(one, "name")
        if code or name:
            yield Subject(code, name)


def _code(one: Thing) -> str | None:
    """A concept's address; 1.x writes it in two parts where its scheme is one of the open web, else the bare code."""
    code, scheme = members.line(one, "code", "qcode", "literal"), members.line(one, "scheme")
    if code and scheme and "://" in scheme and "://" not in code:
        code = f"{scheme}{'' if scheme.endswith(('/', '#', ':', '=')) else '/'}{code}"
    return members.line(one, "uri") or code


def _names(thing: Thing, *names: str) -> tuple[str, ...]:
    found = members.things(thing, *names)
    return members.each(members.line(one, "name", "literal", "code", "qcode", "uri") for one in found) if found else ()


def _signals(thing: Thing) -> Iterator[str]:
    """Words of an array, or of an object whose members are them (TT: `updatetype` names one, others are switches)."""
    yield from members.words(thing, "signals")
    for name, value in members.inside(thing, "signals").items():
        if value is True:
            yield name
        elif name == "updatetype" and isinstance(value, str):
            yield value


def _meanings(dialect: Dialect) -> dict[str, str]:
    return _SIGNALS | {word.lower(): meaning for word, meaning in dialect.rules.get("signals", {}).items()}


def _associations(thing: Thing) -> Iterator[Link]:
    """Associated objects: 1.x names them by the members of an object, 2.x and 3.x within each of an array."""
    given = thing.get("associations")
    named = given.items() if isinstance(given, dict) else [("", one) for one in members.things(thing, "associations")]
    for name, one in named:
        if isinstance(one, dict):
            target = _target(one)
            rel = members.line(one, "rel") or tidy.line(name) or members.line(one, "name", "id") or "association"
            if target:
                title = members.plain(one, "headline") or _headline(one) or members.plain(one, "title")
                yield Link(rel, target, title, (members.line(one, "type") or "").lower() or None)


def _target(one: Thing) -> str | None:
    """The id of an associated object; a picture's or film's address where only its own system knows its id."""
    named = members.line(one, "guid", "uri", "_id")
    if named is None or ((members.line(one, "type") or "").lower() in _MEDIA and not members.is_uri(named)):
        return members.line(one, "uri") or _rendition(one) or named
    return named


def _rendition(one: Thing) -> str | None:
    """The address of the original, else of the first rendition that has one."""
    given = one.get("renditions")
    listed = [(each.get("name"), each) for each in members.things(one, "renditions")]
    named = list(given.items()) if isinstance(given, dict) else listed
    named.sort(key=lambda pair: pair[0] not in ("original", "main"))
    return next((href for _, each in named if isinstance(each, dict) and (href := members.line(each, "href"))), None)


def _revisions(thing: Thing) -> Iterator[Link]:
    """Other versions that have a uri of their own, as TT's have."""
    for uri in members.words(thing, "replacing"):
        yield Link("replaces", uri)
    for uri in members.words(thing, "replacedby"):
        yield Link("replacedBy", uri)
    for one in members.things(thing, "revisions"):
        if earlier := members.line(one, "uri"):
            yield Link("revision", earlier)
    for uri in members.words(thing, "evolvedfrom"):
        yield Link("evolvedFrom", uri)
