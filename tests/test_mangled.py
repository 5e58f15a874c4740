"""Claims about damaged pages: an article or a reason, soon, no longer than the page, the same at any time, anywhere."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import GiveUp
from ingest.model import Article, Rejected
from tests import frames
from tests.frames import Slots
from tests.stories import ARABIC, CHINESE, ENGLISH, GERMAN, RUSSIAN, THAI
from workers import extract, framing, normalise
from workers.extract import Page
from workers.page import Child

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SOON = 2.0  # seconds of CPU; a whole page takes a few thousandths
LIVE = "".join(f'<div class="post"><time>1{i}:05</time><p>{part}</p></div>' for i, part in enumerate(ENGLISH.parts))
STATE = f"<script>var a = {json.dumps({'html': frames.paragraphs(GERMAN)})}</script>"
PAGES = (
    frames.press(ENGLISH).encode(),
    frames.blog(CHINESE).encode("gb18030"),
    frames.tabled(RUSSIAN).encode("cp1251", "ignore"),
    frames.modern(ARABIC).encode(),
    frames.blog(THAI, Slots(free=False)).encode("utf-16"),
    frames.press(ENGLISH, Slots(LIVE, ld={"@type": "LiveBlogPosting"})).encode(),
    frames.modern(GERMAN, Slots("", head=STATE)).encode("latin-1", "ignore"),
)
TYPES = (None, "text/html", "text/html; charset=utf-8", "text/html; charset=Shift_JIS", "text/html; charset=utf-16")
TAGS = (
    b"</div>", b"<div>", b"<p>", b"</p>", b"</article>", b"<article>", b"<table>", b"</table>", b"<td>", b"<tr>",
    b"<button>", b"<a href=x>", b"</a>", b"<b>", b"<i></b></i>", b"<!--", b"-->", b"<script>", b"</script>",
    b"<style>", b"<textarea>", b"<select>", b"<svg>", b"<template>", b"<noscript>", b"<iframe>", b"<form>", b"<h1>",
    b"<li>", b"<br>", b"<br><br>", b"</body>", b"</html>", b"<html>", b"<body hidden>", b"<head>", b"<title>",
    b"<plaintext>", b"<frameset>", b"<![CDATA[", b"]]>", b"<?php", b"<base href='//x'>", b"&#0;", b"&#x110000;",
    b"&nosuch;", b"<p \x00=\x00>", b"\x00", b"<div class='", b'<p style="', b"<", b">", b'"', b"\xff\xfe",
    b"\xed\xa0\x80", "\u202e\u200b".encode(), b"\xc3",
)  # fmt: skip
Outcome = Article | tuple[Rejected, str]


def outcome(raw: bytes, content_type: str | None = "text/html") -> Outcome:
    """What a page comes to: nothing but an article or a refusal, in time and no longer than the page."""
    start = time.process_time()
    try:
        article = extract.extract(Page(raw, "https://paper.test/a", NOW, content_type, html=True))
    except GiveUp as refusal:
        assert isinstance(refusal.reason, Rejected)
        return refusal.reason, refusal.detail
    finally:
        assert time.process_time() - start < SOON
    assert 0 < len(article.text) <= len(raw)
    assert normalise.text(article.text) == article.text
    assert 1 <= article.confidence <= 100
    article.text.encode()
    return article


def twice(raw: bytes, content_type: str | None = "text/html") -> Outcome:
    """The same, asked again after another page."""
    first = outcome(raw, content_type)
    outcome(PAGES[0])
    assert outcome(raw, content_type) == first
    return first


PLACES = st.floats(0, 1, exclude_max=True)
WHOLE = st.sampled_from(PAGES)
KINDS = st.sampled_from(TYPES)


@settings(max_examples=20, deadline=None)
@given(WHOLE, PLACES, KINDS)
def test_a_page_that_ends_at_any_byte(page: bytes, place: float, kind: str | None) -> None:
    twice(page[: int(place * len(page))], kind)


@settings(max_examples=20, deadline=None)
@given(WHOLE, st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=40), KINDS)
def test_a_page_with_bytes_changed(page: bytes, changes: Sequence[tuple[float, int]], kind: str | None) -> None:
    raw = bytearray(page)
    for place, byte in changes:
        raw[int(place * len(raw))] = byte
    twice(bytes(raw), kind)


@settings(max_examples=35, deadline=None)
@given(WHOLE, st.lists(st.tuples(PLACES, st.sampled_from(TAGS)), min_size=1, max_size=12))
def test_a_page_with_tags_unclosed_misnested_and_half_written(page: bytes, tags: Sequence[tuple[float, bytes]]) -> None:
    for place, tag in tags:
        at = int(place * len(page))
        page = page[:at] + tag + page[at:]
    twice(page)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(WHOLE, PLACES, PLACES), min_size=1, max_size=5), KINDS)
def test_a_page_pieced_together_from_others_in_other_encodings(
    pieces: Sequence[tuple[bytes, float, float]], kind: str | None
) -> None:
    twice(b"".join(page[int(min(a, b) * len(page)) : int(max(a, b) * len(page))] for page, a, b in pieces), kind)


@settings(max_examples=20, deadline=None)
@given(
    st.binary(max_size=600), st.sampled_from([b"", b"<html><body><p>", b"<!doctype html><table><td>", b"\xef\xbb\xbf<"])
)
def test_random_bytes(noise: bytes, start: bytes) -> None:
    twice(start + noise)
    twice(start + noise * 9 + PAGES[0])


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.sampled_from(["div", "p", "b", "a", "table", "td", "tr", "ul", "li", "font", "article", "h1", "q"]),
        min_size=1,
    ),
    st.integers(1, 3000),
    st.booleans(),
)
def test_elements_in_elements_to_any_depth(tags: list[str], depth: int, closed: bool) -> None:
    names = [tags[at % len(tags)] for at in range(depth)]
    nest = "".join(f"<{name}>" for name in names) + ENGLISH.parts[0]
    if closed:
        nest += "".join(f"</{name}>" for name in reversed(names))
    twice(frames.press(ENGLISH, Slots(frames.paragraphs(ENGLISH) + nest)).encode())


LONG = "".join(f"<p>{at} {ENGLISH.parts[at % 9]}</p>" for at in range(1500))
LARGE = {
    "paragraphs": LONG,
    "list items": "<ul>" + "<li>pier</li>" * 4_000 + "</ul>",
    "links": "<a href=x>pier</a> " * 5_000,
    "line breaks": "pier and more<br><br>" * 3_000,
    "cells": "<table>" + "<tr><td>pier</td><td>17</td></tr>" * 1_500 + "</table>",
    "one text": f"<p>{ENGLISH.parts[1] * 3_000}</p>",
    "one word": f"<p>{'桥' * 200_000}</p>",
    "white space": f"<p>{' ' * 1_000_000}</p>",
    "a class": f'<div class="{"article-body x1 " * 20_000}"><p>x</p></div>',
    "a style": f'<div style="{"display : " * 50_000}"><p>x</p></div>',
    "attributes": f"<div {' '.join(f'a{at}=1' for at in range(2_000))}><p>x</p></div>",
    "an address": f'<p><a href="/{"a/" * 300_000}">x</a></p>',
    "articles": "".join(f"<article><h2>{at}</h2><p>{ENGLISH.parts[at % 9]} {at}</p></article>" for at in range(800)),
    "headings": "<h1>Harbour council backs a longer pier</h1>" * 2_000,
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_page_with_too_much_of_one_thing(kind: str) -> None:
    outcome(frames.press(ENGLISH, Slots(frames.paragraphs(ENGLISH) + LARGE[kind])).encode())


def mangled(count: int) -> list[bytes]:
    """Pages damaged in every way at once, the same ones each time."""
    dice = random.Random(3)
    made = []
    for _ in range(count):
        raw = bytearray(dice.choice(PAGES))
        for _ in range(dice.randrange(6)):
            at = dice.randrange(len(raw))
            raw[at : at + dice.randrange(300)] = dice.choice((dice.choice(TAGS), dice.randbytes(9), raw[:200]))
        made.append(bytes(raw[: dice.randrange(len(raw) // 2, len(raw) + 1)]))
    return made


def test_other_processes_come_to_the_same_in_any_order() -> None:
    pages = mangled(30)
    here = [outcome(raw) for raw in pages]
    child = Child()
    try:
        for at in sorted(range(len(pages)), key=lambda at: at * 17 % len(pages)):
            asked = Page(pages[at], "https://paper.test/a", NOW, "text/html", html=True)
            answer = child.run(asked, 20, lambda: None, 5)
            there = (answer.reason, answer.detail) if isinstance(answer, framing.Refusal) else answer
            assert there == here[at]
    finally:
        child.stop()
    assert sum(isinstance(found, Article) for found in here) > 10, "not all of them are beyond help"


def test_other_hash_seeds_come_to_the_same() -> None:
    code = (
        "import sys, hashlib; from tests import test_mangled as t;"
        "print(hashlib.sha256(repr([t.outcome(raw) for raw in t.mangled(10)]).encode()).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            check=True,
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout != b""
