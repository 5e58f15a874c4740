"""What the reader of ZCZC text claims beyond its fixtures; the messages are invented."""

from __future__ import annotations

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status

TEXT = "MARSHTON, Aug 18 AAP - Reed Bay have won.\n"


def one(text: str) -> Item:
    (item,) = wires.read(text.encode(), "message")
    return item


def test_lines_may_end_in_any_way_and_the_end_signal_may_be_missing() -> None:
    text = f"ZCZC AAP\n:Rowing\n^Reed Bay wins\n{TEXT}NNNN\n"
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), text.removesuffix("NNNN\n"), f"\n   {text}"):
        assert one(other) == one(text)


def test_the_headline_stands_behind_its_mark_or_behind_the_last_keyword_that_is_no_date() -> None:
    for above, told in (
        (":Rowing\n^Reed Bay wins\n", ("Reed Bay wins", "Rowing")),
        (":POTTED :Reed Bay wins\n", ("Reed Bay wins", "POTTED")),
        ("#Reed Bay wins\n:18/8/2024\n", ("Reed Bay wins", "Reed Bay wins")),
        ("YY RFG\nRACING : Reed Bay wins\n", ("Reed Bay wins", "RACING")),
        ("Reed Bay wins<!\n\n", ("Reed Bay wins", None)),
        ("", (None, None)),
    ):
        item = one(f"ZCZC AAP\n{above}{TEXT}NNNN\n")
        assert (item.headline, item.slugline) == told
        assert (item.body, item.dateline) == (TEXT.strip(), "MARSHTON, Aug 18 AAP -")


def test_a_take_that_is_a_mark_tells_what_the_version_is() -> None:
    for take, signal, status in (
        ("2nd lead", Signal.UPDATE, Status.USABLE),
        ("Correction", Signal.CORRECTION, Status.USABLE),
        ("KILL", Signal.KILL, Status.CANCELED),
        ("Marsh Cup", None, Status.USABLE),
    ):
        item = one(f"ZCZC AAP\n:Rowing\n={take}\n{TEXT}NNNN\n")
        assert (item.signal, item.status) == (signal, status)


def test_what_is_only_for_those_who_call_and_for_editors_is_left_out() -> None:
    calls = "Media contact:\n\nJo Fenn, 00 0000\nAAP RESULTS\n"
    item = one(f"ZCZC AAP\n:Rowing\n{TEXT}\nEDITORS: please credit it.\n\n{calls}NNNN\n")
    assert item.body == TEXT.strip()


def test_a_short_line_was_ended_on_purpose_and_a_full_one_was_not() -> None:
    full = "The cup went to Reed Bay after a race that took all day to finish"
    item = one(f"ZCZC AAP\n:Rowing\n{full}\nand most of the night.\nReed Bay\nMarshton\nNNNN\n")
    assert item.body == f"{full} and most of the night.\n\nReed Bay\n\nMarshton"


def test_lines_nobody_ruled_are_paragraphs_and_the_longest_is_one_too() -> None:
    long = "The cup went to Reed Bay after a race that took all day and most of the night to finish, " * 2
    item = one(f"ZCZC AAP\n:Rowing\n*X\nA word.\n{long}\nReed Bay are glad.\nNNNN\n")
    assert item.body == f"A word.\n\n{long.strip()}\n\nReed Bay are glad."


def test_an_embargo_without_zone_or_day_has_no_moment() -> None:
    item = one(f"ZCZC XYZ\n:Rowing\nEmbargoed until 6 pm\n\n{TEXT}NNNN\n")
    assert (item.status, item.embargoed, item.body) == (Status.WITHHELD, None, TEXT.strip())


def test_start_signals_around_nothing_are_no_message() -> None:
    with pytest.raises(Unreadable, match="nothing between"):
        wires.read(b"ZCZC AAP\n\nNNNN\n", "message")
