"""Mail (RFC 5322 with MIME): what a press office writes, or the envelope in which a wire sends its messages.

Parts that are messages of a wire format themselves are read as such, one level deep, and stand for the whole mail. Else
the mail is one item: subject, sender, date, the plain text or, where that is missing or only a stub, the HTML.

Rules of dialects (path: the name of a header field):
    form        fields of an item -> keys of a JSON object that is the text of such mails, each with a text or a list
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.policy import Compat32, Policy
from typing import Any

from ingest import tidy, wires
from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Link, Status
from ingest.message import CUT, Message, decoded
from ingest.wire.parts import embargo, marks, prose, telex

MEDIA = ("text",)
RULES = ("form",)

PARTS = 200  # of one mail; the rest is not looked at
MOST = 2_000  # parts of a mail that is taken apart at all: each takes a hundred times the memory of its bytes
WORK = 20_000_000  # lines times boundaries: every line is compared with all boundaries it may lie between
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n]|From [^\r\n]{1,200}[\r\n]")
_FIELD = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,60}):", re.MULTILINE)
_NEEDED, _USUAL = {b"from", b"date"}, {b"received", b"message-id", b"mime-version", b"subject", b"to", b"return-path"}
_SIGNED = re.compile(r"^--[ \t]*$", re.MULTILINE)
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_SHORT = {"text", "headline", "slugline", "summary", "byline", "dateline"}


def recognises(message: Message) -> bool:
    """Whether header fields open the message, sender and date and one more of the usual among them."""
    head = message.raw[:2_000].lstrip()
    if not _HEADER.match(head):
        return False
    block = re.split(rb"\r?\n[ \t]*\r?\n", message.raw[:60_000].lstrip(), maxsplit=1)[0]
    names = {name.lower() for name in _FIELD.findall(block)}
    return names >= _NEEDED and bool(names & _USUAL)


def parse(message: Message) -> tuple[Item, ...]:
    """The items of its parts that are wire messages, else the mail. Raises Unreadable."""
    parts = list(_parts(mail := _taken_apart(message.raw.lstrip())))
    enclosed = [item for part in parts for item in _enclosed(message, part)]
    found = _under(message, mail, enclosed) if enclosed else (_own(message, mail, parts),)
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in mail.defects):
        return tuple(replace(item, notes=(*item.notes, CUT)) for item in found)
    return found


def _own(message: Message, mail: Mail, parts: list[Mail]) -> Item:
    """The mail itself. Raises Unreadable."""
    dialect = message.speak("mail", lambda path: (_field(mail, path),))
    text, untold = _text(parts), sum(_is_attached(part) for part in parts)
    form = _form(text, dialect)
    told = prose.plain(form.get("text", "")) if form else _told(text, parts)
    told = told[1:] if told and told[0] == _field(mail, "Subject") else told
    if not told and not form.get("headline"):
        raise Unreadable("a mail without text")
    return _item(message, mail, form, told, untold)


def _item(message: Message, mail: Mail, form: dict[str, str], told: list[str], untold: int) -> Item:
    made = message.when(_field(mail, "Date"))
    subject = form.get("headline") or _field(mail, "Subject")
    held = embargo.found([subject], told, made, message.zone)
    urgency = form.get("urgency", "")
    item = Item(
        format="mail",
        guid=_field(mail, "Message-ID") or None,
        signals=_signals(subject),
        published=made,
        headline=subject or None,
        body=prose.joined(telex.uncontacted(telex.readable(embargo.released(told)))),
        summary=form.get("summary") or None,
        byline=form.get("byline") or _field(mail, "From") or None,
        dateline=form.get("dateline") or None,
        language=_field(mail, "Content-Language").partition(",")[0].strip() or message.language,
        urgency=int(urgency) if urgency in set("123456789") else None,
        slugline=form.get("slugline") or None,
        links=tuple(Link("replaces", guid) for name in ("Supersedes", "Obsoletes") if (guid := _field(mail, name))),
        notes=(f"attachments not read: {untold}",) if untold else (),
    )
    return marks.applied(embargo.applied(item, held))


def _taken_apart(raw: bytes) -> Mail:
    """A mail and its parts. Raises Unreadable where that would take more time or memory than a message may."""
    if raw.count(b"\n") * raw.lower().count(b"boundary") > WORK:
        raise Unreadable("a mail of too many lines in too many parts")
    count = 0

    def part(policy: Policy[Mail] | None = None) -> Mail:
        nonlocal count
        count += 1
        if count > MOST:
            raise Unreadable(f"a mail of more than {MOST} parts")
        return Mail() if policy is None else Mail(policy)

    try:
        return message_from_bytes(raw, part, policy=_Short())
    except RecursionError:
        raise Unreadable("a mail nested too deeply") from None


class _Short(Compat32):
    """Header fields no longer than any that are meant: taking their parameters apart takes quadratic time."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of a field from its lines."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[: tidy.MAX_LINE]


def _parts(mail: Mail) -> Iterator[Mail]:
    """The leaves of a mail; a mail in a mail is one."""
    open_, seen = [mail], 0
    while open_ and seen < PARTS:
        part = open_.pop(0)
        seen += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            open_ = [each for each in inner if isinstance(each, Mail)] + open_
        else:
            yield part


def _enclosed(message: Message, part: Mail) -> tuple[Item, ...]:
    """The items of a part that is a wire message itself."""
    raw = _bytes(part)
    if part.get_content_type() == "text/html" or part.get_content_maintype() in ("image", "audio", "video"):
        return ()
    inner = Message(raw, message.name)
    for name, reader in (found for medium in inner.media for found in wires.readers(medium)):
        if name != "mail" and raw.strip() and _is_in(reader, inner):
            manner = wires.Manner(name, message.zone, message.language, message.dialects)
            return wires.read(raw, message.name, manner)
    return ()


def _under(message: Message, mail: Mail, enclosed: list[Item]) -> tuple[Item, ...]:
    """Items under the embargo that the mail around them announces, where one says neither that nor worse itself."""
    held = embargo.found([_field(mail, "Subject")], [], message.when(_field(mail, "Date")), message.zone)
    return tuple(
        item if item.embargoed or item.status is not Status.USABLE else embargo.applied(item, held) for item in enclosed
    )


def _is_in(reader: wires.Format, inner: Message) -> bool:
    try:
        return reader.recognises(inner)
    except Unreadable:
        return False


def _bytes(part: Mail) -> bytes:
    """A part's content; that of a mail in it is the mail."""
    payload = part.get_payload()
    if part.get_content_maintype() == "message" and isinstance(payload, list):
        return b""  # forwarded: read one level deep only
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _is_attached(part: Mail) -> bool:
    """Whether a part is sent along and not to be read as the mail's text."""
    return bool(part.get_filename()) or part.get_content_maintype() != "text" or _disposed(part) == "attachment"


def _disposed(part: Mail) -> str:
    return str(part.get("Content-Disposition", "")).partition(";")[0].strip().lower()


def _text(parts: list[Mail]) -> str:
    """The plain text of a mail."""
    found = [_decoded(part) for part in parts if part.get_content_type() == "text/plain" and not _is_attached(part)]
    return "\n\n".join(found)


def _decoded(part: Mail) -> str:
    """The text of a part: in its charset, where it is in that, else by sight; flowed lines (RFC 3676) made whole."""
    raw = _bytes(part)
    try:
        text = raw.decode(str(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeError, ValueError):
        text = decoded(raw)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        kept = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
        text = re.sub(r"(?m)(?<!^--)(?<=\S) \n(?!\n|>)", kept, text)  # the mark of a signature is no flowed line
    return text


def _told(text: str, parts: list[Mail]) -> list[str]:
    """The paragraphs of the text or, where it has less than a third of the words, of the HTML; quotes left out."""
    plain = prose.plain(_unsigned(_QUOTED.sub("", text)))
    markup = next((part for part in parts if part.get_content_type() == "text/html" and not _is_attached(part)), None)
    if markup is None:
        return plain
    rich = prose.fragment(_decoded(markup))
    return rich if len(" ".join(rich).split()) > 3 * len(" ".join(plain).split()) else plain


def _unsigned(text: str) -> str:
    """A text without the signature (RFC 3676 section 4.3), where its mark has one behind it."""
    marks_ = list(_SIGNED.finditer(text))
    return text[: marks_[-1].start()] if marks_ and text[marks_[-1].end() :].strip() else text


def _form(text: str, dialect: Dialect) -> dict[str, str]:
    """The fields of an item that a JSON object in the text holds, where the dialect knows its keys."""
    known: dict[str, str] = dialect.rules.get("form", {})
    if not known or not text.lstrip().startswith("{"):
        return {}
    try:
        value: Any = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise Unreadable("a form that is no JSON") from None
    found = {name: value.get(key) for name, key in known.items()}
    texts = {name: got for name, values in found.items() if (got := _answer(values))}
    return {name: got if name == "text" else tidy.line(got) for name, got in texts.items()}


def _answer(values: Any) -> str:
    """The first text among the values of a key, or the one it has: each branch of a form leaves an answer or none."""
    given = values if isinstance(values, list) else [values]
    return next((value for value in given if isinstance(value, str) and value.strip()), "")


def _field(mail: Mail, name: str) -> str:
    """A header field, decoded (RFC 2047), on one line; empty where it is missing."""
    found = next((str(value) for key, value in mail.raw_items() if key.lower() == name.lower()), "")
    given = found[: tidy.MAX_LINE]  # taking it apart takes quadratic time
    if not given.isascii():  # RFC 6532, or worse
        given = decoded(given.encode("ascii", "surrogateescape"))
    try:
        return tidy.line(str(make_header(decode_header(given))))
    except (MessageError, LookupError, ValueError, TypeError):
        return tidy.line(given)


def _signals(subject: str) -> tuple[str, ...]:
    """What a subject says before its first colon, if that is a mark."""
    before, colon, _ = subject.partition(":")
    return (before,) if colon and marks.is_mark(before) else ()
