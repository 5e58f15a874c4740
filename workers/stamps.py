"""Find the dates in the lines that readers see: what is written, and whether as published or as changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest import dates
from ingest.model import When
from workers.values import Zone

LONGEST = 160  # characters; longer lines are prose, and its dates are those of what it tells
LOOSE = 45  # characters beside its date that a line may hold, unless words of publishing begin it
LABEL = 40  # characters; a label such as "Published on" stands before its date in a line of its own
YEAR = re.compile(r"(?:19|20)\d\d|[./]\s?\d\d\b")  # what every date that is read here has
_CLOCK = (
    r"(?:[\s,|·•–@-]{1,4}(?:(?:at|um|à|às|a las|alle|ore|klo?\.?|kl\.|om|o|saat)\s+)?\d{1,2}[:.h]\d\d(?::\d\d)?"
    r"(?:\s?[ap]\.?m\b\.?)?(?:\s?\(?(?:[A-Z]{2,5}|[+-]\d\d:?\d\d)\)?(?![^\W_]))?)?"
)
_ISO = re.compile(
    r"(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:\s?(?:Z\b|[+-]\d\d:?\d\d))?)?(?!\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?[./年년]\s?(\d{1,2})\s?[./月월]\s?(\d{1,2})(?!\d)[일日.]?(" + _CLOCK + ")"
)
_DAY_FIRST = re.compile(
    r"(?<![\w.,])\d{1,2}(?:st|nd|rd|th|er|º)?\.?[\s-]\s?(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?[\s-]\s?"
    r"(?:de\s|del\s)?(?:19|20)\d\d\b" + _CLOCK
)
_MONTH_FIRST = re.compile(r"\b[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d\b" + _CLOCK)
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])\s?(\d{1,2})\2\s?((?:19|20)?\d\d)(?![\d/-])(" + _CLOCK + ")")
_HOUR = re.compile(r"(\d{1,2})[:.h](\d\d)(?::\d\d)?(\s?[ap]\.?m)?", re.IGNORECASE)
_TRAIL = re.compile(r"[\s,|·•–@-]{1,4}(?:\D{0,8}\s)?\d{1,2}[:.h]\d\d.*$")
# Words that say that a page was changed, in the languages of many newsrooms; any other date is the first.
_CHANGED = re.compile(
    r"updat|modif|revi[sz]|review|last edit|aktualisier|geändert|\bstand\b|mis(?:e)? à jour|actuali[sz]|aggiornat|"
    r"atualiz|bijgewerkt|gewijzigd|up?pdater|opdater|oppdater|senast ändrad|sist endret|päivit|muokat|güncel|aktualiz|"
    r"zaktual|frissít|módosít|обнов|измен|оновл|ажурир|cập nhật|diperbarui|kemas kini|更新|수정|업데이트|ενημερ|"
    r"עודכן|تحديث|به‌روز|अपडेट|อัปเดต|แก้ไข",
    re.IGNORECASE,
)
_MONTH_IS_FIRST = ("en-US", "en-PH", "es-US")
_DIVIDED = (None, "en", "en-CA")  # readers of English do not agree on what 03/04 is
_FIRST = re.compile(
    r"publi|posted|posté|veröffentlicht|erschienen|erstellt|gepubliceerd|geplaatst|pubblicat|opublik|julkaistu|"
    r"közzé|megjelent|опублик|публик|đăng|terbit|diterbitkan|yayın|公開|掲載|投稿|发布|發布|등록|입력|δημοσι|פורסם|نشر|منتشر|"
    r"\bdate\b|\bdatum\b|written|created|by\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stamps:
    """The first date that a page shows as its own, and the last change it shows."""

    published: When | None = None
    modified: When | None = None


def read(lines: Iterable[str], region: str | None, zone: Zone) -> Stamps:
    """The dates of lines in reading order; `region` is the page's language tag, which orders 03/04/2026."""
    published: When | None = None
    modified: When | None = None
    label = ""
    for line in lines:
        found = dated(line, region, zone) if len(line) <= LONGEST else []
        loose = len(line) - sum(size for _, _, size in found) > LOOSE
        for when, before, _ in found:
            words = before or label
            if loose and not (_FIRST.search(words[:LABEL]) or _CHANGED.search(words[:LABEL])):
                continue
            if _CHANGED.search(words):
                modified = modified or when
            else:
                published = published or when
        label = line if not found and len(line) <= LABEL else ""
    return Stamps(published, modified)


def dated(line: str, region: str | None, zone: Zone) -> list[tuple[When, str, int]]:
    """Every date in a line, with the words since the one before it and its own length in characters."""
    if not YEAR.search(line):
        return []
    found: list[tuple[When, str, int]] = []
    end = 0
    for start, stop, text in _spans(line, region):
        if start >= end and (when := _when(text, zone)):
            found.append((when, line[end:start].strip(), stop - start))
            end = stop
    return found


def _spans(line: str, region: str | None) -> list[tuple[int, int, str]]:
    """Where dates may stand, and each as a text that says which number is the month."""
    spans = [(m.start(), m.end(), m[0]) for form in (_ISO, _DAY_FIRST, _MONTH_FIRST) for m in form.finditer(line)]
    spans += [(m.start(), m.end(), f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}{_clock(m[4])}") for m in _YEAR_FIRST.finditer(line)]
    for m in _NUMBERS.finditer(line):
        if ordered := _ordered(m, region):
            spans.append((m.start(), m.end(), ordered))
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def _ordered(match: re.Match[str], region: str | None) -> str | None:
    """A date of three numbers as YYYY-MM-DD; None where nobody says which is the month."""
    one, two = int(match[1]), int(match[3])
    year = match[4] if len(match[4]) == 4 else f"20{match[4]}"
    if len(match[4]) == 2 and (match[2] == "-" or len(match[1] + match[3]) < 4):
        return None  # 1.2.24 may be the number of a version
    if one > 12 or match[2] == "." or one == two:
        day, month = one, two
    elif two > 12 or region in _MONTH_IS_FIRST:
        day, month = two, one
    elif region in _DIVIDED:
        return None
    else:
        day, month = one, two
    return f"{year}-{month:02}-{day:02}{_clock(match[5])}"


def _clock(text: str) -> str:
    """The time of day after a date of numbers; of one in halves of the day only the date is kept."""
    match = _HOUR.search(text)
    return f" {match[1]:0>2}:{match[2]}" if match and not match[3] else ""


def _when(text: str, zone: Zone) -> When | None:
    """The moment; without its time of day if only that cannot be read."""
    for words in dict.fromkeys((text.strip(), _TRAIL.sub("", text).strip(" ,|·•–@-"))):
        try:
            return dates.read(words.replace(" of ", " ").replace(" del ", " de "), zone, guess=False)
        except ValueError:
            continue
    return None
