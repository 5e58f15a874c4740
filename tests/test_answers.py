"""An answer over HTTP is parted into its messages, and the next page is found where agencies name it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.transports.parts import answers

BASE = "https://api.example/v/feed?seq=1"
KEYS = ["items", "data", "next", "item", "links", "uri", "version"]
ONE, TWO = {"uri": "urn:x:1", "body": "ä"}, {"guid": "2"}


def page(value: Any, **headers: str) -> answers.Page:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return answers.page(body, BASE, headers)


def bodies(value: Any) -> list[Any]:
    return [json.loads(part.body) for part in page(value).parts]


@pytest.mark.parametrize(
    "value",
    [
        [ONE, TWO],
        {"items": [ONE, TWO]},
        {"entries": [ONE, TWO]},
        {"total": 2, "hits": [ONE, TWO]},
        {"results": [ONE, TWO]},
        {"data": [ONE, TWO]},
        {"data": {"items": [ONE, TWO], "next_page": "x"}},
    ],
)
def test_every_object_of_a_list_is_a_message(value: Any) -> None:
    assert bodies(value) == [ONE, TWO]
    assert [part.name for part in page(value).parts] == ["urn:x:1", "2"]


def test_an_entry_of_the_ap_feed_becomes_what_its_own_request_would_answer() -> None:
    entry = {"meta": {"products": []}, "item": {"uri": "https://api.example/content/1", "altids": {"itemid": "1"}}}
    assert bodies({"api_version": "2.0", "data": {"items": [entry]}}) == [{"data": entry}]
    assert page({"data": {"items": [entry]}}).parts[0].name == "https://api.example/content/1"


@pytest.mark.parametrize(
    "body",
    [
        b"<rss/>",
        b"ZCZC text",
        b'{"uri": "urn:x:1", "headline": "one item"}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]}',
        b'["a", "b"]',
        b'{"items": [1, 2]}',
        b'{"broken": ',
        b"[" * 100_000,
        b'{"items": [' + b"9" * 5000 + b"]}",
        b"\xff\xfe\x00",
    ],
)
def test_everything_else_is_one_message_as_it_came(body: bytes) -> None:
    assert [part.body for part in page(body).parts] == [body]


def test_an_empty_answer_or_list_holds_no_message() -> None:
    assert page(b" \n").parts == page([]).parts == page({"data": {"items": []}}).parts == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"next_page": "/v/feed?seq=2"}, "https://api.example/v/feed?seq=2"),
        ({"data": {"next_page": "https://api.example/n"}}, "https://api.example/n"),
        ({"next": "?seq=9"}, "https://api.example/v/feed?seq=9"),
        ({"links": {"next": "/n"}}, "https://api.example/n"),
        ({"_links": {"next": {"href": "/n"}}}, "https://api.example/n"),
        ({"paging": {"next": "/n"}}, "https://api.example/n"),
        ({"next": None}, ""),
        ({"next": ""}, ""),
        ({"next": 3}, ""),
        ({"next_page": "http://[broken"}, ""),
        ({"version": "https://jsonfeed.org/version/1.1", "items": [], "next": "/older"}, ""),
    ],
)
def test_the_next_page_is_found_where_it_is_named(value: Any, expected: str) -> None:
    assert page(value).next == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('</n>; rel="next"', "https://api.example/n"),
        ("</n>; rel=next", "https://api.example/n"),
        ('</p>; rel="prev", </n>; rel="next"', "https://api.example/n"),
        ('</n>; rel="last next"', "https://api.example/n"),
        ('</p>; title="a, <b>; rel=next"; rel=prev, </n> ; title="x;y" ; REL="Next"', "https://api.example/n"),
        ("</n>; rel=nextish", ""),
        ("</n>", ""),
        ("", ""),
        ("</n; rel=next", ""),
    ],
)
def test_the_link_field_names_the_next_page_of_any_kind_of_body(field: str, expected: str) -> None:
    assert page(b"<nitf/>", link=field).next == expected
    assert page([ONE], link=field).next == expected


@given(st.text(alphabet='<>;,="\\ relnxt/', max_size=200))
def test_any_link_field_is_read(field: str) -> None:
    assert isinstance(answers.linked(field), str)


@pytest.mark.parametrize("piece", ["<a>;", '<a>; x="', "<a> ; ;", '<a>; rel="next', "<" * 9])
def test_a_hostile_link_field_takes_no_time(piece: str) -> None:
    began = time.perf_counter()
    answers.linked(piece * 5000)
    assert time.perf_counter() - began < 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["items", "data", "next", "item", "links", "uri", "version"]), inner, max_size=3
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_parted_into_messages_that_are_json(value: Any) -> None:
    found = page(json.dumps(value).encode())
    assert all(isinstance(json.loads(part.body), object) and part.name.isprintable() for part in found.parts)


def test_lone_surrogates_stay_escapes() -> None:
    (part,) = page(b'[{"uri": "x", "body": "\\ud800"}]').parts
    assert part.body == b'{"uri": "x", "body": "\\ud800"}'
