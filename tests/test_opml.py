"""OPML lists go in and out without loss, and a hostile one does no harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest import opml
from ingest.opml import OpmlError, Outline

WORDS = st.text(
    st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cn"), exclude_characters=",/"),
    min_size=1,
    max_size=12,
)
OUTLINES = st.builds(
    Outline,
    WORDS.map("https://a.example/{}".format),
    WORDS,
    st.lists(WORDS, unique=True).map(tuple),
    st.sampled_from([None, "en", "pt-BR"]),
)
SAMPLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1">
  <head><title>My feeds</title></head>
  <body>
    <outline text="News" title="News">
      <outline text="Europe">
        <outline type="rss" text="A short" title="A" xmlUrl="https://a.example/feed?x=1&y=2" htmlUrl="https://a.example/"/>
      </outline>
      <outline type="rss" text="B" xmlurl="https://b.example/feed" category="/world/asia,politics" language="ja"/>
    </outline>
    <outline text="A again" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
    <outline text="a remark"/>
    <outline text="link" type="link" url="https://c.example/"/>
  </body>
</opml>
"""


def test_folders_and_categories_become_tags_and_each_address_comes_once() -> None:
    assert opml.read(SAMPLE) == [
        Outline("https://a.example/feed?x=1&y=2", "A", ("News", "Europe")),
        Outline("https://b.example/feed", "B", ("News", "world", "asia", "politics"), "ja"),
    ]


@given(st.lists(OUTLINES, unique_by=lambda outline: outline.url, max_size=5))
def test_what_is_written_is_read_again(outlines: list[Outline]) -> None:
    assert opml.read(opml.write(outlines)) == outlines


def test_an_empty_list_is_a_list() -> None:
    assert opml.read(opml.write([])) == []


@pytest.mark.parametrize("charset", ["utf-16", "windows-1252", "utf-8"])
def test_the_declared_encoding_is_believed(charset: str) -> None:
    text = f'<?xml version="1.0" encoding="{charset}"?><opml><body><outline text="é" xmlUrl="http://é.example/"/></body></opml>'
    assert opml.read(text.encode(charset))[0].name == "é"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not well-formed"),
        (b"<html><body></body></html>", "the root element is <html>, not <opml>"),
        (b"<opml><body><outline", "not well-formed"),
        (b'{"feeds": []}', "not well-formed"),
        (
            b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;"/></body></opml>',
            "entit",
        ),
        (b"<opml><body>" + b"<outline>" * 5000 + b"</outline>" * 5000 + b"</body></opml>", "not well-formed"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(OpmlError, match=reason):
        opml.read(raw)


def test_entities_that_multiply_cost_nothing() -> None:
    bomb = b'<!DOCTYPE opml [<!ENTITY a "' + b"x" * 1000 + b'">'
    for last, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f'<!ENTITY {name} "{f"&{last};" * 10}">'.encode()
    begun = time.process_time()
    with pytest.raises(OpmlError):
        opml.read(bomb + b']><opml><body><outline text="&i;"/></body></opml>')
    assert time.process_time() - begun < 1


def test_folders_beyond_any_reason_end_the_search_not_the_program() -> None:
    deep = b'<outline text="f">' * 200 + b'<outline text="x" xmlUrl="http://x.example/"/>' + b"</outline>" * 200
    assert opml.read(b"<opml><body>" + deep + b"</body></opml>") == []


@given(st.binary(max_size=200))
@example(b"<\x00")
def test_any_bytes_at_all_are_a_list_or_refused(raw: bytes) -> None:
    try:
        opml.read(raw)
    except OpmlError as error:
        assert len(str(error).splitlines()) <= 1
