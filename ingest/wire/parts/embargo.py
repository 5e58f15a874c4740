"""Embargoes that a message announces in words: `Sperrfrist 9. Oktober 14.20 Uhr`, `EMBARGOED until 0001 GMT Tuesday`.

Nothing may be early. So an embargo whose moment cannot be told for certain has none, and whoever reads of it holds the
text back; of two clocks that may be meant the later counts; one that ended before its message was made was misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta, timezone, tzinfo

from ingest import dates
from ingest.item import Item, Status
from ingest.model import Precision, When
from ingest.wire.parts import telex

UNTOLD = "embargo without a moment"
OPENING = 3  # paragraphs that may announce one
_LONG = 400  # characters of a line that announces one
_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday montag lundi lunes lunedì maandag måndag mandag poniedziałek",
            "tuesday dienstag mardi martes martedì dinsdag tisdag tirsdag wtorek",
            "wednesday mittwoch mercredi miércoles mercoledì woensdag onsdag środa",
            "thursday donnerstag jeudi jueves giovedì donderdag torsdag czwartek",
            "friday freitag vendredi viernes venerdì vrijdag fredag piątek",
            "saturday samstag sonnabend samedi sábado sabato zaterdag lördag lørdag sobota",
            "sunday sonntag dimanche domingo domenica zondag söndag søndag niedziela",
        )
    )
    for name in names.split()
}
_NEAR = {"today": 0, "heute": 0, "aujourd'hui": 0, "hoy": 0, "oggi": 0, "tomorrow": 1, "morgen": 1, "demain": 1}
_HARMLESS = frozenset(  # words of an announcement that name no day
    "sperrfrist sperrvermerk embargo embargoed embargado embargada embargato embargata эмбарго klausuleret klausulert "
    "hold for not release released publication broadcast use until till til to before after at on the strictly strict "
    "under bitte beachten bis ende endet um uhr frei ab für veröffentlichung der die das jusqu jusqu'à jusqu'au au "
    "à le la pour hasta las a fino alle tot до для публикации do hrs hours h gmt utc".split()
)
_WORD = (
    r"(?:sperrfrist|sperrvermerk|(?:embargo(?:ed)?|embargad[oa]|embargat[oa]|эмбарго|klausuler[et]t?)(?!-)|"
    r"hold(?=\s+(?:for\s+release|until)\b)|for(?=\s+release\s+(?:at|after|on|\d))|"
    r"not(?=\s+for\s+(?:publication|release|broadcast|use)\s+(?:before|until|till|prior)\b)|حظر(?=\s+للنشر))"
)
_TAIL = (
    r"(?=\s*[:!]|[\s)*.-]*$|\s*[–—-]\s*\d|\s+(?:\d|to\s+\d|until\b|till?\b|before\b|after\b|at\b|on\b|release\b|for\s+\w|"
    r"bis\b|ende\b|bei\b|beachten|endet|jusqu|hasta\b|fino\b|tot\b|до\b|для\s|do\s|للنشر|pour\s+publication|"
    rf"(?:{'|'.join(_DAYS)})))"
)
_ADVANCE = r"^\W*(?:for\s+(?:release|use)\s.{0,80}\bthereafter\b|adv\.?\s?\d{1,2}\W*$)"  # AP's, sent days ahead
_ANNOUNCED = re.compile(
    rf"(?:\b(?=sperr)|(?:^|[(:;*!/–—-]\s*|\bstrict(?:ly)?\s+|\b(?:under|sous|bajo)\s+|"
    rf"\bsoumise?(?:\(e\))?s?\s+à\s+(?:un\s+|l['’]))(?=\w)){_WORD}{_TAIL}|{_ADVANCE}",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"[\W_]*(?:(?:achtung|attention|hinweis|note|nb|eds?|editors?)\b[^:!]{0,40}[:!]+\s*)?"
    rf"(?:strict(?:ly)?\s+|under\s+|sous\s+|bajo\s+)?{_WORD}{_TAIL}",
    re.IGNORECASE,
)
_LEADING = re.compile(r"\W*(?:sperrfrist|sperrvermerk|embargoed)\b", re.IGNORECASE)
_LIFTED = re.compile(r"aufgehoben|abgelaufen|lifted|expired|no embargo|keine sperrfrist|levé|levantado|revocat", re.I)
_SENSE = re.compile(r"\d|until|till|bis|jusqu|hasta|release|publication|ende|" + "|".join(_DAYS), re.IGNORECASE)
_BARE = re.compile(rf"[\W_]*{_WORD}\s*[:!.)*-]", re.IGNORECASE)
_ISO = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:?\d\d(?::\d\d)?(?:\s?(?:Z|[+-]\d\d:?\d\d))?")
_CLOCKS = (  # the surest first
    re.compile(r"\b(\d{1,2})[.:h](\d\d)(?:[.:]\d\d)?\s*(?:Uhr|hrs|hours)\b()", re.IGNORECASE),
    re.compile(r"\b(\d{1,2})[.:](\d\d)\s*([ap])\.?m\b\.?", re.IGNORECASE),
    re.compile(r"\b(\d{1,2})()\s*([ap])\.?m\b\.?", re.IGNORECASE),
    re.compile(r"\b(\d{1,2})[:h](\d\d)\b()", re.IGNORECASE),
    re.compile(r"\b([0-2]\d)([0-5]\d)()(?=\s*(?:Uhr|hrs|hours|[A-Z]{1,5}\b))"),
    re.compile(r"\b(\d{1,2})\.(\d\d)()(?=\s+[A-Z]{2,5}\b)"),
    re.compile(r"\b(\d{1,2})()\s*(?:Uhr|h)\b()"),
)
_ZONE = re.compile(r"\s*(?:Uhr|hrs|hours|h\b)?[\s(]*([A-Z]{1,5}\b(?:[+-]\d\d?)?|[+-]\d\d:?\d\d)?")
_PLACE = re.compile(r"\b(?:ortszeit|local|lokal\w*|locale|\w+ time|time in)\b", re.IGNORECASE)
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d\d)\b)?")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er)?\.?\s+(?:de\s|of\s)?([^\W\d_]{3,10})\b\.?(?:,?\s+(?:de\s)?(\d{4}))?"
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,10})\b\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4}))?")
_NAME = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Embargo:
    """An embargo that was announced; no moment: none can be told."""

    until: When | None = None


def found(notes: Iterable[str], told: list[str], made: When | None, zone: tzinfo | None) -> Embargo | None:
    """The embargo that marks and notes to editors announce anywhere, or one of the first paragraphs as a whole.

    `made` is when the message was, `zone` where its zoneless clocks hang.
    """
    lines = [line[:_LONG] for line in notes if announced(line)]
    lines += [text[:_LONG] for at, text in enumerate(told) if _says(text, at < OPENING)]
    if not lines:
        return None
    moments = [when for line in lines if (when := moment(line, made, zone))]
    return Embargo(max(moments, key=When.iso, default=None))


def applied(item: Item, held: Embargo | None) -> Item:
    """The item under that embargo; withheld, with a note, where it has no moment."""
    if held is None:
        return item
    if held.until:
        return replace(item, embargoed=held.until)
    return replace(item, status=Status.WITHHELD, notes=(*item.notes, UNTOLD))


def _says(paragraph: str, early: bool) -> bool:
    return (early and opens(paragraph)) or (telex.for_editors(paragraph) and announced(paragraph))


def released(told: list[str]) -> list[str]:
    """Paragraphs without those of the first three that only announce an embargo."""
    return [text for text in told[:OPENING] if not opens(text)] + told[OPENING:]


def announced(note: str) -> bool:
    """Whether a note to editors announces an embargo somewhere."""
    note = note[:_LONG]
    return bool(_ANNOUNCED.search(note)) and not _LIFTED.search(note)


def leading(headline: str | None) -> tuple[str, ...]:
    """The announcement of an embargo that a headline begins with, in words that no story is told by."""
    if not headline or not _LEADING.match(headline) or not announced(headline):
        return ()
    told = re.search(r"\d[^:]*: ", headline[:_LONG])
    return (headline[: told.end() - 2] if told else headline,)


def advance(line: str) -> bool:
    """Whether a line holds a text sent days ahead: `$Adv15`, `For release Sunday, Nov. 15, and thereafter`."""
    return bool(re.match(_ADVANCE, line[:_LONG], re.IGNORECASE))


def opens(paragraph: str) -> bool:
    """Whether a paragraph of the text is nothing but the announcement of an embargo."""
    if len(paragraph) > _LONG or not _OPENING.match(paragraph) or _LIFTED.search(paragraph):
        return False
    alone = _BARE.match(paragraph) and len(paragraph.split()) <= 12
    return bool(alone or _SENSE.search(paragraph)) or len(paragraph.split()) == 1


def moment(line: str, made: When | None, zone: tzinfo | None) -> When | None:
    """The moment until which a line holds its text; None where it tells none for certain."""
    if exact := _ISO.search(line):
        return _later(exact[0].replace("T", " ", 1), made, zone)
    return _day(line, made) if advance(line) else _told(line, made, zone)


def _day(line: str, made: When | None) -> When | None:
    """The beginning of the one day that a line names, wherever on earth that is."""
    days = _days(line, made)
    return _sound(_later(f"{days.pop()} 00:00", None, None), made) if len(days) == 1 else None


def _told(line: str, made: When | None, zone: tzinfo | None) -> When | None:
    """The moment of a day and a clock in words; of a clock alone, the first one after the message."""
    found = _clock(line)
    if not found or _PLACE.search(line):
        return None
    clock, named, rest = found
    if days := _days(rest, made):
        return _sound(_later(f"{days.pop()} {clock} {named}", made, zone), made) if len(days) == 1 else None
    start = _ANNOUNCED.search(rest)
    words = _NAME.findall(rest[start.start() if start else 0 :].lower())
    if made is None or re.search(r"\d", rest) or not set(words) <= _HARMLESS | _DAYS.keys() | _NEAR.keys():
        return None  # some word may name a day that was not understood
    if near := [made.day + timedelta(days=_ahead(word, made.day)) for word in words if word not in _HARMLESS]:
        return _sound(_later(f"{near[0]} {clock} {named}", made, zone), made) if len(set(near)) == 1 else None
    return _next(clock, named, made, zone)


def _next(clock: str, named: str, made: When, zone: tzinfo | None) -> When | None:
    """A bare time of day, which is the first one after the message."""
    for days in range(2):
        until = _later(f"{_local(made, zone, named) + timedelta(days=days)} {clock} {named}", made, zone)
        if until and (
            (made.at and until.at and until.at >= made.at) or (made.wall and (until.wall or "") >= made.wall)
        ):
            return until
    return None


def _clock(line: str) -> tuple[str, str, str] | None:
    """The time of day in a line, the zone it names, and the line without them."""
    line = re.sub(r"\bnoon\b", "12:00 pm", line)  # midnight may be the one before or after its day
    for form in _CLOCKS:
        for match in form.finditer(line):
            hour, minute = int(match[1]), int(match[2] or 0)
            if match[3]:
                hour = hour % 12 + (12 if match[3] in "pP" else 0) if hour <= 12 else 99
            if minute < 60 and (hour < 24 or (hour == 24 and minute == 0)):
                zone = _ZONE.match(line, match.end())
                named, end = (zone[1] or "", zone.end()) if zone else ("", match.end())
                if named and not _is_zone(named):
                    named, end = "", match.end()
                return f"{hour:02}:{minute:02}", named, f"{line[: match.start()]} {line[end:]}"
    return None


def _is_zone(name: str) -> bool:
    try:
        return dates.read(f"2000-06-01 12:00 {name}", guess=False).precision is Precision.INSTANT
    except ValueError:
        return False


def _days(words: str, made: When | None) -> set[date]:
    """The days of months that words name, in the year nearest to the message where they name none."""
    found = set()
    for form, order in ((_DOTTED, "dmy"), (_DAY_MONTH, "dmy"), (_MONTH_DAY, "mdy")):
        for match in form.finditer(words):
            parts = dict(zip(order, match.groups(), strict=True))
            if day := _year(parts["d"], parts["m"], parts["y"], made):
                found.add(day)
    return found


def _ahead(word: str, day: date) -> int:
    """How many days after a day the one lies that a word names."""
    return _NEAR[word] if word in _NEAR else (_DAYS[word] - day.weekday()) % 7


def _year(day: str, month: str, year: str | None, made: When | None) -> date | None:
    """A day of a month; of the year that brings it nearest to the message where none is given."""
    near = made.day if made else None
    years = [year] if year else [str(near.year + step) for step in (-1, 0, 1)] if near else []
    found = []
    for each in years:
        full = each if len(each) == 4 else f"20{each}"
        text = f"{day}.{month}.{full}" if month.isdigit() else f"{day} {month} {full}"
        try:
            found.append(dates.read(text, guess=False).day)
        except ValueError:
            continue
    return min(found, key=lambda each: abs(each - near) if near else timedelta(0), default=None)


def _local(made: When, zone: tzinfo | None, named: str) -> date:
    """The day of the message on the clock that the embargo is told by."""
    if made.at is None:
        return made.day
    return made.at.astimezone(zone).date() if zone and not named else made.day


def _later(text: str, made: When | None, zone: tzinfo | None) -> When | None:
    """The moment of a day, a clock and perhaps a zone: the later one where the source's or the message's zone fits."""
    zones: list[tzinfo | None] = [zone] if zone else []
    if made is not None and made.at is not None and made.offset is not None:
        zones.append(timezone(timedelta(minutes=made.offset)))
    found = []
    for each in zones or [None]:
        try:
            when = dates.read(text, each, guess=False)
        except ValueError:
            continue
        found += [when] if when.at or when.wall else []
    return max(found, key=When.iso, default=None)


def _sound(until: When | None, made: When | None) -> When | None:
    """None for an embargo that ended a day or more before its message was made: it was misread."""
    if until is None or made is None:
        return until
    if made.at is None or until.at is None:
        return until if until.day >= made.day else None
    return until if until.at > made.at - timedelta(days=1) else None
