"""Claims about titles: which heading is the page's, who wins, what is no part of a headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers import headline

PAPER = headline.site(["The Harbour Paper"], ["www.harbourpaper.test"])
NOWHERE = headline.site([], [])


@pytest.mark.parametrize(
    ("given_title", "title"),
    [
        ("A day at sea | The Harbour Paper", "A day at sea"),
        ("A day at sea – HarbourPaper", "A day at sea"),
        ("The Harbour Paper - A day - at sea", "A day - at sea"),
        ("A day at sea | News | The Harbour Paper", "A day at sea | News"),
        ("A day at sea｜The Harbour Paper", "A day at sea"),
        ("A day | at sea", "A day | at sea"),
        ("The Harbour Paper", "The Harbour Paper"),
    ],
)
def test_the_site_s_name_is_no_part_of_a_headline(given_title: str, title: str) -> None:
    assert headline.without_site(given_title, PAPER) == title


def test_the_host_names_a_site_that_names_itself_nowhere() -> None:
    known = headline.site([], ["blog.getpier.test"])
    assert headline.without_site("Five ropes compared | GetPier", known) == "Five ropes compared"
    assert headline.without_site("Five ropes | compared", known) == "Five ropes | compared"


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_taking_the_site_off_shortens_or_leaves_a_title(title: str, names: list[str]) -> None:
    assert headline.without_site(title, headline.site(names, [])) in title


def test_the_heading_most_like_the_other_titles_is_the_page_s() -> None:
    texts = ["The Harbour Paper", "0 comments", "A day out at sea"]
    assert headline.heading(texts, ["A day at sea"], PAPER) == 2
    assert headline.heading(["The Harbour Paper", "0 comments"], ["A day at sea"], PAPER) is None
    assert headline.heading(["About us"], [], NOWHERE) == 0


def test_likeness_works_without_spaces_between_words() -> None:
    assert headline.alike("港の新しい桟橋が開通した", "新しい桟橋が開通") > 0.5
    assert headline.alike("港の新しい桟橋が開通した", "今日の天気予報です") < 0.2


def test_an_editor_s_headline_is_believed_and_a_plug_in_s_gives_way_to_the_page() -> None:
    titles = {"json-ld": "From JSON-LD", "html": "From HTML", "opengraph": "From OpenGraph"}
    assert headline.choose(titles, newsroom=True) == ("From JSON-LD", "json-ld")
    assert headline.choose(titles, newsroom=False) == ("From HTML", "html")
    assert headline.choose({**titles, "feed": "From the feed"}, newsroom=False) == ("From the feed", "feed")
    assert headline.choose({}, newsroom=True) is None


def test_a_kicker_that_the_title_for_sharing_leaves_away_is_left_away() -> None:
    shared = "Old pier is opened again"
    assert headline.choose({"json-ld": f"Harbour: {shared}", "opengraph": shared}, True) == (shared, "opengraph")
    for whole in (f"The very {shared}", f"{shared}: what we know"):
        assert headline.choose({"json-ld": whole, "opengraph": shared}, True) == (whole, "json-ld")
    assert headline.choose({"json-ld": "Harbour: opened", "opengraph": "opened"}, True) == (
        "Harbour: opened",
        "json-ld",
    )
