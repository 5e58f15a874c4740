"""Turn bylines into lists of names: one name per person, no roles, no addresses, no site names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workers import normalise

MAX_NAME = 80  # characters; longer strings are sentences
MAX_NAMES = 30
_BY = re.compile(
    r"^(?:(?:(?:written|posted|words|reported|story|text|texte|article|authored|created|published|recipe|researched|"
    r"contributed|submitted|compiled|report|analysis)\s+)?by|par|por|autor(?:in|es|a)?:|text:|tekst:|authors?:|writer:|"
    r"skrevet av|skrivet av|redacción:|автор:|scritto da|geschrieben von|écrit par|escrito por|yazar:)(?:[:\s]+|$)",
    re.IGNORECASE,
)
# Words that also begin surnames; taken away only from what readers see, where a name follows its preposition.
_FROM = re.compile(r"^(?:von|di|da|door|van|av|af|от)(?:[:\s]+|$)", re.IGNORECASE)
# Who did something else with the text: their names follow, and are no authors.
_OTHERS = re.compile(
    r"(?:[\w-]+\s){0,2}(?:reviewed|checked|check|edited|verified|approved|translated|illustrated|photographed|filmed|produced|"
    r"hosted|sponsored|presented|curated|updated)(?:\s+(?:by|on)|:|$)|(?:photos?|fotos?|bild(?:er)?|photographs?|images?|"
    r"video|illustrations?|graphics?|übersetz\w*|edit(?:ed|or|ing)?|reviewer|expert|source|quelle|kilde|fuente)\s?(?:by\b|:|/|©)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"\s*[,;|•·、，；\n]\s*|\s+[&/–—+]\s+")
_AND = re.compile(r"(?:^|\s+)(?:and|und|et)\s+", re.IGNORECASE)
# Only in small letters: Dan, En, Ja and E. are also names.
_AND_SPOKEN = re.compile(r"(?:^|\s+)(?:and|und|et|y|e|og|och|en|ja|i|и|و|ve|dan|with|AND|UND|ET|Y)\s+")
_JOIN = re.compile(r"[,;&+|/·•、]|and|und|et|y|e|og|och|en|ja|i|и|و|ve|dan|,\s?(?:and|und|et)", re.IGNORECASE)
_NOISE = re.compile(r"https?://|www\.|@\w|\w@|\.(?:com|org|net)\b|[<>{}\[\]=]|^\W*$|\d{4}", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:the )?(?:admin|administrator|editor|root|user|author|staff|guest|null|none|undefined|unknown|anonymous|n/a)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\s*(?:\([^)]*\)|\s[-–|]\s.*)$|\s+(?:기자|특파원|記者|记者)$")
# What may follow a full name after a comma: generations and degrees. Agencies are written like degrees and are not.
_SUFFIX = re.compile(
    r"(?:[JS]r|I{2,3}|IV|Ph\.?\s?D|M\.?D|Psy\.?D|Ed\.?D|M\.?Sc|B\.?Sc|Esq|PharmD)\.?|[A-Z]{2,6}®?(?:-[A-Z]+)?"
)
_AGENCIES = re.compile(
    "AP|AFP|DPA|EFE|ANSA|APA|SDA|ATS|PA|TASS|NTB|TT|STT|KNA|EPD|SID|PTI|ANI|UPI|IANS|ANP|BELGA|REUTERS|XINHUA|BLOOMBERG",
    re.IGNORECASE,
)
_SMALL = (
    "von van vom zu zum zur de da di do du del della der den des dos das la le el al bin ibn ben y e i af av ter "
    "ten 't op in 'd st. d' l' abu bint ul ur och og"
)
_PARTICLES = frozenset(_SMALL.split())
# What links and buttons near a byline say in the case of names.
_BUTTONS = (
    "sign log login view read more about follow share comments comment subscribe home updated published posted "
    "contact email photo image all see click show meet menu search save print listen copy download join get"
)
_CONTROLS = frozenset(_BUTTONS.split())


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text near a headline, as far as bylines are concerned."""

    text: str  # a clean line
    personal: bool  # the markup says that somebody's name stands here
    group: str  # equal for the members of one list


def listed(names: Iterable[str], publisher: str | None = None) -> tuple[str, ...]:
    """Names that a source gives one by one; a single string that holds several is still taken apart at commas."""
    given = [n for n in names if n]
    if len(given) == 1:
        given = [part for one in split(given[0], _AND) for part in _pair(one)]
        given = _described([name(n) or "" for n in given])
    return _distinct((name(n) for n in given), publisher)


def spoken(text: str, publisher: str | None = None) -> tuple[str, ...]:
    """Names from a byline as readers see it: "By A and B", "Von A, B"; nothing where it does not begin with a name."""
    text = _called(normalise.line(text))
    found = [name(part) or "" for part in split(text, _AND_SPOKEN)] if len(text) <= 4 * MAX_NAME else []
    if not found or not looks(found[0]):
        return ()
    return _distinct((n for n in _described(found) if looks(n)), publisher)


def read(parts: Iterable[Part]) -> tuple[str, ...]:
    """The names of the first byline among pieces of text: after a word such as "by", or where markup marks them."""
    found: list[str] = []
    group, called, others, joined = "", False, False, False
    for part in parts:
        if found and _JOIN.fullmatch(part.text):
            joined = True
            continue
        if _OTHERS.match(part.text):
            if found:
                break
            others = not _named(part.text)
            continue
        rest = _called(part.text)
        said = rest != part.text
        if not rest:
            called, others = True, False
            continue
        marked = part.personal and not _DIGIT.search(rest)
        names = _names(rest, called or said) if called or said or joined or marked else ()
        if others and not said:
            others, names = False, ()
        if names and (not found or joined or said or part.group == group):
            found += names
            group = part.group
        elif found:
            break
        called = joined = False
    return _distinct(found, None)[:MAX_NAMES]


def _called(text: str) -> str:
    """A byline without the word before the names; "Van Morrison" is no "van" and a name, "Von Ada Roe" is."""
    if (rest := _BY.sub("", text)) != text:
        return rest
    rest = _FROM.sub("", text)
    return rest if not rest or len(rest.split()) > 1 else text


def _named(text: str) -> bool:
    """Whether somebody is named behind the role, so that the next piece is not this name."""
    return len(_OTHERS.sub("", text, count=1).split()) > 1


def _names(text: str, called: bool) -> tuple[str, ...]:
    """The names a piece holds; a single small word is one only where "by" stands before it."""
    if called and text.isalpha() and text.islower() and 2 < len(text) <= 20:
        return (text,)
    return spoken(text)


def looks(found: str | None) -> bool:
    """Whether a text looks like a name: words in capitals or in a script without, particles between them, no digit."""
    words = found.split() if found else []
    if not found or len(found) < (3 if found.isascii() else 2) or not 0 < len(words) <= 6 or _DIGIT.search(found):
        return False
    if words[0].casefold() in _CONTROLS or found[0] != found[0].upper():
        return False
    return all(w[0] == w[0].upper() or w.casefold() in _PARTICLES or w[:2] in ("d'", "l'", "d’", "l’") for w in words)


def possible(text: str) -> bool:
    """Whether a text may be nothing but names: no small first letter, no number, no sentence; cheap."""
    return len(text) <= 2 * MAX_NAME and not text[:1].islower() and not _DIGIT.search(text) and text.count(" ") < 14


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


def _pair(part: str) -> list[str]:
    """Two full names around "og", "y", "/" and the like; a double surname ("Ramón y Cajal") has one word after it."""
    for gap in (_AND_SPOKEN, re.compile("/")):
        halves = gap.split(part)
        if len(halves) > 1 and all(len(half.split()) > 1 and looks(half.strip()) for half in halves):
            return [half.strip() for half in halves]
    return [part]


def _described(names: list[str]) -> list[str]:
    """Names without what describes the first: after a full name a single word or a phrase is a trade or a place."""
    if len(names[0].split()) < 2:
        return names
    for at, found in enumerate(names[1:], 1):
        if not _AGENCIES.fullmatch(found) and (not looks(found) or (len(found.split()) < 2 and found.isascii())):
            return names[:at]
    return names


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
