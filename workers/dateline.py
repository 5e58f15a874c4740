"""Find the agencies in what opens a text: datelines of wires in many languages, and bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice

from workers import agency
from workers.agency import Named

Found = tuple[Named, ...]
START = 220  # characters of a paragraph in which a dateline ends
MAX_PLACE = 90
MAX_BYLINE = 130
_NUMBER = re.compile(r"\d")
_ROUND = re.compile(r"[(（]([^()（）]{2,60})[)）]")
_SQUARE = re.compile(r"[\[［【〔]([^\[\]［］【】〔〕]{2,60})[\]］】〕]")
_SLASHED = re.compile(r"([^/]{0,60}?)/{1,2}\s?([^/\s][^/]{1,24}?)\s?/{1,2}(?=[\s.,:–—-]|$)")
_DAY = r"(?:\d{1,2}\.?\s?[^\W\d_]{3,12}\.?|[^\W\d_]{3,9}\.?\s\d{1,2}\.?)(?:,?\s\d{4})?(?:\s?г\.)?"
# "МОСКВА, 3 мар - РИА Новости." and "Riyadh, March 3, SPA --", "Москва. 3 марта. ИНТЕРФАКС -"
_DASHED = re.compile(rf"([^.!?()\d]{{2,50}}?)[,.]\s?{_DAY},?\s?[-–—]\s?([^-–—,:/(]{{2,30}}?)\s?(?:[-–—:,]|\.\s|\.?$)")
_STOPPED = re.compile(rf"([^.!?()\d]{{2,50}}?)[,.]\s?{_DAY}[.,]\s?([^-–—,:/(]{{2,30}}?)\s?[-–—:]")
_COMMA = re.compile(r"([^.!?():]{2,40}?),\s(\S{2,15})\s[-–—]")  # "Tehran, IRNA –"
_PLACED = re.compile(
    r"([^.!?()،:]{2,40}?)(?:\s[-–—]\s|\s?/\s?)([^:–—/()-]{2,25}?)\s*(?::|\s[-–—]|(?<=[^\W\d_a-zA-Z])$)"
)
_MARKED = re.compile(r"(\S[^-–—|:()]{1,30}?)(?:\s?\||\s?--|\s[-–—])\s?(?=[^\sa-zà-ÿ])")  # "AFP - Le", "IANS | "
_SMALL = frozenset((
    "a", "à", "al", "am", "an", "and", "at", "aux", "by", "da", "das", "de", "del", "della", "den", "der", "des",
    "di", "do", "dos", "du", "e", "el", "en", "et", "i", "im", "in", "la", "las", "le", "les", "los", "na", "near",
    "ob", "of", "och", "og", "on", "op", "os", "sur", "the", "und", "u", "v", "van", "w", "y", "z", "zu", "и", "в",
    "на", "та", "у",
))  # fmt: skip
_DASHES = "-–—―‒−_:=|*"
BY = re.compile(
    r"(?:(?:(?:written|reported|posted|compiled|story|text|words|report)\s)?by|von|par|por|di|da|door|av|af|od|от|"
    r"(?:text|texte|texto|testo|tekst|autor(?:in|es|a)?|author|yazar|автор|oleh|bởi|door)\s?:)\s+",
    re.IGNORECASE,
)
_AND_WITH = re.compile(r"\S.{1,40}\s(?:avec|mit|with|con|com|met)\s(?:l')?(\S.{1,30})")


def opening(paragraph: str, place: int) -> Found:
    """The agencies of the dateline that opens a paragraph; `place` 0 is the text's first paragraph."""
    start = paragraph[:START]
    if not start:
        return ()
    bracket = _bracketed(start, place) if "(" in start or "（" in start else ()
    if not bracket and start[0] in "[［【〔":
        bracket = _squared(start)
    if not bracket and "/" in start[:100]:
        bracket = _between_slashes(start)
    return bracket or _telegram(start) or (_bare(start) if place < 3 else ())


def byline(paragraph: str, authors: Iterable[str] = ()) -> Found:
    """The agencies that a paragraph names which is nothing but a byline: "By Jane Roe, AP", "Le Journal avec AFP".

    `authors` are known by other means: a line that begins with one of them needs no "by".
    """
    if len(paragraph) > MAX_BYLINE:
        return ()
    for author in authors:
        if paragraph.startswith(author) and (found := agency.group(paragraph[len(author) :])):
            return found
    said = BY.match(paragraph)
    if said:
        rest = paragraph[said.end() :]
        return agency.parts(rest) if names(rest) else ()
    both = _AND_WITH.fullmatch(paragraph)
    return agency.group(both[1]) if both and len(paragraph) < MAX_BYLINE / 2 else ()


def _bracketed(start: str, place: int) -> Found:
    """The agencies of "BERLIN (dpa) -", "(AP) —", "Kiev (Ukraine), 3 mars (AFP)"."""
    for bracket in islice(_ROUND.finditer(start), 2):
        before = _ROUND.sub(" ", start[: bracket.start()]).strip()
        if len(before) > MAX_PLACE:
            return ()
        found = inside(bracket[1])
        if found and capital(before) and not defined(before, bracket[1]):
            after = start[bracket.end() :].lstrip()
            return found if _parted(after, before, bracket[1], place) else ()
    return ()


def _parted(after: str, before: str, content: str, place: int) -> bool:
    """Whether what follows the bracket tells a dateline from a name with its initials."""
    if not after or after[0] in _DASHES:
        return True
    if not before:
        return place < 2
    if after[0] == "." and len(content) > 2:
        return True
    return before.isupper() or bool(_NUMBER.search(before)) or content.islower() or not content.isascii()


def _squared(start: str) -> Found:
    """The agencies of 【ロンドン共同】 or [서울=뉴시스] at the very beginning."""
    bracket = _SQUARE.match(start)
    return inside(bracket[1]) if bracket else ()


def inside(content: str) -> Found:
    """The agencies in a bracket: alone, with a day, or after a place ("서울=연합뉴스", "ロンドン共同")."""
    if found := agency.group(content):
        return found
    pieces = [piece for piece in re.split(r"[\s,=＝،·・]+", content) if piece]
    for one, others in ((pieces[-1:], pieces[:-1]), (pieces[:1], pieces[1:])):
        if one and others and (named := agency.find(one[0])):
            dated = any(_NUMBER.search(other) for other in others) and len(others) < 6
            return (named,) if dated or not one[0].isascii() else ()
    name = next((name for name in agency.table().unspaced if content.endswith(name)), "")
    if name and len(name) > 1:
        return agency.group(name)
    return _telegram(content)


def _between_slashes(start: str) -> Found:
    """The agency of "MOSCOW, January 21. /TASS/." """
    match = _SLASHED.match(start)
    found = agency.group(match[2]) if match else ()
    return found if match and capital(match[1]) else ()


@cache
def _telegrams() -> re.Pattern[str]:
    names = "|".join(map(re.escape, agency.table().unspaced))
    return re.compile(rf"[据據]?({names})(?:记者|記者)?[^，。：:、（）()]{{0,25}}?[电電]")


def _telegram(start: str) -> Found:
    """The agency of 新华社北京3月3日电."""
    match = _telegrams().match(start) if not start.isascii() else None
    return agency.group(match[1]) if match else ()


def _bare(start: str) -> Found:
    """The agencies of datelines without brackets."""
    for pattern in (_DASHED, _STOPPED, _COMMA, _PLACED):
        match = pattern.match(start)
        if match and (found := agency.group(match[2])) and capital(match[1]) and not agency.find(match[1]):
            return found
    match = _MARKED.match(start)
    return agency.group(match[1]) if match else ()


def capital(place: str) -> bool:
    """Whether the words before an agency may be places, names and a day: all with capitals, or without case at all."""
    words = place.split()
    if len(words) > 12:
        return False
    before = ""
    for word in words:
        bare = word.strip("-–—,.:()[]'’/«»\"")
        small = bare[:1].islower() and bare not in _SMALL and bare[:2] not in ("d'", "l'", "d’", "l’")
        if small and not _NUMBER.search(before) and not _NUMBER.match(bare):
            return False
        before = word
    return True


def names(line: str) -> bool:
    """Whether a line is made of names: its small words join them, or are agencies themselves."""
    small = [w for w in re.split(r"[\s,/|()]+", line) if w[:1].islower() and w not in _SMALL]
    joins = ("with", "mit", "avec", "con", "com", "met", "und", "von", "van", "dpa", "staff")
    return all(w in joins or agency.find(w) for w in small) and not line.endswith((".", "?", "!"))


def defined(before: str, initials: str) -> bool:
    """Whether a bracket only gives the initials of the words before it, or says again which agency they name."""
    words = re.findall(r"[^\W\d_]+", before[-80:])
    letters = [c for c in initials.casefold() if c.isalpha()]
    for chosen in (words, [w for w in words if w.casefold() not in _SMALL]):
        if len(letters) > 1 and [w[0].casefold() for w in chosen[-len(letters) :]] == letters:
            return True
    last = before.split()[-4:]
    return any(agency.find(" ".join(last[at:])) for at in range(len(last)))
