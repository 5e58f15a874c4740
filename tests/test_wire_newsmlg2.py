"""Claims of ingest/wire/newsmlg2.py that its fixtures do not make by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status, Subject

SPACE = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def item(meta: str = "", content: str = "", inside: str = "", **attributes: Any) -> Item:
    named = " ".join(f'{name}="{value}"' for name, value in {"guid": "urn:x", "xml:lang": "en", **attributes}.items())
    parts = f"<itemMeta>{meta}</itemMeta><contentMeta>{content}</contentMeta><contentSet>{inside}</contentSet>"
    (found,) = wires.read(f"<newsItem {SPACE} {named}>{parts}</newsItem>".encode(), "x.xml")
    return found


def xhtml(body: str, kind: str = "application/xhtml+xml") -> str:
    return f'<inlineXML contenttype="{kind}"><html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html></inlineXML>'


def test_an_embargo_holds_though_the_status_says_usable() -> None:
    found = item("<embargoed>2031-01-01T12:00:00Z</embargoed><pubStatus qcode='stat:usable'/>")
    assert found.embargoed and found.embargoed.iso() == "2031-01-01T12:00:00Z"
    assert found.status is Status.USABLE


@pytest.mark.parametrize("empty", ["<embargoed/>", "<embargoed>until further notice</embargoed>"])
def test_an_embargo_without_a_moment_withholds(empty: str) -> None:
    found = item(f"{empty}<pubStatus qcode='stat:usable'/>")
    assert (found.embargoed, found.status) == (None, Status.WITHHELD)
    assert "embargoed without a moment" in found.notes


def test_a_canceled_item_is_a_kill_and_a_kill_signal_cancels() -> None:
    canceled = item("<pubStatus uri='http://cv.iptc.org/newscodes/pubstatusg2/canceled'/>")
    signaled = item("<pubStatus qcode='stat:usable'/><signal qcode='house:kill'/>")
    for found in (canceled, signaled):
        assert (found.status, found.signal) == (Status.CANCELED, Signal.KILL)


def test_a_correction_outweighs_an_update() -> None:
    assert item("<signal qcode='sig:update'/><signal qcode='sig:correction'/>").signal is Signal.CORRECTION


def test_what_is_not_for_publication_reaches_no_field() -> None:
    secret = "SECRET"
    found = item(
        f"<edNote>{secret}</edNote><edNote pubconstraint='x:nonpublic'><p>{secret}</p></edNote>",
        f"<keyword pubconstraint='x:nonpublic'>{secret}</keyword><by pubconstraint='x:nonpublic'>{secret}</by>",
        xhtml(f"<p>open</p><div class='np-nonpublic'>{secret}</div><div class='notepad x'>{secret}</div>"),
    )
    assert found.body == "open"
    assert secret not in repr(found)


@pytest.mark.parametrize(
    "constraint", ["pubconstraint='x:internal x:nonpublic'", "pubconstrainturi='http://x.example/nonpublic/'"]
)
def test_one_of_several_constraints_or_its_address_keeps_a_property_from_publication(constraint: str) -> None:
    secret = "SECRET"
    kept = f"<inlineXML {constraint}><p>{secret}</p></inlineXML>"
    found = item(content=f"<by {constraint}>{secret}</by>", inside=kept + xhtml("<p>open</p>"))
    assert found.body == "open"
    assert secret not in repr(found)
    terms = f"<rightsInfo><usageTerms {constraint}>{secret}</usageTerms><usageTerms>free</usageTerms></rightsInfo>"
    (rights,) = wires.read(f"<newsItem {SPACE} guid='urn:x'>{terms}</newsItem>".encode(), "x.xml")
    assert rights.usage_terms == "free"


def test_a_body_is_chosen_by_class_token_not_by_its_whole_class() -> None:
    found = item(inside=xhtml("<header>no</header><section class='main genre-7'><p>yes</p></section><p>no</p>"))
    assert found.body == "yes"


def test_the_part_of_a_body_that_is_its_text_may_lie_deeper() -> None:
    deep = "<article><header><h1>no</h1></header><div><section class='main x'><p>one</p></section></div></article>"
    assert item(inside=xhtml(deep)).body == "one"
    nested = "<div><div class='main'><p>one</p><div class='main'><p>two</p></div></div></div>"
    assert item(inside=xhtml(nested)).body == "one\n\ntwo"


def test_a_body_that_was_escaped_is_read_as_the_markup_it_is() -> None:
    escaped = "&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two &amp;amp; three&lt;/p&gt;"
    page = "<html><head><title>no</title></head><body><p>one</p><p>two &amp; three</p></body></html>"
    whole = f"<inlineXML contenttype='text/html'><![CDATA[{page}]]></inlineXML>"
    for inside in (xhtml(escaped), whole):
        assert item(inside=inside).body == "one\n\ntwo & three"
    assert item(inside=xhtml("a &lt; b\n\nc &lt;d&gt;")).body == "a < b\n\nc <d>"


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xhtml+xml"])
def test_data_that_is_not_encoded_may_be_the_text_in_whichever_type(kind: str) -> None:
    named = f"contenttype='{kind}'" if kind else ""
    assert (
        item(inside=f"<inlineData {named}>&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</inlineData>").body
        == "one\n\ntwo"
    )
    assert item(inside=f"<inlineData {named}><p>one</p><p>two</p></inlineData>").body == "one\n\ntwo"
    assert item(inside=f"<inlineData {named} encoding='x:b64'>b25l</inlineData>").body == ""


def test_of_several_renditions_the_one_in_the_items_language_is_its_text() -> None:
    both = "".join(
        f"<inlineXML xml:lang='{tag}' contenttype='application/xhtml+xml'><p>{text}</p></inlineXML>"
        for tag, text in (("en", "ferry"), ("fr", "bac"))
    )
    assert item(content="<language tag='fr'/>", inside=both).body == "bac"
    assert item(content="<language tag='de'/>", inside=both).body == "ferry"


def test_blanks_around_a_guid_and_a_version_are_no_part_of_them() -> None:
    found = item(guid=" urn:x:1 ", version=" 3")
    assert (found.guid, found.version) == ("urn:x:1", "3")


def test_content_that_is_no_prose_is_no_body() -> None:
    sports = "<inlineXML contenttype='application/sportsml+xml'><score>1-0</score></inlineXML>"
    assert item(inside=sports).body == ""
    assert item(inside=sports + xhtml("<p>prose</p>")).body == "prose"


def test_a_timestamp_is_no_dateline() -> None:
    assert item(content="<dateline>2031-07-16 13:00:03 GMT+00:00</dateline>").dateline is None
    assert item(content="<dateline>NORTH ISLE</dateline>").dateline == "NORTH ISLE"


def test_the_kind_is_the_items_class_else_what_it_points_to() -> None:
    picture = "<remoteContent contenttype='image/jpeg' href='https://x.example/1.jpg'/>"
    assert item("<itemClass qcode='ninat:graphics'/>").kind == "graphic"
    assert item("<itemClass qcode='ninat:animated'/>").kind == "graphic"
    assert item(inside=picture).kind == "picture"
    assert item(inside=picture + xhtml("<p>text</p>")).kind == "text"
    assert item("<itemClass qcode='ninat:video'/>", inside=xhtml("<p>script</p>")).body == ""


def test_a_text_that_lies_elsewhere_tells_where() -> None:
    remote = "<remoteContent contenttype='application/nitf+xml' href='https://x.example/1.xml'/>"
    assert item("<itemClass qcode='ninat:text'/>", inside=remote).elsewhere == "https://x.example/1.xml"


def test_words_are_told_in_the_items_own_language_where_it_has_them() -> None:
    terms = "<headline xml:lang='en'>Ferry</headline><headline xml:lang='fr'>Bac</headline><language tag='fr'/>"
    assert item(content=terms).headline == "Bac"
    assert item(content=terms.replace("'fr'/", "'de'/")).headline == "Ferry"


def test_a_subject_of_several_facets_is_its_main_concept() -> None:
    facets = "<facetConcept qcode='x:leg'><name>Uphill</name></facetConcept>"
    main = "<mainConcept qcode='medtop:20000001' type='cpnat:person'><name>Ida Holm</name></mainConcept>"
    found = item(content=f"<subject>{main}{facets}</subject>")
    assert found.subjects == (Subject("medtop:20000001", "Ida Holm"),)
    assert found.people == ("Ida Holm",)


def test_reuters_word_for_nothing_is_no_place() -> None:
    reuters, nowhere = "<provider literal='reuters.com'/>", "<located literal='No-Data-Available'/>"
    assert item(reuters, nowhere).located is None
    assert item(reuters, f"{nowhere}<located literal='NORTH ISLE'/>").located == "NORTH ISLE"


def test_a_note_of_stt_that_says_what_was_corrected_is_a_correction() -> None:
    stt = "<provider literal='STT'/><edNote role='sttnote:public'>{}</edNote>"
    assert item(stt.format("Korjattu aiemmasta: lautta oli kello 9, ei 8.")).signal is Signal.CORRECTION
    assert item(stt.format("Lautta, jota on korjattu, palaa.")).signal is None


@pytest.mark.parametrize("urgency", ["0", "10", "-1", "½", "", "2.5"])
def test_an_urgency_out_of_range_is_none(urgency: str) -> None:
    assert item(content=f"<urgency>{urgency}</urgency>").urgency is None


def test_prefixes_and_missing_namespaces_make_no_difference() -> None:
    bare = "<newsItem {} guid='urn:x'><contentMeta><headline>H</headline></contentMeta></newsItem>"
    prefixed = bare.format(SPACE).replace("<", "<a:").replace("<a:/", "</a:").replace("xmlns=", "xmlns:a=")
    for raw in (bare.format(SPACE), bare.format(""), prefixed):
        assert wires.read(raw.encode(), "x")[0].headline == "H"


def test_a_message_without_items_is_unreadable_with_its_place() -> None:
    with pytest.raises(Unreadable, match="newsMessage without an item \\(line 1\\)"):
        wires.read(f"<newsMessage {SPACE}><itemSet/></newsMessage>".encode(), "x")
