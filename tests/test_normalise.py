"""Claims about the stored form of a text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workers import normalise

ANY = st.text(st.characters(), max_size=300)


@given(ANY)
def test_the_stored_form_is_a_fixed_point(raw: str) -> None:
    once = normalise.text(raw)
    assert normalise.text(once) == once


@given(ANY)
def test_no_control_or_bidi_character_survives(raw: str) -> None:
    stored = normalise.text(raw)
    bad = {c for c in stored if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"}
    assert not bad
    assert not set(stored) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u00ad\ufeff")
    stored.encode()  # no lone surrogate is left


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), max_size=6))
def test_paragraphs_come_back_as_they_were_joined(parts: list[str]) -> None:
    clean = [normalise.line(p) for p in parts if normalise.line(p)]
    assert normalise.paragraphs(normalise.join(clean)) == clean


def test_the_hash_ignores_white_space_inside_paragraphs_and_the_form_of_accents() -> None:
    one = normalise.content_hash("Café  au\nlait\n\nZwei")
    assert one == normalise.content_hash("Cafe\u0301 au lait\n \n\nZwei ")
    assert one.startswith("sha256-1:")
    assert len(one) == len("sha256-1:") + 64


def test_the_hash_tells_one_paragraph_from_two() -> None:
    assert normalise.content_hash("a b") != normalise.content_hash("a\n\nb")


def test_joiners_that_spell_words_stay() -> None:
    assert normalise.text("می\u200cخواهم") == "می\u200cخواهم"


def test_scripts_without_spaces_count_by_characters() -> None:
    assert normalise.words("今日は良い天気です") == 9
    assert normalise.words("한국어는 띄어 씁니다") == 3
    assert normalise.words("two words, and – no dash") == 5
    assert normalise.words("สวัสดีครับ") == 2


def test_a_text_of_24_words_is_too_short_to_merge_by() -> None:
    assert not normalise.mergeable("word " * 24)
    assert normalise.mergeable("word " * 25)


def test_a_title_loses_tags_and_doubly_escaped_entities() -> None:
    assert normalise.label("Fish &amp;amp; <em>chips</em>&nbsp;| 5 &lt; 6") == "Fish & chips | 5 < 6"
    assert normalise.label("a < b and c > d") == "a < b and c > d"
