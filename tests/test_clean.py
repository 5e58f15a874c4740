"""Claims about the clean HTML: a handful of elements, no attribute, everything escaped, the same words as the text."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from tests import frames
from tests.stories import STORIES
from tests.test_outline import bare, pieces, read
from workers import clean, markup
from workers.outline import outline

ALLOWED = {"p", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "li"}
EVIL = (
    '<p onclick="x()">one</p>',
    "<a href='javascript:x()'><div>two</div></a>",
    "<p>&lt;script&gt;x()&lt;/script&gt;</p>",
    "<pre>a &amp;&amp; b &lt; c</pre>",
    '<img src=x onerror="y()">',
    "<svg onload=z()></svg>",
)


def cleaned(source: str) -> str:
    return clean.html(read(source)[1].blocks)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(pieces(), st.sampled_from(EVIL)), max_size=4).map("".join))
def test_only_a_handful_of_elements_without_attributes_is_written(source: str) -> None:
    found = cleaned(source)
    assert set(re.findall(r"</?([^>]*)>", found)) <= ALLOWED
    root = lxml_html.fragment_fromstring(found, create_parent="div")
    assert not any(element.attrib for element in root.iter())


@settings(max_examples=80, deadline=None)
@given(pieces())
def test_every_block_is_written_once_and_in_order(source: str) -> None:
    root = lxml_html.fragment_fromstring(cleaned(source), create_parent="div")
    assert bare(root.text_content()) == bare("".join(block.text for block in read(source)[1].blocks)).replace(
        "\u200b", ""
    )


def test_whole_pages_keep_their_paragraphs() -> None:
    for story in STORIES:
        found = clean.html(outline(markup.parse(frames.press(story), "u")).blocks)
        assert all(f"<p>{part}</p>" in found for part in story.parts)


def test_headings_quotes_lists_and_code_stay_what_they_are() -> None:
    source = (
        "<h1>A</h1><h3>B</h3><blockquote><p>C</p></blockquote><ol><li>D</li><li>E</li></ol><div>F</div><pre>G</pre>"
    )
    assert cleaned(source).split("\n") == [
        "<h2>A</h2>",
        "<h3>B</h3>",
        "<blockquote>C</blockquote>",
        "<ul><li>D</li>",
        "<li>E</li></ul>",
        "<p>F</p>",
        "<pre>G</pre>",
    ]


def test_lists_are_closed_at_the_end_and_apart_from_each_other() -> None:
    assert cleaned("<ul><li>A</li></ul><p>B</p><ul><li>C</li></ul>").split("\n") == [
        "<ul><li>A</li></ul>",
        "<p>B</p>",
        "<ul><li>C</li></ul>",
    ]


def test_what_looks_like_markup_is_escaped_and_quotes_are_not() -> None:
    assert cleaned('<p>&lt;b&gt; "x" &amp;amp; y</p>') == '<p>&lt;b&gt; "x" &amp;amp; y</p>'


def test_blocks_without_a_visible_letter_are_not_written() -> None:
    assert cleaned("<p>\u200b</p><li>\u00ad</li>") == ""
    assert clean.html([]) == ""
