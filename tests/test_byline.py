"""Claims about names in bylines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers import byline
from workers.byline import Part


@pytest.mark.parametrize(
    ("given_names", "names"),
    [
        (["Ada Roe og Bo Lin"], ("Ada Roe", "Bo Lin")),
        (["Ada Roe/Bo Lin"], ("Ada Roe", "Bo Lin")),
        (["José Ramón y Cajal"], ("José Ramón y Cajal",)),
        (["Ada Roe, Chief of Staff"], ("Ada Roe",)),
        (["Ada Roe, Bo Lin, dpa"], ("Ada Roe", "Bo Lin", "dpa")),
        (["김철수 기자"], ("김철수",)),
        (["Dan Brown", "En Vogue"], ("Dan Brown", "En Vogue")),
        (["Dan Brown"], ("Dan Brown",)),
        (["Ministry for Trade and Industry"], ("Ministry for Trade and Industry",)),
    ],
)
def test_names_that_a_source_states_are_taken_apart_with_care(given_names: list[str], names: tuple[str, ...]) -> None:
    assert byline.listed(given_names) == names


def shown(*texts: str, personal: str = "") -> tuple[str, ...]:
    return byline.read(Part(text, text in personal.split("|"), "span") for text in texts)


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("By Ada Roe",), ("Ada Roe",)),
        (("By", "Ada Roe", "4 March"), ("Ada Roe",)),
        (("Written by", "Ada Roe", "and", "Bo Lin", "Harbour desk"), ("Ada Roe", "Bo Lin")),
        (("By Ada Roe, editor of the paper",), ("Ada Roe",)),
        (("By Van Morrison",), ("Van Morrison",)),
        (("Von", "Ada Roe"), ("Ada Roe",)),
        (("by ada",), ("ada",)),
        (("Medically reviewed by", "Cy Fox, MD", "Written by", "Ada Roe"), ("Ada Roe",)),
        (("Photo by Cy Fox", "By Ada Roe"), ("Ada Roe",)),
        (("By Ada Roe", "Reviewed by Cy Fox"), ("Ada Roe",)),
        (("Share", "A day at sea", "News"), ()),
        (("By clicking you agree to our terms",), ()),
    ],
)
def test_a_byline_begins_with_a_word_that_says_so(texts: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert shown(*texts) == names


def test_markup_that_speaks_of_an_author_stands_for_that_word() -> None:
    assert shown("News", "Ada Roe", "Editor at large", personal="Ada Roe|Editor at large") == ("Ada Roe",)
    assert shown("Sign In", "View more posts", "4 March", personal="Sign In|View more posts|4 March") == ()


def test_what_is_said_twice_is_one_name() -> None:
    assert shown("By", "Ada Roe", "By", "Ada Roe") == ("Ada Roe",)


WORDS = st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True).filter(
    lambda w: byline.looks(w) and not byline._AGENCIES.fullmatch(w) and not byline._OTHERS.match(w + ":")
)
PERSON = st.tuples(WORDS, WORDS).map(" ".join).filter(lambda n: byline.spoken(n) == (n,))


@given(st.lists(PERSON, min_size=1, max_size=4, unique_by=str.casefold))
def test_names_joined_as_newsrooms_join_them_come_apart_again(people: list[str]) -> None:
    line = ", ".join(people[:-1]) + (" and " if people[1:] else "") + people[-1]
    assert byline.spoken(f"By {line}") == tuple(people)
    assert byline.listed([line]) == tuple(people)
    assert shown("By", *(part for one in people for part in (one, "and"))) == tuple(people)


@given(st.lists(st.builds(Part, st.text(max_size=40).map(str.strip), st.booleans(), st.sampled_from("ab")), max_size=8))
def test_any_pieces_give_clean_distinct_names_or_none(parts: list[Part]) -> None:
    found = byline.read(parts)
    assert len(set(map(str.casefold, found))) == len(found)
    assert all(name.strip() == name and 0 < len(name) <= byline.MAX_NAME for name in found)
