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
_BETWEEN = re.compile(r"\s*[,;|•·、，；\n]\s*|\s+[&/–—]\s+")
_AND = re.compile(r"(?:^|\s+)(?:and|und|et)\s+", re.IGNORECASE)
_AND_SPOKEN = re.compile(r"(?:^|\s+)(?:and|und|et|y|e|og|och|en|ja|i|и|و|ve|dan|with)\s+", re.IGNORECASE)
_NOISE = re.compile(r"https?://|www\.|@\w|\w@|\.(?:com|org|net)\b|[<>{}\[\]=]|^\W*$|\d{4}", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:the )?(?:admin|administrator|editor|root|user|author|staff|guest|null|none|undefined|unknown|anonymous|n/a)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\s*(?:\([^)]*\)|\s[-–|]\s.*)$")
# What may follow a full name after a comma: generations and degrees. Agencies are written like degrees and are not.
_SUFFIX = re.compile(
    r"(?:[JS]r|I{2,3}|IV|Ph\.?\s?D|M\.?D|Psy\.?D|Ed\.?D|M\.?Sc|B\.?Sc|Esq|PharmD)\.?|[A-Z]{2,6}®?(?:-[A-Z]+)?"
)
_AGENCIES = re.compile("AP|AFP|DPA|EFE|ANSA|APA|SDA|ATS|PA|TASS|NTB|TT|STT|KNA|EPD|SID|PTI|ANI|UPI|IANS|ANP|BELGA")


def listed(names: Iterable[str], publisher: str | None = None) -> tuple[str, ...]:
    """Names that a source gives one by one; a single string that holds several is still taken apart at commas."""
    given = [n for n in names if n]
    if len(given) == 1:
        given = split(given[0], _AND)
    return _distinct((name(n) for n in given), publisher)


def spoken(text: str, publisher: str | None = None) -> tuple[str, ...]:
    """Names from a byline as readers see it: "By A and B", "Von A, B"; nothing where it does not begin with a name."""
    text = _FROM.sub("", _BY.sub("", normalise.line(text)))
    found = [name(part) for part in split(text, _AND_SPOKEN)] if len(text) <= 4 * MAX_NAME else []
    if not found or not _looks(found[0]):
        return ()
    return _distinct((n for n in found if _looks(n)), publisher)


def _looks(found: str | None) -> bool:
    """Whether a part of a shown byline looks like a name: no small letter first, few words, no digit."""
    if not found or len(found) < 2 or found[0] != found[0].upper() or len(found.split()) > 5:
        return False
    return not any(c.isdigit() for c in found)


def split(text: str, conjunction: re.Pattern[str]) -> list[str]:
    """The parts of a byline; degrees after a comma ("Jane Roe, PhD") stay with their name."""
    parts: list[str] = []
    for part in _BETWEEN.split(_BY.sub("", text)):
        if parts and " " in parts[-1] and _SUFFIX.fullmatch(part) and not _AGENCIES.fullmatch(part):
            parts[-1] += f", {part}"
        else:
            parts += _people(part, conjunction)
    return parts


def _people(part: str, conjunction: re.Pattern[str]) -> list[str]:
    """The names around a conjunction; "Centre for Safety and Research" is one, its halves are no pair of names."""
    halves = [half.strip() for half in conjunction.split(part) if half.strip()]
    sizes = {len(half.split()) > 1 for half in halves}
    return halves if len(sizes) == 1 else [part.strip()] if part.strip() else []


def name(text: str) -> str | None:
    """One clean name, or None if the text is none: an address, a login, a sentence."""
    found = _ROLE.sub("", _BY.sub("", normalise.label(text))).strip(" ,.;:|-–—•·*")
    if not found or len(found) > MAX_NAME or len(found.split()) > 8:
        return None
    return None if _NOISE.search(found) or _NOBODY.fullmatch(found) else found


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
