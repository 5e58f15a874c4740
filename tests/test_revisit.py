"""When delivered pages are looked at again: bounds that hold whatever was seen; and when a missing page is gone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from ingest import revisit, schedule
from ingest.errors import TryLater
from ingest.fetch import Ask
from ingest.ledger import address_key
from ingest.look import Look, Unread
from ingest.model import Failed, Fetched
from ingest.parcel import Parcel
from ingest.revisit import Terms
from ingest.schedule import FAR, NEVER, Absence

DAY = 86400.0
KEEP = 14 * DAY
TERMS = Terms(900.0, KEEP)
URL = "http://news.test/a"
_seconds = st.floats(0, 60 * DAY)


def look(**more: Any) -> Look:
    return Look(**{"still": 900.0, "age": 900.0, "own": (address_key(URL),), "last": "e1", **more})


def got(status: int = 200, body: bytes = b"", url: str = URL, **headers: str) -> Fetched:
    return Fetched(url, status, {k.replace("_", "-"): v for k, v in headers.items()}, body, (url,))


# --- the schedule ---


def test_looks_come_after_15_minutes_30_an_hour_two_and_so_on() -> None:
    at, waits = 0.0, []
    while (wait := schedule.revisit(at, at, 900.0, KEEP)) != NEVER:
        waits.append(wait)
        at += wait
    assert waits[:5] == [900, 900, 1800, 3600, 7200]
    assert waits[-1] == FAR
    assert len(waits) == 13, "twelve looks; the thirteenth would come when the record is forgotten"


@given(_seconds, _seconds, st.floats(0.01, DAY))
def test_a_wait_is_never_shorter_than_the_first_nor_longer_than_four_days(
    age: float, still: float, first: float
) -> None:
    wait = schedule.revisit(max(age, still), still, first, KEEP)
    assert wait == NEVER if still >= KEEP else first <= wait <= FAR


@given(_seconds, st.floats(1, DAY))
def test_a_change_starts_the_waits_anew(age: float, first: float) -> None:
    assert schedule.revisit(age, 0.0, first, KEEP) <= max(first, age / schedule.OFTEN)


def test_a_page_that_changes_at_every_look_gets_a_bounded_number_of_looks() -> None:
    at, looks = 0.0, 0
    while at < KEEP:
        at += schedule.revisit(at, 0.0, 900.0, KEEP)
        looks += 1
    assert looks < 250


# --- the question ---


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"etag": '"a"', "last-modified": "Sun, 22 Nov 2026 10:00:00 GMT"}, 'e"a"'),
        ({"last-modified": "Sun, 22 Nov 2026 10:00:00 GMT"}, "mSun, 22 Nov 2026 10:00:00 GMT"),
        ({"etag": '"' + "x" * 300 + '"'}, ""),
        ({"etag": 'W/"\u00e9"'}, ""),
        ({}, ""),
    ],
)
def test_one_short_validator_is_kept(headers: dict[str, str], kept: str) -> None:
    assert revisit.validator(headers) == kept


def test_every_eighth_look_and_those_days_apart_ask_without_validators() -> None:
    ask = Ask(URL, 1, 1)
    etags = [revisit.asking(ask, look(validator='e"a"', looks=n)).etag for n in range(16)]
    assert [n for n, etag in enumerate(etags) if etag is None] == [7, 15]
    assert revisit.asking(ask, look(validator='e"a"', still=3 * DAY)).etag is None
    assert revisit.asking(ask, look(validator="mSun", looks=1)).modified == "Sun"


# --- what a commit says of the next look ---


def later(terms: Terms = TERMS, inline: bool = False, **record: str) -> dict[str, Any]:
    row = {"u": URL, "k": address_key(URL), "t": "0", "e": "3600000", "now": "7200000", **record}
    return revisit.later(terms, row, Parcel(URL, b"x", 0.0, {"etag": '"a"'}, inline=inline), 1e9)


def test_a_commit_says_when_to_look_after_a_change_and_after_none_by_the_servers_clock() -> None:
    said = later()
    assert said["rv"] == [900_000, 3_600_000]
    assert (said["va"], said["vb"]) == ('e"a"', revisit.digest(b"x"))


def test_texts_of_feeds_entries_without_an_address_and_where_it_is_turned_off_nothing_is_looked_at() -> None:
    off = revisit.terms(Settings(revisits=0))
    assert later(inline=True) == later(k="of its own") == later(off) == {"rv": [0, 0]}
    assert revisit.terms(Settings()) == TERMS


# --- the answer ---


def test_a_304_and_the_same_bytes_are_no_work_for_a_worker() -> None:
    body = b"<p>text"
    for answer in (got(304), got(200, body, etag='"new"')):
        end = revisit.answered(look(body=revisit.digest(body)), answer, TERMS, "[]")
        assert isinstance(end, Unread)
        assert (end.reason, end.wait) == ("", 900.0)
    assert end.validator == 'e"new"'


def test_other_bytes_go_to_a_worker() -> None:
    end = revisit.answered(look(body=revisit.digest(b"old")), got(200, b"new"), TERMS, "[]")
    assert isinstance(end, Parcel)
    assert (end.body, end.gone) == (b"new", 0)


@given(st.sampled_from([f for f in Failed if f not in (Failed.GONE, Failed.NOT_FOUND)]), st.floats(0, 13 * DAY))
def test_a_failed_look_waits_for_the_next_and_counts_for_nothing(reason: Failed, still: float) -> None:
    end = revisit.failed(look(still=still, age=still), TryLater(reason, URL), TERMS, "[]")
    assert 900.0 <= end.wait <= FAR
    assert (end.reason, end.absent) == (str(reason), None)


def answers(*times: tuple[float, int], answered: bool = True) -> list[float]:
    """What each of these (seconds, status) in a row means."""
    seen, found = Absence(), []
    for at, status in times:
        seen = Absence(seen.times, seen.gone, at - times[0][0] if seen.times else 0.0).seen(status)
        found.append(schedule.gone(seen, answered, 900.0))
    return found


def test_410_twice_is_gone_for_good_and_once_is_not() -> None:
    assert answers((0, 410), (900, 410)) == [900.0, 0.0]


def test_404_is_gone_for_good_at_the_third_time_and_after_a_day() -> None:
    first, second, third = answers((0, 404), (3600, 404), (DAY, 404))
    assert (first, second, third) == (3600.0, DAY - 3600, 0.0)
    assert min(answers(*((h * 3600, 404) for h in range(23)))) > 0
    assert answers((0, 404), (2 * DAY, 404))[-1] > 0


@given(st.lists(st.tuples(st.floats(0, 5 * DAY), st.sampled_from([404, 410])), min_size=1, max_size=12))
def test_nothing_is_gone_while_no_other_page_of_its_host_answers(rows: list[tuple[float, int]]) -> None:
    assert all(900.0 <= wait <= FAR for wait in answers(*sorted(rows), answered=False))


@given(st.lists(st.tuples(st.floats(0, 5 * DAY), st.sampled_from([404, 410])), min_size=1, max_size=12))
def test_what_is_gone_was_missing_twice_by_410_or_three_times_over_a_day(rows: list[tuple[float, int]]) -> None:
    rows = sorted(rows)
    for n, wait in enumerate(answers(*rows), 1):
        if not wait:
            before = rows[:n]
            assert [s for _, s in before].count(410) >= 2 or (n >= 3 and before[-1][0] - before[0][0] >= DAY)


def test_an_alias_that_is_missing_takes_nobodys_document_away() -> None:
    missing = got(410, url="http://news.test/alias")
    end = revisit.answered(look(absent=Absence(5, 5, DAY), answered=True), missing, TERMS, "[]")
    assert isinstance(end, Unread)
    assert end.absent is None


def test_a_page_gone_for_good_is_told_to_a_worker_once_only() -> None:
    absent = Absence(1, 1, 900.0)
    end = revisit.answered(look(absent=absent, answered=True), got(410), TERMS, "[]")
    assert isinstance(end, Parcel)
    assert (end.gone, end.last) == (410, "e1")
    again = revisit.answered(look(absent=absent, answered=True, withdrawn=True), got(410), TERMS, "[]")
    assert isinstance(again, Unread)


def test_a_withdrawn_page_is_looked_at_daily_at_least_until_it_is_forgotten() -> None:
    waits = [TERMS.wait(look(still=d * DAY, age=d * DAY, withdrawn=True)) for d in range(15)]
    assert max(waits[:14]) == DAY
    assert waits[14] == NEVER
