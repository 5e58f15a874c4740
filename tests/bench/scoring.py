"""How near an extracted text is to the labelled one: runs of four words that both have, counted as often as they occur.

Precision of a page is the share of the given runs that the label has, recall the share of the label's that were given.
A group's precision and recall are plain means over its pages (pages without any text have no precision), its F1 is the
harmonic mean of the two; a page is bad if its own F1 is below .5.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

RUN = 4  # words
BAD = 0.5
_WORD = re.compile(r"\w+")

Runs = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """One page; None where there is nothing to divide by."""

    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True, slots=True)
class Group:
    """A group of pages."""

    pages: int
    precision: float
    recall: float
    bad: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return harmonic(self.precision, self.recall)


def runs(text: str) -> Runs:
    """The runs of a text; a text of fewer words is one run."""
    words = _WORD.findall(text)
    if len(words) < RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))


def score(label: Runs, text: str) -> Score:
    """How an extracted text fares against the runs of the label."""
    given = runs(text)
    there, said, both = label.total(), given.total(), (label & given).total()
    f1 = 2 * both / (there + said) if there + said else 1.0
    return Score(both / said if said else None, both / there if there else None, f1)


def harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def group(scores: Sequence[Score]) -> Group:
    """The figures of several pages."""
    precisions = [s.precision for s in scores if s.precision is not None]
    recalls = [s.recall for s in scores if s.recall is not None]
    return Group(
        len(scores),
        sum(precisions) / len(precisions) if precisions else 0.0,
        sum(recalls) / len(recalls) if recalls else 0.0,
        sum(s.f1 < BAD for s in scores),
    )


def change(before: Sequence[Score], after: Sequence[Score], sites: Sequence[str]) -> tuple[float, float]:
    """How much a group's F1 changed, and the standard error of that: a jackknife over its sites."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 8)
    for site, *pair in zip(sites, before, after, strict=True):
        mine = sums[site]
        for side, one in enumerate(pair):
            for at, value in ((4 * side, one.precision), (4 * side + 2, one.recall)):
                if value is not None:
                    mine[at] += value
                    mine[at + 1] += 1
    total = [sum(column) for column in zip(*sums.values(), strict=True)]
    whole = _difference(total)
    without = [_difference([t - m for t, m in zip(total, mine, strict=True)]) for mine in sums.values()]
    n = len(without)
    mean = sum(without) / n
    return whole, ((n - 1) / n * sum((w - mean) ** 2 for w in without)) ** 0.5


def _difference(sums: Sequence[float]) -> float:
    """F1 after less F1 before, from sums and counts of precision and recall before and after."""
    one, two, three, four = (sums[at] / sums[at + 1] if sums[at + 1] else 0.0 for at in (0, 2, 4, 6))
    return harmonic(three, four) - harmonic(one, two)
