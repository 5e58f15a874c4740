"""Claims about class names: their words name kinds, in any spelling, and nothing else does."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.classwords import BODY, COMMENT, KINDS, NAMES, kinds


def named(names: str) -> set[str]:
    found = kinds(names)
    return {name for at, name in enumerate(NAMES) if found >> at & 1}


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("comments-area", "comment"),
        ("c-related__list", "related"),
        ("ArticleShareBar", "share"),
        ("newsletter_signup", "offer"),
        ("sidebar", "side"),
        ("site-footer", "foot"),
        ("main-navigation", "nav"),
        ("ad-slot", "ad"),
        ("post-tags", "tag"),
        ("authorBox", "author"),
        ("entry-meta", "meta"),
        ("figcaption", "caption"),
        ("standfirst", "lead"),
        ("entry-title", "title"),
        ("entry-content", "body"),
        ("story", "article"),
        ("visually-hidden", "hidden"),
        ("pull-quote", "box"),
    ],
)
def test_every_kind_is_known_by_a_common_name(names: str, kind: str) -> None:
    assert kind in named(names)


def test_every_kind_has_such_a_name_and_a_bit_of_its_own() -> None:
    assert len(set(NAMES)) == len(KINDS) == 18
    assert (1 << NAMES.index("body"), 1 << NAMES.index("comment")) == (BODY, COMMENT)


@pytest.mark.parametrize(
    "names", ["article-body", "article_body", "articleBody", "ArticleBody", "c-article__body--wide"]
)
def test_the_spelling_does_not_matter(names: str) -> None:
    assert {"article", "body"} <= named(names)


@pytest.mark.parametrize("names", ["css-1q2w3e", "sc-x7 y", "t3", "a b c", "", "__", "0123", "новости", "正文"])
def test_hashes_and_single_letters_say_nothing(names: str) -> None:
    assert named(names) == set()


@pytest.mark.parametrize(("names", "kind"), [("shadow", "ad"), ("header", "ad"), ("stable", "nav"), ("inside", "side")])
def test_a_word_inside_another_is_not_that_word(names: str, kind: str) -> None:
    assert kind not in named(names)


@given(st.text(max_size=200), st.text(max_size=200))
def test_two_names_say_what_each_of_them_says(one: str, other: str) -> None:
    assert kinds(f"{one} {other}") == kinds(one) | kinds(other)
    assert 0 <= kinds(one) < 1 << len(NAMES)


def test_an_endless_attribute_is_read_in_a_moment() -> None:
    start = time.process_time()
    for names in ("a" * 500_000, "article-body " * 40_000, "aB" * 250_000, "A" * 500_000, "x-" * 250_000):
        assert kinds(names) < 1 << len(NAMES)
    assert time.process_time() - start < 3
