"""The newsroom's articles in scripts without spaces or from right to left: long enough, distinct, read back whole."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import pytest

from tests.shares import runs, shares
from workers.extract import Page, extract
from workers.newsroom import pages
from workers.newsroom.invent import MORE_TONGUES, TONGUES, Story, further, story, words_of
from workers.normalise import words

NOW = datetime(2026, 11, 25, tzinfo=UTC)
DESIGNS = range(4)


def text(told: Story) -> str:
    return "\n\n".join(p.text for p in told.paragraphs)


def rendered(told: Story, design: int) -> Page:
    others = [story(5, told.number + 10 + n, told.language) for n in range(5)]
    body = pages.article(told, pages.Sheet("http://paper.test/a", NOW, NOW, others), design)
    return Page(body, "http://paper.test/a", NOW, "text/html; charset=utf-8")


@pytest.mark.parametrize("language", MORE_TONGUES)
@pytest.mark.parametrize("design", DESIGNS)
def test_a_rendered_page_gives_back_the_text_it_was_made_of(language: str, design: int) -> None:
    for number in range(6):  # every third has a subheading
        told = story(5, number, language)
        read = extract(rendered(told, design))
        kept = [p for p in told.paragraphs if not p.head or p.text in read.text]  # the trees drop a subheading at times
        assert read.text.split("\n\n") == [p.text for p in kept]
        assert (read.title, read.language) == (told.title, language)


@pytest.mark.parametrize("language", MORE_TONGUES)
def test_an_article_in_any_script_is_as_long_as_150_to_600_words(language: str) -> None:
    assert all(150 <= words(text(story(5, n, language))) <= 600 for n in range(40))


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_chinese_and_japanese_have_no_spaces_between_words(language: str) -> None:
    assert all(" " not in p.text for n in range(10) for p in story(5, n, language).paragraphs)


@pytest.mark.parametrize("language", (*TONGUES, *MORE_TONGUES))
def test_articles_of_one_language_share_little(language: str) -> None:
    told = [runs(text(story(7, n, language))) for n in range(30)]
    assert max(max(shares(one, other)) for one, other in combinations(told, 2)) < 0.3


@pytest.mark.parametrize("language", (*TONGUES, *MORE_TONGUES))
def test_what_another_hand_adds_is_new(language: str) -> None:
    added = runs("\n\n".join(p.text for p in further(7, 3, language, 3)))
    assert max(shares(added, runs(text(story(7, 3, language))))) < 0.2


@pytest.mark.parametrize("language", (*TONGUES, *MORE_TONGUES))
def test_the_words_of_a_language_occur_in_its_articles(language: str) -> None:
    told = "".join(text(story(7, n, language)) for n in range(60)).lower()
    kinds = words_of(language)
    assert all(any(word.lower() in told for word in kind) for kind in kinds.values())
