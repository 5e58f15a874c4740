"""News agencies by what credits call them (agencies.toml): written out, as initials, in any script."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Any

MAX_NAME = 70  # characters; longer pieces are sentences
MAX_WORDS = 8
EDGE = " \t\n.,;:·•*|'\"“”„«»‘’()[]（）［］【】〔〕<>-–—―_=©/"
_GAPS = re.compile(r"[\s.'’‐‑–\"“”„«»-]+")
# What stands between agencies: "dpa/AFP", "AFP, Reuters and AP", "AP＝共同", "Le Journal avec AFP".
_JOINS = re.compile(
    r"\s*([/|,;+&=＝・、·،])\s*|\s(?:[-–—]|and|und|et|y|e|og|och|en|ja|i|и|та|و|ve|dan|with|mit|avec|con|com|met|med|via)\s",
    re.IGNORECASE,
)
# The desk that stands beside an agency: "dpa/lni", "SDA/sep", "NDR/dpa"; initials of a house after a slash only.
_DESK = re.compile(r"[a-zäöüæøåéè]{1,4}\.?|\d{1,3}")
_HOUSE = re.compile(r"\w{1,6}")
_YEAR = re.compile(r"[\s,]+\d{4}$")
_BEFORE = frozenset((
    "the", "der", "die", "dem", "das", "den", "la", "le", "les", "l", "el", "los", "il", "lo", "a", "o", "da",
    "do", "de", "d", "news", "agency", "agencies", "agentur", "agenturen", "nachrichtenagentur",
    "nachrichtenagenturen", "agence", "agences", "agencia", "agencias", "agência", "agências", "agenzia",
    "agenzie", "persbureau", "nyhetsbyrån", "nyhetsbyrå", "bureau", "uutistoimisto", "agencja", "agentura",
    "agentúra", "agencija", "agenția", "агентство", "агенция", "агенція", "иа", "wire", "wires", "وكالة", "kantor",
    "berita",
))  # fmt: skip
_ROLE = re.compile(
    r"(?:staff|senior|chief|national|international|political|sports?|business|science|medical|health|white|house|legal|"
    r"entertainment|music|film|food|travel|technology|economics|diplomatic|european|asia|middle|east|baseball|basketball|"
    r"football|hockey|golf|racing|special|news|agency|agencies|services?|wires?|newswire|writers?|reporters?|correspondents?|"
    r"journalists?|editors?|contributors?|bureau|desk|team|videojournalists?|korrespondent(?:in|en|innen)?|reporterin|"
    r"journalist(?:in|e|es)|redaktion|redacción|redazione|rédaction|redação|mitarbeiter(?:in)?|corresponsal|corresponsales|"
    r"correspondante?s?|corrispondente|material|meldung|meldungen|informationen)",
    re.IGNORECASE,
)


class Trust(IntEnum):
    """How much a spelling alone says."""

    BYLINE = 0  # an agency only where an author is named, in its languages
    SHARED = 1  # an agency beside another one, or in its languages
    MARK = 2  # initials that mean the agency wherever a credit may stand
    NAME = 3  # nobody else is called so


@dataclass(frozen=True, slots=True)
class Named:
    """An agency as a piece of text names it."""

    agency: str
    trust: Trust
    languages: frozenset[str]  # where the lesser trusts are believed


@dataclass(frozen=True, slots=True)
class Table:
    """Every spelling and the agency it means."""

    exact: dict[str, Named] = field(default_factory=dict)  # initials, as they are written
    names: dict[str, Named] = field(default_factory=dict)  # by `_key`
    holders: dict[str, Named] = field(default_factory=dict)  # by `_key`; of a copyright only
    keywords: dict[str, str] = field(default_factory=dict)
    unspaced: list[str] = field(default_factory=list)  # names in scripts that need no gap around them

    def add(self, row: dict[str, Any]) -> None:
        """Take in one table of the file."""
        languages = frozenset(row.get("languages", ()))
        for column, trust in (("marks", Trust.MARK), ("shared", Trust.SHARED), ("bylines", Trust.BYLINE)):
            self.exact.update((word, Named(row["name"], trust, languages)) for word in row.get(column, ()))
        name = Named(row["name"], Trust.NAME, languages)
        self.names.update((_key(word), name) for word in row.get("names", ()))
        self.holders.update((_key(word), name) for word in row.get("holders", ()))
        self.keywords.update((word, row["name"]) for word in row.get("keywords", ()))
        self.unspaced.extend(
            word for word in row.get("names", ()) if re.search("[\u3040-\u30ff\u4e00-\u9fff가-힣]", word)
        )


@cache
def table() -> Table:
    """The table of agencies.toml."""
    found = Table()
    for row in tomllib.loads(files("workers").joinpath("agencies.toml").read_text("utf-8"))["agency"]:
        found.add(row)
    found.unspaced.sort(key=lambda word: (-len(word), word))
    return found


def find(piece: str) -> Named | None:
    """The agency that a piece names and nothing else; "the" may stand before it, a role after ("AP Sports Writer")."""
    piece = piece.strip(EDGE)
    if not 1 < len(piece) <= MAX_NAME:
        return None
    if found := _exact(piece):
        return found
    words = piece.split()
    if len(words) > MAX_WORDS:
        return None
    while len(words) > 1 and words[0].casefold() in _BEFORE:
        words = words[1:]
    for size in range(len(words), 0, -1):
        rest = words[size:]
        placed = rest[:1] == ["in"] or all(_ROLE.fullmatch(word) for word in rest)
        if placed and (found := _exact(" ".join(words[:size]))):
            return found
    head, _, role = piece.rpartition("-")
    return _exact(head) if head and _ROLE.fullmatch(role) else None


def group(piece: str) -> tuple[Named, ...]:
    """The agencies of a piece that names one or several and nothing but their desks; empty if it says anything else."""
    if len(piece) > 3 * MAX_NAME:
        return ()
    if alone := find(piece):
        return (alone,)
    found: list[Named] = []
    parts = _JOINS.split(piece.strip(EDGE))
    slashed = "/" in parts[1::2]
    for part in parts[::2]:
        if named := find(part) or _pair(part):
            found += [named] if isinstance(named, Named) else named
        elif not (_HOUSE if slashed else _DESK).fullmatch(part.strip(EDGE)):
            return ()
    return tuple(found)


def _pair(part: str) -> list[Named]:
    """Two agencies with a hyphen between them: "TT-AFP"."""
    found = [named for half in part.split("-") if (named := find(half))]
    return found if len(found) > 1 and len(found) == part.count("-") + 1 else []


def parts(piece: str) -> tuple[Named, ...]:
    """The agencies among the names of a piece, whoever else is named in it."""
    found = [named for part in re.split(r"[()]", piece) for one in _JOINS.split(part)[::2] if (named := find(one))]
    return tuple(found)


def believed(named: Iterable[Named], language: str | None, byline: bool = False) -> tuple[str, ...]:
    """The agencies of those spellings that mean them here; `language` is the article's BCP 47 tag."""
    given = tuple(named)
    beside = any(one.trust >= Trust.MARK for one in given)
    short = (language or "").partition("-")[0].lower()
    lowest = Trust.BYLINE if byline else Trust.SHARED
    return tuple(
        dict.fromkeys(
            one.agency
            for one in given
            if one.trust >= Trust.MARK or (one.trust >= lowest and (short in one.languages or beside))
        )
    )


def holder(piece: str) -> Named | None:
    """The agency that a holder of a copyright is, or owns."""
    name = _YEAR.sub("", piece.strip(EDGE))
    return find(name) or table().holders.get(_key(name))


def _exact(words: str) -> Named | None:
    known = table()
    return known.exact.get(words) or known.names.get(_key(words))


def _key(words: str) -> str:
    return _GAPS.sub(" ", words.casefold()).strip()
