"""Claims of ingest/wire/parts/prose.py and ingest/wire/parts/flow.py: markup becomes paragraphs, whatever it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.wire.parts import prose

HTML = [
    ("<p>one<p>two", ["one", "two"]),
    ("<h2>Head</h2>text<div>more</div>", ["Head", "text", "more"]),
    ("<p>a<br>b<br/><br>c</p>", ["a b", "c"]),
    ("<ul><li>A<ul><li>B</li></ul></li><li>C</ul>", ["A", "B", "C"]),
    ("<table><tr><td>1</td><td><p>2</p></td></tr><tr><td>3<td>4</table>", ["1 2", "3 4"]),
    ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", ["a", "b"]),
    ("<table><tr><td>a<table><tr><td>x</td><td>y</td></tr></table></td><td>z</td></tr></table>", ["a", "x y", "z"]),
    ("<pre>a\nb\n\nc</pre>", ["a b", "c"]),
    ("plain\n\ntext\nof lines", ["plain", "text of lines"]),
    ("with <b>bold</b>\n\nwords", ["with bold", "words"]),
    ("<figure><img src=x><figcaption>cap</figcaption></figure><p>t</p>", ["t"]),
    ("<script>if(a<b){'<p>x'}</script><style>p{}</style>hi", ["hi"]),
    ("<header>never closed <p>x</p>", ["never closed", "x"]),
    ("<aside/>still here", ["still here"]),
    ("<!--[if mso]><p>no</p><![endif]--><!doctype html><p>yes</p>", ["yes"]),
    ("<![CDATA[<p>a</p>]]>", ["a"]),
    ("a < b, x <y@z.example> and <https://a.example/>", ["a < b, x <y@z.example> and <https://a.example/>"]),
    ("<p title=it's>text's</p><img alt='a > b'>", ["text's"]),
    ("<P CLASS=x>A&nbsp;B &amp;amp; C &#150; D&#99999999999;</P>", ["A B & C – D"]),
    ("a\x00b\u2028c\x07", ["ab c"]),
    ("<p> \xa0 </p><hr><p></p>", []),
    ("", []),
]


@pytest.mark.parametrize(("markup", "expected"), HTML)
def test_html_in_a_string_is_read_as_a_browser_would_show_it(markup: str, expected: list[str]) -> None:
    assert prose.fragment(markup) == expected


def test_class_tokens_are_left_out_in_strings_and_in_xml() -> None:
    markup = '<div><p class="lead teaser">no</p><p class="teasers">yes</p></div>'
    assert prose.fragment(markup, omit=("teaser",)) == ["yes"]
    assert prose.paragraphs(etree.fromstring(markup), omit=("teaser",)) == ["yes"]


def test_strings_and_xml_give_the_same_paragraphs_of_the_same_markup() -> None:
    markup = (
        "<body><h2>A</h2><p>b <i>c</i><br/>d</p><table><tr><th>e</th><td>f</td></tr></table><ul><li>g</li></ul></body>"
    )
    assert prose.fragment(markup) == prose.paragraphs(etree.fromstring(markup)) == ["A", "b c d", "e f", "g"]


def test_elements_nobody_knows_are_paragraphs_only_where_their_parent_has_no_text() -> None:
    assert prose.paragraphs(etree.fromstring("<x><lede>a</lede><cite2>b</cite2></x>")) == ["a", "b"]
    assert prose.paragraphs(etree.fromstring("<p>a <firm>b</firm> c</p>")) == ["a b c"]


@pytest.mark.parametrize("name", ["p", "h2", "P"])
def test_elements_nobody_knows_are_words_of_a_paragraph(name: str) -> None:
    inside = f"<{name}><company>Ferries</company> <person>Ida Holm</person></{name}>"
    assert prose.paragraphs(etree.fromstring(f"<body>{inside}</body>")) == ["Ferries Ida Holm"]


def test_text_wrapped_by_hand_keeps_its_paragraphs_and_indented_markup_means_nothing() -> None:
    assert prose.paragraphs(etree.fromstring("<p>(note)\n    One line\nand its end\n    Two</p>")) == [
        "(note)",
        "One line and its end",
        "Two",
    ]
    assert prose.paragraphs(etree.fromstring("<p>\n    One line\n    and its end\n  </p>")) == ["One line and its end"]


def test_a_document_is_its_body_its_main_section_or_nitf_content() -> None:
    page = "<html><head><title>t</title></head><body><p>x</p><div class='main wide'><p>y</p></div></body></html>"
    nitf = "<nitf><body><body.head><hl1>h</hl1></body.head><body.content><p>a</p><note><body.content>n</body.content>"
    nitf += "</note></body.content><body.end>e</body.end></body></nitf>"
    assert prose.article(etree.fromstring(page)) == ["y"]
    assert prose.article(etree.fromstring(page), main=()) == ["x", "y"]
    assert prose.article(etree.fromstring(nitf)) == ["a"]


def test_entities_html_knows_are_resolved_also_where_they_were_escaped_twice() -> None:
    declared = '<!DOCTYPE p SYSTEM "nitf.dtd"><p>a&eacute;b &amp;quot;c&amp;quot; &nosuch;</p>'
    parser = etree.XMLParser(resolve_entities=False)
    assert prose.paragraphs(etree.fromstring(declared, parser)) == ['aéb "c" &nosuch;']


def test_lines_of_an_element_are_one_line() -> None:
    assert prose.words(etree.fromstring("<by>By A\n B<byttl>Title</byttl></by>")) == "By A B Title"


@given(st.text(alphabet="<>/=\"'&;#! pabrtdhli-\n\x00é", max_size=200))
def test_any_string_gives_clean_lines(markup: str) -> None:
    for paragraph in prose.fragment(markup, omit=("x",)):
        assert paragraph == " ".join(paragraph.split())
        assert "\x00" not in paragraph


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000,
        "<table><tr><td>x" * 30_000,
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<" * 500_000,
        "<!--" * 200_000,
        "<a \"<a '" * 80_000,
        "<script>" * 60_000,
        "<figure>" * 60_000 + "</figure>",
        "<pre>" + "a\n" * 300_000,
        "a<br>" * 100_000,
        "&#" + "1" * 500_000,
        "<p class=" * 60_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_markup_takes_linear_time(markup: str) -> None:
    began = time.process_time()
    prose.fragment(markup, omit=("x",))
    assert time.process_time() - began < 2
