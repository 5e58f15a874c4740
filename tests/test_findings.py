"""Which entries of a poll are new: decided by address, guid and title together, never by date or place in the list."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.findings import CHUNK, Findings, Listing, decide, hints, parts
from ingest.model import Entry, FeedDocument, Precision, When
from ingest.parcel import unpack

DAY = 86400.0
NOW = 1_800_000_000.0
TEXT = " ".join(f"word{i}" for i in range(80))


def listing(**more: Any) -> Listing:
    values: dict[str, Any] = {"first": False, "since": 7 * DAY, "retention": 14 * DAY, **more}
    return Listing("feed1", "http://news.test/feed", **values)


def entry(number: int | str, **more: Any) -> Entry:
    return Entry(**{"guid": f"id-{number}", "link": f"http://news.test/{number}", "title": f"Title {number}", **more})


def read(known: dict[str, str], *entries: Entry, at: float = NOW, **more: Any) -> Findings:
    """One poll: what it found, and `known` brought up to date as discover.lua does."""
    found = decide(listing(**more), FeedDocument("rss", entries), dict(known), at)
    for row in found.entries:
        known.setdefault(row["m"], row["v"])
    known.update(found.marks)
    for mark in found.old:
        known.pop(mark, None)
    return found


def instant(seconds: float) -> When:
    at = datetime.fromtimestamp(seconds, UTC)
    return When(Precision.INSTANT, at.date(), at)


def test_every_entry_is_taken_however_many_there_are() -> None:
    """A cap under a stored validator hides the rest for ever: the next answer is 304."""
    found = read({}, *(entry(i) for i in range(1000)))
    assert len(found.entries) == 1000
    steps = parts(found, {"state": ["etag", "x"]})
    assert sum(len(step["entries"]) for step, _ in steps) == 1000
    assert max(len(step["entries"]) for step, _ in steps) <= CHUNK


def test_validators_travel_with_the_last_step_only() -> None:
    steps = [step for step, _ in parts(read({}, *(entry(i) for i in range(450))), {"state": ["etag", "x"]})]
    assert [step["last"] for step in steps] == [False, False, True]
    assert ["state" in step for step in steps] == [False, False, True]


def test_an_empty_poll_still_stores_its_validators() -> None:
    ((step, pages),) = parts(read({}), {"state": ["etag", "x"]})
    assert (step["last"], step["state"], pages) == (True, ["etag", "x"], [])


def test_a_guid_that_changes_at_each_poll_makes_no_new_entry() -> None:
    known: dict[str, str] = {}
    assert len(read(known, entry(1, guid="random-1")).entries) == 1
    for poll in range(2, 6):
        assert read(known, entry(1, guid=f"random-{poll}")).entries == []


def test_an_address_that_changes_makes_no_new_entry_while_guid_and_title_stay() -> None:
    known: dict[str, str] = {}
    read(known, entry(1))
    assert read(known, entry(1, link="http://news.test/1?session=2")).entries == []


def test_an_entry_whose_guid_title_or_date_change_is_the_same_while_its_address_stays() -> None:
    known: dict[str, str] = {}
    read(known, entry(1))
    assert read(known, entry(1, guid="other", title="Corrected", published=instant(NOW + 9))).entries == []


def test_a_guid_shared_by_all_entries_loses_none() -> None:
    known: dict[str, str] = {}
    assert len(read(known, *(entry(i, guid="same") for i in range(5))).entries) == 5
    assert len(read(known, *(entry(i, guid="same") for i in range(10))).entries) == 5


def test_entries_under_one_title_are_told_apart_by_their_addresses() -> None:
    assert len(read({}, *(entry(i, guid=None, title="Live") for i in range(5))).entries) == 5


def test_a_late_entry_with_an_old_date_is_found() -> None:
    """A watermark by date would drop it."""
    known: dict[str, str] = {}
    read(known, entry(1, published=instant(NOW)), first=True)
    found = read(known, entry(1, published=instant(NOW)), entry(2, published=instant(NOW - 30 * DAY)))
    assert [row["u"] for row in found.entries] == ["http://news.test/2"]
    assert "end" not in found.entries[0]


def test_entries_older_than_since_are_recorded_as_rejected_at_the_first_poll_only() -> None:
    old, new = entry(1, published=instant(NOW - 8 * DAY)), entry(2, published=instant(NOW - 6 * DAY))
    found = read({}, old, new, entry(3), first=True)
    assert [row.get("end") for row in found.entries] == ["older", None, None]
    assert [row.get("end") for row in read({}, old, first=False).entries] == [None]


def test_an_entry_that_left_and_came_back_is_not_new() -> None:
    known: dict[str, str] = {}
    read(known, entry(1), entry(2))
    read(known, entry(2))
    assert read(known, entry(1), entry(2), at=NOW + 5 * DAY).entries == []


def test_a_mark_lives_while_its_entry_is_listed_and_retention_longer() -> None:
    known: dict[str, str] = {}
    read(known, entry(1), entry(2))
    for day in range(100):
        read(known, entry(2), at=NOW + day * DAY)
    assert len(known) == 1
    assert read(known, entry(2), at=NOW + 200 * DAY).entries == []


def test_a_query_is_part_of_an_address_and_trackers_are_not() -> None:
    first, second = entry(1, link="http://news.test/a?id=1"), entry(2, link="http://news.test/a?id=2")
    tracked = entry(3, guid="x", link="http://news.test/a?id=1&utm_source=rss")
    found = read({}, first, second, tracked)
    assert [row["u"] for row in found.entries] == ["http://news.test/a?id=1", "http://news.test/a?id=2"]


def test_a_date_keeps_its_zone_and_one_without_a_zone_keeps_that_it_has_none() -> None:
    at = datetime.fromisoformat("2026-03-01T23:30:00-05:00")
    zoned = hints(entry(1, published=When(Precision.INSTANT, at.date(), at.astimezone(UTC))), None)
    assert (zoned["published"], zoned["precision"]) == ("2026-03-02T04:30:00Z", "instant")
    bare = hints(entry(1, published=When(Precision.ZONELESS, at.date(), None, "2026-03-01T23:30:00")), None)
    assert (bare["published"], bare["precision"], bare["wall"]) == ("2026-03-01", "unknown-zone", "2026-03-01T23:30:00")


def test_each_entry_keeps_its_own_hints() -> None:
    """A closure in a loop binds the last item."""
    rows = read({}, *(entry(i) for i in range(5))).entries
    assert [json.loads(row["hint"])["title"] for row in rows] == [f"Title {i}" for i in range(5)]
    assert [row["g"] for row in rows] == [f"id-{i}" for i in range(5)]


def test_an_entry_without_link_and_text_is_rejected_by_name() -> None:
    (row,) = read({}, entry(1, link=None)).entries
    assert row["end"] == "no-link"


def test_an_entry_without_link_but_with_a_text_is_its_own_page() -> None:
    found = read({}, entry(1, link=None, content=f"<p>{TEXT}</p>"))
    assert "end" not in found.entries[0]
    parcel = unpack(found.pages[found.entries[0]["blob"] - 1])
    assert parcel.inline
    assert TEXT in parcel.body.decode()


def test_a_text_without_spaces_between_words_counts_as_a_text() -> None:
    text = "北京市政府周二宣布将在未来三年内扩建城市铁路网络。" * 8
    assert len(read({}, entry(1, link=None, content=f"<p>{text}</p>")).pages) == 1
    assert len(read({}, entry(1, content=f"<p>{text}</p>"), full_text=True).pages) == 1


def test_a_feed_of_full_texts_gives_its_texts_and_fetches_only_its_teasers() -> None:
    found = read({}, entry(1, content=f"<p>{TEXT}</p>"), entry(2, content="<p>Read more</p>"), full_text=True)
    assert ["blob" in row for row in found.entries] == [True, False]


def test_a_feed_of_teasers_has_its_pages_fetched_however_long_they_are() -> None:
    assert read({}, entry(1, content=f"<p>{TEXT}</p>")).pages == []


@pytest.mark.parametrize("link", ["ftp://news.test/x", "javascript:alert(1)", "http://[::1", "http://a b/"])
def test_a_link_that_cannot_be_asked_is_recorded_once_and_not_dropped(link: str) -> None:
    known: dict[str, str] = {}
    (row,) = read(known, entry(1, link=link)).entries
    assert row["end"] == "no-link"
    assert read(known, entry(1, link=link)).entries == []


# --- known entries that say something new ---


def changed(known: dict[str, str], *entries: Entry, **more: Any) -> list[dict[str, Any]]:
    return read(known, *entries, again=900.0, **more).changed


@pytest.mark.parametrize(
    "news",
    [{"title": "Corrected"}, {"updated": instant(NOW + 9)}, {"published": instant(NOW + 9)}],
    ids=lambda n: next(iter(n)),
)
def test_a_known_entry_with_another_title_or_date_says_something_new_once(news: dict[str, Any]) -> None:
    known: dict[str, str] = {}
    (row,) = read(known, entry(1, published=instant(NOW)), entry(2)).entries[:1]
    found = changed(known, entry(1, **{"published": instant(NOW), **news}), entry(2))
    assert [(r["rid"], r["m"], r["gap"]) for r in found] == [(row["rid"], row["m"], 900_000)]
    known[row["m"]] = found[0]["v"]
    assert changed(known, entry(1, **{"published": instant(NOW), **news}), entry(2)) == []


def test_what_surrounds_an_entry_says_nothing_of_it() -> None:
    known: dict[str, str] = {}
    read(known, entry(1, summary="<p>teaser</p>", picture="http://news.test/1.png"))
    assert changed(known, entry(1, summary="<p>another</p>", keywords=("x",))) == []


def test_a_text_in_a_feed_says_something_new_by_its_words_and_not_by_its_markup() -> None:
    known: dict[str, str] = {}
    read(known, entry(1, content=f"<p>{TEXT}</p>"), full_text=True)
    assert changed(known, entry(1, content=f'<p class="x">{TEXT}</p><img src="?{NOW}">'), full_text=True) == []
    news = entry(1, content=f"<p>{TEXT} and more</p>")
    found = read(known, news, full_text=True, again=900.0)
    assert "and more" in unpack(found.pages[found.changed[0]["blob"] - 1]).body.decode()


def test_a_text_in_a_feed_is_read_again_although_pages_are_not() -> None:
    known: dict[str, str] = {}
    read(known, entry(1, content=f"<p>{TEXT}</p>"), entry(2), full_text=True)
    news = (entry(1, content=f"<p>{TEXT} and more</p>"), entry(2, title="Another"))
    (row,) = read(known, *news, full_text=True, again=900.0, looks=False).changed
    assert "blob" in row


def test_marks_of_an_earlier_version_are_understood_and_nothing_is_said_of_them() -> None:
    known: dict[str, str] = {}
    read(known, *(entry(i) for i in range(5)))
    read(known, *(entry(i) for i in range(3)))
    old = {first: value[:8] + value[12:] for first, value in known.items()}
    assert sorted(len(v.partition("@")[0]) for v in old.values()) == [8] * 5
    found = read(old, *(entry(i, title=f"Title {i}", updated=instant(NOW)) for i in range(5)), again=900.0)
    assert (found.entries, found.changed) == ([], [])
    assert {len(v) for v in old.values()} == {12}
    assert len(changed(old, *(entry(i, title="Corrected") for i in range(5)))) == 5


def test_an_entry_that_left_and_comes_back_changed_says_so() -> None:
    known: dict[str, str] = {}
    read(known, entry(1), entry(2))
    read(known, entry(2))
    assert len(changed(known, entry(1, title="Corrected"), entry(2))) == 1


def test_where_nothing_is_ever_looked_at_again_nothing_is_said() -> None:
    known: dict[str, str] = {}
    read(known, entry(1))
    assert read(known, entry(1, title="Corrected")).changed == []


def test_news_of_known_entries_is_stored_in_small_steps_with_its_pages() -> None:
    known: dict[str, str] = {}
    count = CHUNK + 50
    read(known, *(entry(i, content=f"<p>{TEXT}</p>") for i in range(count)), full_text=True)
    news = (entry(i, content=f"<p>{TEXT} {i}</p>") for i in range(count))
    steps = parts(read(known, *news, full_text=True, again=900.0), {})
    assert [len(step["entries"]) for step, _ in steps] == [CHUNK, 50]
    assert all(unpack(pages[row["blob"] - 1]).inline for step, pages in steps for row in step["entries"])


_text = st.one_of(st.none(), st.text(max_size=8))
_link = st.one_of(st.none(), st.sampled_from(["/a", "/b?x=1", "http://other.test/c", "mailto:x", "\x00"]), _text)
_entries = st.lists(st.builds(Entry, guid=_text, link=_link, title=_text, summary=_text), max_size=12)


@given(_entries)
def test_any_entries_are_recorded_once_and_never_again(entries: list[Entry]) -> None:
    known: dict[str, str] = {}
    found = read(known, *entries)
    assert len({row["rid"] for row in found.entries}) == len(found.entries)
    assert len(found.entries) <= len(entries)
    assert bool(found.entries) == bool(entries)
    json.dumps(found.entries).encode()
    assert read(known, *entries).entries == []
    assert read(known, *reversed(entries)).entries == []
