"""How well documents were put into stories and related to each other, against labels (pure).

Pairs of documents are counted: precision is the share of the pairs put together that belong together, recall the share
of the pairs that belong together and were put together; ARI is the adjusted Rand index (Hubert and Arabie 1985) of the
two groupings. A document nobody spoke of is a story of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

from tests.shares import Runs, allowed, runs, shares

# Kinds whose making says more than the shares of runs do: cut from a longer text; rewritten to a good part.
SHORTENED = frozenset({"trunc80", "trunc50", "trunc30", "mix", "mixheavy"})
REWRITTEN = frozenset({"update", "update2", "edit40", "mixheavy"})


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of one document."""

    story: str
    kind: str = ""
    family: str = ""
    base: str = ""  # id of the document it was made from


@dataclass(frozen=True, slots=True)
class Found:
    """What a method said of one document."""

    story: Hashable
    relation: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """One grouping against the labels."""

    precision: float
    recall: float
    f1: float
    ari: float
    false: Mapping[tuple[str, str], int]  # pairs wrongly put together, by families
    kept: Mapping[str, float]  # kind -> share of its documents in the story of their base
    related: float | None = None  # share of those that should relate whose relation is right


def figures(labels: Mapping[str, Label], found: Mapping[str, Found]) -> Figures:
    """Measure a grouping of all labelled documents."""
    alone = {name: found[name].story if name in found else ("alone", name) for name in labels}
    cells = Counter((label.story, alone[name]) for name, label in labels.items())
    right = _pairs(cells)
    belong = _pairs(Counter(label.story for label in labels.values()))
    together = _pairs(Counter(alone.values()))
    precision, recall = right / together if together else 1.0, right / belong if belong else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    ari = _adjusted(right, belong, together, comb(len(labels), 2))
    return Figures(precision, recall, f1, ari, _false(labels, alone), _kept(labels, alone))


def _pairs(sizes: Mapping[Any, int]) -> int:
    return sum(comb(size, 2) for size in sizes.values())


def _adjusted(right: int, belong: int, together: int, every: int) -> float:
    """The index over what chance would give, scaled so that equal groupings have 1."""
    chance = belong * together / every if every else 0.0
    most = (belong + together) / 2
    return (right - chance) / (most - chance) if most != chance else 1.0


def _false(labels: Mapping[str, Label], story: Mapping[str, Hashable]) -> dict[tuple[str, str], int]:
    groups: dict[Hashable, Counter[tuple[str, str]]] = defaultdict(Counter)
    for name, label in labels.items():
        groups[story[name]][label.story, label.family] += 1
    wrong: Counter[tuple[str, str]] = Counter()
    for parts in groups.values():
        seen = list(parts.items())
        for at, ((one, family), size) in enumerate(seen):
            for (other, second), count in seen[:at]:
                if one != other:
                    low, high = sorted((family, second))
                    wrong[low, high] += size * count
    return dict(wrong)


def _kept(labels: Mapping[str, Label], story: Mapping[str, Hashable]) -> dict[str, float]:
    marks: dict[str, list[bool]] = defaultdict(list)
    for name, label in labels.items():
        if label.base and label.base != name:
            marks[label.kind].append(story[name] == story[label.base])
    return {kind: sum(m) / len(m) for kind, m in marks.items()}


def related(
    order: Sequence[str], texts: Mapping[str, str], labels: Mapping[str, Label], found: Mapping[str, Found]
) -> float:
    """The share of the documents that are not the first of their story whose relation is right, in this order.

    Right: it points at another document of the story, and its word is allowed by the shares of runs, or by how the two
    were made.
    """
    begun: set[str] = set()
    due = right = 0
    known: dict[str, Runs] = {}
    for name in order:
        label = labels[name]
        if label.story in begun:
            due += 1
            said = found.get(name, Found(None))
            if said.of != name and said.of in labels and labels[said.of].story == label.story:
                one, other = (known.setdefault(n, runs(texts[n])) for n in (name, said.of))
                right += said.relation in _fitting(shares(one, other), label.kind, labels[said.of].kind)
        begun.add(label.story)
    return right / due if due else 1.0


def _fitting(share: tuple[float, float], kind: str, other: str) -> set[str]:
    made = {
        "excerpt": kind in SHORTENED and other not in SHORTENED,
        "extends": other in SHORTENED and kind not in SHORTENED,
        "version": kind in REWRITTEN or other in REWRITTEN,
    }
    return allowed(*share) | {word for word, fits in made.items() if fits}
