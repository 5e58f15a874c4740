"""Claims about text that only a script would show: it is found in strings, in JSON in strings, and in JSON-LD."""

from __future__ import annotations

import json
import time
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.frames import paragraphs
from tests.stories import ENGLISH, NEXT, STORIES
from workers import markup, scripted

STATE = {"props": {"id": 4711, "tags": ["pier", "harbour"], "config": {"cdn": "https://img.paper.test/" + "a/" * 300}}}


def texts(scripts: str, *nodes: dict[str, Any]) -> list[str]:
    tree = markup.parse(f"<html><head>{scripts}</head><body><div id=app></div></body></html>", "u")
    return [block.text for block in scripted.find(tree, nodes).blocks]


def script(code: str) -> str:
    return f"<script>{code.replace('</', '<' + chr(92) + '/')}</script>"


def state(**more: object) -> str:
    return json.dumps({**STATE, **more})


def test_markup_in_a_string_of_a_script_is_read_in_every_script_of_the_world() -> None:
    for story in STORIES:
        for ascii_only in (True, False):
            data = json.dumps({**STATE, "body": paragraphs(story)}, ensure_ascii=ascii_only)
            assert texts(script(f"window.__STATE__ = {data};")) == list(story.parts)


def test_markup_that_is_escaped_once_more_as_html_is_read() -> None:
    assert texts(script(f"var a = {state(html=escape(paragraphs(ENGLISH)))}")) == list(ENGLISH.parts)


def test_json_in_a_string_of_json_is_read() -> None:
    inner = json.dumps({"content": paragraphs(ENGLISH)})
    assert texts(script(f"var a = {state(cache=inner)}")) == list(ENGLISH.parts)
    assert texts(script(f"push([1,{json.dumps(state(cache=inner))}])")) == list(ENGLISH.parts)


def test_of_several_texts_the_one_with_the_most_prose_is_read() -> None:
    other = "".join(f"<p>{part}</p>" for part in NEXT["en"][1])
    for pair in ((other, paragraphs(ENGLISH)), (paragraphs(ENGLISH), other)):
        assert texts(script(f"var a = {state(list=[{'html': html} for html in pair])}")) == list(ENGLISH.parts)


def test_the_body_that_json_ld_states_is_read_with_and_without_markup() -> None:
    for story in STORIES:
        assert texts("", {"articleBody": "\n\n".join(story.parts)}) == list(story.parts)
        assert texts("", {"@type": "WebSite"}, {"articleBody": paragraphs(story)}) == list(story.parts)
        assert texts("", {"articleBody": " ".join(story.parts)}) == [" ".join(story.parts)]


@pytest.mark.parametrize(
    "code",
    [
        "var a = 1;",
        f"var css = {json.dumps('.a{color:red}' * 100)}",
        f"var plain = {json.dumps(' '.join(ENGLISH.parts))}",
        f"var short = {json.dumps(f'<p>{ENGLISH.deck}</p><p>{ENGLISH.quote}</p>')}",
        f"var menu = {json.dumps('<div><a href=x>Local news</a></div>' * 40)}",
        f"var tile = {json.dumps('<svg><path d=M1></svg>' * 40)}",
    ],
)
def test_strings_without_paragraphs_of_prose_are_no_text(code: str) -> None:
    assert texts(script(code)) == []


def test_a_stated_body_that_is_only_a_teaser_is_no_text() -> None:
    assert texts("", {"articleBody": ENGLISH.parts[0]}, {"articleBody": ["x"]}, {"articleBody": None}) == []


def test_only_the_longest_strings_are_looked_at() -> None:
    menus = [f"<ul><li><a href=/{at}>{'x ' * 2000}</a></li></ul>" for at in range(scripted.MAX_STRINGS)]
    assert texts(script(f"var a = {json.dumps([paragraphs(ENGLISH), *menus[1:]])}")) == list(ENGLISH.parts)
    assert texts(script(f"var a = {json.dumps([paragraphs(ENGLISH), *menus])}")) == []


PIECES = ['"', "\\", "\\\\", '\\"', "\n", "<p>", "<\\/p>", "&lt;p&gt;", "\\u003cp\\u003e", "\\ud83d", "{", "x " * 60]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=80))
def test_any_script_has_a_text_or_none(code: str, other: str) -> None:
    tree = markup.parse(f"<html><head><script>{code}{other}</script></head><body></body></html>", "u")
    found = scripted.find(tree, [])
    assert all(block.text for block in found.blocks)
    assert sum(len(block.text) for block in found.blocks) <= len(code) + len(other)


def test_long_strings_cost_no_more_than_their_length() -> None:
    start = time.process_time()
    for code in (
        json.dumps(paragraphs(ENGLISH) * 200),
        json.dumps(json.dumps(json.dumps(paragraphs(ENGLISH) * 50))),
        json.dumps("<p" * 40_000),
        '"' * 200_000,
        json.dumps("&amp;" * 50_000),
        "[" + ",".join(json.dumps(part) for part in ENGLISH.parts * 200) + "]",
    ):
        texts(script(f"var a = {code}"))
    assert time.process_time() - start < 3
