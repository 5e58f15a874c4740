"""A site's drift is told within twenty articles, and sites that are merely various are left in peace."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import Article, Rejected
from workers import drift
from workers.drift import Change

PARAGRAPH = 230  # characters


def sample(length: int, confidence: int = 100, paragraphs: int = 0) -> str:
    """An article of about so many characters."""
    count = paragraphs or max(1, length // PARAGRAPH)
    part = "x" * max(1, (length - 2 * count) // count)
    return drift.article(Article(text="\n\n".join([part] * count), confidence=confidence))


def lengths(seed: int, spread: float = 0.6, middle: int = 4000) -> Iterator[int]:
    """The lengths of a site's articles, log-normal as they are."""
    dice = random.Random(seed)
    while True:
        yield int(middle * math.exp(dice.gauss(0, spread)))


def site(pages: int, seed: int = 1, spread: float = 0.6) -> str:
    found = lengths(seed, spread)
    return "".join(sample(next(found)) for _ in range(pages))


def told(before: str, page: Callable[[int], str], most: int = drift.RECENT) -> tuple[int, list[Change]]:
    """After how many further pages something is told, and what; 0 if nothing within `most`."""
    for number in range(1, most + 1):
        before += page(number)
        if found := drift.changes(before):
            return number, found
    return 0, []


@pytest.mark.parametrize("seed", range(10))
def test_a_text_that_collapses_to_a_third_is_told_within_twenty_articles(seed: int) -> None:
    found = lengths(seed + 100)
    number, changes = told(site(60, seed), lambda _: sample(next(found) * 3 // 10))
    assert 0 < number <= drift.RECENT
    assert changes[0].name == "characters"
    assert changes[0].after < changes[0].before / 2


@pytest.mark.parametrize("seed", range(10))
def test_a_text_that_collapses_to_a_teaser_is_told_within_ten_articles(seed: int) -> None:
    dice = random.Random(seed)
    number, (change, *_) = told(site(60, seed), lambda _: sample(dice.randint(120, 240)))
    assert 0 < number <= 10
    assert change.name == "characters"
    assert 100 < change.after < 260


@pytest.mark.parametrize("seed", range(10))
def test_a_menu_that_is_appended_to_every_text_is_told_within_twenty_articles(seed: int) -> None:
    found = lengths(seed + 100)
    number, (change, *_) = told(site(60, seed), lambda _: sample(next(found) + 6000))
    assert 0 < number <= drift.RECENT
    assert change.after > 1.7 * change.before


def test_paragraphs_that_run_together_are_told_though_no_word_is_lost() -> None:
    found = lengths(5)
    number, (change, *more) = told(site(60), lambda _: sample(next(found), paragraphs=1))
    assert 0 < number <= drift.RECENT
    assert (change.name, change.after, more) == ("paragraphs", 1, [])
    assert change.before > 8


def test_texts_of_one_paragraph_that_collapse_have_as_many_paragraphs_as_before() -> None:
    usual = "".join(sample(length, paragraphs=1) for length, _ in zip(lengths(1), range(60), strict=False))
    assert [c.name for c in drift.changes(usual + sample(200, paragraphs=1) * 12)] == ["characters"]


def test_a_confidence_that_falls_is_told() -> None:
    found = lengths(5)
    number, changes = told(site(60), lambda _: sample(next(found), 60))
    assert 0 < number <= drift.RECENT
    assert changes == [Change("confidence", 100, 60, number)]


def test_pages_that_are_suddenly_refused_are_told_with_the_reason() -> None:
    number, (change,) = told(site(60), lambda _: drift.refusal(Rejected.SCRIPT_ONLY))
    assert number == drift.REFUSALS
    assert change == Change("refused", 0, 100, drift.REFUSALS, "script-only")


def test_half_of_the_pages_refused_is_told() -> None:
    found = lengths(5)
    page = drift.refusal(Rejected.LISTING)
    number, (change, *_) = told(site(60), lambda n: page if n % 2 else sample(next(found)))
    assert 0 < number <= drift.RECENT
    assert change.name == "refused"
    assert change.reason == "listing"


def test_refused_pages_that_come_now_and_then_are_no_news() -> None:
    found = lengths(5)
    usual = "".join(drift.refusal(Rejected.VIDEO) if i % 4 == 0 else sample(next(found)) for i in range(100))
    assert told(usual, lambda n: drift.refusal(Rejected.VIDEO) if n % 3 == 0 else sample(next(found))) == (0, [])


def test_a_site_of_briefs_and_long_reads_has_runs_of_either() -> None:
    dice = random.Random(3)
    run = "".join(sample(dice.randint(500, 900)) for _ in range(12))
    usual = site(40) + run + site(40, 2)
    assert told(usual, lambda _: sample(dice.randint(500, 900)), 12) == (0, [])


@pytest.mark.parametrize("spread", [0.0, 0.3, 0.8, 1.3])
def test_a_site_that_stays_as_it_is_is_left_in_peace(spread: float) -> None:
    pages = site(600, 9, spread)
    for end in range(drift.SAMPLE, len(pages) + 1, 3 * drift.SAMPLE):
        assert drift.changes(pages[max(0, end - 1600) : end]) == []


def test_nothing_is_said_of_a_site_that_is_hardly_known() -> None:
    assert told(site(drift.LEAST - 1), lambda _: sample(100), 8) == (0, [])


def test_a_change_is_dated_from_the_first_page_that_shows_it() -> None:
    for number in range(8, 18):
        (change, *_) = drift.changes(site(60) + sample(150) * number)
        assert change.pages == number


def test_how_many_pages_ago_counts_refused_ones_too() -> None:
    video = drift.refusal(Rejected.VIDEO)
    pages = site(60) + (sample(150) + video) * 9
    (change,) = [c for c in drift.changes(pages) if c.name == "characters"]
    assert change.pages == 18


# --- the end of an alarm ---

FALL = [Change("characters", 4000, 300, 9)]


def test_an_alarm_ends_when_the_old_level_returns() -> None:
    found = lengths(7)
    back = [sample(next(found)) for _ in range(20)]
    since = "".join(sample(300) for _ in range(9))
    ends = [n for n in range(20) if drift.over(FALL, site(60) + since + "".join(back[:n]), n, 60) == "returned"]
    assert ends == list(range(drift.SHORTEST, 20))


def test_an_alarm_goes_on_while_the_new_level_lasts() -> None:
    assert drift.over(FALL, site(60) + sample(300) * 40, 31, 3 * drift.DAY) == ""
    assert drift.over(FALL, site(60) + sample(300) * 110, 101, 60) == "", "a busy site's morning is too soon"


def test_an_alarm_ends_when_the_new_level_is_the_usual_one() -> None:
    assert drift.over(FALL, sample(300) * 400, drift.SETTLED, drift.DAY) == "settled"


def test_an_alarm_over_several_things_ends_when_all_are_back() -> None:
    both = [*FALL, Change("refused", 0, 60, 9, "no-text")]
    found = lengths(7)
    page = drift.refusal(Rejected.NO_TEXT)
    pages = "".join(page if i % 2 else sample(next(found)) for i in range(30))
    assert drift.over(both, pages, 30, 60) == ""
    assert drift.over(both, pages + site(12), 42, 60) == "returned"


# --- any history ---

PAGE = st.one_of(
    st.builds(drift._pack, st.integers(0, 4095), st.integers(0, 63), st.integers(0, 50)),
    st.sampled_from([drift.refusal(reason) for reason in Rejected]),
)
RUNS = st.lists(st.tuples(PAGE, st.integers(1, 60)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(RUNS)
def test_any_sequence_of_pages_is_judged_and_what_is_told_is_there(runs: list[tuple[str, int]]) -> None:
    pages = "".join(page * number for page, number in runs)
    changes = drift.changes(pages)
    assert len({c.name for c in changes}) == len(changes) <= 4
    for change in changes:
        assert change.before != change.after
        assert drift.LASTING <= change.pages <= len(pages) // drift.SAMPLE - drift.LEAST
        assert drift.over([change], pages, drift.NEWEST, 1.0) in ("", "returned")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_string_is_a_history(text: str) -> None:
    found = drift.history(text)
    assert len(found.reasons) == len(text) // drift.SAMPLE
    drift.changes(text)


@given(st.integers(0, 10**9), st.integers(-5, 300))
@settings(max_examples=100, deadline=None)
def test_a_sample_has_its_size_and_says_the_confidence(paragraphs: int, confidence: int) -> None:
    found = drift.article(Article(text="\n\n".join(["a b"] * (paragraphs % 3000)), confidence=confidence))
    assert len(found) == drift.SAMPLE
    assert found.isascii()
    (percent,) = drift.history(found).values["confidence"]
    assert abs(percent - max(0, min(100, confidence))) <= 1


def test_a_reason_stays_what_it_was() -> None:
    assert [drift.history(drift.refusal(reason)).reasons for reason in Rejected] == [[reason] for reason in Rejected]
