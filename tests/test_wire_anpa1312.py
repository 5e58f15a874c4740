"""What the reader of ANPA 1312 claims beyond its fixtures; the messages are invented."""

from __future__ import annotations

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status


def message(
    *above: str,
    text: str = "\t   MARSHTON (AP) _ The bridge is closed.",
    second: str = "r i\x13\x11 BC-Bridge   11-13 0100",
    first: str = "W2870",
    foot: str = "AP-WF-11-13-24 1509GMT",
) -> bytes:
    lines = "\n".join(f"^{line}" for line in above)
    return f"\x16\x16\x01{first}\x1fasian\n{second}\n\x02{lines}\n{text}\n\n\t   \x03{foot}<\n\n\x0c\n\x04".encode(
        "latin-1"
    )


def one(raw: bytes) -> Item:
    (item,) = wires.read(raw, "message")
    return item


def test_the_same_message_has_the_same_identity_however_its_lines_end() -> None:
    raw = message("BC-Bridge,5<")
    assert one(raw).guid == one(raw.replace(b"\n", b"\r\n")).guid == "AP:W2870:2024-11-13"


def test_without_a_day_there_is_no_identity() -> None:
    assert one(message("BC-Bridge,5<", foot="")).guid is None
    assert one(message("BC-Bridge,5<", first="W0000")).guid is None


def test_the_lines_above_the_text_are_told_apart() -> None:
    item = one(
        message(
            "BC-EU--Bridge, 2nd Ld-Writethru,5<",
            "Bridge closed<",
            "AP Photo XYZ1<",
            "(Eds: Updates.)<",
            "The bridge of Marshton is closed, and nobody knows why.<",
            "By ADA QUILL=",
            "AP Bridge Writer=",
        )
    )
    assert (item.headline, item.byline, item.words) == ("Bridge closed", "By ADA QUILL", 5)
    assert item.summary == "The bridge of Marshton is closed, and nobody knows why."
    assert (item.body, item.dateline, item.located) == (
        "MARSHTON (AP) _ The bridge is closed.",
        "MARSHTON (AP) _",
        "MARSHTON",
    )
    assert (item.signals, item.signal) == (("2nd Ld-Writethru",), Signal.UPDATE)


def test_an_alert_has_no_headline() -> None:
    item = one(message("BC-Bridge,<"))
    assert (item.headline, item.byline, item.words) == (None, None, None)


@pytest.mark.parametrize(
    ("slug", "signal"),
    [
        ("BC-Bridge, 1st Ld-Writethru,5<", Signal.UPDATE),
        ("BC-Bridge, Correct Writethru,5<", Signal.CORRECTION),
        ("BC-Bridge, KILL,5<", Signal.KILL),
        ("BC-Film-Kill Bill,5<", None),
        ("BC-Bridge, Oldland,5<", None),
    ],
)
def test_the_version_behind_the_slug_tells_what_it_is(slug: str, signal: Signal | None) -> None:
    item = one(message(slug, "Bridge<"))
    assert item.signal == signal
    assert item.status == (Status.CANCELED if signal is Signal.KILL else Status.USABLE)


def test_a_note_to_editors_corrects_but_never_kills() -> None:
    assert one(message("BC-Bridge,5<", "Bridge<", "Eds: Corrects its length.<")).signal is Signal.CORRECTION
    assert one(message("BC-Bridge,5<", "Bridge<", "Eds: KILL<")).status is Status.USABLE


def test_a_note_to_editors_may_hold_the_text_back() -> None:
    held = one(message("BC-Bridge,5<", "Bridge<", "Eds: EMBARGOED until 12:01 a.m. EST, Friday, Nov. 15.<"))
    assert held.embargoed and held.embargoed.iso() == "2024-11-15T05:01:00Z"
    untold = one(message("BC-Bridge,5<", "Bridge<", "Eds: HOLD FOR RELEASE.<"))
    assert (untold.status, untold.notes) == (Status.WITHHELD, ("embargo without a moment",))


def test_a_text_sent_days_ahead_is_held_and_its_day_is_no_headline() -> None:
    told = ("$Adv15<", "For Release Friday, Nov. 15, and Thereafter<")
    for lines in (told, ("Adv15<",)):
        item = one(message("BC-Bridge, ADV 15,5<", *lines, "Bridge closed<", "By ADA QUILL="))
        assert (item.headline, item.byline, item.summary) == ("Bridge closed", "By ADA QUILL", None)
        if lines is told:
            assert item.embargoed and item.embargoed.wall == "2024-11-15T00:00:00", "wherever on earth that is"
        else:
            assert (item.status, item.notes) == (Status.WITHHELD, ("embargo without a moment",))


def test_rows_of_a_table_lose_their_separators_and_keep_their_halves() -> None:
    table = "\x08^;W;L;GB\n\x08Reed\x10 Bay;7;3;4{\n^NORTH=\n\x08Moor\x1f\x1e 7\x1e 3"
    item = one(message("BC-Cup<", "Cup=", "By The Associated Press=", text=table, second="r s\x14\x12 BC-Cup   08-18 "))
    assert item.body == "W L GB\n\nReed Bay 7 3 4½\n\nNORTH\n\nMoor 7 3"


def test_semicolons_of_prose_stay() -> None:
    assert (
        one(message("BC-Bridge<", text="\t   It is old; tired; grey; closed.")).body
        == "It is old; tired; grey; closed."
    )


def test_a_broken_message_does_not_take_the_others_of_its_file_with_it() -> None:
    (item,) = wires.read(message("BC-Bridge<") + b"\n\x01W2871\x1fasian\nnonsense", "messages")
    assert item.notes == ("a part that is no message",)


def test_a_message_cut_off_says_so_and_one_without_text_is_none() -> None:
    assert one(message("BC-Bridge<").partition(b"\x03")[0]).notes == ("cut off before its end",)
    with pytest.raises(Unreadable, match="no second header line"):
        wires.read(message("BC-Bridge<").partition(b"\x02")[0], "message")
