"""Claims about the numbers that describe a block: small, whole, always as many, the same for the same page."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import frames
from tests.frames import Slots
from tests.stories import CHINESE, ENGLISH, STORIES
from tests.test_outline import pieces, read
from workers import markup
from workers.classwords import KINDS
from workers.forest import VALUES
from workers.outline import LANDMARKS, Outline, outline
from workers.traits import TRAITS, Said, traits

PROSE = "The harbour council met on Tuesday to talk about the new pier, which will cost more than was planned at first."
SIDES = ("comment", "related", "newsletter", "sidebar", "footer", "x1", "author", "entry-content", "hidden", "card")
SAID = st.builds(
    Said,
    st.lists(st.sampled_from(["", "A new pier", PROSE, "新桥", "!?"]), max_size=3).map(tuple),
    st.sampled_from(["", PROSE, "pier"]),
    st.sampled_from(["", PROSE, PROSE * 3, "x " * 300]),
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Markup in which some blocks are long enough to be prose, in boxes of telling and silent names."""
    parts = []
    for _ in range(draw(st.integers(0, 6))):
        tag = draw(st.sampled_from(["div", "article", "aside", "section", "td", "form", "h1", "h3", "a", "figcaption"]))
        inner = draw(st.sampled_from([PROSE, f"<p>{PROSE}</p>" * 3, "A new pier", f"<a href=x>{PROSE}</a>", "", "©"]))
        parts.append(f'<{tag} class="{draw(st.sampled_from(SIDES))}">{inner}{draw(pieces(depth=2))}</{tag}>')
    return "".join(parts)


def rows(found: Outline, said: Said | None = None) -> dict[str, dict[str, int]]:
    """The named traits of each block of a page by its text."""
    return {found.blocks[at].text: dict(zip(TRAITS, row, strict=True)) for at, row in traits(found, said or Said())}


def of(source: str, said: Said | None = None) -> dict[str, dict[str, int]]:
    return rows(read(source)[1], said)


@settings(max_examples=80, deadline=None)
@given(pages(), SAID)
def test_every_trait_is_a_whole_number_within_the_trees_tables(source: str, said: Said) -> None:
    found = read(source)[1]
    seen = traits(found, said)
    for _, row in seen:
        assert len(row) == len(TRAITS)
        assert all(type(value) is int and 0 <= value < VALUES for value in row), dict(zip(TRAITS, row, strict=True))
    assert [at for at, _ in seen] == sorted({at for at, _ in seen})
    assert all(0 <= at < len(found.blocks) for at, _ in seen)


def test_the_numbers_of_extreme_pages_stay_small_too() -> None:
    para = f"<p>{PROSE}</p>"
    for source in (
        para * 3000,
        "<h1>A new pier</h1>" * 200 + para,
        f"<p>{PROSE * 2000}</p>",
        "<div class='comment'>" * 120 + para * 2,
        "<article>" + "<article>".join([para] * 60),
        f"<p>{'桥' * 30_000}</p>",
        f"<p><b>{PROSE}</b></p>" + "<p>x</p>" * 3000 + para,
        "<b>" + "W" * 5000 + "</b>",
        "! " * 3000,
    ):
        for _, row in traits(read(source)[1], Said(("A new pier",), PROSE, PROSE * 4)):
            assert max(row) < VALUES
            assert min(row) >= 0


def test_the_names_are_distinct_and_say_all_kinds_and_landmarks() -> None:
    assert len(set(TRAITS)) == len(TRAITS)
    assert {f"in-{kind}" for kind in KINDS} | {f"within-{tag}" for tag in LANDMARKS} <= set(TRAITS)


def test_the_same_page_has_the_same_numbers_whatever_was_read_in_between() -> None:
    pages_ = [outline(markup.parse(frames.press(story), "u")) for story in STORIES]
    first = [traits(page, Said()) for page in pages_]
    assert [traits(page, Said()) for page in reversed(pages_)] == first[::-1]


def test_a_page_without_any_text_has_no_rows() -> None:
    assert traits(read("<div><img src=x></div>")[1], Said()) == []
    assert traits(Outline(), Said()) == []


def test_what_stands_in_the_box_with_the_prose_is_looked_at_and_far_away_scraps_are_not() -> None:
    seen = of(frames.press(ENGLISH))
    assert set(ENGLISH.parts) <= set(seen)
    assert ENGLISH.menu[3] not in seen
    assert ENGLISH.rights not in seen


def test_paragraphs_of_the_text_differ_from_a_teaser_among_them_in_every_language() -> None:
    for story in STORIES:
        body = frames.paragraphs(story) + f'<div class="next"><p><a href="/2">{story.comment}</a></p></div>'
        seen = rows(outline(markup.parse(frames.press(story, Slots(body)), "u")))
        part = seen[story.parts[1]]
        assert part["core"] == 1
        assert part["linked"] == 0
        assert part["group-prose"] > 10
        assert part["in-body"] % 4 == 2, "its box has no name, that of its parent says body"
        teaser = seen[story.comment]
        assert teaser["linked"] == 10
        assert teaser["in-related"] in (2, 6), "the box it stands in says so"


def test_sizes_grow_with_the_text_and_dense_scripts_count_more() -> None:
    english, chinese = of("<p>abcdefghijklmn</p>")["abcdefghijklmn"], of("<p>桥桥桥桥桥桥桥桥桥桥桥桥桥桥</p>")
    assert chinese["桥" * 14]["size"] > english["size"]
    assert of(f"<p>{PROSE}</p>")[PROSE]["size"] > chinese["桥" * 14]["size"]


def test_sentences_end_in_any_script() -> None:
    ends = [f"{'桥' * 40}。", "ท่าเรือ ฯ ได้ไหม?" * 3, "هل وصل القارب إلى المرفأ؟ " * 4, "पुल बन गया है और लोग खुश हैं। " * 4]
    for text in map(str.strip, ends):
        assert of(f"<div><p>{text}</p></div><p>{PROSE}</p>")[text]["ended"] == 1
    assert of(f"<p>{PROSE[:-1]}</p>")[PROSE[:-1]]["ended"] == 0


def test_words_of_the_headline_and_of_the_stated_body_are_found_again() -> None:
    said = Said((ENGLISH.headline,), ENGLISH.deck, " ".join(ENGLISH.parts))
    seen = rows(outline(markup.parse(frames.press(ENGLISH), "u")), said)
    assert seen[ENGLISH.parts[0]]["said-body"] == 11, "all its runs of three words"
    assert seen[ENGLISH.deck]["said-description"] == 10
    assert seen[ENGLISH.parts[3]]["said-body"] > 0
    assert rows(outline(markup.parse(frames.press(CHINESE), "u")))[CHINESE.parts[0]]["said-body"] == 0


def test_a_text_said_twice_is_known_as_such() -> None:
    seen = of(f"<div><p>{PROSE}</p></div><div hidden><p>{PROSE}</p></div><p>{PROSE} Once.</p>")
    assert (seen[PROSE]["same"], seen[f"{PROSE} Once."]["same"]) == (2, 1)


def test_time_grows_with_the_page_and_not_with_its_square() -> None:
    def cost(count: int) -> float:
        found = read("".join(f"<div><p>{at} {PROSE}</p></div>" for at in range(count)))[1]
        start = time.process_time()
        traits(found, Said((PROSE,), PROSE, PROSE * 4))
        return time.process_time() - start

    small = min(cost(400) for _ in range(3))
    assert cost(4000) < 30 * small + 0.1
