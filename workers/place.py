"""The place in a dateline: "BEIRUT, July 16 (Reuters) -" is Beirut, "Jan 3 (Reuters) -" is nowhere.

Behind the place may stand a day and an agency, in either order, and a dash at the end. What is neither stays.
"""

from __future__ import annotations

import re

from ingest import dates
from workers import agency, dateline

LONGEST = 200  # characters of a dateline; what is longer tells no place, and its ends would be sought for minutes
_END = re.compile(r"[\s,:=–—_-]+$")
_FRONT = re.compile(r"\([^()]{1,40}\)\s*[-–—]+\s*")
_BRACKET = re.compile(r"\s*(?:\([^()]{0,80}\)|/{1,2}[^\s/][^/]{0,40}/{1,2})$")
_CLOCK = re.compile(r"[\sT,]+\d{1,2}[:.]\d\d(?::\d\d)?(?:\s*(?:Uhr|h))?(?:\s*[A-Z]{1,5})?$")
_YEAR = r"(?:,?\s+(?:de\s+)?\d{4})?$"
_DAYS = (
    re.compile(rf"(?:^|[\s,]+)(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s+(?:de\s+)?(?P<m>[^\W\d_]{{3,12}})\.?{_YEAR}"),
    re.compile(rf"(?:^|[\s,]+)(?P<m>[^\W\d_]{{3,12}})\.?\s+(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er)?{_YEAR}"),
    re.compile(r"(?:^|[\s,]+)(?:\d{1,2}[./]\s?\d{1,2}[./]\s?(?:\d{4}|\d\d)?|\d{4}-\d\d-\d\d)$"),
)
_SHORT = re.compile(r"(?:,\s*[^\W\d_]{1,5}|\.[^\W\d_]{1,2})\.$")  # Mo., Tenn., N.Y., D.C.


def place(line: str) -> str | None:
    """The place; None where the line names no more than a day, an agency or who wrote it, or is no dateline."""
    if len(line) > LONGEST:
        return None
    text = _unsigned(_undated(_unsigned(_FRONT.sub("", line, count=1) if line[:1] == "(" else line)))
    if text.endswith(".") and not _SHORT.search(text):
        text = text.rstrip(". ")
    return text if any(map(str.isalpha, text)) and not dateline.BY.match(text) else None


def _unsigned(line: str) -> str:
    """Without the agency at its end: in brackets, between slashes, or in capitals behind another word."""
    text = _END.sub("", line)
    if bracket := _BRACKET.search(text.rstrip(".")):
        return _END.sub("", text[: bracket.start()])
    before, _, last = text.rpartition(" ")
    return _END.sub("", before) if before and last.isupper() and agency.find(last) else text


def _undated(text: str) -> str:
    """Without the day at its end, and the clock behind that."""
    for known in (text, _CLOCK.sub("", text)):
        for form in _DAYS:
            if (match := form.search(known)) and _is_day(match):
                return known[: match.start()]
    return text


def _is_day(match: re.Match[str]) -> bool:
    """Whether the word beside the number is a month's name."""
    if not (told := match.groupdict()):
        return True
    try:
        dates.read(f"{told['d']} {told['m']} 2000", guess=False)
    except ValueError:
        return False
    return True
