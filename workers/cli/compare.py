"""What an extractor's change does over stored pages: two answers to each page compared, the worst first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from workers.cli import place

Row = dict[str, Any]  # one line of `wiredesk extract --json`
SHINGLE = 4  # words
SHOWN = 160  # characters of a paragraph shown to people
# Words; scripts without spaces count each sign, or one edit would change a whole sentence.
_SIGNS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_SIGNS}]|[^\W{_SIGNS}]+")
_APART = ("file", "url", "text", "fields", "reason", "detail", "error")  # all other names are metadata


class Unreadable(ValueError):
    """The earlier output is not what `wiredesk extract --json` prints; the text says which line."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One page whose answers differ."""

    file: str
    f1: float  # of the texts' shingles, 0 to 1; 0 where only one answer is an article
    lost: int  # words of the earlier text that are gone
    gained: int  # words that are new
    fields: tuple[str, ...] = ()  # names of the metadata that differ, not those of a page refused by either
    reasons: tuple[str | None, str | None] | None = None  # why refused, before and now, where that differs
    before: str = ""  # the first paragraph that differs
    after: str = ""


@dataclass
class Tally:
    """All pages together."""

    pages: int = 0  # compared
    same: int = 0  # nothing differs
    texts: int = 0  # texts that differ, both being articles
    f1: float = 1.0  # mean over the texts that differ
    refused: int = 0  # articles before, refused now
    accepted: int = 0  # refused before, articles now
    reasons: int = 0  # refused for another reason
    fields: dict[str, int] = field(default_factory=dict)  # pages on which each differs
    unknown: int = 0  # pages that the earlier output does not have


def read(path: Path) -> dict[str, Row]:
    """The rows of an earlier output by page, under the whole path and the bare name. Raises Unreadable, OSError."""
    found: dict[str, Row] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                name = str(row["file"])
            except (ValueError, KeyError, TypeError) as error:
                raise Unreadable(f"{path}, line {number}: no line of `wiredesk extract --json`") from error
            found[name] = row
            found.setdefault(bare(name), row)
    return found


def bare(name: str) -> str:
    """A page's name without its folder and endings."""
    return name.rpartition("/")[2].removesuffix(".gz").removesuffix(".html").removesuffix(".htm")


def difference(old: Row, new: Row) -> Difference | None:
    """How two answers to one page differ; None if in nothing."""
    was, now = old.get("text"), new.get("text")
    reasons = (_reason(old), _reason(new))
    names = _differing(old, new) if was is not None and now is not None else ()
    if was == now and not names and reasons[0] == reasons[1]:
        return None
    f1, lost, gained = overlap(was or "", now or "")
    before, after = _first(was or "", now or "")
    return Difference(
        file=str(new["file"]),
        f1=round(f1, 4),
        lost=lost,
        gained=gained,
        fields=names,
        reasons=None if reasons[0] == reasons[1] else reasons,
        before=before,
        after=after,
    )


def overlap(old: str, new: str) -> tuple[float, int, int]:
    """F1 of the word shingles of two texts, words lost, words gained."""
    one, two = _WORD.findall(old), _WORD.findall(new)
    a, b = _shingles(one), _shingles(two)
    size = a.total() + b.total()
    f1 = 2 * (a & b).total() / size if size else 1.0
    was, now = Counter(one), Counter(two)
    return f1, (was - now).total(), (now - was).total()


def _shingles(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    if 0 < len(words) < SHINGLE:
        return Counter([tuple(words)])
    return Counter(zip(*(words[i:] for i in range(SHINGLE)), strict=False))


def _reason(row: Row) -> str | None:
    if row.get("text") is not None:
        return None
    return str(row.get("reason") or row.get("error") or "no text")


def _differing(old: Row, new: Row) -> tuple[str, ...]:
    return tuple(sorted(n for n in {*old, *new} if n not in _APART and old.get(n) != new.get(n)))


def _first(old: str, new: str) -> tuple[str, str]:
    """The first paragraphs that differ; empty where a text ends before."""
    one, two = old.split("\n\n"), new.split("\n\n")
    at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return "".join(one[at : at + 1]), "".join(two[at : at + 1])


def compare(earlier: dict[str, Row], rows: Iterable[Row]) -> tuple[list[Difference], Tally]:
    """Every page of `rows` against the earlier answer to it: what differs, worst first, and the sums."""
    found: list[Difference] = []
    tally = Tally()
    for row in rows:
        old = earlier.get(row["file"]) or earlier.get(bare(row["file"]))
        if old is None:
            tally.unknown += 1
            continue
        tally.pages += 1
        if differs := difference(old, row):
            found.append(differs)
    _count(tally, found)
    return sorted(found, key=lambda d: (d.f1, -d.lost - d.gained, d.file)), tally


def _count(tally: Tally, found: list[Difference]) -> None:
    texts = [d for d in found if d.reasons is None and (d.before or d.after)]
    tally.same = tally.pages - len(found)
    tally.texts = len(texts)
    tally.f1 = round(sum(d.f1 for d in texts) / len(texts), 4) if texts else 1.0
    tally.fields = dict(sorted(Counter(name for d in found for name in d.fields).items()))
    pairs = [d.reasons for d in found if d.reasons]
    tally.refused = sum(was is None for was, _ in pairs)
    tally.accepted = sum(now is None for _, now in pairs)
    tally.reasons = len(pairs) - tally.refused - tally.accepted


def show(found: list[Difference], tally: Tally, as_json: bool) -> None:
    """Print the comparison."""
    if as_json:
        for one in found:
            place.emit({k: v for k, v in asdict(one).items() if v not in ((), None, "")})
        place.emit({"summary": asdict(tally)})
        return
    for line in lines(found, tally):
        place.say(line)


def lines(found: list[Difference], tally: Tally) -> Iterator[str]:
    """The comparison for people."""
    worth = f"mean F1 of those {tally.f1:.3f}"
    yield f"{tally.texts} of {tally.pages} texts differ ({worth}); {tally.same} pages are the same"
    yield f"refused now: {tally.refused}; articles now: {tally.accepted}; refused for another reason: {tally.reasons}"
    yield "metadata: " + (", ".join(f"{name} on {n}" for name, n in tally.fields.items()) or "the same")
    if tally.unknown:
        yield f"not in the earlier output: {tally.unknown}"
    for one in found:
        yield ""
        yield f"{one.f1:.3f}  -{one.lost} +{one.gained} words  {one.file}"
        if one.reasons:
            yield "       " + " -> ".join(reason or "article" for reason in one.reasons)
        if one.fields:
            yield "       " + ", ".join(one.fields)
        yield from (f"     {sign} {_cut(part)}" for sign, part in (("-", one.before), ("+", one.after)) if part)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + " ..."
