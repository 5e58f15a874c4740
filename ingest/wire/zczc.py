"""Text between ZCZC and NNNN, the start and end signals of the telegraph (ITU-T F.1), as AAP and its customers send it.

    ZCZC AAP            what follows names the sender, or says nothing
    YY RFG TDR          routing, may be missing
    $T                  lines behind a mark: category, :keyword, =take, ^headline, *format, &service, +subject
    :Keyword            some put the headline here, behind a second colon, or nowhere
    ^Headline
    PLACE, Dec 7 AAP - Text
    NNNN                may be missing

There is no identity, no time and no version in it.

Rules of dialects (path: agency, all names of senders the message has):
    marks       what a mark stands for: headline, slugline, version, category, subject, or "" for nothing
    signoff     pattern of a last line that only names the agency
"""

from __future__ import annotations

import re

from ingest import tidy
from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Subject
from ingest.message import Message
from ingest.wire.parts import embargo, marks, telex
from ingest.wire.parts.prose import joined

MEDIA = ("text",)
RULES = ("marks", "signoff")

MESSAGES = 1_000  # in one file
_START = re.compile(rb"[\s\x00\xef\xbb\xbf]{0,40}ZCZC(?:[ \t][^\r\n]{0,60})?[\r\n]")
_OPENS = re.compile(r"ZCZC(?:\s++(.{0,60}))?")
_ROUTING = re.compile(r"YY(?: .{0,100})?")
_MARKED = re.compile(r"\s{0,3}([$:=^*&+%#@])(.{0,200})")
_MARKS = {"^": "headline", ":": "slugline", "#": "slugline", "=": "version", "$": "category", "+": "subject"}
_TITLED = re.compile(r"([A-Z][A-Z /&-]{2,20}) ?: ?(\S.{2,100})")
_SET = re.compile(r"^[<^]|\s?\.?[<=]!$")  # how AAP's systems set a line
_DATE = re.compile(r"[\d/. -]+")
_CODE = re.compile(r"\d{8}")


def recognises(message: Message) -> bool:
    """Whether the start signal stands alone at the beginning."""
    return bool(_START.match(message.raw[:200]))


def parse(message: Message) -> tuple[Item, ...]:
    """The items between start and end signals. Raises Unreadable."""
    messages: list[list[str]] = []
    open_ = False
    for line in telex.rows(message.text.lstrip("\ufeff\x00")):
        if line.strip() == "NNNN":
            open_ = False
        elif _OPENS.fullmatch(line.strip()):
            messages.append([line])
            open_ = True
        elif open_:
            messages[-1].append(line)
    if len(messages) > MESSAGES:
        raise Unreadable(f"more than {MESSAGES} messages")
    found = tuple(_item(message, lines[0], lines[1:]) for lines in messages if any(map(str.strip, lines[1:])))
    if not found:
        raise Unreadable("nothing between ZCZC and NNNN")
    return found


def _item(message: Message, first: str, lines: list[str]) -> Item:
    opening = _OPENS.fullmatch(first.strip())
    names = ((opening[1] or "") if opening else "").split()
    said, start = _said(lines)
    told = telex.paragraphs([_SET.sub("", line.rstrip()) for line in lines[start:]], ragged=True)
    places = [telex.dateline(paragraph, *names) for paragraph in told[:3]]
    place = next(filter(None, places), None)
    agencies = [*names, *(place[0].split()[-2:-1] if place else ()), *(told[-1].split()[:1] if told else ())]
    dialect = message.speak("zczc", lambda path: agencies if path == "agency" else ())
    fields = _fields(said, dialect)
    headline, slugline = _titles(fields)
    if headline is None and told and not places[0] and len(told) > 1 and len(told[0]) <= 80:
        match = _TITLED.fullmatch(told[0])  # no mark told it: it stands alone above the text
        slugline, headline, told = (match[1].strip(), match[2], told[1:]) if match else (slugline, told[0], told[1:])
    announced = (*fields.get("version", ()), *embargo.leading(headline))
    held = embargo.found(announced, told, None, message.zone)
    item = Item(
        format="zczc",
        signals=tuple(word for word in fields.get("version", []) if marks.is_mark(word)),
        headline=headline,
        body=joined(_unsigned(telex.uncontacted(telex.readable(embargo.released(told))), dialect)),
        dateline=place[0] if place else None,
        located=place[1] if place else None,
        language=message.language,
        slugline=slugline,
        credit=names[0] if names and names[0].isalpha() else None,
        subjects=tuple(Subject(f"subj:{code}") for code in fields.get("subject", []) if _CODE.fullmatch(code)),
    )
    return marks.applied(embargo.applied(item, held))


def _said(lines: list[str]) -> tuple[list[tuple[str, str]], int]:
    """The marked lines above the text, and where the text begins."""
    found: list[tuple[str, str]] = []
    for at, line in enumerate(lines):
        if match := _MARKED.fullmatch(line):
            found += [(match[1], value) for part in match[2].split(" :") if (value := tidy.line(part).strip())]
        elif line.strip() and not _ROUTING.fullmatch(line.strip()):
            return found, at
    return found, len(lines)


def _fields(said: list[tuple[str, str]], dialect: Dialect) -> dict[str, list[str]]:
    known = dict(dialect.rules.get("marks", _MARKS))
    found: dict[str, list[str]] = {}
    for mark, value in said:
        found.setdefault(str(known.get(mark, "")), []).append(value)
    return found


def _titles(fields: dict[str, list[str]]) -> tuple[str | None, str | None]:
    """Headline and keyword; where no mark is the headline's, the last of the keywords that is no date is."""
    words = [word for word in fields.get("slugline", ()) if not _DATE.fullmatch(word)]
    if headline := next(iter(fields.get("headline", ())), None):
        return headline, words[0] if words else None
    if len(words) > 1 and len(words[0]) > len(words[1]):
        return words[0], words[1]
    return (words[1] if len(words) > 1 else words[0], words[0]) if words else (None, None)


def _unsigned(told: list[str], dialect: Dialect) -> list[str]:
    known = dialect.pattern("signoff")
    return told[:-1] if known and len(told) > 1 and known.fullmatch(told[-1]) else told
