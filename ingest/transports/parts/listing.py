"""Read the listings of FTP servers (pure): MLSD's facts (RFC 3659), and the two usual shapes of LIST."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from ingest.transports.parts.remote import MOST, Remote

_FACTS = re.compile(r"((?:[^=;\s]+=[^;]*;)+) (.+)", re.DOTALL)
_DOS = re.compile(r"(\d\d-\d\d-\d{2,4}\s+\d\d:\d\d\s?(?:[AP]M)?)\s+(\d+) (.+)", re.DOTALL | re.IGNORECASE)
_SIZE = re.compile(r"[0-9]{1,18}")
_UNIX = re.compile(r"-[rwxsStTlL-]{9}[+.@]?")
_DAY = re.compile(r"([A-Z][a-z]{2}) +(\d{1,2}) +(\d{4}|\d{1,2}:\d\d)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def facts(lines: Iterable[str]) -> list[Remote]:
    """The files of MLSD lines, or of the lines in an answer to MLST; folders and what is unreadable are left out.

    One more than a folder may have at most: the rest is not looked at.
    """
    return list(islice(filter(None, map(_fact, lines)), MOST + 1))


def plain(lines: Iterable[str], now: float) -> list[Remote]:
    """The files of LIST lines as Unix and Windows servers write them; `now` tells the year that they leave out."""
    found = (_unix(line.rstrip("\r\n"), now) or _dos(line.rstrip("\r\n")) for line in lines)
    return list(islice(filter(None, found), MOST + 1))


def _fact(line: str) -> Remote | None:
    """type=file;size=1234;modify=20260131101500; name"""
    if not (match := _FACTS.fullmatch(line.strip("\r\n").removeprefix(" "))):
        return None
    said = {k.lower(): v for k, _, v in (fact.partition("=") for fact in match[1].split(";"))}
    size, stamp = said.get("size", ""), said.get("modify", "")
    if said.get("type", "file").lower() != "file" or not _SIZE.fullmatch(size):
        return None
    return Remote(match[2], int(size), stamp, _moment(stamp))


def _unix(line: str, now: float) -> Remote | None:
    """-rw-r--r-- 1 owner group 1234 Jan 31 10:15 name; some servers leave the group out."""
    if not _UNIX.match(line):
        return None
    for before in (4, 3):
        parts = line.split(None, before)
        if len(parts) > before:
            size, _, rest = parts[before].partition(" ")
            match = _DAY.match(rest.lstrip())
            name = rest.lstrip()[match.end() :] if match else ""
            if match and size.isascii() and size.isdigit() and len(size) < 19 and name[:1] == " " and name[1:]:
                return Remote(name[1:], int(size), match[0], _day(match, now))
    return None


def _dos(line: str) -> Remote | None:
    """01-31-26  10:15AM  1234 name"""
    match = _DOS.fullmatch(line)
    return Remote(match[3], int(match[2][:18]), " ".join(match[1].split()), _american(match[1])) if match else None


def _moment(stamp: str) -> float:
    """YYYYMMDDHHMMSS in UTC, fractions allowed."""
    try:
        return datetime.strptime(stamp[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _day(match: re.Match[str], now: float) -> float:
    """A month, a day, and a year or a time within the last months; to order by, since nobody says in which zone."""
    try:
        month, day = _MONTHS.index(match[1]) + 1, int(match[2])
        if ":" not in match[3]:
            return datetime(int(match[3]), month, day, tzinfo=UTC).timestamp()
        today = datetime.fromtimestamp(now, UTC)
        hour, _, minute = match[3].partition(":")
        found = datetime(today.year, month, day, int(hour), int(minute), tzinfo=UTC)
        late = found - today > timedelta(days=2)
        return (found.replace(year=today.year - 1) if late else found).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _american(text: str) -> float:
    words = " ".join(text.upper().split()).replace(" AM", "AM").replace(" PM", "PM")
    for shape in ("%m-%d-%y %I:%M%p", "%m-%d-%Y %I:%M%p", "%m-%d-%y %H:%M", "%m-%d-%Y %H:%M"):
        try:
            return datetime.strptime(words, shape).replace(tzinfo=UTC).timestamp()
        except (ValueError, OverflowError):
            continue
    return 0.0
