"""What stands above the text in IPTC 7901: marks, headline and byline, over lines of 69 characters, closed by "="."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest import tidy
from ingest.wire.parts import embargo, marks, telex

WIDTH = 69  # characters of a line; a word that would have fit into the line before was not put there on purpose
_DEEP = 20  # lines
_ATTENTION = re.compile(r"\((?:Achtung|Attention)\) \S", re.IGNORECASE)
_CALL = re.compile(r"atenci[oó]n,? (?:redacciones|editores)", re.IGNORECASE)  # above a kill in Spanish
_GENRE = re.compile(r"(?!Wiederholung\b)[^\W\d_][^\W\d_-]{3,}(?: [^\W\d_-]{4,}){0,2}")


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines above a text."""

    marks: tuple[str, ...] = ()  # as written, those in parentheses with them
    headline: str | None = None
    byline: str | None = None
    genres: tuple[str, ...] = ()  # the kinds of text that marks in parentheses above the headline name first
    words: int = 0


def parted(text: str, *agencies: str) -> tuple[Heading, list[str]]:
    """The heading of a text, and the lines below it; `agencies` are those whose dateline opens a text without one."""
    lines = text.lstrip("\n").split("\n")
    blank = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    last = next((at for at, line in enumerate(lines[:_DEEP]) if line.rstrip().endswith("=")), None)
    if last is None and telex.dateline(lines[0].strip(), *agencies):
        return Heading(), lines
    if last is None:  # its end was forgotten
        last = max(min(blank, 8), 1) - 1
    while last + 1 < min(blank, _DEEP) and lines[last + 1].rstrip().endswith("="):
        last += 1
    above = [line.rstrip("= \t").strip()[: tidy.MAX_LINE] for line in lines[: last + 1]]
    return _sorted(_units([line for line in above if line])), lines[last + 1 :]


def _units(lines: list[str]) -> list[tuple[str, bool]]:
    """Lines, groups in parentheses made whole; with each whether it was begun on purpose and not for want of room.

    What "(Achtung)" opens is a sentence behind its parentheses, and goes on where a line was full.
    """
    units: list[tuple[str, bool]] = []
    depth, before = 0, ""
    for line in lines:
        apart = not before or len(before) + 1 + len(line.split(maxsplit=1)[0]) <= WIDTH
        grouped = depth > 0
        noted = bool(units) and not apart and _ATTENTION.match(units[-1][0]) is not None
        if grouped or noted:
            units[-1] = (f"{units[-1][0]} {line}", units[-1][1])
        else:
            units.append((line, apart))
        if grouped or (line.startswith("(") and apart):
            depth = max(depth + line.count("(") - line.count(")"), 0)
        before = line
    return units


def _sorted(units: list[tuple[str, bool]]) -> Heading:
    """Marks before the headline, the headline, the byline; notes in parentheses behind them are marks as well."""
    first = 0
    while first < len(units) and _is_mark(units[first][0], [unit for unit, _ in units[first + 1 :]]):
        first += 1
    above, rest = [unit for unit, _ in units[:first]], units[first:]
    after: list[str] = []
    while len(rest) > 1 and rest[-1][1] and rest[-1][0].startswith("(") and rest[-1][0].endswith(")"):
        after.insert(0, rest.pop()[0])
    by = next((at for at, (unit, apart) in enumerate(rest) if at and telex.is_byline(unit, apart=apart)), len(rest))
    headline = marks.unhurried(" ".join(unit for unit, _ in rest[:by]))
    byline = tidy.line(" ".join(unit for unit, _ in rest[by:]))
    found = tuple(tidy.line(mark).replace(" )", ")") for mark in (*above, *after))
    words = telex.counted(unit for unit, _ in units)
    return Heading(found, tidy.line(headline) or None, byline or None, _genres(found[: len(above)]), words)


def _genres(found: tuple[str, ...]) -> tuple[str, ...]:
    others = [mark for mark in found if mark.startswith("(") and not marks.signal((mark,)) and not marks.is_mark(mark)]
    named = (_GENRE.match(mark[1:]) for mark in others)
    return tuple(match[0] for match in named if match and not embargo.announced(match[0]))


def _is_mark(unit: str, others: list[str]) -> bool:
    """Whether a unit before the headline is a mark; a short line in capitals is one above others that are not."""
    if (unit.startswith("(") and unit.endswith(")")) or _ATTENTION.match(unit) or _CALL.fullmatch(unit):
        return True
    left = [other for other in others if not telex.is_byline(other)]
    if not left:
        return False
    shouted = unit.isupper() and len(unit) <= 24 and len(unit.split()) <= 3 and not all(map(str.isupper, left))
    return marks.is_mark(unit) or shouted
