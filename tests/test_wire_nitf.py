"""Claims of ingest/wire/nitf.py that its fixtures do not make by themselves."""

from __future__ import annotations

import pytest

from ingest import wires
from ingest.item import Item, Signal, Status


def item(data: str = "", head: str = "", body: str = "<p>text</p>", status: str = "usable") -> Item:
    docdata = f"<docdata management-status='{status}'>{data}</docdata>"
    content = f"<body.head>{head}</body.head><body.content>{body}</body.content>"
    whole = f"<nitf><head>{docdata}</head><body>{content}</body></nitf>"
    (found,) = wires.read(whole.encode(), "x.xml")
    return found


ISSUE = "<date.issue norm='20310101T120000Z'/>"


def test_a_release_after_the_issue_is_an_embargo_and_one_before_is_none() -> None:
    later = item(ISSUE + "<date.release norm='20310101T180000+0100'/>")
    same = item(ISSUE + "<date.release norm='20310101T130000+0100'/>")
    assert later.embargoed and later.embargoed.iso() == "2031-01-01T17:00:00Z"
    assert same.embargoed is None


def test_an_embargoed_item_is_usable_from_its_release_on_and_withheld_without_one() -> None:
    released = item(ISSUE + "<date.release norm='20301231T120000Z'/>", status="embargoed")
    assert released.embargoed and released.status is Status.USABLE
    assert item(ISSUE, status="embargoed").status is Status.WITHHELD


@pytest.mark.parametrize("status", ["canceled", "cancelled", "killed", "Canceled ", "deleted"])
def test_a_killed_item_is_canceled(status: str) -> None:
    found = item(status=status)
    assert (found.status, found.signal) == (Status.CANCELED, Signal.KILL)


@pytest.mark.parametrize(
    ("note", "signal"),
    [
        ("Corrects name of sheep", Signal.CORRECTION),
        ("Eds: UPDATES with goats", Signal.UPDATE),
        ("ADDS byline", Signal.UPDATE),
        ("MANDATORY KILL", Signal.KILL),
        ("Eds: Kill, repeat kill. Wrong sheep", Signal.KILL),
        ("Withdrawn: see advisory", Signal.KILL),
        ("KILLS last paragraph; adds goats", Signal.UPDATE),
        ("Kill the story slugged Bridge, which is wrong", Signal.KILL),
        ("Withdraws story&apos;s 3rd graf", Signal.UPDATE),
        ("Withdraws number of sheep", Signal.UPDATE),
        ("Withdrawal of sheep goes on", None),
        ("Killing of sheep goes on", None),
        ("For global distribution; updates will follow", None),
        ("", None),
    ],
)
def test_notes_to_editors_tell_what_a_version_is_by_their_first_word(note: str, signal: Signal | None) -> None:
    assert item(f"<ed-msg info='{note}'/>").signal is signal


def test_notes_captions_and_the_end_of_the_body_are_no_text() -> None:
    body = (
        "<p>text</p><media><media-caption>no</media-caption></media><note><body.content><p>no</p></body.content></note>"
    )
    assert item(body=body).body == "text"


def test_a_headline_is_the_first_rank_else_the_title() -> None:
    ranks = "<hedline><hl1> First\nrank </hl1><hl2>Second</hl2></hedline>"
    assert item(head=ranks).headline == "First rank"
    titled = "<nitf><head><title>Title</title></head><body><body.content/></body></nitf>"
    assert wires.read(titled.encode(), "x")[0].headline == "Title"
    assert item().headline is None


def test_a_headline_without_ranks_is_its_own_text() -> None:
    assert item(head="<hedline> Bare\nline <hl2>Second</hl2></hedline>").headline == "Bare line"


@pytest.mark.parametrize("space", ["", "xmlns='http://iptc.org/std/NITF/2006-10-18/'", "xmlns='http://nitf.example/4'"])
def test_the_namespace_makes_no_difference(space: str) -> None:
    (found,) = wires.read(f"<nitf {space}><body><body.content><p>text</p></body.content></body></nitf>".encode(), "x")
    assert found.body == "text"


def test_a_body_that_is_one_string_is_read_as_the_html_it_may_be() -> None:
    assert item(body="&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;").body == "One & two\n\nThree"
    assert item(body="1 &lt; 2\n\nThree").body == "1 < 2\n\nThree"


def test_a_subject_code_that_was_sent_as_a_number_has_its_first_zero_again() -> None:
    whole = (
        "<nitf><head><tobject><tobject.subject tobject.subject.refnum='4005000'/></tobject></head>"
        "<body><body.content><p>x</p></body.content></body></nitf>"
    )
    assert wires.read(whole.encode(), "x")[0].subjects[0].code == "subj:04005000"


def test_a_dateline_is_the_place_and_not_the_date() -> None:
    assert (
        item(
            head="<dateline><location>ISLE</location> <story.date norm='20310101'>Jan 1</story.date></dateline>"
        ).dateline
        == "ISLE"
    )
    assert item(head="<dateline><story.date norm='20310101T120000Z'/></dateline>").dateline is None


def test_a_story_without_date_of_issue_is_dated_by_what_else_it_tells() -> None:
    dated = item(head="<dateline><story.date norm='20310101T120000Z'/></dateline>")
    assert dated.published and dated.published.iso() == "2031-01-01T12:00:00Z"


def test_subject_codes_of_another_owner_carry_its_name() -> None:
    codes = ("refnum='04000000'", "ipr='EFE' tobject.subject.refnum='F1'")
    subjects = "".join(f"<tobject.subject tobject.subject.{code}/>" for code in codes)
    found = wires.read(f"<nitf><head><tobject>{subjects}</tobject></head></nitf>".encode(), "x")[0]
    assert [subject.code for subject in found.subjects] == ["subj:04000000", "efe:F1"]


def test_a_story_is_located_by_its_dateline_and_by_its_event_only_without_one() -> None:
    event, dateline = "<evloc city='Isle'/>", "<dateline><location>{}</location></dateline>"
    marked = item(event, dateline.format("<city>Strelsau</city>, <country>Ruritania</country>"))
    assert (marked.located, marked.places) == ("Strelsau", ("Isle",))
    plain = item(event, dateline.format("Strelsau"))
    assert (plain.located, plain.dateline) == (None, "Strelsau")
    assert (item(event).located, item(event).places) == ("Isle", ())


def test_an_abstract_that_is_one_string_of_html_is_read_as_that() -> None:
    assert item(head="<abstract><![CDATA[<p>One</p><p>two</p>]]></abstract>").summary == "One\n\ntwo"


@pytest.mark.parametrize(
    ("data", "head", "holder"),
    [
        ("<doc.copyright holder='A'/><meta name='copyright' content='C'/>", "", "A"),
        ("<meta name='copyright' content='C'/>", "<rights><rights.owner>B</rights.owner></rights>", "B"),
        ("<meta name='copyright' content='C'/>", "", "C"),
    ],
)
def test_a_copyright_is_held_by_who_is_named_nearest_to_it(data: str, head: str, holder: str) -> None:
    assert item(data, head).copyright_holder == holder


def test_a_keyword_of_anpa_is_the_slugline_where_no_key_is_given() -> None:
    keyword = "<meta name='anpa-keyword' content='Sheep'/>"
    assert (item(keyword).slugline, item(keyword + "<du-key key='Goats'/>").slugline) == ("Sheep", "Goats")


def test_of_a_picture_in_several_sizes_the_widest_is_named() -> None:
    sizes = (f"<media-reference source='{name}.jpg' width='{width}'/>" for name, width in (("s", 80), ("l", 800)))
    found = item(body=f"<p>text</p><media media-type='image'>{''.join(sizes)}</media>")
    assert [link.target for link in found.links] == ["l.jpg"]
