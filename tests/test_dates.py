"""Claims about ingest/dates.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import dates
from ingest.model import Precision

INSTANTS = [
    ("Sun, 01 Mar 2026 08:15:00 +0100", "2026-03-01T07:15:00Z"),
    ("Sun, 01 Mar 2026 08:15:00 GMT", "2026-03-01T08:15:00Z"),
    ("Sun, 01 Mar 2026 08:15 -0000", "2026-03-01T08:15:00Z"),
    ("Sun, 1 Mar 26 08:15:00 EST", "2026-03-01T13:15:00Z"),
    ("1 Mar 2026 08:15:00 Z", "2026-03-01T08:15:00Z"),
    ("Sun, 01 Mar 2026 08:15:00 GMT+0200", "2026-03-01T06:15:00Z"),
    ("Sun, 01 Mar 2026 08:15:00 +0530 (IST)", "2026-03-01T02:45:00Z"),
    ("Sun, 01 Mar 2026 08:15:00 MESZ", "2026-03-01T06:15:00Z"),
    ("Sun, 01 Mar 2026 08:15:00 JST", "2026-02-28T23:15:00Z"),
    ("Sun, 01 Mar 2026 08:15:00 Europe/Berlin", "2026-03-01T07:15:00Z"),
    ("Sun, 01 Mar 2026 24:00:00 GMT", "2026-03-02T00:00:00Z"),
    ("2026-03-01T08:15:00Z", "2026-03-01T08:15:00Z"),
    ("2026-03-01T08:15:00.123456789+05:45", "2026-03-01T02:30:00Z"),
    ("2026-03-01 08:15:00 +0100", "2026-03-01T07:15:00Z"),
    ("2026-03-01T08:15:60Z", "2026-03-01T08:15:59Z"),
    ("2026-03-01T08:15+01", "2026-03-01T07:15:00Z"),
    ("20260301T081500Z", "2026-03-01T08:15:00Z"),
    ("March 1, 2026 8:15 pm EST", "2026-03-02T01:15:00Z"),
    ("Sun Mar 01 08:15:00 CET 2026", "2026-03-01T07:15:00Z"),
]
ZONELESS = [
    ("Sun, 01 Mar 2026 08:15:00", "2026-03-01T08:15:00"),
    ("2026-03-01T08:15:00", "2026-03-01T08:15:00"),
    ("Sun, 01 Mar 2026 08:15:00 XYZT", "2026-03-01T08:15:00"),  # a zone nobody knows is no zone
    ("Sonntag, 1. März 2026, 8:15 Uhr", "2026-03-01T08:15:00"),
    ("1 février 2026 à 08:15", "2026-02-01T08:15:00"),
    ("12 de mayo de 2026 10:30", "2026-05-12T10:30:00"),
    ("1 марта 2026, 08:15", "2026-03-01T08:15:00"),
    ("01.03.2026 08:15", "2026-03-01T08:15:00"),
    ("2026年3月1日 08:15", "2026-03-01T08:15:00"),
    ("25/06/2026 10:00", "2026-06-25T10:00:00"),
]
DAYS = ["2026-03-01", "20260301", "Sun, 01 Mar 2026", "March 1st, 2026", "1er mars 2026", "1. 3. 2026".replace(" ", "")]
NO_DATES = [
    "", " ", "yesterday", "08:15", "2026", "2026-03", "03/04/2026 10:00", "2026-02-30", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "Mon, 01 Jan 0001 00:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 GMT", "1772352900",
    "2026-03-01T25:00:00Z", "2026-03-01T08:15:00+99:00", "Sun, 01 Mar 2026 08:15:00 and so on", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), INSTANTS)
def test_a_date_with_a_zone_is_an_instant(text: str, expected: str) -> None:
    found = dates.read(text)
    assert (Precision.INSTANT, expected) == (found.precision, found.iso())


@pytest.mark.parametrize(("text", "expected"), ZONELESS)
def test_a_time_without_a_zone_stays_without_one(text: str, expected: str) -> None:
    found = dates.read(text)
    assert (Precision.ZONELESS, expected, None) == (found.precision, found.wall, found.at)


@pytest.mark.parametrize("text", DAYS)
def test_a_day_stays_a_day(text: str) -> None:
    found = dates.read(text, ZoneInfo("Europe/Berlin"))
    assert (Precision.DAY, date(2026, 3, 1), None) == (found.precision, found.day, found.at)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_or_an_ambiguous_or_absurd_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        dates.read(text)


def test_the_operators_zone_hangs_up_zoneless_clocks_and_no_others() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert dates.read("Wed, 01 Jul 2026 08:15:00", berlin).iso() == "2026-07-01T06:15:00Z"
    assert dates.read("Wed, 01 Jul 2026 08:15:00 GMT", berlin).iso() == "2026-07-01T08:15:00Z"
    assert dates.settle(dates.read("2026-07-01 08:15"), berlin).iso() == "2026-07-01T06:15:00Z"


def test_a_shared_abbreviation_means_the_operators_zone_where_that_uses_it() -> None:
    text = "Sun, 01 Mar 2026 08:15:00 IST"
    assert dates.read(text).iso() == "2026-03-01T02:45:00Z"
    assert dates.read(text, ZoneInfo("Asia/Jerusalem")).iso() == "2026-03-01T06:15:00Z"


def test_the_day_is_the_one_of_the_sources_own_zone() -> None:
    assert date(2026, 3, 1) == dates.read("2026-03-01T00:30:00+02:00").day


MOMENTS = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 (hypothesis wants bounds without a zone)
    datetime(2098, 12, 31),  # noqa: DTZ001
).map(lambda d: d.replace(microsecond=0))
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda q: timezone(timedelta(minutes=15 * q)))


@given(MOMENTS, OFFSETS)
def test_every_moment_written_by_the_standard_library_is_read_exactly(moment: datetime, offset: timezone) -> None:
    aware = moment.replace(tzinfo=offset)
    for text in (aware.isoformat(), format_datetime(aware), aware.isoformat(sep=" ")):
        found = dates.read(text)
        assert (aware.astimezone(UTC), aware.date()) == (found.at, found.day)


@given(st.one_of(st.text(max_size=120), st.text("0123456789:-+/. TZapmGMTJanuarySept,()", max_size=60)))
def test_any_text_is_a_date_or_refused_and_never_a_naive_time(text: str) -> None:
    try:
        found = dates.read(text)
    except ValueError:
        return
    assert (found.at is not None) == (found.precision is Precision.INSTANT)
    assert (found.wall is not None) == (found.precision is Precision.ZONELESS)
    assert found.at is None or found.at.tzinfo is UTC
    assert found.day.year in dates.YEARS
