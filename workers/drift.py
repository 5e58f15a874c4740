"""Tell from the last pages of one site whether its template changed: text collapsed, swelled, or pages are refused.

A site's history is a string of one sample a page, oldest first. Where the newest pages differ is found by ranks
(Pettitt, "A non-parametric approach to the change-point problem", 1979), so nothing rests on how lengths are spread;
a difference counts only if it is large, and off any earlier run of as many pages.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from ingest.model import Article, Rejected

SAMPLE = 4  # characters of a sample: two of length, one of paragraphs (or the reason), one of confidence (or REFUSED)
RECENT = 20  # pages within which a change must be told
LEAST = 20  # pages from before a change without which nothing is said
SHORTEST = 8  # pages compared with those before, of which
LASTING = 6  # must be at the new level from the first on
UNLIKELY = 4.5  # standard deviations of a rank sum
REFUSALS = 8  # refused pages among the newest without which their share is no change
NEWEST = 12  # pages that say whether the old level is back
BACK = 0.6  # of the way back to the old level
SETTLED, DAY = 100, 86400.0  # pages and seconds after which the new level is the usual one

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)}
_REFUSED = 63  # in the place of the confidence
_REASONS = tuple(Rejected)
_FINE, _COARSE = 64, 8  # stored units to a doubling: of lengths, of paragraph counts
_COUNT = tuple(round(_FINE * math.log2(max(1.0, 2 ** (n / _COARSE) - 1))) for n in range(64))  # the count in fine units


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is watched, in stored units."""

    name: str
    doubling: int  # stored units to a doubling; 0: a percentage, stored as it is
    fall: float  # the level must fall by this, or
    rise: float  # rise by this
    margin: float  # and be off the level of any earlier run by this
    level: Callable[[Sequence[int]], float] = median  # of a run of pages


def _times(factor: float) -> float:
    return _FINE * math.log2(factor)


CHARACTERS = Measure("characters", _FINE, _times(1 / 0.6), _times(1.7), _times(1.5))
DENSITY = Measure("density", _FINE, _times(2), _times(2), _times(1.5))  # characters a paragraph
CONFIDENCE = Measure("confidence", 0, 15, math.inf, 5)
REFUSED = Measure("refused", 0, math.inf, 30, 25, fmean)
WATCHED = (CHARACTERS, DENSITY, CONFIDENCE, REFUSED)
PARAGRAPHS = Measure("paragraphs", _COARSE, 0, 0, 0)  # told where the density changed: counts follow the lengths


@dataclass(frozen=True, slots=True)
class Change:
    """What changed on a site: the usual value before and after, and on how many of the newest pages."""

    name: str  # characters, paragraphs, confidence (percent), refused (percent of pages)
    before: int
    after: int
    pages: int  # the newest pages since the change, whatever became of them
    reason: str = ""  # of most refusals


@dataclass(frozen=True, slots=True)
class History:
    """A site's pages, oldest first."""

    values: dict[str, list[int]]  # by name of the measure, in stored units; of articles only, `refused` of all pages
    reasons: list[str]  # of all pages: why it was refused, "" for an article

    def pages(self, articles: int) -> int:
        """How many of the newest pages hold the newest `articles` articles."""
        left = articles
        for back, reason in enumerate(reversed(self.reasons), 1):
            left -= not reason
            if not left:
                return back
        return len(self.reasons)


def article(found: Article) -> str:
    """The sample of an article."""
    length = min(4095, round(_FINE * math.log2(1 + len(found.text))))
    paragraphs = found.text.count("\n\n") + bool(found.text)
    return _pack(length, min(63, round(_COARSE * math.log2(1 + paragraphs))), max(0, min(100, found.confidence)) // 2)


def refusal(reason: Rejected) -> str:
    """The sample of a page that is no article."""
    return _pack(0, _REASONS.index(reason), _REFUSED)


def _pack(length: int, paragraphs: int, confidence: int) -> str:
    return _DIGITS[length // 64] + _DIGITS[length % 64] + _DIGITS[paragraphs] + _DIGITS[confidence]


def history(samples: str) -> History:
    """Unpack a history; any string gives one."""
    found = History({measure.name: [] for measure in (*WATCHED, PARAGRAPHS)}, [])
    characters, density, confidences, refusals, counts = (found.values[m.name] for m in (*WATCHED, PARAGRAPHS))
    for start in range(0, len(samples) - SAMPLE + 1, SAMPLE):
        high, low, paragraphs, confidence = (_VALUE.get(c, 0) for c in samples[start : start + SAMPLE])
        refused = confidence == _REFUSED
        refusals.append(100 * refused)
        found.reasons.append(_REASONS[paragraphs % len(_REASONS)] if refused else "")
        if not refused:
            characters.append(64 * high + low)
            density.append(64 * high + low - _COUNT[paragraphs])
            confidences.append(2 * confidence)
            counts.append(paragraphs)
    return found


def changes(samples: str) -> list[Change]:
    """What the newest pages of a site do differently from all before them; usually nothing."""
    found = history(samples)
    told = [_change(found, m, newest) for m in WATCHED if (newest := _shifted(found.values[m.name], m))]
    return [
        change for change in told if change.before != change.after
    ]  # as many paragraphs of another length: a length


def _shifted(values: Sequence[int], measure: Measure) -> int:
    """How many of the newest values are at another level, from the first that is; 0 if none are."""
    newest = split(values)
    if not newest:
        return 0
    before, level = values[:-newest], measure.level(values[-newest:])
    rise = level - measure.level(before)
    if not (rise >= measure.rise or -rise >= measure.fall):
        return 0
    if measure is REFUSED and level * newest < 100 * REFUSALS:
        return 0
    runs = [measure.level(before[i : i + newest]) for i in range(0, len(before) - newest + 1, max(1, newest // 4))]
    off = level - max(runs) if rise > 0 else min(runs) - level
    lasting = _trimmed(values, measure, newest)
    return lasting if off > measure.margin and lasting >= LASTING else 0


def split(values: Sequence[int]) -> int:
    """How many of the newest values (SHORTEST to RECENT) differ most from the rest; 0 where chance may explain it."""
    total = len(values)
    if total < LEAST + SHORTEST or values.count(values[0]) == total:
        return 0
    ranks, spread = _ranks(values)
    best, at, ranked = UNLIKELY, 0, 0.0
    for newest in range(1, min(RECENT, total - LEAST) + 1):
        ranked += ranks[-newest]
        score = abs(ranked - newest * (total + 1) / 2) / math.sqrt(newest * (total - newest) * spread)
        if newest >= SHORTEST and score >= best:
            best, at = score, newest
    return at


def _ranks(values: Sequence[int]) -> tuple[list[float], float]:
    """The rank of each value, ties sharing theirs, and the variance of a rank sum over the sizes of both parts."""
    counts = Counter(values)
    total, below, tied = len(values), 0, 0
    rank: dict[int, float] = {}
    for value in sorted(counts):
        count = counts[value]
        rank[value] = below + (count + 1) / 2
        below += count
        tied += count**3 - count
    return [rank[value] for value in values], (total + 1 - tied / (total * (total - 1))) / 12


def _change(found: History, measure: Measure, newest: int) -> Change:
    told = PARAGRAPHS if measure is DENSITY else measure
    values = found.values[told.name]
    before, after = (_said(told, told.level(part)) for part in (values[:-newest], values[-newest:]))
    if told is not REFUSED:
        return Change(told.name, before, after, found.pages(newest))
    reasons = Counter(reason for reason in found.reasons[-newest:] if reason)
    return Change(told.name, before, after, newest, reasons.most_common(1)[0][0])


def _trimmed(values: Sequence[int], measure: Measure, newest: int) -> int:
    """The newest values without those at their start that still belong to the old level."""
    middle = (measure.level(values[:-newest]) + measure.level(values[-newest:])) / 2
    above = measure.level(values[-newest:]) > middle
    return next(left for left in range(newest, 0, -1) if (values[-left] > middle) == above)


def _said(measure: Measure, value: float) -> int:
    return round(2 ** (value / measure.doubling) - 1) if measure.doubling else round(value)


def over(before: Sequence[Change], samples: str, pages: int, seconds: float) -> str:
    """Why an alarm may end, `pages` and `seconds` after it rang: returned, settled, or "" while it may not."""
    if pages >= SETTLED and seconds >= DAY:
        return "settled"
    found = history(samples[-min(pages, NEWEST) * SAMPLE :] if pages else "")
    return "returned" if pages >= SHORTEST and all(_back(found, change) for change in before) else ""


def _back(found: History, change: Change) -> bool:
    measure = next(m for m in (*WATCHED, PARAGRAPHS) if m.name == change.name)
    values = found.values[change.name]
    if len(values) < SHORTEST:
        return False
    old, new = (math.log2(1 + v) * measure.doubling if measure.doubling else v for v in (change.before, change.after))
    level = measure.level(values)
    return (level - new) * (old - new) >= BACK * (old - new) ** 2
