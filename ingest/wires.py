"""Read one wire message: which format it is in, and its items."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from config.settings import SettingsError
from ingest import apart as threads
from ingest import dialect, tidy, wire
from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Status
from ingest.message import MAX_BYTES, Message

_PAGE = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex|html|channel)\b|<!doctype html", re.IGNORECASE)
_OPENED = re.compile(rb"<(?=[a-z_]|!doctype html)", re.IGNORECASE)  # the first element, or a page's own first words
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


class Format(Protocol):
    """What every file in ingest/wire offers."""

    MEDIA: Collection[str]  # what its messages are at first sight: xml, json, text
    RULES: Collection[str]  # the rules a dialect of this format may hold

    def recognises(self, message: Message) -> bool:
        """Whether the message, of one of its media, is in this format; may raise Unreadable."""
        ...

    def parse(self, message: Message) -> tuple[Item, ...]:
        """The items of a recognised message, in its order. Raises Unreadable with the place and the reason."""
        ...


@dataclass(frozen=True, slots=True)
class Manner:
    """How the messages of one wire are to be read, where their own words do not say."""

    format: str | None = None  # None: recognised
    zone: ZoneInfo | None = None
    language: str | None = None
    dialects: tuple[Dialect, ...] = ()


@cache
def formats() -> dict[str, Format]:
    """The formats by name: a format is a module, and its file's name is its own."""
    names = sorted(module.name for module in pkgutil.iter_modules(wire.__path__) if not module.ispkg)
    return {name: cast("Format", importlib.import_module(f"{wire.__name__}.{name}")) for name in names}


@cache
def readers(medium: str) -> tuple[tuple[str, Format], ...]:
    """The formats of a medium, by name."""
    return tuple((name, reader) for name, reader in formats().items() if medium in reader.MEDIA)


def dialects(folder: Path) -> tuple[Dialect, ...]:
    """The dialects of an operator's folder, then ours. Raises SettingsError for a format or rule that is not there."""
    found = dialect.listed(folder)
    wrong = [mistake for one in found if (mistake := _mistaken(one))]
    if wrong:
        raise SettingsError("\n".join(wrong))
    return found


def _mistaken(one: Dialect) -> str:
    if one.format not in formats():
        return f"dialect {one.name}: no format {one.format!r} (known: {', '.join(formats())})"
    known = formats()[one.format].RULES
    unknown = ", ".join(sorted(one.rules.keys() - set(known)))
    said = ", ".join(sorted(known)) or "it has none"
    return f"dialect {one.name}: {one.format} has no rule {unknown} (known: {said})" if unknown else ""


def read(raw: bytes, name: str, manner: Manner | None = None) -> tuple[Item, ...]:
    """The items of one message, at least one. Raises Unreadable with the reason and, where there is one, the place."""
    how = manner or Manner(dialects=dialect.ours())
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"more than {MAX_BYTES} bytes")
    if not raw or raw.isspace():
        raise Unreadable("empty")
    message = Message(raw, name, how.zone, how.language, how.dialects)
    kind = how.format or _recognised(message)
    found = formats()[kind].parse(message)
    if not found:
        raise Unreadable(f"{kind} without an item")
    if not message.notes:
        return found
    notes = tuple(dict.fromkeys(message.notes))
    return tuple(replace(item, notes=(*item.notes, *notes)) for item in found)


def apart(raw: bytes, name: str, manner: Manner) -> tuple[Item, ...]:
    """The same in a thread that is replaced now and then, for a process that lives long. Raises Unreadable."""
    found = threads.apart(partial(read, raw, name, manner), len(raw))
    if isinstance(found, BaseException):
        raise found
    return cast("tuple[Item, ...]", found)


def completed(item: Item, raw: bytes, manner: Manner) -> Item:
    """The item with the body that was kept elsewhere, and what only that says. Raises Unreadable.

    An embargo may be said there alone; a kill is believed of the item itself.
    """
    (found, *_) = read(raw, item.guid or "", replace(manner, format=None))
    held = item.status is Status.USABLE and found.status is Status.WITHHELD
    return replace(
        item,
        body=found.body,
        byline=item.byline or found.byline,
        dateline=item.dateline or found.dateline,
        embargoed=item.embargoed or found.embargoed,
        status=Status.WITHHELD if held else item.status,
        elsewhere=None,
        notes=(*item.notes, *found.notes),
    )


def is_wire(raw: bytes) -> bool:
    """Whether some bytes are for a wire's reader: a message of a format that is no feed's, or JSON that is no feed.

    XML that cannot be read is, unless it begins as a feed or a web page does.
    """
    message = Message(raw)
    try:
        kind = _seen(message) if len(raw) <= MAX_BYTES else "feed"
    except Unreadable:
        head = _COMMENT.sub(b"", raw[:4000])  # a message may hold a page further down
        opened = _OPENED.search(head)
        return opened is None or _PAGE.match(head, opened.start()) is None
    return kind != "feed" and (kind is not None or message.is_json)


def _seen(message: Message) -> str | None:
    for medium in message.media:
        for kind, reader in readers(medium):
            if reader.recognises(message):
                return kind
    return None


def _recognised(message: Message) -> str:
    if kind := _seen(message):
        return kind
    raise Unreadable(f"in no format we know: {_looks(message)}")


def _looks(message: Message) -> str:
    """What one sees of a message nobody reads. Raises Unreadable with the place where it is broken JSON."""
    if message.is_json and message.value and message.objects:
        names = ", ".join(tidy.line(name)[:30] for name in list(message.objects[0])[:6])
        return f"JSON with {names or 'nothing in it'}"
    if message.is_xml:
        return f"XML whose root is <{tidy.line(str(message.root.tag))[:100]}>"
    return f"begins with {tidy.line(message.text[:60])!a}"
