"""ANPA 1312 (American Newspaper Publishers Association, 1979, later NAA 89-3), as AP and Kyodo sent it.

    SYN SYN SOH W2870 [AGENCY] US asian         service level, number, selector
        f l DC3 DC1 BC-Slug 1stLd-Writethru 11-13 1049   priority, category, type, keyword, version, day, length
    STX ^BC-Slug, 1st Ld-Writethru,466<         lines in "^" above the text: slug, headline, notes, byline
        TAB Text, a paragraph; BS a row of a table (type DC2) with ";" or US and RS between its columns
    ETX AP-WF-11-13-13 1509GMT<                 agency, wire, day, time

Numbers start again within days: service level, number and day make the identity. The length in the header is one of
transmission; how many words the text has stands behind the slug.

Rules of dialects (paths: source, the agency in the first line or the last one; service; selector):
    guid            templates of {source}, {service}, {sequence}, {date}, {slugline}; as in IPTC 7901
    footer          pattern of the last line, with groups day, month, year, hour, minute and perhaps zone
    priorities      urgencies (1 to 9) of the priority letters
    categories      what the category letters stand for
    headline_end    pattern of the end of the headline's last line, where no "^" tells it
    end             pattern of the line behind the text
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest import tidy
from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Subject
from ingest.message import CUT, Message
from ingest.model import When
from ingest.wire.parts import embargo, marks, takes, telex
from ingest.wire.parts.prose import joined

MEDIA = ("text",)
RULES = ("guid", "footer", "priorities", "categories", "headline_end", "end")

MESSAGES = 1_000  # in one file
_LONG = 300  # characters of a header line; what is longer is none
_SEARCHED = re.compile(rb"[\x00\x16\s]{0,40}\x01[A-Za-z]?\d{1,4}[^\x1f\r\n]{0,15}\x1f")
_FIRST = re.compile(r"([A-Za-z]?)(\d{1,4})([^\x1f\n]{0,15})\x1f([^\n\x02]{0,40})")
_SECOND = re.compile(
    r"([A-Za-z]) ([A-Za-z])([\x13\x14]?)([\x11\x12]?) ?(.{0,120}?)(?: +\d\d?-\d\d?)?(?: +(\d{1,5}))? *"
)
_SLUG = re.compile(r"(?:AM|PM|BC|AP)-(.{1,120}?)(?:,? ?(\d{1,5}))?[, ]*")
_FOOT = re.compile(
    r"(?P<agency>[A-Z]{2,8})-\w{1,6}-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d) (?P<hour>\d\d):?(?P<minute>\d\d)"
    r" ?(?P<zone>[A-Z]{1,5})?"
)
_PICTURED = re.compile(r"\(?(?:AP|Kyodo) (?:Photo|Video|Graphic|Audio)s?\b", re.IGNORECASE)
_EDITORS = re.compile(r"\(?(?:Eds?:|EDITOR['’]?S['’]? NOTE|Note (?:to editors|contents):?)\W*", re.IGNORECASE)
_WORKS_FOR = re.compile(r"\b(?:AP|Associated Press|Kyodo|Writers?|Correspondent|Editor|Columnist|Staff|News Service)\b")
_CODES = str.maketrans({"\x10": None, "\x1e": " ", "\x1f": " ", "\x08": None, "\x0e": None, "\x0f": None})
_GUIDS = ("{source}:{service}{sequence}:{date}",)
_URGENCIES = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5, "w": 6, "s": 6, "a": 6}  # flash, bulletin, urgent ... advances


@dataclass
class Above:
    """What the lines above the text say."""

    slug: str | None = None
    words: int | None = None
    headline: str | None = None
    byline: str | None = None
    summary: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # to editors
    heads: list[str] = field(default_factory=list)  # of the text


def recognises(message: Message) -> bool:
    """Whether SOH, a number and a unit separator open the message."""
    return bool(_SEARCHED.match(message.raw[:200]))


def parse(message: Message) -> tuple[Item, ...]:
    """The items of all messages in the file, takes of one text joined. Raises Unreadable."""
    parts = "\n".join(telex.rows(message.text)).split("\x01")[1:]
    if len(parts) > MESSAGES:
        raise Unreadable(f"more than {MESSAGES} messages")
    zone, language = message.zone, message.language
    found, wrong = [], Unreadable("no header line of ANPA 1312")
    for part in parts:
        message.zone, message.language = zone, language
        line, _, rest = part.partition("\n")
        try:
            found.append(_item(message, _FIRST.match(line), rest))
        except Unreadable as reason:
            wrong = reason
            message.notes.append("a part that is no message")
    if not found:
        raise wrong
    return takes.joined(found)


def _item(message: Message, first: re.Match[str] | None, rest: str) -> Item:
    if not first:
        raise Unreadable("no first header line of ANPA 1312")
    line, opened, text = rest.partition("\x02")
    line = line.strip("\n ")
    second = _SECOND.fullmatch(line) if len(line) <= _LONG else None
    if not opened or not second:
        raise Unreadable(f"no second header line and text behind the number {first[2]}")
    text, closed, end = text.partition("\x03")
    priority, category, _, kind, keyword, _ = second.groups()
    foot = _FOOT.search(end[:80])
    source = first[3].strip() or (foot["agency"] if foot else "")
    values = {"source": source, "service": first[1], "selector": first[4].strip(" -")}
    dialect = message.speak("anpa1312", lambda path: (values[path],) if path in values else ())
    made = _moment(message, dialect, end)
    lines = _ended(text.split("\n"), dialect)
    above, lines = _above(lines) if any(line.startswith("^") for line in lines) else _unmarked(lines, dialect)
    told = [text for text in (*above.heads, *_told(lines, tabular=kind == "\x12")) if text != "END"]
    slugline = tidy.line(keyword) or above.slug
    held = embargo.found((*above.notes, *embargo.leading(above.headline)), told, made, message.zone)
    place = next(filter(None, (telex.dateline(paragraph, source) for paragraph in told[:3])), None)
    named = dict(dialect.rules.get("categories", {}))
    item = Item(
        format="anpa1312",
        guid=_guid(dialect, values, first[2], made, slugline),
        signals=_versions(above.slug, keyword),
        published=made,
        headline=above.headline,
        body=joined(telex.readable(embargo.released(told))),
        summary=" ".join(above.summary) or None,
        byline=above.byline,
        dateline=place[0] if place else None,
        language=message.language,
        urgency=dict(dialect.rules.get("priorities", _URGENCIES)).get(priority.lower()),
        slugline=slugline,
        credit=source or None,
        subjects=(Subject(category, named[category.lower()]),) if category.lower() in named else (),
        services=tuple(filter(None, (first[1], category))),
        located=place[1] if place else None,
        words=above.words,
        notes=() if closed else (CUT,),
    )
    return marks.applied(embargo.applied(item, held), [_EDITORS.sub("", note) for note in above.notes])


def _moment(message: Message, dialect: Dialect, end: str) -> When | None:
    foot = (dialect.pattern("footer") or _FOOT).search(end[:80])
    if not foot:
        return None
    at = foot.groupdict()
    day = f"{at['year'] if len(at['year']) == 4 else '20' + at['year']}-{at['month']}-{at['day']}"
    return message.when(f"{day} {at['hour']}:{at['minute']} {at.get('zone') or ''}")


def _ended(lines: list[str], dialect: Dialect) -> list[str]:
    """The lines before the one that ends the text."""
    known = dialect.pattern("end")
    last = next((at for at, line in enumerate(lines) if known and known.fullmatch(line.strip())), len(lines))
    return lines[:last]


def _above(lines: list[str]) -> tuple[Above, list[str]]:
    """The lines in "^" that open the text, told apart, and the rest."""
    count = next((at for at, line in enumerate(lines) if not line.startswith("^")), len(lines))
    found = Above()
    for line in lines[:count]:
        text, centred = _bare(line), line.rstrip().endswith("=")
        slug = None if found.slug else _SLUG.fullmatch(text)
        if slug:
            found.slug, found.words = text[: slug.end(1)], int(slug[2]) if slug[2] else None
        elif _EDITORS.match(text) or embargo.advance(text):
            found.notes.append(text)
        elif found.byline is None and telex.is_byline(text):
            found.byline = text
        elif not text or _PICTURED.match(text) or (found.byline and _WORKS_FOR.search(text)):
            continue
        elif found.headline is None:
            found.headline = text
        elif centred or found.byline:
            found.heads.append(text)
        else:
            found.summary.append(text)
    return found, lines[count:]


def _unmarked(lines: list[str], dialect: Dialect) -> tuple[Above, list[str]]:
    """The same where no line is in "^": a slug, and a headline up to where the dialect says it ends."""
    found, end = Above(), dialect.pattern("headline_end")
    lines = list(lines)
    while lines and not lines[0].strip():
        lines.pop(0)
    if lines and (slug := _SLUG.fullmatch(lines[0].strip())):
        found.slug, found.words = lines.pop(0).strip()[: slug.end(1)], int(slug[2]) if slug[2] else None
    last = next((at for at, line in enumerate(lines[:10]) if end and end.search(line.rstrip())), None)
    if end and last is not None:
        found.headline = tidy.line(end.sub("", " ".join(line.rstrip() for line in lines[: last + 1]))) or None
        lines = lines[last + 1 :]
    return found, lines


def _told(lines: list[str], *, tabular: bool) -> list[str]:
    """The paragraphs: a tab opens one, rows of tables and lines in "^" are their own; else as in any ruled text."""
    if not any(line.startswith(("\t", "^", "\x08")) for line in lines):
        return [_bare(paragraph) for paragraph in telex.paragraphs(lines)]
    found: list[list[str]] = []
    for line in lines:
        if line.startswith(("\t", "^", "\x08")) or not found:
            found.append([_columns(line) if tabular else line])
        elif line.strip():
            found[-1].append(line)
    return [text for parts in found if (text := _bare(" ".join(parts))).strip("_ ")]


def _columns(line: str) -> str:
    """A row without its separators; an opening brace is one half."""
    return line.replace(";", " ").replace("{", "½") if line.startswith("\x08") or line.count(";") > 2 else line


def _bare(line: str) -> str:
    """A line without the characters that set it."""
    return tidy.line(line.translate(_CODES)).lstrip("^ ").rstrip("<= ")


def _versions(slug: str | None, keyword: str) -> tuple[str, ...]:
    """What slug or header say of the version: `1st Ld-Writethru`."""
    said = slug.split(",")[1:] if slug and "," in slug else keyword.split()[1:]
    words = [text for part in said if (text := tidy.line(part))]
    return tuple(word for word in words if marks.signal((word,)) or marks.is_mark(word))


def _guid(dialect: Dialect, values: dict[str, str], number: str, made: When | None, slug: str | None) -> str | None:
    known = {**values, "sequence": number if number.strip("0") else "", "slugline": slug or ""}
    known["date"] = made.day.isoformat() if made else ""
    known["source"] = known["source"] or "anpa"
    for template in dialect.paths("guid", *_GUIDS):
        if all(known.get(name) for name in re.findall(r"\{(\w+)\}", template) if name != "service"):
            return template.format_map(known)
    return None
