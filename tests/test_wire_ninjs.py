"""Claims about ninjs that its fixtures do not make alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest import intake, wires
from ingest.dialect import parsed
from ingest.item import Item, Link, Signal, Status, Subject


def only(manner: wires.Manner | None = None, **given: Any) -> Item:
    (item,) = wires.read(json.dumps({"uri": "urn:x:1", **given}).encode(), "x.json", manner)
    return item


def bodies(*given: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"role": role, "contentType": kind, "value": value} for role, kind, value in given]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"body_text": "plain", "body_xhtml": "<p>rich</p>"}, "rich"),
        ({"body_text": "plain", "body_new": "new"}, "new"),
        ({"body_text": "plain", "body_sportsml": "<sports/>"}, "plain"),
        ({"body_main": "<p>main</p>", "body_html": "<p>rich</p>"}, "main"),
        ({"body_text": "<p>a</p><p>b</p>"}, "a\n\nb"),
        ({"body_event": {"arena": "x"}}, ""),
        ({"bodies": bodies(("", "text/plain", "plain"), ("", "text/html5", "<p>rich</p>"))}, "rich"),
        ({"bodies": bodies(("main", "text/plain", "main"), ("web", "text/html", "<p>web</p>"))}, "main"),
        ({"bodies": bodies(("main", "text/plain", "plain"), ("main", "text/html", "<p>rich</p>"))}, "rich"),
        ({"bodies": bodies(("caption", "text/html", "<p>c</p>"), ("", "application/xml", "<x>y</x>"))}, ""),
        (
            {
                "bodies": bodies(
                    (
                        "nitf",
                        "text/vnd.IPTC.NITF",
                        "<nitf><head><title>T</title></head><body><body.head><hedline><hl1>H</hl1></hedline>"
                        "<byline>B</byline></body.head><body.content><p>one</p><p>two</p></body.content>"
                        "<body.end><tagline>T</tagline></body.end></body></nitf>",
                    )
                )
            },
            "one\n\ntwo",
        ),
    ],
)
def test_of_several_bodies_the_main_one_is_read_else_the_one_with_most_structure(
    given: dict[str, Any], text: str
) -> None:
    assert only(**given).body == text


def test_lines_of_plain_text_are_paragraphs_unless_they_were_wrapped() -> None:
    long = "word " * 30
    assert only(body_text=f"{long}\nshort").body.count("\n\n") == 1
    assert only(body_text="a wrapped\nline of\ntext").body == "a wrapped line of text"
    assert only(body_text="one\ntwo\n\nthree").body == "one two\n\nthree"


def test_a_headline_above_the_text_is_not_repeated_in_it() -> None:
    assert only(headline="Harbour to grow", body_html="<h1>HARBOUR to grow</h1><p>a</p>").body == "a"


def test_a_composite_with_a_text_is_a_text() -> None:
    assert only(type="composite", body_html="<p>a</p>").kind == "text"
    assert only(type="composite").kind == "composite"
    assert only(type="story").kind == "text"


def test_what_a_picture_is_described_by_is_no_body() -> None:
    item = only(type="picture", body_text="A harbour", description_text="The harbour")
    assert (item.kind, item.body, item.summary) == ("picture", "", "The harbour")


def test_coverage_that_is_planned_is_an_event() -> None:
    assert only(plannedCoverage=[{"title": "x"}]).kind == "event"
    assert only(type="planning").kind == "event"


def test_what_an_editor_marked_as_not_for_publication_is_an_advisory() -> None:
    assert only(flags={"marked_for_not_publication": True}, body_html="<p>a</p>").kind == "advisory"


def test_a_kill_in_the_state_counts_although_the_status_says_usable() -> None:
    assert only(state="killed", pubstatus="usable").status == Status.CANCELED


@pytest.mark.parametrize("name", ["embargoed", "embargoedUntil", "embargoeduntil", "embargo"])
def test_an_embargo_is_read_in_every_generation_and_withholds_what_it_does_not_tell(name: str) -> None:
    item = only(**{name: "2031-05-04T12:00:00Z"})
    assert item.embargoed is not None
    assert item.status == Status.USABLE
    for said in ("Next Monday", True, {"until": "2031-05-04T12:00:00Z"}):
        assert only(**{name: said}).status == Status.WITHHELD
    assert only(**{name: False}).status == only(**{name: None}).status == Status.USABLE


def test_the_embargo_of_an_item_as_superdesk_keeps_it_counts_in_utc_where_it_is_told_so() -> None:
    kept = {"embargo": "2031-05-04T12:00:00+0000", "schedule_settings": {"utc_embargo": None}}
    late = {**kept, "schedule_settings": {"time_zone": "Oldland/Moorau", "utc_embargo": "2031-05-04T10:00:00+0000"}}
    found = [only(**given).embargoed for given in (kept, late)]
    assert [when.iso() for when in found if when] == ["2031-05-04T12:00:00Z", "2031-05-04T10:00:00Z"]


def test_a_scheme_of_the_open_web_and_its_code_make_an_address() -> None:
    subjects = [
        {"scheme": "http://cv.iptc.org/newscodes/mediatopic/", "code": "20000337", "name": "transport"},
        {"scheme": "https://cv.example/topics", "code": "7"},
        {"scheme": "own", "qcode": "x"},
        {"uri": "http://a.example/1", "literal": "1"},
        {"name": ""},
    ]
    assert only(subject=subjects).subjects == (
        Subject("http://cv.iptc.org/newscodes/mediatopic/20000337", "transport"),
        Subject("https://cv.example/topics/7"),
        Subject("x"),
        Subject("http://a.example/1"),
    )


def test_terms_of_usage_may_be_marked_up_or_come_in_parts() -> None:
    assert only(usageterms="<p>Not for sale</p>").usage_terms == "Not for sale"
    assert only(usageterms=["Not for sale", "No archives"]).usage_terms == "Not for sale No archives"
    assert only(usageterms={"text": "x"}).usage_terms is None


def test_notes_to_editors_are_in_no_field() -> None:
    note = "call +49 555 0815"
    given = {
        "ednote": note,
        "description_usage": note,
        "sign_off": note,
        "descriptions": [{"role": "ednote", "value": note}],
    }
    assert note not in str(only(**given))


def test_a_picture_whose_id_nobody_else_knows_goes_by_its_address() -> None:
    renditions = {"thumb": {"href": "https://x.example/t"}, "original": {"href": "https://x.example/o"}}
    given = {
        "a": {"guid": "4711", "type": "picture", "renditions": renditions},
        "b": {"guid": "4712", "type": "picture", "uri": "https://x.example/4712", "renditions": renditions},
        "c": {"guid": "urn:x.example:image:3", "type": "picture", "renditions": renditions},
        "d": {"guid": "4714", "type": "picture"},
        "e": {"guid": "4715", "type": "text", "uri": "https://x.example/4715"},
    }
    told = ["https://x.example/o", "https://x.example/4712", "urn:x.example:image:3", "4714", "4715"]
    assert [link.target for link in only(associations=given).links] == told
    listed = [{"name": "small", "href": "https://x.example/s"}, {"name": "main", "href": "https://x.example/m"}]
    assert only(associations=[{"renditions": listed}]).links[0].target == "https://x.example/m"


def test_where_it_was_written_may_be_part_of_the_dateline() -> None:
    dateline = {"text": "MOORAU, May 4 ZNA -", "located": {"city": "Moorau"}}
    assert (only(dateline=dateline).dateline, only(dateline=dateline).located) == ("MOORAU, May 4 ZNA -", "Moorau")
    assert only(dateline=dateline, located="Aue").located == "Aue"
    assert only(dateline={"text": "MOORAU", "located": None}).located is None


def test_what_replaces_another_item_is_an_update_that_links_to_it() -> None:
    item = only(replacing=["urn:x:0"])
    assert (item.signal, item.links) == (Signal.UPDATE, (Link("replaces", "urn:x:0"),))


def test_a_dialect_of_an_operator_tells_what_signals_mean() -> None:
    own = parsed(
        "desk", 'format = "ninjs"\n[match]\nuri = "urn:x:.*"\n[rules]\nomit = ["top"]\nsignals = {NEU = "update"}\n'
    )
    item = only(
        wires.Manner(dialects=(own,)), signals=["NEU"], body_html='<p class="top big">no</p><p>yes</p>', headline="x"
    )
    assert (item.signal, item.body) == (Signal.UPDATE, "yes")


def test_a_zoneless_clock_hangs_where_the_operator_says() -> None:
    from zoneinfo import ZoneInfo

    item = only(wires.Manner(zone=ZoneInfo("Europe/London")), versioncreated="2031-07-04T09:00:00")
    assert item.published is not None
    assert item.published.iso() == "2031-07-04T08:00:00Z"


def test_a_name_that_no_text_can_hold_costs_no_message() -> None:
    item = only(associations={"a\ud800b": {"uri": "urn:hna:2", "type": "text"}})
    assert [link.rel for link in item.links] == ["ab"]
    assert intake.decide(intake.Source("f", "w"), [item], 0.0).items
