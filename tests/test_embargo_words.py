"""Embargoes announced in words: what is one, and which moment it tells."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from ingest import dates
from ingest.wire.parts import embargo

BERLIN = ZoneInfo("Europe/Berlin")
MADE = dates.read("2024-10-09T10:00:00+02:00")  # a Wednesday


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("(Meldung Sperrfrist 9. Oktober 14.20 Uhr - Preis)", "2024-10-09T12:20:00Z"),
        ("Sperrfrist: 14.30 Uhr", "2024-10-09T12:30:00Z"),
        ("Sperrfrist 7.45 Uhr", "2024-10-10T05:45:00Z"),
        ("Sperrfrist: Freitag, 18 Uhr", "2024-10-11T16:00:00Z"),
        ("Sperrfrist: Mittwoch, 16.10.2024, 14:30 Uhr MESZ", "2024-10-16T12:30:00Z"),
        ("Sperrfrist 2. Januar 06.00 Uhr", "2025-01-02T05:00:00Z"),
        ("EMBARGOED until 0001 GMT Tuesday, October 15", "2024-10-15T00:01:00Z"),
        ("EMBARGOED FOR RELEASE AT 12:01 a.m. EST, Thursday, Dec. 5, 2024", "2024-12-05T05:01:00Z"),
        ("HOLD FOR RELEASE 6 a.m. EDT Friday", "2024-10-11T10:00:00Z"),
        ("Not for publication before 1200 GMT", "2024-10-09T12:00:00Z"),
        ("EMBARGO jusqu'au 10 octobre 2024 à 14h30", "2024-10-10T12:30:00Z"),
        ("Embargo hasta las 14:00 GMT", "2024-10-09T14:00:00Z"),
        ("Texte soumis à un embargo pour publication jusqu'à 10.10.2024 14h30", "2024-10-10T12:30:00Z"),
        ("Être soumis(e) à un embargo jusqu'au 10 octobre 2024 à 14h30", "2024-10-10T12:30:00Z"),
        ("حظر للنشر حتى 10.10.2024 12:00 GMT", "2024-10-10T12:00:00Z"),
        ("Эмбарго для публикации до 12:00 GMT 10 октября", "2024-10-10T12:00:00Z"),
        ("Sperrfrist: 2024-10-10T06:00:00+02:00", "2024-10-10T04:00:00Z"),
        ("For release Friday, Oct. 11, and thereafter", "2024-10-11"),
        ("STRICTLY EMBARGOED until 24.00 Uhr Mittwoch", "2024-10-09T22:00:00Z"),
    ],
)
def test_an_announcement_tells_its_moment(line: str, until: str) -> None:
    assert embargo.announced(line)
    moment = embargo.moment(line, MADE, BERLIN)
    assert moment and moment.iso() == until


@pytest.mark.parametrize(
    "line",
    [
        "Sperrfrist: Redebeginn",
        "(Sperrfrist bei Beginn der Rede)",
        "Embargoed until Thursday",
        "For release on the day of the vote and thereafter",
        "$Adv11",
        "Embargo until 10:00 local time",
        "EMBARGO",
        "Embargoed until midnight Friday GMT",
        "(Embargo until 10/11/2024 12:00)",
        "Sperrfrist 3. Oktober 14.20 Uhr",
        "Sperrfrist 31. Februar 14.20 Uhr",
        "Sperrfrist Freitagabend 18.00 Uhr",
        "Sperrfrist Freitag nächster Woche 18.00 Uhr",
        "Embargoed until 14:00 GMT on polling day",
        "Sperrfrist 9. Oktober 14.20 Uhr, gilt nicht vor 11. Oktober",
    ],
)
def test_an_announcement_may_tell_no_moment_for_certain(line: str) -> None:
    assert embargo.announced(line)
    assert embargo.moment(line, MADE, BERLIN) is None


@pytest.mark.parametrize(
    "line",
    [
        "Hintergrund - Embargo gegen Oldland",
        "Das Embargo bis 2025 verlängert",
        "The embargo was lifted at 1200 GMT",
        "Sperrfrist aufgehoben",
        "Sperrfrist für Arbeitslosengeld gekippt",
        "Embargo-Streit: 12 Schiffe",
        "not for publication",
        "Waffenembargo: 12 Staaten",
        "Released at 12:00 GMT",
        "Le pays soumis à un régime sans embargo",
        "For release in cinemas on Friday",
        "Adv11 of the marsh",
    ],
)
def test_what_only_speaks_of_embargoes_announces_none(line: str) -> None:
    assert not embargo.announced(line)
    assert not embargo.opens(line)


def test_of_two_clocks_that_may_be_meant_the_later_one_counts() -> None:
    greenwich = dates.read("2024-10-09 08:00 GMT")
    moment = embargo.moment("Embargoed until 14:00", greenwich, BERLIN)
    assert moment and moment.iso() == "2024-10-09T14:00:00Z"


def test_where_no_zone_is_known_the_moment_is_a_clock_without_one() -> None:
    for line in ("Sperrfrist 9.10.2024, 14.30 Uhr", "Sperrfrist 14.30 Uhr"):
        moment = embargo.moment(line, dates.read("2024-10-09 10:00"), None)
        assert moment and moment.wall == "2024-10-09T14:30:00"


def test_without_the_day_of_the_message_a_time_is_no_moment() -> None:
    assert embargo.moment("Sperrfrist 14.30 Uhr", None, BERLIN) is None
    whole = embargo.moment("Sperrfrist 9.10.2024, 14.30 Uhr", None, BERLIN)
    assert whole and whole.iso() == "2024-10-09T12:30:00Z"


def test_the_latest_of_several_announcements_counts() -> None:
    held = embargo.found(
        ("Sperrfrist 14.30 Uhr", "Sperrfrist Redebeginn: Rede"), ["Embargoed until 1500 GMT", "Text"], MADE, BERLIN
    )
    assert held and held.until and held.until.iso() == "2024-10-09T15:00:00Z"
    assert embargo.found(("2ND LEAD",), ["Das Embargo hält.", "Text"], MADE, BERLIN) is None


def test_a_paragraph_far_down_announces_nothing_but_to_editors() -> None:
    text = ["One.", "Two.", "Three.", "Embargoed until 1500 GMT"]
    assert embargo.found((), text, MADE, BERLIN) is None
    assert embargo.found((), [*text[:3], "Editors: embargoed until 1500 GMT"], MADE, BERLIN) is not None
    assert embargo.released(["Embargoed until 1500 GMT", "One."]) == ["One."]
