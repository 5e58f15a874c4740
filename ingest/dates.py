"""Read the dates of feeds and pages without ever losing or inventing a time zone."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser as dateutil_parser

from ingest.model import Precision, When

MAX_LENGTH = 100  # characters; no date is longer
YEARS = range(1901, 2100)  # outside lie placeholders: year 1, 1899, 9999

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari ocak янв января stycznia",
            "feb february februar février févr fév febrero febbraio fevereiro fev februari şubat фев февраля luty",
            "mar march märz mär mrz mars marzo março maart mrt mart мар марта marca",
            "apr april avril avr abril abr aprile nisan апр апреля kwietnia",
            "may mai mayo maggio mag maio mei maj mayıs май мая maja",
            "jun june juni juin junio giugno giu junho haziran июн июня czerwca",
            "jul july juli juillet juil julio luglio lug julho temmuz июл июля lipca",
            "aug august août aoû agosto ago augustus augusti ağustos авг августа sierpnia",
            "sep sept september septembre septiembre settembre set setembro eylül сен сентября września",
            "oct october oktober okt octobre octubre ottobre ott outubro out ekim окт октября października",
            "nov november novembre noviembre novembro kasım ноя нояб ноября listopada",
            "dec december dezember dez décembre déc diciembre dic dicembre dezembro aralık дек декабря grudnia",
        ),
        start=1,
    )
    for name in names.split()
}
# Hours east of Greenwich. Where newsrooms share an abbreviation the commonest sender wins, unless the feed's own
# zone uses the same one (see _named). RFC 5322 section 4.3 fixes the American names.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2,
    "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4, "trt": 3, "sast": 2, "cat": 2, "eat": 3, "wat": 1,
    "ast": -4, "adt": -3, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "nst": -3.5, "ndt": -2.5, "brt": -3, "brst": -2, "art": -3,
    "clt": -4, "clst": -3, "gst": 4, "pkt": 5, "ist": 5.5, "npt": 5.75, "ict": 7, "wib": 7, "wita": 8, "wit": 9,
    "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10,
    "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)", re.ASCII)
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[ T]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(.*))?", re.IGNORECASE | re.ASCII
)
_CLOCK = (
    r"(?:[\s,T|·–-]+(?:(?:um|at|à|às|a las|alle|ore|klo?\.?|om|o)\s+)?"
    r"(\d{1,2})[:.h](\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([ap]\.?m\b\.?)?(?:\s*(?:uhr|hrs|h)\b)?\s*(.*))?"
)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|er|º)?\.?[\s-]*(?:de\s)?([^\W\d]+)\.?[\s,-]*(?:de\s)?(\d{4}|\d\d)\b"
    + _CLOCK,
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)??([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b" + _CLOCK, re.IGNORECASE
)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b" + _CLOCK, re.IGNORECASE)
_EASTERN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]" + _CLOCK, re.IGNORECASE)
_OFFSET = re.compile(r"(?:(?:gmt|utc?|etc/gmt)\s*)?([+-])(\d{1,2}):?(\d\d)?(?::\d\d)?\b\s*(?:\(?[\w ]*\)?)?", re.I)
_TIMED = re.compile(r"\d[T ]\d\d:?\d\d")
_WORD = re.compile(r"[(\[]?(?:etc/)?([a-z]{1,5})[)\]]?\.?", re.IGNORECASE)
_REGION = re.compile(r"\[?([A-Z][a-z]+/[A-Z][A-Za-z_]+)\]?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST = timedelta(hours=15)  # from Greenwich


def read(text: str, zone: tzinfo | None = None, *, guess: bool = True) -> When:
    """Return the moment `text` tells, as exactly as it tells it and no more exactly.

    `zone` is the operator's word on where the source's zoneless clocks hang: it turns them into instants, and it
    decides between zones that share an abbreviation. Reads RFC 5322 (RSS), RFC 3339 and ISO 8601 (Atom, JSON Feed),
    written-out dates in several languages, then (unless `guess` is off; it is slow) whatever dateutil is sure of.
    Raises ValueError if this is no date, an ambiguous one (03/04/2026) or an absurd one.
    """
    if _RFC3339.fullmatch(text):  # the commonest form, and the standard library is exact on it
        with suppress(ValueError):  # second 60, hour 24, an absurd year: looked at below
            moment = datetime.fromisoformat(text)
            _sound(moment.date())
            return _instant(moment.replace(microsecond=0))
    words = " ".join(text[: MAX_LENGTH * 2].split())
    if not words or len(words) > MAX_LENGTH:
        raise ValueError("no date")
    for form, order in ((_ISO, "ymd"), (_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_DOTTED, "dmy"), (_EASTERN, "ymd")):
        if match := form.fullmatch(words):
            try:
                return _from(match, order, zone)
            except LookupError:
                continue  # a word that is no month
    if not guess:
        raise ValueError("no date in a usual form")
    return _guessed(words, zone)


def exact(text: str, zone: tzinfo | None = None) -> When | None:
    """The moment of a date and time in ISO 8601, decimals of an instant's second kept; None for any other text.

    `zone` as in read(), which is slower, and sees to what this does not understand and to what is absurd.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None and _TIMED.search(text):
            if zone is None and moment.year in YEARS:
                return When(Precision.ZONELESS, moment.date(), wall=moment.strftime("%Y-%m-%dT%H:%M:%S"))
            moment = moment.replace(tzinfo=zone)
        east = moment.utcoffset()
    except ValueError:
        return None
    if east is None or abs(east) > _FARTHEST or moment.year not in YEARS or moment == _EPOCH:
        return None
    return When.instant(moment)


def settle(when: When, zone: tzinfo) -> When:
    """Hang a zoneless clock in `zone`; every other moment stays as it is."""
    if when.wall is None:
        return when
    return _instant(datetime.fromisoformat(when.wall).replace(tzinfo=zone))


def _from(match: re.Match[str], order: str, zone: tzinfo | None) -> When:
    parts = dict(zip(order, match.groups(), strict=False))
    year = int(parts["y"]) + (0 if len(parts["y"]) == 4 else 2000 if int(parts["y"]) < 50 else 1900)
    month = int(parts["m"]) if parts["m"].isdigit() else _MONTHS[parts["m"].lower()]
    day = _sound(date(year, month, int(parts["d"])))
    clock = match.groups()[3:]
    if clock[0] is None:
        return When(Precision.DAY, day)
    half, tail = (clock[3], clock[4]) if len(clock) == 5 else (None, clock[3])
    hour = int(clock[0]) if half is None else int(clock[0]) % 12 + (12 if half[0] in "pP" else 0)
    second = min(int(clock[2] or 0), 59)  # 60 is a leap second
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if hour > 24 or int(clock[1]) > 59 or (hour == 24 and (int(clock[1]) or second)):
        raise ValueError("no time of day")
    moment = midnight + timedelta(hours=hour, minutes=int(clock[1]), seconds=second)
    return _placed(moment, tail.strip(), zone)


def _placed(clock: datetime, tail: str, zone: tzinfo | None) -> When:
    """Hang the clock (written as UTC) where the words behind it say, else in `zone`, else nowhere."""
    offset = _OFFSET.fullmatch(tail)
    if offset:
        east = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if east > timedelta(hours=15):
            raise ValueError("no such time zone")
        return _instant(clock.replace(tzinfo=timezone(east if offset[1] == "+" else -east)))
    if tail and (named := _named(clock, tail, zone)):
        return _instant(clock.replace(tzinfo=named))
    if zone is not None:
        return _instant(clock.replace(tzinfo=zone))
    return When(Precision.ZONELESS, clock.date(), wall=clock.strftime("%Y-%m-%dT%H:%M:%S"))


def _named(clock: datetime, tail: str, zone: tzinfo | None) -> tzinfo | None:
    if region := _REGION.fullmatch(tail):
        with suppress(ZoneInfoNotFoundError):
            return ZoneInfo(region[1])
    word = _WORD.fullmatch(tail)
    if not word:
        raise ValueError("unreadable words behind the time")
    if zone is not None and word[1].upper() == clock.replace(tzinfo=zone).tzname():
        return zone
    east = _ZONES.get(word[1].lower())
    return None if east is None else timezone(timedelta(hours=east))


def _instant(moment: datetime) -> When:
    if moment == _EPOCH:
        raise ValueError("second zero of the Unix clock: an empty field, not a date")
    return When.instant(moment)


def _sound(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError("absurd year")
    return day


def _guessed(words: str, zone: tzinfo | None) -> When:
    """Let dateutil read it twice with opposite assumptions: where the answers differ it only guessed."""
    first, second = (
        _loose(words, datetime(2000, 1, 1, 1, 1, 1), day_first=False),  # noqa: DTZ001 (a default, never returned)
        _loose(words, datetime(2004, 2, 2, 2, 2, 2), day_first=True),  # noqa: DTZ001
    )
    day = _sound(first.date())
    if day != second.date():
        raise ValueError("an incomplete or ambiguous date")
    if (first.hour, first.minute) != (second.hour, second.minute):
        return When(Precision.DAY, day)
    clock = first.replace(second=first.second if first.second == second.second else 0, microsecond=0)
    if clock.tzinfo is not None:
        return _instant(clock)
    return _placed(clock.replace(tzinfo=UTC), "", zone)


def _zone(name: str | None, seconds: int | None) -> tzinfo | None:
    """What dateutil shall make of a zone's name or offset (a callable, so that it never warns or takes ours)."""
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    east = _ZONES.get((name or "").lower())
    return None if east is None else timezone(timedelta(hours=east))


def _loose(words: str, default: datetime, *, day_first: bool) -> datetime:
    try:
        return dateutil_parser.parse(words, default=default, dayfirst=day_first, tzinfos=_zone)
    except (ValueError, OverflowError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise ValueError("no date") from error
