"""What the reader of mail claims beyond its fixtures; the mails are invented."""

from __future__ import annotations

import base64

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status
from ingest.message import CUT

FIELDS = (
    "Message-ID: <m1@example.org>\nDate: Thu, 10 Oct 2024 12:01:00 +0200\nFrom: Jo <jo@example.org>\nSubject: Marsh\n"
)
STORY = (
    "\x01eca0300 3 i 9  dpa 3001\n\nMail/Marsh/\n\x02Marsh story =\n\nMarshton (dpa) - The story came today.\n\n"
    "\x03101200 GMT Oct 24\n\x7f\x04"
)


def one(text: str) -> Item:
    (item,) = wires.read(text.encode(), "mail")
    return item


def plain(text: str, *fields: str, subject: str = "Marsh") -> Item:
    return one(
        "".join((FIELDS.replace("Subject: Marsh", f"Subject: {subject}"), *(f"{f}\n" for f in fields), "\n", text))
    )


def parts(*found: tuple[str, str]) -> str:
    inner = "".join(f"--x\n{fields}\n\n{text}\n" for fields, text in found)
    return f"{FIELDS}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n{inner}--x--\n"


def test_a_mail_is_its_subject_sender_date_and_text() -> None:
    item = plain("One line\nand its rest.\n\nTwo.")
    assert (item.guid, item.headline, item.byline) == ("<m1@example.org>", "Marsh", "Jo <jo@example.org>")
    assert item.published and item.published.local() == "2024-10-10T12:01:00+02:00"
    assert item.body == "One line and its rest.\n\nTwo."


def test_blank_lines_and_an_envelope_line_may_stand_before_the_fields() -> None:
    assert (
        one(f"   \r\n\n{FIELDS}\nText.") == one(f"From jo Thu Oct 10 12:01:00 2024\n{FIELDS}\nText.") == plain("Text.")
    )


@pytest.mark.parametrize(
    "text",
    [
        "Source: Marsh Marina\nMEDIA RELEASE\nOpen day\n\nMARSHTON -- Text",
        "From: one\nto another, by Jo\n\nText",
        "Subject: none\nTo: nobody\n\nText",
    ],
)
def test_text_that_merely_begins_like_a_mail_is_none(text: str) -> None:
    with pytest.raises(Unreadable, match="in no format we know"):
        wires.read(text.encode(), "text")


def test_the_signature_is_cut_where_one_follows_its_mark() -> None:
    assert plain("Text.\n\n-- \nJo, 00 0000\n").body == "Text."
    assert plain("Text.\n\n-- \n\n").body == "Text.\n\n--"


def test_quotes_and_those_to_call_are_left_out() -> None:
    assert (
        plain("> was it?\n\nIt was.\n\nIt is.\n\nMedia contact: Jo, 00 0000\n\njo@example.org").body
        == "It was.\n\nIt is."
    )


def test_flowed_lines_are_whole_again() -> None:
    flowed = "Content-Type: text/plain; format=flowed; delsp=yes"
    assert plain("Two wo \nrds.\n\nOne.", flowed).body == "Two words.\n\nOne."
    assert plain("Two wo \nrds.\n\n-- \nJo, 00 0000\n", flowed).body == "Two words."


def test_a_charset_that_lies_or_is_unknown_costs_no_text() -> None:
    for charset in ("utf-8", "no-such", "us-ascii"):
        raw = f"{FIELDS}Content-Type: text/plain; charset={charset}\n\nDie Mühle mahlt.".encode("latin-1")
        assert wires.read(raw, "mail")[0].body == "Die Mühle mahlt."


def test_a_subject_may_be_coded_in_parts_or_not_at_all() -> None:
    for subject in ("=?utf-8?Q?M=C3=BChle_?= =?iso-8859-1?Q?f=FCr_alle?=", "Mühle für alle"):
        assert plain("Text.", subject=subject).headline == "Mühle für alle"
    raw = FIELDS.replace("Marsh", "Mühle").encode("latin-1") + b"\nText."
    assert wires.read(raw, "mail")[0].headline == "Mühle"
    assert plain("Text.", subject="=?no-such?Q?Marsh?=").headline == "=?no-such?Q?Marsh?="


def test_html_is_read_where_the_text_is_missing_or_a_stub() -> None:
    html = (
        "Content-Type: text/html",
        "<p>The marina opens its gates on Sunday.</p><script>no()</script><p>All may come.</p>",
    )
    whole = "The marina opens its gates on Sunday.\n\nAll may come."
    assert one(parts(html)).body == one(parts(("Content-Type: text/plain", "See page."), html)).body == whole
    assert one(parts(("Content-Type: text/plain", "It opens on Sunday, and all may come."), html)).body.startswith(
        "It opens"
    )


def test_a_wire_message_inside_stands_for_the_mail_whether_enclosed_or_its_text() -> None:
    coded = base64.b64encode(STORY.encode()).decode()
    enclosed = "Content-Type: application/octet-stream; name=a\nContent-Transfer-Encoding: base64"
    for mail in (parts(("Content-Type: text/plain", "See file."), (enclosed, coded)), f"{FIELDS}\n{STORY}"):
        item = one(mail)
        assert (item.format, item.guid, item.headline) == ("iptc7901", "dpa:eca0300:2024-10-10", "Marsh story")


def test_several_messages_inside_are_several_items() -> None:
    other = STORY.replace("eca0300", "eca0301")
    found = wires.read(parts(("Content-Type: text/plain", STORY), ("Content-Type: text/plain", other)).encode(), "mail")
    assert [item.guid for item in found] == ["dpa:eca0300:2024-10-10", "dpa:eca0301:2024-10-10"]


def test_it_is_read_one_level_deep_only() -> None:
    inner = f"{FIELDS}\n{STORY}"
    item = one(parts(("Content-Type: text/plain", "Forwarded."), ("Content-Type: message/rfc822", inner)))
    assert (item.format, item.body, item.notes) == ("mail", "Forwarded.", ("attachments not read: 1",))


def test_what_is_enclosed_and_no_wire_message_is_counted() -> None:
    enclosed = "Content-Type: text/plain; name=a.txt\nContent-Disposition: attachment; filename=a.txt"
    item = one(parts(("Content-Type: text/plain", "Text."), (enclosed, "data"), ("Content-Type: image/png", "x")))
    assert (item.body, item.notes) == ("Text.", ("attachments not read: 2",))


@pytest.mark.parametrize(
    ("subject", "signal"),
    [
        ("Correction: Marsh", Signal.CORRECTION),
        ("KILL KILL KILL", Signal.KILL),
        ("Kill: Marsh", Signal.KILL),
        ("Kill Bill: the musical", None),
        ("Plan withdrawn", None),
    ],
)
def test_a_subject_is_a_mark_as_a_whole_or_before_its_colon(subject: str, signal: Signal | None) -> None:
    item = plain("Text.", subject=subject)
    assert (item.signal, item.status) == (signal, Status.CANCELED if signal is Signal.KILL else Status.USABLE)


def test_an_embargo_in_subject_or_text_holds() -> None:
    for item in (
        plain("Text.", subject="EMBARGOED until 1400 GMT Friday, 11 October: Marsh"),
        plain("Embargoed until 14:00 GMT on 11 October 2024\n\nText."),
        plain("Note to editors: strictly embargoed until 11 October 2024, 14:00 GMT\n\nText."),
    ):
        assert item.embargoed and item.embargoed.iso() == "2024-10-11T14:00:00Z"
        assert item.body == "Text."


def test_the_embargo_in_the_subject_holds_what_is_enclosed_too() -> None:
    mail = parts(("Content-Type: text/plain", STORY))
    told = mail.replace("Subject: Marsh", "Subject: EMBARGOED until 1400 GMT Friday, 11 October: Marsh")
    assert told != mail and one(mail).embargoed is None
    held = one(told)
    assert held.embargoed and held.embargoed.iso() == "2024-10-11T14:00:00Z"
    unclear = mail.replace("Subject: Marsh", "Subject: EMBARGOED until the opening: Marsh")
    assert one(unclear).status is Status.WITHHELD


def test_a_mail_without_text_or_nested_without_end_has_a_reason() -> None:
    with pytest.raises(Unreadable, match="without text"):
        wires.read(parts(("Content-Type: image/png", "x")).encode(), "mail")
    deep = "".join(f"Content-Type: multipart/mixed; boundary=x{i}\n\n--x{i}\n" for i in range(1_500))
    with pytest.raises(Unreadable, match="nested too deeply"):
        wires.read(f"{FIELDS}{deep}".encode(), "mail")


def test_a_form_that_is_no_form_has_a_reason() -> None:
    with pytest.raises(Unreadable, match="a form that is no JSON"):
        plain('{"Body": [', subject="Formatted Editorial Story")


def test_a_form_answers_where_its_first_branch_was_left_empty() -> None:
    form = (
        '{"Dateline": ["", " ", "MARSHTON"], "Headline": ["Marsh", ""], "News Value": ["", "2"], "Body": ["", "Text."]}'
    )
    item = plain(form, subject="Formatted Editorial Story")
    assert (item.dateline, item.headline, item.urgency, item.body) == ("MARSHTON", "Marsh", 2, "Text.")


def test_a_mail_that_was_cut_off_between_its_parts_says_so() -> None:
    whole = parts(("Content-Type: text/plain", "Text."), ("Content-Type: application/octet-stream", STORY))
    assert [item.format for item in wires.read(whole.encode(), "mail")] == ["iptc7901"]
    for cut in (whole.index(STORY), whole.index("--x--")):
        assert all(CUT in item.notes for item in wires.read(whole[:cut].encode(), "mail"))
    assert CUT not in wires.read(whole.encode(), "mail")[0].notes
