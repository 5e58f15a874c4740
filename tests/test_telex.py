"""Text as the formats of the telex age carry it."""

from __future__ import annotations

import pytest

from ingest.wire.parts import marks, telex


def test_indents_bullets_and_columns_begin_paragraphs() -> None:
    lines = [
        "   One goes",
        "on.",
        "   Two.",
        "",
        "Three:",
        "  * first of",
        "    it",
        "  * last",
        "A   b   c",
        "d",
        "",
        "  ",
    ]
    assert telex.paragraphs(lines) == ["One goes on.", "Two.", "Three:", "* first of it", "* last", "A b c", "d"]


def test_rows_of_a_table_lose_their_frame_and_rules_are_none() -> None:
    assert telex.paragraphs(["| a | b c |", "|---|-----|", "| d |     |"]) == ["a b c", "d"]
    assert telex.counted(["| a | b c |"]) == 3


@pytest.mark.parametrize(
    ("paragraph", "dateline", "place"),
    [
        ("Moorau (dpa) - Text", "Moorau (dpa) -", "Moorau"),
        ("Moorau/Aue (dpa/xy) – Text", "Moorau/Aue (dpa/xy) –", "Moorau/Aue"),
        ("MARSHTON, Oldland (AP) _ Text", "MARSHTON, Oldland (AP) _", "MARSHTON, Oldland"),
        ("MARSHTON, Nov. 13 (AP) _ Text", "MARSHTON, Nov. 13 (AP) _", "MARSHTON"),
        ("SYDNEY, Dec 7 AAP - Text", "SYDNEY, Dec 7 AAP -", "SYDNEY"),
        ("Moorau (XYZ) Text", "Moorau (XYZ)", "Moorau"),
    ],
)
def test_a_dateline_is_a_place_and_an_agency(paragraph: str, dateline: str, place: str) -> None:
    assert telex.dateline(paragraph, "xyz") == (dateline, place)


@pytest.mark.parametrize(
    "paragraph", ["Ada Quill (ABC) - a member - spoke", "Moorau (sic) is", "The UN - it said -", "(dpa) - Text"]
)
def test_other_openings_are_none(paragraph: str) -> None:
    assert telex.dateline(paragraph, "xyz") is None


def test_a_list_of_whom_to_call_ends_a_release_and_begins_none() -> None:
    assert telex.uncontacted(["Text.", "Contact:", "Jo, 00 0000"]) == ["Text."]
    assert telex.uncontacted(["Contact: Jo", "Text."]) == ["Contact: Jo", "Text."]
    long = "Text " * 100
    assert telex.uncontacted(["One.", "Contact: Jo", long]) == ["One.", "Contact: Jo", long]


def test_the_word_that_more_is_to_come_is_no_text() -> None:
    assert telex.readable(["Text.", "(more)"]) == ["Text."]
    assert telex.readable(["Text.", "More people came than ever before to see it."])[-1].startswith("More")


@pytest.mark.parametrize(
    ("mark", "part"),
    [("2ND TAKE", 2), ("1st Add", 2), ("(Teil 3 und Schluss)", 3), ("Take 4 of 5", 4), ("2ND LEAD", None)],
)
def test_a_mark_may_say_which_part_of_a_text_a_message_is(mark: str, part: int | None) -> None:
    assert marks.part((mark,)) == part
