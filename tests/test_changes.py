"""Claims about what differs between two versions of one text."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from workers.changes import MOST, Change, cancel, compare, fold, lines, summary
from workers.sentences import sentences

PARTS = [
    "The pier fell.",
    "the pier fell!",
    "Nobody was hurt.",
    "12 people swam.",
    "14 people swam.",
    "“Why?”",
    "桟橋。",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=8).map("\n\n".join) | st.text()
CHANGES = st.builds(Change, *[st.lists(st.text()).map(tuple)] * 2, st.integers(0, 9))


def folds(text: str) -> Counter[str]:
    return Counter(map(fold, sentences(text)))


def test_a_reworded_sentence_is_one_removed_and_one_added() -> None:
    change = compare("The pier fell. Twelve swam. It rains.", "The pier fell. Fourteen swam. It rains.")
    assert change == Change(("Fourteen swam.",), ("Twelve swam.",), 2)


def test_a_moved_sentence_is_neither_added_nor_removed() -> None:
    assert compare("One fell.\n\nTwo swam.\n\nIt rains.", "It rains. One fell. Two swam.") == Change((), (), 3)


def test_a_sentence_that_is_said_once_more_is_added_once() -> None:
    assert compare("It rains.", "It rains. It snows. It rains.").added == ("It snows.", "It rains.")
    assert compare("It rains. It rains.", "It rains.") == Change((), ("It rains.",), 1)


def test_case_white_space_quotes_dashes_and_punctuation_are_no_change() -> None:
    before = '"It is late," she said - and left. Read COVID-19 news'
    after = "“IT is\u00a0late”, she said – and left… Read Covid‑19 news »"
    assert compare(before, after) == Change((), (), 2)


def test_the_marks_inside_numbers_are_what_they_say() -> None:
    for one, other in (
        ("3.5 metres", "35 metres"),
        ("won 2-1", "won 21"),
        ("at -5", "at 5"),
        ("$5", "€5"),
        ("5%", "5"),
    ):
        assert fold(one) != fold(other)
    assert fold("won 2–1") == fold("won 2-1")


def test_vowel_signs_are_letters() -> None:
    assert fold("แก") != fold("แก่")
    assert fold("की") != fold("का")


def test_what_is_equal_in_a_form_cancels_pair_by_pair_and_the_later_stays() -> None:
    assert cancel(["a1", "b", "a2"], ["A"], lambda s: s[0].lower()) == (["b", "a2"], [])


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert compare(text, text) == Change((), (), len(sentences(text)))


@given(TEXTS, TEXTS)
def test_the_way_back_is_the_mirror_of_the_way_there(before: str, after: str) -> None:
    there, back = compare(before, after), compare(after, before)
    assert (there.added, there.removed, there.kept) == (back.removed, back.added, back.kept)


@given(TEXTS, TEXTS)
def test_taking_away_and_adding_makes_the_one_text_of_the_other(before: str, after: str) -> None:
    change = compare(before, after)
    assert folds(before) - Counter(map(fold, change.removed)) + Counter(map(fold, change.added)) == folds(after)
    assert change.kept + len(change.removed) == len(sentences(before))
    assert change.kept + len(change.added) == len(sentences(after))


@given(TEXTS, TEXTS)
def test_nothing_is_both_added_and_removed(before: str, after: str) -> None:
    change = compare(before, after)
    assert not set(map(fold, change.added)) & set(map(fold, change.removed))


def test_a_summary_counts_all_and_shows_the_first_of_both_sides_in_turn() -> None:
    change = Change(("New one.", "New two.", "New three."), ("Old one.",), 7)
    assert summary(change) == {
        "added": 3,
        "removed": 1,
        "kept": 7,
        "plus": ["New one.", "New two.", "New three."],
        "minus": ["Old one."],
    }
    small = summary(change, 24)
    assert (small["plus"], small["minus"]) == (["New o…", "New t…", "New t…"], ["Old o…"])


def test_a_long_sentence_is_cut_and_leaves_room_for_others() -> None:
    shown = summary(Change(("long " * 1000, "Short."), ("Gone.",), 0))
    assert len(shown["plus"][0]) <= MOST // 4
    assert shown["plus"][0].endswith("…")
    assert shown["plus"][1:] == ["Short."]
    assert shown["minus"] == ["Gone."]


@given(CHANGES, st.integers(0, 300))
def test_a_summary_is_never_longer_than_it_may_be(change: Change, most: int) -> None:
    shown = summary(change, most)
    assert sum(map(len, shown["plus"] + shown["minus"])) <= most
    assert (shown["added"], shown["removed"]) == (len(change.added), len(change.removed))


def test_people_see_a_sentence_on_a_line_what_went_first() -> None:
    assert lines(Change(("It rains.",), ("It snows.", "It hails."), 3)) == ["- It snows.", "- It hails.", "+ It rains."]
    assert lines(Change((), (), 3)) == []
