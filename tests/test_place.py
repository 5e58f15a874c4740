"""Claims about the places that datelines name."""

from __future__ import annotations

import pytest

from workers.place import place


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Moorau (dpa) -", "Moorau"),
        ("Moorau/Aue (dpa/xy) –", "Moorau/Aue"),
        ("MARSHTON, Oldland (AP) _", "MARSHTON, Oldland"),
        ("MARSHTON, July 16 (Reuters) -", "MARSHTON"),
        ("MARSHTON, 21 Nov. 2024 (Europa Press) -", "MARSHTON"),
        ("Marshton, 10 juil 2024 (AFP)", "Marshton"),
        ("MARSHTON, 3 de mayo de 2024 (EFE) -", "MARSHTON"),
        ("Moorau, 3. Mai 2024 -", "Moorau"),
        ("MARSHTON, January 21. /TASS/.", "MARSHTON"),
        ("MARSHTON March 22 AAP -", "MARSHTON"),
        ("MARSHTON AAP -", "MARSHTON"),
        ("(ANSA) - MARSHTON, 11 LUG -", "MARSHTON"),
        ("MARSHTON, 12/05/2024 (AFP)", "MARSHTON"),
    ],
)
def test_a_day_and_an_agency_are_no_part_of_a_place(line: str, found: str) -> None:
    assert place(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("MARSHTON, Mo.", "MARSHTON, Mo."),
        ("MARSHTON, Tenn. --(BUSINESS WIRE)--", "MARSHTON, Tenn."),
        ("MARSHTON, D.C., Jan. 5 (AP) --", "MARSHTON, D.C."),
        ("Marshton, Oldland.", "Marshton, Oldland"),
        ("Marshton.", "Marshton"),
        ("Area 51", "Area 51"),
        ("Camp 12 (XYZ) -", "Camp 12"),
        ("Moorau GR", "Moorau GR"),
        ("沼镇", "沼镇"),
    ],
)
def test_short_names_of_states_keep_their_dot_and_numbers_that_are_no_days_stay(line: str, found: str) -> None:
    assert place(line) == found


@pytest.mark.parametrize(
    "line", ["", "Jan 3", "January 21", "April 14 (Reuters) -", "15.7.2019 12:09:11 CEST", "(dpa) -", "By Ada Venn"]
)
def test_a_day_an_agency_or_a_byline_alone_is_no_place(line: str) -> None:
    assert place(line) is None
