"""Claims about dates in lines that readers see."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Precision, When
from workers import stamps

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    "line",
    [
        "March 4, 2026", "4 March 2026", "4. März 2026", "Published: Mar 4, 2026", "By Ada Roe | 4 mars 2026",
        "Wednesday, March 4th, 2026", "2026-03-04", "2026年3月4日", "2026. 3. 4.", "04.03.2026", "04.03.26",
        "Posted by Ada Roe at March 4, 2026", "March 4 2026 - Average reading time: 12 min", "4 de marzo de 2026",
        "4 марта 2026", "13 min read · Mar 4, 2026",
    ],
)  # fmt: skip
def test_a_day_is_found_in_the_lines_it_is_written_in(line: str) -> None:
    assert stamps.read([line], "en-GB", None).published == When(Precision.DAY, DAY)


@pytest.mark.parametrize(
    ("region", "day"), [("en-US", date(2026, 3, 4)), ("en-GB", date(2026, 4, 3)), ("de", date(2026, 4, 3))]
)
def test_the_country_says_which_number_is_the_month(region: str, day: date) -> None:
    assert stamps.read(["03/04/2026"], region, None).published == When(Precision.DAY, day)


@pytest.mark.parametrize("region", [None, "en", "en-CA"])
def test_where_nobody_says_which_number_is_the_month_there_is_no_date(region: str | None) -> None:
    assert stamps.read(["03/04/2026"], region, None) == stamps.Stamps()
    assert stamps.read(["25/04/2026"], region, None).published == When(Precision.DAY, date(2026, 4, 25))


def test_a_clock_hangs_where_the_line_says_and_nowhere_else() -> None:
    told = stamps.read(["March 4, 2026 at 9:00 am PST"], None, None).published
    assert told is not None
    assert told.at == datetime(2026, 3, 4, 17, tzinfo=UTC)
    wall = stamps.read(["04.03.2026 | 14:07 Uhr"], "de", None).published
    assert wall == When(Precision.ZONELESS, DAY, None, "2026-03-04T14:07:00")
    hung = stamps.read(["04.03.2026 | 14:07 Uhr"], "de", ZoneInfo("Europe/Berlin")).published
    assert hung is not None
    assert hung.at == datetime(2026, 3, 4, 13, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "lines",
    [
        ["Last updated: March 4, 2026"], ["Updated on", "March 4, 2026"], ["Zuletzt aktualisiert: 4. März 2026"],
        ["Mis à jour le 4 mars 2026"], ["更新：2026年3月4日"], ["Обновлено 4 марта 2026"],
    ],
)  # fmt: skip
def test_a_change_is_no_publication(lines: list[str]) -> None:
    assert stamps.read(lines, None, None) == stamps.Stamps(None, When(Precision.DAY, DAY))


def test_a_line_may_tell_both() -> None:
    found = stamps.read(["March 1, 2026 (updated March 4, 2026)"], None, None)
    assert found == stamps.Stamps(When(Precision.DAY, date(2026, 3, 1)), When(Precision.DAY, DAY))


@pytest.mark.parametrize(
    "line",
    [
        "The end of the season for most of the harbours of the coast is April 15, 2026.",
        "version 1.2.24", "10.12.9.1", "call 030 2026 4411", "Room 4, 2026", "2026",
        "March 44, 2026", "30.02.2026", "4 people 2026",
    ],
)  # fmt: skip
def test_dates_of_other_things_and_other_numbers_are_no_date(line: str) -> None:
    assert stamps.read([line], "de", None).published is None


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y"]))
def test_every_day_that_is_written_out_is_read_back(day: date, form: str) -> None:
    assert stamps.read([f"Posted on {day.strftime(form)}"], None, None).published == When(Precision.DAY, day)


@given(st.lists(st.one_of(st.text(max_size=60), st.text("0123456789./-:, Marchpm年月日", max_size=40)), max_size=5))
def test_no_text_raises_or_makes_a_naive_time(lines: list[str]) -> None:
    found = stamps.read(lines, "de", None)
    for when in (found.published, found.modified):
        assert when is None or (when.at is not None) == (when.precision is Precision.INSTANT)
