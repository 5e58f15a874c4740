"""Claims about moments."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Article, Precision, When
from workers import framing

MOMENTS = st.datetimes(
    datetime(1902, 1, 2),  # noqa: DTZ001 (hypothesis wants bounds without a zone)
    datetime(2098, 1, 1),  # noqa: DTZ001
)
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS)
def test_an_instant_is_printed_on_its_source_s_own_clock_and_keeps_its_day(moment: datetime, zone: timezone) -> None:
    when = When.instant(moment.replace(tzinfo=zone))
    assert datetime.fromisoformat(when.local()) == when.at == moment.replace(tzinfo=zone)
    assert when.local()[:10] == when.day.isoformat() == moment.date().isoformat()
    assert when.iso().endswith("Z")


@given(MOMENTS, OFFSETS)
def test_the_same_instant_on_two_clocks_on_one_day_is_one_moment(moment: datetime, zone: timezone) -> None:
    here = When.instant(moment.replace(tzinfo=zone))
    there = When(Precision.INSTANT, here.day, here.at)
    assert here == there
    assert hash(here) == hash(there)
    assert here.iso() == there.iso() == there.local()


@given(MOMENTS, OFFSETS)
def test_the_pipe_to_the_page_child_keeps_the_clock(moment: datetime, zone: timezone) -> None:
    when = When.instant(moment.replace(tzinfo=zone))
    again = framing.article_from_json(framing.article_to_json(Article("x", published=when, free=False)))
    assert (again.published, again.free) == (when, False)
    assert again.published is not None
    assert again.published.local() == when.local()


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        When.instant(datetime(2026, 3, 1))  # noqa: DTZ001


def test_a_day_and_a_zoneless_clock_are_printed_as_days() -> None:
    assert When(Precision.DAY, date(2026, 3, 1)).local() == "2026-03-01"
    assert When(Precision.ZONELESS, date(2026, 3, 1), None, "2026-03-01T08:15:00").local() == "2026-03-01"
    assert When.instant(datetime(2026, 3, 1, tzinfo=UTC)).local() == "2026-03-01T00:00:00Z"
