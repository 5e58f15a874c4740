"""The bytes of one wire message, read as XML, JSON or text in one careful way for every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from html.entities import html5
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from ingest import dates
from ingest.apart import apart, parser
from ingest.body import Unreadable
from ingest.dialect import PLAIN, Dialect
from ingest.model import When

MAX_BYTES = 5_000_000  # of one message; the largest real ones have some 300 kB
RECOVERED = "recovered from XML that is not well-formed"  # a note of items that may lack something
CUT = "cut off before its end"  # likewise
_HEAD = 400  # bytes that tell what a message is
_NODES = 500_000  # elements and attributes
_ENTITY = re.compile(rb"<!ENTITY\s+(?!%)", re.IGNORECASE)
_NAMED = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_REFERENCE = re.compile(rb"&(#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)?([A-Za-z][A-Za-z0-9]{1,31};)?")
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T ]?(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,](\d+))?\s*(Z|[+-]\d\d:?\d\d)?", re.ASCII
)


@dataclass
class Message:
    """One message and what is known of it from outside; read once, by one format."""

    raw: bytes
    name: str = ""  # what its sender called it: for messages to people, never a path
    zone: ZoneInfo | None = None  # where zoneless clocks hang: the operator's word, else the dialect's
    language: str | None = None  # of items that name none: likewise
    dialects: tuple[Dialect, ...] = ()  # those that may apply
    notes: list[str] = field(default_factory=list, compare=False)  # what was repaired while reading
    media: tuple[str, ...] = field(init=False)  # what it is at first sight: json, xml, text, or text with XML in it

    def __post_init__(self) -> None:
        """Look at the first bytes."""
        head = self.raw[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
        if head[:1] in (b"{", b"["):
            self.media = ("json",)
        elif head[:1] == b"<" or head[:4] == b"\x00<\x00?" or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self.media = ("xml",)
        else:
            self.media = ("text", "xml") if b"<?xml " in head else ("text",)

    @property
    def is_json(self) -> bool:
        """Whether the first visible byte opens a JSON object or array."""
        return self.media == ("json",)

    @property
    def is_xml(self) -> bool:
        """Whether a tag opens at the first visible byte, in UTF-8 or UTF-16, or an XML declaration a little further."""
        return "xml" in self.media

    @cached_property
    def root(self) -> etree._Element:
        """The XML root: strictly, else with the bytes decoded by sight, else recovered, which is noted.

        Raises Unreadable with the place of the first error.
        """
        if len(self.raw) > _NODES and self.raw.count(b"<") + self.raw.count(b"=") > _NODES:
            raise Unreadable(f"more than {_NODES} elements and attributes")
        found = apart(self._attempts, len(self.raw))
        if isinstance(found, etree._Element):
            return found
        raise Unreadable(f"no XML: {_said(found)}")

    @cached_property
    def value(self) -> Any:
        """The JSON value. Raises Unreadable with line and column of the first error."""
        try:
            return json.loads(self.raw.decode("utf-8-sig"))
        except RecursionError as error:
            raise Unreadable("JSON nested too deeply") from error
        except ValueError as error:
            raise Unreadable(f"no JSON: {str(error)[:160]}") from error

    @cached_property
    def objects(self) -> tuple[dict[str, Any], ...]:
        """The JSON object the message is, or those of the array it is; none where it is neither, which is no error."""
        try:
            value = self.value if self.is_json else None
        except Unreadable:
            return ()
        return tuple(thing for thing in (value if isinstance(value, list) else [value]) if isinstance(thing, dict))

    @cached_property
    def text(self) -> str:
        """The message as text: UTF-8 where it is that, else as it says, else Windows-1252; line ends as they came."""
        return decoded(self.raw)

    def speak(self, format: str, find: Callable[[str], Iterable[str]]) -> Dialect:
        """The dialect of this message, chosen by what `find` gives for the paths it is told by; PLAIN where none fits.

        Its zone and language count from now on, unless the operator named others.
        """
        told: dict[str, tuple[str, ...]] = {}  # several dialects are told by the same paths

        def values(path: str) -> tuple[str, ...]:
            if path not in told:
                told[path] = tuple(value.strip() for value in find(path))
            return told[path]

        found = next((known for known in self.dialects if known.format == format and known.fits(values)), PLAIN)
        self.zone = self.zone or found.zone
        self.language = self.language or found.language
        return found

    def when(self, text: str | None) -> When | None:
        """The moment a field tells, in the message's zone where it names none; None where it tells none."""
        if not text or not (words := " ".join(text.split())):
            return None
        if exact := dates.exact(words, self.zone):
            return exact
        part = ""
        if match := _MOMENT.fullmatch(words):
            year, month, day, hour, minute, second, part, tail = match.groups()
            words = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{_colon(tail or '')}"
        try:
            return _finer(dates.read(words, self.zone), part)
        except ValueError:
            self.notes.append("a date that tells no moment")
            return None

    def _attempts(self) -> etree._Element | Exception:
        """Strict, then decoded by sight, then recovered; the first error is the one that is told."""
        try:
            if not self._lies():
                return etree.fromstring(self.raw, parser(recover=False))
            self.notes.append("decoded against its declaration")
            return etree.fromstring(_DECLARATION.sub(b"", decoded(self.raw).encode()), parser(recover=False))
        except _WRONG as error:
            first: Exception = error
        if _ENTITY.search(self.raw[:20_000]):
            return first  # recovering would empty the message in silence
        again = _DECLARATION.sub(b"", _bare(self.raw).encode())
        clear = again if b"<![CDATA[" in again else _REFERENCE.sub(_reference, again)  # recovering would drop them
        for raw, note in ((again, "mended around its root"), (clear, "ampersands escaped"), (clear, RECOVERED)):
            try:
                root = etree.fromstring(raw, parser(recover=note == RECOVERED))
            except _WRONG:
                continue
            if root is not None and (note != RECOVERED or _ends(raw, root)):
                self.notes.append(note)
                return root
        return first

    def _lies(self) -> bool:
        """Whether the declaration names another charset and the bytes are UTF-8, which no other text is by chance."""
        named = _NAMED.match(self.raw[:300])
        if self.raw.isascii() or not named or named[1].lower() in (b"utf-8", b"utf8", b"utf-16"):
            return False
        try:
            self.raw.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True


_WRONG = (etree.LxmlError, ValueError, LookupError, UnicodeError, AssertionError, MemoryError)


def _ends(raw: bytes, root: etree._Element) -> bool:
    """Whether the root is closed at the end: what was cut short must not pass for a whole message."""
    name = etree.QName(root).localname.encode()
    return re.search(rb"</(?:[^<>\s:]+:)?" + re.escape(name) + rb"\s*>\s*\Z", raw[-400:]) is not None


def _reference(found: re.Match[bytes]) -> bytes:
    """A reference that XML knows as it is, one that only HTML knows by number, anything else as text."""
    if found[1]:
        return found[0]
    known = html5.get((found[2] or b"").decode("ascii"), "")
    return b"".join(b"&#%d;" % ord(character) for character in known) or b"&amp;" + (found[2] or b"")


def decoded(raw: bytes) -> str:
    """UTF-8 where the bytes are that, else as they declare, else Windows-1252."""
    body = raw.removeprefix(b"\xef\xbb\xbf")
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    named = _NAMED.match(body[:300])
    for name in ("utf-8", named[1].decode("ascii") if named else "", "cp1252"):
        try:
            return body.decode(name)
        except (UnicodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _bare(raw: bytes) -> str:
    """XML from its declaration or first tag on, without the controls that transmissions end in."""
    text = decoded(raw[max(raw.find(b"<?xml ", 0, _HEAD), 0) :])
    return text[max(text.find("<"), 0) :].rstrip("\x00\x04\x1a\x7f \t\r\n")


def _colon(zone: str) -> str:
    return f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone


def _finer(when: When, part: str | None) -> When:
    """The moment with the decimals of its second: an embargo may end at them."""
    if not part or when.at is None:
        return when
    return replace(when, at=when.at + timedelta(microseconds=int(part[:6].ljust(6, "0"))))


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
