"""Turn bylines into lists of names: one name per person, no roles, no addresses, no site names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workers import normalise

MAX_NAME = 80  # characters; longer strings are sentences
MAX_NAMES = 30
_BY = re.compile(
    r"^(?:(?:written |posted |words |reported |story |text |texte |article )?by|par|por|autor(?:in|es|a)?:|text:|"
    r"authors?:|автор:)[:\s]+",
    re.IGNORECASE,
)
# Words that also begin surnames; taken away only from what readers see, where a name follows its preposition.
_FROM = re.compile(r"^(?:von|di|da|door|van|av|af|от)[:\s]+", re.IGNORECASE)
_AND = re.compile(
    r"\s*(?:[,;|/•·、，；\n]|\s&\s|\s[–—]\s|\s(?:and|und|et|y|e|og|och|en|ja|i|и|و|ve|dan|with)\s)\s*", re.IGNORECASE
)
_COMMA = re.compile(r"\s*[,;|•·、，；\n]\s*|\s+&\s+|\s+(?:and|und|et)\s+", re.IGNORECASE)
_NOISE = re.compile(
    r"https?://|www\.|@\w|\w@|\.(?:com|org|net)\b|[<>{}\[\]=]|^\W*$|\d{4}|^(?:admin|administrator|editor|root|user|author|staff|guest|null|none|undefined|unknown|anonymous|n/a)$",
    re.I,
)
_ROLE = re.compile(r"\s*(?:\([^)]*\)|\s[-–|]\s.*)$")
_SUFFIX = re.compile(
    r"^(?:jr|sr|ii|iii|iv|md|m\.d|phd|ph\.d|dvm|esq|rn|cpa|mba|ms|ma|bs|ba|dds|do|jd|lcsw|facs|rd|pharmd|dacvb|ld|ldn|msc|edd|psyd|mph|bsc|llb|llm|np|pa-c|cfp|ceo|cfa)\.?$",
    re.I,
)


def listed(names: Iterable[str], publisher: str | None = None) -> tuple[str, ...]:
    """Names that a source gives one by one; a single string that holds several is still taken apart at commas."""
    given = [n for n in names if n]
    if len(given) == 1:
        given = split(given[0], _COMMA)
    return _distinct((name(n) for n in given), publisher)


def spoken(text: str, publisher: str | None = None) -> tuple[str, ...]:
    """Names from a byline as readers see it: "By A and B", "Von A, B"; nothing where it does not look like names."""
    text = _FROM.sub("", _BY.sub("", normalise.line(text)))
    return _distinct((name(part) for part in split(text, _AND)), publisher) if len(text) <= 4 * MAX_NAME else ()


def split(text: str, at: re.Pattern[str]) -> list[str]:
    """The parts of a byline; titles after a comma ("Jane Roe, PhD") stay with their name."""
    parts: list[str] = []
    for part in at.split(_BY.sub("", text)):
        if parts and _SUFFIX.match(part):
            parts[-1] += f", {part}"
        elif part.strip():
            parts.append(part.strip())
    return parts


def name(text: str) -> str | None:
    """One clean name, or None if the text is none: an address, a login, a sentence."""
    found = _ROLE.sub("", _BY.sub("", normalise.label(text))).strip(" ,.;:|-–—•·*")
    return None if not found or len(found) > MAX_NAME or _NOISE.search(found) or len(found.split()) > 8 else found


def _distinct(names: Iterable[str | None], publisher: str | None) -> tuple[str, ...]:
    """Distinct names in order; the publisher's own name only where no person is named."""
    seen: dict[str, str] = {}
    for found in names:
        if found and (key := normalise.bare(found)):
            seen.setdefault(key, found)
    house = normalise.bare(publisher or "")
    if len(seen) > 1:
        seen.pop(house, None)
    return tuple(seen.values())[:MAX_NAMES]
