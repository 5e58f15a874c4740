"""Weigh the traits of blocks with trained decision trees: how likely each block is part of the article's text.

The trees are data (forest.json, written by `python -m tests.bench.training`). They are evaluated by QuickScorer
(Lucchese et al., SIGIR 2015): every value of a trait rules out leaves, in all trees at once, as bits of one number.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from workers.traits import TRAITS

LEAVES = 16  # bits a tree has in the number
VALUES = 48  # a trait's values are below it


@dataclass(frozen=True, slots=True)
class Forest:
    """All trees: for each trait they ask about its place in a row and, by value, the leaves still possible."""

    tables: tuple[tuple[int, tuple[int, ...]], ...]
    leaves: tuple[tuple[float, ...], ...]  # per tree what each leaf adds
    every: int  # all leaves of all trees

    def sum(self, row: Sequence[int]) -> float:
        """The log-odds that one row of traits has."""
        left = self.every
        for at, table in self.tables:
            left &= table[row[at]]
        bits = array("H", left.to_bytes(2 * len(self.leaves), "little"))
        if sys.byteorder == "big":
            bits.byteswap()
        return sum([values[_LOWEST[word]] for values, word in zip(self.leaves, bits, strict=True)])

    def chance(self, row: Sequence[int]) -> float:
        """How likely a block with these traits belongs to the article: 0 to 1."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.sum(row)))))


def _lowest() -> bytes:
    """For every 16-bit number the place of its lowest bit that is set (0 for 0)."""
    table = b"\0"
    for bit in range(LEAVES):
        table += bytes([bit]) + table[1:]
    return table


_LOWEST = _lowest()


@cache
def trained() -> Forest:
    """The trees this version was delivered with."""
    return read(json.loads(files("workers").joinpath("forest.json").read_text("utf-8")))


def read(found: dict[str, Any]) -> Forest:
    """Trees from their JSON: {"traits": names, "trees": [{"splits": [...], "leaves": [...]}]}.

    A split is [trait, bound, from, to]: values up to `bound` go to the leaves [from, to), larger ones to those after.
    """
    place = {name: at for at, name in enumerate(TRAITS)}
    asked = [place[name] for name in found["traits"]]
    trees = found["trees"]
    every = (1 << LEAVES * len(trees)) - 1
    ruled: dict[int, list[int]] = {}
    for number, tree in enumerate(trees):
        for trait, bound, start, end in tree["splits"]:
            out = ((1 << end) - (1 << start)) << LEAVES * number
            table = ruled.setdefault(asked[trait], [every] * VALUES)
            for value in range(bound + 1, VALUES):
                table[value] &= ~out
    leaves = tuple(tuple(tree["leaves"]) for tree in trees)
    return Forest(tuple((at, tuple(table)) for at, table in sorted(ruled.items())), leaves, every)
