"""Read a feed fast and strictly; whatever is not plainly in order is left to the judge (see ingest/referee.py)."""

from __future__ import annotations

import codecs
import importlib
import pkgutil
import re
from functools import cache
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from ingest import formats, impostor, tidy
from ingest.body import Body, Odd, Unreadable
from ingest.decode import Broken, Decoder, TooLarge
from ingest.model import FeedDocument

MAX_BYTES = 10_000_000  # of an unpacked .gz file

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_WESTERN = ("ascii", "iso8859-1", "cp1252", "iso8859-15")


class Format(Protocol):
    """What every file in ingest/formats but the judge offers."""

    def recognises(self, body: Body) -> bool:
        """Whether the body is in this format; may raise Odd or Unreadable."""
        ...

    def parse(self, body: Body) -> FeedDocument:
        """Read a recognised body; raises Odd to leave it to the judge, Unreadable to refuse it."""
        ...


@cache
def fast() -> tuple[Format, ...]:
    """Every fast reader: the modules of ingest/formats but the judge."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__) if module.name != "judge")
    return tuple(cast("Format", importlib.import_module(f"{formats.__name__}.{name}")) for name in names)


def read(body: bytes, url: str, content_type: str | None = None, zone: ZoneInfo | None = None) -> FeedDocument:
    """Return what the feed says, entries in its order.

    `url` is the address of the last hop, `zone` where the feed's zoneless clocks hang (the operator's setting).
    Raises Odd where feedparser must decide, Unreadable where nobody could: a web page, a bot check, JSON that is no
    feed, a sitemap index (Index).
    """
    asked = prepared(body, url, content_type, zone)
    _check_encoding(asked)
    reader = next((reader for reader in fast() if reader.recognises(asked)), None)
    if reader is None:
        raise Odd("a root element of no known feed format")
    document = reader.parse(asked)
    if not document.entries and document.format not in ("jsonfeed", "sitemap"):  # those the judge cannot read
        raise Odd("no entries")
    return tidy.sane(document, asked.remarks())


def prepared(body: bytes, url: str, content_type: str | None = None, zone: ZoneInfo | None = None) -> Body:
    """The body unpacked if it is a .gz file. Raises Unreadable for what plainly is no feed."""
    raw = _unpacked(body) if body.startswith(b"\x1f\x8b") else body
    if reason := impostor.describe(raw):
        raise Unreadable(reason)
    return Body(raw, url, content_type, zone)


def _unpacked(body: bytes) -> bytes:
    """A .gz file's content (sitemaps are often kept so)."""
    decoder = Decoder("gzip", MAX_BYTES)
    try:
        raw = decoder.feed(body)
        decoder.finish()
    except (Broken, TooLarge) as error:
        raise Unreadable(f"a .gz file that cannot be unpacked: {error}") from error
    return raw


def _check_encoding(body: Body) -> None:
    """Raise Odd where the encoding is unsure: replacement characters, or two parties naming different ones."""
    raw = body.raw
    if b"\xef\xbf\xbd" in raw:
        raise Odd("holds U+FFFD: was garbled before it was sent")
    if raw.isascii():
        return
    declared, header = _DECLARED.match(raw[:300]), _CHARSET.search(body.content_type or "")
    inside = _codec(declared[1].decode("ascii")) if declared else "utf-8"
    outside = _codec(header[1]) if header else inside
    if inside == "utf-8":
        return  # the parser checks every byte, and text in another encoding is hardly ever valid UTF-8
    if outside != inside or (inside in _WESTERN and _is_utf8(raw)):
        raise Odd(f"declared as {inside}, sent as {outside}")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, UnicodeError):
        return name.lower()
