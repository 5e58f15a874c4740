"""Claims about what stands around a headline, in markup of several makes."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import Precision, When
from workers import markup, metadata

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
URL = "https://paper.test/story"
PROSE = "<p>" + "The pier was closed for years, and nobody knew when it would open again. " * 12 + "</p>"


def read(body: str, head: str = "", lang: str = "en-US") -> metadata.Metadata:
    page = f'<html lang="{lang}"><head><title>A day at sea</title>{head}</head><body>{body}</body></html>'
    return metadata.read(markup.parse(page, URL), metadata.Known(URL, NOW, {}))


def day(found: metadata.Metadata) -> tuple[date | None, str | None]:
    when = found.chosen.said.published
    return (when.day if when else None), found.chosen.fields.get("published")


H1 = "<h1>A day at sea</h1>"
MARCH = date(2026, 3, 4)


@pytest.mark.parametrize(
    "body",
    [
        f"<main>{H1}<div><span>Mar 4, 2026</span></div>{PROSE}</main>",
        f"<main><div>March 4, 2026</div>{H1}{PROSE}</main>",
        f"<main>{H1}<p>A deck that says in a sentence what follows.</p><time>4 March 2026</time>{PROSE}</main>",
        f"<main><h2>A day at sea</h2><p>Posted on <b>March 4, 2026</b></p>{PROSE}</main>",
        f"<main>{H1}{PROSE}{PROSE}<p class='post-date'>March 4, 2026</p></main>",
    ],
)
def test_a_date_that_readers_see_is_found(body: str) -> None:
    assert day(read(body)) == (MARCH, "text")


def test_a_date_that_readers_see_is_no_more_exact_than_they_see_it() -> None:
    when = read(f"{H1}<p>March 4, 2026</p>{PROSE}").chosen.said.published
    assert when == When(Precision.DAY, MARCH)


def test_the_machine_s_date_of_a_time_element_near_the_headline_is_taken_with_its_zone() -> None:
    found = read(f'{H1}<time datetime="2026-03-04T23:30:00-05:00">yesterday</time>{PROSE}')
    when = found.chosen.said.published
    assert when is not None
    assert (when.day, when.local()) == (MARCH, "2026-03-04T23:30:00-05:00")


def test_dates_in_prose_in_menus_and_of_other_articles_are_not_the_page_s() -> None:
    prose = PROSE.replace("</p>", " It opened on <b>March 4, 2026</b>.</p>")
    assert day(read(H1 + prose)) == (None, None)
    assert day(read(f"<nav>March 4, 2026</nav>{H1}{PROSE}<footer>March 4, 2026</footer>")) == (None, None)
    others = "<div class=related-posts><time datetime=2026-03-01>1</time><time datetime=2026-03-02>2</time></div>"
    assert day(read(H1 + PROSE + others)) == (None, None)


def test_a_date_in_the_future_is_not_believed_even_if_readers_see_it() -> None:
    assert day(read(f"{H1}<p>March 4, 2031</p>{PROSE}")) == (None, None)


def test_a_stated_date_is_believed_before_a_shown_one() -> None:
    head = '<meta property="article:published_time" content="2026-03-01T08:00:00Z">'
    assert day(read(f"{H1}<p>March 4, 2026</p>{PROSE}", head)) == (date(2026, 3, 1), "opengraph")


def test_a_page_that_only_says_when_it_was_changed_has_no_date_of_publication() -> None:
    said = read(f"{H1}<p>Last updated: March 4, 2026</p>{PROSE}").chosen.said
    assert (said.published, said.modified) == (None, When(Precision.DAY, MARCH))


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<p>By Ada Roe</p>",
        f"{H1}<div><span>Written by</span> <span>Ada Roe</span><span>Senior Editor</span></div>",
        f"{H1}<a href='/authors/ada-roe'><img><span>Ada Roe</span></a><div>4 min</div>",
        f"{H1}<div class='post-author'><b>Ada Roe</b><i>Senior Editor</i></div>",
        f"<div><a rel=author href=/a>Ada Roe</a></div>{H1}",
        f"{H1}<p>Reviewed by <a href='/authors/cy'>Cy Fox</a></p><p>By <a href='/authors/ada'>Ada Roe</a></p>",
        f"{H1}{PROSE}{PROSE}<aside><p class=author>Ada Roe</p></aside>",
        f"{H1}{PROSE}{PROSE}<footer><a rel=author href=/a>Ada Roe</a></footer>",
    ],
)
def test_a_byline_is_found_in_markup_of_many_makes(body: str) -> None:
    found = read(body + PROSE)
    assert (found.chosen.said.authors, found.chosen.fields["authors"]) == (("Ada Roe",), "html")


@pytest.mark.parametrize(
    "stated",
    [
        {"author": '{"@type": "Person", "name": "The Paper"}'},
        {"author": '{"@type": "Person", "name": "aroe"}'},
    ],
)
def test_a_person_that_readers_see_is_better_than_the_house_or_a_login(stated: dict[str, str]) -> None:
    publisher = '{"@type": "Organization", "name": "The Paper"}'
    node = f'{{"@type": "NewsArticle", "headline": "A day", "publisher": {publisher}, "author": {stated["author"]}}}'
    head = f'<script type="application/ld+json">{node}</script>'
    assert read(f"{H1}<p>By Ada Roe</p>{PROSE}", head).chosen.said.authors == ("Ada Roe",)
    assert len(read(H1 + PROSE, head).chosen.said.authors) == 1


def test_comments_name_no_author() -> None:
    body = f"{H1}{PROSE}{PROSE}<div class=comments><span class=comment-author>Cy Fox</span></div>"
    assert read(body).chosen.said.authors == ()


TAGS = st.sampled_from(["div", "p", "span", "h1", "h2", "time", "nav", "footer", "a", "script", "br"])
NODE = st.recursive(
    st.text("Byab 20263-4/:,.", max_size=20),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(
        lambda pair: f"<{pair[0]} class=author>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=25,
)


@settings(max_examples=60)
@given(st.lists(NODE, max_size=6).map("".join))
def test_any_tree_is_read_and_twice_the_same(body: str) -> None:
    assert read(body).chosen == read(body).chosen
