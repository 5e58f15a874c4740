"""Claims about what is taken out of the chosen blocks: second copies, and articles beside the page's own."""

from __future__ import annotations

import time

from tests.frames import paragraphs
from tests.stories import CHINESE, ENGLISH, NEXT, STORIES, Story
from tests.test_outline import read
from workers import strays
from workers.outline import Block


def blocks(source: str) -> list[Block]:
    return read(source)[1].blocks


def texts(kept: list[Block]) -> list[str]:
    return [block.text for block in kept]


def without_copies(source: str) -> list[str]:
    return texts(strays.without_copies(blocks(source)))


def without_others(source: str) -> list[str]:
    """What stays of a page whose paragraphs were chosen."""
    found = blocks(source)
    headline = next((block for block in found if block.box.tag == "h1"), None)
    return texts(strays.without_others([block for block in found if block.box.tag == "p"], found, headline))


def other(story: Story) -> str:
    """Another article, whose heading leads to its own page."""
    head, parts = NEXT[story.language]
    return f'<article><h2><a href="/n/2">{head}</a></h2>{"".join(f"<p>{part}</p>" for part in parts)}</article>'


def test_a_second_copy_of_all_paragraphs_goes() -> None:
    for story in STORIES:
        assert without_copies(f"<div>{paragraphs(story)}</div><div hidden>{paragraphs(story)}</div>") == list(
            story.parts
        )


def test_a_third_copy_goes_too() -> None:
    assert without_copies(f"<div>{paragraphs(ENGLISH)}</div>" * 3) == list(ENGLISH.parts)


def test_one_long_block_that_holds_the_other_ones_text_goes() -> None:
    whole = " ".join(ENGLISH.parts)
    assert without_copies(f"<div>{paragraphs(ENGLISH)}</div><div>{whole}</div>") == list(ENGLISH.parts)
    assert without_copies(f"<div>{whole}</div><div>{paragraphs(ENGLISH)}</div>") == list(ENGLISH.parts)


def test_a_paragraph_that_is_said_twice_for_effect_stays() -> None:
    source = paragraphs(ENGLISH) + f"<p>{ENGLISH.parts[4]}</p>"
    assert without_copies(source) == [*ENGLISH.parts, ENGLISH.parts[4]]


def test_short_lines_that_return_stay() -> None:
    source = "".join(f"<p>Question:</p><p>{part}</p>" for part in ENGLISH.parts)
    assert without_copies(source).count("Question:") == len(ENGLISH.parts)


def test_a_pulled_quote_out_of_the_text_is_no_copy_of_it() -> None:
    source = paragraphs(ENGLISH) + f"<blockquote>{ENGLISH.quote}</blockquote>"
    assert without_copies(source) == [*ENGLISH.parts, ENGLISH.quote]


def test_a_text_of_one_block_stays_whole() -> None:
    assert without_copies(f"<p>{ENGLISH.parts[0] * 9}</p>") == [ENGLISH.parts[0] * 9]
    assert without_copies("") == []


def test_an_article_beside_the_one_with_the_headline_goes() -> None:
    for story in (ENGLISH, CHINESE):
        own = f"<article><h1>{story.headline}</h1>{paragraphs(story)}</article>"
        assert without_others(own + other(story)) == list(story.parts)
        assert without_others(other(story) + own) == list(story.parts)


def test_articles_inside_of_the_page_s_own_stay() -> None:
    posts = "".join(f"<article><p>{part}</p></article>" for part in ENGLISH.parts[5:])
    first = "".join(f"<p>{part}</p>" for part in ENGLISH.parts[:5])
    assert without_others(f"<article><h1>{ENGLISH.headline}</h1>{first}{posts}</article>") == list(ENGLISH.parts)


def test_text_that_stands_in_no_article_stays() -> None:
    own = f"<article><h1>{ENGLISH.headline}</h1>{paragraphs(ENGLISH)}</article>"
    assert without_others(f"{own}<div><p>{ENGLISH.deck}</p></div>") == [*ENGLISH.parts, ENGLISH.deck]


def test_an_article_that_holds_little_but_the_headline_is_not_believed_to_be_the_page_s_own() -> None:
    head = f"<article><h1>{ENGLISH.headline}</h1><p>{ENGLISH.deck}</p></article>"
    found = without_others(f"{head}<article>{paragraphs(ENGLISH)}</article>")
    assert found == [ENGLISH.deck, *ENGLISH.parts]


def test_a_single_article_without_a_heading_is_a_part_of_the_page_s_own() -> None:
    own = f"<article><h1>{ENGLISH.headline}</h1>{paragraphs(ENGLISH)}</article>"
    steps = "".join(f"<p>{part}</p>" for part in NEXT["en"][1])
    assert without_others(f"{own}<article>{steps}</article>") == [*ENGLISH.parts, *NEXT["en"][1]]
    assert without_others(f"{own}<article>{steps}</article><article>{steps}</article>") == list(ENGLISH.parts)


def test_without_a_headline_or_an_article_around_it_nothing_goes() -> None:
    assert without_others(paragraphs(ENGLISH) + other(ENGLISH)) == [*ENGLISH.parts, *NEXT["en"][1]]
    source = f"<h1>{ENGLISH.headline}</h1><article>{paragraphs(ENGLISH)}</article>{other(ENGLISH)}"
    assert without_others(source) == [*ENGLISH.parts, *NEXT["en"][1]]


def test_time_grows_with_the_page_and_not_with_its_square() -> None:
    def cost(count: int, mark: str = "{}") -> float:
        found = blocks(
            "".join(f"<article><p>{mark.format(at)} {ENGLISH.parts[0]}</p></article>" for at in range(count))
        )
        start = time.process_time()
        strays.without_others(strays.without_copies(found), found, found[0])
        return time.process_time() - start

    def least(count: int, mark: str = "{}") -> float:  # what else the machine does falls on some runs, not on all
        return min(cost(count, mark) for _ in range(3))

    assert least(3000) < 30 * least(300) + 0.1
    assert least(3000, "equal") < 30 * least(300) + 0.1
