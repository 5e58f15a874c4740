"""Claims about choosing blocks: what is likely stays, a second opinion counts, headline and byline go, cells join."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import frames
from tests.frames import Slots
from tests.stories import ENGLISH, STORIES, Story
from tests.test_outline import read
from workers import body, forest, markup, metadata
from workers.body import KEEP, Weighed
from workers.metadata import Known, Metadata
from workers.outline import Block, outline
from workers.traits import Said

BLOCKS = read("".join(f"<p>{part}</p>" for part in ENGLISH.parts))[1].blocks


def weighed(*chances: float) -> Weighed:
    return Weighed(BLOCKS[: len(chances)], chances)


def known(story: Story, source: str | None = None) -> Metadata:
    tree = markup.parse(source or frames.press(story), "u")
    return metadata.read(tree, Known("file:///x", datetime(2026, 3, 2, tzinfo=UTC), {}))


def cells(source: str) -> list[str]:
    return body.paragraphs(read(source)[1].blocks)


@given(st.lists(st.floats(0, 1), max_size=len(BLOCKS)))
def test_how_sure_a_choice_is_lies_between_nothing_and_one(chances: list[float]) -> None:
    found = weighed(*chances)
    assert 0 <= found.sure() <= 1
    assert found.kept() == [block for block, chance in zip(found.blocks, chances, strict=True) if chance >= KEEP]
    assert bool(found.kept()) == (found.sure() > 0)


def test_the_surest_choice_is_one_between_certainties() -> None:
    assert weighed(1, 1, 0, 0).sure() == 1
    assert weighed(0, 0).sure() == 0
    assert weighed().sure() == 0
    assert weighed(0.9, 0.9, 0.1, 0.1).sure() > weighed(0.6, 0.6, 0.5, 0.5).sure()


def test_chances_of_a_half_give_the_expected_score() -> None:
    one, two = BLOCKS[0].size, BLOCKS[1].size
    assert weighed(0.8, 0.5).sure() == pytest.approx(2 * 0.8 * one / (one + 0.8 * one + 0.5 * two))


def test_every_block_of_a_page_has_a_chance_and_menus_have_next_to_none() -> None:
    for story in STORIES:
        tree = markup.parse(frames.press(story), "u")
        found = body.weigh(outline(tree), body.said(known(story)), forest.trained())
        by = dict(zip([block.text for block in found.blocks], found.chances, strict=True))
        assert all(0 <= chance <= 1 for chance in found.chances)
        assert min(by[part] for part in story.parts) > 0.8
        assert max(by[word] for word in story.menu[3:]) < 0.1
        assert by[story.rights] < 0.2


def test_a_second_opinion_raises_what_it_has_and_lowers_what_it_has_not() -> None:
    before = weighed(0.5, 0.5, 0.5, 0.9)
    after = body.advised(before, "\n".join((ENGLISH.parts[0], ENGLISH.parts[3])))
    assert after.blocks == before.blocks
    assert after.chances[0] > 0.5 > after.chances[1]
    assert after.chances[1] == after.chances[2]
    assert after.chances[3] > 0.9


def test_a_second_opinion_counts_the_more_the_less_is_sure() -> None:
    doubtful, sure = weighed(0.4, 0.4, 0.3), weighed(0.4, 0.99, 0.99)
    text = ENGLISH.parts[0]
    gains = [body.advised(found, text).chances[0] - 0.4 for found in (doubtful, sure)]
    assert gains[0] > gains[1] > 0


def test_of_a_short_block_a_second_opinion_must_have_the_whole_line() -> None:
    blocks = read("<h2>Harbour council</h2><p>What next?</p>")[1].blocks
    after = body.advised(Weighed(blocks, (0.5, 0.5)), "The harbour council of Ostrel voted.\nWhat next")
    assert after.chances[0] < 0.5 < after.chances[1]


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.text(max_size=200))
def test_whatever_a_second_opinion_says_chances_stay_chances(chances: list[float], text: str) -> None:
    assert all(0 <= chance <= 1 for chance in body.advised(weighed(*chances), text).chances)


def chosen(story: Story, inner: str) -> list[str]:
    """The texts that are kept if every block of an article with this text is likely."""
    found = known(story)
    blocks = read(f"<article><h1>{story.headline}</h1>{inner}</article>")[1].blocks
    return [block.text for block in body.chosen(Weighed(blocks, [1.0] * len(blocks)), found)]


def test_the_headline_at_the_start_goes_however_it_is_written() -> None:
    for story in STORIES:
        again = f"<h2>{story.headline.upper()} !</h2>"
        assert chosen(story, again + frames.paragraphs(story)) == list(story.parts)


@pytest.mark.parametrize("line", ["By Ada Roe", "Ada Roe", "By ADA ROE", "Von Ada Roe", "Par Ada Roe"])
def test_a_byline_at_the_start_goes(line: str) -> None:
    assert chosen(ENGLISH, f"<p>{line}</p>{frames.paragraphs(ENGLISH)}") == list(ENGLISH.parts)


def test_a_sentence_about_the_author_and_other_names_at_the_start_stay() -> None:
    for line in ("Ada Roe saw the pier fall.", "By Bo Lin", "Tomas Veld"):
        assert chosen(ENGLISH, f"<p>{line}</p>{frames.paragraphs(ENGLISH)}")[0] == line


def test_a_headline_further_down_is_a_line_of_the_text() -> None:
    inner = f"{frames.paragraphs(ENGLISH)}<p>{ENGLISH.headline}</p>"
    assert chosen(ENGLISH, inner) == [*ENGLISH.parts, ENGLISH.headline]


def test_what_the_page_says_of_its_text_is_read_from_all_its_sources() -> None:
    body_ = " ".join(ENGLISH.parts)
    said = body.said(known(ENGLISH, frames.press(ENGLISH, Slots(ld={"articleBody": body_}))))
    assert ENGLISH.headline in said.heads
    assert (said.description, said.body) == (ENGLISH.deck, body_)
    assert body.said(known(ENGLISH, "<p>x")) == Said((), "", "")


def test_cells_of_a_row_stand_on_one_line() -> None:
    rows = "<tr><th>Year</th><th>Tonnes</th></tr><tr><td>2023</td><td>17</td></tr><tr><td>2024</td><td>19</td></tr>"
    assert cells(f"<p>Before.</p><table>{rows}</table><p>After.</p>") == [
        "Before.",
        "Year | Tonnes",
        "2023 | 17",
        "2024 | 19",
        "After.",
    ]


def test_a_block_is_one_clean_line() -> None:
    assert cells("<p>soft\u00adly \u200bspoken\ufeff</p><p>\u200b</p><p>e\u0301</p>") == ["softly spoken", "é"]


def test_of_a_page_that_is_nothing_but_the_article_all_but_captions_is_shown() -> None:
    page = read("<p>One.</p><figure><img><figcaption>Seen.</figcaption></figure><ul><li>Two</li></ul>Three")[1]
    assert [block.text for block in body.shown(page)] == ["One.", "Two", "Three"]


@pytest.mark.parametrize(
    ("sure", "text", "free", "expected"),
    [
        (0.97, "word " * 100, None, (97, "text")),
        (0.97, "word " * 100, True, (97, "text")),
        (0.97, "word " * 100, False, (60, "paywall")),
        (0.4, "word " * 100, False, (40, "paywall")),
        (0.97, "word " * 10, False, (60, "paywall")),
        (0.97, "word " * 79, None, (77, "short")),
        (0.97, "桥" * 80, None, (97, "text")),
        (0.97, "桥" * 79, None, (77, "short")),
        (0.0, "", None, (1, "short")),
        (0.0, "word " * 100, None, (1, "text")),
    ],
)
def test_confidence_is_a_percentage_and_says_what_lowers_it(
    sure: float, text: str, free: bool | None, expected: tuple[int, str]
) -> None:
    assert body.confidence(sure, text, free) == expected


def test_the_chosen_blocks_are_blocks_of_the_page_in_its_order() -> None:
    tree = markup.parse(frames.blog(ENGLISH), "u")
    page = outline(tree)
    kept: list[Block] = body.chosen(body.weigh(page, body.said(known(ENGLISH)), forest.trained()), known(ENGLISH))
    places = [[id(block) for block in page.blocks].index(id(block)) for block in kept]
    assert places == sorted(set(places)) != []
