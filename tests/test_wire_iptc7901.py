"""What the reader of IPTC 7901 claims beyond its fixtures; the messages are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status

HEAD = "bdt0042 4 pl 10  dpa 0777"
FOOT = "091005 Okt 24"
TEXT = "Moorau (dpa) - Der Rat von Moorau hat die Brücke gesperrt."


def message(text: str, head: str = HEAD, foot: str = FOOT, slug: str = "Rat/Moorau/") -> bytes:
    return f"\x01{head}\n\n{slug}\n\x02{text}\n\n\x03{foot}\n\x7f\n\x7f\x04".encode()


def one(raw: bytes) -> Item:
    (item,) = wires.read(raw, "message")
    return item


def titled(*lines: str) -> Item:
    return one(message("\n".join(lines) + " =\n\n" + TEXT))


def test_the_same_message_has_the_same_identity_however_often_and_in_whatever_charset_it_comes() -> None:
    text = f"Brücke gesperrt =\n\n{TEXT}"
    for end in ("\r\n", "\r\r\n", "\r"):
        again = message(text).decode().replace("\n", end).encode("latin-1")
        assert one(message(text)).guid == one(again).guid == "dpa:bdt0042:2024-10-09"
        assert one(message(text)).body == one(again).body


def test_a_service_may_be_named_in_any_script() -> None:
    raw = message("الجسر =\n\nMarsh (dpa) - Closed.", head="صاب0042 4 i 4  dpa-text-arabisch-abi 0777")
    for text in (raw, raw.replace(b"\n", b"\r\n")):
        assert (one(text).services, one(text).headline) == (("صاب", "i"), "الجسر")


def test_a_number_that_is_none_is_no_identity() -> None:
    assert one(message(f"Brücke =\n\n{TEXT}", head="bdt0000 4 pl 10  dpa 0000")).guid is None
    assert one(message(f"Brücke =\n\n{TEXT}", foot="")).guid is None


def test_a_footer_names_its_zone_or_takes_that_of_the_dialect() -> None:
    for foot, instant in (
        ("091005 Okt 24", "2024-10-09T08:05:00Z"),
        ("091005 Dez 24", "2024-12-09T09:05:00Z"),
        ("091005 GMT Mär 24", "2024-03-09T10:05:00Z"),
        ("091005 MESZ Mai 2024", "2024-05-09T08:05:00Z"),
    ):
        published = one(message(f"Brücke =\n\n{TEXT}", foot=foot)).published
        assert published and published.iso() == instant


def test_a_clock_without_zone_and_dialect_stays_one() -> None:
    published = one(message("Bridge =\n\nMarsh (xyz) - Closed.", head="abc0042 4 i 4  xyz 0777")).published
    assert published and published.wall == "2024-10-09T10:05:00"


def test_marks_above_the_headline_are_none_of_it() -> None:
    item = titled("2ND LEAD", "3RD NET", "Council of Moorau closes bridge", "By Ada Quill, dpa")
    assert (item.headline, item.byline) == ("Council of Moorau closes bridge", "By Ada Quill, dpa")
    assert (item.signals, item.signal) == (("2ND LEAD", "3RD NET"), Signal.UPDATE)


def test_a_text_without_a_heading_is_none_itself() -> None:
    said = "MOORAU, Oct 9 (xyz) - The bridge is closed."
    item = one(message(f"{said}\n   It opens in May.", head="abc0042 4 i 9  xyz 0777"))
    assert (item.headline, item.located, item.body) == (None, "MOORAU", f"{said}\n\nIt opens in May.")


def test_a_kill_where_keywords_stand_is_one_and_keywords_are_none() -> None:
    found = [one(message(f"Bridge =\n\n{TEXT}", slug=slug)).signal for slug in ("KILL KILL KILL", "Withdrawal")]
    assert found == [Signal.KILL, None]


def test_a_note_in_parentheses_may_take_several_lines_on_either_side_of_the_headline() -> None:
    item = titled(
        "(Berichtigung: Gesperrt ist die Brücke über die Moorau, nicht die über",
        "die Aue)",
        "Gesperrt",
        "(Foto",
        "Archiv)",
    )
    assert item.headline == "Gesperrt"
    assert item.signals == (
        "(Berichtigung: Gesperrt ist die Brücke über die Moorau, nicht die über die Aue)",
        "(Foto Archiv)",
    )
    assert item.signal is Signal.CORRECTION


def test_a_headline_goes_on_where_its_line_was_full() -> None:
    first = "Rat von Moorau sperrt die Brücke bis zum Ende des Jahres - Kritik"
    assert titled(first, "von der Opposition").headline == f"{first} von der Opposition"
    assert titled(first, "(vorläufig)").headline == f"{first} (vorläufig)"


def test_a_name_under_a_headline_is_the_byline_even_under_a_full_line() -> None:
    full = "Council of Moorau closes the bridge until the end of next year, says so"
    assert titled(full, "By Ada Quill, dpa").byline == "By Ada Quill, dpa"
    assert titled(full, "by Christmas").headline == f"{full} by Christmas"


def test_a_flash_has_a_headline_alone() -> None:
    item = one(message("(Eil \x07\x07\x07\x07\x07)\nBrücke gesperrt =", head="bdt0042 2 pl 0  dpa 0777"))
    assert (item.headline, item.body, item.urgency, item.signals) == ("Brücke gesperrt", "", 2, ("(Eil)",))
    assert one(message("URGENT: \x07\x07 Bridge closed =")).headline == "Bridge closed"


def test_a_headline_that_forgot_its_end_ends_at_the_blank_line() -> None:
    item = one(message(f"Brücke gesperrt\n\n{TEXT}"))
    assert (item.headline, item.body) == ("Brücke gesperrt", TEXT)


@pytest.mark.parametrize(
    "mark",
    ["KILL KILL KILL", "*** ELIMINAR - ELIMINAR ***", "АННУЛИРОВАНИЕ", "АННУЛИРОВАНИЕ АННУЛИРОВАНИЕ", "حظر حظر حظر"],
)
def test_a_heading_that_is_nothing_but_a_kill_is_one(mark: str) -> None:
    item = titled(mark)
    assert (item.signal, item.status, item.headline, item.signals) == (Signal.KILL, Status.CANCELED, None, (mark,))


def test_a_kill_may_stand_above_a_headline() -> None:
    item = titled("(Achtung) Diese Meldung wird zurückgezogen", "Brücke gesperrt")
    assert (item.signal, item.headline) == (Signal.KILL, "Brücke gesperrt")


def test_a_kill_that_takes_several_lines_is_one_and_the_headline_is_none_of_them() -> None:
    item = titled(
        "(Achtung) Wegen eines Fehlers ist die Meldung über die Brücke von",
        "Moorau zurückgezogen worden. Bitte verwenden Sie sie in keiner Weise",
        "weiter!",
        "Brücke gesperrt",
    )
    assert (item.signal, item.headline, len(item.signals)) == (Signal.KILL, "Brücke gesperrt", 1)


def test_a_call_to_editors_under_a_kill_is_no_headline() -> None:
    item = titled("*** ELIMINAR - ELIMINAR ***", "ATENCION REDACCIONES")
    assert (item.signal, item.headline) == (Signal.KILL, None)


def test_a_repetition_is_no_kind_of_text() -> None:
    item = titled("(Wiederholung: Tippfehler)", "(Hintergrund)", "Brücke gesperrt")
    assert (item.genres, item.signals) == (("Hintergrund",), ("(Wiederholung: Tippfehler)", "(Hintergrund)"))


@pytest.mark.parametrize(
    "lines",
    [
        ("Kill Bill wird neu verfilmt",),
        ("(Achtung)", "Brücke gesperrt"),
        ("(Achtung - Planungshinweis)", "Klage zurückgezogen"),
        ("(Berichtigung: Die Meldung wurde nicht zurückgezogen)", "Klage zurückgezogen"),
        ("EXTRA", "Plan killed in Moorau"),
        ("Zurückgezogen: Klage gegen Brücke",),
    ],
)
def test_nothing_else_is_a_kill(lines: tuple[str, ...]) -> None:
    assert titled(*lines).status is Status.USABLE


def test_a_section_of_the_notebook_never_kills() -> None:
    item = one(message(f"Brücke =\n\n{TEXT}\n\n# Notebook\n\n## Kill\n- none"))
    assert item.status is Status.USABLE
    assert one(message(f"Brücke =\n\n{TEXT}\n\n# Notebook\n\n## Correction\n- none")).signal is Signal.CORRECTION


@pytest.mark.parametrize(
    "opening",
    [
        "# Notizblock",
        "# dpa NOTEBOOK",
        "## Orte\n- [Rathaus](Platz 1)",
        "* * * *",
        "The following information is not intended for publication",
        "* * * *\nDie folgenden Informationen sind nicht zur Veröffentlichung bestimmt",
        "Les informations suivantes ne sont pas destinées à la publication",
    ],
)
def test_nothing_behind_the_text_reaches_the_body(opening: str) -> None:
    item = one(
        message(
            f"Brücke =\n\n{TEXT}\n\n{opening}\n\n## Kontakte\n- Emil Stein, 00 00000, stein@example.org\n\ndpa es ab"
        )
    )
    assert "stein" not in repr(replace(item, signals=()))
    assert item.body.startswith(TEXT)


def test_the_line_of_those_who_worked_on_a_text_is_none_of_it() -> None:
    assert one(message(f"Brücke =\n\n{TEXT}\n\ndpa es yyxx n1 ab")).body == TEXT
    assert one(message(f"Brücke =\n\n{TEXT}\n\ndpa liefert mehr.")).body.endswith("dpa liefert mehr.")


def test_a_teaser_is_told_from_the_text_by_the_count_of_the_header() -> None:
    teased = f"Brücke =\n\nZu schwach war sie schon lange.\n\n{TEXT}"
    assert (one(message(teased)).summary, one(message(teased)).body) == ("Zu schwach war sie schon lange.", TEXT)
    whole = one(message(teased, head="bdt0042 4 pl 16  dpa 0777"))
    assert (whole.summary, whole.body.count("\n\n")) == (None, 1)


def test_a_teaser_may_stand_before_a_text_without_a_dateline() -> None:
    counted = "bdt0042 4 pl 4  dpa 0777"
    item = one(
        message("Brücke =\n\nZu schwach war sie.\n\nDer Rat hat sie\n\ngesperrt.", head="bdt0042 4 pl 5  dpa 0777")
    )
    assert (item.summary, item.body) == ("Zu schwach war sie.", "Der Rat hat sie\n\ngesperrt.")
    whole = one(message("Brücke =\n\nZu schwach war sie.\n\nDer Rat hat sie\n\ngesperrt.", head=counted))
    assert (whole.summary, whole.body.count("\n\n")) == (None, 2)


def test_a_text_as_long_as_its_header_says_in_any_way_agencies_count_needs_no_note() -> None:
    for words in (11, 13):  # text; heading and text
        assert one(message(f"Brücke gesperrt =\n\n{TEXT}", head=f"bdt0042 4 pl {words}  dpa 0777")).notes == ()
    assert one(message(f"Brücke =\n\n{TEXT}", head="bdt0042 4 pl 99  dpa 0777")).notes == (
        "11 words where its header says 99",
    )


def test_a_message_cut_off_says_so() -> None:
    assert "cut off before its end" in one(message(f"Brücke =\n\n{TEXT}").partition(b"\x03")[0]).notes


def test_an_embargo_with_a_moment_holds_and_one_without_withholds() -> None:
    held = titled("(Sperrfrist 9. Oktober 14.20 Uhr)", "Brücke")
    assert held.embargoed and (held.embargoed.iso(), held.status) == ("2024-10-09T12:20:00Z", Status.USABLE)
    untold = titled("(Sperrfrist Ende der Rede)", "Brücke")
    assert (untold.embargoed, untold.status, untold.notes) == (None, Status.WITHHELD, ("embargo without a moment",))


def test_an_embargo_in_the_notebook_counts_and_one_that_a_text_is_about_does_not() -> None:
    noted = one(message(f"Brücke =\n\n{TEXT}\n\n# Notizblock\n\n## Hinweise\n- Sperrfrist: 9.10.2024, 18.00 Uhr"))
    assert noted.embargoed and noted.embargoed.iso() == "2024-10-09T16:00:00Z"
    topic = one(message("Embargo gegen Oldland verlängert =\n\nOldland (dpa) - Das Embargo bis 2025 trifft alle."))
    assert (topic.embargoed, topic.status) == (None, Status.USABLE)


def test_an_embargo_may_lead_the_headline_and_a_story_of_one_does_not() -> None:
    held = titled("SPERRFRIST 14.20 Uhr: Rat sperrt Brücke")
    assert held.embargoed and held.embargoed.iso() == "2024-10-09T12:20:00Z"
    assert titled("Embargo until 2030: Oldland loses its ships").embargoed is None


def test_the_announcement_of_an_embargo_is_no_teaser() -> None:
    item = one(message(f"Brücke =\n\nSperrfrist: Mittwoch, 18.00 Uhr\n\n{TEXT}"))
    assert (item.summary, item.body) == (None, TEXT)
    assert item.embargoed and item.embargoed.iso() == "2024-10-09T16:00:00Z"


def test_a_file_may_hold_several_messages_with_or_without_controls() -> None:
    framed = message(f"Eins =\n\n{TEXT}") + b"\n" + message(f"Zwei =\n\n{TEXT}", head="bdt0043 4 pl 10  dpa 0778")
    bare = (
        f"{HEAD}\n\nRat/\nEins =\n\n{TEXT}\n\n{FOOT}\n\nbdt0043 4 pl 10  dpa 0778\n\nRat/\nZwei =\n\n{TEXT}\n\n{FOOT}\n"
    )
    for raw in (framed, bare.encode()):
        found = wires.read(raw, "messages")
        assert [(item.headline, item.guid) for item in found] == [
            ("Eins", "dpa:bdt0042:2024-10-09"),
            ("Zwei", "dpa:bdt0043:2024-10-09"),
        ]


def test_each_message_of_a_file_speaks_its_own_dialect() -> None:
    english = message("Bridge =\n\nMoorau (dpa) - Closed.", head="eca0042 4 i 4  dpa 0777")
    assert [item.language for item in wires.read(message(f"Eins =\n\n{TEXT}") + english, "messages")] == ["de", "en"]


def test_three_takes_are_one_text_and_a_lone_one_is_noted() -> None:
    takes = [
        message(f"{n} TAKE\nSee =\n\nTeil {n}.\n\nmehr", head=f"bdt004{n[0]} 4 pl 2  dpa 0777")
        for n in ("1ST", "2ND", "3RD")
    ]
    (item,) = wires.read(b"\n".join(takes), "takes")
    assert item.body == "Teil 1ST.\n\nTeil 2ND.\n\nTeil 3RD."
    assert (item.guid, item.words) == ("dpa:bdt0041:2024-10-09", 6)
    assert one(takes[1]).notes == ("take 2 of a longer text",)


def test_a_table_is_rows_without_frames_and_counts_without_them() -> None:
    item = one(
        message("Tabelle =\n\n| Zug | Ziel |\n|-----|------|\n| RB 1 | Aue |", head="spe0042 3 sp 5  dpa-spe 0777")
    )
    assert (item.body, item.notes) == ("Zug Ziel\n\nRB 1 Aue", ())


@pytest.mark.parametrize("raw", [b"\x01abc", b"\x01W2870\x1fasian\nr a", b"eca0042 was here", b"\x01CRAN\x1f6\x1f"])
def test_what_has_no_header_line_is_not_taken(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        wires.read(raw, "message", wires.Manner(format="iptc7901"))
    with pytest.raises(Unreadable):
        wires.read(raw, "message")
