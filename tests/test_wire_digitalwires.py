"""Claims about dpa digitalwires that its fixtures do not make alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status


def entry(**given: Any) -> dict[str, Any]:
    return {"format": "digitalwires@0.9.1", "urn": "urn:x:1", "article_html": "<p>Ein Satz.</p>", **given}


def only(**given: Any) -> Item:
    (item,) = wires.read(json.dumps(entry(**given)).encode(), "x.json")
    return item


def test_nothing_that_is_not_for_publication_is_in_the_item() -> None:
    secret = "+49 555 0815"
    note = {"role": "dpaednoterole:dpacontacts", "ednote": secret, "is_publishable": False}
    pad = {"public_html": f"<p>{secret}</p>", "nonpublic_html": f"<p>{secret}</p>", "header_html": secret}
    assert secret not in str(only(ednotes=[note], notepad=pad, autopublishnotice=secret))


def test_an_embargo_is_kept_although_the_status_says_usable() -> None:
    item = only(embargoed="2031-05-04T18:00:00+02:00", pubstatus="usable")
    assert item.embargoed is not None
    assert item.embargoed.iso() == "2031-05-04T16:00:00Z"
    assert item.status == Status.USABLE


def test_an_embargo_that_nobody_can_read_withholds_the_item() -> None:
    assert only(embargoed="heute Abend", pubstatus="usable").status == Status.WITHHELD
    assert only(embargoed="heute Abend", pubstatus="canceled").status == Status.CANCELED


def test_the_signal_may_stand_in_its_member_or_among_the_categories() -> None:
    category = {"type": "dnltype:signal", "name": "correction", "qcode": "sig:correction"}
    assert only(signal=None, categories=[category]).signal == Signal.CORRECTION
    both = only(signal="sig:update", categories=[category])
    assert (both.signals, both.signal) == (("sig:update", "sig:correction"), Signal.CORRECTION)
    assert only(signal="sig:repeat").signal is None


def test_the_status_may_stand_among_the_categories() -> None:
    category = {"type": "dnltype:pubstatus", "name": "canceled", "qcode": "stat:canceled"}
    assert only(pubstatus=None, categories=[category]).status == Status.CANCELED


def test_who_provides_it_is_credited_where_there_is_no_credit_line() -> None:
    provider = {"type": "dnltype:provider", "name": "xyz", "qcode": "dnlprov:xyz"}
    assert only(creditline=None, categories=[provider]).credit == "xyz"
    assert only(creditline="Ada Venn/xyz", categories=[provider]).credit == "Ada Venn/xyz"


def test_an_entry_without_a_text_is_what_goes_by_its_own_urn() -> None:
    picture, sound = {"type": "image", "urn": "urn:x:1"}, {"type": "audio", "urn": "urn:x:1"}
    assert only(article_html=None, associations=[picture]).kind == "picture"
    assert only(article_html="<p></p>", associations=[sound]).kind == "audio"
    assert only(article_html=None, associations=[picture, sound]).kind == "composite"
    assert only(article_html=None, associations=[]).kind == "text"


def test_a_headline_or_a_kill_that_pictures_go_with_is_a_text() -> None:
    picture = {"type": "image", "urn": "urn:x:2"}
    assert only(article_html=None, headline="Brücke gesperrt", associations=[picture]).kind == "text"
    killed = only(article_html=None, pubstatus="canceled", associations=[picture])
    assert (killed.kind, killed.status) == ("text", Status.CANCELED)


def test_what_is_no_entry_is_left_out_and_noted() -> None:
    (item,) = wires.read(json.dumps({"entries": [entry(), {"x": 1}, 7]}).encode(), "x.json")
    assert item.notes == ("1 entries that are none left out",)


def test_a_forced_format_says_when_there_is_no_entry() -> None:
    with pytest.raises(Unreadable, match="without an entry"):
        wires.read(b'{"entries": []}', "x.json", wires.Manner(format="digitalwires"))
