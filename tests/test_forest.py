"""Claims about the trees: QuickScorer says what a walk from root to leaf says, for any trees and any row."""

from __future__ import annotations

import json
import math
import random
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers import forest
from workers.forest import LEAVES, VALUES
from workers.traits import TRAITS

DELIVERED = json.loads(files("workers").joinpath("forest.json").read_text("utf-8"))
ROWS = st.lists(st.integers(0, VALUES - 1), min_size=len(TRAITS), max_size=len(TRAITS))


def walked(tree: dict[str, Any], asked: list[int], row: list[int]) -> float:
    """The leaf that a row falls into: from the root downwards, one question at a time.

    A node owns the leaves [low, high); among the splits that begin at low, its own is the one that ends last before
    high, since every split further down to the left ends before it.
    """
    low, high = 0, len(tree["leaves"])
    while high - low > 1:
        trait, bound, _, end = max((s for s in tree["splits"] if s[2] == low and s[3] < high), key=lambda s: s[3])
        low, high = (low, end) if row[asked[trait]] <= bound else (end, high)
    leaf = tree["leaves"][low]
    assert isinstance(leaf, float)
    return leaf


def chance(found: dict[str, Any], row: list[int]) -> float:
    """The whole forest, tree by tree."""
    asked = [TRAITS.index(name) for name in found["traits"]]
    odds = sum(walked(tree, asked, row) for tree in found["trees"])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@st.composite
def grown(draw: st.DrawFn) -> dict[str, Any]:
    """A forest of random trees with one to LEAVES leaves that ask about a few traits."""
    names = draw(st.lists(st.sampled_from(TRAITS), min_size=1, max_size=6, unique=True))
    dice = draw(st.randoms(use_true_random=False))

    def split(low: int, high: int) -> list[list[int]]:
        if high - low < 2:
            return []
        end = dice.randrange(low + 1, high)
        own = [dice.randrange(len(names)), dice.randrange(VALUES - 1), low, end]
        return [*split(low, end), own, *split(end, high)]

    trees = []
    for _ in range(draw(st.integers(0, 5))):
        leaves = dice.randint(1, LEAVES)
        trees.append({"splits": split(0, leaves), "leaves": [round(dice.uniform(-2, 2), 4) for _ in range(leaves)]})
    return {"traits": names, "trees": trees}


@settings(max_examples=80, deadline=None)
@given(grown(), ROWS)
def test_any_forest_answers_as_a_walk_through_its_trees_does(found: dict[str, Any], row: list[int]) -> None:
    assert forest.read(found).chance(row) == pytest.approx(chance(found, row), abs=1e-12)


def test_the_delivered_forest_answers_as_a_walk_through_its_trees_does() -> None:
    dice, trained = random.Random(7), forest.trained()
    for _ in range(60):
        row = [dice.randrange(dice.choice((2, 6, 12, VALUES))) for _ in TRAITS]
        assert trained.chance(row) == pytest.approx(chance(DELIVERED, row), abs=1e-9)


def test_the_values_at_a_bound_and_next_to_it_go_the_right_ways() -> None:
    tree = {"splits": [[0, 5, 0, 1]], "leaves": [-1.0, 1.0]}
    found = forest.read({"traits": [TRAITS[3]], "trees": [tree]})
    below, above = ([0] * 3 + [value] + [0] * (len(TRAITS) - 4) for value in (5, 6))
    assert found.chance(below) == pytest.approx(1 / (1 + math.e))
    assert found.chance(above) == pytest.approx(1 / (1 + 1 / math.e))


@pytest.mark.parametrize(("odds", "expected"), [(-1e9, 0.0), (1e9, 1.0), (0.0, 0.5)])
def test_a_chance_is_one_however_large_the_odds(odds: float, expected: float) -> None:
    found = forest.read({"traits": [], "trees": [{"splits": [], "leaves": [odds]}]})
    assert found.chance([0] * len(TRAITS)) == pytest.approx(expected, abs=1e-9)


def test_trees_that_ask_about_an_unknown_trait_are_not_read() -> None:
    with pytest.raises(KeyError, match="smell"):
        forest.read({"traits": ["smell"], "trees": []})


def test_the_delivered_trees_fit_the_tables_they_are_read_into() -> None:
    assert set(DELIVERED["traits"]) <= set(TRAITS)
    assert len(DELIVERED["trees"]) > 20
    for tree in DELIVERED["trees"]:
        assert 1 <= len(tree["leaves"]) <= LEAVES
        assert len(tree["splits"]) == len(tree["leaves"]) - 1
        for trait, bound, low, high in tree["splits"]:
            assert 0 <= trait < len(DELIVERED["traits"])
            assert 0 <= bound < VALUES - 1
            assert 0 <= low < high < len(tree["leaves"])


def test_the_delivered_trees_are_loaded_once() -> None:
    assert forest.trained() is forest.trained()
