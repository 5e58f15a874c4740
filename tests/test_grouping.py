"""The measures of the benchmarks of relations, on groupings small enough to count by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.babble import text
from tests.bench.grouping import Figures, Found, Label, figures, related
from tests.bench.rivals import exact, simhash
from tests.shares import allowed, runs, shares

LABELS = {
    "a1": Label("a", "base", "article"),
    "a2": Label("a", "trunc50", "article", "a1"),
    "b1": Label("b", "weather", "robot"),
    "b2": Label("b", "weather", "robot", "b1"),
    "c1": Label("c", "short", "short"),
}


def found(**stories: str) -> Figures:
    return figures(LABELS, {name: Found(story) for name, story in stories.items()})


def test_the_true_grouping_has_every_figure_at_one() -> None:
    told = found(a1="x", a2="x", b1="y", b2="y", c1="z")
    assert (told.precision, told.recall, told.f1, told.ari, told.false) == (1, 1, 1, 1, {})


def test_documents_nobody_spoke_of_stand_alone() -> None:
    told = found(a1="x", a2="x")
    assert (told.precision, told.recall) == (1, 0.5)


def test_everything_in_one_story_recalls_all_and_is_no_better_than_chance() -> None:
    told = found(a1="x", a2="x", b1="x", b2="x", c1="x")
    assert told.recall == 1
    assert [told.precision, told.ari] == pytest.approx([2 / 10, 0])


def test_pairs_wrongly_put_together_are_counted_by_family() -> None:
    told = found(a1="x", a2="x", b1="x", b2="y", c1="y")
    assert told.false == {("article", "robot"): 2, ("robot", "short"): 1}


def test_the_share_kept_with_the_base_is_told_by_kind() -> None:
    assert found(a1="x", a2="q", b1="y", b2="y", c1="z").kept == {"trunc50": 0.0, "weather": 1.0}


@given(st.dictionaries(st.sampled_from(sorted(LABELS)), st.sampled_from("xyz")))
def test_f1_lies_between_precision_and_recall_whatever_the_grouping(stories: Mapping[str, str]) -> None:
    told = found(**stories)
    low, high = sorted((told.precision, told.recall))
    assert low - 1e-9 <= told.f1 <= high + 1e-9
    assert told.ari <= 1


TEXTS = {"a1": text(1, 1, 0), "a2": " ".join(text(1, 1, 0).split()[:150]), "b1": text(1, 2, 0), "b2": text(1, 2, 0)}


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ({"a2": Found("x", "excerpt", "a1"), "b2": Found("y", "copy", "b1")}, 1.0),
        ({"a2": Found("x", "copy", "a1"), "b2": Found("y", "copy", "b1")}, 0.5),  # half of it is no copy
        ({"a2": Found("x", "excerpt", "b1"), "b2": Found("y", "copy", "b1")}, 0.5),  # another story
        ({"a2": Found("x", "excerpt", "a2"), "b2": Found("y", "copy", "b1")}, 0.5),  # itself
        ({}, 0.0),
    ],
)
def test_a_relation_is_right_when_it_points_into_the_story_with_an_allowed_word(
    said: Mapping[str, Found], share: float
) -> None:
    assert related(["a1", "b1", "a2", "b2"], TEXTS, LABELS, said) == share


def test_whichever_comes_first_needs_no_relation() -> None:
    said = {"a1": Found("x", "extends", "a2"), "b2": Found("y", "copy", "b1")}
    assert related(["a2", "a1", "b1", "b2"], TEXTS, LABELS, said) == 1.0


# --- runs and their shares ---


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("one two three four five six seven eight nine ten", "One, two: three four five six"),
        ("港务局在清河市推迟了关于旧桥的年度报告因为居民抱怨", "港务局在清河市推迟了关于旧桥的"),
        ("สำนักงานท่าเรือเลื่อนการประกวดราคาเรื่องน้ำดื่มเมื่อวันจันทร์", "สำนักงานท่าเรือเลื่อนการประกวดราคา"),
        ("أجّل مكتب الميناء في عين الورد طلب العروض يوم الاثنين", "أجّل مكتب الميناء في عين الورد"),
    ],
)
def test_a_part_stands_wholly_in_the_whole_in_every_script(whole: str, part: str) -> None:
    a, b = shares(runs(part), runs(whole))
    assert a == 1
    assert 0 < b < 1


@given(st.text(), st.text())
def test_shares_are_shares_and_turn_round_with_the_texts(one: str, other: str) -> None:
    a, b = shares(runs(one), runs(other))
    assert 0 <= a <= 1
    assert shares(runs(other), runs(one)) == (b, a)
    assert shares(runs(one), runs(one)) == (1, 1)


@given(st.floats(0, 1), st.floats(0, 1))
def test_wherever_the_two_shares_lie_some_word_is_right(a: float, b: float) -> None:
    assert allowed(a, b)


# --- other methods, invented texts ---


def test_equal_words_are_one_story_by_exact_hash_and_near_ones_by_simhash() -> None:
    texts = {"one": TEXTS["b1"], "two": TEXTS["b1"].upper(), "near": TEXTS["b1"] + " more", "far": TEXTS["a1"]}
    stories = exact(texts)
    assert stories["one"] == stories["two"] != stories["near"]
    near = simhash(10, texts)
    assert near["one"] == near["two"] == near["near"] != near["far"]


def test_the_wanted_share_of_invented_texts_are_copies_of_earlier_ones() -> None:
    told = [runs(text(3, n, 0.7)) for n in range(60)]
    copies = sum(max(shares(one, other)[0] for other in told[:at]) > 0.3 for at, one in enumerate(told) if at)
    assert 30 <= copies <= 50
