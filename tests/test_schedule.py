"""When a feed is polled next and a page tried again: bounds that hold whatever was seen before."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import schedule
from ingest.model import Failed, Precision, Reason, Rejected, When
from ingest.schedule import DEAD, LONGEST, NEVER, OVERLAP, Pace

DAY = 86400.0
_rates = st.floats(0, 10, allow_nan=False)
_paces = st.builds(
    Pace,
    fast=_rates,
    slow=_rates,
    window=st.integers(0, 50_000),
    fails=st.floats(0, 1e6),
    interval=st.floats(0, 1e7),
)
_shortest = st.floats(1, 600)
_reasons: st.SearchStrategy[Reason] = st.sampled_from([*Failed, *Rejected])


def when(seconds: float) -> When:
    at = datetime.fromtimestamp(seconds, UTC)
    return When(Precision.INSTANT, at.date(), at)


@given(_paces, _shortest, st.floats(0, 1e9))
def test_an_interval_is_never_shorter_than_asked_for_nor_longer_than_an_hour(
    pace: Pace, shortest: float, hint: float
) -> None:
    assert shortest <= schedule.interval(pace, shortest, hint) <= max(LONGEST, shortest)


@given(_paces, _shortest)
def test_a_window_is_polled_before_more_than_its_overlap_share_is_new(pace: Pace, shortest: float) -> None:
    chosen = schedule.interval(pace, shortest)
    rate = max(pace.fast, pace.slow)
    if pace.window and rate and chosen > shortest:
        assert chosen * rate <= OVERLAP * pace.window * 1.001


@given(_paces, _shortest, st.floats(0, 1e9))
def test_a_publishers_hint_only_lengthens_and_within_reason(pace: Pace, shortest: float, hint: float) -> None:
    plain, hinted = schedule.interval(pace, shortest), schedule.interval(pace, shortest, hint)
    assert plain <= hinted <= max(4 * plain, shortest)


@given(_paces, st.integers(0, 500), st.integers(0, 50_000), st.floats(0, 400 * DAY))
def test_a_pace_stays_finite_and_an_answer_clears_the_failures(pace: Pace, new: int, window: int, span: float) -> None:
    seen = schedule.observed(pace, new, window, span)
    assert all(math.isfinite(v) and v >= 0 for v in (seen.fast, seen.slow))
    assert (seen.fails, seen.window) == (0.0, window)


@given(st.floats(1e-6, 0.1), st.integers(1, 200))
def test_more_news_never_means_a_later_poll(rate: float, window: int) -> None:
    slow, quick = Pace(fast=rate, slow=rate, window=window), Pace(fast=2 * rate, slow=rate, window=window)
    assert schedule.interval(quick, 1.0) <= schedule.interval(slow, 1.0)


def test_an_elapsed_time_of_days_counts_in_full() -> None:
    """A difference's `seconds` field wraps every day; 25 hours must weigh as 25 hours, not as one."""
    one = schedule.observed(Pace(), 100, 100, 3600.0)
    day_and_one = schedule.observed(Pace(), 100, 100, timedelta(hours=25).total_seconds())
    assert day_and_one.fast < one.fast / 5


@given(_paces, _reasons, _shortest, st.one_of(st.none(), st.floats(0, 2 * DAY)))
def test_a_feed_that_fails_is_asked_again_within_a_day_or_when_its_server_says(
    pace: Pace, reason: Reason, shortest: float, after: float | None
) -> None:
    wait = schedule.retry(schedule.failed(pace, reason), shortest, after)
    assert shortest <= wait <= max(DEAD, after or 0.0)
    assert wait >= (after or 0.0)


@pytest.mark.parametrize("reason", list(Failed))
def test_a_feed_that_failed_a_thousand_times_is_still_asked_daily(reason: Failed) -> None:
    pace = Pace(slow=1 / 3600, window=20)
    for _ in range(1000):
        pace = schedule.failed(pace, reason)
    assert schedule.retry(pace, 60.0, None) == DEAD


def test_three_errors_in_any_order_delay_a_feed_by_minutes_only() -> None:
    for order in ((Failed.GONE, Failed.SERVER, Failed.DNS), (Failed.NOT_FOUND,) * 3, (Failed.TIMEOUT, Failed.GONE)):
        pace = Pace(slow=1 / 3600, window=20)
        for reason in order:
            pace = schedule.failed(pace, reason)
        assert schedule.retry(pace, 60.0, None) <= 3600.0


@given(st.lists(_reasons, min_size=1, max_size=30))
def test_waits_grow_with_every_failure_in_a_row(reasons: list[Reason]) -> None:
    pace, last = Pace(slow=1 / 3600, window=20), 0.0
    for reason in reasons:
        pace = schedule.failed(pace, reason)
        wait = schedule.retry(pace, 60.0, None)
        assert wait >= last
        last = wait


@given(_reasons, st.one_of(st.none(), st.floats(0, 2 * DAY)))
def test_every_page_comes_to_an_end_after_a_bounded_number_of_tries(reason: Reason, after: float | None) -> None:
    tries = 1
    while (wait := schedule.next_try(reason, tries, after)) != NEVER:
        assert wait >= 0
        tries += 1
        assert tries < 20
    assert schedule.next_try(reason, tries + 1, after) == NEVER


@pytest.mark.parametrize("reason", [Failed.SERVER, Failed.CONNECT, Failed.DNS, Failed.TIMEOUT, Failed.ROBOTS_AWAY])
def test_a_site_that_is_down_for_a_night_loses_no_page(reason: Failed) -> None:
    waited, tries = 0.0, 1
    while (wait := schedule.next_try(reason, tries, None)) != NEVER:
        waited += wait
        tries += 1
    assert waited > 12 * 3600


@given(_reasons, st.floats(1, 30 * DAY))
def test_a_wait_a_server_names_holds_its_whole_host_at_most_a_day(reason: Reason, after: float) -> None:
    assert schedule.host_pause(reason, after) == min(after, DEAD)


def test_only_trouble_of_the_host_itself_holds_the_others_pages_back() -> None:
    assert schedule.host_pause(Failed.LIMITED, None) == 30.0
    assert schedule.host_pause(Failed.SERVER, None) > 0
    assert schedule.host_pause(Failed.NOT_FOUND, None) == 0
    assert schedule.host_pause(Rejected.ROBOTS, None) == 0


@given(st.lists(st.one_of(st.none(), st.floats(0, 4e9).map(when)), max_size=40), st.floats(1e9, 2e9))
def test_any_dates_of_a_first_body_give_a_rate_above_nothing(dates: list[When | None], now: float) -> None:
    rate = schedule.rate_of(dates, now)
    assert 0 < rate <= 40 / 3600


def test_a_first_body_tells_the_rhythm_and_dates_in_the_future_do_not() -> None:
    now = 1_800_000_000.0
    hourly = [when(now - 3600.0 * i) for i in range(1, 25)]
    assert schedule.rate_of(hourly, now) == pytest.approx(1 / 3600, rel=0.1)
    assert schedule.rate_of([*hourly, when(now + 9 * DAY)], now) == schedule.rate_of(hourly, now)
