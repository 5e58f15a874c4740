"""Claims about the gate's data: words of walls are not those of stories, and no text makes looking for them slow."""

from __future__ import annotations

import re
import time

import pytest

from workers import phrases

PATTERNS = {name: value for name, value in vars(phrases).items() if isinstance(value, re.Pattern)}
WORDS = {name: value for name, value in vars(phrases).items() if isinstance(value, frozenset)}
STORIES = (
    "The harbour council met on Tuesday to talk about the new pier, which will cost more than was planned.",
    "Der Hafenrat hat am Dienstag über die neue Mole beraten, die mehr kosten wird als zunächst geplant war.",
    "Le conseil du port s'est réuni mardi pour parler de la nouvelle jetée, qui coûtera plus cher que prévu.",
    "El consejo del puerto se reunió el martes para hablar del nuevo muelle, que costará más de lo previsto.",
    "港湾評議会は火曜日、当初の計画より費用がかさむ見通しとなった新しい桟橋について協議した。",
    "ناقش مجلس الميناء يوم الثلاثاء الرصيف الجديد الذي سيكلف أكثر مما كان مخططا له في البداية.",
    "Портовый совет обсудил во вторник новый причал, который обойдётся дороже, чем планировалось сначала.",
)


@pytest.mark.parametrize("name", PATTERNS)
def test_no_wall_is_seen_in_an_ordinary_story(name: str) -> None:
    assert not any(PATTERNS[name].search(story) for story in STORIES)


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("piece", ["-", "a", "a ", "log in ", "sorry, ", "\n", "subscribe ", "404 ", "域名"])
def test_no_text_makes_the_search_slow(name: str, piece: str) -> None:
    text = piece * (1500 // len(piece))
    start = time.process_time()
    PATTERNS[name].search(text)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("name", WORDS)
def test_words_of_addresses_are_whole_lower_case_steps(name: str) -> None:
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", word) for word in WORDS[name])


def test_no_word_speaks_for_a_shop_and_for_a_paper() -> None:
    assert not (phrases.SHOPS | phrases.SERVICES | phrases.FORUMS) & phrases.PRESS
    assert not phrases.SHOPS & phrases.FORUMS
