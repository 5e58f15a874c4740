"""IPTC 7901 (revision 5, 1995): a header line, a keyword line, the text, and a line with the time, framed by controls.

    SOH eca0124 3 i 93  dpa 1888       service and its number, urgency, category, words, source and its number
        Place/topic/                   keywords
    STX 2ND LEAD                       marks
        Headline                       over one or several lines, the last of the heading ending in "="
        By Name, dpa =
        Text; notes to editors and contacts follow it in a notebook
    ETX 212101 GMT Nov 18              day and time, zone (may be missing), month, year
    EOT

Some deliver it without the controls, some several messages in one file, or one text in several messages (takes).
Its numbers start again every day: service, number and day make the identity, where the number is one at all.

Rules of dialects (paths: service, source, category):
    guid        templates of {service}, {sequence}, {source}, {number}, {date}, {slugline}; the first whose fields are
                all known holds, else the message has no identity of its own
    signoff     pattern of a last line that only names who worked on the text
    categories  what the category codes stand for
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest import tidy
from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Subject
from ingest.message import CUT, Message, decoded
from ingest.model import When
from ingest.wire.parts import embargo, heading, marks, takes, telex
from ingest.wire.parts.heading import Heading
from ingest.wire.parts.prose import joined

MEDIA = ("text",)
RULES = ("guid", "signoff", "categories")

MESSAGES = 1_000  # in one file
_LONG = 300  # characters of a header line; what is longer is none
_HEAD = re.compile(r"([^\W\d_][\w-]{0,19}?)(\d{3,6}) +([0-9]) +(\S{1,12})(?: +(\d{1,6})(?!\S))? *(.{0,200})")
_BARE = re.compile(r"[A-Za-z]{2,8}\d{3,6} [1-9] [A-Za-z]{1,5} +\d{1,5}(?: +[\w./#-]{1,20}){1,4} *")
_SOURCE = re.compile(r"([^\W\d_][\w-]{0,24}) +(\d[\d-]{0,24})(?:#(\d{1,4}))?(?!\S)")
_FOOT = re.compile(r"\s*(\d\d)(\d\d)(\d\d) +(?:([A-Z]{1,5}) +)?([^\W\d_]{3,9})\.? +(\d\d(?:\d\d)?)\b[\s\x7f]*")
_NOTEBOOK = re.compile(
    r"#{1,2} [^\W\d].{0,40}|\* \* \* \*\s*|[-=\s]*dpa-?\s?(?:Notizblock|Notebook)[-=:\s]*", re.IGNORECASE
)
_LINKED = re.compile(r"\s*- \[")
_GUIDS = ("{source}:{service}{sequence}:{date}",)


@dataclass(frozen=True, slots=True)
class Head:
    """The header line."""

    service: str
    sequence: str
    urgency: int
    category: str
    words: int | None
    source: str = ""
    number: str = ""
    version: str | None = None  # some put it behind the number of the source, which is a lasting one then

    def values(self, path: str) -> tuple[str, ...]:
        """What a dialect is told by."""
        return (str(getattr(self, path)),) if path in ("service", "source", "category") else ()


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between STX and ETX."""

    above: Heading
    told: list[str]  # paragraphs
    notebook: list[str]  # lines
    words: int  # in all of it


def recognises(message: Message) -> bool:
    """Whether a header line opens the message, behind SOH or (then in its usual form) without."""
    head = message.raw[:400].lstrip(b"\xef\xbb\xbf\x00\x16\r\n\t ")
    first = decoded(re.split(rb"[\r\n]", head[:300], maxsplit=1)[0])
    return bool(_headed(first[1:]) if first[:1] == "\x01" else _BARE.fullmatch(first))


def parse(message: Message) -> tuple[Item, ...]:
    """The items of all messages in the file, takes of one text joined. Raises Unreadable."""
    zone, language = message.zone, message.language
    parts, found = _messages(message.text), []
    if len(parts) > MESSAGES:
        raise Unreadable(f"more than {MESSAGES} messages")
    for part in parts:
        message.zone, message.language = zone, language  # each may be in another dialect
        line, _, rest = part.partition("\n")
        found.append(_item(message, _head(line), rest))
    if not found:
        raise Unreadable("no header line of IPTC 7901")
    return takes.joined(found)


def _messages(text: str) -> list[str]:
    """The messages, each from its header line on."""
    text = "\n".join(telex.rows(text))
    if "\x01" in text[:400]:
        return [part for part in text.split("\x01")[1:] if _headed(part.partition("\n")[0])]
    found: list[list[str]] = []
    ended = True  # a header line without its control counts where no text is open
    for line in text.lstrip("\ufeff\x00\x16\n\t ").split("\n"):
        if ended and _BARE.fullmatch(line):
            found.append([])
        if line.strip():
            ended = bool(_FOOT.fullmatch(line))
        if found:
            found[-1].append(line)
    return ["\n".join(lines) for lines in found]


def _headed(line: str) -> re.Match[str] | None:
    """A line as a header; only where it is short, since its spaces may be many and its pattern tries them all."""
    return _HEAD.fullmatch(line) if len(line) <= _LONG else None


def _head(line: str) -> Head:
    match = _headed(line)
    if not match:
        raise Unreadable("no header line of IPTC 7901 in line 1")
    service, sequence, urgency, category, words, rest = match.groups()
    source = _SOURCE.search(rest)
    names = (source[1], source[2], source[3]) if source else ("", "", None)
    return Head(service, sequence, int(urgency), category, int(words) if words else None, *names)


def _item(message: Message, head: Head, rest: str) -> Item:
    dialect = message.speak("iptc7901", head.values)
    slugline, between, foot = _parts(rest)
    made = _moment(message, foot) if foot else None
    text = _text(between, head, dialect)
    announced = (*text.above.marks, *embargo.leading(text.above.headline), *text.notebook)
    held = embargo.found(announced, text.told, made, message.zone)
    place, summary, told = _opened(telex.readable(embargo.released(text.told)), head)
    notes = [] if foot else [CUT]
    notes += _miscounted(head, text, told)
    named = dict(dialect.rules.get("categories", {}))
    above = (slugline,) if slugline and marks.kills(slugline) else ()  # some set a kill where keywords stand
    item = Item(
        format="iptc7901",
        guid=_guid(head, made, slugline, dialect),
        version=head.version,
        signals=(*above, *text.above.marks),
        published=made,
        headline=text.above.headline,
        body=joined(told),
        summary=summary,
        byline=text.above.byline,
        dateline=place[0] if place else None,
        language=message.language,
        urgency=head.urgency or None,
        slugline=slugline,
        credit=head.source or None,
        subjects=(Subject(head.category, named[head.category]),) if head.category in named else (),
        services=(head.service, head.category),
        keywords=tuple(word for part in (slugline or "").split("/") if (word := part.strip())),
        genres=text.above.genres,
        located=place[1] if place else None,
        words=head.words,
        notes=tuple(notes),
    )
    sections = [line.strip("# ") for line in text.notebook if line.startswith("##")]
    return marks.applied(embargo.applied(item, held), sections)


def _parts(rest: str) -> tuple[str | None, str, re.Match[str] | None]:
    """The keywords, the text, and the time behind it."""
    keywords, opened, text = rest.partition("\x02")
    if not opened:  # no controls: one line of keywords
        keywords, _, text = rest.lstrip("\n").partition("\n")
    text, closed, end = text.partition("\x03")
    if closed:
        foot = _FOOT.match(end)
    else:
        before, _, last = text.rstrip("\n\x04\x7f ").rpartition("\n")
        foot = _FOOT.fullmatch(last)
        text = before if foot else text
    return tidy.line(keywords.replace("\n", " ")).strip("/ ") or None, text, foot


def _moment(message: Message, foot: re.Match[str]) -> When | None:
    day, hour, minute, zone, month, year = foot.groups()
    return message.when(f"{day} {month} {year} {hour}:{minute} {zone or ''}")


def _text(between: str, head: Head, dialect: Dialect) -> Text:
    above, lines = heading.parted(between, head.source, *head.source.split("-"))
    end = next((at for at, line in enumerate(lines) if _NOTEBOOK.fullmatch(line) or telex.nonpublic(line)), len(lines))
    told = telex.paragraphs(_unsigned(lines[:end], head, dialect))
    notebook = [line.strip() for line in lines[end:] if line.strip() and not _LINKED.match(line)]
    return Text(above, told, notebook, telex.counted(between.split("\n")))


def _unsigned(lines: list[str], head: Head, dialect: Dialect) -> list[str]:
    """The text without a last line that only names who worked on it."""
    kept = list(lines)
    while kept and not kept[-1].strip("\x00\x04\x7f \t"):
        kept.pop()
    source = re.escape(head.source.partition("-")[0])
    known = dialect.pattern("signoff") or re.compile(rf"{source}(?: [a-z0-9/]{{1,5}}){{1,8}}" if source else r"(?!)")
    alone = len(kept) > 1 and not kept[-2].strip()
    return kept[:-1] if alone and known.fullmatch(kept[-1].strip()) else kept


def _opened(told: list[str], head: Head) -> tuple[tuple[str, str] | None, str | None, list[str]]:
    """The dateline, the teaser that may stand before the text, and the text without it.

    A teaser is none of the words the header counts; where they are counted otherwise, the dateline tells the text.
    """
    names = (head.source, *head.source.split("-"))
    places = [telex.dateline(paragraph, *names) for paragraph in told[:2]]
    if len(places) == 2 and not places[0]:
        whole, rest = telex.counted(told), telex.counted(told[1:])
        nearer = head.words is None or abs(rest - head.words) < abs(whole - head.words)
        if rest == head.words or (places[1] and nearer):
            return places[1], told[0], told[1:]
    return next(filter(None, places), None), None, told


def _miscounted(head: Head, text: Text, told: list[str]) -> list[str]:
    """A note where the text is not as long as its header says, in either way agencies count.

    These days they count the text without teaser and notebook; before, with the heading, or all there was.
    """
    if head.words is None:
        return []
    own, told_in_all = telex.counted(told), telex.counted(text.told)
    counts = (own, told_in_all, own + text.above.words, told_in_all + text.above.words, text.words)
    if any(abs(count - head.words) <= max(1, head.words // 100) for count in counts):
        return []
    return [f"{own} words where its header says {head.words}"]


def _guid(head: Head, made: When | None, slugline: str | None, dialect: Dialect) -> str | None:
    if head.version and head.source:
        return f"{head.source}:{head.number}"
    known = {
        "service": head.service,
        "sequence": head.sequence if head.sequence.strip("0") else "",
        "source": head.source,
        "number": head.number if head.number.strip("0-") else "",
        "date": made.day.isoformat() if made else "",
        "slugline": slugline or "",
    }
    for template in dialect.paths("guid", *_GUIDS):
        if all(known.get(name) for name in re.findall(r"\{(\w+)\}", template)):
            return template.format_map(known)
    return None
