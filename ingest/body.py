"""What a feed's address answered, parsed strictly and once, and the two ways a reader may say no."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from ingest import dates
from ingest.apart import apart, parser
from ingest.model import When

_GUESSES = 200  # unreadable dates in one body after which only the usual forms are tried
_NODES = 1_000_000  # elements and attributes; libxml2 needs some 150 bytes for each
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*\[", re.IGNORECASE)


class Odd(Exception):
    """Something is not plainly in order, so the fast readers leave this body to the judge."""


class Unreadable(Exception):
    """This body is no feed, or none that can be read within bounds; the message says why in one line."""


class Index(Unreadable):
    """A sitemap index: it holds no entries, only the addresses of other sitemaps."""

    def __init__(self, reason: str, sitemaps: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.sitemaps = sitemaps  # absolute addresses in the index's order, bounded


@dataclass(frozen=True)
class Body:
    """The bytes of one feed and what is known about them from outside."""

    raw: bytes
    url: str = ""  # address of the last hop: the base of relative links
    content_type: str | None = None  # the Content-Type field as sent
    zone: ZoneInfo | None = None  # where the feed's zoneless clocks hang, if the operator said so
    wrong: list[str] = field(default_factory=list, compare=False)  # date fields that tell no date

    @cached_property
    def is_json(self) -> bool:
        """Whether the first visible byte opens a JSON object or array."""
        return self.raw[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")

    @cached_property
    def root(self) -> etree._Element:
        """The XML root under a strict parser: no entity resolved, nothing loaded, depth and text bounded by libxml2.

        Raises Odd unless the whole document is well-formed.
        """
        if _DOCTYPE.search(self.raw[:4096]):
            raise Odd("declares entities or attributes of its own")
        if self.raw.count(b"<") + self.raw.count(b"=") > _NODES:
            raise Odd("more elements than fit into memory at once")
        return _parse(self.raw)

    @cached_property
    def value(self) -> Any:
        """The JSON value. Raises Unreadable for what is no JSON (RFC 8259; a byte order mark is forgiven)."""
        try:
            return json.loads(self.raw.decode("utf-8-sig"))
        except RecursionError as error:
            raise Unreadable("JSON nested too deeply") from error
        except ValueError as error:
            raise Unreadable(f"looks like JSON and is none: {str(error)[:120]}") from error

    @cached_property
    def has_bases(self) -> bool:
        """Whether any element may carry xml:base (cheap, may be wrongly true)."""
        return b"base" in self.raw or b"\x00b\x00a\x00s\x00e" in self.raw

    def when(self, text: str | None) -> When | None:
        """The moment a date field tells, None where it tells none."""
        if not text:
            return None
        try:
            return dates.read(text, self.zone, guess=len(self.wrong) < _GUESSES)
        except ValueError:
            self.wrong.append(text[:60])
            return None

    def remarks(self) -> tuple[str, ...]:
        """What a reader of this body could not use, for the document's notes."""
        return (f"{len(self.wrong)} dates that are none, such as {self.wrong[0]!a}",) if self.wrong else ()


def _parse(raw: bytes) -> etree._Element:
    found = apart(lambda: etree.fromstring(raw, parser()), len(raw))
    if isinstance(found, etree._Element):
        return found
    if isinstance(found, etree.LxmlError | ValueError | LookupError | UnicodeError | AssertionError | MemoryError):
        raise Odd(f"not well-formed: {' '.join(str(found).split())[:160]}") from found
    raise found
