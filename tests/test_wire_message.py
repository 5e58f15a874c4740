"""Claims of ingest/message.py: the bytes of a message as XML, however they were treated on their way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item
from ingest.message import Message

WHOLE = '<?xml version="1.0" encoding="utf-8"?><nitf><body><body.content><p>Über x</p></body.content></body></nitf>'


def item(raw: bytes) -> Item:
    (found,) = wires.read(raw, "x")
    return found


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (WHOLE.encode(), ""),
        (WHOLE.replace("utf-8", "utf-16").encode("utf-16"), ""),
        (WHOLE.replace("utf-8", "iso-8859-1").encode("latin-1"), ""),
        (WHOLE.replace("utf-8", "iso-8859-1").encode(), "decoded against its declaration"),
        (b"\n \n" + WHOLE.encode(), "mended around its root"),
        (b"\xef\xbb\xbf\n" + WHOLE.encode(), "mended around its root"),
        (b"Sent by <desk@x.example>\n" + WHOLE.encode(), "mended around its root"),
        (WHOLE.encode() + b"\n\x00\x1a\x04", "mended around its root"),
        (WHOLE.encode("latin-1"), "mended around its root"),
        (WHOLE.replace("Über x", "Über &x").encode(), "ampersands escaped"),
        (WHOLE.replace("<p>", '<p x:y="">').encode(), "recovered from XML that is not well-formed"),
    ],
)
def test_xml_is_read_as_what_it_was_meant_to_be_and_what_was_done_to_it_is_noted(raw: bytes, note: str) -> None:
    found = item(raw)
    assert found.body.replace("&", "") == "Über x"
    assert found.notes == ((note,) if note else ())


@pytest.mark.parametrize("raw", [WHOLE.encode()[:-9], WHOLE.encode() + b"<nitf/>", WHOLE.encode() + b"more"])
def test_xml_that_is_cut_short_or_goes_on_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable, match="no XML"):
        wires.read(raw, "x")


def test_text_that_mentions_xml_is_still_the_text_it_is() -> None:
    mail = f"From: a@x.example\nDate: Wed, 1 Jan 2031 10:00:00 +0100\nSubject: X\n\n{WHOLE}"
    assert item(mail.encode()).format == "nitf"  # its only part
    assert item(mail.replace("<nitf>", "").encode()).format == "mail"


MOMENTS = st.datetimes(datetime(1902, 1, 1), datetime(2098, 1, 1))  # noqa: DTZ001 (zones are put on below)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # nobody's moment: a zero in a place for one
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS)
def test_the_forms_of_one_instant_are_one_moment(clock: datetime, zone: timezone) -> None:
    moment = clock.replace(microsecond=0, tzinfo=zone)
    assume(moment != EPOCH)
    east = f"{moment:%z}"
    forms = (moment.isoformat(), f"{moment:%Y%m%dT%H%M%S}{east}", f"{moment:%Y-%m-%d %H:%M:%S} {east}")
    assert {found.at for form in forms if (found := Message(b"").when(form))} == {moment.astimezone(UTC)}
    assert all(Message(b"").when(form) for form in forms)


@given(MOMENTS)
def test_a_clock_without_a_zone_hangs_where_its_source_is(clock: datetime) -> None:
    clock, zone = clock.replace(microsecond=0), ZoneInfo("Europe/Vienna")
    assume(clock.replace(tzinfo=zone) != EPOCH)
    for form in (clock.isoformat(), f"{clock:%Y%m%dT%H%M%S}", f"{clock:%Y-%m-%d %H:%M:%S}"):
        placed, loose = Message(b"", zone=zone).when(form), Message(b"").when(form)
        assert placed and placed.at == clock.replace(tzinfo=zone).astimezone(UTC)
        assert loose and (loose.at, loose.wall) == (None, clock.isoformat())


@pytest.mark.parametrize("day", ["20310102", "2031-01-02", "2 January 2031"])
def test_a_day_is_a_day_and_no_moment_of_it(day: str) -> None:
    found = Message(b"", zone=ZoneInfo("Europe/Vienna")).when(day)
    assert found and (found.at, found.wall, found.day.isoformat()) == (None, None, "2031-01-02")


@pytest.mark.parametrize(
    "wrong", ["", "soon", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2031-01-01T10:00:00+19:00"]
)
def test_what_tells_no_moment_is_none(wrong: str) -> None:
    assert Message(b"").when(wrong) is None
