"""Claims about the second opinion: a text or none, the tree untouched, nothing remembered, nothing printed."""

from __future__ import annotations

import logging

import pytest
from lxml import etree

from tests import frames
from tests.frames import Slots
from tests.stories import ENGLISH, GERMAN, RUSSIAN, STORIES
from workers import markup, opinion


def text(source: str) -> str:
    return opinion.text(markup.parse(source, "u"))


def test_it_finds_most_paragraphs_of_an_article_each_on_a_line_of_its_own() -> None:
    for story in STORIES:
        lines = text(frames.blog(story)).split("\n")
        assert len(set(story.parts) & set(lines)) > len(story.parts) / 2


def test_the_tree_is_the_same_afterwards() -> None:
    tree = markup.parse(frames.press(ENGLISH), "u")
    before = etree.tostring(tree)
    opinion.text(tree)
    assert etree.tostring(tree) == before


def test_the_same_page_gives_the_same_text_in_any_order() -> None:
    pages = [frames.press(ENGLISH), frames.blog(GERMAN), frames.tabled(ENGLISH), frames.modern(RUSSIAN)]
    first = [text(page) for page in pages]
    assert [text(page) for page in (pages * 3)[::-1]] == (first * 3)[::-1]


def test_comments_are_no_part_of_it() -> None:
    assert ENGLISH.comment not in text(frames.blog(ENGLISH))


@pytest.mark.parametrize("source", ["", "<html></html>", "<p>x", "<script>var a</script>", "<table><tr><td>1</table>"])
def test_where_nothing_is_found_it_is_empty_or_what_is_there(source: str) -> None:
    assert len(text(source)) <= len(source)


def test_nothing_of_the_page_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        text("<p>x")
        text(frames.tabled(ENGLISH, Slots(body="<p>short</p>")))
    assert not caplog.records


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_want_of_memory_or_stack_is_no_opinion(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(opinion, "bare_extraction", fails)
    with pytest.raises(error):
        text(frames.blog(ENGLISH))


def test_it_names_the_library_s_version() -> None:
    assert opinion.VERSION.startswith("trafilatura-2.3")
